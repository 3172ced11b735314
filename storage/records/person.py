"""What Slack said about somebody: the name, and whether they can still answer for anything here."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class Absence(StrEnum):
    """Why somebody cannot answer for anything here."""

    GONE = "gone"
    GUEST = "guest"
    BOT = "bot"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


class Person(Record):
    """A Slack user as last seen. `absence` is None for a full member of this workspace.

    `email` comes from a list of members that somebody imported.
    """

    user: str = Field(min_length=1, max_length=32)
    name: str | None = Field(default=None, max_length=120)
    absence: Absence | None = choice(Absence, default=None, nullable=True)
    seen_at: datetime
    email: str | None = Field(default=None, max_length=254)
