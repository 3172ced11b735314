"""Which reminders ought to exist for what is due.

A cycle is one (kind, subject, deadline). Of its leads that have passed only the latest matters: whoever enters an
agreement late, or starts the bot after a month, gets one message and not six. Everything is worked out anew from the
facts and the rows each time, so doing it twice changes nothing.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from commands.rules.reminders.delivery_time import Office
from commands.rules.reminders.facts import Due, FirstTelling, Moment
from commands.rules.reminders.kinds import KINDS
from storage.records.reminder import UNANSWERED, Reminder, ReminderKind, ReminderState

OfficeOf = Callable[[str], Office]
_HORIZON_DAYS = 800
_NOBODY = "Nobody answers for it: the client has no owner and no managers' channel is set."
_WAITS = ((30, timedelta(days=5)), (14, timedelta(days=3)), (7, timedelta(days=2)), (2, timedelta(days=1)))
_LAST_WAIT = timedelta(hours=4)
_UNHURRIED = timedelta(days=7)
# Snoozes count generations one by one: nobody snoozes one thing so often.
_AFTER_A_PRESS = 1_000
_URGENT = timedelta(hours=2)
_OPEN = (ReminderState.PENDING, ReminderState.SENDING)
# In any other state it was only seen by somebody whose answer does not count.
_ANSWERED = (ReminderState.ACKED, ReminderState.SNOOZED)


@dataclass(frozen=True, slots=True)
class Target:
    """A reminder that ought to exist. `is_past`: its time had come when this was worked out. `is_at_once`: somebody
    asked for it to be told at once, in a message of its own. `is_earlier`: its time was brought forward.
    """

    due: Due
    lead_days: int
    recipient: str
    local_date: date
    local_time: time
    zone: str
    due_at: datetime
    step: int = 0
    generation: int = 0
    is_past: bool = False
    is_at_once: bool = False
    is_earlier: bool = False

    @property
    def key(self) -> str:
        """Deterministic and unique: the same reminder planned twice is the same row."""
        return _digest((*self.due.cycle, self.lead_days, self.recipient, self.step, self.generation))

    @property
    def bundle(self) -> str:
        """The message it goes into: deadlines have their own, the rest of one person's day shares one."""
        if self.due.bundle is not None:
            return f"{self.due.bundle}:{self.recipient}:{self.due_at:%Y%m%d%H%M}"
        if KINDS[self.due.kind].is_deadline or self.is_at_once:
            return f"own:{self.key}"
        return f"day:{self.recipient}:{self.local_date}"

    def timing(self) -> dict[str, Any]:
        """What moves when terms, zone or holidays change."""
        return {
            "local_date": self.local_date,
            "local_time": self.local_time,
            "zone": self.zone,
            "due_at": self.due_at,
            "bundle": self.bundle,
        }

    def wording(self) -> dict[str, Any]:
        return {
            "headline": self.due.headline[:400].strip(),
            "agreement_version": self.due.agreement_version,
            "term_start": self.due.term_start,
        }

    def row(self) -> Reminder:
        return Reminder(
            kind=self.due.kind,
            subject=self.due.subject,
            client_id=self.due.client_id,
            agreement_id=self.due.agreement_id,
            deadline=self.due.deadline,
            lead_days=self.lead_days,
            step=self.step,
            generation=self.generation,
            recipient=self.recipient,
            dedupe_key=self.key,
            problem=None if self.recipient else _NOBODY,
            **self.wording(),
            **self.timing(),
        )


@lru_cache(maxsize=256)  # a target is asked for its key several times, one right after the other
def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def targets(due: Due, rows: Sequence[Reminder], office_of: OfficeOf, now: datetime) -> list[Target]:
    """The reminders that ought to exist for one cycle, given those that do, by due instant."""
    owner = due.ladder[0] if due.ladder else ""
    if due.moments:
        regular = [_at(due, each, owner, office_of(owner), now) for each in due.moments]
    else:
        regular = _regular(due, owner, office_of(owner), now)
    if due.first is not None:
        first = _first(due, due.first, owner, office_of(owner), now)
        regular = [first, *(each for each in regular if each.local_date > first.local_date)]
    follow_up = _after_snooze(due, owner, office_of(owner), rows, now)
    if follow_up is not None:
        regular = [follow_up, *(each for each in regular if each.local_date > follow_up.local_date)]
    past = [each for each in regular if each.is_past]
    wanted = [each for each in regular if not each.is_past]
    current = _current(past[-1], rows, due, office_of(owner), now) if past else None
    if current is not None and (due.moments or not (wanted and _is_overtaken(current, rows, wanted[0]))):
        wanted.insert(0, current)
    return [*wanted, *_escalations(due, rows, office_of, now)]


def days_of(due: Due) -> tuple[int, ...]:
    """The leads of `due`, the longest first. Where it must be acted on before the deadline, the last is before that."""
    leads = due.leads if due.leads is not None else KINDS[due.kind].leads
    if due.act_by is not None and due.act_by < due.deadline:
        before = (due.deadline - due.act_by).days
        leads = (*(lead for lead in leads if lead > before), before + 1)
    return tuple(sorted(set(leads), reverse=True))


def latest_snooze(due_kind: ReminderKind, deadline: date, today: date, act_by: date | None = None) -> date:
    """The last day to which it may be put off: never past the day to act by; what is overdue, at most 30 days."""
    last = act_by or deadline
    return last if last > today or KINDS[due_kind].is_deadline else today + timedelta(days=30)


def wait_before_escalation(row: Reminder) -> timedelta:
    """How long an answer is waited for: the less time is left, the shorter."""
    if KINDS[row.kind].is_urgent:
        return _URGENT
    if not KINDS[row.kind].is_deadline:
        return _UNHURRIED
    sent_on = row.sent_at.astimezone(ZoneInfo(row.zone)).date() if row.sent_at else row.local_date
    days_left = (row.deadline - sent_on).days
    return next((wait for days, wait in _WAITS if days_left > days), _LAST_WAIT)


def _at(due: Due, moment: Moment, recipient: str, office: Office, now: datetime) -> Target:
    local = moment.at.astimezone(office.zone)
    return Target(
        due, moment.hours_before, recipient, local.date(), local.time().replace(tzinfo=None), office.zone.key,
        moment.at, is_past=moment.at <= now,
    )  # fmt: skip


