"""Lengths of time in a file: "24" under "Term (months)", "thirty (30) days", "1 yr 6 mo", "1,5 Jahre", "P12M"."""

import re

from commands.rules.imports.titles import unit_named
from commands.rules.term_text.amounts import NUMBER, amounts, number
from storage.records.period import Period

_NUMBER = re.compile(r"(\d{1,4})(?:[.,]0{1,2})?")  # three zeros may be those of a thousand
_ISO = re.compile(r"P(\d{1,4})([DWMY])", re.IGNORECASE)
_ELSEWHERE = {
    word: unit
    for unit, words in {
        "days": "tag tage tagen jour jours día días dia dias dag dagen",
        "weeks": "woche wochen semaine semaines semana semanas week weken",
        "months": "monat monate monaten mois mes meses mês maand maanden",
        "years": "jahr jahre jahren an ans année années año años ano anos jaar jaren",
        "and": "und et y e en",
    }.items()
    for word in words.split()
}
_WORD = re.compile(r"[^\W\d_]+")
_HALVES = re.compile(
    r"(?P<year>a|one) year and a half|half (?P<half>a year)|(?P<whole>.+?)\s+and\s+a\s+half(?=\s)", re.I
)
_SPELLED = re.compile(rf"(?<!\w)(?<!\d[.,]){NUMBER}(?!\w)", re.IGNORECASE)
_ENDINGS = re.compile(
    r"(?:'s?|’s?|s'|\(s\))?\s*(?:of\s+)?(?:(?:prior|advance|written)\s+)*(?:notice)?"
    r"(?:\s*(?:before|prior\s+to)\s+(?:the\s+)?(?:end|expiry|expiration|renewal)(?:\s+(?:of\s+(?:the\s+)?)?(?:term|date))?)?\.?$",
    re.IGNORECASE,
)


class NoUnit(ValueError):
    """A number that is a length of time in a unit that nobody named."""


def read_file_period(text: str, unit: str | None) -> Period:
    """The length that a cell names; `unit` is what a bare number counts. Raises ValueError; NoUnit without a unit."""
    typed = " ".join(text.split())
    if (count := _NUMBER.fullmatch(typed)) is not None:
        if (named := unit_named(unit) if unit else None) is None:
            raise NoUnit(f'"{typed}" has no unit.')
        return Period.parse(f"{count[1]} {named}")
    if (iso := _ISO.fullmatch(typed)) is not None:
        return Period.parse(f"{iso[1]}{iso[2].lower()}")
    bare = _ENDINGS.sub("", typed).removesuffix("(s").strip()
    found = amounts(bare)
    if (
        len(found) == 1
        and found[0].period
        and not found[0].is_rate
        and (found[0].start, found[0].end) == (0, len(bare))
    ):
        return found[0].period
    try:
        return Period.parse(_in_digits(bare))
    except ValueError:
        return Period.parse(bare)  # "1.5 y", where y is no Spanish "and"; what is no length is refused as it was typed


def _in_digits(text: str) -> str:
    """ "two and a half years" as "2.5 years", "1,5 jaar" as "1,5 years", "one (1) year, six months" in digits."""
    text = re.sub(r"(\d)\s*½", r"\1.5", re.sub(r"(?<!\d)1/2", "½", text))
    text = _WORD.sub(lambda word: _ELSEWHERE.get(word[0].casefold(), word[0]), text)
    text = _HALVES.sub(_half, text)
    return _SPELLED.sub(lambda spelled: str(value) if (value := number(spelled[0])) is not None else spelled[0], text)


def _half(match: re.Match[str]) -> str:
    if match["year"]:
        return "1.5 years"
    if match["half"]:
        return "0.5 years"
    whole = number(match["whole"])
    return match[0] if whole is None else f"{whole}.5"
