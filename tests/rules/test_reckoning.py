"""Several decisions about one agreement, and papers that belong to others: what comes of them together."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.dates.periods import is_longer
from storage.records import Decision, DecisionChoice, Side
from storage.records.agreement import AgreementStatus, RenewalMode
from storage.records.period import Period
from tests.rules.test_effective_terms import amendment, day, parent

GIVE_NOTICE, RENEW, LET_LAPSE = DecisionChoice.GIVE_NOTICE, DecisionChoice.RENEW, DecisionChoice.LET_LAPSE
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def decision(choice: DecisionChoice, notice_on: str | None = None, **more: Any) -> Decision:
    """About the term that ends with 2026."""
    return Decision(
        agreement_id=1, agreement_version=0, term_end=day("2026-12-31"), decided=choice, reason="because",
        decided_by="U0OWNER", decided_at=NOW, notice_on=day(notice_on) if notice_on else None, **more,
    )  # fmt: skip


OURS = decision(GIVE_NOTICE, "2026-02-02")
LATE = decision(GIVE_NOTICE, "2026-11-20")
THEIRS = decision(GIVE_NOTICE, "2026-11-20", notice_side=Side.CLIENT)
DECIDED = [  # the decisions, oldest first; the client's notice period; the last day that they bring about
    ([], "30d", None),
    ([OURS], "30d", "2026-12-31"),
    ([OURS, THEIRS], "30d", "2026-12-31"),
    ([THEIRS, OURS], "60d", "2026-12-31"),  # theirs is late, ours is not
    ([OURS, LATE], "30d", "2026-12-31"),  # a newer one that does not count leaves the earlier one in effect
    ([OURS, decision(RENEW)], "30d", None),  # renewed after all
    ([OURS, THEIRS, decision(RENEW)], "30d", None),
    ([OURS, decision(RENEW), THEIRS], "30d", "2026-12-31"),
    ([OURS.changed(retracted_at=NOW)], "30d", None),
    ([OURS, decision(LET_LAPSE)], "30d", "2026-12-31"),
]


@pytest.mark.parametrize(("decisions", "theirs", "last_day"), DECIDED)
def test_what_several_decisions_bring_about(decisions: list[Decision], theirs: str, last_day: str | None) -> None:
    terms = parent(client_notice=theirs)
    reckoning = Reckoning([terms], decisions)
    expected = day(last_day) if last_day else None
    assert reckoning.standing(terms, day("2026-12-01")).ends_on == expected
    assert reckoning.force(terms, day("2026-12-31")) is Force.IN_FORCE
    assert reckoning.force(terms, day("2027-01-01")) is (Force.ENDED if expected else Force.IN_FORCE)


def test_of_two_notices_the_earlier_end_counts() -> None:
    """Month to month, by 30 days' notice of ours and 90 of the client's."""
    terms = parent(term_kind="month_to_month", initial_term=None, renewal=None, renewal_term=None, notice="30d")
    terms = terms.changed(client_notice=Period.parse("90d"))
    ours = OURS.changed(term_end=day("2026-02-28"))
    theirs = decision(GIVE_NOTICE, "2026-02-02", notice_side=Side.CLIENT)
    for decisions in ([ours, theirs], [theirs, ours]):
        found = Reckoning([terms], decisions).standing(terms, day("2026-02-10"))
        assert (found.ends_on, "by us" in (found.ending or "")) == (day("2026-03-31"), True)


@pytest.mark.parametrize(("today", "has_happened"), [("2026-12-31", False), ("2027-01-01", True)])
def test_an_end_has_happened_once_its_last_day_is_over(today: str, has_happened: bool) -> None:
    terms = parent()
    outlook = Reckoning([terms], [OURS]).outlook(terms, day(today))
    assert outlook is not None
    assert (outlook.ends_on, outlook.has_happened) == (day("2026-12-31"), has_happened)


@pytest.mark.parametrize(
    ("signed", "end"),
    [
        ("2026-01-31", "2027-06-30"),  # known when notice was given: it is against the longer term
        ("2026-02-02", "2026-12-31"),  # signed on the very day: nobody need have known
        ("2026-02-03", "2026-12-31"),
    ],
)
def test_notice_is_judged_by_what_was_signed_before_it(signed: str, end: str) -> None:
    longer = amendment(1, "2026-10-01", initial_end_on=day("2027-06-30"))
    longer = longer.changed(msp_signed_on=day(signed), client_signed_on=day(signed))
    terms = parent()
    verdict = Reckoning([terms, longer], [OURS]).verdict(terms, OURS)
    assert verdict is not None
    assert verdict.ends_on == day(end)


@pytest.mark.parametrize(
    ("on", "force"),
    [
        ("2026-02-28", Force.NOT_YET), ("2026-03-01", Force.IN_FORCE), ("2026-06-30", Force.IN_FORCE),
        ("2026-07-01", Force.ENDED),
    ],
)  # fmt: skip
def test_an_amendment_applies_from_its_first_day_to_its_last(on: str, force: Force) -> None:
    ended = amendment(1, "2026-03-01", notice="30d", terminated_on=day("2026-06-30"), status=AgreementStatus.TERMINATED)
    reckoning = Reckoning([parent(), ended])
    assert reckoning.force(ended, day(on)) is force
    assert (reckoning.standing(ended, day(on)).status == "terminated") is (force is Force.ENDED)


def test_that_the_paper_above_it_is_over_is_said_once_it_is() -> None:
    above = parent(renewal=RenewalMode.NONE)
    work = parent().changed(id=2, reference="SOW-B", parent_id=1)
    reckoning = Reckoning([above, work])
    said = "It belongs to SOW-A, which is over: check in both whether it goes on without it."
    for today, is_said in (("2026-12-31", False), ("2027-01-01", True)):
        assert (said in reckoning.standing(work, day(today)).assumptions) is is_said, today


def test_the_newest_decision_that_was_not_taken_back_holds() -> None:
    terms = parent()
    first, second = decision(LET_LAPSE), decision(RENEW)
    assert Reckoning([terms], [first, second]).decision(terms) == second
    assert Reckoning([terms], [first, second.changed(retracted_at=NOW)]).decision(terms) == first


def test_renewals_are_counted_through_an_amendment_of_the_term() -> None:
    changed = amendment(1, "2027-03-01", renewal_term="6m")
    terms = parent()
    assert Reckoning([terms]).standing(terms, day("2028-02-01")).renewals_so_far == 2
    assert Reckoning([terms, changed]).standing(terms, day("2028-02-01")).renewals_so_far == 2


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1m", "27d", True), ("1m", "28d", False), ("1m", "30d", False), ("31d", "1m", False), ("32d", "1m", True),
        ("1y", "364d", True), ("1y", "365d", False), ("366d", "1y", False), ("367d", "1y", True), ("12m", "1y", False),
        ("2w", "13d", True), ("2w", "14d", False), ("10bd", "9d", True), ("10bd", "10d", False), ("20d", "10bd", False),
        ("21d", "10bd", True),
    ],
)  # fmt: skip
def test_one_period_is_longer_only_where_it_is_so_from_every_day(one: str, other: str, expected: bool) -> None:
    assert is_longer(Period.parse(one), Period.parse(other)) is expected


def test_today_of_another_day_changes_nothing_that_was_given() -> None:
    terms = parent()
    reckoning = Reckoning([terms], [OURS])
    days = [date(2026, month, 15) for month in range(3, 13)]
    assert {reckoning.standing(terms, each).ends_on for each in days} == {day("2026-12-31")}
