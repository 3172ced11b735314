"""Files that wait for a confirmation. Short-lived: not part of the history, and not of the audit trail."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import col, select

from storage.engine.session import TenantSession
from storage.records.pending_upload import PendingUpload
from storage.repositories.repository import Note, Repository
from storage.tables import PendingUploadRow


class PendingUploads(Repository[PendingUpload]):
    row: ClassVar = PendingUploadRow
    noun: ClassVar = PendingUpload

    def __init__(self, session: TenantSession, note: Note) -> None:
        super().__init__(session, note)
        self.taken: list[PendingUpload] = []
        """What was taken in this unit of work: the audit log says which files a command worked on."""

    def keep(self, upload: PendingUpload, *, expire_before: datetime) -> PendingUpload:
        """Keep it, and forget those that nobody confirmed since `expire_before`."""
        self._session.execute(delete(PendingUploadRow).where(col(PendingUploadRow.uploaded_at) < expire_before))
        row = PendingUploadRow(**dict(upload.changed(id=0)) | {"id": None})
        self._session.add(row)
        self._session.flush()
        return upload.model_copy(update={"id": row.id})

    def take(self, id: int, user: str) -> PendingUpload | None:
        """The file, which is then gone; None when there is none, or it is somebody else's."""
        found = self._one(
            select(PendingUploadRow).where(PendingUploadRow.id == id, PendingUploadRow.uploaded_by == user)
        )
        if found is not None:
            self._session.execute(delete(PendingUploadRow).where(col(PendingUploadRow.id) == id))
            self.taken.append(found)
        return found
