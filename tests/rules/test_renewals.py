"""Where agreements stand: cases from real bug reports, and every edge of a term."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commands.rules.agreements.in_force import roll_overs
from commands.rules.agreements.renewals import EndConvention, standing
from commands.rules.dates.periods import shift
from storage.records.agreement import AgreementStatus, TermKind
from storage.records.period import Period
from tests.rules.terms import AUTO, MANUAL, NONE, agreement, day, on, yearly

EVERGREEN, MONTHLY = TermKind.EVERGREEN, TermKind.MONTH_TO_MONTH


# --- from bug reports of other products ----------------------------------------------------------------------------


@pytest.mark.parametrize("convention", list(EndConvention))
def test_the_notice_date_follows_the_current_term_after_a_renewal(convention: EndConvention) -> None:
    """GLPI #23084: there, the notice date stayed with the initial end."""
    last = "28" if convention is EndConvention.INCLUSIVE else "27"
    terms = agreement(initial_end_on=day(f"2025-08-{last}"), renewal=AUTO, renewal_term="12m", notice="2m")
    found = on(terms, "2026-02-11", end=convention)
    assert found.term_end == day(f"2026-08-{last}")
    assert found.notice_deadline == day("2026-06-28")
    assert (found.status, found.renewals_so_far) == ("active", 1)


def test_the_initial_term_differs_from_the_renewal_term() -> None:
    """GLPI #15893, which calls 1 August the end: the day after the last day of the term."""
    terms = agreement(effective_on=day("2020-08-01"), initial_term="36m", renewal=AUTO, renewal_term="12m", notice="3m")
    assert on(terms, "2023-07-31").term_end == day("2023-07-31")
    exclusive = on(terms, "2023-10-31", end=EndConvention.EXCLUSIVE)
    assert (exclusive.term_start, exclusive.term_end) == (day("2023-08-01"), day("2024-07-31"))
    assert exclusive.next_term_start == day("2024-08-01")
    assert exclusive.notice_deadline == day("2024-05-01")
    assert on(terms, "2023-10-31").notice_deadline == day("2024-04-30")


def test_the_first_renewal_is_as_long_as_it_says() -> None:
    """GLPI #14703: 60 months and then 12 reach month 72, not 120."""
    terms = agreement(
        effective_on=day("2020-01-01"), initial_term="60m", renewal=AUTO, renewal_term="12m", notice="30d"
    )
    assert on(terms, "2025-01-01").term_end == shift(day("2020-01-01"), Period.parse("72m")) - timedelta(days=1)


def test_a_term_ends_on_the_day_before_the_next() -> None:
    assert on(agreement(effective_on=day("2020-08-01"), initial_term="36m", renewal=NONE), "2020-08-01").term_end == (
        day("2023-07-31")
    )


def test_months_are_counted_from_the_anchor_never_chained() -> None:
    terms = agreement(effective_on=day("2026-01-31"), initial_term="1m", renewal=AUTO, renewal_term="1m", notice="0d")
    starts = [roll.term_start for roll in roll_overs(terms, day("2026-01-31"), day("2026-05-31"))]
    assert starts == [day("2026-02-28"), day("2026-03-31"), day("2026-04-30"), day("2026-05-31")]
    assert any("no such day" in note for note in on(terms, "2026-02-01").assumptions)


@pytest.mark.parametrize(("today", "next_start"), [("2024-03-01", "2025-02-28"), ("2027-03-01", "2028-02-29")])
def test_leap_days(today: str, next_start: str) -> None:
    terms = agreement(effective_on=day("2024-02-29"), initial_term="1y", renewal=AUTO, renewal_term="1y", notice="30d")
    assert on(terms, today).next_term_start == day(next_start)


def test_a_moved_end_moves_the_deadline() -> None:
    terms = agreement(effective_on="2026-01-01", initial_end_on="2026-12-31", renewal=AUTO, renewal_term="1y")
    terms = terms.changed(notice="30d")
    assert on(terms, "2026-11-01").notice_deadline == day("2026-12-01")
    assert on(terms.changed(initial_end_on=day("2027-12-31")), "2026-11-01").notice_deadline == day("2027-12-01")


def test_a_missed_deadline_shows_the_next() -> None:
    found = on(yearly(), "2027-02-15")
    assert found.status == "notice_missed"
    assert found.notice_deadline == day("2027-01-30")
    assert (found.next_notice_deadline, found.earliest_end) == (day("2028-01-31"), day("2028-03-31"))


