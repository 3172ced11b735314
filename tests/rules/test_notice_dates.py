"""By when notice has to be given and sent: windows, business days, periods, units and sides."""

from datetime import timedelta

import pytest

from commands.rules.agreements.renewals import EndConvention, standing
from commands.rules.dates.business_days import BusinessCalendar, business_calendar
from storage.records.agreement import NoticeMethod, NoticeTo
from storage.records.period import Period
from tests.rules.terms import AUTO, agreement, day, on, yearly


def test_notice_before_a_month_end() -> None:
    found = on(agreement(initial_end_on="2026-08-31", renewal=AUTO, renewal_term="1y", notice="6m"), "2026-09-01")
    assert found.notice_deadline == day("2027-02-28")
    found = on(
        agreement(effective_on="2025-01-01", initial_end_on="2026-08-31", renewal=AUTO, renewal_term="1y", notice="6m"),
        "2026-01-01",
    )
    assert found.notice_deadline == day("2026-02-28")


def test_a_notice_window_opens_and_closes() -> None:
    """Within 90 but not fewer than 60 days."""
    terms = yearly(notice_window="90d")
    end = day("2027-03-31")
    opens, closes = end - timedelta(days=90), end - timedelta(days=60)
    found = standing(terms, opens - timedelta(days=1))
    assert (found.notice_opens, found.notice_deadline, found.status) == (opens, closes, "active")
    assert standing(terms, opens).status == "notice_open"
    friday = closes - timedelta(days=1)
    assert standing(terms, friday).status == "notice_open"
    assert standing(terms, closes).status == "notice_missed"  # a Saturday: what arrives then counts from Monday
    assert standing(terms, closes + timedelta(days=1)).status == "notice_missed"


@pytest.mark.parametrize(
    ("method", "send_by"),
    [
        (None, "2027-01-29"),  # the deadline is Saturday 30 January
        (NoticeMethod.EMAIL, "2027-01-29"),
        (NoticeMethod.COURIER, "2027-01-27"),
        (NoticeMethod.CERTIFIED_MAIL, "2027-01-22"),
    ],
)
def test_send_by(method: NoticeMethod | None, send_by: str) -> None:
    found = on(yearly(notice_method=method), "2026-06-01", calendar=business_calendar("US"))
    assert found.send_by == day(send_by)
    assert any("not recorded, so no time" in note for note in found.assumptions) is (method is None)


def test_send_by_rolls_back_over_a_holiday_never_forward() -> None:
    """Sunday 4 July with a holiday on Friday 2 July: Thursday."""
    calendar = BusinessCalendar(extra=frozenset({day("2027-07-02")}))
    terms = agreement(effective_on="2026-08-04", initial_term="12m", renewal=AUTO, renewal_term="1y", notice="30d")
    found = standing(terms, day("2027-01-01"), calendar)
    assert (found.notice_deadline, found.send_by) == (day("2027-07-04"), day("2027-07-01"))


def test_a_window_without_a_business_day_keeps_the_deadline() -> None:
    found = on(yearly(notice_window="60d"), "2026-06-01")
    assert found.notice_opens == found.notice_deadline == found.send_by == day("2027-01-30")
    assert any("no business day" in note for note in found.assumptions)


def test_a_window_with_one_business_day_closes_with_it() -> None:
    """From Friday to Saturday, 30 January: notice has to arrive on the Friday."""
    found = on(yearly(notice_window="61d"), "2026-06-01")
    assert (found.notice_opens, found.arrive_by) == (day("2027-01-29"), day("2027-01-29"))
    assert not any("no business day" in note for note in found.assumptions)


def test_that_no_holidays_are_known_is_said() -> None:
    assert any("only weekends count" in note for note in on(yearly(), "2026-06-01").assumptions)
    known = on(yearly(), "2026-06-01", calendar=business_calendar("US"))
    assert not any("only weekends count" in note for note in known.assumptions)


def test_notice_to_a_calendar_period_is_never_due_after_the_term() -> None:
    terms = yearly(initial_term=None, initial_end_on=day("2026-11-10"), notice="10d", notice_to=NoticeTo.QUARTER)
    assert on(terms, "2026-06-01").notice_deadline == day("2026-11-10")
    assert on(terms.changed(notice=Period.parse("60d")), "2026-06-01").notice_deadline == day("2026-11-01")


def test_notice_on_the_last_business_day_ends_a_term_that_ends_on_a_sunday() -> None:
    terms = yearly(initial_term=None, initial_end_on=day("2027-01-31"), notice="1bd")
    found = on(terms, "2027-01-29")
    assert (found.next_notice_deadline, found.earliest_end) == (day("2027-01-29"), day("2027-01-31"))
    found = on(terms, "2027-01-30")
    assert found.earliest_end == day("2028-01-31")


def test_a_window_shorter_than_the_notice_is_left_out_and_said() -> None:
    found = on(yearly(notice_window="30d"), "2026-06-01")
    assert (found.notice_opens, found.notice_deadline) == (None, day("2027-01-30"))
    assert any("shorter than the notice" in note for note in found.assumptions)


@pytest.mark.parametrize(
    ("end", "notice", "deadline"),
    [
        ("2027-06-30", "3m", "2027-03-30"),
        ("2027-06-30", "90d", "2027-04-01"),
        ("2027-02-28", "3m", "2026-11-28"),
        ("2027-06-30", "2w", "2027-06-16"),
        ("2027-06-30", "1y", "2026-06-30"),
        ("2027-06-30", "10bd", "2027-06-15"),
        ("2027-06-30", "0bd", "2027-06-30"),
        ("2027-06-30", "0d", "2027-06-30"),
    ],
)
@pytest.mark.parametrize("convention", list(EndConvention))
def test_notice_units(end: str, notice: str, deadline: str, convention: EndConvention) -> None:
    terms = agreement(effective_on="2026-01-01", initial_end_on=end, renewal=AUTO, renewal_term="1y", notice=notice)
    found = on(terms, "2026-02-01", calendar=business_calendar("US"), end=convention)
    assert found.notice_deadline is not None
    if convention is EndConvention.INCLUSIVE:
        assert found.notice_deadline == day(deadline)
    assert day(deadline) <= found.notice_deadline <= day(end)


def test_each_side_has_its_own_notice() -> None:
    found = on(yearly(client_notice="30d"), "2026-06-01")
    assert (found.notice_deadline, found.client_notice_deadline) == (day("2027-01-30"), day("2027-03-01"))
    assert on(yearly(notice=None, client_notice="30d"), "2026-06-01").missing == ("notice",)


def test_notice_longer_than_the_term_looks_to_a_later_term() -> None:
    terms = agreement(effective_on="2026-01-01", initial_term="1m", renewal=AUTO, renewal_term="1m", notice="60d")
    found = on(terms, "2026-06-15")
    assert (found.status, found.notice_deadline) == ("notice_missed", day("2026-05-01"))
    assert (found.next_notice_deadline, found.earliest_end) == (day("2026-07-02"), day("2026-08-31"))
    assert any("longer than the term" in note for note in found.assumptions)


def test_notice_too_late_for_the_last_renewal() -> None:
    found = on(yearly(max_renewals=1), "2027-02-15")
    assert found.status == "notice_missed"
    assert (found.next_notice_deadline, found.earliest_end) == (None, day("2028-03-31"))
