"""Work that is billed beside the agreements: recorded and taken back, never removed."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import col, select

from storage.records.billable_work import BillableWork
from storage.repositories.repository import Repository
from storage.tables import BillableWorkRow


class BillableWorks(Repository[BillableWork]):
    row: ClassVar = BillableWorkRow
    noun: ClassVar = BillableWork

    def record(self, work: BillableWork) -> BillableWork:
        return self._add(work)

    def done_between(self, first: date, last: date) -> list[BillableWork]:
        """For all clients, what was not taken back, by the day it was done; both ends are inclusive."""
        return self._all(
            select(BillableWorkRow)
            .where(
                col(BillableWorkRow.retracted_at).is_(None),
                col(BillableWorkRow.done_on) >= first,
                col(BillableWorkRow.done_on) <= last,
            )
            .order_by(col(BillableWorkRow.done_on), col(BillableWorkRow.id))
        )

    def retract(self, work: BillableWork, *, at: datetime, by: str, reason: str) -> None:
        """Raises StaleRecord when somebody was faster."""
        changes = {"retracted_at": at, "retracted_by": by, "retraction_reason": reason}
        self._update_one(
            update(BillableWorkRow)
            .where(col(BillableWorkRow.id) == work.id, col(BillableWorkRow.retracted_at).is_(None))
            .values(**changes)
        )
        self._note(self._subject(work), work, work.model_copy(update=changes))
