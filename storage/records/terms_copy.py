"""What the linked terms of an agreement were on a day: their hash, so that a later change is seen."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class HashOf(StrEnum):
    """TEXT: the readable text of a page, so that what a reader does not see is no change. BYTES: the file as it is."""

    TEXT = "text"
    BYTES = "bytes"


class TermsCopy(Record):
    """`url` is where it was fetched, `name` the file that was attached in its place. The content is not kept.

    `content_hash` is the SHA-256, in hexadecimal, of `hash_of`; `size` counts the bytes that came.
    """

    client_id: int
    agreement_id: int
    url: str | None = Field(default=None, max_length=1000)
    name: str | None = Field(default=None, max_length=255)
    hash_of: HashOf = choice(HashOf)
    content_hash: str = Field(min_length=64, max_length=64)
    size: int = Field(ge=0)
    taken_at: datetime
    taken_by: str = Field(max_length=64)
