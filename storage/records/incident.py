"""An incident at a client, and what was done about each of its clocks: who told whom, when, with what proof."""

from datetime import date, time
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Entry, choice, few, texts
from storage.records.versioned import Versioned


class Incident(Versioned):
    """One version of what is known of it. `first_id` is the id of its first version; None in that one.

    `discovered_on` and `discovered_time` are local to `zone`; without a time of day, hours count from the beginning of
    the day. `determined_on`: when it was determined to be a breach. `residents`: where the people live, such as US-TX,
    or "US-TX 1200" where their number is known; `people`: how many there are in all. `ended_on`: the day it was closed.
    """

    first_id: int | None = None
    what: str = Field(min_length=1, max_length=300)
    discovered_on: date
    discovered_time: time | None = None
    zone: str = Field(min_length=1, max_length=64)
    determined_on: date | None = None
    data: tuple[Entry, ...] = texts()
    residents: tuple[Entry, ...] = texts()
    people: int | None = Field(default=None, ge=0, le=999_999_999)
    reported_by: str | None = Field(default=None, max_length=200)
    owner: str | None = Field(default=None, max_length=32)
    notes: str | None = Field(default=None, max_length=2000)
    ended_on: date | None = None
    end_reason: str | None = Field(default=None, max_length=2000)

    _few = field_validator("data", "residents")(few)

    @property
    def number(self) -> int:
        """What it is called by, whatever is changed in it later."""
        return self.first_id or self.id


class MarkState(StrEnum):
    TOLD = "told"
    NOT_APPLICABLE = "not_applicable"


class ClockMark(Versioned):
    """What became of one clock of the incident number `incident_id`. `clock` is its key, `title` its name then.

    `told_on`, `told_time` are local to the incident's zone. `reason`: why it does not apply.
    """

    incident_id: int
    clock: str = Field(min_length=1, max_length=160)
    title: str = Field(min_length=1, max_length=400)
    state: MarkState = choice(MarkState)
    told_to: str | None = Field(default=None, max_length=200)
    told_by: str | None = Field(default=None, max_length=200)
    told_on: date | None = None
    told_time: time | None = None
    told_proof: str | None = Field(default=None, max_length=1000)
    reason: str | None = Field(default=None, max_length=2000)
