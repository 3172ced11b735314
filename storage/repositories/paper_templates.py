"""The wording of papers by version, with the files. Append only."""

from typing import ClassVar

from sqlmodel import col, select

from storage.records import PaperKind, PaperTemplate
from storage.repositories.repository import Repository
from storage.tables import PaperTemplateRow


class PaperTemplates(Repository[PaperTemplate]):
    row: ClassVar = PaperTemplateRow
    noun: ClassVar = PaperTemplate

    def keep(self, template: PaperTemplate, content: bytes) -> PaperTemplate:
        return self._add(template, content=content)

    def history(self) -> list[PaperTemplate]:
        """Every version of every kind, oldest first, without the files."""
        columns = [getattr(PaperTemplateRow, name) for name in PaperTemplate.model_fields]
        statement = select(*columns).order_by(col(PaperTemplateRow.id))
        return [self._noun_of(row._mapping) for row in self._session.execute(statement)]

    def of_kind(self, kind: PaperKind) -> list[PaperTemplate]:
        """Oldest first."""
        return [each for each in self.history() if each.kind is kind]

    def content_of(self, template: PaperTemplate) -> bytes:
        """The file; no bytes for a reset."""
        asked = select(PaperTemplateRow.content).where(col(PaperTemplateRow.id) == template.id)
        return self._session.exec(asked).first() or b""
