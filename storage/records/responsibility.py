"""A row of the responsibility matrix: who does what, by which clause, from when until when."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Entry, Record, choice, few, texts


class Party(StrEnum):
    MSP = "msp"
    CLIENT = "client"
    SHARED = "shared"
    THIRD_PARTY = "third_party"
    OUT_OF_SCOPE = "out_of_scope"


class RowBasis(StrEnum):
    """Why a row that was entered under signed paper counts: the paper says so, or nothing signed does yet."""

    AS_SIGNED = "as_signed"
    PROPOSED = "proposed"


class Responsibility(Record):
    """One version of one row. A correction supersedes it (`superseded_at`) and adds another; nothing is overwritten.

    `effective_from`/`effective_to` (inclusive; None is open): when it applied.
    `recorded_at`/`superseded_at`: when we knew it. `position` keeps the order of the paper.
    `entered_at`/`entered_by`: when and by whom its statement was entered, where this version only changed its days or
    names; None where that is `recorded_at`/`recorded_by`. `corrects_id`: the version whose past days it replaced.
    `basis`: None for a row entered before the paper was signed, or before its basis was asked for. `attester` says
    that the signed paper's `clause` says so. `carried_by_id`: the agreement whose signing agrees a proposed row.
    """

    client_id: int
    agreement_id: int
    item: str = Field(min_length=1, max_length=300)
    category: str | None = Field(default=None, max_length=120)
    party: Party = choice(Party)
    msp_part: str | None = Field(default=None, max_length=2000)
    client_part: str | None = Field(default=None, max_length=2000)
    third_party: str | None = Field(default=None, max_length=300)
    clause: str | None = Field(default=None, max_length=120)
    notes: str | None = Field(default=None, max_length=4000)
    control_refs: tuple[Entry, ...] = texts()
    aliases: tuple[Entry, ...] = texts()
    position: int = 0
    effective_from: date | None = None
    effective_to: date | None = None
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
    superseded_at: datetime | None = None
    superseded_by: str | None = Field(default=None, max_length=64)
    entered_at: datetime | None = None
    entered_by: str | None = Field(default=None, max_length=64)
    corrects_id: int | None = None
    basis: RowBasis | None = choice(RowBasis, default=None, nullable=True)
    attester: str | None = Field(default=None, max_length=64)
    attested_at: datetime | None = None
    carried_by_id: int | None = None

    @property
    def stated_at(self) -> datetime:
        """When its statement was first recorded, whatever happened to its days and names since."""
        return self.entered_at or self.recorded_at

    @property
    def stated_by(self) -> str:
        """Who recorded its statement first."""
        return self.entered_by or self.recorded_by

    _few = field_validator("control_refs", "aliases")(few)

    def in_force_on(self, day: date) -> bool:
        """Whether it applied on `day`, by its own effective dates alone."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )
