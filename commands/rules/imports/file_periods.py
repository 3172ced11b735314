"""Lengths of time in a file: "24" under "Term (months)", "thirty (30) days", "P12M"."""

import re

from commands.rules.imports.titles import unit_named
from commands.rules.term_text.amounts import amounts
from storage.records.period import Period

_NUMBER = re.compile(r"(\d{1,4})(?:[.,]0+)?")
_ISO = re.compile(r"P(\d{1,4})([DWMY])", re.IGNORECASE)
_ELSEWHERE = {
    word: unit
    for unit, words in {
        "days": "tag tage tagen jour jours día días dia dias dag dagen",
        "weeks": "woche wochen semaine semaines semana semanas week weken",
        "months": "mth mths monat monate monaten mois mes meses mês maand maanden",
        "years": "jahr jahre jahren an ans année années año años ano anos jaar jaren",
    }.items()
    for word in words.split()
}
_IN_DIGITS = re.compile(r"(\d{1,4})\s+([^\W\d_]+)\.?")
_ENDINGS = re.compile(
    r"(?:'s?|’s?|s'|\(s\))?\s*(?:of\s+)?(?:(?:prior|advance|written)\s+)*(?:notice)?\.?$", re.IGNORECASE
)


class NoUnit(ValueError):
    """A number that is a length of time in a unit that nobody named."""


def read_file_period(text: str, unit: str | None) -> Period:
    """The length that a cell names; `unit` is what a bare number counts. Raises ValueError; NoUnit without a unit."""
    typed = " ".join(text.split())
    if (number := _NUMBER.fullmatch(typed)) is not None:
        if (named := unit_named(unit) if unit else None) is None:
            raise NoUnit(f'"{typed}" has no unit.')
        return Period.parse(f"{number[1]} {named}")
    if (iso := _ISO.fullmatch(typed)) is not None:
        return Period.parse(f"{iso[1]}{iso[2].lower()}")
    if (match := _IN_DIGITS.fullmatch(typed)) is not None and (named := _ELSEWHERE.get(match[2].casefold())):
        return Period.parse(f"{match[1]} {named}")
    bare = _ENDINGS.sub("", typed).removesuffix("(s").strip()
    found = amounts(bare)
    if (
        len(found) == 1
        and found[0].period
        and not found[0].is_rate
        and (found[0].start, found[0].end) == (0, len(bare))
    ):
        return found[0].period
    return Period.parse(bare)
