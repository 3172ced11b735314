"""What Slack delivered already, in any process: it delivers again what it believes to be lost."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from storage.tables import InboxRow


class Inbox:
    """A unique key for each delivery. Claimed in the transaction of its effect, it happens once or not at all."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, key: str, at: datetime, *, again_before: datetime | None = None) -> bool:
        """Whether nobody has claimed `key` yet, or only before `again_before`. On PostgreSQL it waits for whoever is
        claiming it right now; SQLite has one writer at a time.
        """
        try:
            with self._session.begin_nested():
                self._session.add(InboxRow(key=key, received_at=at))
                self._session.flush()
        except IntegrityError:
            return again_before is not None and self._reclaim(key, at, again_before)
        return True

    def forget(self, before: datetime) -> int:
        """Drop what was received before; how many there were."""
        result = self._session.execute(delete(InboxRow).where(col(InboxRow.received_at) < before))
        assert isinstance(result, CursorResult)
        return result.rowcount

    def _reclaim(self, key: str, at: datetime, again_before: datetime) -> bool:
        result = self._session.execute(
            update(InboxRow)
            .where(col(InboxRow.key) == key, col(InboxRow.received_at) < again_before)
            .values(received_at=at)
            .execution_options(synchronize_session=False)
        )
        assert isinstance(result, CursorResult)
        return result.rowcount == 1
