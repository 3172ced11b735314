"""Results of the engagement check. Append only."""

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import func
from sqlmodel import col, select

from storage.records import CheckResult
from storage.repositories.repository import Repository
from storage.tables import CheckResultRow

_NEWEST = select(func.max(CheckResultRow.id)).group_by(col(CheckResultRow.client_id))


class CheckResults(Repository[CheckResult]):
    row: ClassVar = CheckResultRow
    noun: ClassVar = CheckResult

    def record(self, result: CheckResult) -> CheckResult:
        return self._add(result)

    def newest(self, client_id: int) -> CheckResult | None:
        def read(ids: Sequence[int]) -> list[tuple[int, CheckResultRow]]:
            newest = self._session.exec(_NEWEST.where(col(CheckResultRow.client_id).in_(ids))).all()
            of_those = select(CheckResultRow).where(col(CheckResultRow.id).in_(newest))
            return [(row.client_id, row) for row in self._session.exec(of_those)] if newest else []

        found = self._session.of_client(CheckResultRow, "newest", client_id, read)
        return self._as_noun(found[0]) if found else None
