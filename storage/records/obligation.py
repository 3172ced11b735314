"""What a client must do, so that what we do can work; and a client's contracts with others, with what those demand."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Entry, choice, few, texts
from storage.records.period import Period, period_field
from storage.records.versioned import Versioned


class Obligation(Versioned):
    """One duty of the client. `item` names the matrix row that depends on it, `clause` where the paper says so.

    `next_due_on`: by when it has to be met next; None where no day is set. `unmet_on`: since when it is known not to be
    met; a day on which it is met takes that away. `told_on`, `told_to`, `told_by`, `told_proof`: that the client was
    told so. `waived_on`: we let it off in writing, `waiver` is where; `ended_on`: the first day it no longer binds.
    """

    what: str = Field(min_length=1, max_length=500)
    agreement_id: int | None = None
    clause: str | None = Field(default=None, max_length=120)
    item: str | None = Field(default=None, max_length=300)
    since: date
    cadence: Period | None = period_field()
    next_due_on: date | None = None
    last_met_on: date | None = None
    evidence: str | None = Field(default=None, max_length=1000)
    unmet_on: date | None = None
    told_on: date | None = None
    told_to: str | None = Field(default=None, max_length=200)
    told_by: str | None = Field(default=None, max_length=200)
    told_proof: str | None = Field(default=None, max_length=1000)
    waived_on: date | None = None
    waived_by: str | None = Field(default=None, max_length=200)
    waiver: str | None = Field(default=None, max_length=1000)
    owner: str | None = Field(default=None, max_length=32)
    ended_on: date | None = None


class ContractKind(StrEnum):
    """Who the other side is to the client."""

    CUSTOMER = "customer"
    INSURER = "insurer"
    LENDER = "lender"
    SUPPLIER = "supplier"
    LANDLORD = "landlord"
    FRANCHISOR = "franchisor"
    OTHER = "other"


class ClientContract(Versioned):
    """A contract or policy between the client and somebody else. `demands`: the controls that it names.

    `notice_hours`: within how many hours they want to hear of an incident; `notice_to`: where. `starts_on`, `ends_on`:
    inclusive. `report_days`: how many days after its end a claim can still be reported; None where it does not say.
    """

    counterparty: str = Field(min_length=1, max_length=200)
    kind: ContractKind = choice(ContractKind)
    reference: str | None = Field(default=None, max_length=120)
    document_url: str | None = Field(default=None, max_length=1000)
    demands: tuple[Entry, ...] = texts()
    notice_hours: int | None = Field(default=None, ge=0, le=8784)
    notice_to: str | None = Field(default=None, max_length=300)
    starts_on: date | None = None
    ends_on: date | None = None
    report_days: int | None = Field(default=None, ge=0, le=3660)
    told_by: str | None = Field(default=None, max_length=200)
    told_on: date
    reask_on: date | None = None
    notes: str | None = Field(default=None, max_length=2000)
    ended_on: date | None = None

    _few = field_validator("demands")(few)
