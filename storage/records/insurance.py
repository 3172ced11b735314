"""What a client's insurer demands: the control, who attests to it, who implements it, and the evidence."""

from datetime import date

from sqlmodel import Field

from storage.records.base import choice
from storage.records.responsibility import Party
from storage.records.versioned import Versioned


class InsuranceRequirement(Versioned):
    """`attested_by` signs the application for it (name, title); `implemented_by` is the party that does it.

    `ended_on`: the first day the insurer no longer demands it.
    """

    control: str = Field(min_length=1, max_length=300)
    insurer: str | None = Field(default=None, max_length=200)
    policy: str | None = Field(default=None, max_length=120)
    attested_by: str | None = Field(default=None, max_length=200)
    attested_on: date | None = None
    implemented_by: Party | None = choice(Party, default=None, nullable=True)
    item: str | None = Field(default=None, max_length=300)
    evidence_url: str | None = Field(default=None, max_length=1000)
    asked_on: date
    reask_on: date | None = None
    ended_on: date | None = None
