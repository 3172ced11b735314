"""Stretches of days in the words people use."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.dates.window import days_ahead, leading, window

TODAY = date(2026, 8, 5)  # a Wednesday in the third quarter


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("90", "2026-08-05", "2026-11-03"),
        ("90d", "2026-08-05", "2026-11-03"),
        ("90 days", "2026-08-05", "2026-11-03"),
        ("next 90 days", "2026-08-05", "2026-11-03"),
        ("in the next 90 days", "2026-08-05", "2026-11-03"),
        ("within 3 months", "2026-08-05", "2026-11-05"),
        ("three months", "2026-08-05", "2026-11-05"),
        ("next two weeks", "2026-08-05", "2026-08-19"),
        ("1 year", "2026-08-05", "2027-08-05"),
        ("today", "2026-08-05", "2026-08-05"),
        ("tomorrow", "2026-08-06", "2026-08-06"),
        ("this week", "2026-08-05", "2026-08-09"),
        ("next week", "2026-08-10", "2026-08-16"),
        ("This Month", "2026-08-05", "2026-08-31"),
        ("next month", "2026-09-01", "2026-09-30"),
        ("this quarter", "2026-08-05", "2026-09-30"),
        ("next quarter", "2026-10-01", "2026-12-31"),
        ("the coming quarter", "2026-10-01", "2026-12-31"),
        ("this year", "2026-08-05", "2026-12-31"),
        ("next year", "2027-01-01", "2027-12-31"),
        ("q4", "2026-10-01", "2026-12-31"),
        ("Q1", "2027-01-01", "2027-03-31"),
        ("q2 2027", "2027-04-01", "2027-06-30"),
        ("august", "2026-08-05", "2026-08-31"),
        ("in march", "2027-03-01", "2027-03-31"),
        ("Sep 2027", "2027-09-01", "2027-09-30"),
        ("2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_words_are_read_as_days(text: str, first: str, last: str) -> None:
    found = window(text, TODAY)
    assert found is not None
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("august", "2026-08-31", "2026-08-31", "2026-08-31"),  # its last day is still it
        ("q3", "2026-09-30", "2026-09-30", "2026-09-30"),
        ("2026", "2026-12-31", "2026-12-31", "2026-12-31"),
        ("this week", "2026-08-09", "2026-08-09", "2026-08-09"),
        ("july", "2026-08-01", "2027-07-01", "2027-07-31"),  # it ended yesterday
        ("q2", "2026-07-01", "2027-04-01", "2027-06-30"),
    ],
)
def test_the_first_and_the_last_day_of_a_stretch(text: str, today: str, first: str, last: str) -> None:
    found = window(text, date.fromisoformat(today))
    assert found is not None
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "calder", "overdue", "me", "next", "this", "week", "2020", "this 90", "march 20"])
def test_other_words_are_no_days(text: str) -> None:
    assert window(text, TODAY) is None


def test_the_longest_beginning_wins() -> None:
    assert leading(["next", "quarter", "calder"], TODAY) == (window("next quarter", TODAY), 2)
    assert leading(["90", "days"], TODAY) == (days_ahead(90, TODAY), 2)
    assert leading(["calder", "90"], TODAY) is None


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_no_text_and_no_day_breaks_it(text: str, today: date) -> None:
    found = window(text, today)
    assert found is None or today <= found.first <= found.last


@given(st.sampled_from(["week", "month", "quarter", "year"]), st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_the_next_one_begins_the_day_after_this_one(unit: str, today: date) -> None:
    this, following = window(f"this {unit}", today), window(f"next {unit}", today)
    assert this is not None
    assert following is not None
    assert following.first == this.last + timedelta(days=1)