def _regular(due: Due, owner: str, office: Office, now: datetime) -> list[Target]:
    """One a lead, by due instant; leads that fall on one business day are one, the shortest."""
    leads = list(days_of(due))
    repeat = KINDS[due.kind].repeat_days
    today = now.astimezone(office.zone).date()
    if repeat and leads:
        overdue = (today - due.deadline).days + leads[-1]
        passed = max(overdue // repeat, 0)
        leads += [leads[-1] - repeat * number for number in (passed, passed + 1) if number]
    by_day: dict[date, Target] = {}
    for lead in leads:
        intended = _earlier(due.deadline, lead)
        if (intended - today).days <= _HORIZON_DAYS:
            day = office.day_for(intended)
            by_day[day] = _target(due, lead, owner, office, day, now)
    return sorted(by_day.values(), key=lambda each: each.due_at)


def first_instant(first: FirstTelling, office: Office) -> datetime:
    """When it is told, in UTC."""
    return office.soonest(first.since) if first.at is None else office.next_at(first.since, first.at)


def _first(due: Due, first: FirstTelling, owner: str, office: Office, now: datetime) -> Target:
    """Its instant depends on when it was asked for and not on `now`, so that working it out again changes nothing."""
    due_at = first_instant(first, office)
    local = due_at.astimezone(office.zone)
    return Target(
        due, first.lead_days, owner, local.date(), local.time().replace(tzinfo=None), office.zone.key, due_at,
        generation=first.presses * _AFTER_A_PRESS, is_past=due_at <= now,
        is_at_once=first.presses > 0, is_earlier=first.at is None,
    )  # fmt: skip


def _earlier(day: date, days: int) -> date:
    """`days` before `day` (after it, if negative), or where the calendar ends."""
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return date.min if days > 0 else date.max


def _target(due: Due, lead: int, recipient: str, office: Office, day: date, now: datetime) -> Target:
    due_at = office.usual_instant(day)
    return Target(
        due, lead, recipient, day, office.hours.usual, office.zone.key, due_at, is_past=due_at <= now
    )  # fmt: skip


def _after_snooze(due: Due, owner: str, office: Office, rows: Sequence[Reminder], now: datetime) -> Target | None:
    """What is said again on the day that the last snooze ends."""
    snoozed = [row for row in rows if row.state is ReminderState.SNOOZED and row.snoozed_until is not None]
    if due.first is not None and due.first.presses:  # whoever asks anew asks after it was put off
        snoozed = [row for row in snoozed if row.acked_at is None or row.acked_at >= due.first.since]
    if not snoozed:
        return None
    last = max(snoozed, key=lambda row: (row.snoozed_until, row.generation))
    assert last.snoozed_until is not None
    until = last.snoozed_until
    snoozed_on = last.acked_at.astimezone(office.zone).date() if last.acked_at else None
    earlier = office.day_for(until)
    day = earlier if snoozed_on is None or earlier > snoozed_on else until
    found = _target(due, (due.deadline - until).days, owner, office, day, now)
    return replace(found, generation=last.generation + 1)


def _current(target: Target, rows: Sequence[Reminder], due: Due, office: Office, now: datetime) -> Target | None:
    """The latest lead that has passed: as it is planned, or if nobody planned it in time, as soon as may be."""
    own = [row for row in rows if row.step == 0 and row.recipient == target.recipient]
    own = [row for row in own if row.state is not ReminderState.CANCELLED and row.generation >= target.generation]
    planned = [row.generation for row in own if row.lead_days == target.lead_days]
    if planned:
        return replace(target, generation=max(planned))
    was_said = any(row.lead_days <= target.lead_days and row.state not in _OPEN for row in own)
    answered = [row.acked_at for row in rows if row.acked_at is not None and row.state in _ANSWERED]
    was_answered = any(_answers(at, target, office) for at in answered)
    if due.is_over or was_said or was_answered:
        return None
    return _as_soon_as_may_be(target, due, office, now)


def _answers(at: datetime, target: Target, office: Office) -> bool:
    """Whether an answer given then is one to this reminder."""
    if target.is_at_once and target.due.first is not None:
        return at >= target.due.first.since
    return at.astimezone(office.zone).date() >= target.local_date


def _is_overtaken(current: Target, rows: Sequence[Reminder], following: Target) -> bool:
    """It would go out no earlier than the next one, which says the same."""
    row = next((each for each in rows if each.dedupe_key == current.key), None)
    if row is None:
        return current.local_date >= following.local_date
    return row.state is ReminderState.PENDING and row.local_date >= following.local_date


def _as_soon_as_may_be(target: Target, due: Due, office: Office, now: datetime) -> Target:
    """When the office next opens; at once where that would be too late for a deadline."""
    soonest = office.soonest(now)
    last_day = due.act_by or due.deadline
    today = now.astimezone(office.zone).date()
    is_too_late = soonest.astimezone(office.zone).date() > last_day >= today
    if KINDS[due.kind].is_urgent or (KINDS[due.kind].is_deadline and is_too_late):
        soonest = now
    local = soonest.astimezone(office.zone)
    return replace(target, local_date=local.date(), local_time=local.time().replace(tzinfo=None), due_at=soonest)


def _escalations(due: Due, rows: Sequence[Reminder], office_of: OfficeOf, now: datetime) -> list[Target]:
    """The next rungs for the newest reminder of the cycle, as long as nobody answers or it cannot be delivered."""
    first = [
        row for row in rows
        if row.step == 0 and row.state in (*UNANSWERED, ReminderState.FAILED) and _is_on_ladder(row, due)
    ]  # fmt: skip
    if not first:
        return []
    row: Reminder | None = max(first, key=lambda each: (each.due_at, each.generation))
    wanted: list[Target] = []
    while row is not None and row.step + 1 < len(due.ladder) and _is_to_escalate(row, now):
        step, recipient = row.step + 1, due.ladder[row.step + 1]
        office = office_of(recipient)
        today = now.astimezone(office.zone).date()
        rung = replace(
            _target(due, row.lead_days, recipient, office, today, now),
            step=step, generation=row.generation, is_past=True,
        )  # fmt: skip
        existing = next((each for each in rows if each.dedupe_key == rung.key), None)
        wanted.append(rung if existing is not None else _as_soon_as_may_be(rung, due, office, now))
        row = existing
    return wanted


def _is_to_escalate(row: Reminder, now: datetime) -> bool:
    if row.state is ReminderState.FAILED:
        return True
    is_unanswered = row.state in UNANSWERED and row.sent_at is not None
    return is_unanswered and row.sent_at is not None and now >= row.sent_at + wait_before_escalation(row)


def _is_on_ladder(row: Reminder, due: Due) -> bool:
    return bool(due.ladder) and row.recipient == due.ladder[0]
