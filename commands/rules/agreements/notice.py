"""Notice of non-renewal against one term: when it may be given, by when, and by when it must leave the house."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from commands.rules.agreements.terms import EndConvention, Term, TermLine, term_line
from commands.rules.dates.business_days import BusinessCalendar, minus_business_days, plus_business_days, roll_back
from commands.rules.dates.format import format_date
from commands.rules.dates.periods import shift
from commands.rules.text.phrases import plain
from storage.records.agreement import Agreement, NoticeMethod, NoticeTo, RenewalMode, TermKind
from storage.records.period import Period, PeriodUnit

# Business days from sending to arrival, on the slow side: planning figures of this product, not promises of a carrier.
DELIVERY_DAYS: Mapping[NoticeMethod, int] = MappingProxyType(
    {
        NoticeMethod.EMAIL: 0,
        NoticeMethod.PORTAL: 0,
        NoticeMethod.HAND: 0,
        NoticeMethod.COURIER: 2,
        NoticeMethod.POST: 5,
        NoticeMethod.CERTIFIED_MAIL: 5,
    }
)
_MONTHS = {NoticeTo.MONTH: 1, NoticeTo.QUARTER: 3, NoticeTo.HALF_YEAR: 6, NoticeTo.YEAR: 12}
PERIOD_WORDS: Mapping[NoticeTo, str] = MappingProxyType(
    {
        NoticeTo.MONTH: "calendar month",
        NoticeTo.QUARTER: "calendar quarter",
        NoticeTo.HALF_YEAR: "half of the calendar year",
        NoticeTo.YEAR: "calendar year",
    }
)


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which notice counts by these terms, both inclusive, where other terms hold before or after them."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeDates:
    """`opens` to `deadline`, both inclusive; `opens` is None when no window is stated (any day will do).

    `arrive_by`: the last business day up to the deadline, on which notice has to arrive at the latest; `send_by`: the
    last day to send it to arrive by then.
    """

    opens: date | None = None
    deadline: date | None = None
    client_deadline: date | None = None
    arrive_by: date | None = None
    send_by: date | None = None
    assumptions: tuple[str, ...] = ()


_ANY_DAY = Span()


def count_back(day: date, period: Period, calendar: BusinessCalendar) -> date:
    """The day `period` before `day`; a day the month does not have becomes the month's last."""
    if period.unit is PeriodUnit.BUSINESS_DAYS:
        return minus_business_days(day, period.value, calendar)
    return shift(day, period, -1)


def count_on(day: date, period: Period, calendar: BusinessCalendar) -> date:
    """The day `period` after `day`."""
    if period.unit is PeriodUnit.BUSINESS_DAYS:
        return plus_business_days(day, period.value, calendar)
    return shift(day, period)


def notice_deadline(term_end: date, notice: Period, calendar: BusinessCalendar, end: EndConvention) -> date:
    """Last day to give notice against the term that ends on `term_end` (inclusive); never after that day."""
    return min(count_back(_count_start(term_end, end), notice, calendar), term_end)


def period_end(day: date, notice_to: NoticeTo) -> date:
    """The last day of the calendar period that `day` is in."""
    months = _MONTHS[notice_to]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return shift(first, Period(months, PeriodUnit.MONTHS)) - timedelta(days=1)


def period_deadline(last_day: date, notice: Period, calendar: BusinessCalendar) -> date:
    """Last day to give notice to the calendar period that ends on `last_day`; months from month end to month end."""
    if notice.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS):
        return shift(last_day + timedelta(days=1), notice, -1) - timedelta(days=1)
    return count_back(last_day, notice, calendar)


def end_with_period(
    received: date, notice: Period, notice_to: NoticeTo, least: date | None, calendar: BusinessCalendar
) -> date:
    """The first end of a calendar period, not before `least`, that notice received on `received` is in time for."""
    last_day = period_end(max(received, least or received), notice_to)
    while period_deadline(last_day, notice, calendar) < received and last_day.year < date.max.year:
        last_day = period_end(last_day + timedelta(days=1), notice_to)
    return last_day


def end_by_notice(agreement: Agreement, received: date, calendar: BusinessCalendar) -> date | None:
    """The last day of an agreement that notice can end at any time, or at the end of a calendar period, by notice that
    counts from `received`; None where how much notice ends it is not recorded.
    """
    notice, start, least = agreement.notice, agreement.effective_on, least_run(agreement)
    if notice is None:
        return None
    from_day = max(received, start) if start else received
    if agreement.notice_to is not None:
        return end_with_period(from_day, notice, agreement.notice_to, least, calendar)
    ends = count_on(from_day, notice, calendar)
    return max(ends, least) if least else ends


