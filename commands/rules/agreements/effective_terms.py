"""The terms of an agreement on a day: as it was first signed, as amendments changed it since, as somebody renewed it.

An amendment or addendum that both sides signed changes, from its effective date on, what it states; the chain of them
is applied in the order of their effective dates. One that does not say enough changes nothing, and is a doubt.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from commands.rules.agreements.terms import TermLine, last_term_number, makes_a_term, renews_itself, term_line
from commands.rules.dates.format import format_date
from commands.rules.dates.periods import is_longer, shift
from commands.rules.text.phrases import plain
from storage.records.agreement import Agreement, AgreementKind, AgreementStatus, RenewalMode, TermKind
from storage.records.period import Period

_DAY = timedelta(days=1)
_AMENDING = (AgreementKind.AMENDMENT, AgreementKind.ADDENDUM)
ABOUT_NOTICE = (
    "notice", "client_notice", "extension_notice", "notice_window", "notice_to", "notice_method", "notice_address",
)  # fmt: skip
_LONGER_IS_SAFE = ("notice", "client_notice", "extension_notice")
_ABOUT_TERM = ("initial_term", "initial_end_on", "renewal", "renewal_term", "max_renewals")
_STATED_WORDS = {
    "notice": "notice of {}",
    "client_notice": "notice of {} by the client",
    "extension_notice": "notice to extend of {}",
    "notice_window": "notice at most {} before the end",
    "notice_to": "notice to the end of a calendar {}",
    "notice_method": "notice by {}",
    "notice_address": "notice to {}",
    "initial_term": "a term of {}",
    "initial_end_on": "an end on {}",
    "renewal": "renewal: {}",
    "renewal_term": "renewals of {}",
    "max_renewals": "at most {} renewals",
    "uplift_percent": "{} % more at renewal",
    "term_kind": "it runs {}",
}
# What was decided by hand about the ends of terms, oldest first: the end as it was then, and whether it was renewed.
Decided = Sequence[tuple[date, bool]]
_EXTENDS = re.compile(r"\b(?:exten[ds]|renew|prolong|term\b|expir)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment made of one field, and since when."""

    value: Any
    reference: str
    since: date

    @property
    def source(self) -> str:
        return f"by {self.reference} since {format_date(self.since)}"


@dataclass(frozen=True, slots=True)
class EffectiveTerms:
    """`agreement` bears the terms that apply on the day; it is to reckon with, never to be stored.

    `renewals_before`: renewals that came before the term which `agreement` calls its initial one. `changes`: what
    amendments made of it, by field. `term_changed_on`: the days on which an amendment changed how it runs. `notes`: how
    something was read. `doubts`: papers that may change it and do not say enough; `may_be_extended` if they may do so.
    `continues_on`: a signed amendment goes on from its last term on that day.
    """

    agreement: Agreement
    renewals_before: int = 0
    changes: Mapping[str, Change] = field(default_factory=dict)
    term_changed_on: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    may_be_extended: bool = False
    continues_on: date | None = None


def root_of(agreement: Agreement, agreements: Mapping[int, Agreement]) -> Agreement | None:
    """The agreement that `agreement` amends, at the upper end of the chain; None where it is on its own, and in a
    circle of papers that belong to each other.
    """
    found, seen = agreement, {agreement.id}
    while found.kind in _AMENDING and (found is agreement or not has_own_term(found)):
        parent = agreements.get(found.parent_id or 0)
        if parent is None:
            break
        if parent.id in seen:
            return None
        seen.add(parent.id)
        found = parent
    if found is agreement or has_own_term(agreement, found):
        return None
    return found


def has_own_term(agreement: Agreement, root: Agreement | None = None) -> bool:
    """Whether an addendum runs by itself: it says how, or it states a term while what it belongs to has no end."""
    if agreement.kind is not AgreementKind.ADDENDUM:
        return agreement.kind is not AgreementKind.AMENDMENT
    states_term = agreement.initial_term is not None or agreement.initial_end_on is not None
    is_endless = root is not None and root.term_kind is TermKind.EVERGREEN
    return agreement.term_kind is not TermKind.FIXED or (states_term and is_endless)


def stated_terms(amendment: Agreement) -> dict[str, Any]:
    """The fields about notice, term and renewal that it states."""
    names = (*ABOUT_NOTICE, *_ABOUT_TERM, "uplift_percent")
    found = {name: value for name in names if (value := getattr(amendment, name)) is not None}
    if amendment.term_kind is TermKind.MONTH_TO_MONTH:
        found["term_kind"] = amendment.term_kind
    return found


