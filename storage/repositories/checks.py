"""Results of the engagement check. Append only."""

from typing import ClassVar

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
            select(CheckResultRow).where(CheckResultRow.client_id == client_id).order_by(col(CheckResultRow.id).desc())
        )
