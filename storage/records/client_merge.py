"""Which rows a client that was merged into another one brought along, so that it can be taken back."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from storage.records.base import Record, texts


class ClientMerge(Record):
    """`client_id` is the survivor, `merged_id` the client that ended.

    `moved` maps tables to the ids of the rows that moved; `references` has pairs of a renamed agreement's id and its
    earlier reference. `former_names` and `channels` are those that the survivor got.
    """

    client_id: int
    merged_id: int
    moved: dict[str, list[int]] = Field(sa_type=JSON)
    references: tuple[tuple[int, str], ...] = texts()
    former_names: tuple[str, ...] = texts()
    channels: tuple[str, ...] = texts()
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
    retracted_at: datetime | None = None
    retracted_by: str | None = Field(default=None, max_length=64)
