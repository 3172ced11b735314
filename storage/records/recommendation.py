"""What we recommended and the client declined: the record behind the assumption of risk."""

from datetime import date

from sqlmodel import Field

from storage.records.versioned import Versioned


class DeclinedRecommendation(Versioned):
    """`item` is the matrix row it concerns, `risk_clause` the assumption-of-risk clause that then applies.

    `reoffer_on`: when to offer it again, unless it was accepted on `accepted_on`.
    """

    what: str = Field(min_length=1, max_length=500)
    offered_on: date
    declined_on: date
    declined_by: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=1000)
    item: str | None = Field(default=None, max_length=300)
    agreement_id: int | None = None
    risk_clause: str | None = Field(default=None, max_length=120)
    evidence_url: str | None = Field(default=None, max_length=1000)
    reoffer_on: date | None = None
    accepted_on: date | None = None
