"""Lengths of time in running text: "60 days", "thirty (30) days", "(6) months", "two-year", "12-month", "a year".

A length that cannot be read for certain is found too, with `period` None, so that nobody takes a part of it for the
whole: "sixty 90 days", "thirty (60) days", "30-60 days", "1.5 years", "[***] days", "48 hours".
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from commands.rules.text.late_pattern import late_pattern
from commands.rules.text.whole_numbers import whole_number
from storage.records.period import Period, PeriodUnit

_VALUES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_SPELLED = rf"(?:(?:{_WORD}|a|one)[\s-]+hundred(?:[\s-]+and)?(?:[\s-]+(?:{_WORD}))*|(?:{_WORD})(?:[\s-]+(?:{_WORD}))*)"
_HIDDEN = r"\[[\s*_●•x.]*\]|\*{2,}|_{2,}"
NUMBER = (
    rf"(?:{_SPELLED}\s*\(\s*\d+\s*\)|\d+\s*\(\s*{_SPELLED}\s*\)|{_SPELLED}\s+\d+\b|\(\s*\d+\s*\)|\d+"
    rf"|{_SPELLED}|{_HIDDEN})"
)

_UNITS = {
    "day": (1, PeriodUnit.DAYS),
    "week": (1, PeriodUnit.WEEKS),
    "fortnight": (2, PeriodUnit.WEEKS),
    "month": (1, PeriodUnit.MONTHS),
    "quarter": (3, PeriodUnit.MONTHS),
    "year": (1, PeriodUnit.YEARS),
}
_UNIT = r"(?:day|week|fortnight|month|quarter|year|hour|annum|yr|mo|wk|d|w|m|y)s?"
_QUALIFIER = r"(?:calendar|full|whole|consecutive|successive|additional|further|more|extra|business|working|contract)"
_FULL_FORM = {"yr": "year", "mo": "month", "wk": "week", "annum": "year"}
_SHORT_FORM = {"d": "day", "w": "week", "m": "month", "y": "year"}

_AMOUNT = late_pattern(
    rf"""
    # A range or a fraction: not to be read. But "forty-five" is no range.
    (?P<before>(?:{NUMBER}\s*(?:to|or|(?<!hundred\s)and|/|\s[-–]|[-–](?=\s*[\d(]))\s*|\d+\)?\s*[-–]\s*|\d+\s*(?:[.,/½¼¾])\s*)?)
    (?<![\w.$€£])(?P<number>{NUMBER})(?![.,]\d|\s*%|\w*th\b)
    (?P<gap>[\s-]*)(?P<qualifiers>(?:{_QUALIFIER}[\s-]+)*)
    (?P<unit>{_UNIT})(?!\w)(?P<possessive>['’](?:s\b)?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RATES = (
    (r"(?:year[\s-]+(?:to|by|over)[\s-]+year|annual(?:ly)?|yearly|(?:every|each|per|a)\s+year(?!\s+to\b))", "1y"),
    (r"(?:month[\s-]+(?:to|by)[\s-]+month|monthly|(?:every|each|per|a)\s+month(?!\s+to\b))", "1m"),
    (r"(?:quarterly|(?:every|each|per|a)\s+quarter)", "3m"),
    (r"(?:semi-?annual(?:ly)?|half[\s-]?yearly)", "6m"),
    (r"(?:bi-?annual(?:ly)?|biennial(?:ly)?|half an? \w+)", None),
)
_RATE_PATTERNS = tuple(
    (late_pattern(rf"(?<![\w-])(?<!half ){words}(?!\w|\s+and\s+a\s+half)", re.IGNORECASE), length)
    for words, length in _RATES
)
_COUNTED = late_pattern(r"\W*(?:terms|periods|renewals|extensions|options)\b", re.IGNORECASE)
_ONE_BEFORE = late_pattern(r"\b(?:one(?:\s*\(1\))?|1)\s+$", re.IGNORECASE)
_COUNTED_ONCE = late_pattern(r"\W*(?:term|period|renewal|extension|option)\b", re.IGNORECASE)
_NUMBER_BEFORE = late_pattern(rf"(?<![\w$€£])(?:\d+|(?:{_WORD}))\)?\s+$", re.IGNORECASE)
_COUNT_AND_DIGITS = late_pattern(rf"{_SPELLED}\s+(?=\d+$)", re.IGNORECASE)
_JOINED = late_pattern(r"\s*(?:and|&|plus)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A length of time at `start` up to `end` of the text. `period` None: it is one, but not a readable one.

    `is_more` marks "one further year", `is_rate` a length said without a number: "annually", "year to year".
    """

    period: Period | None
    start: int
    end: int
    is_more: bool = False
    is_rate: bool = False


def amounts(text: str) -> list[Amount]:
    """All lengths of time in `text`, in order, none overlapping another."""
    found = _joined(text, [_amount(match) for match in _AMOUNT.finditer(text)])
    for pattern, length in _RATE_PATTERNS:
        for match in pattern.finditer(text):
            if not any(other.start < match.end() and match.start() < other.end for other in found):
                period = Period.parse(length) if length else None
                found.append(Amount(period, match.start(), match.end(), is_rate=True))
    return sorted(found, key=lambda amount: amount.start)


def number(text: str) -> int | None:
    """The whole number that `text` spells ("one hundred eighty", "thirty (30)", "(6)"), None if it is not certain."""
    digits = re.findall(r"\d+", text)
    words = re.sub(r"[\d()]+", " ", text).strip()
    if len(digits) > 1 or not (digits or words):
        return None
    spelled = _spelled_number(words) if words else None
    if not digits:
        return spelled
    value = whole_number(digits[0])
    return value if value is not None and value <= 9999 and (not words or spelled == value) else None


def same_length(one: Period | None, other: Period | None) -> bool:
    """Whether two lengths are always equal: 12 months and 1 year are, 3 months and 90 days are not."""
    return one is not None and other is not None and _measure(one) == _measure(other)


def _amount(match: re.Match[str]) -> Amount:
    qualifiers, unit = match["qualifiers"].lower(), match["unit"].lower()
    start, digits = match.start(), match["number"]
    is_counted = _COUNTED.match(match.string, match.end()) is not None
    count = _COUNT_AND_DIGITS.match(digits)
    if count and is_counted:  # "two 1-year terms"
        start, digits = match.start("number") + count.end(), digits[count.end() :]
    value = number(digits)
    before = match.string[max(start - 20, 0) : start]
    is_counted_once = _ONE_BEFORE.search(before) and _COUNTED_ONCE.match(match.string, match.end())
    is_doubled = _NUMBER_BEFORE.search(before) is not None and not (is_counted or is_counted_once)
    is_certain = value is not None and not match["before"] and not is_doubled
    period = _period(value, unit, qualifiers, match["gap"]) if value is not None and is_certain else None
    is_more = any(word in qualifiers for word in ("additional", "further", "more", "extra", "successive"))
    return Amount(period, start, match.end(), is_more=is_more)


def _joined(text: str, parts: list[Amount]) -> list[Amount]:
    """ "1 year and 6 months" may be one length or two: no part is taken for the whole."""
    joined = parts[:1]
    for before, part in pairwise(parts):
        if _JOINED.fullmatch(text, before.end, part.start) and _is_compound(before, part):
            joined[-1] = Amount(None, joined[-1].start, part.end)
        else:
            joined.append(part)
    return joined


def _is_compound(one: Amount, other: Amount) -> bool:
    """Years and months, months and days; years and days is a term and a notice."""
    units = (one.period and one.period.unit, other.period and other.period.unit)
    if one.is_rate or other.is_rate or None in units:
        return False
    return units[0] != units[1] and units != (PeriodUnit.YEARS, PeriodUnit.DAYS)


def _period(value: int, unit: str, qualifiers: str, gap: str) -> Period | None:
    if unit in _SHORT_FORM:
        unit = _SHORT_FORM[unit] if not gap.strip() else ""
    unit = unit.removesuffix("s")
    size, kind = _UNITS.get(_FULL_FORM.get(unit, unit), (0, PeriodUnit.DAYS))
    if not size or value * size > 9999:
        return None
    if "business" in qualifiers or "working" in qualifiers:
        return Period(value, PeriodUnit.BUSINESS_DAYS) if unit == "day" else None
    return None if "contract" in qualifiers else Period(value * size, kind)


def _spelled_number(words: str) -> int | None:
    """Only a sequence that is a number in good English: "twenty-one" is, "one two" and "sixty sixty" are not."""
    tokens = [token for token in re.split(r"[\s-]+", words.lower()) if token and token != "and"]
    hundreds = 0
    if "hundred" in tokens:
        at = tokens.index("hundred")
        lead, tokens = tokens[:at], tokens[at + 1 :]
        if len(lead) != 1 or (lead[0] != "a" and not 1 <= _VALUES.get(lead[0], 0) <= 9):
            return None
        hundreds = 100 * _VALUES.get(lead[0], 1)
    values = [_VALUES.get(token) for token in tokens]
    match values:
        case []:
            return hundreds or None
        case [int(value)]:
            return hundreds + value
        case [int(tens), int(ones)] if tens >= 20 and 1 <= ones <= 9:
            return hundreds + tens + ones
    return None


def _measure(period: Period) -> tuple[PeriodUnit, int]:
    if period.unit is PeriodUnit.YEARS:
        return PeriodUnit.MONTHS, period.value * 12
    if period.unit is PeriodUnit.WEEKS:
        return PeriodUnit.DAYS, period.value * 7
    return period.unit, period.value
