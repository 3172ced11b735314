"""What keeps the records in order, day by day: what has served is forgotten, the audit log's head goes outside."""

import json
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.jobs.notifier import Delivered, Messenger
from bot.jobs.retention import kept_days, remove_what_is_due
from bot.jobs.stamping import StampError, stamp
from bot.runtime.wiring import Runtime
from bot.slack.render import render
from commands.holds import held_ids
from commands.reply import Field, Reply
from storage.records import CLOCK, AuditEntry, AuditStamp, Outcome

_DELIVERIES_KEPT = timedelta(days=7)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Of one workspace. Each part may run at any time, in several processes, and does what is left to do that day."""

    runtime: Runtime
    workspace_id: int
    messenger: Messenger

    def run(self) -> None:
        """Raises StorageError."""
        self.forget()
        self.retain()
        self.save_head()
        self.stamp_head()

    def forget(self) -> None:
        """Deliveries of last week, and, where it is set, the words of audit entries that are old enough."""
        now, days = self.runtime.clock(), self.runtime.settings.keep_typed_days
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            uow.inbox.forget(now - _DELIVERIES_KEPT)
            if not days or not uow.inbox.claim(f"audit retention:{now.date()}", now):
                return
            last = uow.erasure.last_before(now - timedelta(days=days))
            if not (erased := uow.erasure.details_before(last, held_ids(uow))):
                return
            uow.audit.append(
                at=now,
                actor=CLOCK,
                action="audit retention",
                outcome=Outcome.DONE,
                details={"typed": f"words kept for {days} days", "entries": erased, "up to entry": last},
            )

    def retain(self) -> None:
        """Once a day, where it is set: the words of records go that are old enough, by kind."""
        now = self.runtime.clock()
        if not any(kept_days(self.runtime.settings)):
            return
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            if uow.inbox.claim(f"retention:{now.date()}", now):
                remove_what_is_due(self.runtime, uow)

    def save_head(self) -> bool:
        """Once a day, the newest entry's number and hash; whether they are outside now because of this call."""
        place = self.runtime.settings.audit_heads
        now = self.runtime.clock()
        if place is None:
            return False
        today = now.astimezone(self.runtime.dispatcher.policy.zone).date()
        key = f"audit head:{today}"
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            head = uow.audit.head()
            if head is None or not uow.inbox.claim(key, now):
                return False
        if self._saved(place, head):
            return True
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            uow.inbox.release(key)
        return False

    def stamp_head(self) -> bool:
        """Once a day, a time stamp of the newest entry's hash; whether there is one now because of this call.

        The service is asked outside of any unit of work. What fails is tried again the next time.
        """
        service, now = self.runtime.settings.timestamp_url, self.runtime.clock()
        if service is None:
            return False
        key = f"audit stamp:{now.date()}"
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            head, newest = uow.audit.head(), uow.audit_stamps.newest()
            if head is None or (newest is not None and newest.seq == head.seq) or not uow.inbox.claim(key, now):
                return False
        try:
            stamped = stamp(service, head.hash)
        except StampError as error:
            _log.error("the audit log's head could not be stamped: %s", error)
            with self.runtime.database.open_unit(self.workspace_id) as uow:
                uow.inbox.release(key)
            return False
        kept = AuditStamp(seq=head.seq, hash=head.hash, service=service, requested_at=now, stamped_at=stamped.at)
        with self.runtime.database.open_unit(self.workspace_id) as uow:
            uow.audit_stamps.keep(kept, stamped.response)
        return True

    def _saved(self, place: str, head: AuditEntry) -> bool:
        if _CHANNEL.fullmatch(place):
            outcome = self.messenger.post(place, render(head_notice(head)).payload, lambda: True)
            if not isinstance(outcome, Delivered):
                _log.error("the audit log's head could not be posted: %s", type(outcome).__name__)
            return isinstance(outcome, Delivered)
        line = {"at": head.at.isoformat(), "hash": head.hash, "seq": head.seq, "workspace": self.workspace_id}
        try:
            with Path(place).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, sort_keys=True) + "\n")
        except OSError as error:
            _log.error("the audit log's head could not be written: %s", error.strerror)
            return False
        return True


def head_notice(head: AuditEntry) -> Reply:
    """As it is posted; `engagement-bot audit verify --heads FILE` reads it back from a copy of these messages."""
    return Reply(
        f"Audit log: entry {head.seq} has the hash {head.hash}",
        lines=(
            "Posted once a day, so that nobody can cut off or rewrite what was recorded before without it showing.",
        ),
        fields=(Field("Recorded at", head.at.strftime("%Y-%m-%d %H:%M UTC")),),
        next_steps=(f"/engagement audit verify head:{head.seq}:{head.hash}",),
    )
