"""Notices that were given: case tables of every way to be right or wrong, and what must hold for all of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commands.rules.agreements.given_notice import GivenNotice, NoticeOutcome, NoticeVerdict, judge
from commands.rules.agreements.notice import notice_deadline
from commands.rules.agreements.terms import EndConvention, term_line
from commands.rules.dates.business_days import WEEKENDS_ONLY, business_calendar
from storage.records.agreement import Agreement, AgreementStatus, NoticeMethod, NoticeTo, RenewalMode, Side, TermKind
from storage.records.period import Period, PeriodUnit

EMAIL, CERTIFIED, POST, HAND = NoticeMethod.EMAIL, NoticeMethod.CERTIFIED_MAIL, NoticeMethod.POST, NoticeMethod.HAND
COURIER = NoticeMethod.COURIER
VALID, EARLY, LATE, WRONG, UNCLEAR = NoticeOutcome
EVERGREEN, MONTHLY = TermKind.EVERGREEN, TermKind.MONTH_TO_MONTH
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def yearly(**terms: Any) -> Agreement:
    """The calendar year 2026, renews by the year, 60 days' notice: by Sunday, 1 November."""
    kept = {
        "effective_on": day("2026-01-01"), "initial_term": "12m", "renewal": RenewalMode.AUTO, "renewal_term": "12m",
        "notice": "60d", **terms,
    }  # fmt: skip
    return Agreement(client_id=1, reference="MSA-1", status=AgreementStatus.EXECUTED, **kept)


def notice(sent: str, **more: Any) -> GivenNotice:
    return GivenNotice(day(sent), **more)


def verdict(terms: Agreement, given_notice: GivenNotice, country: str | None = None) -> NoticeVerdict:
    return judge(terms, given_notice, business_calendar(country) if country else WEEKENDS_ONLY)


