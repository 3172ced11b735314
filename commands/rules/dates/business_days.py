"""Business days: which days count, and the steps back and forth between them.

Holidays come from the `holidays` library by country and subdivision. A calendar is a constant value: the same country,
subdivision and weekend always give the same days. A calendar that knows no holidays says so in `gap`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """`weekend` holds weekdays, Monday = 0; None takes the weekend that the country keeps (or kept in that year).

    `country` and `subdivision` are those whose holidays are known; use `business_calendar` to get there from any code.
    `extra` are further days on which no business is done. `gap` is one sentence for people about holidays that are
    not known, or None. Raises ValueError when no weekday would be left.
    """

    country: str | None = None
    subdivision: str | None = None
    weekend: frozenset[int] | None = None
    extra: frozenset[date] = frozenset()
    gap: str | None = None

    def __post_init__(self) -> None:
        if self.weekend is not None and (len(self.weekend) > 6 or not self.weekend <= frozenset(range(7))):
            raise ValueError("A weekend is at most six weekdays, Monday = 0 to Sunday = 6.")

    def is_business_day(self, day: date) -> bool:
        if day in self.extra:
            return False
        if self.country is None:
            return day.weekday() not in (_WEEKEND if self.weekend is None else self.weekend)
        if self.weekend is None:
            return day not in _closed_days(self.country, self.subdivision, day.year)
        return day.weekday() not in self.weekend and day not in _holidays(self.country, self.subdivision, day.year)


WEEKENDS_ONLY = BusinessCalendar(gap="No country is recorded, so only weekends count as non-business days.")


def business_calendar(country: str | None, subdivision: str | None = None) -> BusinessCalendar:
    """The calendar of an ISO 3166-1 alpha-2 country and an ISO 3166-2 subdivision (without the country's prefix).

    A country that the library does not know leaves only weekends; an unknown subdivision leaves the country's common
    holidays. Either way `gap` says so.
    """
    if not country:
        return WEEKENDS_ONLY
    known_country, known_subdivision, gap = _resolve(country.upper(), subdivision or None)
    return BusinessCalendar(known_country, known_subdivision, gap=gap)


def roll_back(day: date, calendar: BusinessCalendar) -> date:
    """`day` itself if it is a business day, else the last business day before it. Never forward."""
    while not calendar.is_business_day(day):
        if day == date.min:
            return day
        day -= _DAY
    return day


def next_business_day(day: date, calendar: BusinessCalendar) -> date:
    """`day` itself if it is a business day, else the first business day after it."""
    while not calendar.is_business_day(day) and day < date.max:
        day += _DAY
    return day


def minus_business_days(day: date, count: int, calendar: BusinessCalendar) -> date:
    """The `count`-th business day before `day`. `day` itself is not counted; a count of 0 gives `day` unchanged."""
    return _step(day, count, calendar, -_DAY, date.min)


def plus_business_days(day: date, count: int, calendar: BusinessCalendar) -> date:
    """The `count`-th business day after `day`. `day` itself is not counted; a count of 0 gives `day` unchanged."""
    return _step(day, count, calendar, _DAY, date.max)


def _step(day: date, count: int, calendar: BusinessCalendar, step: timedelta, last: date) -> date:
    if count < 0:
        raise ValueError("Count business days with 0 or more; the direction is in the name.")
    while count > 0 and day != last:
        day += step
        count -= calendar.is_business_day(day)
    return day


@lru_cache(maxsize=512)
def _resolve(country: str, subdivision: str | None) -> tuple[str | None, str | None, str | None]:
    """Country and subdivision as far as the library knows them, and the sentence about what it does not know."""
    if _is_known(country, subdivision):
        return country, subdivision, None
    if subdivision is not None and _is_known(country, None):
        return country, None, f"The holidays of {country}-{subdivision} are not known; those of all {country} are used."
    return None, None, f"The holidays of {country} are not known, so only weekends count as non-business days."


def _is_known(country: str, subdivision: str | None) -> bool:
    try:
        _holidays_of_year(country, subdivision, None)
    except NotImplementedError:
        return False
    return True


def _holidays_of_year(country: str, subdivision: str | None, year: int | None) -> "HolidayBase":
    import holidays

    return holidays.country_holidays(country, subdiv=subdivision, years=year, expand=year is None)


# The library's own object fills itself year by year while it is read. A frozen set per year is safe to share.
@lru_cache(maxsize=4096)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(_holidays_of_year(country, subdivision, year))


@lru_cache(maxsize=4096)
def _closed_days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Weekends and holidays of one year; a weekend day that the country declared a working day is open."""
    kept = _holidays_of_year(country, subdivision, year)
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + offset) for offset in range(366 if _is_leap(year) else 365))
    return frozenset(day for day in days if not kept.is_working_day(day))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
