"""The frameworks that a standard of care is measured by: imported catalogues, and who is measured by which version."""

from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Field

from storage.records.base import Record
from storage.records.versioned import Versioned


class FrameworkControl(NamedTuple):
    """One control of one version. `key` is its id as ids are compared, `id` as the catalogue writes it.

    `digest` stands for its wording, parameters and punctuation aside.
    """

    key: str
    id: str
    title: str
    is_withdrawn: bool
    digest: str


class FrameworkVersion(Record):
    """An imported catalogue. `family` is a key of the shipped catalogue, or one of its own.

    `version` is what the file calls itself; `edition` is the published version it is a copy of, such as 4, 5 or 2.0:
    one edition is often issued as several files. `modified` is the file's own date. Never rewritten.
    """

    family: str = Field(min_length=1, max_length=60)
    version: str = Field(min_length=1, max_length=60)
    edition: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=300)
    modified: str | None = Field(default=None, max_length=60)
    oscal_version: str | None = Field(default=None, max_length=60)
    file: str = Field(max_length=255)
    controls: int = 0
    withdrawn: int = 0
    imported_at: datetime
    imported_by: str = Field(max_length=64)


class Adoption(Versioned):
    """A client, or one of its agreements (`agreement_id`), is measured by this edition of a framework.

    `ended_on`: the first day it no longer is.
    """

    agreement_id: int | None = None
    family: str = Field(min_length=1, max_length=60)
    edition: str = Field(min_length=1, max_length=60)
    clause: str | None = Field(default=None, max_length=120)
    adopted_on: date
    reviewed_on: date | None = None
    ended_on: date | None = None