def test_evergreen_has_no_notice_date_and_is_reviewed_every_year() -> None:
    terms = agreement(effective_on="2024-05-10", term_kind=EVERGREEN, notice="30d", last_reviewed_on="2026-05-02")
    found = on(terms, "2026-11-21")
    assert (found.status, found.term_end, found.notice_deadline) == ("evergreen", None, None)
    assert found.next_review == day("2027-05-02")
    assert found.earliest_end == day("2026-12-21")
    assert any("at any time" in note for note in found.assumptions)


def test_what_is_missing_is_named_never_guessed() -> None:
    found = on(yearly(notice=None), "2026-06-01")
    assert (found.status, found.missing, found.notice_deadline) == ("unknown", ("notice",), None)
    assert (found.term_start, found.term_end) == (day("2026-04-01"), day("2027-03-31"))


@pytest.mark.parametrize(
    ("today", "status", "so_far", "term_start", "term_end"),
    [
        ("2026-03-31", "upcoming", 0, "2026-04-01", "2027-03-31"),
        ("2026-04-01", "active", 0, "2026-04-01", "2027-03-31"),
        ("2026-10-31", "active", 0, "2026-04-01", "2027-03-31"),
        ("2026-11-01", "notice_open", 0, "2026-04-01", "2027-03-31"),  # 90 days before the deadline
        ("2027-01-29", "notice_open", 0, "2026-04-01", "2027-03-31"),  # the last business day up to the deadline
        ("2027-01-30", "notice_missed", 0, "2026-04-01", "2027-03-31"),
        ("2027-03-31", "notice_missed", 0, "2026-04-01", "2027-03-31"),  # last day of the term
        ("2027-04-01", "active", 1, "2027-04-01", "2028-03-31"),
        ("2036-04-01", "active", 10, "2036-04-01", "2037-03-31"),
    ],
)
def test_a_yearly_agreement(today: str, status: str, so_far: int, term_start: str, term_end: str) -> None:
    found = on(yearly(), today)
    assert (found.status, found.renewals_so_far) == (status, so_far)
    assert (found.term_start, found.term_end) == (day(term_start), day(term_end))
    assert found.renewals_left is None
    assert found.missing == ()


@pytest.mark.parametrize(
    ("terms", "today", "status"),
    [
        ({"renewal": NONE}, "2026-06-01", "active"),
        ({"renewal": NONE}, "2026-12-31", "expiring"),
        ({"renewal": NONE}, "2027-03-31", "expiring"),
        ({"renewal": NONE}, "2027-04-01", "lapsed"),
        ({"renewal": MANUAL}, "2026-06-01", "active"),
        ({"renewal": MANUAL}, "2027-01-29", "notice_open"),
        ({"renewal": MANUAL}, "2027-01-30", "expiring"),
        ({"renewal": MANUAL}, "2027-03-31", "expiring"),
        ({"renewal": MANUAL}, "2027-04-01", "lapsed"),
        ({"renewal": MANUAL, "notice": None}, "2026-06-01", "active"),
        ({"renewal": MANUAL, "max_renewals": 0}, "2027-01-01", "expiring"),
        ({"max_renewals": 0}, "2027-01-01", "expiring"),
        ({"max_renewals": 0, "renewal_term": None, "notice": None}, "2026-06-01", "active"),
        ({"max_renewals": 1}, "2027-01-31", "notice_missed"),
        ({"max_renewals": 1}, "2027-06-01", "active"),
        ({"max_renewals": 1}, "2028-03-31", "expiring"),
        ({"max_renewals": 1}, "2028-04-01", "lapsed"),
        ({"max_renewals": 1, "notice": None}, "2028-04-01", "lapsed"),
        ({"notice": "0d"}, "2027-03-31", "notice_open"),
        ({"terminated_on": "2026-12-31"}, "2026-06-01", "expiring"),
        ({"terminated_on": "2026-12-31"}, "2026-12-31", "expiring"),
        ({"terminated_on": "2026-12-31"}, "2027-01-01", "terminated"),
        ({"terminated_on": "2026-12-31"}, "2026-03-01", "upcoming"),
        ({"terminated_on": "2026-03-01"}, "2026-02-01", "terminated"),
        ({"terminated_on": "2027-12-31"}, "2027-02-15", "expiring"),
        ({"terminated_on": "2029-12-31", "renewal": NONE}, "2027-04-01", "lapsed"),
        ({"terminated_on": "2026-12-31", "notice": None}, "2026-06-01", "expiring"),
        ({"status": AgreementStatus.TERMINATED}, "2026-06-01", "terminated"),
        ({"status": AgreementStatus.SUPERSEDED}, "2026-06-01", "superseded"),
        ({"status": AgreementStatus.SUPERSEDED, "terminated_on": "2026-08-31"}, "2026-06-01", "expiring"),
        ({"status": AgreementStatus.SUPERSEDED, "terminated_on": "2026-08-31"}, "2026-09-01", "superseded"),
        ({"status": AgreementStatus.DRAFT}, "2026-06-01", "draft"),
        ({"status": AgreementStatus.DRAFT, "effective_on": None}, "2026-06-01", "draft"),
        ({"status": AgreementStatus.OUT_FOR_SIGNATURE}, "2026-06-01", "out_for_signature"),
        ({"status": AgreementStatus.OUT_FOR_SIGNATURE, "terminated_on": "2026-05-01"}, "2026-06-01", "terminated"),
        ({"term_kind": EVERGREEN}, "2026-03-31", "upcoming"),
        ({"term_kind": EVERGREEN, "terminated_on": "2026-08-31"}, "2026-08-31", "expiring"),
        ({"term_kind": EVERGREEN, "terminated_on": "2026-08-31"}, "2026-09-01", "terminated"),
    ],
)
def test_status(terms: dict[str, Any], today: str, status: str) -> None:
    assert on(yearly(**terms), today).status == status


