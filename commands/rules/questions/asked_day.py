"""The day that a question is about, when its words say one: "in March", "last year", "before the renewal"."""

import re
from calendar import month_name, monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_DAY = timedelta(days=1)
_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: number for name, number in list(_MONTHS.items())} | {"sept": 9}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_BEFORE = r"(?:as of|as at|back on|on|since|by)"
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


@dataclass(frozen=True, slots=True)
class AskedDay:
    """`day` is what the `words` of the question were read as; `rest` is the question without them."""

    day: date
    words: str
    rest: str


def asked_day(question: str, today: date, renewed_on: Iterable[date] = ()) -> AskedDay | None:
    """The day named in `question`; None when it names none.

    A month or a year that is over is read as its last day; one that is still running or ahead as its first day, but
    never as a day before today. `renewed_on` are the first days of current terms, for "before the renewal".
    """
    renewals = max((day for day in renewed_on if day <= today), default=None)
    for pattern, read in _PATTERNS:
        match = pattern.search(question)
        day = read(match, today) if match else None
        if match and day:
            return _asked_day_of(question, match, day)
    match = _BEFORE_RENEWAL.search(question)
    if match and renewals:
        return _asked_day_of(question, match, renewals - _DAY)
    return None


def _asked_day_of(question: str, match: re.Match[str], day: date) -> AskedDay:
    rest = " ".join((question[: match.start()] + " " + question[match.end() :]).split()).strip(" ,")
    return AskedDay(day, match[0].strip(" ,"), re.sub(r"\s+([?,.!])", r"\1", rest))


def _iso(match: re.Match[str], today: date) -> date | None:
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _day_month(match: re.Match[str], today: date) -> date | None:
    return _build_date(int(match[1]), match[2], match[3], today)


def _month_day(match: re.Match[str], today: date) -> date | None:
    return _build_date(int(match[2]), match[1], match[3], today)


def _build_date(number: int, month: str, year: str | None, today: date) -> date | None:
    """Without a year: the latest such day that is not in the future."""
    found = _day(int(year) if year else today.year, _MONTHS[month.lower()], number)
    return _day(found.year - 1, found.month, found.day) if found and not year and found > today else found


def _in_month(match: re.Match[str], today: date) -> date | None:
    number, year = _MONTHS[match[2].lower()], match[3]
    if year:
        return _period(date(int(year), number, 1), "months", today)
    if (match[1] or "").lower() == "next":
        return date(today.year + (number <= today.month), number, 1)
    earlier = today.year - (number > today.month or ((match[1] or "").lower() == "last" and number >= today.month))
    return _period(date(earlier, number, 1), "months", today)


def _in_year(match: re.Match[str], today: date) -> date | None:
    year = int(match[1])
    return _period(date(year, 1, 1), "years", today) if 2000 <= year <= today.year + 20 else None


def _last_or_next(match: re.Match[str], today: date) -> date | None:
    unit = match[2].lower()
    if unit == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - _DAY if match[1].lower() == "last" else monday + timedelta(days=7)
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    return first - _DAY if match[1].lower() == "last" else first + relativedelta(**{_UNITS[unit]: 1})  # type: ignore[arg-type]


def _ago(match: re.Match[str], today: date) -> date | None:
    count = _COUNTS.get(match[1].lower()) or int(match[1])
    try:
        return today - relativedelta(**{_UNITS[match[2].lower()]: count})  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _nearby(match: re.Match[str], today: date) -> date | None:
    return today + {"yesterday": -1, "tomorrow": 1}[match[1].lower()] * _DAY


def _period(first: date, unit: str, today: date) -> date:
    """The day that stands for a month or year: its last if it is over, today if it runs, its first if it is ahead."""
    last = (
        first.replace(day=monthrange(first.year, first.month)[1])
        if unit == "months"
        else first.replace(month=12, day=31)
    )
    return last if last < today else max(first, today) if first <= today else first


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){text}(?![\w-])", re.IGNORECASE)


_Reader = Callable[[re.Match[str], date], date | None]
# The longer phrases first. Every one needs a word that makes it a time ("in", "on", "last", "ago"), so that "the March
# newsletter" and "end of year backups" name no day.
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_pattern(rf"(?:{_BEFORE}\s+)(\d{{4}})-(\d{{2}})-(\d{{2}})"), _iso),
    (_pattern(rf"(?:{_BEFORE}\s+)(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?({_MONTH})(?:,?\s+(\d{{4}}))?"), _day_month),
    (_pattern(rf"(?:{_BEFORE}\s+)({_MONTH})\s+{_ORDINAL}(?:,?\s+(\d{{4}}))?"), _month_day),
    (
        _pattern(rf"(?:back\s+)?(?:in|during|since|as of)\s+(?:(last|next|this)\s+)?({_MONTH})(?:,?\s+(\d{{4}}))?"),
        _in_month,
    ),
    (_pattern(rf"(last|next)\s+({_MONTH})()"), _in_month),
    (_pattern(r"(?:back\s+)?(?:in|during|as of)\s+(\d{4})"), _in_year),
    (_pattern(r"(?:in\s+|from\s+)?(last|next)\s+(week|month|year)"), _last_or_next),
    (_pattern(r"(a|an|one|two|three|four|five|six|twelve|\d{1,3})\s+(day|week|month|year)s?\s+ago"), _ago),
    (_pattern(r"(yesterday|tomorrow)"), _nearby),
)
_BEFORE_RENEWAL = _pattern(r"(?:before|prior to)\s+(?:the\s+|our\s+|their\s+|its\s+)?(?:last\s+)?(?:auto-?)?renewal")
