"""What was decided about the terms of agreements. Nothing is taken away; what was taken back is marked so."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import col, select

from storage.records import Decision, DecisionChoice
from storage.repositories.repository import Repository
from storage.tables import AgreementRow, DecisionRow

_DECIDED = (
    select(DecisionRow)
    .join(AgreementRow, col(DecisionRow.agreement_id) == col(AgreementRow.id))
    .order_by(col(DecisionRow.id))
)


class Decisions(Repository[Decision]):
    row: ClassVar = DecisionRow
    noun: ClassVar = Decision

    def record(self, decision: Decision) -> Decision:
        return self._add(decision)

    def retract(self, decision: Decision, *, at: datetime, by: str, reason: str) -> Decision:
        """Mark it as taken back. Raises StaleRecord when somebody was faster."""
        changes = {"retracted_at": at, "retracted_by": by, "retraction_reason": reason}
        after = decision.changed(**changes)
        self._update_one(
            update(DecisionRow)
            .where(col(DecisionRow.id) == decision.id, col(DecisionRow.retracted_at).is_(None))
            .values(**changes)
        )
        self._note(self._subject(after), decision, after)
        return after

    def of_client(self, client_id: int) -> list[Decision]:
        """About all of the client's agreements, oldest first."""
        return self._of_client("decided", client_id, _DECIDED, AgreementRow.client_id)

    def find_roll_over(self, agreement_id: int, term_end: date) -> Decision | None:
        """The record that the term which ended on that day renewed by itself."""
        return self._one(
            select(DecisionRow).where(
                DecisionRow.agreement_id == agreement_id,
                DecisionRow.term_end == term_end,
                DecisionRow.decided == DecisionChoice.ROLLED_OVER,
            )
        )
