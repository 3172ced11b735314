"""A private address under which a calendar reads what one person has to do."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record


class CalendarFeed(Record):
    """Of one person. `token_hash` is SHA-256 of the secret in the address, which is shown once and kept nowhere."""

    user: str = Field(min_length=1, max_length=64)
    token_hash: str = Field(min_length=64, max_length=64)
    made_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = Field(default=None, max_length=64)
