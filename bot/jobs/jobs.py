"""What each tick of the clock does: plan, send, show what became of it, tell askers. Each may run at any time.

The clock only says when to look; what is to be done is in the database, and so is who does it.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.jobs.digest import Digests, answering
from bot.jobs.notifier import Delivered, Messenger, SearchFailed
from bot.jobs.sender import LOOK_BACK, Sender, Swept
from bot.jobs.turned_days import TurnedDays
from bot.runtime.wiring import Runtime
from bot.slack.prefix import Prefix
from bot.slack.reminder_message import message
from commands.dispatching.dispatcher import Dispatcher
from commands.reminders.planner import Planned, planner_for
from commands.reply import Reply
from commands.scope.undelivered import Undelivered, mark_told, undelivered
from storage.errors import StorageError
from storage.records import CLOCK, Client, Outcome, Person, Reminder
from storage.records.zones import zone_names
from storage.unit_of_work import UnitOfWork

_ZONE_KEPT = timedelta(days=1)
_MOST_UPDATES = 50
_LOOKED_AT = 100
"""For how many clients planning looks at a time whether there is anything to do: a reader, for less than a second."""
_PLANNED_AT_ONCE = 5
"""For how many clients reminders are written at a time: a writer, for less than fifty milliseconds."""
_TELL_AFTER = timedelta(minutes=2)
_OWED_FOR = timedelta(days=30)
# About four milliseconds each: ten seconds a tick at most, a fraction of a second at once.
_MOST_TEXTS, _TEXTS_AT_ONCE = 2_500, 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """One round, for people: counts, sentences about what is wrong, and Monday's digests: to whom, and what.

    `told`: messages to those whose question was settled, or whose answer changed.
    """

    planned: int = 0
    sent: int = 0
    deferred: int = 0
    problems: tuple[str, ...] = ()
    digests: tuple[tuple[str, Reply], ...] = ()
    told: int = 0


@dataclass(slots=True)
class Jobs:
    """The jobs of one workspace. `sender` carries the clocks and the connection to Slack."""

    dispatcher: Dispatcher
    sender: Sender
    _zones_tried: dict[str, datetime] = field(default_factory=dict)
    _encoded: dict[int, int] = field(default_factory=dict)
    _turned: TurnedDays = field(init=False)

    def __post_init__(self) -> None:
        self._turned = TurnedDays(self.dispatcher, self.sender)

    @property
    def messenger(self) -> Messenger:
        return self.sender.messenger

    def plan(self) -> int:
        """Work out anew what ought to exist, client by client; how many reminders were added.

        What a change should have planned and did not is repaired here, and recorded. Includes escalation: an answer
        that stayed out is one of the facts. A client whose records cannot be planned for does not hold up the others.
        """
        self.learn_zones()
        with self._unit(writes=False) as uow:
            clients = uow.clients.list(offboarded=True)
        added = 0
        for start in range(0, len(clients), _LOOKED_AT):
            found = self._unsettled(clients[start : start + _LOOKED_AT])
            for first in range(0, len(found), _PLANNED_AT_ONCE):
                added += self._try_plan_several(found[first : first + _PLANNED_AT_ONCE])
        return added + self._try_plan_for(None)

    def _unsettled(self, clients: Sequence[Client]) -> Sequence[int]:
        try:
            with self._unit(writes=False) as uow:
                planner, now = self.sender.planner, self.sender.clock()
                clients = planner.unsettled(uow, clients, now, self.dispatcher.worked_out)
        except StorageError:
            _log.exception("what there is to plan could not be read: it is tried client by client")
        return [client.id for client in clients]

    def _try_plan_several(self, client_ids: Sequence[int]) -> int:
        """In one transaction; each for itself where that fails."""
        if len(client_ids) > 1:
            with suppress(Exception):  # planning for one alone says what is wrong
                return self._plan_several(client_ids)
        return sum(map(self._try_plan_for, client_ids))

    def _plan_several(self, client_ids: Sequence[int]) -> int:
        now, added = self.sender.clock(), 0
        with self._unit() as uow:
            noted = len(uow.changes)
            for each in self.sender.planner.plan_several(uow, client_ids, now):
                if uow.changes[noted:] or each.added or each.changed:
                    self._record(uow, each, now, uow.changes[noted:])
                noted, added = len(uow.changes), added + each.added
        return added

    def _try_plan_for(self, client_id: int | None) -> int:
        try:
            return self._plan_for(client_id)
        except Exception:
            _log.exception("the reminders of client %s could not be planned", client_id)
            return 0

    def _plan_for(self, client_id: int | None) -> int:
        now = self.sender.clock()
        with self._unit() as uow:
            planned = self.sender.planner.plan_one(uow, client_id, now)
            for each in planned:
                if uow.changes or each.added or each.changed:
                    self._record(uow, each, now, uow.changes)
            return sum(each.added for each in planned)

    def sweep(self) -> Swept:
        """Send what is due."""
        done = self.sender.sweep()
        if done.problems:  # in words that name clients: they are kept with the reminders
            _log.warning("%d reminders were not sent as planned", len(done.problems))
        return done

    def refresh(self) -> int:
        """Show in Slack what became of reminders; how many messages were brought up to date."""
        with self._unit(writes=False) as uow:
            stale = uow.reminders.stale_messages(_MOST_UPDATES)
            payloads = [(rows, self._message(uow, rows)) for rows in stale]
        done = 0
        for rows, payload in payloads:
            if not self.messenger.update(rows[0].channel or "", rows[0].message_ts or "", payload):
                break
            with self._unit() as uow:
                uow.reminders.shown(rows)
            done += 1
        return done

    def send_digests(self) -> int:
        """On Monday: everybody's week, once; how many messages."""
        return len(Digests(self.dispatcher, self.sender).run())

    def tell_askers(self) -> int:
        """Tell who asked a scope question what became of it, at once or by the day alone, where nobody did; how many
        messages.
        """
        self._turned.run()
        with self._unit(writes=False) as uow:
            waiting = self._untold(uow)
        return sum(self._tell(each) for each in waiting)

    def _untold(self, uow: UnitOfWork) -> list[Undelivered]:
        now = self.sender.clock()
        owed = undelivered(uow, now - _OWED_FOR, now - _TELL_AFTER, self.dispatcher.policy)
        return [each for each in owed if self.sender.may_receive(uow, each.to, (each.client_id,))]

    def _tell(self, owing: Undelivered) -> bool:
        """The first try may have got through without being recorded, so the conversation is read first."""
        channel = self.messenger.channel_of(owing.to)
        if not isinstance(channel, str):
            return False
        with self._unit() as uow:  # several processes may be at it
            now = self.sender.shared_clock(uow)
            if not uow.inbox.claim(f"telling:{owing.receipt}", now, again_before=now - self.sender.timing.lease):
                return False
        may_send = self.sender.fence()
        try:
            is_there = self.messenger.find(channel, owing.receipt, owing.since - LOOK_BACK)
        except SearchFailed as error:
            _log.warning("cannot tell whether %s was told: %s", owing.receipt, error)
            return False
        payload = message([self.sender.finalize_text(owing.reply)], owing.receipt)
        if is_there is None and not isinstance(self.messenger.post(channel, payload, may_send), Delivered):
            return False
        with self._unit() as uow:
            mark_told(uow, owing.receipt, self.sender.clock())
        return True

    def learn_zones(self) -> None:
        """Ask Slack, once a day, about everybody who answers for something: zone, name, and whether they still can."""
        now = self.sender.clock()
        with self._unit(writes=False) as uow:
            known = {each.user: each.learned_at for each in uow.person_zones.list()}
            users = answering(uow) | {each.user for each in uow.roles.list()}
        for user in sorted(users):
            last = max(filter(None, (known.get(user), self._zones_tried.get(user))), default=None)
            if last is not None and abs(now - last) < _ZONE_KEPT:
                continue
            self._zones_tried[user] = now
            if (seen := self.messenger.look_up(user)) is not None:
                with self._unit() as uow:
                    uow.people.learn(Person(user=user, name=seen.name, absence=seen.absence, seen_at=now))
            if (zone := self.messenger.zone_of(user)) in zone_names():
                with self._unit() as uow:
                    uow.person_zones.learn(user, zone or "", now)

    def learn_meanings(self) -> int:
        """Encode texts of matrices that no process has encoded yet, so that no question waits for it; how many."""
        matrices, today, learned = self.dispatcher.matrices, self.sender.clock().date(), 0
        if matrices.meanings is None:  # loaded here at the latest, soon after the start, before anybody asks
            return 0
        with self._unit(writes=False) as uow:
            clients = uow.clients.list()
        for client in clients:
            while self._encoded.get(client.id) != client.matrix_version and learned < _MOST_TEXTS:
                with self._unit(writes=False) as uow:
                    texts = matrices.new_texts(uow, client, today)[:_TEXTS_AT_ONCE]
                if not texts:
                    self._encoded[client.id] = client.matrix_version
                    break
                matrices.encode(texts)
                with self._unit() as uow:
                    matrices.store(uow, texts)
                learned += len(texts)
        return learned

    def whole_round(self) -> Report:
        """`round`, what those who asked are still owed, and on Monday everybody's week."""
        done, told = self.round(), self.tell_askers()
        return replace(done, digests=Digests(self.dispatcher, self.sender).run(), told=told)

    def round(self) -> Report:
        """Plan and send once, at this instant, and what came of it."""
        added = self.plan()
        done = self.sweep()
        self.plan()
        self.refresh()
        with self._unit(writes=False) as uow:
            now = self.sender.clock()
            wrong = [f"{each.headline} {each.problem}" for each in uow.reminders.with_problems(now)]
            return Report(added, done.sent, uow.reminders.overdue(now), tuple(dict.fromkeys([*wrong, *done.problems])))

    def rehearse(self) -> Report:
        """What `whole_round` would do at this instant. Nothing is sent, and nothing is kept."""
        now = self.sender.clock()
        with self._unit() as uow, uow.rehearsal():
            added = sum(each.added for each in self.sender.planner.plan_all(uow, now))
            closed = self.sender.closed(uow, now)
            waiting = uow.reminders.waiting(now)
            wrong = [f"{each.headline} {each.problem}" for each in uow.reminders.with_problems(now)]
            overdue = uow.reminders.overdue(now)
            told = len(self._untold(uow))
        digests = Digests(self.dispatcher, self.sender).waiting()  # only read: nobody's writing waits for it
        sent = len(waiting) - closed
        return Report(added, sent, overdue - sent, tuple(dict.fromkeys(wrong)), digests, told)

    def beat(self, job: str) -> None:
        """Write down that a job ran to its end."""
        with self._unit() as uow:
            uow.heartbeats.beat(job, self.sender.shared_clock(uow), self.sender.owner)

    def oldest_due(self) -> timedelta | None:
        """How long the longest waiting reminder has been due; None when none waits."""
        now = self.sender.clock()
        with self._unit(writes=False) as uow:
            oldest = uow.reminders.oldest_due(now)
        return None if oldest is None else now - oldest

    def _message(self, uow: UnitOfWork, rows: Sequence[Reminder]) -> dict[str, Any]:
        """All reminders of one message, as they stand."""
        replies = [
            self.sender.reply_of(uow, each)
            if self.sender.may_receive(uow, each.recipient, each.about)
            else Reply("This reminder is somebody else's now.")
            for each in rows
        ]
        return message(replies, rows[0].message_key or "", self.sender.home_url)

    def _unit(self, *, writes: bool = True) -> UnitOfWork:
        return self.sender.open_unit(self.sender.workspace_id, writes=writes)

    def _record(self, uow: UnitOfWork, planned: Planned, now: datetime, changes: Sequence[Any]) -> None:
        """What planning changed about a client that no command did, for the audit log."""
        client = planned.client
        counts = {client.name: [planned.added, planned.changed]} if planned.added or planned.changed else {}
        details = {"added, changed": counts, "changes": changes}
        about = {client.id} if client.id else ()
        uow.audit.append(
            about=about, at=now, actor=CLOCK, action="reminder plan", outcome=Outcome.DONE, details=details
        )


def jobs_for(
    runtime: Runtime,
    workspace_id: int,
    messenger: Messenger,
    prefix: Prefix | None = None,
    home_url: str | None = None,
) -> Jobs:
    """The jobs of a workspace, sending through `messenger`. `prefix` is that of its slash commands; `home_url` opens
    its home tab.
    """
    sender = Sender(
        runtime.dispatcher.open_unit,
        workspace_id,
        planner_for(runtime.dispatcher.policy),
        messenger,
        runtime.clock,
        runtime.database.shared_now,
        finalize_text=(prefix or Prefix()).in_reply,
        home_url=home_url,
        may_receive=runtime.dispatcher.may_receive,
        usable_by=runtime.dispatcher.usable_by,
    )
    return Jobs(runtime.dispatcher, sender)
