"""The rules of the engagement check: for each of them, facts that fail it and facts that pass it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from commands.rules.agreements.explanation import Explanation
from commands.rules.checks import GENERAL_RULES, RULES, Finding, Severity, changes_since, check, contradictions
from commands.rules.checks.facts import Facts, GrayArea
from storage.records import (
    AgreementKind,
    AgreementStatus,
    DecisionChoice,
    KeyTopic,
    Party,
    Period,
    RenewalMode,
    RowBasis,
    TermKind,
    TopicState,
)
from tests.rules.check_cases import CASES_OF_RECORDS
from tests.rules.check_facts import (
    LONG_AGO,
    NOW,
    PROPOSED,
    RECENT,
    SOON,
    TODAY,
    UNSIGNED,
    agreement,
    all_topics,
    amendment,
    decision,
    disclosure,
    extending,
    facts,
    found_by,
    paper,
    promise,
    question,
    questionnaire,
    renewing,
    row,
    topic,
    with_paper,
    with_row,
)

MSA = {"kind": AgreementKind.MSA, "reference": "MSA-1"}
FIXED: dict[str, Any] = {"term_kind": TermKind.FIXED, "renewal": RenewalMode.NONE}
OVER = {**FIXED, "initial_end_on": RECENT}
ENDING = {**FIXED, "initial_end_on": SOON, "renewal": RenewalMode.MANUAL, "notice": None}
CONFLICTING = (
    paper(id=1, kind=AgreementKind.MSA, reference="MSA-1"),
    paper(id=2, parent_id=1, reference="SOW-A", rows=(row(agreement_id=2, party=Party.CLIENT),)),
)

AMENDMENT: dict[str, Any] = {"kind": AgreementKind.AMENDMENT, "reference": "AMD-1", "parent_id": 1}
AMENDING = paper(
    id=2, **AMENDMENT, effective_on=SOON, rows=(row(id=2, agreement_id=2, party=Party.CLIENT),)
)  # fmt: skip

# rule, facts that fail it, facts that pass it
CASES: list[tuple[str, list[Facts], list[Facts]]] = [
    (
        "agreement_none",
        [
            with_paper(),
            with_paper(paper(kind=AgreementKind.NDA)),
            with_paper(paper(**UNSIGNED)),
            with_paper(paper(**OVER)),
        ],
        [facts(), with_paper(paper(effective_on=SOON))],
    ),
    (
        "agreement_unsigned",
        [
            with_paper(paper(**UNSIGNED)),
            with_paper(paper(status=AgreementStatus.OUT_FOR_SIGNATURE, client_signed_on=None)),
        ],
        [facts()],
    ),
    (
        "people_absent",
        [facts(absent={"U0DANA": "has no active account"}), facts(absent={"U0SAM": "is a guest"}, readers=("U0SAM",))],
        [facts(), facts(absent={"U0NOBODY": "is a guest"})],
    ),
    (
        "agreement_unproven",
        [with_paper(paper(client_signer=None))],
        [
            facts(),
            with_paper(paper(client_signer=None, document_url="https://files.msp.internal/sow-a.pdf")),
            with_paper(paper(client_signer=None, **UNSIGNED)),
        ],
    ),
    (
        "agreement_unexplained",
        [with_paper(paper(explained_on=None))],
        [facts(), with_paper(paper(explained_on=None, **UNSIGNED)), with_paper(paper(explained_on=None, **OVER))],
    ),
    (
        "agreement_lapsed",
        [with_paper(paper(**OVER)), with_paper(paper(rows=(), **OVER))],
        [facts(), with_paper(paper(**OVER, status=AgreementStatus.TERMINATED, terminated_on=RECENT))],
    ),
    (
        "agreement_unclear",
        [with_paper(paper(renewing(notice=None))), with_paper(paper(effective_on=None))],
        [facts(), with_paper(paper(renewing()))],
    ),
    (
        "agreement_amended",
        [
            with_paper(paper(renewing(), amendments=(amendment(notice=None),))),
            with_paper(paper(renewing(), amendments=(amendment(**UNSIGNED),))),
        ],
        [facts(), with_paper(paper(renewing(), amendments=(amendment(),)))],
    ),
    (
        "agreement_notice_given",
        [
            with_paper(paper(renewing(), decision=decision(DecisionChoice.GIVE_NOTICE, notice_on=date(2026, 4, 15)))),
            with_paper(
                paper(
                    renewing(notice_method="certified_mail"),
                    decision=decision(DecisionChoice.GIVE_NOTICE, notice_on=RECENT, notice_method="email"),
                )
            ),
        ],
        [
            facts(),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.GIVE_NOTICE))),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.GIVE_NOTICE, notice_on=RECENT))),
        ],
    ),
    (
        "terms_changed",
        [facts(papers=(replace(paper(), terms_changed="its linked terms changed"),))],
        [facts(papers=(paper(),))],
    ),
    (
        "agreement_review",
        [
            with_paper(paper(last_reviewed_on=LONG_AGO)),
            with_paper(paper(last_reviewed_on=None)),
            with_paper(paper(last_reviewed_on=RECENT, review_every=Period.parse("1m"))),
        ],
        [facts(), with_paper(paper(last_reviewed_on=LONG_AGO, **OVER))],
    ),
    (
        "agreement_extension",
        [with_paper(paper(extending()))],
        [
            facts(),
            with_paper(paper(extending(), decision=decision(DecisionChoice.RENEW))),
            with_paper(paper(extending(effective_on=date(2025, 12, 1)))),
            with_paper(paper(renewing())),
        ],
    ),
    (
        "agreement_notice",
        [
            with_paper(paper(renewing())),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.RENEGOTIATE))),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.GIVE_NOTICE))),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.RENEW, term_end=date(2025, 4, 30)))),
        ],
        [
            facts(),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.RENEW))),
            with_paper(paper(renewing(), decision=decision(DecisionChoice.GIVE_NOTICE, notice_on=RECENT))),
            with_paper(paper(renewing(effective_on=date(2025, 12, 1)))),
        ],
    ),
    (
        "agreement_notice_missed",
        [with_paper(paper(renewing(notice=Period.parse("90d"))))],
        [
            with_paper(paper(renewing())),
            with_paper(paper(renewing(notice=Period.parse("90d")), decision=decision(DecisionChoice.RENEW))),
        ],
    ),
    (
        "agreement_ending",
        [with_paper(paper(**ENDING))],
        [
            facts(),
            with_paper(paper(**ENDING, decision=decision(DecisionChoice.LET_LAPSE, term_end=SOON))),
            with_paper(paper(**ENDING, terminated_on=SOON, status=AgreementStatus.TERMINATED)),
        ],
    ),
    (
        "agreement_no_sow",
        [with_paper(paper(**MSA))],
        [facts(), with_paper(paper(**MSA), paper(id=2, parent_id=1))],
    ),
    (
        "agreement_wording",
        [with_paper(paper(summary="We guarantee uptime"))],
        [facts(), with_paper(paper(title="Care"))],
    ),
    (
        "disclosure_never",
        [facts(disclosures=())],
        [facts(), facts(disclosures=(), questionnaires=(questionnaire(),))],
    ),
    (
        "disclosure_likely",
        [facts(likely=("pci_dss", "hipaa"))],
        [
            facts(),
            facts(disclosures=(), likely=("hipaa",)),
            facts(likely=("pci_dss", "hipaa"), questionnaires=(questionnaire(),)),
        ],
    ),
    (
        "disclosure_reask",
        [
            facts(disclosures=(disclosure(reask_on=RECENT),)),
            facts(disclosures=(), questionnaires=(questionnaire(reask_on=RECENT),)),
        ],
        [facts(), facts(disclosures=(disclosure(reask_on=TODAY),))],
    ),
    (
        "agreement_explained_partly",
        [
            facts(papers=(replace(paper(), explanation=Explanation(RECENT, doubts=("nobody knows",))),)),
            facts(papers=(replace(paper(), explanation=Explanation(RECENT, missing=(KeyTopic.ACCESS_SCOPE,))),)),
            facts(papers=(replace(paper(), explanation=Explanation(RECENT, late_by=3)),)),
        ],
        [
            facts(papers=(replace(paper(), explanation=Explanation(RECENT)),)),
            facts(papers=(replace(paper(explained_on=None), explanation=Explanation()),)),
            facts(papers=(replace(paper(kind=AgreementKind.NDA), explanation=Explanation(RECENT, late_by=3)),)),
        ],
    ),
    (
        "matrix_none",
        [with_paper(paper(rows=()))],
        [facts(), with_paper(paper(**MSA, rows=())), with_paper(paper(rows=()), paper(id=2, **MSA))],
    ),
    ("matrix_clause", [with_row(clause=None)], [facts()]),
    (
        "matrix_shared",
        [with_row(party=Party.SHARED), with_row(party=Party.SHARED, msp_part="ours")],
        [facts(), with_row(party=Party.SHARED, msp_part="ours", client_part="theirs")],
    ),
    (
        "matrix_third_party",
        [with_row(party=Party.THIRD_PARTY)],
        [with_row(party=Party.THIRD_PARTY, third_party="Ricoh")],
    ),
    (
        "matrix_conflict",
        [with_paper(*CONFLICTING)],
        [
            facts(),
            with_paper(paper(rows=(row(id=1),)), AMENDING),
            with_paper(
                paper(rows=(row(id=1), row(id=2, **PROPOSED | {"party": Party.CLIENT, "carried_by_id": 2}))),
                paper(id=2, **AMENDMENT, rows=()),
                carrying=frozenset({2}),
            ),
            with_paper(CONFLICTING[0], paper(id=2, rows=(row(agreement_id=2),))),
            with_paper(CONFLICTING[0], paper(id=2, rows=(row(agreement_id=2, party=Party.CLIENT),), **UNSIGNED)),
        ],
    ),
    (
        "matrix_proposed",
        [with_row(**PROPOSED), with_row(**PROPOSED, carried_by_id=9)],
        [
            facts(),
            with_row(**PROPOSED | {"recorded_at": NOW - timedelta(days=30)}),
            with_row(**PROPOSED | {"basis": RowBasis.AS_SIGNED}),
            with_paper(
                paper(rows=(row(**PROPOSED, carried_by_id=2),)),
                paper(agreement("ADD-1", id=2), rows=()),
                carrying=frozenset({2}),
            ),
        ],
    ),
    (
        "matrix_unattested",
        [with_row(basis=None)],
        [
            facts(),
            with_row(basis=RowBasis.AS_SIGNED, attester="U0DANA"),
            with_row(basis=RowBasis.PROPOSED),
            with_row(basis=None, recorded_at=NOW - timedelta(days=600)),
            with_row(basis=None, recorded_at=NOW, entered_at=NOW - timedelta(days=600)),
            with_paper(paper(rows=(row(basis=None),), **UNSIGNED)),
        ],
    ),
    (
        "matrix_gray_area",
        [facts(gray_areas=(GrayArea("Encryption at rest", "each assumes the other"),))],
        [facts(), facts(papers=(), gray_areas=(GrayArea("Encryption at rest", "each assumes the other"),))],
    ),
    (
        "matrix_wording",
        [
            with_row(notes="We guarantee it"),
            with_row(party=Party.SHARED, msp_part="Ensures it", client_part="x"),
            with_row(item="100 % uptime"),
        ],
        [facts(), with_row(notes="We do not guarantee it"), with_row(client_part="Guarantees the budget")],
    ),
    (
        "topics_unread",
        [with_paper(paper(topics=())), with_paper(paper(topics=all_topics()[1:]))],
        [facts(), with_paper(paper(**MSA, topics=()), paper(id=2, parent_id=1)), with_paper(paper(topics=(), **OVER))],
    ),
    (
        "topic_missing",
        [
            with_paper(
                paper(topics=(*all_topics()[1:], topic(KeyTopic.CUSTOMER_OBLIGATIONS, state=TopicState.MISSING)))
            ),
            with_paper(
                paper(topics=(*all_topics()[1:], topic(KeyTopic.CUSTOMER_OBLIGATIONS, state=TopicState.UNCLEAR)))
            ),
        ],
        [
            facts(),
            with_paper(
                paper(**MSA, topics=(topic(KeyTopic.ACCESS_SCOPE, state=TopicState.MISSING),)), paper(id=2, parent_id=1)
            ),
        ],
    ),
    (
        "topic_initials",
        [
            with_paper(paper(topics=(topic(KeyTopic.ACCESS_SCOPE, initialled_on=None),))),
            with_paper(paper(topics=(topic(KeyTopic.ACCESS_SCOPE, clause=None),))),
        ],
        [facts(), with_paper(paper(topics=(topic(KeyTopic.ACCESS_SCOPE, clause=None, state=TopicState.MISSING),)))],
    ),
    *CASES_OF_RECORDS,
]


def test_every_rule_has_failing_and_passing_cases() -> None:
    elsewhere = [rule.key for rule in contradictions.RULES]  # tests/rules/test_contradictions.py
    assert sorted([*elsewhere, *(name for name, _, _ in CASES)]) == sorted(rule.key for rule in RULES)
    assert all(fails and passes for _, fails, passes in CASES)
    assert len({rule.key for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("rule", "given"),
    [pytest.param(rule, each, id=f"{rule}-{n}") for rule, fails, _ in CASES for n, each in enumerate(fails)],
)
def test_it_is_found(rule: str, given: Facts) -> None:
    found = found_by(rule, given)
    assert found
    for each in found:
        assert each.subject
        assert each.reason.endswith((".", '"', "?")), each.reason
        assert each.mend.command


@pytest.mark.parametrize(
    ("rule", "given"),
    [pytest.param(rule, each, id=f"{rule}-{n}") for rule, _, passes in CASES for n, each in enumerate(passes)],
)
def test_it_is_not_found(rule: str, given: Facts) -> None:
    assert found_by(rule, given) == []


def test_nothing_can_be_said_of_a_client_that_has_everything() -> None:
    assert check(facts()) == ()


def test_the_worst_comes_first() -> None:
    found = check(facts(disclosures=(disclosure("hipaa", attested_by=None, client_accepts_responsibility=None),)))
    ranks = [each.severity.rank for each in found]
    assert ranks == sorted(ranks)
    assert found[0].severity is Severity.CRITICAL
    assert {Severity.CRITICAL, Severity.MEDIUM, Severity.LOW} <= {each.severity for each in found}


@pytest.mark.parametrize("change", [lambda f: f, lambda f: (*f, *f)])
def test_findings_have_ids_that_stay_the_same(change: Callable[[tuple[Finding, ...]], tuple[Finding, ...]]) -> None:
    first, second = check(facts(grants=())), check(facts(grants=()))
    assert [each.id for each in first] == [each.id for each in second]
    assert changes_since([each.id for each in change(first)], second).new == ()


def test_what_changed_since_the_last_check() -> None:
    before = check(facts(grants=(), measures=()))
    now = check(facts(grants=(), questions=(question(),)))
    changes = changes_since([each.id for each in before], now)
    assert [each.rule for each in changes.new] == ["question_open"]
    assert changes.gone == ("care_none|standard of care",)


def test_a_question_that_waits_long_is_worse() -> None:
    [fresh] = found_by("question_open", facts(questions=(question(),)))
    [stale] = found_by("question_open", facts(questions=(question(NOW - timedelta(days=30)),)))
    assert (fresh.severity, stale.severity) == (Severity.MEDIUM, Severity.HIGH)


def test_promises_to_everybody_are_named_by_their_text() -> None:
    general = Facts(None, TODAY, promises=(promise("We guarantee it", client_id=None, owner=None),))
    found = check(general, GENERAL_RULES)
    assert {each.rule for each in found} == {"promise_wording", "promise_owner"}
    assert all(each.mend.values == () and each.mend.options["everybody"] == "yes" for each in found)


def test_who_answers_for_the_agreement_is_concerned() -> None:
    [found] = found_by("agreement_unexplained", with_paper(paper(explained_on=None, owner="U0PRIYA")))
    assert found.concerns == "U0PRIYA"
