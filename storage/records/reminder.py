"""One thing to be said to one person before one date, what became of it, and what was decided because of it."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlmodel import Field

from storage.records.agreement import NoticeMethod, Side
from storage.records.base import Record, choice, texts


class ReminderKind(StrEnum):
    NOTICE_DEADLINE = "notice_deadline"
    RENEWAL = "renewal"
    EXTENSION_DEADLINE = "extension_deadline"
    AGREEMENT_REVIEW = "agreement_review"
    UNSIGNED_AGREEMENT = "unsigned_agreement"
    MISSING_WALKTHROUGH = "missing_walkthrough"
    DISCLOSURE_REASK = "disclosure_reask"
    MISSING_PAPER = "missing_paper"
    ACCESS_REVIEW = "access_review"
    PROMISE_DUE = "promise_due"
    FRAMEWORK_UPDATE = "framework_update"
    RULE_DATE = "rule_date"
    OBLIGATION_DUE = "obligation_due"
    INCIDENT_CLOCK = "incident_clock"
    SCOPE_QUESTION = "scope_question"


class ReminderState(StrEnum):
    """PENDING until it is claimed; SENDING while it is unknown whether Slack has it; then SENT, and what became of it.

    REPLACED by a later reminder of the same cycle, or by one to somebody else. CANCELLED: it no longer applies.
    FAILED: it cannot be delivered; `problem` says why.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    ACKED = "acked"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNANSWERED = (ReminderState.SENT, ReminderState.ESCALATED)
"""It was said, and nobody has answered it."""


class Reminder(Record):
    """`subject` is what it is about, such as "agreement:12"; with `kind` and `deadline` it makes one cycle.

    `lead_days` before the deadline (negative: after it); of an incident's clock, hours. `step` is the rung of the
    ladder: 0 for whoever answers for it, 1 for the backup, 2 for the managers. `generation` grows when the same thing
    has to be said again. `recipient` is a Slack user or channel id; empty if there is nobody to tell.
    `local_date`, `local_time` and `zone` are what was meant, `due_at` the instant that follows (never earlier sent).
    `bundle` names the message it goes into, `message_key` marks that message in Slack (set by the first claim).
    `retry_at`: not to be tried before. `withdrawn_at`: it stopped to apply while it was being sent.
    `acked_by`: who answered; while it waits for an answer, who has seen it and cannot decide it.
    `is_stale`: the message in Slack does not show yet what is known here.
    """

    kind: ReminderKind = choice(ReminderKind)
    subject: str = Field(min_length=1, max_length=80)
    client_id: int | None = None
    agreement_id: int | None = None
    agreement_version: int | None = None
    term_start: date | None = None
    deadline: date
    lead_days: int
    step: int = 0
    generation: int = 0
    recipient: str = Field(default="", max_length=32)
    headline: str = Field(min_length=1, max_length=400)
    local_date: date
    local_time: time
    zone: str = Field(max_length=64)
    due_at: datetime
    dedupe_key: str = Field(max_length=64)
    bundle: str = Field(max_length=120)
    state: ReminderState = choice(ReminderState, default=ReminderState.PENDING)
    attempt: int = 0
    owner: str | None = Field(default=None, max_length=80)
    lease_until: datetime | None = None
    first_attempt_at: datetime | None = None
    retry_at: datetime | None = None
    message_key: str | None = Field(default=None, max_length=64)
    channel: str | None = Field(default=None, max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)
    sent_at: datetime | None = None
    withdrawn_at: datetime | None = None
    acked_by: str | None = Field(default=None, max_length=64)
    acked_at: datetime | None = None
    snoozed_until: date | None = None
    escalated_at: datetime | None = None
    is_stale: bool = False
    problem: str | None = Field(default=None, max_length=500)

    @property
    def about(self) -> tuple[int, ...]:
        """The client that it tells about, by id; empty for what concerns all of them."""
        return () if self.client_id is None else (self.client_id,)


class DecisionChoice(StrEnum):
    """ROLLED_OVER is no decision: the term renewed by itself, and the bot recorded that nobody had decided."""

    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    GIVE_NOTICE = "give_notice"
    LET_LAPSE = "let_lapse"
    ROLLED_OVER = "rolled_over"


class Decision(Record):
    """What was decided about one term of an agreement. The newest that was not retracted holds. Dates are inclusive.

    `notice_on`: the day notice was sent; None while it is only planned (`notice_planned_on`) or not notice at all.
    `notice_side`: who gave it; None is the MSP. `notice_delivered_on`: the day it arrived, where that is known.
    `decided` RENEW with `notice_on`: the day the other side was told.
    """

    agreement_id: int
    agreement_version: int
    term_start: date | None = None
    term_end: date | None = None
    decided: DecisionChoice = choice(DecisionChoice)
    reason: str = Field(min_length=1, max_length=2000)
    decided_by: str = Field(max_length=64)
    decided_at: datetime
    notice_on: date | None = None
    notice_method: NoticeMethod | None = choice(NoticeMethod, default=None, nullable=True)
    proof_url: str | None = Field(default=None, max_length=1000)
    told: tuple[str, ...] = texts()
    notice_side: Side | None = choice(Side, default=None, nullable=True)
    notice_planned_on: date | None = None
    notice_delivered_on: date | None = None
    notice_address: str | None = Field(default=None, max_length=300)
    notice_tracking: str | None = Field(default=None, max_length=120)
    retracted_at: datetime | None = None
    retracted_by: str | None = Field(default=None, max_length=64)
    retraction_reason: str | None = Field(default=None, max_length=2000)


class LeadTimes(Record):
    """How many days before the deadline to remind, not the usual ones. `scope`: workspace, client:3, agreement:12."""

    scope: str = Field(min_length=1, max_length=40)
    kind: ReminderKind = choice(ReminderKind)
    days: tuple[int, ...] = texts()
    set_by: str = Field(max_length=64)
    set_at: datetime


class PersonZone(Record):
    """The time zone of somebody's Slack profile, as last seen."""

    user: str = Field(min_length=1, max_length=32)
    zone: str = Field(min_length=1, max_length=64)
    learned_at: datetime


class Heartbeat(Record):
    """When a job last ran to its end, and in which process."""

    job: str = Field(min_length=1, max_length=40)
    beat_at: datetime
    process: str = Field(max_length=80)
