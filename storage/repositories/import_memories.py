"""Corrections of earlier imports, by client; the newest of a layout counts."""

from typing import ClassVar

from sqlmodel import col, select

from storage.records.import_memory import ImportMemory
from storage.repositories.repository import Repository
from storage.tables import ImportMemoryRow


class ImportMemories(Repository[ImportMemory]):
    row: ClassVar = ImportMemoryRow
    noun: ClassVar = ImportMemory

    def record(self, memory: ImportMemory) -> ImportMemory:
        return self._add(memory)

    def newest(self, client_id: int, limit: int = 5) -> list[ImportMemory]:
        """The newest first."""
        statement = select(ImportMemoryRow).where(ImportMemoryRow.client_id == client_id)
        return self._all(statement.order_by(col(ImportMemoryRow.id).desc()).limit(limit))
