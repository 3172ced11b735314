"""What falls due: one table a kind, facts in, dues out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.agreements.paper_need import PaperNeed
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.reminders.facts import AgreementFacts, ClientFacts, DisclosureFacts, Due, Item
from commands.rules.reminders.kinds import KINDS, dues, settlers
from storage.records import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Client,
    Decision,
    DecisionChoice,
    Disclosure,
    ReminderKind,
    ScopeQuestion,
)

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CLIENT = Client(id=3, name="Calder Ridge", owner="U0OWNER", backup_owner="U0BACKUP")


def agreement(**terms: Any) -> Agreement:
    usual: dict[str, Any] = {
        "id": 12, "client_id": 3, "reference": "SOW-A", "kind": "sow", "status": "executed",
        "msp_signed_on": date(2025, 7, 1), "client_signed_on": date(2025, 7, 1), "effective_on": date(2025, 7, 1),
        "initial_term": "12m", "renewal": "auto", "renewal_term": "12m", "notice": "60d",
    }  # fmt: skip
    return Agreement.model_validate(usual | terms)


def facts(*agreements: Agreement, today: date = TODAY, explained: bool = True, **more: Any) -> ClientFacts:
    decision = more.pop("decision", None)
    reckoning = Reckoning(agreements, [decision] if decision else [])
    found = []
    for each in agreements:
        outlook = reckoning.outlook(each, today)
        is_settled = outlook is not None and outlook.is_settled
        recorded_on = more.pop("recorded_on", date(2025, 7, 1))
        found.append(AgreementFacts(each, reckoning.standing(each, today), recorded_on, explained, is_settled))
    return ClientFacts(CLIENT, today, agreements=tuple(found), managers_channel="C0MANAGERS", **more)


def of_kind(kind: ReminderKind, given: ClientFacts) -> list[Due]:
    return [due for due in dues(given) if due.kind is kind]


def decided(choice: DecisionChoice, **more: Any) -> Decision:
    return Decision(
        agreement_id=12, agreement_version=0, term_end=date(2026, 6, 30), decided=choice, reason="because",
        decided_by="U0OWNER", decided_at=NOW, **more,
    )  # fmt: skip


def test_every_kind_has_its_place_in_the_registry() -> None:
    assert set(KINDS) == set(ReminderKind)
    assert KINDS[ReminderKind.NOTICE_DEADLINE].leads == (90, 60, 30, 14, 7, 1)
    for kind in KINDS.values():
        assert list(kind.leads) == sorted(set(kind.leads), reverse=True)


@pytest.mark.parametrize(
    ("terms", "today", "expected"),
    [
        ({}, TODAY, [date(2026, 5, 1)]),
        ({"notice": None}, TODAY, []),
        ({"renewal": "none"}, TODAY, []),
        ({"status": "draft"}, TODAY, []),
        ({"status": "terminated", "terminated_on": date(2026, 1, 31)}, TODAY, []),
        ({"term_kind": "month_to_month", "initial_term": None, "notice": "30d"}, TODAY, []),
        # After the deadline nothing can be met in this term: what counts is the deadline of the next one.
        ({}, date(2026, 5, 2), [date(2027, 5, 1)]),
        # Notice longer than the renewals: the deadline against the next term lies in this one.
        ({"initial_term": "3m", "renewal_term": "3m", "notice": "60d"}, date(2026, 2, 15), [date(2026, 5, 1)]),
    ],
)
def test_notice_deadlines(terms: dict[str, Any], today: date, expected: list[date]) -> None:
    found = of_kind(ReminderKind.NOTICE_DEADLINE, facts(agreement(**terms), today=today))
    assert [due.deadline for due in found] == expected


def test_notice_that_travels_by_post_must_be_sent_earlier() -> None:
    [due] = of_kind(ReminderKind.NOTICE_DEADLINE, facts(agreement(notice_method="certified_mail")))
    assert due.act_by == date(2026, 4, 24)
    assert "send it by 24 April 2026" in due.headline


@pytest.mark.parametrize(
    ("decision", "is_due"),
    [
        (decided(DecisionChoice.RENEW), False),
        (decided(DecisionChoice.LET_LAPSE), True),  # it renews by itself: only notice ends it
        (decided(DecisionChoice.RENEGOTIATE), True),
        (decided(DecisionChoice.ROLLED_OVER), True),
        (decided(DecisionChoice.GIVE_NOTICE), True),
        (decided(DecisionChoice.GIVE_NOTICE, notice_on=date(2026, 3, 1)), False),
    ],
)
def test_a_decision_ends_the_reminders_of_its_term(decision: Decision, is_due: bool) -> None:
    assert bool(of_kind(ReminderKind.NOTICE_DEADLINE, facts(agreement(), decision=decision))) is is_due


@pytest.mark.parametrize(
    ("terms", "today", "expected"),
    [
        ({}, TODAY, None),  # its notice deadline is what matters
        ({}, date(2026, 5, 2), "renews by itself on 1 July 2026"),
        ({"renewal": "none"}, TODAY, "ends on 30 June 2026"),
        ({"renewal": "manual"}, TODAY, "ends on 30 June 2026"),
        ({"renewal": None}, TODAY, "not recorded: renewal"),
        ({"notice": None}, TODAY, "not recorded: notice"),
        ({"renewal": "none"}, date(2026, 7, 1), None),
    ],
)
def test_renewals_and_ends(terms: dict[str, Any], today: date, expected: str | None) -> None:
    found = of_kind(ReminderKind.RENEWAL, facts(agreement(**terms), today=today))
    assert [(expected or "") in due.headline for due in found] == ([True] if expected else [])


def test_reviews_signatures_and_walkthroughs() -> None:
    reviewed = agreement(review_every="6m", last_reviewed_on=date(2025, 10, 1))
    [due] = of_kind(ReminderKind.AGREEMENT_REVIEW, facts(reviewed))
    assert due.deadline == date(2026, 4, 1)
    half_signed = agreement(status=AgreementStatus.OUT_FOR_SIGNATURE, client_signed_on=None, effective_on=None)
    [due] = of_kind(ReminderKind.UNSIGNED_AGREEMENT, facts(half_signed, recorded_on=date(2026, 3, 1)))
    assert (due.deadline, "not signed by the client" in due.headline) == (date(2026, 3, 15), True)
    [due] = of_kind(ReminderKind.MISSING_WALKTHROUGH, facts(agreement(), explained=False))
    assert due.deadline == date(2025, 7, 15)
    assert not of_kind(ReminderKind.MISSING_WALKTHROUGH, facts(agreement()))


@pytest.mark.parametrize(
    ("effective", "recorded", "deadline"),
    [
        (date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1)),  # before it takes effect
        (date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 1)),  # written down when it had
        (None, date(2026, 3, 1), date(2026, 3, 15)),
    ],
)
def test_by_when_it_is_to_be_signed(effective: date | None, recorded: date, deadline: date) -> None:
    draft = agreement(status=AgreementStatus.DRAFT, effective_on=effective, msp_signed_on=None, client_signed_on=None)
    [due] = of_kind(ReminderKind.UNSIGNED_AGREEMENT, facts(draft, recorded_on=recorded))
    assert (due.deadline, "not signed by us or the client" in due.headline) == (deadline, True)


def disclosure(answer: str, **more: Any) -> Disclosure:
    return Disclosure.model_validate(
        {
            "client_id": 3, "regulation": "hipaa", "answer": answer, "asked_on": date(2026, 2, 1),
            "asked_by": "U0OWNER", "effective_from": date(2026, 2, 1), "recorded_at": NOW, "recorded_by": "U0OWNER",
        } | more
    )  # fmt: skip


def test_disclosures_are_asked_again_and_papers_are_missed() -> None:
    needs = (PaperNeed(AgreementKind.BAA, "business associate agreement (BAA)"),)
    applies = DisclosureFacts(disclosure("applies", reask_on=date(2027, 2, 1)), "HIPAA", needs)
    given = facts(agreement(), disclosures=(applies,))
    assert [due.deadline for due in of_kind(ReminderKind.DISCLOSURE_REASK, given)] == [date(2027, 2, 1)]
    [due] = of_kind(ReminderKind.MISSING_PAPER, given)
    assert (due.deadline, due.ladder) == (date(2026, 3, 3), ("U0OWNER", "U0BACKUP", "C0MANAGERS"))
    signed = facts(agreement(kind="baa"), disclosures=(applies,))
    assert not of_kind(ReminderKind.MISSING_PAPER, signed)
    half_signed = facts(agreement(kind="baa", client_signed_on=None), disclosures=(applies,))
    assert of_kind(ReminderKind.MISSING_PAPER, half_signed), "what one side has not signed is not there"
    unsure = DisclosureFacts(disclosure("unknown"), "HIPAA", needs)
    assert not of_kind(ReminderKind.MISSING_PAPER, facts(disclosures=(unsure,)))


@pytest.mark.parametrize(
    ("asked_by", "told"),
    [
        ("U0SAM", ("U0OWNER", "U0BACKUP", "C0MANAGERS")),
        ("U0OWNER", ("U0BACKUP", "C0MANAGERS")),  # whoever asked does not settle it
        ("U0BACKUP", ("U0OWNER", "C0MANAGERS")),
    ],
)
def test_who_is_told_of_an_open_question(asked_by: str, told: tuple[str, ...]) -> None:
    question = ScopeQuestion(
        id=7, client_id=3, question="who patches?", asked_by=asked_by, asked_at=NOW, as_of=TODAY,
        verdict="undocumented", status="open",
    )  # fmt: skip
    assert settlers(facts(), question) == told
    alone = replace(facts(), settlers=(asked_by,))
    assert settlers(alone, question) == (asked_by,), "where there is nobody else, whoever asked"


def test_open_questions_and_items_of_other_kinds() -> None:
    question = ScopeQuestion(
        id=7, client_id=3, question="who patches the firewall?", asked_by="U0SAM", asked_at=NOW, as_of=TODAY,
        verdict="undocumented", status="open",
    )  # fmt: skip
    items = (
        Item(ReminderKind.ACCESS_REVIEW, "access:3:erp", "ERP", date(2026, 4, 1)),
        Item(ReminderKind.PROMISE_DUE, "promise:3:x", "quarterly review", date(2026, 4, 2), owner="U0ANN"),
        Item(ReminderKind.FRAMEWORK_UPDATE, "adoption:3:csf:2.0", "CSF 2.0 is here", date(2026, 4, 3)),
    )
    given = facts(questions=(question,), items=items)
    [due] = of_kind(ReminderKind.SCOPE_QUESTION, given)
    assert (due.subject, due.deadline) == ("scope_question:7", date(2026, 3, 5))
    assert [of_kind(item.kind, given)[0].deadline for item in items] == [item.due_on for item in items]
    [promise] = of_kind(ReminderKind.PROMISE_DUE, given)
    assert promise.ladder == ("U0ANN", "U0BACKUP", "C0MANAGERS")
