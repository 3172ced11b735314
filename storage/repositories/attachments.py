"""Signed copies that came back, with their bytes. Append only."""

from typing import Any, ClassVar

from sqlalchemy import bindparam
from sqlalchemy import select as core_select
from sqlmodel import col, select

from storage.engine.compiled_statements import CompiledStatement
from storage.records import Attachment
from storage.repositories.repository import Repository
from storage.tables import AttachmentRow

_table: Any = AttachmentRow.__table__  # type: ignore[attr-defined]
_OF_CLIENT = CompiledStatement(
    core_select(*(_table.c[name] for name in Attachment.model_fields))
    .where(_table.c.workspace_id == bindparam("workspace_id"), _table.c.client_id == bindparam("client_id"))
    .order_by(_table.c.id)
)


class Attachments(Repository[Attachment]):
    row: ClassVar = AttachmentRow
    noun: ClassVar = Attachment

    def keep(self, attachment: Attachment, content: bytes) -> Attachment:
        return self._add(attachment, content=content)

    def of_client(self, client_id: int) -> list[Attachment]:
        """Oldest first."""
        if not self._session.concealed:  # every answer asks
            given = {"client_id": client_id, "workspace_id": self._session.workspace_id}
            return [self._noun_of(row) for row in _OF_CLIENT.rows(self._session.open, given)]
        columns = [getattr(AttachmentRow, name) for name in Attachment.model_fields]
        statement = select(*columns).where(col(AttachmentRow.client_id) == client_id).order_by(col(AttachmentRow.id))
        return [self._noun_of(row._mapping) for row in self._session.execute(statement)]

    def content_of(self, attachment: Attachment) -> bytes:
        """Its bytes; none of them where the client was erased."""
        found = self._session.exec(select(AttachmentRow.content).where(col(AttachmentRow.id) == attachment.id)).first()
        return found or b""
