"""The conversation in which an agreement was explained: who, to whom, when, which topics."""

from datetime import date, datetime

from sqlmodel import Field

from storage.records.base import Record, texts


class Walkthrough(Record):
    """`topics` are KeyTopic values; empty means that the topics were not noted. `explained_to`: with title.

    `may_sign`: whether whoever heard it may sign for the client; None where that is not recorded. `asked`: what they
    asked, and what was answered.
    """

    agreement_id: int
    held_on: date
    explained_by: str = Field(min_length=1, max_length=200)
    explained_to: str = Field(min_length=1, max_length=200)
    topics: tuple[str, ...] = texts()
    notes: str | None = Field(default=None, max_length=2000)
    may_sign: bool | None = None
    asked: str | None = Field(default=None, max_length=2000)
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
