"""Dates in a file: one order for a whole column, Excel's numbers, times that are left out, years of two digits."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from commands.rules.dates.written_dates import read_date

_TIME = re.compile(
    r"(?<=\d)(?:t|,?\s+)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
_LETTERS = re.compile(r"(.*[a-z].*[\s./-])'?(\d{2})", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_FIRST, _EXCEL_LAST = date(1980, 1, 1), date(2100, 1, 1)
_OLDEST, _LATEST = 25, 25  # years before and after today in which a year of two digits is meant


class Order(StrEnum):
    """Which number comes first where a date is written in digits."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    YEAR_FIRST = "year first"


_BY_PLACE = {Order.DAY_FIRST: (2, 1, 0), Order.MONTH_FIRST: (2, 0, 1), Order.YEAR_FIRST: (0, 1, 2)}


class UnclearOrder(ValueError):
    """A date that is another day in other countries, in a column that does not settle which is meant."""


def sign_between(text: str) -> str:
    """What stands between the numbers of a date in digits: "/" of 3/4/2025; "" for any other text.

    The same hand writes 03.04. and 3/4: each sign may have an order of its own.
    """
    match = _DIGITS.fullmatch(_without_time(text))
    return match[2] if match is not None else ""


def orders_of(texts: Iterable[str], today: date) -> frozenset[Order]:
    """The orders in which every one of the dates in digits can be read; all of them where there are none."""
    orders = frozenset(Order)
    for text in texts:
        if (match := _DIGITS.fullmatch(_without_time(text))) is not None:
            orders &= {order for order in Order if _in_order(match, order, today)}
    return orders


def read_file_date(text: str, orders: frozenset[Order], today: date) -> date:
    """The day that a cell names, in a column of these `orders`. Raises ValueError; UnclearOrder where it is open."""
    typed = _without_time(text)
    if _SERIAL.fullmatch(typed):
        counted = _EXCEL_DAY_0 + timedelta(days=int(float(typed)))
        if _EXCEL_FIRST <= counted <= _EXCEL_LAST:
            return counted
    match = _DIGITS.fullmatch(typed)
    if match is None:
        letters = _LETTERS.fullmatch(typed)
        return read_date(f"{letters[1]}{_century(int(letters[2]), today)}" if letters else typed, today)
    readings = {order: day for order in Order if (day := _in_order(match, order, today))}
    meant = {readings[order] for order in readings if order in orders} or set(readings.values())
    if len(meant) > 1:
        raise UnclearOrder(f'"{text[:40]}" can be {" or ".join(map(str, sorted(meant)))}.')
    if not meant:
        raise ValueError(f'"{text[:40]}" is not a date. Write 2026-03-31 or "31 March 2026".')
    return meant.pop()


def is_date(text: str, today: date) -> bool:
    """Whether it names a day, in whatever order."""
    try:
        read_file_date(text, frozenset(Order), today)
    except UnclearOrder:
        return True
    except ValueError:
        return False
    return True


def is_serial(text: str) -> bool:
    """Whether Excel's number of a day stands where a date belongs."""
    return _SERIAL.fullmatch(text.strip()) is not None


def has_time(text: str) -> bool:
    """Whether a time of day is left out that could be of another day elsewhere."""
    time = _TIME.search(text.strip())
    return time is not None and not re.match(r"(?:t|,?\s+)(?:0?0|12|23)[:.](?:00|59)", time[0], re.IGNORECASE)


def _without_time(text: str) -> str:
    return _TIME.sub("", " ".join(text.split())).strip()


def _in_order(match: re.Match[str], order: Order, today: date) -> date | None:
    """The day, if the numbers are one in that order. A year of four digits is only ever the last."""
    numbers = (match[1], match[3], match[4])
    if len(match[4]) == 4 and order is Order.YEAR_FIRST:
        return None
    year, month, day = (numbers[place] for place in _BY_PLACE[order])
    if len(year) == 1:
        return None
    whole = int(year) if len(year) == 4 else _century(int(year), today)
    try:
        found = date(whole, int(month), int(day))
    except ValueError:
        return None
    is_near = today.year - _OLDEST <= whole <= today.year + _LATEST
    return found if len(year) == 4 or is_near else None


def _century(year: int, today: date) -> int:
    return 2000 + year if 2000 + year <= today.year + _LATEST else 1900 + year


def order_in_digits(text: str, today: date) -> bool:
    """Whether the order of its column decides which day a date is."""
    match = _DIGITS.fullmatch(_without_time(text))
    return match is not None and len({day for order in Order if (day := _in_order(match, order, today))}) > 1
