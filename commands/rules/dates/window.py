"""A stretch of days in the words people use: "90 days", "this week", "next quarter", "march", "2027"."""

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from commands.rules.dates.format import format_date
from commands.rules.dates.periods import shift
from storage.records import Period

FARTHEST = 36_500
LONGEST = 5
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS.split(), start=1)}
_MONTHS = {name[:length].lower(): number for number, name in enumerate(month_name) if name for length in (3, len(name))}
_BEFORE = re.compile(r"^(?:(?:in|within|for|over|during)\s+)?(?:the\s+)?(?P<which>next|coming|this|current)?\s*")
_LENGTH = re.compile(r"(?P<value>\d{1,5})\s*(?P<unit>[a-z -]*)")
_QUARTER = re.compile(r"q(?P<number>[1-4])(?:\s+(?P<year>20\d\d))?")
_MONTH = re.compile(r"(?P<name>[a-z]{3,9})(?:\s+(?P<year>20\d\d))?")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `first` to `last`, both inclusive. `days` is how many lie ahead, for a length; None for the calendar's."""

    first: date
    last: date
    days: int | None = None

    @property
    def in_words(self) -> str:
        return (
            f"from {format_date(self.first)} to {format_date(self.last)}"
            if self.days is None
            else f"in the next {self.days} days"
        )


def days_ahead(days: int, today: date) -> Window:
    days = min(days, FARTHEST)
    return Window(today, today + timedelta(days=days), days)


def window(text: str, today: date) -> Window | None:
    """The days that the whole of `text` means; None where it means none. What is running begins today."""
    said = " ".join(text.lower().split())
    start = _BEFORE.match(said)
    rest, which = (said[start.end() :], start["which"]) if start else (said, None)
    if which not in ("this", "current") and (length := _length(rest, today)) is not None:
        return length
    if which is not None:
        return _relative(rest, which in ("next", "coming"), today)
    if rest in ("today", "tomorrow"):
        day = today + (_DAY if rest == "tomorrow" else timedelta())
        return Window(day, day)
    return _named(rest, today)


def leading(words: Sequence[str], today: date) -> tuple[Window, int] | None:
    """The window that the first words mean, and how many they are; the longest wins."""
    for count in range(min(LONGEST, len(words)), 0, -1):
        if (found := window(" ".join(words[:count]), today)) is not None:
            return found, count
    return None


def _length(text: str, today: date) -> Window | None:
    first, _, rest = text.partition(" ")
    match = _LENGTH.fullmatch(f"{_NUMBER_WORDS.get(first, first)} {rest}".strip())
    if match is None or (not match["unit"] and _is_year(match["value"])):
        return None
    try:
        period = Period.parse(f"{match['value']} {match['unit'] or 'days'}")
    except ValueError:
        return None
    return days_ahead((shift(today, period) - today).days, today)


def _relative(unit: str, is_next: bool, today: date) -> Window | None:
    match unit:
        case "week":
            first, length = today - timedelta(days=today.weekday()), relativedelta(weeks=1)
        case "month":
            first, length = today.replace(day=1), relativedelta(months=1)
        case "quarter":
            first, length = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), relativedelta(months=3)
        case "year":
            first, length = today.replace(month=1, day=1), relativedelta(years=1)
        case _:
            return None
    if is_next:
        return Window(first + length, first + length + length - _DAY)
    return Window(today, first + length - _DAY)


def _named(text: str, today: date) -> Window | None:
    """A year, a quarter or a month by its name: without a year, the one that is running or comes next."""
    if _is_year(text):
        return _from_today(date(int(text), 1, 1), relativedelta(years=1), today)
    if match := _QUARTER.fullmatch(text):
        return _coming(int(match["number"]) * 3 - 2, relativedelta(months=3), match["year"], today)
    match = _MONTH.fullmatch(text)
    if match and (number := _MONTHS.get(match["name"])):
        return _coming(number, relativedelta(months=1), match["year"], today)
    return None


def _coming(month: int, length: relativedelta, year: str | None, today: date) -> Window | None:
    first = date(int(year or today.year), month, 1)
    if not year and first + length <= today:
        first = first.replace(year=first.year + 1)
    return _from_today(first, length, today)


def _from_today(first: date, length: relativedelta, today: date) -> Window | None:
    """None for what is over."""
    last = first + length - _DAY
    return Window(max(first, today), last) if last >= today else None


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"20\d\d", text))
