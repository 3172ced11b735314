"""What a person said about a spreadsheet of a client, for the next one that is laid out alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from storage.records.base import Record


class ImportMemory(Record):
    """`columns` (field -> header) is how a layout is recognised; `corrections` are the options that were given."""

    client_id: int
    columns: dict[str, str] = Field(sa_type=JSON)
    corrections: dict[str, Any] = Field(sa_type=JSON)
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
