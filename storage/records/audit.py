"""What happened: one entry per command, chained so that a change or a gap shows (tamper-evident, not tamper-proof)."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice

CONSOLE = "console"
"""Who it was, where somebody with a shell on the machine typed it."""
CLOCK = "clock"
"""Who it was, where nobody typed it."""


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEntry(Record):
    """`seq` counts from 1 without gaps in each workspace. `hash` covers every field but `id`, and `previous_hash`.

    `details_digest` is a salted digest of the details (JSON: what was typed, before, after), which live beside the
    chain so that a person's text can be erased without breaking it.
    """

    seq: int
    at: datetime
    actor: str = Field(max_length=64)
    action: str = Field(max_length=64)
    subject: str | None = Field(default=None, max_length=120)
    outcome: Outcome = choice(Outcome)
    details_digest: str = Field(max_length=64)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
