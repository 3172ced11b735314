"""Reminders: what is planned, what was said, and what came of it. Who sends them is in claims.py."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Integer, and_, bindparam, func, insert, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from storage.engine.compiled_statements import CompiledStatement
from storage.records import UNANSWERED, Reminder, ReminderState
from storage.repositories.claims import Claims, due_at, in_flight
from storage.repositories.repository import columns_of
from storage.tables import ReminderRow

_AT_ONCE, _ADDED_AT_ONCE = 500, 10
# SENDING too: who presses a button has the message, whatever its sender recorded so far.
_ANSWERABLE = (*UNANSWERED, ReminderState.SNOOZED, ReminderState.SENDING)


class Standing(NamedTuple):
    """Those of one state: how many, the newest one's id, and the earliest instant at which one is due."""

    state: ReminderState
    how_many: int
    newest: int
    earliest: datetime


class Reminders(Claims):
    def add(self, reminders: Sequence[Reminder]) -> list[Reminder]:
        """Raises StaleRecord (on leaving the unit) when somebody else planned the same one meanwhile."""
        ids: dict[str, int] = {}
        for start in range(0, len(reminders), _ADDED_AT_ONCE):
            some = reminders[start : start + _ADDED_AT_ONCE]
            given = {f"{name}_{at}": value for at, each in enumerate(some) for name, value in columns_of(each).items()}
            added = _addition(len(some)).rows(self._session.open, given | {"ours": self._session.workspace_id})
            ids |= {row["dedupe_key"]: row["id"] for row in added}
        self._session.note_change(ReminderRow)
        return [each.model_copy(update={"id": ids[each.dedupe_key]}) for each in reminders]

    def change(self, seen: Reminder, changes: dict[str, Any]) -> bool:
        """Whether it was still in the state it was seen in, and so was changed."""
        return self._matched(
            update(ReminderRow)
            .where(col(ReminderRow.id) == seen.id, col(ReminderRow.state) == seen.state)
            .values(**changes)
        )

    def change_all(self, changes: Iterable[tuple[Reminder, Mapping[str, Any]]]) -> int:
        """How many were still in the state they were seen in, and so were changed: alike ones in one statement."""
        alike: dict[tuple[Any, ...], list[int]] = {}
        for seen, wanted in changes:
            alike.setdefault((seen.state, *sorted(wanted.items())), []).append(seen.id)
        changed = 0
        for (state, *values), ids in alike.items():
            for start in range(0, len(ids), _AT_ONCE):
                given = col(ReminderRow.id).in_(ids[start : start + _AT_ONCE])
                statement = update(ReminderRow).where(given, col(ReminderRow.state) == state).values(**dict(values))
                result = self._session.execute(statement.execution_options(synchronize_session=False))
                assert isinstance(result, CursorResult)
                changed += result.rowcount
        self._session.expire_all()
        return changed

    def of_client(self, client_id: int | None) -> list[Reminder]:
        """Everything ever planned about the client (None: about no single one), in that order."""
        return self._where(client_id=client_id)

    def standing(self, client_ids: Sequence[int]) -> dict[int, tuple[Standing, ...]]:
        """How the reminders about each of these clients stand, by state; nothing for a client without any."""
        row, found = ReminderRow, dict[int, tuple[Standing, ...]]()
        for start in range(0, len(client_ids), _AT_ONCE):
            statement = (
                sql_select(col(row.client_id), col(row.state), func.count(), func.max(row.id), func.min(row.due_at))
                .where(col(row.client_id).in_(client_ids[start : start + _AT_ONCE]))
                .group_by(col(row.client_id), col(row.state))
                .order_by(col(row.client_id), col(row.state))
            )
            for client_id, state, count, newest, earliest in self._session.execute(statement):
                one = Standing(ReminderState(state), count, newest, earliest)
                found[client_id] = (*found.get(client_id, ()), one)
        return found

    def of_subject(self, subject: str) -> list[Reminder]:
        """Everything ever planned about one thing, in that order."""
        return self._where(subject=subject)

    def cycle(self, reminder: Reminder) -> list[Reminder]:
        """Everything about the same thing and the same deadline, in the order planned."""
        return self._all(
            select(ReminderRow)
            .where(
                ReminderRow.kind == reminder.kind,
                ReminderRow.subject == reminder.subject,
                ReminderRow.deadline == reminder.deadline,
            )
            .order_by(col(ReminderRow.due_at), col(ReminderRow.id))
        )

    def coming(self, until: datetime) -> list[Reminder]:
        """Pending up to then, being sent, unanswered, or with a problem; by due instant."""
        open_ones = (ReminderState.SENDING, ReminderState.SENT, ReminderState.ESCALATED, ReminderState.FAILED)
        pending = and_(col(ReminderRow.state) == ReminderState.PENDING, col(ReminderRow.due_at) <= until)
        return self._all(
            select(ReminderRow)
            .where(or_(pending, col(ReminderRow.state).in_(open_ones)))
            .order_by(col(ReminderRow.due_at), col(ReminderRow.id))
        )

    def waiting(self, now: datetime) -> list[Reminder]:
        """Due and not tried yet or to be tried again; by due instant."""
        return self._all(
            select(ReminderRow).where(*due_at(ReminderRow, now)).order_by(col(ReminderRow.due_at), col(ReminderRow.id))
        )

    def overdue(self, now: datetime) -> int:
        """How many are due and wait for something: an office to open, Slack to take messages again."""
        statement = (
            select(func.count())
            .select_from(ReminderRow)
            .where(
                col(ReminderRow.state) == ReminderState.PENDING,
                col(ReminderRow.recipient) != "",
                col(ReminderRow.due_at) <= now,
            )
        )
        return self._session.exec(statement).one()

    def with_problems(self, now: datetime) -> list[Reminder]:
        """What is due and cannot be delivered, or may not have been; by due instant."""
        unsent = (ReminderState.PENDING, ReminderState.SENDING, ReminderState.FAILED)
        return self._all(
            select(ReminderRow)
            .where(
                col(ReminderRow.problem).is_not(None),
                col(ReminderRow.state).in_(unsent),
                col(ReminderRow.due_at) <= now,
            )
            .order_by(col(ReminderRow.due_at), col(ReminderRow.id))
        )

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the longest waiting reminder is due and not sent; None when none waits."""
        statement = select(func.min(ReminderRow.due_at)).where(
            col(ReminderRow.state).in_((ReminderState.PENDING, ReminderState.SENDING)),  # for the index
            or_(*(and_(*each) for each in (due_at(ReminderRow, now), in_flight(ReminderRow, now)))),
            col(ReminderRow.due_at) <= now,
        )
        found: datetime | None = self._session.exec(statement).one()
        return found

    def by_state(self) -> dict[ReminderState, int]:
        """How many there are in each state; states without any are 0."""
        statement = select(ReminderRow.state, func.count()).group_by(col(ReminderRow.state))
        found = {ReminderState(state): count for state, count in self._session.exec(statement)}
        return dict.fromkeys(ReminderState, 0) | found

    def stale_messages(self, limit: int) -> list[list[Reminder]]:
        """The messages in Slack that do not show what is known, each as all of its reminders."""
        keys = self._session.exec(
            select(ReminderRow.message_key)
            .where(col(ReminderRow.is_stale).is_(True), col(ReminderRow.message_ts).is_not(None))
            .distinct()
            .limit(limit)
        ).all()
        return [self.message(key) for key in keys if key is not None]

    def message(self, key: str) -> list[Reminder]:
        """All reminders of one message."""
        return self._all(select(ReminderRow).where(ReminderRow.message_key == key).order_by(col(ReminderRow.id)))

    def shown(self, reminders: Iterable[Reminder]) -> None:
        """Their message shows the state they are in here; what changed since then stays stale."""
        for each in reminders:
            self._matched(
                update(ReminderRow)
                .where(col(ReminderRow.id) == each.id, col(ReminderRow.state) == each.state)
                .values(is_stale=False)
            )

    def answer(self, reminder: Reminder, state: ReminderState, **changes: Any) -> int:
        """Everything that was said about it (the cycle) is answered at once; how many had not been."""
        result = self._session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.kind) == reminder.kind,
                col(ReminderRow.subject) == reminder.subject,
                col(ReminderRow.deadline) == reminder.deadline,
                col(ReminderRow.state).in_(_ANSWERABLE),
            )
            .values(state=state, is_stale=True, **changes)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        assert isinstance(result, CursorResult)
        return result.rowcount


@cache
def _addition(count: int) -> CompiledStatement:
    """So many new rows: what SQLAlchemy does around an insert of several takes longer than planning them."""
    row = ReminderRow.__table__.c  # type: ignore[attr-defined]
    ours = {"workspace_id": bindparam("ours", type_=Integer())}
    fields = [name for name in Reminder.model_fields if name != "id"]
    rows = [ours | {name: bindparam(f"{name}_{at}", type_=row[name].type) for name in fields} for at in range(count)]
    return CompiledStatement(insert(ReminderRow).values(rows).returning(row.dedupe_key, row.id))
