"""What a person said about a table of clients or agreements, for the next one that is laid out alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from storage.records.base import Record


class TableMemory(Record):
    """`noun` is what a row of it is; `columns` (field -> title) is how a layout is recognised; `corrections` are the
    options that were given. Of words in cells only those are kept that are about no client.
    """

    noun: str = Field(max_length=32)
    columns: dict[str, str] = Field(sa_type=JSON)
    corrections: dict[str, Any] = Field(sa_type=JSON)
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
