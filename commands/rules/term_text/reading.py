"""Reads renewal terms as people and contracts write them. Declines rather than guesses.

`read_terms("auto-renews for successive 1 year terms unless 60 days' notice")` says: renews by itself, by the year, 60
days' notice from either side. Whatever was not understood comes back in words, to be shown before anything is saved.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from commands.rules.term_text.amounts import same_length
from commands.rules.term_text.modes import ModeReading, Side, read_count, read_modes, read_side
from commands.rules.term_text.roles import Placed, Role, has_notice_by_date, place_amounts
from commands.rules.term_text.words import left_over, plain
from commands.rules.text.late_pattern import late_pattern
from storage.records.agreement import NoticeTo, RenewalMode, TermKind
from storage.records.period import Period, PeriodUnit

LONGEST_TEXT = 10_000
_A_DATE = late_pattern(
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b",
    re.IGNORECASE,
)
_AFTERWARDS = late_pattern(r"\b(?:thereafter|after (?:that|which)|beyond)\b", re.IGNORECASE)
_SAME_LENGTH = late_pattern(
    r"\b(?:the same|like|equal|identical)\s+(?:\w+\s+){0,3}?(?:durations?|lengths?|terms?|periods?)\b"
    r"|\bequal to the (?:initial|original)\b",
    re.IGNORECASE,
)
_FOLLOWING = late_pattern(r"\b(?:successive|consecutive|terms|periods|renewals|thereafter|every|each)\b", re.IGNORECASE)
_REPEATING = late_pattern(
    r"\b(?:successive|consecutive|every|year to year|then[\s-]current|each (?:such|subsequent|renewal|additional)"
    r"|any (?:such|subsequent|renew\w*)|renewal terms)\b",
    re.IGNORECASE,
)
_TO_PERIOD_END = late_pattern(
    r"\b(?:to|at|on|as of|effective(?: as of| at| on)?|with effect (?:from|to|at))\s+(?:the\s+)?"
    r"(?:end|last day|close)\s+of\s+(?:an?|any|each|every|the)\s+(?:calendar\s+|then[\s-]current\s+)?"
    r"(?P<period>month|quarter|half[\s-]year|half of (?:the|a) (?:calendar )?year|year)\b"
    r"|\b(?:to|at|by)\s+(?:the\s+|an?\s+)?(?P<short>month|quarter|half[\s-]year|year)(?:'s)?[\s-]end\b",
    re.IGNORECASE,
)
_DAYS_EACH = {
    PeriodUnit.DAYS: 1.0,
    PeriodUnit.BUSINESS_DAYS: 1.4,
    PeriodUnit.WEEKS: 7.0,
    PeriodUnit.MONTHS: 30.4,
    PeriodUnit.YEARS: 365.2,
}

Found = list[Placed]
Spans = list[tuple[int, int]]


class Asked(StrEnum):
    """What a text answers, which decides what a length on its own means.

    To the general question a few months or years alone are the renewal term; days alone may be that or the notice.
    """

    TERMS = "terms"
    RENEWAL_TERM = "renewal_term"
    INITIAL_TERM = "initial_term"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class TermReading:
    """What a text says, None where it does not say it or not clearly.

    `notice` is the MSP's, `client_notice` the client's; a text that names no side means both. `is_successive`: the
    renewals follow one another. `extension_notice`: to be given by who wants to extend it; no notice against a renewal.
    `not_understood`: the words left over. `questions`: sentences to ask the person.
    """

    text: str
    term_kind: TermKind | None = None
    initial_term: Period | None = None
    renewal: RenewalMode | None = None
    renewal_term: Period | None = None
    max_renewals: int | None = None
    is_successive: bool = False
    notice: Period | None = None
    client_notice: Period | None = None
    notice_window: Period | None = None
    notice_to: NoticeTo | None = None
    extension_notice: Period | None = None
    not_understood: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Everything in the text was understood."""
        return not self.not_understood and not self.questions

    def stated(self) -> dict[str, Any]:
        """The fields of an `Agreement` that the text states, with their values."""
        names = (
            "term_kind", "initial_term", "renewal", "renewal_term", "max_renewals",
            "notice", "client_notice", "notice_window", "notice_to", "extension_notice",
        )  # fmt: skip
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def read_terms(text: str, asked: Asked = Asked.TERMS) -> TermReading:
    """What `text` says about term, renewal and notice. `asked` is the question that it answers."""
    if len(text) > LONGEST_TEXT:
        return TermReading(text, questions=(f"That is longer than {LONGEST_TEXT} characters: what is the term?",))
    words = plain(text)
    modes = read_modes(words)
    found = _with_bare_length(words, place_amounts(words), modes, asked)
    reading, spans = _read_kind(TermReading(text), words, found, modes)
    for read in (_read_initial, _read_renewal, _read_count, _read_notice, _read_period_end):
        reading, used = read(reading, words, found)
        spans.extend(used)
    if words and not reading.stated() and not reading.questions:
        reading = _asking(reading, "Is that the term, the renewal or the notice, and how long is it?")
    return replace(reading, not_understood=left_over(words, spans))


