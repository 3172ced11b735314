"""What the sentence encoder makes of rows' texts, by a digest of encoder and text."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select
from sqlmodel import col

from storage.derived_tables import TextVectorRow
from storage.engine.session import TenantSession

_AT_ONCE = 500


class TextVectors:
    """Derived from texts: may be dropped at any time, and is made again."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def find(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of `keys` that are kept, with 384 bytes each."""
        wanted, found = list(keys), dict[str, bytes]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            rows = self._session.execute(
                select(col(TextVectorRow.key), col(TextVectorRow.vector)).where(col(TextVectorRow.key).in_(some))
            )
            found.update((key, bytes(vector)) for key, vector in rows)
        return found

    def add(self, vectors: Mapping[str, bytes]) -> None:
        """Keep those whose key is new; a process that adds the same at this moment may make the unit start anew."""
        known = self.find(vectors)
        new = [
            {"workspace_id": self._session.workspace_id, "key": key, "vector": vector}
            for key, vector in vectors.items()
            if key not in known
        ]
        if new:
            self._session.execute(insert(TextVectorRow), new)
