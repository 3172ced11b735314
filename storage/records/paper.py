"""Papers that were made for a client, by number and hash. What they say is kept beside, see the repository."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class PaperKind(StrEnum):
    STATEMENT = "statement"
    WALKTHROUGH = "walkthrough"
    DISCLOSURE = "disclosure"
    ADDENDUM = "addendum"
    DECLINATION = "declination"
    NOTICE = "notice"
    INCIDENT = "incident"
    EVIDENCE = "evidence"


class PaperFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ZIP = "zip"


class Paper(Record):
    """`number` stands for the content: the same content has the same one. Both hashes are SHA-256 in hexadecimal.

    `template` is the version of the wording, 0 for the one that came with the bot.
    """

    client_id: int
    agreement_id: int | None = None
    kind: PaperKind = choice(PaperKind)
    format: PaperFormat = choice(PaperFormat)
    number: str = Field(min_length=1, max_length=40)
    as_of: date
    content_hash: str = Field(min_length=64, max_length=64)
    file_hash: str = Field(min_length=64, max_length=64)
    size: int = Field(ge=0)
    template: int = Field(default=0, ge=0)
    made_at: datetime
    made_by: str = Field(max_length=64)


class PaperTemplate(Record):
    """One version of a kind of paper's wording, as a DOCX file; its bytes are kept beside, see the repository.

    With `is_reset` it is no file: from then on the wording that came with the bot counts again. `file_hash` is the
    file's SHA-256 in hexadecimal.
    """

    kind: PaperKind = choice(PaperKind)
    version: int = Field(ge=1)
    is_reset: bool = False
    name: str = Field(default="", max_length=255)
    file_hash: str = Field(default="", max_length=64)
    size: int = Field(default=0, ge=0)
    changed_at: datetime
    changed_by: str = Field(max_length=64)
