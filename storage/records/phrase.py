"""A wording that people use for a row of the matrix, learned from a question. Not part of the signed paper."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record


class LearnedPhrase(Record):
    """`item` is the row's name. It counts until it is forgotten; who taught it, and from which question, stays."""

    client_id: int
    item: str = Field(min_length=1, max_length=300)
    phrase: str = Field(min_length=1, max_length=300)
    question_id: int | None = None
    learned_by: str = Field(max_length=64)
    learned_at: datetime
    forgotten_by: str | None = Field(default=None, max_length=64)
    forgotten_at: datetime | None = None
