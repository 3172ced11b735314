"""A signature under an agreement: who signed for which side, in what manner, and what was signed."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.agreement import Side
from storage.records.base import choice
from storage.records.versioned import Versioned


class SignatureManner(StrEnum):
    WET_INK = "wet_ink"
    E_SIGNATURE = "e_signature"
    CLICK_THROUGH = "click_through"


class Signature(Versioned):
    """`signer` with `title`; `provider` and `envelope` are of an e-signature. `document_hash`: SHA-256 of the document
    that was signed, in hexadecimal. None means "not recorded".
    """

    agreement_id: int
    side: Side = choice(Side)
    signer: str = Field(min_length=1, max_length=200)
    title: str | None = Field(default=None, max_length=200)
    signed_on: date
    manner: SignatureManner | None = choice(SignatureManner, default=None, nullable=True)
    provider: str | None = Field(default=None, max_length=120)
    envelope: str | None = Field(default=None, max_length=200)
    document_hash: str | None = Field(default=None, max_length=64)

    @field_validator("document_hash", mode="before")
    @classmethod
    def _sha256(cls, value: object) -> object:
        """In lower case. Raises ValueError for what is no SHA-256."""
        if not isinstance(value, str):
            return value
        digest = value.strip().lower().removeprefix("sha256:")
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError("is not a SHA-256: it has 64 characters, 0 to 9 and a to f.")
        return digest