IN_TIME = [  # terms, sent, outcome, days, ends on, earliest end
    ({}, "2026-10-30", VALID, 0, "2026-12-31"),  # the last business day by the deadline
    ({}, "2026-01-02", VALID, 0, "2026-12-31"),  # without a window, any day of the term
    ({}, "2026-11-01", LATE, 1, "2027-12-31"),  # a Sunday: it counts from Monday
    ({}, "2026-11-02", LATE, 1, "2027-12-31"),
    ({}, "2026-11-20", LATE, 19, "2027-12-31"),
    ({}, "2026-12-31", LATE, 60, "2027-12-31"),
    ({}, "2027-01-04", VALID, 0, "2027-12-31"),  # in the renewed term
    ({"notice_window": "90d"}, "2026-10-01", EARLY, 1, "2026-12-31"),
    ({"notice_window": "90d"}, "2026-10-02", VALID, 0, "2026-12-31"),
    ({"notice_window": "90d"}, "2026-06-30", EARLY, 94, "2026-12-31"),
    ({"notice_window": "30d"}, "2026-06-30", VALID, 0, "2026-12-31"),  # shorter than the notice: contradicts itself
    ({"notice": "0d"}, "2026-12-31", VALID, 0, "2026-12-31"),
    ({"notice": "10bd"}, "2026-12-17", VALID, 0, "2026-12-31"),
    ({"notice": "10bd"}, "2026-12-18", LATE, 1, "2027-12-31"),
    ({"notice": "3m"}, "2026-09-30", VALID, 0, "2026-12-31"),
    ({"notice": "3m"}, "2026-10-01", LATE, 1, "2027-12-31"),
    ({"notice": None}, "2026-10-30", UNCLEAR, 0, None),
    ({"renewal": None}, "2026-10-30", VALID, 0, "2026-12-31"),
    ({"initial_term": None}, "2026-10-30", UNCLEAR, 0, None),
    ({"effective_on": None}, "2026-10-30", UNCLEAR, 0, None),
    # it ends by itself: notice is never late for that
    ({"renewal": RenewalMode.NONE}, "2026-12-30", VALID, 0, "2026-12-31"),
    ({"renewal": RenewalMode.MANUAL}, "2026-12-30", VALID, 0, "2026-12-31"),
    ({"max_renewals": 0}, "2026-12-30", VALID, 0, "2026-12-31"),
    ({"max_renewals": 1}, "2026-12-30", LATE, 59, "2027-12-31"),
    ({"max_renewals": 1}, "2027-12-30", VALID, 0, "2027-12-31"),
    # notice longer than what it is counted against
    ({"initial_term": "1m", "renewal_term": "1m"}, "2026-03-16", VALID, 45, "2026-05-31"),
    ({"notice": "13m"}, "2026-02-02", VALID, 64, "2027-12-31"),
    # month to month
    ({"term_kind": MONTHLY, "initial_term": None, "renewal": None, "renewal_term": None, "notice": "30d"},
     "2026-03-02", VALID, 1, "2026-04-30"),
    ({"term_kind": MONTHLY, "initial_term": None, "renewal": None, "renewal_term": None, "notice": "15d"},
     "2026-03-16", VALID, 0, "2026-03-31"),
    # without an end
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "30d"},
     "2026-03-02", VALID, 0, "2026-04-01"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "3m"},
     "2026-11-30", VALID, 0, "2027-02-28"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": None}, "2026-03-02", UNCLEAR, 0, None),
    ({"term_kind": EVERGREEN, "initial_term": "12m", "renewal": None, "notice": "30d"},
     "2026-03-02", VALID, 0, "2026-12-31"),
    # to the end of a calendar period
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "3m", "notice_to": NoticeTo.QUARTER},
     "2026-03-31", VALID, 0, "2026-06-30"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "3m", "notice_to": NoticeTo.QUARTER},
     "2026-04-01", VALID, 0, "2026-09-30"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "4w", "notice_to": NoticeTo.MONTH},
     "2026-02-03", VALID, 0, "2026-03-31"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "6m", "notice_to": NoticeTo.YEAR},
     "2026-06-30", VALID, 0, "2026-12-31"),
    ({"term_kind": EVERGREEN, "initial_term": None, "renewal": None, "notice": "6m", "notice_to": NoticeTo.YEAR},
     "2026-07-01", VALID, 0, "2027-12-31"),
    # to the end of a calendar period, once the initial term is over
    ({"initial_term": "10m", "notice": "1m", "notice_to": NoticeTo.QUARTER}, "2026-02-02", VALID, 0, "2026-12-31"),
    ({"initial_term": "12m", "notice": "1m", "notice_to": NoticeTo.MONTH}, "2026-02-02", VALID, 0, "2026-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "sent", "outcome", "days", "ends"), IN_TIME)
def test_in_time(terms: dict[str, Any], sent: str, outcome: NoticeOutcome, days: int, ends: str | None) -> None:
    found = verdict(yearly(**terms), notice(sent, method=EMAIL))
    last_day = day(ends) if ends else None
    assert (found.outcome, found.days, found.earliest_end) == (outcome, days, last_day)
    assert found.ends_on == (last_day if outcome is VALID else None)
    assert bool(found.problems) == (outcome is not VALID)
    assert bool(found.missing) == (outcome is UNCLEAR)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("2026-11-02", "it is 1 day late:"),
        ("2026-11-20", "it is 19 days late:"),
        ("2026-10-01", "it is 1 day early:"),
        ("2026-09-30", "it is 2 days early:"),
    ],
)
def test_how_late_or_early_it_is_in_words(sent: str, said: str) -> None:
    found = verdict(yearly(notice_window="90d"), notice(sent, method=EMAIL))
    assert found.problems[0].startswith(said)


