"""The rules of the engagement check: for each of them, facts that fail it and facts that pass it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commands.rules.agreements.explanation import Explanation
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.checks import GENERAL_RULES, RULES, Finding, Severity, changes_since, check, contradictions
from commands.rules.checks.facts import Facts, GrayArea, Measure, OpenClocks, Paper, PaperNeed, RegulationNote
from storage.records import (
    AccessGrant,
    AccessLevel,
    Adoption,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Client,
    ClientContract,
    ContractKind,
    Decision,
    DecisionChoice,
    DeclinedRecommendation,
    Disclosure,
    DisclosureAnswer,
    InsuranceRequirement,
    KeyTopic,
    Obligation,
    Party,
    Period,
    Promise,
    PromiseSource,
    Questionnaire,
    RenewalMode,
    Responsibility,
    RowBasis,
    ScopeQuestion,
    TermKind,
    TopicCoverage,
    TopicState,
    Verdict,
)

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
STAMP: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "U0DANA"}
LONG_AGO = TODAY - timedelta(days=500)
RECENT = TODAY - timedelta(days=60)
SOON = TODAY + timedelta(days=60)
CLIENT = Client(id=1, name="Calder Ridge", owner="U0DANA", industry="dental")
HIPAA = RegulationNote("hipaa", "HIPAA", (PaperNeed(AgreementKind.BAA, "BAA"),), limits_access=True)
PCI = RegulationNote("pci_dss", "PCI DSS", (PaperNeed(None, "AOC"),), limits_access=True)
POLICY = RegulationNote("cyber_insurance", "Cyber insurance", is_insurance=True)
IN_FORCE_SINCE = RegulationNote("new", "New law", in_force_from=TODAY - timedelta(days=1))
COMING = RegulationNote(
    "coming", "Coming law", (PaperNeed(AgreementKind.BAA, "BAA"),), not_in_force="is not in force before 1 May 2027",
    in_force_from=SOON,
)  # fmt: skip
ENDED = RegulationNote("old", "Old law", not_in_force="ended on 2 March 2026", ended=TODAY)
NOTES = {note.key: note for note in (HIPAA, PCI, POLICY)}


def agreement(reference: str = "SOW-A", **changes: Any) -> Agreement:
    """Executed, evergreen and lately reviewed."""
    known: dict[str, Any] = {
        "id": 1, "client_id": 1, "reference": reference, "kind": AgreementKind.SOW, "effective_on": LONG_AGO,
        "status": AgreementStatus.EXECUTED, "msp_signed_on": LONG_AGO, "client_signed_on": LONG_AGO,
        "term_kind": TermKind.EVERGREEN, "notice": Period.parse("30d"), "last_reviewed_on": RECENT,
        "client_signer": "Lee Marsh, COO",
    }  # fmt: skip
    return Agreement(**known | changes)


def paper(
    made: Agreement | None = None,
    *,
    explained_on: date | None = RECENT,
    topics: tuple[TopicCoverage, ...] | None = None,
    rows: tuple[Responsibility, ...] | None = None,
    decision: Decision | None = None,
    amendments: tuple[Agreement, ...] = (),
    **changes: Any,
) -> Paper:
    """In force, explained, with all topics and one row that nothing can be said against."""
    made = made or agreement(**changes)
    reckoning = Reckoning((made, *amendments), [decision] if decision else [])
    outlook = reckoning.outlook(made, TODAY)
    verdict = outlook.verdict if outlook else None
    return Paper(
        made,
        reckoning.standing(made, TODAY),
        explained_on,
        all_topics(made.id) if topics is None else topics,
        (row(agreement_id=made.id),) if rows is None else rows,
        outlook is not None and outlook.is_settled,
        f"{'; '.join(verdict.problems)}." if verdict and not verdict.is_valid else None,
    )


def topic(which: KeyTopic, **changes: Any) -> TopicCoverage:
    known: dict[str, Any] = {
        "client_id": 1, "agreement_id": 1, "topic": which, "state": TopicState.PRESENT, "clause": "4.1",
        "initialled_on": RECENT,
    }  # fmt: skip
    return TopicCoverage(**known | STAMP | changes)


def all_topics(agreement_id: int = 1) -> tuple[TopicCoverage, ...]:
    return tuple(topic(each, agreement_id=agreement_id) for each in KeyTopic)


def row(item: str = "Server backup", **changes: Any) -> Responsibility:
    known: dict[str, Any] = {
        "client_id": 1, "agreement_id": 1, "item": item, "party": Party.MSP, "clause": "SOW-A 7.1",
        "basis": RowBasis.AS_SIGNED, "attester": "U0DANA",
    }  # fmt: skip
    return Responsibility(**known | STAMP | changes)


PROPOSED: dict[str, Any] = {"basis": RowBasis.PROPOSED, "recorded_at": NOW - timedelta(days=31)}


def disclosure(regulation: str = "pci_dss", **changes: Any) -> Disclosure:
    known: dict[str, Any] = {
        "client_id": 1, "regulation": regulation, "answer": DisclosureAnswer.APPLIES, "asked_on": RECENT,
        "asked_by": "U0DANA", "attested_by": "Dana Lee, CFO", "client_accepts_responsibility": True,
        "evidence_url": "https://files.msp.internal/aoc.pdf", "reask_on": SOON, "effective_from": RECENT,
    }  # fmt: skip
    return Disclosure(**known | STAMP | changes)


def questionnaire(**changes: Any) -> Questionnaire:
    known: dict[str, Any] = {"client_id": 1, "asked_on": RECENT, "asked_by": "U0DANA", "regulations": ("hipaa",)}
    return Questionnaire(**known | STAMP | changes)


def requirement(**changes: Any) -> InsuranceRequirement:
    known: dict[str, Any] = {
        "client_id": 1, "control": "MFA", "attested_by": "Dana Lee, CFO", "implemented_by": Party.SHARED,
        "evidence_url": "https://files.msp.internal/mfa.pdf", "asked_on": RECENT, "reask_on": SOON,
    }  # fmt: skip
    return InsuranceRequirement(**known | STAMP | changes)


def grant(**changes: Any) -> AccessGrant:
    known: dict[str, Any] = {
        "client_id": 1, "system": "Dentrix", "level": AccessLevel.USER, "data": "PHI", "limit": "never charts",
        "basis": "BAA-1 3.2", "granted_on": LONG_AGO, "explained_on": RECENT, "review_on": SOON,
    }  # fmt: skip
    return AccessGrant(**known | STAMP | changes)


def promise(what: str = "Test a restore", **changes: Any) -> Promise:
    known: dict[str, Any] = {
        "client_id": 1, "what": what, "source": PromiseSource.SLA, "made_on": LONG_AGO, "owner": "U0DANA",
        "cadence": Period.parse("3m"), "next_due_on": SOON,
    }  # fmt: skip
    return Promise(**known | STAMP | changes)


def declined(**changes: Any) -> DeclinedRecommendation:
    known: dict[str, Any] = {
        "client_id": 1, "what": "Offline copy", "offered_on": RECENT, "declined_on": RECENT, "reoffer_on": SOON,
        "declined_by": "Lee Marsh, COO", "risk_clause": "MSA-1 9.4",
    }  # fmt: skip
    return DeclinedRecommendation(**known | STAMP | changes)


def duty(**changes: Any) -> Obligation:
    known: dict[str, Any] = {
        "client_id": 1, "what": "Name an approver", "since": LONG_AGO, "agreement_id": 1, "clause": "SOW-A 4.2",
    }  # fmt: skip
    return Obligation(**known | STAMP | changes)


def contract(**changes: Any) -> ClientContract:
    known: dict[str, Any] = {
        "client_id": 1, "counterparty": "Harbor Mutual", "kind": ContractKind.INSURER, "demands": ("MFA",),
        "notice_hours": 72, "ends_on": SOON, "told_on": RECENT,
    }  # fmt: skip
    return ClientContract(**known | STAMP | changes)


def measure(*, is_behind: bool = False, reference: str | None = None) -> Measure:
    adoption = Adoption(client_id=1, family="nist-csf", edition="1.1", adopted_on=LONG_AGO, **STAMP)
    return Measure(adoption, "NIST CSF", "2.0", is_behind, reference, rows=3)


def question(asked_at: datetime = NOW) -> ScopeQuestion:
    return ScopeQuestion(
        id=7, client_id=1, question="who resets the copier?", asked_by="U0SAM", asked_at=asked_at, as_of=TODAY,
        verdict=Verdict.UNDOCUMENTED,
    )  # fmt: skip


def extending(**changes: Any) -> Agreement:
    """It ends unless somebody says in time that it goes on."""
    terms = {"renewal": RenewalMode.MANUAL, "notice": None, "extension_notice": Period.parse("30d")}
    return renewing(**terms | changes)


def renewing(**changes: Any) -> Agreement:
    """A yearly agreement that renews by itself; its current term ends on 30 April 2026."""
    terms: dict[str, Any] = {
        "effective_on": date(2025, 5, 1), "term_kind": TermKind.FIXED, "initial_term": Period.parse("12m"),
        "renewal": RenewalMode.AUTO, "renewal_term": Period.parse("12m"), "notice": Period.parse("30d"),
    }  # fmt: skip
    return agreement(**terms | changes)


def amendment(**changes: Any) -> Agreement:
    """Of `renewing()`, signed and in force, that changes the notice."""
    terms: dict[str, Any] = {
        "id": 2, "parent_id": 1, "kind": AgreementKind.AMENDMENT, "reference": "AMD-1", "notice": Period.parse("60d"),
        "term_kind": TermKind.FIXED,
    }  # fmt: skip
    return agreement(**terms | changes)


def decision(decided: DecisionChoice, **changes: Any) -> Decision:
    known: dict[str, Any] = {
        "agreement_id": 1, "agreement_version": 0, "term_end": date(2026, 4, 30), "decided": decided, "reason": "why",
        "decided_by": "U0DANA", "decided_at": NOW,
    }  # fmt: skip
    return Decision(**known | changes)


def facts(**changes: Any) -> Facts:
    """A client of whom nothing can be said."""
    known: dict[str, Any] = {
        "papers": (paper(),), "disclosures": (disclosure(),), "regulations": NOTES, "likely": ("pci_dss",),
        "grants": (grant(),), "measures": (measure(),),
    }  # fmt: skip
    return Facts(CLIENT, TODAY, **known | changes)


def with_paper(*papers: Paper) -> Facts:
    return facts(papers=papers)


def with_row(**changes: Any) -> Facts:
    return with_paper(paper(rows=(row(**changes),)))


UNSIGNED = {"status": AgreementStatus.DRAFT, "msp_signed_on": None, "client_signed_on": None}
MSA = {"kind": AgreementKind.MSA, "reference": "MSA-1"}
FIXED: dict[str, Any] = {"term_kind": TermKind.FIXED, "renewal": RenewalMode.NONE}
OVER = {**FIXED, "initial_end_on": RECENT}
ENDING = {**FIXED, "initial_end_on": SOON, "renewal": RenewalMode.MANUAL, "notice": None}
CONFLICTING = (
    paper(id=1, kind=AgreementKind.MSA, reference="MSA-1"),
    paper(id=2, parent_id=1, reference="SOW-A", rows=(row(agreement_id=2, party=Party.CLIENT),)),
)

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
        "obligation_unmet",
        [facts(obligations=(duty(next_due_on=RECENT),)), facts(obligations=(duty(unmet_on=TODAY, told_on=TODAY),))],
        [
            facts(obligations=(duty(),)),
            facts(obligations=(duty(next_due_on=TODAY),)),
            facts(obligations=(duty(next_due_on=RECENT, waived_on=RECENT),)),
            facts(obligations=(duty(next_due_on=RECENT, ended_on=TODAY),)),
        ],
    ),
    (
        "incident_open",
        [
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 3, 0, "HIPAA: the media, by 30 April 2026"),)),
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 3, 1, "HIPAA: the media, by 30 April 2026"),)),
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 0, 0, None),)),
        ],
        [facts()],
    ),
    (
        "obligation_paper",
        [facts(obligations=(duty(clause=None),)), facts(obligations=(duty(agreement_id=None),))],
        [facts(obligations=(duty(),)), facts(obligations=(duty(clause=None, ended_on=RECENT),))],
    ),
    (
        "contract_none",
        [
            facts(disclosures=(disclosure("cyber_insurance"),)),
            facts(disclosures=(disclosure("contractual_requirements"),), contracts=(contract(),)),
        ],
        [
            facts(disclosures=(disclosure("cyber_insurance"),), contracts=(contract(),)),
            facts(
                disclosures=(disclosure("contractual_requirements"),), contracts=(contract(kind=ContractKind.LENDER),)
            ),
            facts(disclosures=(disclosure("hipaa"),)),
        ],
    ),
    (
        "contract_reask",
        [facts(contracts=(contract(reask_on=RECENT),))],
        [facts(contracts=(contract(reask_on=SOON), contract(reask_on=RECENT, ended_on=RECENT)))],
    ),
    (
        "contract_incomplete",
        [facts(contracts=(contract(notice_hours=None),)), facts(contracts=(contract(ends_on=RECENT),))],
        [facts(contracts=(contract(),)), facts(contracts=(contract(demands=(), ended_on=RECENT),))],
    ),
    (
        "disclosure_changed",
        [
            facts(disclosures=(disclosure("new"),), regulations=NOTES | {"new": IN_FORCE_SINCE}),
            facts(disclosures=(disclosure("old"),), regulations=NOTES | {"old": ENDED}),
            facts(disclosures=(disclosure("old", answer=DisclosureAnswer.UNKNOWN),), regulations={"old": ENDED}),
        ],
        [
            facts(),
            facts(disclosures=(disclosure("new", asked_on=TODAY),), regulations=NOTES | {"new": IN_FORCE_SINCE}),
            facts(disclosures=(disclosure("coming"),), regulations=NOTES | {"coming": COMING}),
            facts(disclosures=(disclosure("old", answer=DisclosureAnswer.DOES_NOT_APPLY),), regulations={"old": ENDED}),
        ],
    ),
    ("disclosure_attested", [facts(disclosures=(disclosure(attested_by=None),))], [facts()]),
    (
        "disclosure_responsibility",
        [
            facts(disclosures=(disclosure(client_accepts_responsibility=None),)),
            facts(disclosures=(disclosure(client_accepts_responsibility=False),)),
            facts(disclosures=(disclosure(answer=DisclosureAnswer.UNKNOWN, client_accepts_responsibility=None),)),
        ],
        [
            facts(),
            facts(
                disclosures=(disclosure(answer=DisclosureAnswer.DOES_NOT_APPLY, client_accepts_responsibility=None),)
            ),
            facts(disclosures=(disclosure("cyber_insurance", client_accepts_responsibility=None),)),
        ],
    ),
    (
        "regulation_agreement",
        [
            facts(disclosures=(disclosure("hipaa"),)),
            facts(
                disclosures=(disclosure("hipaa"),),
                papers=(paper(), paper(id=2, reference="BAA-1", kind=AgreementKind.BAA, **UNSIGNED)),
            ),
        ],
        [
            facts(),
            facts(disclosures=(disclosure("hipaa", answer=DisclosureAnswer.UNKNOWN),)),
            facts(
                disclosures=(disclosure("hipaa"),),
                papers=(paper(), paper(id=2, reference="BAA-1", kind=AgreementKind.BAA)),
            ),
        ],
    ),
    ("regulation_evidence", [facts(disclosures=(disclosure(evidence_url=None),))], [facts()]),
    (
        "insurance_unknown",
        [
            facts(disclosures=(disclosure("cyber_insurance"),)),
            facts(disclosures=(disclosure("cyber_insurance"),), requirements=(requirement(ended_on=RECENT),)),
        ],
        [facts(), facts(disclosures=(disclosure("cyber_insurance"),), requirements=(requirement(),))],
    ),
    (
        "insurance_incomplete",
        [
            facts(requirements=(requirement(evidence_url=None),)),
            facts(requirements=(requirement(attested_by=None),)),
            facts(requirements=(requirement(implemented_by=None),)),
        ],
        [facts(requirements=(requirement(),)), facts(requirements=(requirement(evidence_url=None, ended_on=RECENT),))],
    ),
    (
        "insurance_reask",
        [facts(requirements=(requirement(reask_on=RECENT),))],
        [facts(requirements=(requirement(),))],
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
            with_paper(paper(rows=(row(**PROPOSED, carried_by_id=2),)), paper(agreement("ADD-1", id=2), rows=())),
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
    (
        "access_none",
        [facts(grants=()), facts(grants=(grant(limit=None),)), facts(grants=(grant(revoked_on=RECENT),))],
        [facts(), facts(grants=(), disclosures=(disclosure(answer=DisclosureAnswer.UNKNOWN),))],
    ),
    (
        "access_incomplete",
        [
            facts(grants=(grant(limit=None),)),
            facts(grants=(grant(basis=None),)),
            facts(grants=(grant(explained_on=None),)),
        ],
        [
            facts(),
            facts(grants=(grant(limit=None, data=None),)),
            facts(grants=(grant(limit=None, level=AccessLevel.NONE),)),
            facts(grants=(grant(limit=None, revoked_on=TODAY),)),
        ],
    ),
    (
        "access_review",
        [facts(grants=(grant(review_on=RECENT),))],
        [facts(), facts(grants=(grant(review_on=TODAY),)), facts(grants=(grant(review_on=RECENT, revoked_on=RECENT),))],
    ),
    (
        "promise_overdue",
        [facts(promises=(promise(next_due_on=RECENT),))],
        [
            facts(promises=(promise(),)),
            facts(promises=(promise(next_due_on=TODAY),)),
            facts(promises=(promise(next_due_on=RECENT, ended_on=RECENT),)),
        ],
    ),
    (
        "promise_wording",
        [facts(promises=(promise("We guarantee it"),))],
        [facts(promises=(promise(),)), facts(promises=(promise("We guarantee it", ended_on=RECENT),))],
    ),
    (
        "promise_owner",
        [facts(promises=(promise(owner=None),))],
        [facts(promises=(promise(),)), facts(promises=(promise(owner=None, cadence=None),))],
    ),
    (
        "recommendation_incomplete",
        [facts(recommendations=(declined(declined_by=None),)), facts(recommendations=(declined(risk_clause=None),))],
        [
            facts(recommendations=(declined(),)),
            facts(recommendations=(declined(risk_clause=None, accepted_on=RECENT),)),
        ],
    ),
    (
        "recommendation_reoffer",
        [facts(recommendations=(declined(reoffer_on=RECENT),))],
        [
            facts(recommendations=(declined(reoffer_on=TODAY),)),
            facts(recommendations=(declined(reoffer_on=RECENT, accepted_on=RECENT),)),
        ],
    ),
    ("care_none", [facts(measures=())], [facts(), facts(measures=(), papers=())]),
    (
        "care_outdated",
        [facts(measures=(measure(is_behind=True),)), facts(measures=(measure(is_behind=True, reference="SOW-A"),))],
        [facts()],
    ),
    ("question_open", [facts(questions=(question(),))], [facts()]),
]


def found_by(rule: str, given: Facts) -> list[Finding]:
    return [each for each in check(given) if each.rule == rule]


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
