"""The database's word on who sends what.

A sender claims one message at a time: the reminders in it become SENDING with an owner, a lease and an attempt. What it
does next only holds while it is still that owner's attempt, so a sender that slept through its lease changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, CursorResult, Integer, and_, bindparam, func, or_, update
from sqlalchemy import select as core_select
from sqlmodel import col

from storage.engine.compiled_statements import CompiledStatement
from storage.records import UNANSWERED, Reminder, ReminderState
from storage.repositories.repository import Repository
from storage.tables import ReminderRow

_reminder = ReminderRow.__table__  # type: ignore[attr-defined]


class Claims(Repository[Reminder]):
    row: ClassVar = ReminderRow
    noun: ClassVar = Reminder

    def claim(self, owner: str, now: datetime, shared_now: datetime, lease: timedelta, most: int) -> list[Reminder]:
        """The reminders of one message that is due, or whose sender has gone; now `owner`'s. Empty when there is none.

        What is more than `most` of one person's day waits for the next claim, and is a message of its own.

        `now` says what is due; `shared_now` is the clock that all senders share, for leases. PostgreSQL passes over
        rows that another sender is claiming; on SQLite there is one writer at a time.
        """
        given = {"ours": self._session.workspace_id, "now": now, "shared_now": shared_now}
        found = _DUE.rows(self._session.open, given) or _ABANDONED.rows(self._session.open, given)
        if not found:
            return []
        [head] = found
        statement = _CLAIM_BUNDLE if head["message_key"] is None else _CLAIM_MESSAGE
        given |= {"named": head["message_key"] or head["bundle"], "key": head["message_key"] or head["dedupe_key"]}
        given |= {"most": most} if statement is _CLAIM_BUNDLE else {}
        rows = statement.rows(self._session.open, {**given, "sender": owner, "until": shared_now + lease})
        claimed = [self._noun_of(row) for row in rows]
        self._session.expire_all()
        return sorted(claimed, key=lambda each: each.id)

    def hold(self, claimed: Sequence[Reminder], lease_until: datetime, **changes: Any) -> bool:
        """It stays SENDING, and nobody tries again before `lease_until`."""
        return self._still_mine(claimed, lease_until=lease_until, **changes)

    def complete(self, claimed: Sequence[Reminder], channel: str, ts: str, at: datetime) -> bool:
        """Slack has it. What stopped to apply meanwhile is to be shown as such; earlier ones of the cycle give way.

        False when another sender took over: then that one records what became of it.
        """
        if not self._still_mine(
            claimed,
            state=ReminderState.SENT,
            channel=channel,
            message_ts=ts,
            sent_at=at,
            lease_until=None,
            problem=None,
        ):
            self._note_place(claimed, channel, ts, at)
            return False
        for each in claimed:
            if each.withdrawn_at is not None:
                self._matched(
                    update(ReminderRow)
                    .where(col(ReminderRow.id) == each.id)
                    .values(state=ReminderState.CANCELLED, is_stale=True)
                )
            elif each.step == 0:
                self._replace_earlier(each)
        return True

    def give_back(self, claimed: Sequence[Reminder], retry_at: datetime, problem: str | None = None) -> bool:
        """Certainly not sent, and not this reminder's fault: it is due again, and the attempt does not count."""
        return self._still_mine(
            claimed,
            state=ReminderState.PENDING,
            retry_at=retry_at,
            attempt=max(claimed[0].attempt - 1, 0),
            lease_until=None,
            problem=problem,
        )

    def fail(self, claimed: Sequence[Reminder], problem: str) -> bool:
        """Certainly not sent, and it will not be: whoever is next on the ladder has to be told."""
        return self._still_mine(claimed, state=ReminderState.FAILED, lease_until=None, problem=problem[:500])

    def drop_withdrawn(self, claimed: Sequence[Reminder]) -> list[Reminder]:
        """Certainly not sent: those that stopped to apply are cancelled. What is left to send."""
        kept = [each for each in claimed if each.withdrawn_at is None]
        gone = [each for each in claimed if each.withdrawn_at is not None]
        if gone:
            self._still_mine(gone, state=ReminderState.CANCELLED, lease_until=None)
        return kept

    def _note_place(self, claimed: Sequence[Reminder], channel: str, ts: str, at: datetime) -> None:
        """Somebody answered before it was recorded as sent: where it is, so that it can be shown as answered."""
        self._session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.id).in_([each.id for each in claimed]),
                col(ReminderRow.message_ts).is_(None),
                col(ReminderRow.acked_at).is_not(None),
                col(ReminderRow.owner) == claimed[0].owner,
                col(ReminderRow.attempt) == claimed[0].attempt,
            )
            .values(channel=channel, message_ts=ts, sent_at=at, is_stale=True)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()

    def _replace_earlier(self, sent: Reminder) -> None:
        """Reminders of the cycle that went out before this one and that nobody answered."""
        given = {
            "about": sent.subject,
            "of_kind": sent.kind,
            "before": sent.deadline,
            "now": sent.due_at,
            "one": sent.id,
        }
        _REPLACE.rows(self._session.open, {**given, "ours": self._session.workspace_id})
        self._session.expire_all()

    def _still_mine(self, claimed: Sequence[Reminder], **values: Any) -> bool:
        """Whether this attempt of this owner is still the one that counts, for all of them."""
        first = claimed[0]
        given = {"ours": self._session.workspace_id, "sender": first.owner, "tries": first.attempt}
        given |= {f"new_{name}": value for name, value in values.items()}
        statement = _while_mine(tuple(values))
        mine = sum(len(statement.rows(self._session.open, {**given, "one": each.id})) for each in claimed)
        self._session.expire_all()
        return mine == len(claimed)

    def _matched(self, statement: Any) -> bool:
        result = self._session.execute(statement.execution_options(synchronize_session=False))
        self._session.expire_all()
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