THE_WAY = [  # what the paper asks for, how it was given, outcome, what is said
    ({}, {}, VALID, ""),
    ({}, {"method": EMAIL, "address": "anywhere"}, VALID, ""),
    ({"notice_method": CERTIFIED}, {"method": EMAIL}, WRONG, "it went by e-mail, and it has to go by certified mail"),
    ({"notice_method": CERTIFIED}, {}, WRONG, "how it was sent is not recorded"),
    ({"notice_method": CERTIFIED}, {"method": POST}, WRONG, "it went by post"),
    ({"notice_method": POST}, {"method": CERTIFIED}, VALID, ""),
    ({"notice_method": EMAIL}, {"method": EMAIL}, VALID, ""),
    ({"notice_address": "legal@ours.example"}, {"address": "dana@ours.example"}, WRONG, "it went to dana@ours.example"),
    ({"notice_address": "1 Main St."}, {"address": "1 main st"}, VALID, ""),
    ({"notice_address": "1 Main St."}, {}, VALID, "Where it was sent is not recorded; it has to go to 1 Main St.."),
    ({"notice_method": HAND, "notice_address": "1 Main St."}, {"method": EMAIL, "address": "2 Low Rd"}, WRONG,
     "it went to 2 Low Rd"),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "how", "outcome", "said"), THE_WAY)
def test_the_way_and_the_place(terms: dict[str, Any], how: dict[str, Any], outcome: NoticeOutcome, said: str) -> None:
    found = verdict(yearly(**terms), notice("2026-09-01", **how))
    assert found.outcome is outcome
    assert said in " ".join((*found.problems, *found.notes))
    assert found.earliest_end == day("2026-12-31")


def test_late_by_the_wrong_way_says_both() -> None:
    found = verdict(yearly(notice_method=CERTIFIED), notice("2026-11-20", method=EMAIL))
    assert found.outcome is LATE
    assert len(found.problems) == 2


ARRIVALS = [  # country, method, sent, delivered, counts from
    (None, EMAIL, "2026-10-30", None, "2026-10-30"),  # Friday
    (None, EMAIL, "2026-10-31", None, "2026-11-02"),  # Saturday
    (None, COURIER, "2026-10-30", None, "2026-11-03"),
    (None, CERTIFIED, "2026-10-23", None, "2026-10-30"),
    (None, CERTIFIED, "2026-10-23", "2026-10-26", "2026-10-26"),
    ("US", EMAIL, "2026-11-26", None, "2026-11-27"),  # Thanksgiving
    ("GB", EMAIL, "2026-11-26", None, "2026-11-26"),
    ("US", EMAIL, "2026-07-03", None, "2026-07-06"),  # Independence Day observed
    ("DE", EMAIL, "2026-12-25", None, "2026-12-28"),
    ("US", POST, "2026-11-20", None, "2026-11-30"),  # five business days over Thanksgiving
]


@pytest.mark.parametrize(("country", "method", "sent", "delivered", "counts_from"), ARRIVALS)
def test_it_counts_from_the_business_day_of_its_arrival(
    country: str | None, method: NoticeMethod, sent: str, delivered: str | None, counts_from: str
) -> None:
    arrived = day(delivered) if delivered else None
    found = verdict(yearly(), notice(sent, method=method, delivered_on=arrived), country)
    assert found.counts_from == day(counts_from)


def test_sent_in_time_and_arrived_late_is_late() -> None:
    found = verdict(yearly(), notice("2026-10-28", method=CERTIFIED))
    assert (found.outcome, found.days) == (LATE, 3)
    assert "delivered:" in " ".join(found.notes)
    known = verdict(yearly(), notice("2026-10-28", method=CERTIFIED, delivered_on=day("2026-10-30")))
    assert known.outcome is VALID


SIDES = [  # client's notice, sent, outcome, said
    ("90d", "2026-10-15", LATE, ""),
    ("30d", "2026-11-20", VALID, ""),
    (None, "2026-10-15", VALID, "The client's notice is not recorded, so ours, 60 days, is taken."),
    (None, "2026-11-20", LATE, "ours, 60 days, is taken"),
]


