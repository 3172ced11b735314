"""What in an agreement's record contradicts itself: asked about, not refused, because papers do say such things."""

from collections.abc import Iterator
from datetime import date

from commands.rules.dates.format import format_date
from commands.rules.dates.periods import is_longer
from commands.rules.dates.plausible_dates import years_after
from commands.rules.text.phrases import plain
from storage.records.agreement import Agreement, TermKind
from storage.records.period import Period, PeriodUnit

_LONG = Period(25, PeriodUnit.YEARS)
_NAMES = {"review_every": "review interval", "extension_notice": "notice to extend"}
LENGTHS = (
    "initial_term",
    "renewal_term",
    "notice",
    "client_notice",
    "extension_notice",
    "notice_window",
    "review_every",
)
"""The fields of an agreement that are lengths of time."""


def term_cautions(agreement: Agreement) -> tuple[str, ...]:
    """Sentences about days in an odd order, and about notice that is longer than the term it ends."""
    return (*_days(agreement), *_lengths(agreement))


def to_ask_about(agreement: Agreement) -> tuple[str, ...]:
    """The sentences that somebody should confirm before it is saved: days of signatures, and notice."""
    return (*_signature_days(agreement), *longer_than_the_term(agreement))


def longer_than_the_term(agreement: Agreement) -> tuple[str, ...]:
    """Sentences about each notice, and its window, that is longer than the fixed term it ends."""
    term = agreement.renewal_term or agreement.initial_term
    if term is None or agreement.term_kind is not TermKind.FIXED:
        return ()
    named: tuple[tuple[str, Period | None], ...] = (
        ("The notice", agreement.notice), ("The client's notice", agreement.client_notice),
        ("The notice window", agreement.notice_window), ("The notice to extend", agreement.extension_notice),
    )  # fmt: skip
    return tuple(
        f"{name}, {period.in_words}, is longer than the term of {term.in_words}."
        for name, period in named
        if period is not None and is_longer(period, term)
    )


def _days(agreement: Agreement) -> Iterator[str]:
    start, ended = agreement.effective_on, agreement.terminated_on
    if start and ended and ended < start:
        yield f"It is recorded to end on {format_date(ended)}, before its first day, {format_date(start)}. Check both."
    yield from (f"{each} Check both." for each in _signature_days(agreement))


def _signature_days(agreement: Agreement) -> Iterator[str]:
    """Sentences about signatures after the term's last day, or more than a year from its first one."""
    start, end = agreement.effective_on, agreement.initial_end_on
    for signed in sorted(set(filter(None, (agreement.msp_signed_on, agreement.client_signed_on)))):
        if end and signed > end:
            yield f"It was signed on {format_date(signed)}, after the term's last day, {format_date(end)}."
        elif start and not _near(signed, start):
            days = f"signed on {format_date(signed)}, and applies from {format_date(start)}"
            yield f"It was {days}: more than a year apart."


def _near(one: date, other: date) -> bool:
    first, last = sorted((one, other))
    return last <= years_after(first, 1)


def _lengths(agreement: Agreement) -> Iterator[str]:
    for name in LENGTHS:
        length = getattr(agreement, name)
        if length is not None and is_longer(length, _LONG):
            what = _NAMES.get(name, plain(name))
            yield f"The {what} of {length.in_words} is longer than {_LONG.in_words}. Check it."
    # That our own notice is too long is said with the deadline that follows from it.
    yield from (f"{each} Check both." for each in longer_than_the_term(agreement) if not each.startswith("The notice,"))