def _with_bare_length(words: str, found: Found, modes: ModeReading, asked: Asked) -> Found:
    """A length that stands alone answers what was asked; one that comes before a renewal is the initial term."""
    bare = [each for each in found if each.role is Role.NONE and not _is_inside(each, modes.monthly)]
    spans = [*(_span(each) for each in found), *modes.spans]
    if not bare or modes.is_endless or left_over(words, spans):
        return found
    role = Role.NONE
    if asked is Asked.NOTICE:
        role = Role.NOTICE if len(bare) == len(found) else Role.NONE
    elif modes.monthly or any(each.role in (Role.RENEWAL, Role.INITIAL) for each in found):
        role = Role.INITIAL if bare == found[:1] else Role.NONE
    elif asked is Asked.INITIAL_TERM or (modes.runs_until_ended and _AFTERWARDS.search(words)):
        role = Role.INITIAL
    elif asked is Asked.RENEWAL_TERM or _is_in_months(bare[0]):
        is_told_apart = RenewalMode.AUTO not in modes.modes and not modes.names_an_ending
        is_about_notice = "notice" in words.lower() and not any(each.role is Role.NOTICE for each in found)
        role = Role.RENEWAL if is_told_apart and not is_about_notice else Role.NONE
    return [replace(each, role=role) if each in bare else each for each in found]


def _read_kind(reading: TermReading, words: str, found: Found, modes: ModeReading) -> tuple[TermReading, Spans]:
    """Whether it ends, and how it renews."""
    renewals = [each for each in found if each.role is Role.RENEWAL and not _is_inside(each, modes.monthly)]
    if modes.is_endless or (modes.runs_until_ended and not renewals and not modes.monthly):
        lengths = {each.role for each in found} & {Role.NONE, Role.INITIAL}
        is_weak = not modes.is_endless and lengths and not _AFTERWARDS.search(words)
        if is_weak or renewals or modes.monthly or Role.NONE in lengths or RenewalMode.NONE in modes.modes:
            return _asking(reading, "Does it run without an end, or for a certain time?"), []
        if _A_DATE.search(words):
            return _asking(reading, "Does it run without an end, or until that date?"), []
        return replace(reading, term_kind=TermKind.EVERGREEN), list(modes.spans)
    if modes.monthly:
        if renewals:
            return _asking(reading, "Does it renew month by month, or for the longer time?"), []
        return replace(reading, term_kind=TermKind.MONTH_TO_MONTH), list(modes.spans)
    if len(modes.modes) > 1 or (RenewalMode.NONE in modes.modes and renewals):
        return _asking(reading, "Does it renew by itself, only if somebody says so, or not at all?"), []
    return replace(reading, renewal=next(iter(modes.modes), None)), list(modes.spans)


def _read_initial(reading: TermReading, words: str, found: Found) -> tuple[TermReading, Spans]:
    initials = [each for each in found if each.role is Role.INITIAL]
    period = _common_length(each.period for each in initials)
    if period is None:
        return (_asking(reading, "How long is the initial term?") if initials else reading), []
    return replace(reading, initial_term=period), [_span(each) for each in initials]


def _read_renewal(reading: TermReading, words: str, found: Found) -> tuple[TermReading, Spans]:
    renewals = [each for each in found if each.role is Role.RENEWAL]
    if reading.term_kind is TermKind.MONTH_TO_MONTH:
        month = Period(1, PeriodUnit.MONTHS)
        return replace(reading, renewal_term=month, is_successive=True), [_span(each) for each in renewals]
    same = _SAME_LENGTH.search(words)
    if not renewals and same and reading.initial_term and (reading.renewal or _FOLLOWING.search(words)):
        return replace(reading, renewal_term=reading.initial_term, is_successive=True), [same.span()]
    period = _common_length(each.period for each in renewals)
    is_contradicted = bool(read_modes(words).modes & {RenewalMode.NONE}) or read_modes(words).is_endless
    if period is None or is_contradicted or (same and reading.initial_term and reading.initial_term != period):
        return (_asking(reading, "How long is each renewal?") if renewals else reading), []
    follows = any(each.amount.is_rate for each in renewals) or _FOLLOWING.search(words) is not None
    reading = replace(reading, renewal_term=period, is_successive=follows)
    return reading, [_span(each) for each in renewals]


