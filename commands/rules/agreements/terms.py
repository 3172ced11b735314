"""Where each term of an agreement starts and ends. Term k ends at anchor + k * period, never chained.

Chaining loses the day of the month: 31 Jan + 1 month + 1 month is 28 Mar, 31 Jan + 2 months is 31 Mar.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from commands.rules.dates.format import format_date
from commands.rules.dates.periods import in_days, in_months, shift
from storage.records.agreement import Agreement, RenewalMode, TermKind
from storage.records.period import Period, PeriodUnit

_DAY = timedelta(days=1)
_ONE_MONTH = Period(1, PeriodUnit.MONTHS)


class EndConvention(StrEnum):
    """Whether the day that a paper calls the end of the term is still part of the term."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


def makes_a_term(period: Period | None) -> bool:
    """Whether a term can have this length: known, not zero, and not in business days."""
    return period is not None and period.value > 0 and period.unit is not PeriodUnit.BUSINESS_DAYS


@dataclass(frozen=True, slots=True)
class Term:
    """`number` 0 is the initial term, 1 the first renewal. Both ends inclusive; `start` None if it is not known."""

    number: int
    start: date | None
    end: date


@dataclass(frozen=True, slots=True)
class TermLine:
    """The initial term and its renewals, laid end to end.

    `boundary` is the first day after the initial term. Renewals are counted from `anchor`: the effective date when the
    initial term and the renewals are both whole months (`lead_months` is then the initial term), else `boundary`.
    """

    start: date | None
    boundary: date
    anchor: date
    lead_months: int
    renewal: Period | None

    def boundary_after(self, number: int) -> date:
        """The first day after term `number`, which is the first day of the next."""
        if number == 0 or self.renewal is None:
            return self.boundary
        months = in_months(self.renewal)
        if months:
            return shift(self.anchor, Period(self.lead_months + number * months, PeriodUnit.MONTHS))
        return shift(self.anchor, self.renewal, number)

    def term(self, number: int) -> Term:
        start = self.start if number == 0 else self.boundary_after(number - 1)
        return Term(number, start, _day_before(self.boundary_after(number)))

    def number_on(self, day: date) -> int:
        """The number of the term that covers `day`, as if renewals never ended; 0 before the first, too."""
        if day < self.boundary or self.renewal is None:
            return 0
        months = in_months(self.renewal)
        if months:
            passed = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month - self.lead_months
            number = max(passed // months, 0)
        else:
            number = (day - self.anchor).days // in_days(self.renewal)
        while number > 0 and self.boundary_after(number - 1) > day:
            number -= 1
        while self.boundary_after(number) <= day < date.max:
            number += 1
        return number


def renews_itself(agreement: Agreement) -> bool:
    """Whether terms follow each other without anybody acting."""
    if agreement.term_kind is TermKind.FIXED:
        return agreement.renewal is RenewalMode.AUTO
    return agreement.term_kind is TermKind.MONTH_TO_MONTH


def last_term_number(agreement: Agreement) -> int | None:
    """The number of the last term that comes without anybody acting; None if they come for ever."""
    return agreement.max_renewals if renews_itself(agreement) else 0


def term_line(agreement: Agreement) -> TermLine | None:
    """The line of terms, or None where the end of the initial term cannot be told: see `missing_for_line`.

    `initial_end_on` wins over `initial_term`. A month-to-month agreement without an initial term starts with a month.
    """
    if missing_for_line(agreement):
        return None
    monthly = agreement.term_kind is TermKind.MONTH_TO_MONTH
    renewal = agreement.renewal_term or (_ONE_MONTH if monthly else None)
    renewal = renewal if makes_a_term(renewal) else None
    start = agreement.effective_on
    if agreement.initial_end_on is not None:
        boundary = _day_after(agreement.initial_end_on)
        return TermLine(start, boundary, boundary, 0, renewal)
    initial = agreement.initial_term or _ONE_MONTH
    if start is None:
        raise AssertionError("missing_for_line lets no line start nowhere")
    boundary = shift(start, initial)
    if renewal is not None and in_months(initial) and in_months(renewal):
        return TermLine(start, boundary, start, in_months(initial), renewal)
    return TermLine(start, boundary, boundary, 0, renewal)


def missing_for_line(agreement: Agreement) -> tuple[str, ...]:
    """The fields without which the end of the initial term cannot be told, or that contradict each other."""
    end, start = agreement.initial_end_on, agreement.effective_on
    if end is not None:
        return ("initial_end_on",) if start is not None and end < start else ()
    missing = () if start is not None else ("effective_on",)
    monthly = agreement.term_kind is TermKind.MONTH_TO_MONTH and agreement.initial_term is None
    return missing if monthly or makes_a_term(agreement.initial_term) else (*missing, "initial_term")


def reading_notes(agreement: Agreement, line: TermLine, term: Term) -> tuple[str, ...]:
    """Sentences on how the end of `term` was read where the record could be read otherwise."""
    notes = []
    stated, start, initial = agreement.initial_end_on, agreement.effective_on, agreement.initial_term
    if stated is not None and start is not None and initial is not None and makes_a_term(initial):
        reckoned = _day_before(shift(start, initial))
        if reckoned != stated:
            notes.append(
                f"The stated end, {format_date(stated)}, is used, "
                f"although {initial.in_words} from {format_date(start)} end on {format_date(reckoned)}."
            )
    counted_from, length = (line.anchor, line.renewal) if term.number else (start, None if stated else initial)
    boundary = line.boundary_after(term.number)
    if counted_from is not None and length is not None and in_months(length) and boundary.day != counted_from.day:
        notes.append(
            f"Terms begin on day {counted_from.day} of a month; {boundary:%B %Y} has no such day, "
            f"so the term is read to end on {format_date(term.end)}."
        )
    return tuple(notes)


def _day_before(day: date) -> date:
    return day if day == date.min else day - _DAY


def _day_after(day: date) -> date:
    return day if day == date.max else day + _DAY
