"""What linked terms were on a day. Append only."""

from typing import ClassVar

from storage.records import TermsCopy
from storage.repositories.repository import Repository
from storage.tables import TermsCopyRow


class TermsCopies(Repository[TermsCopy]):
    row: ClassVar = TermsCopyRow
    noun: ClassVar = TermsCopy

    def add(self, copy: TermsCopy) -> TermsCopy:
        return self._add(copy)

    def of_client(self, client_id: int) -> list[TermsCopy]:
        """Oldest first."""
        return self._where(client_id=client_id)