def first_in_time(
    line: TermLine, lowest: int, received: date, notice: Period, calendar: BusinessCalendar, end: EndConvention
) -> int | None:
    """The number, `lowest` or higher, of the first term against whose end notice received on that day is in time."""

    def deadline(number: int) -> date:
        return notice_deadline(line.term(number).end, notice, calendar, end)

    effect = count_on(received, notice, calendar)
    if effect == date.max:
        return None
    number = max(lowest, line.number_on(effect))
    while number > lowest and deadline(number - 1) >= received:
        number -= 1
    while deadline(number) < received:
        number += 1
    return number


def least_run(agreement: Agreement) -> date | None:
    """The last day of the initial term, before which notice to a calendar period's end takes no effect."""
    has_first_term = agreement.initial_term is not None or agreement.initial_end_on is not None
    line = term_line(agreement) if has_first_term else None
    return line.term(0).end if line else None


def notice_dates(
    agreement: Agreement, term: Term, calendar: BusinessCalendar, end: EndConvention, span: Span = _ANY_DAY
) -> NoticeDates:
    """All notice dates of one term; None for what rests on a notice period that is not recorded."""
    notice, theirs = agreement.notice, agreement.client_notice
    client_deadline = notice_deadline(term.end, theirs, calendar, end) if theirs else None
    if notice is None:
        return NoticeDates(client_deadline=client_deadline)
    deadline = notice_deadline(term.end, notice, calendar, end)
    if agreement.notice_to is not None:
        last_day = period_end(term.end, agreement.notice_to)
        deadline = min(period_deadline(last_day, notice, calendar), term.end)
    deadline = min(deadline, span.last or deadline)
    window = agreement.notice_window
    opens = count_back(_count_start(term.end, end), window, calendar) if window else None
    opens = max(filter(None, (opens, span.first)), default=None)
    is_contradicted = opens is not None and opens > deadline
    opens = None if is_contradicted else opens
    arrive_by = roll_back(deadline, calendar)
    is_closed_window = opens is not None and arrive_by < opens
    if is_closed_window:
        arrive_by = deadline
    delivery = DELIVERY_DAYS[agreement.notice_method] if agreement.notice_method else 0
    notes = list(_reading_notes(agreement, term, deadline, end))
    if is_contradicted:
        notes.append("The notice window is shorter than the notice period, so the window is left out of account.")
    if is_closed_window:
        notes.append(f"The notice window has no business day; notice must arrive on {format_date(deadline)} even so.")
    if calendar.gap:
        notes.append(calendar.gap)
    send_by = minus_business_days(arrive_by, delivery, calendar)
    return NoticeDates(opens, deadline, client_deadline, arrive_by, send_by, tuple(notes))


def _reading_notes(agreement: Agreement, term: Term, deadline: date, end: EndConvention) -> Iterator[str]:
    notice, method = agreement.notice, agreement.notice_method
    if notice is None:
        return
    if agreement.notice_to is not None:
        period = PERIOD_WORDS[agreement.notice_to]
        yield f"Notice ends it at the end of a {period}, not before its initial term is over."
        return
    if agreement.term_kind is TermKind.MONTH_TO_MONTH:
        yield "Month to month is read as ending with one of its months, not in the middle of one."
    elif agreement.renewal is RenewalMode.MANUAL:
        yield "It renews only if somebody says so: the notice deadline is read as the last day to say it."
    elif agreement.renewal is None:
        yield "Whether it renews by itself is not recorded; if it does, the notice deadline holds."
    if end is EndConvention.INCLUSIVE:
        yield (
            f"Notice is counted back from the last day of the term, {format_date(term.end)}; "
            "counted from the day after, it could be given a day later."
        )
    if notice.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS) and _is_month_end(term.end) and not _is_month_end(deadline):
        yield (
            f"{notice.in_words} before a month's end is counted to the same day of the month, {format_date(deadline)}; "
            "counted from month end to month end it would be later."
        )
    if term.start is not None and deadline < term.start:
        yield f"The notice period of {notice.in_words} is longer than the term: its deadline lies before the term."
    if method is None:
        yield "How notice must be sent is not recorded, so no time for delivery is taken off."
    elif DELIVERY_DAYS[method]:
        yield f"{DELIVERY_DAYS[method]} business days are taken off for delivery by {plain(method)}."


def _count_start(term_end: date, end: EndConvention) -> date:
    if end is EndConvention.EXCLUSIVE and term_end < date.max:
        return term_end + timedelta(days=1)
    return term_end


def _is_month_end(day: date) -> bool:
    return day == date.max or (day + timedelta(days=1)).day == 1
