"""The term that runs, as it will end: with the signed amendments that begin, and those that end, before its last day.

What is on record today is known today, so the end and the notice deadline are told as they will be told on any later
day before them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from commands.rules.agreements.effective_terms import ABOUT_NOTICE, EffectiveTerms
from commands.rules.agreements.notice import Span, notice_dates
from commands.rules.agreements.terms import EndConvention, Term, last_term_number, term_line
from commands.rules.dates.business_days import BusinessCalendar, roll_back
from storage.records.agreement import Agreement, TermKind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The terms that hold from `first` to `last`."""

    first: date
    last: date
    terms: EffectiveTerms


@dataclass(frozen=True, slots=True)
class Ahead:
    """`terms`: how the term that runs will end, with the notice of today. `stretches`: what holds until then, in turn;
    none where nothing changes before its end.
    """

    terms: EffectiveTerms
    stretches: tuple[_Stretch, ...] = ()


def running_term(terms: Agreement, day: date) -> Term | None:
    """The term that covers `day`, else the first before it began or the last when all are over; None without an end."""
    line = term_line(terms) if terms.term_kind is not TermKind.EVERGREEN else None
    if line is None:
        return None
    last, number = last_term_number(terms), line.number_on(day)
    return line.term(number if last is None else min(number, last))


def look_ahead(agreed: Callable[[date], EffectiveTerms], edges: Iterable[date], on: date) -> Ahead:
    """`agreed`: the terms that hold on a day; `edges`: the days after `on`, in order, from which others hold."""
    first = agreed(on)
    own = term = running_term(first.agreement, on)
    if own is None or term is None:
        return Ahead(first)
    end, is_cut = own.end, False
    found = [(on, first)]
    for day in edges:
        if day > end:
            break
        terms = agreed(day)
        later = running_term(terms.agreement, day)
        if later is None:
            break
        # In force up to the day before, whatever its terms say from then on.
        term, is_cut, end = later, later.end < day - _DAY, max(later.end, day - _DAY)
        found.append((day, terms))
    if len(found) == 1:
        return Ahead(first)
    last_days = [*(day - _DAY for day, _ in found[1:]), end]
    stretches = tuple(_Stretch(day, last, terms) for (day, terms), last in zip(found, last_days, strict=True))
    last = found[-1][1]
    covering = running_term(last.agreement, on)
    before = last.renewals_before
    update: dict[str, Any] = _notice_of(first.agreement)
    if covering is None or (covering.start, covering.end) != (own.start, end):
        most = last.agreement.max_renewals
        most = 0 if is_cut else None if most is None else most - term.number
        update |= {"effective_on": own.start, "initial_end_on": end, "initial_term": None, "max_renewals": most}
        before = first.renewals_before + own.number
    terms = replace(
        last,
        agreement=last.agreement.model_copy(update=update),
        renewals_before=before,
        changes=first.changes,
        term_changed_on=tuple(sorted({*first.term_changed_on, *last.term_changed_on})),
        notes=tuple(dict.fromkeys((*first.notes, *last.notes))),
        doubts=tuple(dict.fromkeys((*first.doubts, *last.doubts))),
    )
    return Ahead(terms, stretches)


def with_last_notice(ahead: Ahead, calendar: BusinessCalendar, end: EndConvention) -> tuple[EffectiveTerms, Span]:
    """With the notice that holds on the last day on which any counts, and the days on which it holds."""
    if not ahead.stretches:
        return ahead.terms, Span()
    told: list[tuple[EffectiveTerms, Span, bool]] = []
    for each in ahead.stretches:
        terms = ahead.terms.agreement.model_copy(update=_notice_of(each.terms.agreement))
        term = running_term(terms, ahead.stretches[0].first)
        deadline = notice_dates(terms, term, calendar, end).deadline if term else None
        can_be_given = deadline is not None and roll_back(min(deadline, each.last), calendar) >= each.first
        is_cut = deadline is not None and deadline > each.last
        span = Span(None, each.last if is_cut else None)
        told.append((replace(ahead.terms, agreement=terms), span, can_be_given))
    in_time = [place for place, (*_, can_be_given) in enumerate(told) if can_be_given]
    if not in_time:
        return told[0][:2]
    terms_then, span, _ = told[in_time[-1]]
    return terms_then, replace(span, first=ahead.stretches[in_time[0]].first if in_time[0] else None)


def _notice_of(terms: Agreement) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ABOUT_NOTICE}