@pytest.mark.parametrize(
    ("terms", "today", "missing"),
    [
        ({"effective_on": None}, "2026-06-01", ("effective_on",)),
        ({"effective_on": None, "initial_term": None}, "2026-06-01", ("effective_on", "initial_term")),
        ({"initial_term": None}, "2026-06-01", ("initial_term",)),
        ({"initial_term": "0d"}, "2026-06-01", ("initial_term",)),
        ({"initial_term": "90bd"}, "2026-06-01", ("initial_term",)),
        ({"initial_end_on": "2025-12-31"}, "2026-06-01", ("initial_end_on",)),
        ({"renewal": None}, "2026-06-01", ("renewal",)),
        ({"renewal": None}, "2027-06-01", ("renewal",)),
        ({"renewal_term": None}, "2026-06-01", ("renewal_term",)),
        ({"renewal_term": None}, "2027-06-01", ("renewal_term",)),
        ({"renewal_term": "0m", "notice": None}, "2026-06-01", ("renewal_term", "notice")),
        ({"notice": None}, "2027-06-01", ("notice",)),
        ({"term_kind": EVERGREEN, "effective_on": None}, "2026-06-01", ("effective_on",)),
        ({"term_kind": MONTHLY, "initial_term": None, "notice": None}, "2026-06-01", ("notice",)),
        ({"effective_on": None, "initial_end_on": "2026-12-31"}, "2026-06-01", ("effective_on",)),
        ({"renewal": None, "terminated_on": "2027-12-31"}, "2027-06-01", ("renewal",)),
    ],
)
def test_unknown_names_the_missing_field(terms: dict[str, Any], today: str, missing: tuple[str, ...]) -> None:
    found = on(yearly(**terms), today)
    assert (found.status, found.missing) == ("unknown", missing)


def test_what_is_known_is_given_even_where_the_status_is_not() -> None:
    found = on(yearly(renewal=None), "2026-06-01")
    assert (found.term_end, found.notice_deadline) == (day("2027-03-31"), day("2027-01-30"))
    assert (found.next_term_start, found.earliest_end) == (None, None)
    later = on(yearly(renewal=None), "2027-06-01")
    assert (later.term_start, later.term_end) == (None, None)
    assert "31 March 2027" in later.assumptions[0]


def test_last_renewal_needs_no_notice() -> None:
    found = on(yearly(max_renewals=1, uplift_percent=Decimal("3.5")), "2027-06-01")
    assert (found.renewals_so_far, found.renewals_left) == (1, 0)
    assert (found.notice_deadline, found.next_term_start, found.uplift) == (None, None, None)
    assert found.earliest_end == found.term_end == day("2028-03-31")


