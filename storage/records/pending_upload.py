"""A file somebody sent, kept until they confirm or cancel what would be done with it."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record


class PendingUpload(Record):
    """`name` as the person called it; `content` as it came. Only `uploaded_by` may confirm it."""

    name: str = Field(min_length=1, max_length=255)
    content: bytes
    uploaded_by: str = Field(max_length=64)
    uploaded_at: datetime
