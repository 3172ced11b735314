"""After a backup was put back: what the bot did since is not in the records any more, and must not be done twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from storage.records import ReminderState
from storage.tables import AuditEntryRow, HeartbeatRow, ReminderRow


class Restored:
    def __init__(self, session: Session) -> None:
        self._session = session

    def last_known(self) -> datetime | None:
        """The last instant that the records know of: when the backup was made, or a little before."""
        moments = (func.max(AuditEntryRow.at), func.max(HeartbeatRow.beat_at), func.max(ReminderRow.sent_at))
        found = [self._session.exec(select(moment)).one() for moment in moments]
        return max(filter(None, found), default=None)

    def recheck(self, until: datetime, shared_now: datetime, since: datetime) -> int:
        """Reminders that were waiting and due by `until` may have been sent after the backup: their messages are
        looked for in Slack (posted after `since`) before anything is sent. How many reminders that are.
        """
        waiting = select(ReminderRow.id, ReminderRow.dedupe_key, ReminderRow.bundle, ReminderRow.due_at).where(
            col(ReminderRow.state) == ReminderState.PENDING,
            col(ReminderRow.due_at) <= until,
            col(ReminderRow.recipient) != "",
            col(ReminderRow.message_key).is_(None),
        )
        rows = self._session.execute(waiting.order_by(col(ReminderRow.id))).all()
        keys: dict[tuple[str, datetime], str] = {}
        for row in rows:  # a message has the key of its first reminder, as it would have been claimed
            keys.setdefault((row.bundle, row.due_at), row.dedupe_key)
        for row in rows:
            self._doubt(row.id, shared_now, since, message_key=keys[row.bundle, row.due_at])
        tried = select(ReminderRow.id).where(
            col(ReminderRow.state) == ReminderState.PENDING, col(ReminderRow.message_key).is_not(None)
        )
        ids = list(self._session.execute(tried).scalars())
        for id in ids:
            self._doubt(id, shared_now, since)
        return len(rows) + len(ids)

    def _doubt(self, id: int, shared_now: datetime, since: datetime, **changes: Any) -> None:
        """As if its sender had died: whoever takes it over reads back first."""
        self._session.execute(
            update(ReminderRow)
            .where(col(ReminderRow.id) == id)
            .values(state=ReminderState.SENDING, attempt=1, lease_until=shared_now, first_attempt_at=since, **changes)
            .execution_options(synchronize_session=False)
        )
