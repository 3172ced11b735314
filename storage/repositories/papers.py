"""Papers that were made: their numbers and hashes, and beside them what they said. Append only."""

import json
import zlib
from typing import Any, ClassVar

from sqlmodel import col, select

from storage.records import Paper
from storage.repositories.repository import Repository
from storage.tables import PaperRow


class Papers(Repository[Paper]):
    row: ClassVar = PaperRow
    noun: ClassVar = Paper

    def record(self, paper: Paper, content: dict[str, Any]) -> Paper:
        """Keep it, with what it says; the same file of the same client is kept once, and only noted again."""
        known = self._where(client_id=paper.client_id, file_hash=paper.file_hash)
        if known:
            self._note(self._subject(known[0]), None, known[0])
            return known[0]
        packed = zlib.compress(json.dumps(content, ensure_ascii=False, sort_keys=True).encode(), 6)
        return self._add(paper, content=packed)

    def of_client(self, client_id: int) -> list[Paper]:
        """Oldest first."""
        return self._where(client_id=client_id)

    def by_file(self, file_hash: str) -> Paper | None:
        """The newest with these bytes."""
        return self._newest(PaperRow.file_hash, file_hash)

    def by_number(self, number: str) -> Paper | None:
        """The newest of that number."""
        return self._newest(PaperRow.number, number)

    def content_of(self, paper: Paper) -> dict[str, Any] | None:
        """What it said; None where the client was erased."""
        packed = self._session.exec(select(PaperRow.content).where(col(PaperRow.id) == paper.id)).first()
        return json.loads(zlib.decompress(packed)) if packed else None

    def _newest(self, column: Any, value: str) -> Paper | None:
        return self._one(select(PaperRow).where(col(column) == value).order_by(col(PaperRow.id).desc()).limit(1))
