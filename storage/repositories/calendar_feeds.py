"""Calendar feeds: made and revoked, never removed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import col, select

from storage.records.calendar_feed import CalendarFeed
from storage.repositories.repository import Repository
from storage.tables import CalendarFeedRow


class CalendarFeeds(Repository[CalendarFeed]):
    row: ClassVar = CalendarFeedRow
    noun: ClassVar = CalendarFeed

    def add(self, feed: CalendarFeed) -> CalendarFeed:
        return self._add(feed)

    def with_hash(self, token_hash: str) -> CalendarFeed | None:
        """The one that has not been revoked."""
        return self._one(
            select(CalendarFeedRow).where(
                CalendarFeedRow.token_hash == token_hash, col(CalendarFeedRow.revoked_at).is_(None)
            )
        )

    def live(self) -> list[CalendarFeed]:
        """Everybody's that were not revoked, oldest first."""
        return self._where(revoked_at=None)

    def revoke(self, feed: CalendarFeed, *, at: datetime, by: str) -> None:
        """Raises StaleRecord when somebody was faster."""
        self._update_one(
            update(CalendarFeedRow)
            .where(col(CalendarFeedRow.id) == feed.id, col(CalendarFeedRow.revoked_at).is_(None))
            .values(revoked_at=at, revoked_by=by)
        )
        self._note(self._subject(feed), feed, feed.model_copy(update={"revoked_at": at, "revoked_by": by}))
