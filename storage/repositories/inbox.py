"""What Slack delivered already, in any process: it delivers again what it believes to be lost."""

from datetime import datetime

from sqlalchemy import CursorResult, bindparam, delete, text, update
from sqlmodel import col, select

from storage.derived_tables import InboxRow
from storage.engine.compiled_statements import CompiledStatement
from storage.engine.session import TenantSession

_columns = InboxRow.__table__.c  # type: ignore[attr-defined]
_CLAIM = CompiledStatement(
    text(
        "INSERT INTO inbox (workspace_id, key, received_at) VALUES (:workspace_id, :key, :received_at) "
        "ON CONFLICT DO NOTHING RETURNING id"
    )
    .bindparams(bindparam("received_at", type_=_columns.received_at.type))
    .columns(_columns.id)
)


class Inbox:
    """A unique key for each delivery. Claimed in the transaction of its effect, it happens once or not at all."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def claim(self, key: str, at: datetime, *, again_before: datetime | None = None) -> bool:
        """Whether nobody has claimed `key` yet, or only before `again_before`. On PostgreSQL it waits for whoever is
        claiming it right now; SQLite has one writer at a time.
        """
        given = {"workspace_id": self._session.workspace_id, "key": key, "received_at": at}
        if _CLAIM.rows(self._session.open, given):
            return True
        return again_before is not None and self._reclaim(key, at, again_before)

    def has(self, key: str) -> bool:
        """Whether somebody has claimed `key`."""
        return self._session.exec(select(InboxRow.id).where(InboxRow.key == key)).first() is not None

    def release(self, key: str) -> None:
        """As if it had never been claimed."""
        self._session.execute(delete(InboxRow).where(col(InboxRow.key) == key))

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
