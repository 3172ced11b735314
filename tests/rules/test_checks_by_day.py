"""On which day each finding of the engagement check begins, and on which it ends."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from commands.rules.checks import Severity
from commands.rules.checks.facts import Facts, RegulationNote
from storage.records import DecisionChoice, Period
from tests.rules.check_facts import (
    LONG_AGO,
    NOW,
    RECENT,
    TODAY,
    contract,
    decision,
    declined,
    disclosure,
    duty,
    extending,
    facts,
    found_by,
    grant,
    paper,
    promise,
    question,
    renewing,
    requirement,
    row,
    with_paper,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
OVERDUE = (True, False, False)  # of yesterday, of today, of tomorrow
COME = (True, True, False)


def of_law(asked_on: date = RECENT, **days: date) -> Facts:
    note = RegulationNote("law", "A law", **days)
    return facts(disclosures=(disclosure("law", asked_on=asked_on),), regulations={"law": note})


BY_DAY: list[tuple[str, Callable[[date], Facts], tuple[bool, bool, bool]]] = [
    ("agreement_review", lambda day: with_paper(
        paper(review_every=Period.parse("30d"), last_reviewed_on=day - timedelta(days=30))), OVERDUE),
    ("access_review", lambda day: facts(grants=(grant(review_on=day),)), OVERDUE),
    ("access_none", lambda day: facts(grants=(grant(granted_on=day),)), (False, False, True)),
    ("access_none", lambda day: facts(grants=(grant(revoked_on=day),)), (True, True, False)),
    ("promise_overdue", lambda day: facts(promises=(promise(next_due_on=day),)), OVERDUE),
    ("promise_overdue", lambda day: facts(promises=(promise(next_due_on=RECENT, ended_on=day),)), (False, False, True)),
    ("obligation_unmet", lambda day: facts(obligations=(duty(next_due_on=day),)), OVERDUE),
    ("obligation_unmet", lambda day: facts(obligations=(duty(unmet_on=day),)), COME),
    ("obligation_unmet", lambda day: facts(obligations=(duty(next_due_on=RECENT, waived_on=day, waived_by="Lee"),)),
     (False, False, True)),
    ("recommendation_reoffer", lambda day: facts(recommendations=(declined(reoffer_on=day),)), OVERDUE),
    ("disclosure_reask", lambda day: facts(disclosures=(disclosure(reask_on=day),)), OVERDUE),
    ("insurance_reask", lambda day: facts(requirements=(requirement(reask_on=day),)), OVERDUE),
    ("contract_reask", lambda day: facts(contracts=(contract(reask_on=day),)), OVERDUE),
    ("contract_incomplete", lambda day: facts(contracts=(contract(ends_on=day),)), OVERDUE),
    ("disclosure_changed", lambda day: of_law(ended=day), COME),
    ("disclosure_changed", lambda day: of_law(in_force_from=day), COME),
    ("disclosure_changed", lambda day: of_law(in_force_from=TODAY, asked_on=day), OVERDUE),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "made", "expected"), BY_DAY)
def test_of_yesterday_of_today_and_of_tomorrow(
    rule: str, made: Callable[[date], Facts], expected: tuple[bool, bool, bool]
) -> None:
    assert tuple(bool(found_by(rule, made(day))) for day in (YESTERDAY, TODAY, TOMORROW)) == expected


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (-1, None),
        (0, Severity.HIGH),
        (30, Severity.HIGH),
        (31, Severity.MEDIUM),
        (90, Severity.MEDIUM),
        (91, None),
    ],
)
def test_how_long_before_its_day_an_extension_is_asked_for(left: int, severity: Severity | None) -> None:
    ends = TODAY + timedelta(days=left + 30)
    terms = extending(initial_term=None, initial_end_on=ends, effective_on=LONG_AGO)
    found = found_by("agreement_extension", with_paper(paper(terms)))
    assert [each.severity for each in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("left", "severity"), [(1, Severity.HIGH), (30, Severity.HIGH), (31, Severity.MEDIUM)])
def test_a_deadline_within_thirty_days_is_worse(left: int, severity: Severity) -> None:
    ends = TODAY + timedelta(days=left + 30)
    terms = renewing(initial_term=None, initial_end_on=ends, effective_on=LONG_AGO)
    [found] = found_by("agreement_notice", with_paper(paper(terms)))
    assert found.severity is severity
    settled = decision(DecisionChoice.RENEW, term_end=ends)
    assert found_by("agreement_notice", with_paper(paper(terms, decision=settled))) == []


@pytest.mark.parametrize(("days", "severity"), [(14, Severity.MEDIUM), (15, Severity.HIGH)])
def test_a_question_is_worse_once_it_waited_for_two_weeks(days: int, severity: Severity) -> None:
    [found] = found_by("question_open", facts(questions=(question(NOW - timedelta(days=days)),)))
    assert found.severity is severity


def test_a_proposed_row_is_told_after_thirty_days_the_longest_waiting_first() -> None:
    def told(*days: int) -> list[str]:
        rows = [
            row(f"Row {n}", id=n, basis="proposed", attester=None, recorded_at=NOW - timedelta(days=n)) for n in days
        ]
        return [each.reason for each in found_by("matrix_proposed", with_paper(paper(rows=tuple(rows))))]

    assert told(30) == []
    assert told(31)[0].startswith('SOW-A: "Row 31" is proposed since 31 days')
    assert told(35, 40, 30)[0].startswith('SOW-A: "Row 40" and 1 more is proposed since 40 days')


@pytest.mark.parametrize(("clause", "said"), [("2.1", "clause 2.1"), ("SOW-A 2.1", "SOW-A 2.1"), (None, None)])
def test_a_clause_is_named_as_one_whatever_rests_on_it(clause: str | None, said: str | None) -> None:
    long_ago = NOW - timedelta(days=40)
    waiting = row(id=1, basis="proposed", attester=None, recorded_at=long_ago, clause=clause)
    [proposed] = found_by("matrix_proposed", with_paper(paper(rows=(waiting,))))
    [unmet] = found_by("obligation_unmet", facts(obligations=(duty(unmet_on=TODAY, clause=clause),)))
    assert [proposed.evidence, unmet.evidence] == [said, said]


@pytest.mark.parametrize(("count", "said"), [(1, '"Row 1" cites'), (2, '"Row 1" and 1 more cites'), (3, "and 2 more")])
def test_how_many_rows_cite_no_clause(count: int, said: str) -> None:
    rows = tuple(row(f"Row {n}", id=n, clause=None) for n in range(1, count + 1))
    [found] = found_by("matrix_clause", with_paper(paper(rows=rows)))
    assert said in found.reason