def _read_count(reading: TermReading, words: str, found: Found) -> tuple[TermReading, Spans]:
    """How many renewals at most. "An additional year" may mean once or each time, so it is asked."""
    if reading.renewal_term is None:
        return reading, []
    elsewhere, spans = read_count(words)
    renewals = [each for each in found if each.role is Role.RENEWAL]
    counts = elsewhere | {each.count for each in renewals if each.count is not None}
    if len(counts) > 1 or None in counts:
        return _asking(reading, "How often can it renew?"), []
    if counts:
        return replace(reading, max_renewals=next(iter(counts)), is_successive=counts != {1}), list(spans)
    if any(each.is_single for each in renewals) and not _REPEATING.search(words):
        return _asking(reading, "Does it renew once, or again at the end of each renewal?"), []
    return reading, []


def _read_notice(reading: TermReading, words: str, found: Found) -> tuple[TermReading, Spans]:
    """The notice of each side and the window for it. One doubtful length spoils them all."""
    extending = [each for each in found if each.role is Role.EXTENSION]
    if extending:
        period = _common_length(each.period for each in extending)
        length = period.in_words if period else "notice"
        question = f"Whoever wants to extend it gives {length} for that. How much notice ends it, if any?"
        reading = _asking(replace(reading, extension_notice=period), question)
    notices = [each for each in found if each.role is Role.NOTICE]
    bounds = [each for each in found if each.role in (Role.WINDOW, Role.WITHIN)]
    if not notices:
        unclear = any(each.role is Role.WITHIN or _span(each) for each in bounds)
        return (
            _asking(reading, "How long before the end must notice be given at the latest?") if unclear else reading
        ), []
    if has_notice_by_date(words) or any(each.role is Role.WITHIN for each in bounds):
        return _asking(reading, "How long before the end must notice be given at the latest?"), []
    sides = {Side.MSP: list[Period | None](), Side.CLIENT: list[Period | None]()}
    for each in notices:
        side = read_side(each.before, each.after)
        if side is Side.UNCLEAR:
            return _asking(reading, "Which side has to give that notice?"), []
        for named in sides if side is Side.BOTH else (side,):
            sides[named].append(each.period)
    agreed = {side: _common_length(periods) for side, periods in sides.items()}
    if any(periods and agreed[side] is None for side, periods in sides.items()):
        return _asking(reading, "How much notice must be given?"), []
    reading = replace(reading, notice=agreed[Side.MSP], client_notice=agreed[Side.CLIENT])
    used = [_span(each) for each in notices]
    window = _common_length(each.period for each in bounds)
    if not bounds:
        return reading, used
    if window is None or not all(_is_longer(window, each.period) for each in notices):
        cleared = replace(reading, notice=None, client_notice=None)
        return _asking(cleared, "Between which two times before the end can notice be given?"), []
    return replace(reading, notice_window=window), [*used, *(_span(each) for each in bounds)]


def _read_period_end(reading: TermReading, words: str, found: Found) -> tuple[TermReading, Spans]:
    """The calendar period to whose end notice is given. "Year" alone may be the agreement's own, so it is asked."""
    named = list(_TO_PERIOD_END.finditer(words))
    if not named or (reading.notice is None and reading.client_notice is None):
        return reading, []
    periods = {_period_named(match) for match in named}
    is_a_year = periods == {NoticeTo.YEAR} and not all("calendar" in match[0].lower() for match in named)
    if len(periods) > 1 or is_a_year:
        return _asking(reading, "At the end of which period does notice end it?"), []
    return replace(reading, notice_to=periods.pop()), [match.span() for match in named]


def _period_named(match: re.Match[str]) -> NoticeTo:
    word = (match["period"] or match["short"]).lower()
    if word.startswith("half"):
        return NoticeTo.HALF_YEAR
    return {"month": NoticeTo.MONTH, "quarter": NoticeTo.QUARTER}.get(word, NoticeTo.YEAR)


def _common_length(periods: Iterable[Period | None]) -> Period | None:
    """The length that all of them are, or None if there is none, one is unreadable or they differ."""
    all_of_them = list(periods)
    first = all_of_them[0] if all_of_them else None
    return first if all(same_length(first, other) for other in all_of_them) else None


def _is_longer(one: Period, other: Period | None) -> bool:
    return other is not None and one.value * _DAYS_EACH[one.unit] > other.value * _DAYS_EACH[other.unit]


def _is_in_months(each: Placed) -> bool:
    return each.period is not None and each.period.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS)


def _span(each: Placed) -> tuple[int, int]:
    return each.start, each.amount.end


def _is_inside(each: Placed, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= each.amount.start and each.amount.end <= end for start, end in spans)


def _asking(reading: TermReading, question: str) -> TermReading:
    return replace(reading, questions=(*reading.questions, question))
