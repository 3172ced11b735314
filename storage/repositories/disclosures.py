"""What clients disclosed about regulations: answers are closed and added, never overwritten."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import or_, update
from sqlmodel import col, select

from storage.errors import StaleRecord
from storage.records import Disclosure
from storage.repositories.repository import Repository
from storage.tables import DisclosureRow

_CURRENT = (
    select(DisclosureRow).where(col(DisclosureRow.superseded_at).is_(None)).order_by(col(DisclosureRow.regulation))
)


class Disclosures(Repository[Disclosure]):
    row: ClassVar = DisclosureRow
    noun: ClassVar = Disclosure

    def record(self, disclosure: Disclosure) -> Disclosure:
        return self._add(disclosure)

    def supersede(self, disclosure: Disclosure, *, at: datetime, by: str) -> None:
        """Raises StaleRecord when somebody else superseded it already."""
        result = self._session.execute(
            update(DisclosureRow)
            .where(col(DisclosureRow.id) == disclosure.id, col(DisclosureRow.superseded_at).is_(None))
            .values(superseded_at=at, superseded_by=by)
        )
        if result.rowcount != 1:  # type: ignore[attr-defined]
            raise StaleRecord("the disclosure was changed meanwhile")
        after = disclosure.model_copy(update={"superseded_at": at, "superseded_by": by})
        self._note(self._subject(disclosure), disclosure, after)

    def current(self, client_id: int) -> list[Disclosure]:
        """The newest answer per regulation, by regulation."""
        return self._of_client("current", client_id, _CURRENT)

    def about(self, regulation: str) -> list[Disclosure]:
        """The newest answer of every client about one regulation."""
        return self._where(regulation=regulation, superseded_at=None)

    def as_known(self, client_id: int, at: datetime) -> list[Disclosure]:
        """The answer per regulation that we held to be true at that instant, by regulation."""
        known = select(DisclosureRow).where(
            DisclosureRow.client_id == client_id,
            DisclosureRow.recorded_at <= at,
            or_(col(DisclosureRow.superseded_at).is_(None), col(DisclosureRow.superseded_at) > at),
        )
        return self._all(known.order_by(col(DisclosureRow.regulation), col(DisclosureRow.id)))

    def history(self, client_id: int) -> list[Disclosure]:
        """Every answer ever recorded, oldest first."""
        return self._all(
            select(DisclosureRow).where(DisclosureRow.client_id == client_id).order_by(col(DisclosureRow.id))
        )
