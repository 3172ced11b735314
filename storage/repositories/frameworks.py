"""Imported framework catalogues, each version as it was read."""

from collections.abc import Sequence
from typing import ClassVar

from sqlmodel import col, select

from storage.derived_tables import FrameworkContentRow
from storage.engine.session import TenantSession
from storage.records import FrameworkControl, FrameworkVersion
from storage.repositories.repository import Note, Repository
from storage.tables import FrameworkVersionRow


class Frameworks(Repository[FrameworkVersion]):
    row: ClassVar = FrameworkVersionRow
    noun: ClassVar = FrameworkVersion

    def __init__(self, session: TenantSession, note: Note) -> None:
        super().__init__(session, note)
        self._controls: dict[int, tuple[FrameworkControl, ...]] = {}

    def add(self, version: FrameworkVersion, controls: Sequence[FrameworkControl]) -> FrameworkVersion:
        """Raises StaleRecord (on flush) when that version was imported meanwhile."""
        stored = self._add(version)
        content = [[c.key, c.id, c.title, c.is_withdrawn, c.digest] for c in controls]
        self._session.add(FrameworkContentRow(framework_version_id=stored.id, controls=content))
        self._session.flush()
        return stored

    def list(self, family: str | None = None) -> list[FrameworkVersion]:
        """In the order of the import."""
        statement = select(FrameworkVersionRow).order_by(col(FrameworkVersionRow.id))
        return self._all(statement if family is None else statement.where(FrameworkVersionRow.family == family))

    def controls_of(self, version_id: int) -> tuple[FrameworkControl, ...]:
        """In the order of the catalogue."""
        if version_id not in self._controls:  # never rewritten, and asked for each client that is measured by it
            row = self._session.exec(
                select(FrameworkContentRow).where(FrameworkContentRow.framework_version_id == version_id)
            ).one()
            self._controls[version_id] = tuple(FrameworkControl(*each) for each in row.controls)
        return self._controls[version_id]
