"""Work that was asked for and that no agreement covers: what it was, how long it took, and who asked."""

from datetime import date, datetime

from sqlmodel import Field

from storage.records.base import Record, choice
from storage.records.question import Verdict


class BillableWork(Record):
    """`verdict` and `responsibility_id` are those of the answer that said so; `question` is what was asked then."""

    client_id: int
    scope_question_id: int
    question: str = Field(min_length=1, max_length=3000)
    asked_by: str = Field(max_length=64)
    verdict: Verdict = choice(Verdict)
    responsibility_id: int | None = None
    done_on: date
    minutes: int = Field(ge=1, le=10_000)
    notes: str | None = Field(default=None, max_length=2000)
    recorded_at: datetime
    recorded_by: str = Field(max_length=64)
    retracted_at: datetime | None = None
    retracted_by: str | None = Field(default=None, max_length=64)
    retraction_reason: str | None = Field(default=None, max_length=2000)
