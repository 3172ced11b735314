"""What the MSP has promised, where it said so, and whether it keeps doing it."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Entry, choice, few, texts
from storage.records.period import Period, period_field
from storage.records.versioned import Versioned


class PromiseSource(StrEnum):
    AGREEMENT = "agreement"
    SLA = "sla"
    PROPOSAL = "proposal"
    PRIVACY_POLICY = "privacy_policy"
    MARKETING = "marketing"
    EMAIL = "email"
    SPOKEN = "spoken"
    OTHER = "other"


class Promise(Versioned):
    """`client_id` None: made to everybody, as marketing is. `owner` is a Slack user id.

    `cadence`: how often it has to be done; None is once or always. `next_due_on` is when it is due next if it binds
    then, None when nothing is due. `ended_on`: the first day it no longer binds, for `end_reason`.
    """

    what: str = Field(min_length=1, max_length=500)
    source: PromiseSource = choice(PromiseSource)
    where: str | None = Field(default=None, max_length=300)
    document_url: str | None = Field(default=None, max_length=1000)
    owner: str | None = Field(default=None, max_length=32)
    made_on: date
    cadence: Period | None = period_field()
    last_kept_on: date | None = None
    evidence: str | None = Field(default=None, max_length=1000)
    next_due_on: date | None = None
    control_refs: tuple[Entry, ...] = texts()
    ended_on: date | None = None
    end_reason: str | None = Field(default=None, max_length=500)

    _few = field_validator("control_refs")(few)
