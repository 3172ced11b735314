"""What was said about tables of clients and agreements; the newest of a layout counts."""

from typing import ClassVar

from sqlmodel import col, select

from storage.records.table_memory import TableMemory
from storage.repositories.repository import Repository
from storage.tables import TableMemoryRow


class TableMemories(Repository[TableMemory]):
    row: ClassVar = TableMemoryRow
    noun: ClassVar = TableMemory

    def record(self, memory: TableMemory) -> TableMemory:
        return self._add(memory)

    def newest(self, noun: str, limit: int = 10) -> list[TableMemory]:
        """The newest first."""
        statement = select(TableMemoryRow).where(TableMemoryRow.noun == noun)
        return self._all(statement.order_by(col(TableMemoryRow.id).desc()).limit(limit))
