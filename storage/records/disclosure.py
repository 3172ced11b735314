"""What a client told us about a regulation it must follow: asked, answered, attested, and when it was known."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class DisclosureAnswer(StrEnum):
    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"
    UNKNOWN = "unknown"
    DECLINED = "declined"


class Disclosure(Record):
    """One version of one answer. `regulation` is a key of the shipped catalogue.

    `effective_from`/`effective_to` (inclusive): when it applied; `recorded_at`/`superseded_at`: when we knew it.
    `client_accepts_responsibility` for knowing whether our services satisfy it, by `responsibility_clause`.
    """

    client_id: int
    regulation: str = Field(min_length=1, max_length=60)
    answer: DisclosureAnswer = choice(DisclosureAnswer)
    asked_on: date
    asked_by: str = Field(max_length=64)
    attested_by: str | None = Field(default=None, max_length=200)
    evidence_url: str | None = Field(default=None, max_length=1000)
    scope: str | None = Field(default=None, max_length=1000)
    client_accepts_responsibility: bool | None = None
    responsibility_clause: str | None = Field(default=None, max_length=120)
    reask_on: date | None = None
    effective_from: date
    effective_to: date | None = None
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
    superseded_at: datetime | None = None
    superseded_by: str | None = Field(default=None, max_length=64)
