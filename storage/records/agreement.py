"""Signed paper with its own term: MSA, SOW, addendum, BAA and so on."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import DecimalText, Editable, choice
from storage.records.period import Period, period_field
from storage.records.plain_text import as_name, comparable

LONGEST_REFERENCE = 60


def reference_key(reference: str) -> str:
    """`reference` as it is compared: case, kinds of dashes and what cannot be seen do not matter."""
    return comparable(reference)


class AgreementKind(StrEnum):
    MSA = "msa"
    SOW = "sow"
    ORDER = "order"
    SERVICE_ATTACHMENT = "service_attachment"
    ADDENDUM = "addendum"
    AMENDMENT = "amendment"
    BAA = "baa"
    DPA = "dpa"
    NDA = "nda"
    ENGAGEMENT_LETTER = "engagement_letter"
    TERMS_OF_SERVICE = "terms_of_service"
    OTHER = "other"


class AgreementStatus(StrEnum):
    """What somebody decided. What follows from the dates (active, lapsed, notice open...) is derived in rules/."""

    DRAFT = "draft"
    OUT_FOR_SIGNATURE = "out_for_signature"
    EXECUTED = "executed"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


class RenewalMode(StrEnum):
    NONE = "none"
    MANUAL = "manual"
    AUTO = "auto"


class TermKind(StrEnum):
    """How the term runs. Fixed terms end; evergreen never does; month_to_month renews each month until ended."""

    FIXED = "fixed"
    EVERGREEN = "evergreen"
    MONTH_TO_MONTH = "month_to_month"


class NoticeMethod(StrEnum):
    EMAIL = "email"
    PORTAL = "portal"
    HAND = "hand"
    COURIER = "courier"
    POST = "post"
    CERTIFIED_MAIL = "certified_mail"


class NoticeTo(StrEnum):
    """The calendar period at whose end notice ends an agreement, where the paper says so."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Side(StrEnum):
    MSP = "msp"
    CLIENT = "client"


class KeyTopic(StrEnum):
    CUSTOMER_OBLIGATIONS = "customer_obligations"
    MSP_OBLIGATIONS = "msp_obligations"
    DISCLAIMER_OF_WARRANTIES = "disclaimer_of_warranties"
    LIMITATION_OF_LIABILITY = "limitation_of_liability"
    ASSUMPTION_OF_RISK = "assumption_of_risk"
    STANDARD_OF_CARE = "standard_of_care"
    REGULATORY_RESPONSIBILITY = "regulatory_responsibility"
    ACCESS_SCOPE = "access_scope"


class Agreement(Editable):
    """Every date is inclusive. `initial_end_on` wins over `initial_term` when both are known.

    `precedence_rank`: the lower number controls when two documents disagree; None takes the usual rank of its kind.
    `notice` is what the MSP must give, `client_notice` what the client must give; `extension_notice` is how long before
    the end whoever wants to extend it has to say so, which is no notice against a renewal; `notice_window` is how
    long before the term's end notice may first be given. `notice_to`: notice ends it at the end of such a calendar
    period, once the initial term is over. `client_signer` is who signed for the client, with title. None means "not
    known", never "none".
    """

    client_id: int
    reference: str = Field(min_length=1, max_length=LONGEST_REFERENCE)
    kind: AgreementKind = choice(AgreementKind, default=AgreementKind.OTHER)
    title: str | None = Field(default=None, max_length=200)
    summary: str | None = Field(default=None, max_length=2000)
    parent_id: int | None = None
    precedence_rank: int | None = Field(default=None, ge=0, le=999)
    status: AgreementStatus = choice(AgreementStatus, default=AgreementStatus.DRAFT)
    msp_signed_on: date | None = None
    client_signed_on: date | None = None
    client_signer: str | None = Field(default=None, max_length=200)
    effective_on: date | None = None
    term_kind: TermKind = choice(TermKind, default=TermKind.FIXED)
    initial_term: Period | None = period_field()
    initial_end_on: date | None = None
    renewal: RenewalMode | None = choice(RenewalMode, default=None, nullable=True)
    renewal_term: Period | None = period_field()
    max_renewals: int | None = Field(default=None, ge=0, le=999)
    notice: Period | None = period_field()
    client_notice: Period | None = period_field()
    extension_notice: Period | None = period_field()
    notice_window: Period | None = period_field()
    notice_to: NoticeTo | None = choice(NoticeTo, default=None, nullable=True)
    notice_method: NoticeMethod | None = choice(NoticeMethod, default=None, nullable=True)
    notice_address: str | None = Field(default=None, max_length=300)
    review_every: Period | None = period_field()
    last_reviewed_on: date | None = None
    uplift_percent: Decimal | None = Field(default=None, sa_type=DecimalText)
    terminated_on: date | None = None
    termination_reason: str | None = Field(default=None, max_length=500)
    document_url: str | None = Field(default=None, max_length=1000)
    owner: str | None = Field(default=None, max_length=32)

    _named = field_validator("reference", "title")(as_name)

    @field_validator("reference")
    @classmethod
    def _comparable(cls, value: str) -> str:
        if len(reference_key(value)) > LONGEST_REFERENCE:
            raise ValueError(
                f"has {len(reference_key(value))} characters as it is compared; at most {LONGEST_REFERENCE}."
            )
        return value

    @property
    def is_signed(self) -> bool:
        """Both sides have signed."""
        return self.msp_signed_on is not None and self.client_signed_on is not None
