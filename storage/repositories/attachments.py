"""Signed copies that came back, with their bytes. Append only."""

from typing import ClassVar

from sqlmodel import col, select

from storage.records import Attachment
from storage.repositories.repository import Repository
from storage.tables import AttachmentRow


class Attachments(Repository[Attachment]):
    row: ClassVar = AttachmentRow
    noun: ClassVar = Attachment

    def keep(self, attachment: Attachment, content: bytes) -> Attachment:
        return self._add(attachment, content=content)

    def of_client(self, client_id: int) -> list[Attachment]:
        """Oldest first."""
        columns = [getattr(AttachmentRow, name) for name in Attachment.model_fields]
        statement = select(*columns).where(col(AttachmentRow.client_id) == client_id).order_by(col(AttachmentRow.id))
        return [self._noun_of(row._mapping) for row in self._session.execute(statement)]

    def content_of(self, attachment: Attachment) -> bytes:
        """Its bytes; none of them where the client was erased."""
        found = self._session.exec(select(AttachmentRow.content).where(col(AttachmentRow.id) == attachment.id)).first()
        return found or b""
