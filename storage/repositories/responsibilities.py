"""The responsibility matrix: rows are closed and added, never overwritten."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, or_, update
from sqlmodel import col, select

from storage.errors import StaleRecord
from storage.records import Responsibility
from storage.repositories.repository import Repository
from storage.tables import ResponsibilityRow


class Responsibilities(Repository[Responsibility]):
    row: ClassVar = ResponsibilityRow
    noun: ClassVar = Responsibility

    def record(self, rows: Sequence[Responsibility]) -> list[Responsibility]:
        """Add versions of rows; they come back with their ids."""
        return self._add_all(rows)

    def supersede(self, row: Responsibility, *, at: datetime, by: str) -> None:
        """We no longer hold this version to be true. Raises StaleRecord when somebody else superseded it already."""
        result = self._session.execute(
            update(ResponsibilityRow)
            .where(col(ResponsibilityRow.id) == row.id, col(ResponsibilityRow.superseded_at).is_(None))
            .values(superseded_at=at, superseded_by=by)
        )
        if result.rowcount != 1:  # type: ignore[attr-defined]
            raise StaleRecord("the row was changed meanwhile")
        self._note(self._subject(row), row, row.model_copy(update={"superseded_at": at, "superseded_by": by}))

    def current(self, client_id: int, agreement_id: int | None = None) -> list[Responsibility]:
        """What we hold to be true now, whatever its effective dates, in the order of the paper."""
        of_agreement = {} if agreement_id is None else {"agreement_id": agreement_id}
        found = self._where(client_id=client_id, superseded_at=None, **of_agreement)
        return sorted(found, key=lambda row: (row.agreement_id, row.position, row.id))

    def as_known(self, client_id: int, at: datetime, agreement_id: int | None = None) -> list[Responsibility]:
        """What we held to be true at that instant, whatever its effective dates, in the order of the paper."""
        known = select(ResponsibilityRow).where(
            col(ResponsibilityRow.client_id) == client_id,
            col(ResponsibilityRow.recorded_at) <= at,
            or_(col(ResponsibilityRow.superseded_at).is_(None), col(ResponsibilityRow.superseded_at) > at),
        )
        if agreement_id is not None:
            known = known.where(col(ResponsibilityRow.agreement_id) == agreement_id)
        return sorted(self._all(known), key=lambda row: (row.agreement_id, row.position, row.id))

    def counts(self, client_ids: Collection[int]) -> Mapping[int, int]:
        """How many rows the matrix of each of these clients has now; those without any are not named."""
        counted = select(ResponsibilityRow.client_id, func.count()).where(
            col(ResponsibilityRow.client_id).in_(client_ids), col(ResponsibilityRow.superseded_at).is_(None)
        )
        return dict(self._session.exec(counted.group_by(col(ResponsibilityRow.client_id))).all())

    def find_client(self) -> int | None:
        """The id of a client that has a matrix: of the first, where several do."""
        current = select(ResponsibilityRow.client_id).where(col(ResponsibilityRow.superseded_at).is_(None))
        return self._session.exec(current.order_by(col(ResponsibilityRow.client_id)).limit(1)).first()

    def history(self, client_id: int, agreement_id: int | None = None) -> list[Responsibility]:
        """Every version of every row, of one agreement or of all, in the order recorded."""
        versions = select(ResponsibilityRow).where(ResponsibilityRow.client_id == client_id)
        if agreement_id is not None:
            versions = versions.where(ResponsibilityRow.agreement_id == agreement_id)
        return self._all(versions.order_by(col(ResponsibilityRow.recorded_at), col(ResponsibilityRow.id)))
