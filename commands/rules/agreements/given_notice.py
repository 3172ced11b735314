"""Whether a notice that was given counts: in time, inside the window, the way and to the place that the paper asks for.

A notice counts from the business day on which it has arrived. One that does not count ends nothing: the problems say
what is wrong with it, and `earliest_end` when it could end at the earliest if it were given again, properly, that day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commands.rules.agreements.notice import (
    DELIVERY_DAYS,
    end_by_notice,
    first_in_time,
    notice_dates,
    notice_deadline,
)
from commands.rules.agreements.terms import (
    EndConvention,
    TermLine,
    last_term_number,
    missing_for_line,
    renews_itself,
    term_line,
)
from commands.rules.dates.business_days import BusinessCalendar, next_business_day, plus_business_days, roll_back
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import count_days, plain
from storage.records.agreement import Agreement, NoticeMethod, Side, TermKind
from storage.records.client import client_key
from storage.records.period import Period

# What is more than the paper asks for does, too.
_AS_GOOD = {NoticeMethod.POST: (NoticeMethod.CERTIFIED_MAIL,)}


class NoticeOutcome(StrEnum):
    """`unclear`: the record of the agreement does not say enough to tell."""

    VALID = "valid"
    EARLY = "early"
    LATE = "late"
    WRONG_WAY = "wrong_way"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class GivenNotice:
    """`sent_on`: the day it was given or sent. `delivered_on`: the day it arrived, where somebody knows."""

    sent_on: date
    method: NoticeMethod | None = None
    address: str | None = None
    delivered_on: date | None = None
    side: Side = Side.MSP


@dataclass(frozen=True, slots=True)
class NoticeVerdict:
    """`counts_from`: the business day from which it counts. `deadline`: of the term that it was given in.

    `days`: how many days late, or before the window opens. `ends_on`: the agreement's last day, if the notice is valid;
    `earliest_end`: the last day that a proper notice, received on the same day, could bring about. `missing`: the
    fields of the agreement without which it cannot be told.
    """

    outcome: NoticeOutcome
    counts_from: date
    deadline: date | None = None
    ends_on: date | None = None
    earliest_end: date | None = None
    days: int = 0
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return self.outcome is NoticeOutcome.VALID


@dataclass(frozen=True, slots=True)
class _Timing:
    """What a notice comes to by its day alone."""

    outcome: NoticeOutcome
    deadline: date | None = None
    end: date | None = None
    days: int = 0
    problem: str | None = None
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def judge(
    agreement: Agreement,
    given: GivenNotice,
    calendar: BusinessCalendar,
    end: EndConvention = EndConvention.INCLUSIVE,
) -> NoticeVerdict:
    """What `given` comes to under the terms of `agreement`, which are those of the day of the notice."""
    notice, notes = _notice_of(agreement, given.side)
    arrived = arrival(given, agreement, calendar)
    counts_from = next_business_day(arrived, calendar)
    terms = agreement.model_copy(update={"notice": notice})
    timing = _timing(terms, arrived, counts_from, calendar, end)
    wrong = _wrong_way(agreement, given)
    problems = (*wrong, *((timing.problem,) if timing.problem else ()))
    outcome = timing.outcome
    if wrong and outcome in (NoticeOutcome.VALID, NoticeOutcome.EARLY):
        outcome = NoticeOutcome.WRONG_WAY
    notes += timing.notes
    if agreement.notice_address and given.address is None and given.side is Side.MSP:
        notes += (f"Where it was sent is not recorded; it has to go to {agreement.notice_address}.",)
    if arrived != counts_from and outcome is not NoticeOutcome.UNCLEAR:
        notes += (
            f"It arrived on {format_date(arrived)}, no business day, and counts from {format_date(counts_from)}.",
        )
    if given.delivered_on is None and arrived != given.sent_on:
        notes += (f"It is taken to have arrived on {format_date(arrived)}; record the day it did, with delivered:",)
    is_valid = outcome is NoticeOutcome.VALID
    return NoticeVerdict(
        outcome,
        counts_from,
        timing.deadline,
        timing.end if is_valid else None,
        timing.end,
        timing.days,
        problems,
        notes,
        timing.missing,
    )


def arrival(given: GivenNotice, agreement: Agreement, calendar: BusinessCalendar) -> date:
    """The day it arrived, or is taken to have arrived: on the slow side for what travels."""
    if given.delivered_on is not None:
        return given.delivered_on
    method = given.method or agreement.notice_method
    return plus_business_days(given.sent_on, DELIVERY_DAYS[method] if method else 0, calendar)


def _notice_of(agreement: Agreement, side: Side) -> tuple[Period | None, tuple[str, ...]]:
    if side is Side.MSP:
        return agreement.notice, ()
    if agreement.client_notice is None and agreement.notice is not None:
        words = agreement.notice.in_words
        return agreement.notice, (f"The client's notice is not recorded, so ours, {words}, is taken.",)
    return agreement.client_notice, ()


def _wrong_way(agreement: Agreement, given: GivenNotice) -> tuple[str, ...]:
    found = []
    required = agreement.notice_method
    if required is not None and given.method is None:
        found.append(f"how it was sent is not recorded, and it has to go by {method_words(required)}")
    elif required is not None and given.method not in (required, *_AS_GOOD.get(required, ())):
        found.append(f"it went by {method_words(given.method)}, and it has to go by {method_words(required)}")
    if agreement.notice_address and given.address and not _is_same_place(agreement.notice_address, given.address):
        found.append(f"it went to {given.address}, and it has to go to {agreement.notice_address}")
    return tuple(found)


def method_words(method: NoticeMethod | None) -> str:
    return plain(method) if method else "nothing that is recorded"


def _is_same_place(one: str, other: str) -> bool:
    return client_key(one) == client_key(other)


def _timing(
    agreement: Agreement, arrived: date, counts_from: date, calendar: BusinessCalendar, end: EndConvention
) -> _Timing:
    notice = agreement.notice
    if agreement.term_kind is TermKind.EVERGREEN:
        return _any_time(agreement, counts_from, calendar)
    line = term_line(agreement)
    if line is None:
        return _unclear(missing_for_line(agreement))
    last = last_term_number(agreement)
    number = line.number_on(arrived) if last is None else min(line.number_on(arrived), last)
    term = line.term(number)
    if arrived > term.end:
        if agreement.renewal is None:
            return _unclear(("renewal",))
        return _Timing(
            NoticeOutcome.VALID, end=term.end, notes=(f"It had ended by itself on {format_date(term.end)}.",)
        )
    if last == number and (renews_itself(agreement) or agreement.renewal is not None):
        note = f"It ends by itself on {format_date(term.end)} unless it is renewed; notice makes sure of it."
        return _Timing(NoticeOutcome.VALID, end=term.end, notes=(note,))
    if notice is None:
        return _unclear(("notice",))
    if agreement.notice_to is not None:
        return _any_time(agreement, counts_from, calendar)
    deadline = notice_deadline(term.end, notice, calendar, end)
    if counts_from <= deadline:
        opens = notice_dates(agreement, term, calendar, end).opens
        if opens is not None and arrived < opens:
            days = (opens - arrived).days
            possible = f"from {format_date(opens)} to {format_date(deadline)}"
            problem = f"it is {count_days(days)} early: notice can be given {possible}"
            return _Timing(NoticeOutcome.EARLY, deadline, term.end, days, problem)
        return _Timing(NoticeOutcome.VALID, deadline, term.end)
    days = (arrived - deadline).days if arrived > deadline else (counts_from - deadline).days
    earliest = _later_end(agreement, line, number, counts_from, calendar, end)
    is_short = term.start is not None and deadline < term.start
    if earliest is not None and (is_short or agreement.term_kind is TermKind.MONTH_TO_MONTH):
        note = (
            f"For the end of the term on {format_date(term.end)} it is {count_days(days)} late (the last day was "
            f"{format_date(deadline)}): the earliest end is {format_date(earliest)}."
        )
        return _Timing(NoticeOutcome.VALID, deadline, earliest, days, notes=(note,))
    problem = f"it is {count_days(days)} late: the last day was {format_date(deadline)}"
    if (business_day := roll_back(deadline, calendar)) != deadline:
        problem += f", no business day, so it had to arrive by {format_date(business_day)}"
    return _Timing(NoticeOutcome.LATE, deadline, earliest, days, problem)


def _any_time(agreement: Agreement, counts_from: date, calendar: BusinessCalendar) -> _Timing:
    """Without an end, or to the end of a calendar period: never late, and never before the initial term is over."""
    ends = end_by_notice(agreement, counts_from, calendar)
    return _unclear(("notice",)) if ends is None else _Timing(NoticeOutcome.VALID, end=ends)


def _later_end(
    agreement: Agreement,
    line: TermLine,
    number: int,
    counts_from: date,
    calendar: BusinessCalendar,
    end: EndConvention,
) -> date | None:
    """The end of the first later term whose notice deadline is not before `counts_from`; None if it cannot be told."""
    notice, last = agreement.notice, last_term_number(agreement)
    if notice is None or line.renewal is None or not renews_itself(agreement):
        return None
    later = first_in_time(line, number + 1, counts_from, notice, calendar, end)
    if later is None:
        return None
    return line.term(later if last is None else min(later, last)).end


def _unclear(missing: tuple[str, ...]) -> _Timing:
    names = ", ".join(plain(name) for name in missing)
    return _Timing(
        NoticeOutcome.UNCLEAR, problem=f"whether it is in time cannot be told (not recorded: {names})", missing=missing
    )