def stated_words(fields: Mapping[str, Any]) -> str:
    """60 days notice, renewals of 12 months."""
    return ", ".join(_STATED_WORDS[name].format(_value_words(value)) for name, value in fields.items())


def is_renewed(decided: Decided, line: TermLine, number: int) -> bool:
    """Whether the newest decision about term `number` was to renew it: one is about the term whose end is the nearest,
    so that it stays with its term where a date was corrected since.
    """
    term, end_of_next = line.term(number), line.term(number + 1).end
    spans = (end_of_next - term.end, *((term.end - term.start,) if term.start else ()))
    about = [renews for end, renews in decided if end == term.end or abs(end - term.end) * 2 < min(spans)]
    return bool(about) and about[-1]


def effective_terms(
    agreement: Agreement, amendments: Iterable[Agreement], on: date, decided: Decided = ()
) -> EffectiveTerms:
    """The terms on `on`. What ran on by an amendment alone ends with that amendment, and not before."""
    known = list(amendments)
    found = _folded(agreement, known, on, decided)
    end = _last_day(found.agreement)
    over = [each.terminated_on for each in known if _applies(each) and each.terminated_on and each.terminated_on < on]
    if end is None or not over or (ended := max(over)) <= end:
        return found
    before = effective_terms(agreement, known, ended, decided)
    last_day = _last_day(before.agreement)
    if last_day is not None and last_day < ended:
        return found if last_day <= end else before
    line = term_line(before.agreement)
    start = line.term(line.number_on(ended)).start if line else before.agreement.effective_on
    update = {"effective_on": start, "initial_end_on": ended, "initial_term": None, "max_renewals": 0}
    note = f"It ran on by an amendment that ended on {format_date(ended)}: that is its last day."
    return replace(found, agreement=found.agreement.model_copy(update=update), notes=(*found.notes, note))


def _last_day(terms: Agreement) -> date | None:
    """The last day by its dates; None where it goes on, or that cannot be told."""
    line = term_line(terms) if terms.term_kind is not TermKind.EVERGREEN else None
    last = last_term_number(terms)
    if line is None or last is None or terms.renewal is None or (last and line.renewal is None):
        return None
    return line.term(last).end


def _folded(agreement: Agreement, known: Sequence[Agreement], on: date, decided: Decided) -> EffectiveTerms:
    counting = sorted((each for each in known if _counts(each, on)), key=lambda each: (each.effective_on, each.id))
    if not known and not decided:
        return EffectiveTerms(agreement)
    folded = _Fold(agreement)
    for amendment in counting:
        since = amendment.effective_on
        assert since is not None, "what counts has an effective date"
        if since > on:
            break
        folded.renew(decided, until=since)
        folded.amend(amendment, since)
    folded.renew(decided, until=on)
    later = [each for each in counting if each.effective_on and each.effective_on > on]
    ending = [each for each in counting if each.terminated_on is not None]
    return folded.result(later, ending, [each for each in known if each not in counting])


def edges(amendments: Iterable[Agreement], after: date) -> list[date]:
    """The days after `after` from which other terms hold, because an amendment begins or has ended."""
    found = {
        day
        for each in amendments
        if _applies(each) and each.effective_on is not None
        for day in (each.effective_on, each.terminated_on + _DAY if each.terminated_on else None)
        if day is not None and day > after
    }
    return sorted(found)


def _counts(amendment: Agreement, on: date) -> bool:
    """Signed by both, with an effective date, and not over by then."""
    is_over = amendment.terminated_on is not None and amendment.terminated_on < on
    return _applies(amendment) and not is_over


def _applies(amendment: Agreement) -> bool:
    """Signed by both, from a day on, and up to one that is not before that."""
    start, ended = amendment.effective_on, amendment.terminated_on
    if amendment.status is not AgreementStatus.EXECUTED and ended is None:
        return False
    return amendment.is_signed and start is not None and (ended is None or ended >= start)


