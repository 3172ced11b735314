"""What has to change so that exactly the wanted reminders exist. Doing it twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commands.rules.reminders.facts import Due
from commands.rules.reminders.kinds import KINDS
from commands.rules.reminders.targets import OfficeOf, Target, targets
from storage.records.reminder import UNANSWERED, Reminder, ReminderKind, ReminderState

_RETRY_UNDELIVERABLE = timedelta(hours=6)
_TOLD = (*UNANSWERED, ReminderState.SNOOZED)


@dataclass(slots=True)
class Plan:
    """What to do to the rows. `change` maps a row's id to new values, which only hold for the state it was seen in."""

    add: list[Reminder] = field(default_factory=list)
    change: list[tuple[Reminder, dict[str, Any]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.change)


def reconcile(dues: Iterable[Due], rows: Iterable[Reminder], office_of: OfficeOf, now: datetime) -> Plan:
    """What has to change so that exactly the wanted reminders exist. `rows` are all of the same subjects and clients.

    `now` is aware UTC. A row that is being sent is not taken away but marked as withdrawn: only Slack knows about it.
    """
    plan = Plan()
    cycles: dict[tuple[ReminderKind, str, date], list[Reminder]] = {}
    for row in rows:
        cycles.setdefault((row.kind, row.subject, row.deadline), []).append(row)
    for cycle, due in {due.cycle: due for due in dues}.items():
        _reconcile_cycle(plan, due, cycles.pop(cycle, []), office_of, now)
    for rest in cycles.values():
        _end_cycle(plan, rest, now)
    return plan


def _reconcile_cycle(plan: Plan, due: Due, rows: list[Reminder], office_of: OfficeOf, now: datetime) -> None:
    by_key = {row.dedupe_key: row for row in rows}
    wanted_keys: set[str] = set()
    next_rungs: set[tuple[int, int]] = set()
    for target in targets(due, rows, office_of, now):
        next_rungs.add((target.step, target.lead_days))
        while (row := by_key.get(target.key)) is not None and _is_spent(row):
            target = replace(target, generation=target.generation + 1)
        wanted_keys.add(target.key)
        if row is None:
            plan.add.append(target.row())
        elif changes := _changes(row, target):
            plan.change.append((row, changes))
    for row in rows:
        if row.dedupe_key not in wanted_keys:
            _withdraw(plan, row, now)
        elif row.state in UNANSWERED and (row.step + 1, row.lead_days) in next_rungs:
            _escalate(plan, row, now)
        elif row.state is ReminderState.FAILED and row.step + 1 >= len(due.ladder):
            # Nobody is left to tell instead, so it is tried again until somebody can be told.
            again = {"state": ReminderState.PENDING, "retry_at": now + _RETRY_UNDELIVERABLE, "attempt": 0}
            plan.change.append((row, again))


def _escalate(plan: Plan, row: Reminder, now: datetime) -> None:
    if row.state is ReminderState.SENT:
        changes = {"state": ReminderState.ESCALATED, "escalated_at": now, "is_stale": True}
        plan.change.append((row, changes))


def _is_spent(row: Reminder) -> bool:
    """Cancelled after somebody tried to send it: its key may be in Slack, so it cannot stand for a new message."""
    return row.state is ReminderState.CANCELLED and row.message_key is not None


def _changes(row: Reminder, target: Target) -> dict[str, Any] | None:
    """What differs between a row and what it ought to be; None for a row that has already gone out."""
    wanted: dict[str, Any]
    if row.state is ReminderState.CANCELLED:
        return {**target.wording(), **target.timing(), "state": ReminderState.PENDING, "withdrawn_at": None}
    if row.state is ReminderState.SENDING:
        return {"withdrawn_at": None} if row.withdrawn_at is not None else None
    if row.state is not ReminderState.PENDING:
        return None
    wanted = {**target.wording(), "zone": target.zone}
    if not target.is_past or (target.is_earlier and target.due_at < row.due_at):
        wanted |= target.timing()
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    return {**changed, "retry_at": None} if changed else None


def _withdraw(plan: Plan, row: Reminder, now: datetime) -> None:
    """It is not wanted, though its cycle goes on: a later one took its place, or somebody else is told."""
    if row.state is ReminderState.PENDING:
        plan.change.append((row, {"state": ReminderState.CANCELLED}))
    elif row.state is ReminderState.SENDING and row.withdrawn_at is None:
        plan.change.append((row, {"withdrawn_at": now}))


def _end_cycle(plan: Plan, rows: Iterable[Reminder], now: datetime) -> None:
    """Nothing is due any more: it was dealt with, or the facts changed. A deadline's day that is past just stays."""
    for row in rows:
        _withdraw(plan, row, now)
        today = now.astimezone(ZoneInfo(row.zone)).date()
        is_history = KINDS[row.kind].is_deadline and row.deadline < today
        if not is_history and row.state in (*_TOLD, ReminderState.FAILED):
            is_shown = row.message_ts is not None
            plan.change.append((row, {"state": ReminderState.CANCELLED, "is_stale": is_shown}))