@pytest.mark.parametrize(("theirs", "sent", "outcome", "said"), SIDES)
def test_each_side_by_its_own_notice(theirs: str | None, sent: str, outcome: NoticeOutcome, said: str) -> None:
    found = verdict(yearly(client_notice=theirs), notice(sent, method=EMAIL, side=Side.CLIENT))
    assert found.outcome is outcome
    assert said in " ".join(found.notes)


# --- what holds for all --------------------------------------------------------------------------------------------

PERIODS = st.one_of(
    st.builds(Period, st.integers(1, 120), st.just(PeriodUnit.DAYS)),
    st.builds(Period, st.integers(1, 14), st.just(PeriodUnit.MONTHS)),
    st.builds(Period, st.integers(1, 30), st.just(PeriodUnit.BUSINESS_DAYS)),
)
LENGTHS = st.builds(Period, st.integers(1, 36), st.just(PeriodUnit.MONTHS))
DAYS = st.dates(day("2020-01-01"), day("2032-12-31"))
CONVENTIONS = st.sampled_from(EndConvention)


@given(LENGTHS, LENGTHS, PERIODS, st.none() | st.integers(0, 5), DAYS, CONVENTIONS)
def test_a_valid_notice_never_leaves_a_later_term_and_a_late_one_never_ends_too_early(
    first: Period, renewals: Period, length: Period, most: int | None, sent: date, end: EndConvention
) -> None:
    terms = yearly(effective_on=day("2020-01-01"), initial_term=first, renewal_term=renewals, notice=length)
    terms = terms.changed(max_renewals=most)
    found = judge(terms, GivenNotice(sent, EMAIL), WEEKENDS_ONLY, end)
    line = term_line(terms)
    assert line is not None
    last = line.term(most).end if most is not None else date.max
    last_day = found.earliest_end
    assume(last_day is not None)
    assert last_day is not None
    # It is the end of one of its terms, and not after the last of them.
    assert line.term(line.number_on(last_day)).end == last_day or last_day == last
    assert last_day <= last
    ends_by_itself = last_day == last
    # Never earlier than the notice allows, unless it ends by itself then.
    assert ends_by_itself or notice_deadline(last_day, length, WEEKENDS_ONLY, end) >= found.counts_from
    # Never later than needed: the term before was out of reach, or over.
    before = line.term(line.number_on(last_day)).start
    if before is not None and before > sent:
        assert notice_deadline(before - DAY, length, WEEKENDS_ONLY, end) < found.counts_from
    if found.outcome is LATE:
        assert found.ends_on is None
        assert last_day > line.term(line.number_on(sent)).end


@given(PERIODS, st.sampled_from(NoticeTo), DAYS)
def test_to_the_end_of_a_calendar_period(length: Period, period: NoticeTo, sent: date) -> None:
    terms = yearly(term_kind=EVERGREEN, initial_term=None, renewal=None, notice=length, notice_to=period)
    terms = terms.changed(effective_on=day("2019-01-01"))
    found = judge(terms, GivenNotice(sent, EMAIL), WEEKENDS_ONLY)
    assert found.is_valid
    assert found.ends_on is not None
    assert found.ends_on >= found.counts_from
    after = found.ends_on + DAY
    months = {NoticeTo.MONTH: 1, NoticeTo.QUARTER: 3, NoticeTo.HALF_YEAR: 6, NoticeTo.YEAR: 12}[period]
    assert (after.day, (after.month - 1) % months) == (1, 0)


@given(DAYS, DAYS, PERIODS)
def test_earlier_never_ends_later(one: date, other: date, length: Period) -> None:
    terms = yearly(effective_on=day("2020-01-01"), notice=length)
    first, second = sorted((one, other))
    ends = [judge(terms, GivenNotice(each, EMAIL), WEEKENDS_ONLY).earliest_end for each in (first, second)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0] <= ends[1]
