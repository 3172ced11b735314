"""What every noun with a history shares: when we knew it, and who said so."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record


class Versioned(Record):
    """One version of something recorded about a client. A change supersedes it and adds another.

    `recorded_at`/`superseded_at` (aware UTC): when we held it to be true. `client_id` None: it concerns every client.
    """

    client_id: int | None = None
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
    superseded_at: datetime | None = None
    superseded_by: str | None = Field(default=None, max_length=64)
