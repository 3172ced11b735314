"""Business days: known dates of real calendars, what is not known, and the steps between days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.dates.business_days import (
    WEEKENDS_ONLY,
    BusinessCalendar,
    business_calendar,
    minus_business_days,
    plus_business_days,
    roll_back,
)

US = business_calendar("US")
JULY_2 = BusinessCalendar(extra=frozenset({date(2027, 7, 2)}))


@pytest.mark.parametrize(
    ("day", "calendar", "expected"),
    [
        (date(2027, 7, 4), JULY_2, date(2027, 7, 1)),  # Sunday, and the Friday before is a holiday
        (date(2027, 7, 4), US, date(2027, 7, 2)),
        (date(2027, 7, 5), US, date(2027, 7, 2)),  # 4 July falls on a Sunday and is observed on Monday
        (date(2027, 7, 5), WEEKENDS_ONLY, date(2027, 7, 5)),
        (date(2027, 12, 26), business_calendar("GB", "ENG"), date(2027, 12, 24)),
        (date(2027, 12, 28), business_calendar("GB", "ENG"), date(2027, 12, 24)),  # substitute Boxing Day
        (date(2028, 1, 1), US, date(2027, 12, 30)),  # New Year observed on Friday 31 December
        (date(2027, 3, 6), business_calendar("EG"), date(2027, 3, 4)),  # the weekend is Friday and Saturday
        (date(2027, 7, 2), BusinessCalendar(weekend=frozenset({4, 5})), date(2027, 7, 1)),
        (date.min, BusinessCalendar(weekend=frozenset({0})), date.min),
    ],
)
def test_roll_back(day: date, calendar: BusinessCalendar, expected: date) -> None:
    assert roll_back(day, calendar) == expected


@pytest.mark.parametrize(
    ("day", "count", "calendar", "expected"),
    [
        (date(2027, 6, 30), 0, US, date(2027, 6, 30)),
        (date(2027, 7, 3), 0, US, date(2027, 7, 3)),
        (date(2027, 7, 6), 1, US, date(2027, 7, 2)),
        (date(2027, 7, 6), 1, WEEKENDS_ONLY, date(2027, 7, 5)),
        (date(2027, 6, 30), 10, US, date(2027, 6, 15)),  # Juneteenth on Saturday, observed on Friday 18 June
        (date(2027, 6, 30), 10, WEEKENDS_ONLY, date(2027, 6, 16)),
    ],
)
def test_minus_business_days(day: date, count: int, calendar: BusinessCalendar, expected: date) -> None:
    assert minus_business_days(day, count, calendar) == expected


def test_the_subdivision_adds_its_own_holidays() -> None:
    assert not business_calendar("US", "MA").is_business_day(date(2027, 4, 19))  # Patriots' Day
    assert US.is_business_day(date(2027, 4, 19))


@pytest.mark.parametrize(("country", "subdivision"), [(None, None), ("", None), ("ZZ", None), ("ZZ", "AA")])
def test_an_unknown_country_leaves_weekends_and_says_so(country: str | None, subdivision: str | None) -> None:
    calendar = business_calendar(country, subdivision)
    assert calendar.gap is not None
    assert "weekends" in calendar.gap
    assert calendar.is_business_day(date(2027, 1, 1))
    assert not calendar.is_business_day(date(2027, 1, 2))


def test_an_unknown_subdivision_leaves_the_country_and_says_so() -> None:
    calendar = business_calendar("us", "QQ")
    assert calendar.gap == "The holidays of US-QQ are not known; those of all US are used."
    assert not calendar.is_business_day(date(2027, 7, 5))


def test_a_known_calendar_has_no_gap() -> None:
    assert US.gap is None
    assert business_calendar("US") == US


def test_the_weekend_can_be_chosen_and_keeps_the_holidays() -> None:
    calendar = BusinessCalendar("US", weekend=frozenset({4, 5}))
    assert calendar.is_business_day(date(2027, 7, 11))  # a Sunday
    assert not calendar.is_business_day(date(2027, 7, 5))


@pytest.mark.parametrize("weekend", [range(7), {9}])
def test_a_weekend_leaves_a_day_to_work(weekend: set[int]) -> None:
    with pytest.raises(ValueError, match="weekend"):
        BusinessCalendar("US", weekend=frozenset(weekend))


def test_counting_is_never_negative() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        minus_business_days(date(2027, 1, 1), -1, US)


CALENDARS = st.sampled_from((US, WEEKENDS_ONLY, business_calendar("GB", "SCT"), business_calendar("IL"), JULY_2))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(day=DAYS, calendar=CALENDARS)
def test_rolling_back_ends_on_a_business_day_and_stays_there(day: date, calendar: BusinessCalendar) -> None:
    rolled = roll_back(day, calendar)
    assert calendar.is_business_day(rolled)
    assert rolled <= day
    assert roll_back(rolled, calendar) == rolled
    skipped = (rolled + timedelta(days=n) for n in range(1, (day - rolled).days + 1))
    assert not any(calendar.is_business_day(skip) for skip in skipped)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(day=DAYS, count=st.integers(0, 40), calendar=CALENDARS)
def test_there_and_back(day: date, count: int, calendar: BusinessCalendar) -> None:
    day = roll_back(day, calendar)
    assert plus_business_days(minus_business_days(day, count, calendar), count, calendar) == day
    assert minus_business_days(day, count + 1, calendar) < minus_business_days(day, count, calendar)
