"""That somebody outside has seen the head of the audit log: a time stamp after RFC 3161. Its bytes are beside."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record


class AuditStamp(Record):
    """`hash` is that of audit entry `seq`, and the text that was stamped. `stamped_at` is the service's time."""

    seq: int = Field(ge=1)
    hash: str = Field(min_length=64, max_length=64)
    service: str = Field(min_length=1, max_length=500)
    requested_at: datetime
    stamped_at: datetime
