"""Facts for the engagement check: a client of whom nothing can be said, and makers of what can be wrong with it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from commands.rules.agreements.in_force import force
from commands.rules.agreements.paper_need import PaperNeed
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.checks import Finding, check
from commands.rules.checks.facts import Facts, Measure, Paper, RegulationNote
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
UNSIGNED = {"status": AgreementStatus.DRAFT, "msp_signed_on": None, "client_signed_on": None}
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
    papers: tuple[Paper, ...] = changes.get("papers", known["papers"])
    known["forces"] = {each.agreement.id: force(each.agreement, TODAY) for each in papers}
    return Facts(CLIENT, TODAY, **known | changes)


def with_paper(*papers: Paper, **changes: Any) -> Facts:
    return facts(papers=papers, **changes)


def with_row(**changes: Any) -> Facts:
    return with_paper(paper(rows=(row(**changes),)))


def found_by(rule: str, given: Facts) -> list[Finding]:
    return [each for each in check(given) if each.rule == rule]
