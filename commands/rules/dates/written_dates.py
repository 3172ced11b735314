"""Dates as people write them: with a month in letters, with Word's dashes, or in digits by the custom of a country."""

import re
import unicodedata
from datetime import date, timedelta
from enum import StrEnum

_NEARBY = {"today": 0, "tomorrow": 1, "yesterday": -1}
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?:[t ]00:00(?::00(?:\.0+)?)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}")
_WITH_TIME = re.compile(r"(.+?)(?:,? (?:at )?|t)\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m|z)?")
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th)?")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_FORMS = ("sept", "tues", "thur", "thurs")
_MONTH_FIRST = frozenset({"US", "PH", "PW", "FM", "MH", "AS", "GU", "MP", "PR", "VI", "UM"})
_BOTH = frozenset({"CA", "CN", "HU", "JP", "KR", "LT", "MN", "TW"})


class DateOrder(StrEnum):
    """How a country writes a date in digits with the year last."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def date_order(country: str | None) -> DateOrder | None:
    """By ISO 3166-1 code; None for no country, and for one where both are written."""
    if country is None or country in _BOTH:
        return None
    return DateOrder.MONTH_FIRST if country in _MONTH_FIRST else DateOrder.DAY_FIRST


def read_date(text: str, today: date, country: str | None = None) -> date:
    """2026-03-31, "31 March 2026", "March 31st, 2026", today, tomorrow, yesterday; 31/03/2026 where that is clear.

    `country` decides which number is the month where both could be. Raises ValueError with what is accepted.
    """
    typed = _straight(text)
    if typed in _NEARBY:
        return today + timedelta(days=_NEARBY[typed])
    readings = _readings(typed)
    if len(readings) == 2 and (order := date_order(country)) is not None:
        return readings[0 if order is DateOrder.DAY_FIRST else 1]
    if len(readings) == 2:
        raise ValueError(
            f'"{text[:40]}" is not a date that can be read in one way only. Write {readings[0]} or {readings[1]}.'
        )
    if _SHORT_YEAR.fullmatch(typed):
        raise ValueError(f'"{text[:40]}" is not a date. Write the year with four digits, such as 2026-03-31.')
    if not readings and (timed := _WITH_TIME.fullmatch(typed)) and len(days := _readings(timed[1])) == 1:
        raise ValueError(f'"{text[:40]}" is not a date alone. Write {days[0]}; a time goes into a field of its own.')
    if not readings:
        raise ValueError(f'"{text[:40]}" is not a date. Write 2026-03-31 or "31 March 2026".')
    return readings[0]


def is_read_by_country(text: str) -> bool:
    """Whether both numbers could be the month."""
    return len(_readings(_straight(text))) == 2


def _straight(text: str) -> str:
    """Lower case, with plain dashes and spaces, and without what cannot be seen."""
    plain = _INVISIBLE.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    return " ".join(plain.split()).lower()


def _readings(typed: str) -> list[date]:
    """Every date that it can be; two of them: day first, then month first."""
    if match := _YEAR_FIRST.fullmatch(typed) or _COMPACT.fullmatch(typed):
        numbers = [int(group) for group in match.groups() if group and group.isdigit()]
        return _valid((numbers[0], numbers[1], numbers[2]))
    if match := _YEAR_LAST.fullmatch(typed):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        return _valid(*dict.fromkeys(((year, other, one), (year, one, other))))
    return _in_letters(typed)


def _valid(*dates: tuple[int, int, int]) -> list[date]:
    found = []
    for year, month, day in dates:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def _in_letters(typed: str) -> list[date]:
    """Day, month and year in any order that has the year at an end; a weekday has to be the right one."""
    words = [word for word in re.split(r"[\s,./-]+", typed) if word and word not in ("of", "the")]
    weekdays = [place for word in words if (place := _named(word, _WEEKDAYS)) is not None]
    words = [word for word in words if _named(word, _WEEKDAYS) is None]
    months = [place for word in words if (place := _named(word, _MONTHS)) is not None]
    numbers = [match[1] for word in words if (match := _NUMBER.fullmatch(word))]
    if len(words) != 3 or len(months) != 1 or len(numbers) != 2 or len(weekdays) > 1:
        return []
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) != 1 or words[1] == years[0]:
        return []
    found = _valid((int(years[0]), months[0] + 1, int(days[0])))
    return [day for day in found if not weekdays or day.weekday() == weekdays[0]]


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """The place of the name that `word` is, or is the usual short form of."""
    for place, name in enumerate(names):
        if word in (name, name[:3]) or (word in _SHORT_FORMS and name.startswith(word)):
            return place
    return None
