"""What was decided about the terms of agreements. Append only."""

from datetime import date
from typing import ClassVar

from sqlmodel import col, select

from storage.records import Decision, DecisionChoice
from storage.repositories.repository import Repository
from storage.tables import AgreementRow, DecisionRow


class Decisions(Repository[Decision]):
    row: ClassVar = DecisionRow
    noun: ClassVar = Decision

    def record(self, decision: Decision) -> Decision:
        return self._add(decision)

    def of_client(self, client_id: int) -> list[Decision]:
        """About all of the client's agreements, oldest first."""
        statement = (
            select(DecisionRow)
            .join(AgreementRow, col(DecisionRow.agreement_id) == col(AgreementRow.id))
            .order_by(col(DecisionRow.id))
        )
        return self._of_client("decided", client_id, statement, AgreementRow.client_id)

    def find_roll_over(self, agreement_id: int, term_end: date) -> Decision | None:
        """The record that the term which ended on that day renewed by itself."""
        return self._one(
            select(DecisionRow).where(
                DecisionRow.agreement_id == agreement_id,
                DecisionRow.term_end == term_end,
                DecisionRow.decided == DecisionChoice.ROLLED_OVER,
            )
        )