def due_at(row: Any, now: datetime | ColumnElement[Any]) -> Sequence[ColumnElement[bool]]:
    """The conditions for a reminder that is due: it waits, has a recipient, and its time and its retry have come."""
    return (
        col(row.state) == ReminderState.PENDING,
        col(row.recipient) != "",
        col(row.due_at) <= now,
        or_(col(row.retry_at).is_(None), col(row.retry_at) <= now),
    )


def in_flight(row: Any, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (col(row.state) == ReminderState.SENDING, col(row.due_at) <= now)


# Claiming, of Core and built once: the ORM would spend more on each of them than the database does. ------------------

_INSTANT = _reminder.c.due_at.type
_OURS, _NOW = bindparam("ours", type_=Integer()), bindparam("now", type_=_INSTANT)
_SHARED_NOW = bindparam("shared_now", type_=_INSTANT)


def _abandoned(row: Any) -> Sequence[ColumnElement[bool]]:
    return (row.state == ReminderState.SENDING, row.lease_until < _SHARED_NOW)


def _claimable(row: Any) -> ColumnElement[bool]:
    return and_(row.workspace_id == _OURS, or_(and_(*due_at(row, _NOW)), and_(*_abandoned(row))))


def _head(wanted: Sequence[ColumnElement[bool]]) -> CompiledStatement:
    """The first row of a message to send: only who locks that row may claim the message's other rows."""
    row, other = _reminder.c, _reminder.alias()
    # With an offset PostgreSQL asks it row by row, and stops at the first that is due: as a join it may, while its
    # statistics know of few that are due, compare all with all.
    earlier = core_select(other.c.id).where(other.c.id < row.id, _claimable(other.c)).correlate(_reminder).offset(0)
    tried = earlier.where(other.c.message_key == row.message_key)
    new = earlier.where(other.c.bundle == row.bundle, other.c.message_key.is_(None), row.message_key.is_(None))
    return CompiledStatement(
        core_select(row.message_key, row.bundle, row.dedupe_key)
        .where(row.workspace_id == _OURS, *wanted, ~tried.exists(), ~new.exists())
        .order_by(row.due_at, row.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=_reminder)
    )


def _claim(*message: ColumnElement[bool]) -> CompiledStatement:
    row = _reminder.c
    return CompiledStatement(
        update(_reminder)
        .where(*message, _claimable(row))
        .values(
            state=ReminderState.SENDING,
            owner=bindparam("sender"),
            attempt=row.attempt + 1,
            lease_until=bindparam("until", type_=_INSTANT),
            first_attempt_at=func.coalesce(row.first_attempt_at, _SHARED_NOW),
            retry_at=None,
            message_key=bindparam("key"),
        )
        .returning(*(row[name] for name in Reminder.model_fields))
    )


def _first_of_bundle() -> Any:
    row = _reminder.alias().c
    new = row.bundle == bindparam("named"), row.message_key.is_(None), _claimable(row)
    return core_select(row.id).where(*new).order_by(row.id).limit(bindparam("most", type_=Integer()))


@cache
def _while_mine(names: tuple[str, ...]) -> CompiledStatement:
    """New values for one reminder, as long as this attempt of this owner is the one that counts."""
    row = _reminder.c
    return CompiledStatement(
        update(_reminder)
        .where(
            row.workspace_id == _OURS,
            row.id == bindparam("one"),
            row.state == ReminderState.SENDING,
            row.owner == bindparam("sender"),
            row.attempt == bindparam("tries"),
        )
        .values({row[name]: bindparam(f"new_{name}", type_=row[name].type) for name in names})
        .returning(row.id)
    )


def _replace() -> CompiledStatement:
    row = _reminder.c
    return CompiledStatement(
        update(_reminder)
        .where(
            row.workspace_id == _OURS,
            row.subject == bindparam("about"),
            row.kind == bindparam("of_kind"),
            row.deadline == bindparam("before"),
            row.id != bindparam("one"),
            row.due_at <= _NOW,
            or_(*(row.state == state for state in UNANSWERED)),
        )
        .values(state=ReminderState.REPLACED, is_stale=True)
        .returning(row.id)
    )


_DUE, _ABANDONED = _head(due_at(_reminder.c, _NOW)), _head(_abandoned(_reminder.c))
_CLAIM_MESSAGE = _claim(_reminder.c.message_key == bindparam("named"))
_CLAIM_BUNDLE = _claim(_reminder.c.id.in_(_first_of_bundle()))
_REPLACE = _replace()
