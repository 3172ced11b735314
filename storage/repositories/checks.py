"""Results of the engagement check. Append only."""

from typing import ClassVar

from sqlalchemy import func
from sqlmodel import col, select

from storage.records import CheckResult
from storage.repositories.repository import Repository
from storage.tables import CheckResultRow


class CheckResults(Repository[CheckResult]):
    row: ClassVar = CheckResultRow
    noun: ClassVar = CheckResult

    def record(self, result: CheckResult) -> CheckResult:
        return self._add(result)

    def newest(self, client_id: int) -> CheckResult | None:
        return self._one(
            select(CheckResultRow)
            .where(CheckResultRow.client_id == client_id)
            .order_by(col(CheckResultRow.id).desc())
            .limit(1)
        )

    def newest_of_each(self) -> dict[int, CheckResult]:
        """The newest result by the client's id."""
        newest = select(func.max(CheckResultRow.id)).group_by(col(CheckResultRow.client_id))
        found = self._all(select(CheckResultRow).where(col(CheckResultRow.id).in_(newest)))
        return {result.client_id: result for result in found}
