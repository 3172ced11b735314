"""What we may touch at a client, which regulated data it holds, and how far the permission goes."""

from datetime import date
from enum import StrEnum

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Entry, choice, few, texts
from storage.records.plain_text import as_name
from storage.records.versioned import Versioned


class AccessLevel(StrEnum):
    """In rising order. `none`: the agreement keeps us out."""

    NONE = "none"
    VIEW = "view"
    USER = "user"
    ADMIN = "admin"


class AccessGrant(Versioned):
    """`data` names the regulated data that the system holds (None: none that is known), `regulation` a catalogue key.

    `limit` is how the access is limited in words, `basis` the clause that allows it, `explained_on` when its extent was
    explained to the client. Every date is inclusive; on `revoked_on` the access is over already.
    """

    system: str = Field(min_length=1, max_length=200)
    aliases: tuple[Entry, ...] = texts()
    level: AccessLevel = choice(AccessLevel)
    data: str | None = Field(default=None, max_length=300)
    regulation: str | None = Field(default=None, max_length=60)
    limit: str | None = Field(default=None, max_length=1000)
    basis: str | None = Field(default=None, max_length=200)
    granted_on: date
    explained_on: date | None = None
    explained_to: str | None = Field(default=None, max_length=200)
    reviewed_on: date | None = None
    review_on: date | None = None
    revoked_on: date | None = None
    reason: str | None = Field(default=None, max_length=500)

    _few = field_validator("aliases")(few)
    _named = field_validator("system", "aliases")(as_name)
