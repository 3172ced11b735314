"""The term that runs, as it will end: with the signed amendments that begin, and those that end, before its last day.

What is on record today is known today, so the end and the notice deadline are told as they will be told on any later
day before them. An agreement without an end is bound by the term that a signed amendment gives it where no notice given
now would end it before that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from commands.rules.agreements.effective_terms import ABOUT_NOTICE, EffectiveTerms
from commands.rules.agreements.notice import Span, end_by_notice, notice_dates, period_deadline, period_end
from commands.rules.agreements.terms import EndConvention, Term, last_term_number, term_line
from commands.rules.dates.business_days import BusinessCalendar, roll_back
from commands.rules.dates.format import format_date
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


def look_ahead(
    agreed: Callable[[date], EffectiveTerms],
    edges: Sequence[date],
    on: date,
    ends: Callable[[Agreement], date | None] = lambda terms: None,
) -> Ahead:
    """`agreed`: the terms that hold on a day; `edges`: the days after `on`, in order, from which others hold; `ends`:
    the last day of what has no end, by notice of `on`.
    """
    first = agreed(on)
    if first.agreement.term_kind is TermKind.EVERGREEN:
        endless = _endless(agreed, edges, on, ends(first.agreement))
        if endless.bound_on is None or first.agreement.effective_on is None:
            return endless.ahead
        own: Term | None = Term(0, first.agreement.effective_on, endless.bound_on)
    else:
        own = running_term(first.agreement, on)
    if own is None:
        return Ahead(first)
    course = _course(agreed, edges, on, own)
    if course.endless_from is not None:
        return Ahead(_going_on_without_end(first, agreed(course.endless_from), own, course.endless_from))
    if len(course.found) == 1:
        return Ahead(first)
    return Ahead(_in_one(course, own, on), _stretches(course.found, course.end))


@dataclass(frozen=True, slots=True)
class _Course:
    """What holds in turn until `end`, and the `term` that ends then; `is_cut`: it would have been over before.

    `endless_from`: the day from which there is no end, where one comes before `end`.
    """

    found: Sequence[tuple[date, EffectiveTerms]]
    term: Term
    end: date
    is_cut: bool = False
    endless_from: date | None = None


def _course(agreed: Callable[[date], EffectiveTerms], edges: Iterable[date], on: date, own: Term) -> _Course:
    first = agreed(on)
    is_endless = first.agreement.term_kind is TermKind.EVERGREEN
    found, term, end, is_cut = [(on, first)], own, own.end, False
    for day in edges:
        if day > end:
            break
        terms = agreed(day)
        later = running_term(terms.agreement, day)
        if later is None and not is_endless:
            goes_on = terms.agreement.term_kind is TermKind.EVERGREEN
            return _Course(found, term, end, is_cut, endless_from=day if goes_on else None)
        if later is not None:
            # In force up to the day before, whatever its terms say from then on.
            term, is_cut, end = later, later.end < day - _DAY, max(later.end, day - _DAY)
        found.append((day, terms))
    return _Course(found, term, end, is_cut)


def _in_one(course: _Course, own: Term, on: date) -> EffectiveTerms:
    """The terms with which the course ends, with its end as their own and the notice that holds at its beginning."""
    first, last = course.found[0][1], course.found[-1][1]
    covering = running_term(last.agreement, on)
    before = last.renewals_before
    update: dict[str, Any] = _notice_of(first.agreement)
    if covering is None or (covering.start, covering.end) != (own.start, course.end):
        most = last.agreement.max_renewals
        most = 0 if course.is_cut else None if most is None else most - course.term.number
        update |= {"effective_on": own.start, "initial_end_on": course.end, "initial_term": None, "max_renewals": most}
        before = first.renewals_before + own.number
    return replace(
        last,
        agreement=last.agreement.model_copy(update=update),
        renewals_before=before,
        changes=first.changes,
        term_changed_on=tuple(sorted({*first.term_changed_on, *last.term_changed_on})),
        notes=tuple(dict.fromkeys((*first.notes, *last.notes))),
        doubts=tuple(dict.fromkeys((*first.doubts, *last.doubts))),
    )


def _stretches(found: Sequence[tuple[date, EffectiveTerms]], end: date) -> tuple[_Stretch, ...]:
    """Each of what was found up to the day before the next, the last up to `end`."""
    last_days = [*(day - _DAY for day, _ in found[1:]), end]
    return tuple(_Stretch(day, last, terms) for (day, terms), last in zip(found, last_days, strict=True))


@dataclass(frozen=True, slots=True)
class _Endless:
    """`bound_on`: the day from which a term binds, that no notice given now would come before."""

    ahead: Ahead
    bound_on: date | None = None


def _endless(
    agreed: Callable[[date], EffectiveTerms], edges: Iterable[date], on: date, ends_on: date | None
) -> _Endless:
    """What has no end on `on`, and ends on `ends_on` by notice of that day."""
    first = agreed(on)
    found, last = [(on, first)], date.max
    for day in edges:
        terms = agreed(day)
        if running_term(terms.agreement, day) is not None:
            if ends_on is None or ends_on >= day:
                return _Endless(Ahead(first), day)
            last = day - _DAY
            break
        found.append((day, terms))
    if len(found) == 1 and last == date.max:
        return _Endless(Ahead(first))
    return _Endless(Ahead(first, _stretches(found, last)))


def _going_on_without_end(first: EffectiveTerms, later: EffectiveTerms, own: Term, day: date) -> EffectiveTerms:
    """Of a term whose amendment is over before it: from `day` on the agreement has no end, and none before that."""
    update = {
        **_notice_of(first.agreement),
        "effective_on": own.start, "initial_end_on": day - _DAY, "initial_term": None,
    }  # fmt: skip
    notes = tuple(dict.fromkeys((*first.notes, *later.notes)))
    agreement = later.agreement.model_copy(update=update)
    doubts = tuple(dict.fromkeys((*first.doubts, *later.doubts)))
    return replace(later, agreement=agreement, changes=first.changes, notes=notes, doubts=doubts, continues_on=None)


def with_last_notice(ahead: Ahead, calendar: BusinessCalendar, end: EndConvention) -> tuple[EffectiveTerms, Span]:
    """With the notice that holds on the last day on which any counts, and the days on which it holds."""
    if not ahead.stretches:
        return ahead.terms, Span()
    if ahead.terms.agreement.term_kind is TermKind.EVERGREEN:
        return _with_later_notice(ahead, calendar)
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


def _with_later_notice(ahead: Ahead, calendar: BusinessCalendar) -> tuple[EffectiveTerms, Span]:
    """Of what has no end: the last day for notice to the next end of a calendar period, by whatever notice holds then;
    and by how much later notice ends it earlier.
    """
    on, terms = ahead.stretches[0].first, ahead.terms
    ends_on = end_by_notice(terms.agreement, on, calendar)
    if ends_on is None:
        return terms, Span()
    last_days, in_time, notes = [], [], []
    for each in ahead.stretches:
        then = each.terms.agreement
        if then.notice is not None and then.notice_to is not None and period_end(ends_on, then.notice_to) == ends_on:
            last = min(period_deadline(ends_on, then.notice, calendar), each.last)
            last_days.append(last)
            in_time += [last] if roll_back(last, calendar) >= each.first else []
        later = end_by_notice(then, each.first, calendar)
        if later is not None and later < ends_on:
            notes.append(
                f"Notice on {format_date(each.first)} ends it on {format_date(later)}, earlier than notice now."
            )
    # Where no business day is left, notice must arrive on the last day of these terms even so: later ones are others.
    return replace(terms, notes=(*terms.notes, *notes)), Span(last=max(in_time or last_days[:1], default=None))


def _notice_of(terms: Agreement) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ABOUT_NOTICE}