def test_the_next_term_and_its_uplift() -> None:
    found = on(yearly(max_renewals=3, uplift_percent=Decimal("3.5")), "2027-06-01")
    assert (found.next_term_start, found.uplift, found.renewals_left) == (day("2028-04-01"), Decimal("3.5"), 2)


def test_month_to_month_never_calls_a_month_missed() -> None:
    terms = agreement(effective_on="2026-01-01", term_kind=MONTHLY, notice="30d")
    found = on(terms, "2026-11-21")
    assert (found.status, found.term_start, found.term_end) == ("active", day("2026-11-01"), day("2026-11-30"))
    assert (found.notice_deadline, found.renewals_so_far) == (day("2026-10-31"), 10)
    assert (found.next_notice_deadline, found.earliest_end) == (day("2026-12-01"), day("2026-12-31"))


def test_month_to_month_after_a_first_term() -> None:
    terms = agreement(effective_on="2026-01-01", term_kind=MONTHLY, initial_term="1y", notice="30d")
    assert on(terms, "2026-12-15").status == "notice_missed"
    found = on(terms, "2027-01-15")
    assert (found.status, found.term_end) == ("active", day("2027-01-31"))


def test_evergreen_after_a_least_term() -> None:
    terms = agreement(effective_on="2026-01-01", term_kind=EVERGREEN, initial_term="2y", notice="30d")
    assert on(terms, "2026-06-01").earliest_end == day("2027-12-31")
    assert on(terms, "2027-12-15").earliest_end == day("2028-01-14")
    assert on(terms.changed(notice=None), "2028-01-01").status == "evergreen"


def test_terminated_ahead_ends_on_that_day_and_asks_for_no_notice() -> None:
    found = on(yearly(terminated_on=day("2026-12-31"), uplift_percent=Decimal(3)), "2026-06-01")
    assert (found.term_end, found.earliest_end, found.renewals_left) == (day("2026-12-31"), day("2026-12-31"), 0)
    assert (found.notice_deadline, found.send_by, found.next_term_start, found.uplift) == (None, None, None, None)


@pytest.mark.parametrize(("ended", "is_reviewed"), [("2026-10-01", True), ("2026-09-30", False)])
def test_the_last_review_of_what_ends_is_on_its_last_day(ended: str, is_reviewed: bool) -> None:
    found = on(yearly(terminated_on=day(ended), review_every="6m"), "2026-06-01")
    assert found.next_review == (day("2026-10-01") if is_reviewed else None)


def test_terminated_after_one_more_renewal() -> None:
    found = on(yearly(terminated_on=day("2027-12-31")), "2027-02-15")
    assert (found.term_end, found.next_term_start) == (day("2027-03-31"), day("2027-04-01"))
    assert (found.notice_deadline, found.earliest_end) == (None, day("2027-12-31"))


def test_unsigned_after_its_effective_date_is_said() -> None:
    terms = yearly(status=AgreementStatus.OUT_FOR_SIGNATURE)
    assert "not executed" in on(terms, "2026-04-01").assumptions[0]
    assert not any("not executed" in note for note in on(terms, "2026-03-31").assumptions)


def test_a_stated_end_wins_over_a_length_and_says_so() -> None:
    found = on(yearly(initial_end_on=day("2027-04-01")), "2026-06-01")
    assert found.term_end == day("2027-04-01")
    assert "12 months from 1 April 2026 end on 31 March 2027" in found.assumptions[0]


def test_reviews() -> None:
    assert on(yearly(), "2026-06-01").next_review is None
    assert on(yearly(review_every="6m"), "2027-06-01").next_review == day("2026-10-01")  # overdue stays visible
    reviewed = yearly(review_every="6m", last_reviewed_on=day("2026-08-31"))
    assert on(reviewed, "2026-09-01").next_review == day("2027-02-28")
    assert on(yearly(renewal=NONE, review_every="6m"), "2027-06-01").next_review is None


@pytest.mark.parametrize(
    "terms",
    [{"initial_term": "9999y"}, {"notice": "9999y"}, {"renewal_term": "9999y"}, {"renewal_term": "9999w"}],
)
def test_absurd_lengths_do_not_break(terms: dict[str, Any]) -> None:
    for today in (date.min, day("2026-06-01"), day("2030-01-01")):
        found = standing(yearly(**terms), today)
        assert found.status in ("upcoming", "active", "notice_open", "notice_missed")
    assert standing(yearly(**terms), date.max).missing == ()
