"""What can be said about an agreement on a day: the answer that `commands.rules.agreements.renewals` works out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from commands.rules.dates.format import format_date


class AgreementStanding(StrEnum):
    """`notice_missed`: the deadline passed and the agreement will renew itself. `expiring`: it ends unless somebody
    acts, and soon; or it was terminated and the last day is still ahead.
    """

    DRAFT = "draft"
    OUT_FOR_SIGNATURE = "out_for_signature"
    UPCOMING = "upcoming"
    ACTIVE = "active"
    NOTICE_OPEN = "notice_open"
    NOTICE_MISSED = "notice_missed"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    EVERGREEN = "evergreen"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


IN_FORCE = (
    AgreementStanding.ACTIVE,
    AgreementStanding.NOTICE_OPEN,
    AgreementStanding.NOTICE_MISSED,
    AgreementStanding.EXPIRING,
    AgreementStanding.EVERGREEN,
)
OVER = (AgreementStanding.LAPSED, AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """All dates inclusive; None where there is none or it cannot be told.

    `missing`: fields without which the status cannot be told (or that contradict each other).
    `term_start`, `term_end`: the current term; the first one before it began, the last one when all is over.
    `renewals_left`: renewals after the current term; None is not limited by anything recorded.
    `notice_opens`, `notice_deadline`, `send_by`: the MSP's notice against the *current* term, or for a renewal by
    choice the last day to say that it is wanted. `arrive_by`: the last business day up to `notice_deadline`; what
    arrives later does not count. `extension_deadline`: the last day on which whoever wants to
    extend the current term can say so. `next_notice_deadline` is the first that has not passed and
    `earliest_end` the last day of the agreement if notice is given today.
    `uplift`: percent, from `next_term_start`. `next_review` in the past means that the review is overdue.
    `ends_on`: the last day, where notice or a termination ended it; `ending` says how. `renews`: terms follow each
    other unless somebody gives notice. `is_monthly`: a deadline passes every month, so a missed one costs one month.
    `doubts`: sentences on papers that may change what is said here, and do not say enough to count. `sources`: what an
    amendment changed, such as "notice of 60 days, by AMD-1 since 1 March 2026".
    """

    status: AgreementStanding
    missing: tuple[str, ...] = ()
    term_start: date | None = None
    term_end: date | None = None
    renewals_so_far: int = 0
    renewals_left: int | None = None
    notice_opens: date | None = None
    notice_deadline: date | None = None
    client_notice_deadline: date | None = None
    extension_deadline: date | None = None
    arrive_by: date | None = None
    send_by: date | None = None
    next_notice_deadline: date | None = None
    earliest_end: date | None = None
    next_review: date | None = None
    next_term_start: date | None = None
    uplift: Decimal | None = None
    assumptions: tuple[str, ...] = ()
    ends_on: date | None = None
    ending: str | None = None
    renews: bool = False
    is_monthly: bool = False
    doubts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def act_by(self, today: date) -> date | None:
        """The last day to send notice against the current term; once that has passed, the last on which it can arrive;
        None once that has passed, too.
        """
        return next((day for day in (self.send_by, self.arrive_by) if day is not None and day >= today), None)


def sending_words(found: Standing, today: date) -> str:
    """By when notice has to be sent, or to arrive once that has passed; empty where the deadline itself will do."""
    last = found.act_by(today)
    if last is None or last == found.notice_deadline:
        return ""
    return f" ({'send it' if last == found.send_by else 'it has to arrive'} by {format_date(last)})"
