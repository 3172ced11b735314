"""That a client was asked about regulations, all of them at once: "asked, none disclosed" is an answer, too."""

from datetime import date

from sqlmodel import Field

from storage.records.base import texts
from storage.records.versioned import Versioned


class Questionnaire(Versioned):
    """`regulations` are the catalogue keys that were asked about; `disclosed` those the client said apply."""

    asked_on: date
    asked_by: str = Field(max_length=64)
    attested_by: str | None = Field(default=None, max_length=200)
    regulations: tuple[str, ...] = texts()
    disclosed: tuple[str, ...] = texts()
    evidence_url: str | None = Field(default=None, max_length=1000)
    reask_on: date | None = None
