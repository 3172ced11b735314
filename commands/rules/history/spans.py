"""From when to when a record holds: its first day, and the first day on which it holds no longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from storage.records import (
    AccessGrant,
    Adoption,
    ClientContract,
    DeclinedRecommendation,
    Incident,
    InsuranceRequirement,
    Obligation,
    Promise,
    Versioned,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The names of the fields that hold the first day and the ending, and what began on the first day, in words."""

    began: str
    ended: str
    beginning: str


SPANS: Mapping[type[Versioned], Span] = {
    AccessGrant: Span("granted_on", "revoked_on", "it was granted"),
    Adoption: Span("adopted_on", "ended_on", "it was adopted"),
    DeclinedRecommendation: Span("declined_on", "accepted_on", "it was declined"),
    InsuranceRequirement: Span("asked_on", "ended_on", "it was asked about"),
    Obligation: Span("since", "ended_on", "it began to bind"),
    Incident: Span("discovered_on", "ended_on", "it was discovered"),
    ClientContract: Span("told_on", "ended_on", "we were told of it"),
    Promise: Span("made_on", "ended_on", "it was made"),
}


def ending_of(record: Versioned) -> date | None:
    """The first day on which it holds no longer; None where no ending is recorded."""
    found: date | None = getattr(record, SPANS[type(record)].ended)
    return found


def has_ended(record: Versioned, on: date) -> bool:
    """Whether it is over on that day. On the day of the ending it is."""
    ending = ending_of(record)
    return ending is not None and ending <= on
