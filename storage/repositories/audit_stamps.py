"""Time stamps of the audit log's heads, with the bytes that the service answered. Append only."""

from typing import ClassVar

from sqlmodel import col, select

from storage.records import AuditStamp
from storage.repositories.repository import Repository
from storage.tables import AuditStampRow


class AuditStamps(Repository[AuditStamp]):
    row: ClassVar = AuditStampRow
    noun: ClassVar = AuditStamp

    def keep(self, stamp: AuditStamp, response: bytes) -> AuditStamp:
        return self._add(stamp, response=response)

    def list(self) -> list[AuditStamp]:
        """Oldest first."""
        columns = [getattr(AuditStampRow, name) for name in AuditStamp.model_fields]
        statement = select(*columns).order_by(col(AuditStampRow.id))
        return [self._noun_of(row._mapping) for row in self._session.execute(statement)]

    def newest(self) -> AuditStamp | None:
        return next(reversed(self.list()), None)

    def response_of(self, stamp: AuditStamp) -> bytes:
        """The service's answer, as DER."""
        asked = select(AuditStampRow.response).where(col(AuditStampRow.id) == stamp.id)
        return self._session.exec(asked).first() or b""
