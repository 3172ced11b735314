"""What was asked about scope, what was answered, and from which row version."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Editable, Record, choice, texts


class Verdict(StrEnum):
    """A party, or why there is none."""

    MSP = "msp"
    CLIENT = "client"
    SHARED = "shared"
    THIRD_PARTY = "third_party"
    OUT_OF_SCOPE = "out_of_scope"
    UNDOCUMENTED = "undocumented"
    AMBIGUOUS = "ambiguous"
    LAPSED = "lapsed"


class QuestionStatus(StrEnum):
    ANSWERED = "answered"
    OPEN = "open"
    SETTLED = "settled"
    DISMISSED = "dismissed"


class ScopeQuestion(Editable):
    """The record of one answer. `responsibility_id` is the row version that the verdict came from.

    `known_at`: it was asked what our records said at the end of that day; None: what they said at `asked_at`.
    `thread` is the Slack thread it was asked in, so that a follow-up there is about the same client.
    `shown` is the answer in the words that were shown; None for answers from before those were kept.
    `open` means undocumented and waiting for a manager; settling fills the `settled_*` fields.
    `joined_id`: the open question about the same thing that it joined; whoever asked hears of that one.
    `told_from`: a manager hears of it at once from then on, not with the day's questions. `presses`: how often somebody
    asked for that; 0: enough questions waited. `suggested_item`: the row that somebody says would be right.
    """

    client_id: int
    question: str = Field(min_length=1, max_length=3000)
    asked_by: str = Field(max_length=64)
    channel: str | None = Field(default=None, max_length=32)
    thread: str | None = Field(default=None, max_length=64)
    asked_at: datetime
    as_of: date
    known_at: date | None = None
    verdict: Verdict = choice(Verdict)
    item: str | None = Field(default=None, max_length=300)
    responsibility_id: int | None = None
    confidence: float = 0.0
    candidates: tuple[str, ...] = texts()
    cautions: tuple[str, ...] = texts()
    status: QuestionStatus = choice(QuestionStatus, default=QuestionStatus.ANSWERED)
    settled_by: str | None = Field(default=None, max_length=64)
    settled_at: datetime | None = None
    settled_verdict: Verdict | None = choice(Verdict, constraint="settled_verdict", default=None, nullable=True)
    settled_responsibility_id: int | None = None
    settlement: str | None = Field(default=None, max_length=2000)
    asker_told_at: datetime | None = None
    joined_id: int | None = None
    told_from: datetime | None = None
    presses: int = 0
    suggested_item: str | None = Field(default=None, max_length=300)
    shown: str | None = Field(default=None, max_length=8000)


class ChangedAnswer(Record):
    """Another answer than the one that somebody got, since a change to the records. A later change adds another:
    the newest of a question is its answer now.

    `before` is the earlier answer in words. `told_at`: when whoever asked was told of it; None until then.
    """

    client_id: int
    scope_question_id: int
    asked_by: str = Field(max_length=64)
    changed_at: datetime
    before: str = Field(max_length=60)
    verdict: Verdict = choice(Verdict)
    responsibility_id: int | None = None
    told_at: datetime | None = None
