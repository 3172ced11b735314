"""Where agreements stand: what must hold for every one of them, whatever is missing or contradicts itself."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.agreements.in_force import Force, force, is_in_force, roll_overs
from commands.rules.agreements.renewals import EndConvention, standing
from commands.rules.agreements.terms import renews_itself, term_line
from commands.rules.dates.business_days import business_calendar
from storage.records.agreement import Agreement, AgreementStatus, NoticeMethod, RenewalMode, TermKind
from storage.records.period import Period, PeriodUnit
from tests.rules.terms import AUTO, agreement
from tests.rules.test_renewals import MONTHLY

DAYS = st.dates(date(2023, 12, 1), date(2033, 3, 31))
LENGTHS = st.builds(
    Period, st.integers(1, 40), st.sampled_from((PeriodUnit.DAYS, PeriodUnit.WEEKS, PeriodUnit.MONTHS))
) | st.builds(Period, st.integers(1, 5), st.just(PeriodUnit.YEARS))
NOTICES = st.builds(Period, st.integers(0, 120), st.sampled_from((PeriodUnit.DAYS, PeriodUnit.BUSINESS_DAYS))) | LENGTHS
EXAMPLES = settings(derandomize=True, max_examples=150, deadline=None)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def renewing(draw: st.DrawFn) -> Agreement:
    """An executed agreement that renews itself and lacks nothing."""
    start = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    end = draw(maybe(st.integers(0, 900)))
    return agreement(
        effective_on=start,
        term_kind=draw(st.sampled_from((TermKind.FIXED, MONTHLY))),
        initial_term=draw(LENGTHS),
        initial_end_on=None if end is None else start + timedelta(days=end),
        renewal=AUTO,
        renewal_term=draw(LENGTHS),
        max_renewals=draw(maybe(st.integers(0, 5))),
        notice=draw(NOTICES),
        client_notice=draw(maybe(NOTICES)),
        notice_window=draw(maybe(NOTICES)),
        notice_method=draw(maybe(st.sampled_from(NoticeMethod))),
    )


@st.composite
def anything(draw: st.DrawFn) -> Agreement:
    """An agreement with any of its fields missing or contradicting."""
    complete = draw(renewing())
    gaps = draw(st.sets(st.sampled_from(("effective_on", "initial_term", "initial_end_on", "renewal_term", "notice"))))
    return complete.changed(
        status=draw(st.sampled_from(AgreementStatus)),
        term_kind=draw(st.sampled_from(TermKind)),
        renewal=draw(maybe(st.sampled_from(RenewalMode))),
        terminated_on=draw(maybe(DAYS)),
        review_every=draw(maybe(LENGTHS)),
        **dict.fromkeys(gaps),
    )


@EXAMPLES
@given(terms=renewing())
def test_terms_tile_the_time_line(terms: Agreement) -> None:
    line = term_line(terms)
    assert line is not None
    laid = [line.term(number) for number in range(12)]
    assert laid[0].start == terms.effective_on
    for earlier, later in itertools.pairwise(laid):
        assert earlier.start is not None
        assert earlier.start <= earlier.end
        assert later.start == earlier.end + timedelta(days=1)
    for term in laid:
        assert term.start is not None
        assert line.number_on(term.start) == line.number_on(term.end) == term.number


@EXAMPLES
@given(terms=renewing(), today=DAYS, convention=st.sampled_from(EndConvention))
def test_within_a_term_nothing_moves_and_the_deadline_is_inside(
    terms: Agreement, today: date, convention: EndConvention
) -> None:
    calendar = business_calendar("US")
    now = standing(terms, today, calendar, end=convention)
    assert now.term_start is not None
    assert now.term_end is not None
    assert now.status in ("upcoming", "lapsed") or now.term_start <= today <= now.term_end
    if now.notice_deadline is not None:
        assert now.notice_deadline <= now.term_end
        assert now.send_by is not None
        assert now.send_by <= now.notice_deadline
        assert now.notice_opens is None or now.notice_opens <= now.notice_deadline
    if now.status == "lapsed":
        return
    for other_day in (now.term_start, today + (now.term_end - today) / 2, now.term_end):
        later = standing(terms, other_day, calendar, end=convention)
        same = ("term_start", "term_end", "renewals_so_far", "notice_opens", "notice_deadline", "send_by")
        assert [getattr(later, name) for name in same] == [getattr(now, name) for name in same]


@EXAMPLES
@given(terms=renewing(), today=DAYS)
def test_the_next_deadline_is_the_first_that_can_be_met(terms: Agreement, today: date) -> None:
    now = standing(terms, today)
    if now.status == "lapsed" or now.earliest_end is None:
        return
    following = [standing(terms, today)]
    while following[-1].next_term_start is not None and len(following) < 400:
        following.append(standing(terms, following[-1].next_term_start))
        if (following[-1].arrive_by or date.min) >= today:  # what arrives on a Saturday counts from Monday
            break
    is_closed = any("no business day" in note for term in following for note in term.assumptions)
    if len(following) == 400 or is_closed:  # a window of a weekend alone: notice counts on no business day there
        return
    meets = [term for term in following if term.arrive_by is not None and term.arrive_by >= today]
    assert now.next_notice_deadline == (meets[0].notice_deadline if meets else None)
    assert now.earliest_end == (meets[0] if meets else following[-1]).term_end


@EXAMPLES
@given(terms=anything(), today=DAYS, convention=st.sampled_from(EndConvention))
def test_every_agreement_stands_somewhere_and_force_agrees(
    terms: Agreement, today: date, convention: EndConvention
) -> None:
    now = standing(terms, today, end=convention)
    assert now == standing(terms, today, end=convention)
    assert now == standing(Agreement.model_validate(dict(terms)), today, end=convention)
    if terms.status not in (AgreementStatus.DRAFT, AgreementStatus.OUT_FOR_SIGNATURE):
        assert (now.status == "unknown") is bool(now.missing)
    in_force = force(terms, today)
    if terms.status in (AgreementStatus.DRAFT, AgreementStatus.OUT_FOR_SIGNATURE):
        assert now.status in (terms.status.value, "terminated")
        assert in_force is Force.NOT_EXECUTED
    elif now.status in ("active", "notice_open", "notice_missed", "expiring", "evergreen"):
        assert in_force is Force.IN_FORCE
    elif now.status in ("lapsed", "terminated", "superseded"):
        assert in_force is Force.ENDED
    elif now.status == "upcoming":
        assert in_force is Force.NOT_YET


@pytest.mark.slow
@EXAMPLES
@given(terms=anything(), first=DAYS, gap=st.integers(0, 1500), split=st.floats(0, 1))
def test_roll_overs_add_up_however_the_time_is_cut(terms: Agreement, first: date, gap: int, split: float) -> None:
    last = first + timedelta(days=gap)
    middle = first + timedelta(days=int(gap * split))
    whole = roll_overs(terms, first, last)
    assert whole == roll_overs(terms, first, middle) + roll_overs(terms, middle, last)
    for roll in whole:
        assert is_in_force(terms, roll.term_start)
        assert renews_itself(terms)
