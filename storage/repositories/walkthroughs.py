"""The conversations in which agreements were explained. Append only."""

from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import col, select

from storage.records import Walkthrough
from storage.repositories.repository import Repository
from storage.tables import AgreementRow, WalkthroughRow

_HELD = (
    select(WalkthroughRow)
    .join(AgreementRow, col(WalkthroughRow.agreement_id) == col(AgreementRow.id))
    .order_by(col(WalkthroughRow.held_on), col(WalkthroughRow.id))
)


class Walkthroughs(Repository[Walkthrough]):
    row: ClassVar = WalkthroughRow
    noun: ClassVar = Walkthrough

    def record(self, walkthrough: Walkthrough) -> Walkthrough:
        return self._add(walkthrough)

    def remove(self, walkthrough: Walkthrough) -> None:
        """It was recorded by mistake: only the audit log keeps it."""
        self._session.execute(delete(WalkthroughRow).where(col(WalkthroughRow.id) == walkthrough.id))
        self._note(self._subject(walkthrough), walkthrough, None)

    def of_client(self, client_id: int) -> list[Walkthrough]:
        """Of all the client's agreements, oldest first."""
        return self._of_client("held", client_id, _HELD, AgreementRow.client_id)
