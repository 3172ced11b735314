"""Sending what is due, so that nothing is lost and nothing is said twice.

One message at a time: claim it (a short transaction with a lease), post it with its key, record that it is sent. If it
was tried before, the channel is read back first, and it is posted only if the key is not there. A failure is either
certain not to have reached Slack (the message is due again) or it is not (it stays claimed until somebody has looked).
What remains: a process that is frozen for longer than the lease, in the microseconds between looking at the clock and
writing to the socket, can still double a message.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.jobs.notifier import Delivered, Messenger, SearchFailed, TryLater, Unclear, Undeliverable
from bot.slack.reminder_message import MOST_TOGETHER, message
from commands.reminders.message import reminder_reply
from commands.reminders.planner import OfficeFor, Planner
from commands.reply import Reply
from commands.rules.reminders.delivery_time import Office
from commands.rules.reminders.kinds import KINDS
from commands.visibility import may_receive, no_members
from storage.records import Reminder
from storage.unit_of_work import UnitOfWork

LOOK_BACK = timedelta(seconds=60)
_UNREADABLE = timedelta(seconds=60)
_TELL_AFTER_ATTEMPTS = 3
_NOT_FOR_THEM = "the client is restricted, and whoever reads there may not see it any more"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """`lease`: how long a claim holds; far longer than a request to Slack may take. `settle`: how long after an unclear
    outcome the channel is read. `pause`: between two messages to one channel, as Slack asks for. `budget`: how long one
    sweep may take; what is left over is sent by the next.
    """

    lease: timedelta = timedelta(seconds=90)
    settle: timedelta = timedelta(seconds=15)
    pause: float = 1.0
    budget: float = 120.0


@dataclass(slots=True)
class Swept:
    """What one sweep did. `problems` are sentences about reminders that could not be sent, or may not have been."""

    sent: int = 0
    deferred: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sender:
    """One sender of one workspace; several may run at once, in one process or in many.

    `clock` says what is due; `shared_clock` is the one that all senders share, for leases, asked within a unit of work;
    `monotonic` counts seconds. `finalize_text` rewrites slash-command names before sending. `home_url` opens the
    bot's home tab, where that can be linked to.
    `may_receive` says whether somebody may still read about some clients, immediately before it is said; `usable_by`
    leaves out the buttons that somebody would be refused.
    """

    open_unit: Callable[..., UnitOfWork]
    workspace_id: int
    planner: Planner
    messenger: Messenger
    clock: Callable[[], datetime]
    shared_clock: Callable[[UnitOfWork], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    timing: Timing = field(default_factory=Timing)
    reads_back: bool = True
    finalize_text: Callable[[Reply], Reply] = lambda reply: reply
    home_url: str | None = None
    may_receive: Callable[[UnitOfWork, str, Collection[int]], bool] = lambda uow, to, about: may_receive(
        uow, to, about, (), no_members
    )
    usable_by: Callable[[UnitOfWork, str, Reply], Reply] = lambda uow, to, reply: reply
    owner: str = field(default_factory=lambda: f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}")
    _is_finishing: bool = False
    _held_until: float = 0.0
    _ends: float = 0.0
    _knows_offices: bool = False
    _ahead: tuple[Sequence[Reminder], float] | None = None
    _posted: dict[str, float] = field(default_factory=dict)
    _office_of: OfficeFor = field(default=lambda client_id, recipient: Office(ZoneInfo("UTC")))

    def sweep(self) -> Swept:
        """Send everything that is due, within the delivery hours. Raises StorageError."""
        done = Swept()
        self._ends = self.monotonic() + self.timing.budget
        self._knows_offices = False
        while (found := self._next()) is not None:
            self._deliver(*found, done)
        return done

    def finish(self) -> None:
        """Send what is claimed and claim no more."""
        self._is_finishing = True

    def closed(self, uow: UnitOfWork, now: datetime) -> int:
        """How many are due outside their recipient's delivery hours."""
        office_of = self.planner.offices(uow)
        return sum(1 for row in uow.reminders.waiting(now) if _opens([row], office_of, now) is not None)

    def _next(self) -> tuple[Sequence[Reminder], float] | None:
        """A claimed message and when it was claimed; None at the end of the sweep."""
        found, self._ahead = self._ahead, None
        if found is None:
            while (wait := self._held_until - self.monotonic()) > 0 and self._goes_on(wait):
                self.sleep(min(wait, 1.0))  # nothing is claimed meanwhile
            if not self._goes_on(max(wait, 0.0)):
                return None
            with self.open_unit(self.workspace_id) as uow:
                found = self._claim(uow)
        return found if found[0] else None

    def _goes_on(self, wait: float = 0.0) -> bool:
        return self.monotonic() + wait < self._ends and not self._is_finishing

    def _claim(self, uow: UnitOfWork) -> tuple[Sequence[Reminder], float]:
        claimed_at = self.monotonic()
        claimed = uow.reminders.claim(
            self.owner, self.clock(), self.shared_clock(uow), self.timing.lease, MOST_TOGETHER
        )
        if claimed and not self._knows_offices:  # not before: most sweeps find nothing
            self._office_of, self._knows_offices = self.planner.offices(uow), True
        return claimed, claimed_at

    def _deliver(self, claimed: Sequence[Reminder], claimed_at: float, done: Swept) -> None:
        """See one claimed message through. Whatever is wrong with it stays with it."""
        try:
            self._try(claimed, claimed_at, done)
        except Exception as error:
            # Its lease runs out, and it is looked for before it is tried again.
            _log.exception("a reminder could not be handled")
            done.problems.append(f"{claimed[0].headline} Not handled: {type(error).__name__}.")

    def _try(self, claimed: Sequence[Reminder], claimed_at: float, done: Swept) -> None:
        first, now = claimed[0], self.clock()
        if first.attempt == 1 and (opens := _opens(claimed, self._office_of, now)) is not None:
            self._not_sent(claimed, TryLater((opens - now).total_seconds()), done)
            return
        channel = self.messenger.channel_of(first.recipient)
        if not isinstance(channel, str):
            self._not_sent(claimed, channel, done)
            return
        key = first.message_key or first.dedupe_key
        if first.attempt > 1 and self.reads_back:
            found = self._look_for(claimed, channel, key, done)
            if found is None:
                return
            if found:
                self._sent(claimed, channel, found, done)
                return
            with self.open_unit(self.workspace_id) as uow:
                claimed = uow.reminders.drop_withdrawn(claimed)
            if not claimed:
                return
        self._pace(channel)
        replies = self._replies(claimed)
        if withheld := [each for each in claimed if each.id not in replies]:
            self._not_sent(withheld, Undeliverable(_NOT_FOR_THEM), done)
            claimed = [each for each in claimed if each.id in replies]
        if not claimed:
            return
        payload = message(list(replies.values()), key, self.home_url)
        outcome = self.messenger.post(channel, payload, self.fence(claimed_at))
        self._posted[channel] = self.monotonic()
        if isinstance(outcome, Delivered):
            self._sent(claimed, outcome.channel, outcome.ts, done)
        elif isinstance(outcome, Unclear):
            _log.warning("unclear whether a reminder was sent: %s", outcome.problem)
            with self.open_unit(self.workspace_id) as uow:
                uow.reminders.hold(claimed, self.shared_clock(uow) + self.timing.settle)
        else:
            self._not_sent(claimed, outcome, done)

    def fence(self, claimed_at: float | None = None) -> Callable[[], bool]:
        """Whether a claim of that moment (None: of now) is still fresh enough to send: the rest of the lease is for the
        request to end in.
        """
        freshest = (self.monotonic() if claimed_at is None else claimed_at) + self.timing.lease.total_seconds() / 3
        return lambda: self.monotonic() <= freshest

    def _look_for(self, claimed: Sequence[Reminder], channel: str, key: str, done: Swept) -> str | None:
        """The message's ts, "" if it is not there, None if nobody can tell: then it is looked for again later."""
        first = claimed[0]
        assert first.first_attempt_at is not None, "the first claim sets it"
        since = first.first_attempt_at - LOOK_BACK
        try:
            return self.messenger.find(channel, key, since) or ""
        except SearchFailed as error:
            problem = f"It may have been sent: Slack does not show whether it was ({error})."
            told = problem if first.attempt >= _TELL_AFTER_ATTEMPTS else None
            with self.open_unit(self.workspace_id) as uow:
                uow.reminders.hold(claimed, self.shared_clock(uow) + _UNREADABLE, problem=told)
            done.problems.append(f"{first.headline} {problem}")
            return None

    def _sent(self, claimed: Sequence[Reminder], channel: str, ts: str, done: Swept) -> None:
        """Record it, and claim the next one with the same commit: each waits for the disk."""
        with self.open_unit(self.workspace_id) as uow:
            is_ours = uow.reminders.complete(claimed, channel, ts, self.clock())
            ahead = self._claim(uow) if self._goes_on() else None
        self._ahead = ahead
        done.sent += len(claimed) if is_ours else 0

    def _not_sent(self, claimed: Sequence[Reminder], outcome: Undeliverable | TryLater, done: Swept) -> None:
        """Record it; what cannot be delivered to this person goes to the next one, in the same transaction."""
        now, headline = self.clock(), claimed[0].headline
        with self.open_unit(self.workspace_id) as uow:
            if isinstance(outcome, Undeliverable):
                uow.reminders.fail(claimed, f"It could not be delivered: {outcome.problem}.")
                for client_id in {each.client_id for each in claimed}:
                    self.planner.plan_one(uow, client_id, now)
            else:
                uow.reminders.give_back(claimed, now + timedelta(seconds=outcome.seconds), outcome.problem)
        if isinstance(outcome, TryLater):
            done.deferred += len(claimed)
            if outcome.holds_all:
                self._held_until = self.monotonic() + outcome.seconds
        if outcome.problem is not None:
            done.problems.append(f"{headline} Not delivered: {outcome.problem}.")

    def _pace(self, channel: str) -> None:
        """Slack takes one message a second in one channel."""
        since = self.monotonic() - self._posted.get(channel, float("-inf"))
        if since < self.timing.pause:
            self.sleep(self.timing.pause - since)

    def reply_of(self, uow: UnitOfWork, reminder: Reminder) -> Reply:
        """The reminder as it is put to its recipient now."""
        reply = reminder_reply(uow, reminder, self.clock(), self.planner.zone)
        return self.finalize_text(self.usable_by(uow, reminder.recipient, reply))

    def _replies(self, claimed: Sequence[Reminder]) -> dict[int, Reply]:
        """The reminders as they are put now, by id. One that cannot be worded does not hold up the others; one that
        its recipient may not read any more is left out.
        """
        replies = {}
        with self.open_unit(self.workspace_id, writes=False) as uow:
            for each in claimed:
                if not self.may_receive(uow, each.recipient, each.about):
                    continue
                try:
                    replies[each.id] = self.reply_of(uow, each)
                except Exception:
                    _log.exception("a reminder is sent without its details")
                    replies[each.id] = Reply(each.headline)
        return replies


def _opens(rows: Sequence[Reminder], office_of: OfficeFor, now: datetime) -> datetime | None:
    """When a message may be delivered, where that is not now: as soon as the office of one of its reminders is open.

    None too where the next opening would be after a deadline that cannot be met later.
    """
    opens: list[datetime] = []
    for row in rows:
        office = office_of(row.client_id, row.recipient)
        soonest = office.soonest(now)
        today = now.astimezone(office.zone).date()
        is_last_chance = KINDS[row.kind].is_deadline and soonest.astimezone(office.zone).date() > row.deadline >= today
        if soonest <= now or is_last_chance or KINDS[row.kind].is_urgent:
            return None
        opens.append(soonest)
    return min(opens)