class _Fold:
    """The terms as they come to be, from one event to the next."""

    def __init__(self, agreement: Agreement) -> None:
        self.base = agreement
        self.number = 0
        self.before = 0
        self.changes: dict[str, Change] = {}
        self.term_changed_on: list[date] = []
        self.notes: list[str] = []
        self.doubts: list[str] = []
        self.may_be_extended = False

    def renew(self, decided: Decided, until: date) -> None:
        """Go on to the next term for every decision to renew by hand whose term is over by `until`."""
        while self.base.renewal is RenewalMode.MANUAL and (line := term_line(self.base)) is not None:
            end = line.term(self.number).end
            most = self.base.max_renewals
            is_over = end < until and line.renewal is not None and (most is None or self.number < most)
            if not is_over or not is_renewed(decided, line, self.number):
                return
            self.number += 1

    def amend(self, amendment: Agreement, since: date) -> None:
        fields = stated_terms(amendment)
        if not fields:
            self._doubt_silent(amendment)
            return
        fields = self._not_contradicted(amendment, fields, since)
        plain = {name: fields[name] for name in (*ABOUT_NOTICE, "uplift_percent") if name in fields}
        if any(name in fields for name in (*_ABOUT_TERM, "term_kind")):
            if not self._change_term(amendment, fields, since):
                fields = plain
            else:
                self.term_changed_on.append(since)
        self.base = self.base.model_copy(update=plain)
        self.changes |= {name: Change(value, amendment.reference, since) for name, value in fields.items()}

    def _not_contradicted(self, amendment: Agreement, fields: dict[str, Any], since: date) -> dict[str, Any]:
        """Without what another amendment of the same day states more safely: the longer notice is given in time for
        both. Which of them counts is a doubt.
        """
        for name, value in list(fields.items()):
            known = self.changes.get(name)
            if known is None or known.since != since or known.value == value:
                continue
            if name in _LONGER_IS_SAFE and is_longer(known.value, value):
                fields = {each: given for each, given in fields.items() if each != name}
            taken = fields.get(name, known.value)
            self.doubts.append(
                f"{known.reference} states {stated_words({name: known.value})} and {amendment.reference} "
                f"{stated_words({name: value})}, both since {format_date(since)}: which counts is not clear. Taken is "
                f"{_value_words(taken)}; ask both sides."
            )
        return fields

    def _doubt_silent(self, amendment: Agreement) -> None:
        is_about_term = any(_EXTENDS.search(text) for text in (amendment.title, amendment.summary) if text)
        if amendment.term_kind is TermKind.EVERGREEN:
            self.doubts.append(
                f"{amendment.reference} amends it and is recorded as running without an end; if it takes away the "
                f"end of {self.base.reference}, record that there: term:evergreen"
            )
        elif amendment.kind is AgreementKind.AMENDMENT or is_about_term:
            self.doubts.append(
                f"{amendment.reference} amends it, and no term, renewal or notice that it changes is recorded: "
                "check that it changes none."
            )
        else:
            return
        self.may_be_extended = True

    def _change_term(self, amendment: Agreement, fields: Mapping[str, Any], since: date) -> bool:
        """Lay the terms anew from the one that runs on `since`; whether the amendment says enough for that."""
        line = term_line(self.base) if self.base.term_kind is not TermKind.EVERGREEN else None
        number = self._number_on(line, since)
        start = line.term(number).start if line else self.base.effective_on
        end = line.term(number).end if line else None
        is_over = end is not None and since > end
        stated_end, length = fields.get("initial_end_on"), fields.get("initial_term")
        changes: dict[str, Any] = {}
        if stated_end is not None:
            if stated_end < since:
                return self._contradicts(amendment, f"states an end, {format_date(stated_end)}, before it takes effect")
            changes = {"initial_end_on": stated_end, "initial_term": None, "effective_on": since if is_over else start}
        elif length is not None and makes_a_term(length):
            changes = self._new_length(
                amendment, length, since, is_first=line is not None and number == 0 and not is_over
            )
        elif is_over:
            return self._contradicts(
                amendment,
                f"takes effect after the last term ended on {format_date(end or since)}, and states no new end",
            )
        elif number > 0 and end is not None:
            changes = {"effective_on": start, "initial_end_on": end, "initial_term": None}
        if changes:
            self.before += number + (1 if is_over else 0)
            self.number = 0
            if self.base.term_kind is not TermKind.FIXED and ("initial_end_on" in fields or "initial_term" in fields):
                changes["term_kind"] = TermKind.FIXED
                changes["renewal"] = None
        if fields.get("max_renewals") is not None:
            changes["max_renewals"] = max(fields["max_renewals"] - self.before, 0)
        elif self.base.max_renewals is not None and number and "effective_on" in changes:
            changes["max_renewals"] = max(self.base.max_renewals - number, 0)
        changes |= {name: fields[name] for name in ("renewal", "renewal_term", "term_kind") if name in fields}
        self.base = self.base.model_copy(update=changes)
        return True

    def _number_on(self, line: TermLine | None, day: date) -> int:
        """The number of the term that runs on `day`, or of the last one before it."""
        if line is None or not renews_itself(self.base):
            return self.number
        last = last_term_number(self.base)
        return line.number_on(day) if last is None else min(line.number_on(day), last)

    def _new_length(self, amendment: Agreement, length: Period, since: date, *, is_first: bool) -> dict[str, Any]:
        """A stated term is that of the whole initial term while it runs, where that does not end it before `since`."""
        start = self.base.effective_on
        if is_first and start is not None and (ends := shift(start, length) - _DAY) >= since:
            self.notes.append(
                f"The term of {length.in_words} that {amendment.reference} states is counted from {format_date(start)} "
                f"and ends on {format_date(ends)}; counted from {format_date(since)} it would end later."
            )
            return {"initial_term": length, "initial_end_on": None, "effective_on": start}
        return {"initial_term": length, "initial_end_on": None, "effective_on": since}

    def _contradicts(self, amendment: Agreement, what: str) -> bool:
        self.doubts.append(f"{amendment.reference} {what}: what it changes is not clear.")
        self.may_be_extended = True
        return False

    def result(
        self, later: Sequence[Agreement], ending: Sequence[Agreement], others: Sequence[Agreement]
    ) -> EffectiveTerms:
        line = term_line(self.base) if self.number else None
        if line is not None:
            term = line.term(self.number)
            most = self.base.max_renewals
            update = {
                "effective_on": term.start, "initial_end_on": term.end, "initial_term": None,
                "max_renewals": None if most is None else most - self.number,
            }  # fmt: skip
            self.before += self.number
            self.base = self.base.model_copy(update=update)
        for each in others:
            self._doubt(each)
        self.notes += (*_announced(later), *_announced_ends(ending))
        return EffectiveTerms(
            self.base, self.before, self.changes, tuple(self.term_changed_on), tuple(self.notes), tuple(self.doubts),
            self.may_be_extended, self._continues_on(later),
        )  # fmt: skip

    def _doubt(self, amendment: Agreement) -> None:
        """Paper that does not count (yet), and would change something."""
        if amendment.terminated_on is not None or amendment.status in (
            AgreementStatus.TERMINATED,
            AgreementStatus.SUPERSEDED,
        ):
            return
        fields = stated_terms(amendment)
        is_about_term = any(_EXTENDS.search(text) for text in (amendment.title, amendment.summary) if text)
        if not fields and not is_about_term:
            return
        why = "since when it applies is not recorded"
        if not amendment.is_signed:
            sides = (("us", amendment.msp_signed_on), ("the client", amendment.client_signed_on))
            why = f"it is not signed by {' or '.join(who for who, day in sides if day is None)}"
        what = stated_words(fields) if fields else "something about the term"
        self.doubts.append(f"{amendment.reference} states {what}, but {why}: it does not count yet.")
        self.may_be_extended |= is_about_term or any(name in fields for name in (*_ABOUT_TERM, "term_kind"))

    def _continues_on(self, later: Sequence[Agreement]) -> date | None:
        """The day from which a signed amendment goes on, where the last term would just have ended."""
        line = term_line(self.base) if self.base.term_kind is TermKind.FIXED else None
        last = last_term_number(self.base)
        if line is None or last is None or (last and line.renewal is None):
            return None
        end = line.term(last).end
        for each in later:
            is_in_time = each.effective_on is not None and end < date.max and each.effective_on <= end + _DAY
            goes_on = each.initial_term is not None or (each.initial_end_on is not None and each.initial_end_on > end)
            if is_in_time and goes_on:
                return each.effective_on
        return None


def _announced(later: Sequence[Agreement]) -> Iterator[str]:
    for each in later:
        if each.effective_on is not None and (fields := stated_terms(each)):
            yield f"From {format_date(each.effective_on)} on, {each.reference} changes it: {stated_words(fields)}."


def _announced_ends(ending: Sequence[Agreement]) -> Iterator[str]:
    for each in ending:
        if each.terminated_on is not None and (fields := stated_terms(each)):
            ends = f"{each.reference} ends on {format_date(each.terminated_on)}"
            yield f"{ends}, and with it what it changes: {stated_words(fields)}."


def _value_words(value: Any) -> str:
    if isinstance(value, Period):
        return value.in_words
    if isinstance(value, date):
        return format_date(value)
    return plain(value) if isinstance(value, StrEnum) else str(value)
