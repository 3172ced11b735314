"""Where an agreement stands on a day: its term, its renewals, and the last day to give notice.

Every date is inclusive. Nothing is assumed that the agreement does not say: what is not recorded is named in `missing`.
Where the words can be read in two ways the earliest date is taken and `assumptions` says so.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from commands.rules.agreements.notice import (
    PERIOD_WORDS,
    NoticeDates,
    Span,
    end_by_notice,
    end_with_period,
    first_in_time,
    least_run,
    notice_dates,
    notice_deadline,
    period_deadline,
)
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.agreements.terms import (
    EndConvention,
    Term,
    TermLine,
    last_term_number,
    missing_for_line,
    reading_notes,
    renews_itself,
    term_line,
)
from commands.rules.dates.business_days import WEEKENDS_ONLY, BusinessCalendar, next_business_day
from commands.rules.dates.format import format_date
from commands.rules.dates.periods import shift
from storage.records.agreement import Agreement, AgreementStatus, RenewalMode, TermKind
from storage.records.period import Period, PeriodUnit

__all__ = ["HORIZON", "AgreementStanding", "EndConvention", "Standing", "standing"]

# A term that nothing renews is called expiring, and a deadline without a stated window open, from this long before:
# the longest of the default reminder leads.
HORIZON = timedelta(days=90)
_DAY = timedelta(days=1)
_YEARLY = Period(1, PeriodUnit.YEARS)
_ANY_DAY = Span()


def standing(
    agreement: Agreement,
    today: date,
    calendar: BusinessCalendar = WEEKENDS_ONLY,
    *,
    end: EndConvention = EndConvention.INCLUSIVE,
    ending: str = "It was terminated",
    span: Span = _ANY_DAY,
) -> Standing:
    """Where `agreement` stands on `today`, by its own terms alone; `commands.rules.agreements.reckoning`
    counts amendments and notice in. `ending` says how it came to its `terminated_on`; `span`: the days on which
    notice counts by these terms.

    Under `end` INCLUSIVE notice is counted back from the last day of the term; under EXCLUSIVE from the day after it,
    as papers do that call that day the end. Dates that go in and come out are inclusive either way.
    """
    ended = agreement.terminated_on
    if ended is None:
        if agreement.status in (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED):
            note = "The day it ended is not recorded, so it is treated as over."
            return Standing(AgreementStanding(agreement.status.value), assumptions=(note,))
        return _as_decided(_by_dates(agreement, today, calendar, end, span), agreement, today)
    found = _cut_short(_by_dates(agreement, min(today, ended), calendar, end, span), agreement, ended, today, ending)
    return replace(_as_decided(found, agreement, today), ends_on=ended, ending=ending)


def _by_dates(
    agreement: Agreement, today: date, calendar: BusinessCalendar, end: EndConvention, span: Span
) -> Standing:
    """What follows from the dates alone, as if signed and never terminated."""
    if agreement.term_kind is TermKind.EVERGREEN:
        return _evergreen(agreement, today, calendar, span)
    line = term_line(agreement)
    if line is None:
        return Standing(
            AgreementStanding.UNKNOWN,
            missing_for_line(agreement),
            term_start=agreement.effective_on,
            next_review=next_review(agreement),
        )
    last = last_term_number(agreement)
    number = line.number_on(today)
    term = line.term(number if last is None else min(number, last))
    case = _Case(agreement, today, calendar, end, line, term, span)
    return case.during() if today <= case.term.end else case.after()


@dataclass(frozen=True, slots=True)
class _Case:
    """One agreement with terms, on one day. `term` covers `today`, or is the first before it or the last after it."""

    agreement: Agreement
    today: date
    calendar: BusinessCalendar
    end: EndConvention
    line: TermLine
    term: Term
    span: Span

    @property
    def left(self) -> int | None:
        """Renewals after this term; None is unlimited."""
        if self.agreement.renewal is RenewalMode.NONE and not renews_itself(self.agreement):
            return 0
        most = self.agreement.max_renewals
        return None if most is None else most - self.term.number

    @property
    def missing(self) -> tuple[str, ...]:
        agreement, is_first = self.agreement, self.term.number == 0
        names = []
        if is_first and self.term.start is None and self.today <= self.term.end:
            names.append("effective_on")
        if renews_itself(agreement):
            if self.left != 0 and self.line.renewal is None:
                names.append("renewal_term")
            if self.left != 0 and agreement.notice is None:
                names.append("notice")
        elif agreement.renewal is None:
            names.append("renewal")
        return tuple(names)

    def after(self) -> Standing:
        """The last term that comes by itself is over."""
        term = self.term
        if self.missing:
            note = f"The last term that is certain ended on {format_date(term.end)}; whether it renewed cannot be told."
            review = next_review(self.agreement)
            return Standing(AgreementStanding.UNKNOWN, self.missing, next_review=review, assumptions=(note,))
        return Standing(
            AgreementStanding.LAPSED,
            term_start=term.start,
            term_end=term.end,
            renewals_so_far=term.number,
            renewals_left=self.left,
            assumptions=tuple(reading_notes(self.agreement, self.line, self.term)),
        )

    def during(self) -> Standing:
        """`today` is in the term, or before the first."""
        agreement, term = self.agreement, self.term
        may_go_on = self.left != 0
        will_go_on = may_go_on and (renews_itself(agreement) or agreement.renewal is RenewalMode.MANUAL)
        notice = notice_dates(agreement, term, self.calendar, self.end, self.span) if may_go_on else NoticeDates()
        next_deadline, earliest_end = self._way_out(notice)
        return Standing(
            self._status(notice),
            self.missing,
            term_start=term.start,
            term_end=term.end,
            renewals_so_far=term.number,
            renewals_left=self.left,
            notice_opens=notice.opens,
            notice_deadline=notice.deadline,
            client_notice_deadline=notice.client_deadline,
            extension_deadline=self._extension_deadline(),
            arrive_by=notice.arrive_by,
            send_by=notice.send_by,
            next_notice_deadline=next_deadline,
            earliest_end=None if self.missing else earliest_end,
            next_review=next_review(agreement),
            next_term_start=term.end + _DAY if will_go_on and term.end < date.max else None,
            uplift=agreement.uplift_percent if will_go_on else None,
            assumptions=(*reading_notes(self.agreement, self.line, self.term), *notice.assumptions),
            renews=renews_itself(agreement),
            is_monthly=self._is_monthly(),
        )

    def _extension_deadline(self) -> date | None:
        """None where it goes on by itself, where it cannot go on, and where no notice to extend is recorded."""
        asked = self.agreement.extension_notice
        if asked is None or renews_itself(self.agreement) or self.agreement.max_renewals == self.term.number:
            return None
        return notice_deadline(self.term.end, asked, self.calendar, self.end)

    def _status(self, notice: NoticeDates) -> AgreementStanding:
        today, term = self.today, self.term
        if self.missing:
            return AgreementStanding.UNKNOWN
        if term.start is not None and today < term.start:
            return AgreementStanding.UPCOMING
        deadline = notice.deadline
        is_missed = notice.arrive_by is not None and today > notice.arrive_by
        is_open = deadline is not None and (today >= notice.opens if notice.opens else deadline - today <= HORIZON)
        if renews_itself(self.agreement) and self.left != 0:
            if self._is_monthly():
                return AgreementStanding.ACTIVE
            if is_missed:
                return AgreementStanding.NOTICE_MISSED
            return AgreementStanding.NOTICE_OPEN if is_open else AgreementStanding.ACTIVE
        if is_open and not is_missed:
            return AgreementStanding.NOTICE_OPEN
        return AgreementStanding.EXPIRING if term.end - today <= HORIZON else AgreementStanding.ACTIVE

    def _is_monthly(self) -> bool:
        """In the month-to-month part a deadline passes every month and costs one month: nothing to call missed. Nor is
        there where notice ends it at the end of a calendar period, once the initial term is over.
        """
        agreement = self.agreement
        has_first_term = agreement.initial_term is not None or agreement.initial_end_on is not None
        by_month = agreement.term_kind is TermKind.MONTH_TO_MONTH or agreement.notice_to is not None
        return by_month and (self.term.number > 0 or not has_first_term)

    def _way_out(self, notice: NoticeDates) -> tuple[date | None, date | None]:
        """The next deadline that can still be met, and the last day of the agreement if notice is given today."""
        mine, line, last = self.agreement.notice, self.line, last_term_number(self.agreement)
        is_in_time = notice.arrive_by is not None and notice.arrive_by >= self.today
        received = self.today if is_in_time else next_business_day(self.today, self.calendar)
        if (
            renews_itself(self.agreement)
            and self.left != 0
            and mine is not None
            and self.agreement.notice_to is not None
        ):
            least = least_run(self.agreement)
            way_out = end_with_period(received, mine, self.agreement.notice_to, least, self.calendar)
            return period_deadline(way_out, mine, self.calendar), way_out
        if not renews_itself(self.agreement) or self.left == 0 or mine is None or line.renewal is None:
            return (notice.deadline if is_in_time else None), self.term.end

        number = first_in_time(line, self.term.number, received, mine, self.calendar, self.end)
        if number is None:
            return None, None
        if last is not None and number >= last:
            return None, line.term(last).end
        term_end = line.term(number).end
        deadline = notice_deadline(term_end, mine, self.calendar, self.end)
        return min(deadline, self.span.last or deadline) if number == self.term.number else deadline, term_end


def _evergreen(agreement: Agreement, today: date, calendar: BusinessCalendar, span: Span) -> Standing:
    """No end; a first term, if there is one, is the least it runs. The last day of `span` is the last for notice to the
    end of the calendar period that is next.
    """
    start, notice = agreement.effective_on, agreement.notice
    if start is None:
        return Standing(AgreementStanding.UNKNOWN, missing=("effective_on",))
    least = least_run(agreement)
    notes = []
    if least is not None and today <= least:
        notes.append(f"It runs at least until {format_date(least)}; notice is read as ending it then at the earliest.")
    if notice is None:
        notes.append("How much notice ends it is not recorded.")
    elif agreement.notice_to is not None:
        notes.append(f"Notice of {notice.in_words} ends it at the end of a {PERIOD_WORDS[agreement.notice_to]}.")
    else:
        notes.append(f"It has no end: notice of {notice.in_words} can be given at any time.")
    if agreement.review_every is None:
        notes.append("No review interval is recorded, so it is to be reviewed every year.")
    earliest = end_by_notice(agreement, today, calendar)
    deadline = None
    if notice is not None and agreement.notice_to is not None and earliest is not None:
        deadline = span.last or period_deadline(earliest, notice, calendar)
    return Standing(
        AgreementStanding.UPCOMING if today < start else AgreementStanding.EVERGREEN,
        term_start=start,
        next_notice_deadline=deadline,
        earliest_end=earliest,
        next_review=next_review(agreement),
        assumptions=tuple(notes),
    )


def _cut_short(found: Standing, agreement: Agreement, ended: date, today: date, ending: str) -> Standing:
    """`found`, which holds up to `ended`, made to end on that day. No notice is left to be given."""
    start, natural_end = agreement.effective_on, found.term_end
    never_began = start is not None and ended < start
    if today > ended or never_began:
        return Standing(
            AgreementStanding.TERMINATED,
            term_start=None if never_began else found.term_start,
            term_end=None if never_began else min(ended, natural_end or ended),
            renewals_so_far=found.renewals_so_far,
            renewals_left=0,
            assumptions=(f"{ending}; {format_date(ended)} was its last day.",),
        )
    ends_before = natural_end is not None and natural_end < ended
    if ends_before and not (renews_itself(agreement) and found.renewals_left != 0):
        return found
    runs_on = renews_itself(agreement) and agreement.max_renewals is None
    if natural_end is None and found.missing and not (runs_on and found.missing != ("initial_end_on",) and start):
        return found
    missing = tuple(name for name in found.missing if name == "effective_on")
    status = AgreementStanding.UPCOMING if start is not None and today < start else AgreementStanding.EXPIRING
    return Standing(
        AgreementStanding.UNKNOWN if missing else status,
        missing,
        term_start=found.term_start,
        term_end=natural_end if ends_before else ended,
        renewals_so_far=found.renewals_so_far,
        renewals_left=found.renewals_left if ends_before else 0,
        earliest_end=ended,
        next_review=found.next_review if found.next_review and found.next_review <= ended else None,
        next_term_start=found.next_term_start if ends_before else None,
        uplift=found.uplift if ends_before else None,
        assumptions=(f"{ending}; {format_date(ended)} is its last day.",),
    )


def _as_decided(found: Standing, agreement: Agreement, today: date) -> Standing:
    """What somebody decided about the paper goes before what follows from the dates."""
    status = agreement.status
    if status is AgreementStatus.SUPERSEDED and found.status is AgreementStanding.TERMINATED:
        return replace(found, status=AgreementStanding.SUPERSEDED)
    if status not in (AgreementStatus.DRAFT, AgreementStatus.OUT_FOR_SIGNATURE):
        return found
    if found.status is AgreementStanding.TERMINATED:
        return found
    notes = found.assumptions
    if agreement.effective_on is not None and agreement.effective_on <= today:
        notes = (
            f"Its effective date, {format_date(agreement.effective_on)}, has come, but it is not executed.",
            *notes,
        )
    return replace(found, status=AgreementStanding(status.value), assumptions=notes)


def next_review(agreement: Agreement) -> date | None:
    """Counted from the last review, or from the effective date if there was none."""
    every = agreement.review_every or (_YEARLY if agreement.term_kind is TermKind.EVERGREEN else None)
    start = agreement.last_reviewed_on or agreement.effective_on
    if every is None or start is None or every.unit is PeriodUnit.BUSINESS_DAYS or every.value == 0:
        return None
    return shift(start, every)
