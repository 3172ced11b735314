"""What one run of the engagement check found for a client, and which findings are prepared for counsel."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record, texts
from storage.records.versioned import Versioned


class CheckResult(Record):
    """`findings` name what was found, as `rule|subject`, worst first."""

    client_id: int
    checked_at: datetime
    checked_by: str = Field(max_length=64)
    findings: tuple[str, ...] = texts()


class CounselMark(Versioned):
    """A finding of a client that is prepared for counsel: `rule|subject`, or the key of a rule for all that it finds.

    `said_by` is who asked for it.
    """

    finding: str = Field(min_length=1, max_length=2000)
    said_by: str = Field(min_length=1, max_length=200)
