"""Signed copies that came back: a file about a client, kept with its hash. The bytes are beside, see the repository."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class CopyOf(StrEnum):
    """What the file is a signed copy of, or the proof of."""

    AGREEMENT = "agreement"
    STATEMENT = "statement"
    WALKTHROUGH = "walkthrough"
    DISCLOSURE = "disclosure"
    DECLINATION = "declination"
    NOTICE = "notice"
    ADDENDUM = "addendum"


class MediaType(StrEnum):
    """By content, whatever the file is called."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    DOCX = "docx"


class Attachment(Record):
    """`number` is the paper of ours that it is a copy of, `subject` such as "recommendation:Offline backup copy".

    `file_hash` is its SHA-256 in hexadecimal.
    """

    client_id: int
    agreement_id: int | None = None
    kind: CopyOf = choice(CopyOf)
    subject: str | None = Field(default=None, max_length=600)
    number: str | None = Field(default=None, max_length=40)
    name: str = Field(min_length=1, max_length=255)
    media: MediaType = choice(MediaType)
    file_hash: str = Field(min_length=64, max_length=64)
    size: int = Field(ge=1)
    added_at: datetime
    added_by: str = Field(max_length=64)
