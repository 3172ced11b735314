"""Dates as people write them, and which are plausible."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.dates.plausible_dates import implausible
from commands.rules.dates.written_dates import is_read_by_country, read_date

TODAY = date(2026, 3, 2)
FIRST = date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01", "2026–03–01", "2026—03—01", "2026‑03‑01", "2026−03−01", "2026-3-1", "2026/03/01", "2026.03.01",
        "20260301", "2026-03-01 00:00:00", "2026-03-01T00:00:00Z", "２０２６-03-01", "\u200e2026-03-01\u200b",
        "1 March 2026", "1st of March 2026", "the 1st of March, 2026", "March 1st, 2026", "Mar 1 2026", "1-Mar-2026",
        "1.\u00a0March\u00a02026", "MARCH 1, 2026", "2026 March 1", "Sunday, 1 March 2026", "Sun, Mar. 1, 2026",
        "yesterday", "Yesterday",
    ],
)  # fmt: skip
def test_one_day_is_written_in_many_ways(text: str) -> None:
    assert read_date(text, TODAY) == FIRST


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("01/02/2026", "US", date(2026, 1, 2)),
        ("01/02/2026", "GB", date(2026, 2, 1)),
        ("1.2.2026", "DE", date(2026, 2, 1)),
        ("13/02/2026", None, date(2026, 2, 13)),
        ("02/13/2026", None, date(2026, 2, 13)),
        ("13/02/2026", "US", date(2026, 2, 13)),
        ("02-13-2026", "GB", date(2026, 2, 13)),
        ("02/02/2026", None, date(2026, 2, 2)),
        ("01/02/2026", None, None),
        ("01/02/2026", "CA", None),
    ],
)
def test_a_date_in_digits_is_read_by_country_or_asked_back(text: str, country: str | None, day: date | None) -> None:
    if day is not None:
        assert read_date(text, TODAY, country) == day
        return
    with pytest.raises(ValueError, match="Write 2026-02-01 or 2026-01-02"):
        read_date(text, TODAY, country)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2026-02-30", "31 April 2026", "1/2/26", "1 March 26", "March 2026", "Monday, 1 March 2026",
        "2026-13-13", "1 March 1 2026", "March May 2026", "2026-03-01 17:00:00", "1 2026 March", "00/00/2026",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        read_date(text, TODAY)


@pytest.mark.parametrize("text", ["2 March 2026 08:00", "2026-03-02T08:00Z", "March 2, 2026 at 8:05 pm"])
def test_a_time_beside_the_day_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError, match="Write 2026-03-02; a time goes into a field of its own"):
        read_date(text, TODAY)


@given(st.dates(), st.sampled_from([None, "US", "GB", "CA"]))
def test_a_date_with_its_month_in_letters_or_in_iso_order_is_the_same_everywhere(
    day: date, country: str | None
) -> None:
    names = "January February March April May June July August September October November December"
    months = names.split()
    month, year = months[day.month - 1], f"{day.year:04d}"
    for text in (
        day.isoformat(),
        f"{day.day} {month} {year}",
        f"{month} {day.day}, {year}",
        f"{day.day}-{month[:3]}-{year}",
    ):
        assert read_date(text, TODAY, country) == day
        assert not is_read_by_country(text)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(read_date(text, TODAY, "US"), date)


@pytest.mark.parametrize(
    ("day", "has_happened", "words"),
    [
        ("1998-05-01", True, None),
        ("2026-03-02", True, None),
        ("2026-03-03", True, "in the future"),
        ("2026-03-03", False, None),
        ("2036-03-02", False, None),
        ("2036-03-03", False, "more than 10 years away"),
        ("0026-04-15", False, "Did you mean 2026-04-15?"),
        ("2062-04-15", False, "Did you mean 2026-04-15?"),
        ("2206-04-15", False, "Did you mean 2026-04-15?"),
        ("2126-04-15", False, "Did you mean 2026-04-15?"),
        ("1926-04-15", False, "before 1970-01-01"),
        ("2027-01-15", True, "Did you mean 2026-01-15?"),
        ("2026-03-03", True, "today is 2026-03-02."),
        ("2026-04-30", True, "today is 2026-03-02."),
        ("2026-05-02", True, "Did you mean 2025-05-02?"),
        ("9999-12-31", False, "more than 10 years away"),
        ("0001-01-01", True, "before 1970-01-01"),
    ],
)
def test_an_implausible_day_is_asked_back(day: str, has_happened: bool, words: str | None) -> None:
    said = implausible(date.fromisoformat(day), TODAY, has_happened=has_happened, years_ahead=10)
    assert said is None if words is None else said is not None and words in said
    assert said is None or ("Did you mean" in said) == ("Did you mean" in str(words)) or not has_happened


@given(st.dates(), st.dates(min_value=date(2020, 1, 1), max_value=date(9000, 1, 1)), st.booleans())
def test_every_day_is_plausible_or_said_not_to_be(day: date, today: date, has_happened: bool) -> None:
    said = implausible(day, today, has_happened=has_happened, years_ahead=10)
    assert (said is None) <= (not has_happened or day <= today)
    assert said is None or str(day) in said
