"""What one run of the engagement check found for a client, so that the next can say what changed."""

from datetime import datetime

from sqlmodel import Field

from storage.records.base import Record, texts


class CheckResult(Record):
    """`findings` name what was found, as `rule|subject`, worst first."""

    client_id: int
    checked_at: datetime
    checked_by: str = Field(max_length=64)
    findings: tuple[str, ...] = texts()
