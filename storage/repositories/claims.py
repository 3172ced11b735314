"""The database's word on who sends what.

A sender claims one message at a time: the reminders in it become SENDING with an owner, a lease and an attempt. What it
does next only holds while it is still that owner's attempt, so a sender that slept through its lease changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.records import Reminder, ReminderState
from storage.repositories.repository import Repository
from storage.tables import ReminderRow

UNANSWERED = (ReminderState.SENT, ReminderState.ESCALATED)


class Claims(Repository[Reminder]):
    row: ClassVar = ReminderRow
    noun: ClassVar = Reminder

    def claim(self, owner: str, now: datetime, shared_now: datetime, lease: timedelta) -> list[Reminder]:
        """The reminders of one message that is due, or whose sender has gone; now `owner`'s. Empty when there is none.

        `now` says what is due; `shared_now` is the clock that all senders share, for leases. PostgreSQL passes over
        rows that another sender is claiming; on SQLite there is one writer at a time.
        """
        head = self._head(now, shared_now)
        if head is None:
            return []
        if head.message_key is not None:
            group = and_(col(ReminderRow.message_key) == head.message_key)
        else:
            group = and_(col(ReminderRow.bundle) == head.bundle, col(ReminderRow.message_key).is_(None))
        key = head.message_key or head.dedupe_key
        claimable = or_(and_(*due_at(ReminderRow, now)), and_(*_abandoned(ReminderRow, shared_now)))
        statement = (
            update(ReminderRow)
            .where(group, claimable)
            .values(
                state=ReminderState.SENDING,
                owner=owner,
                attempt=ReminderRow.attempt + 1,
                lease_until=shared_now + lease,
                first_attempt_at=func.coalesce(ReminderRow.first_attempt_at, shared_now),
                retry_at=None,
                message_key=key,
            )
            .returning(col(ReminderRow.id))
            .execution_options(synchronize_session=False)
        )
        ids = list(self._session.execute(statement).scalars())
        self._session.expire_all()
        return self._all(select(ReminderRow).where(col(ReminderRow.id).in_(ids)).order_by(col(ReminderRow.id)))

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

    def _head(self, now: datetime, shared_now: datetime) -> Reminder | None:
        """The first row of a message to send: only who locks that row may claim the message's other rows."""
        other = aliased(ReminderRow)
        same_message = and_(
            col(other.id) < col(ReminderRow.id),
            or_(
                col(other.message_key) == col(ReminderRow.message_key),
                and_(
                    col(other.message_key).is_(None),
                    col(ReminderRow.message_key).is_(None),
                    col(other.bundle) == col(ReminderRow.bundle),
                ),
            ),
            or_(and_(*due_at(other, now)), and_(*_abandoned(other, shared_now))),
        )
        return self._one(
            select(ReminderRow)
            .where(
                or_(and_(*due_at(ReminderRow, now)), and_(*_abandoned(ReminderRow, shared_now))),
                ~select(other.id).where(same_message).exists(),
            )
            .order_by(col(ReminderRow.due_at), col(ReminderRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )

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
        self._session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.kind) == sent.kind,
                col(ReminderRow.subject) == sent.subject,
                col(ReminderRow.deadline) == sent.deadline,
                col(ReminderRow.id) != sent.id,
                col(ReminderRow.due_at) <= sent.due_at,
                col(ReminderRow.state).in_(UNANSWERED),
            )
            .values(state=ReminderState.REPLACED, is_stale=True)
            .execution_options(synchronize_session=False)
        )

    def _still_mine(self, claimed: Sequence[Reminder], **values: Any) -> bool:
        """Whether this attempt of this owner is still the one that counts, for all of them."""
        first = claimed[0]
        result = self._session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.id).in_([each.id for each in claimed]),
                col(ReminderRow.state) == ReminderState.SENDING,
                col(ReminderRow.owner) == first.owner,
                col(ReminderRow.attempt) == first.attempt,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        assert isinstance(result, CursorResult)
        return result.rowcount == len(claimed)

    def _matched(self, statement: Any) -> bool:
        result = self._session.execute(statement.execution_options(synchronize_session=False))
        self._session.expire_all()
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


def due_at(row: Any, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        col(row.state) == ReminderState.PENDING,
        col(row.recipient) != "",
        col(row.due_at) <= now,
        or_(col(row.retry_at).is_(None), col(row.retry_at) <= now),
    )


def _abandoned(row: Any, shared_now: datetime) -> Sequence[ColumnElement[bool]]:
    return (col(row.state) == ReminderState.SENDING, col(row.lease_until) < shared_now)


def in_flight(row: Any, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (col(row.state) == ReminderState.SENDING, col(row.due_at) <= now)
