"""Agreements: signed by both, explained, in force, reviewed, with a statement of work of their own; decided in time."""

from collections.abc import Iterator
from datetime import timedelta

from commands.rules.agreements.signature import UNPROVEN, is_unproven
from commands.rules.agreements.standing import AgreementStanding, sending_words
from commands.rules.checks.facts import SERVICE_KINDS, WORK_KINDS, Facts, Paper
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.dates.format import format_date
from commands.rules.dates.periods import shift
from commands.rules.dates.time_left import days_left
from commands.rules.text.phrases import capitalize_first, lower_first, plain
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records.agreement import AgreementKind
from storage.records.period import Period, PeriodUnit

_UNSIGNED = (AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE)
_A_YEAR = Period(1, PeriodUnit.YEARS)
_SOON = timedelta(days=30)
_TO_EXTEND = timedelta(days=90)
_FIELDS = {
    "effective_on": "effective",
    "initial_term": "initial_term",
    "initial_end_on": "end",
    "renewal": "renewal",
    "renewal_term": "renewal_term",
    "notice": "notice",
    "term": "initial_term",
    "parent": "parent",
}


@rule("agreement_none", Severity.CRITICAL)
def no_agreement(facts: Facts) -> Iterator[Found]:
    """Some agreement about services is in force."""
    if not any(paper.may_apply and paper.agreement.kind in SERVICE_KINDS for paper in facts.papers):
        options = {"reference": BLANK, "kind": BLANK, "effective": BLANK, "term": BLANK, "notice": BLANK}
        yield Found(
            "agreements",
            "No agreement about services is in force: what we do for this client has no signed basis.",
            Mend("agreement add", facts.names, options),
            _references(facts),
        )


@rule("agreement_unsigned", Severity.HIGH)
def unsigned(facts: Facts) -> Iterator[Found]:
    """Every agreement is signed by both sides."""
    for paper in facts.papers:
        agreement = paper.agreement
        if paper.standing.status in _UNSIGNED:
            waits = [
                who
                for who, day in (("us", agreement.msp_signed_on), ("the client", agreement.client_signed_on))
                if not day
            ]
            rows = f", its {len(paper.rows)} matrix rows included," if paper.rows else ""
            yield _about(
                facts, paper, f"It is not signed by {' or '.join(waits)}, so nothing in it{rows} can be relied on.",
                Mend("agreement sign", (*facts.names, paper.reference), SIGNED),
            )  # fmt: skip


@rule("agreement_unproven", Severity.LOW)
def unproven(facts: Facts) -> Iterator[Found]:
    """For every signed agreement there is a link to the signed copy, or the name of who signed it."""
    for paper in facts.papers:
        if paper.may_apply and is_unproven(paper.agreement):
            yield _about(
                facts, paper, f"It is {UNPROVEN}.",
                Mend("agreement edit", (*facts.names, paper.reference), {"signer": BLANK, "url": BLANK}),
            )  # fmt: skip


@rule("agreement_unexplained", Severity.HIGH)
def unexplained(facts: Facts) -> Iterator[Found]:
    """Every signed agreement was explained to the client."""
    for paper in facts.papers:
        if paper.may_apply and paper.explained_on is None:
            yield _about(
                facts, paper, "It is signed, but no walkthrough is recorded: was it ever explained to the client?",
                Mend("walkthrough record", (*facts.names, paper.reference), EXPLAINED),
            )  # fmt: skip


@rule("agreement_explained_partly", Severity.MEDIUM)
def explained_partly(facts: Facts) -> Iterator[Found]:
    """Every key topic of a signed agreement was explained, in time, to somebody who may sign for the client."""
    for paper in facts.papers:
        told = paper.explanation
        words = told.in_words(paper.reference)
        is_asked = paper.agreement.kind in SERVICE_KINDS or told.topics
        if paper.may_apply and paper.explained_on is not None and words and is_asked:
            options: dict[str, object] = {**EXPLAINED, "may_sign": BLANK}
            if told.missing:
                options["topic"] = tuple(each.value for each in told.missing)
            is_grave = bool(told.topics and (told.missing or told.doubts))
            mend = Mend("walkthrough record", (*facts.names, paper.reference), options)
            if not told.missing and not told.doubts:  # too late: no later conversation changes that
                mend = Mend("agreement show", (*facts.names, paper.reference))
            yield Found(
                paper.reference, words, mend, _evidence(paper), paper.agreement.owner,
                None if is_grave else Severity.LOW,
            )  # fmt: skip


@rule("agreement_lapsed", Severity.HIGH)
def lapsed(facts: Facts) -> Iterator[Found]:
    """No agreement has quietly ended while its matrix is still kept as if it applied."""
    for paper in facts.papers:
        if paper.standing.status is AgreementStanding.LAPSED:
            ended = paper.standing.term_end or facts.today
            options = {"on": BLANK, "reason": BLANK}
            rows = f" and still has {len(paper.rows)} matrix rows" if paper.rows else ""
            yield _about(
                facts,
                paper,
                f"It ended on {format_date(ended)}{rows}; renew it in writing, or record that it is over.",
                Mend("agreement terminate", (*facts.names, paper.reference), options),
                severity=Severity.HIGH if paper.rows else Severity.LOW,
            )  # fmt: skip


@rule("agreement_unclear", Severity.MEDIUM)
def unclear(facts: Facts) -> Iterator[Found]:
    """It can be told from the record of every agreement whether it is in force."""
    for paper in facts.papers:
        if paper.standing.status is AgreementStanding.UNKNOWN and paper.standing.missing:
            known = [_FIELDS[name] for name in paper.standing.missing if name in _FIELDS] or ["term"]
            words = ", ".join(plain(name) for name in paper.standing.missing)
            yield _about(
                facts, paper, f"It cannot be told whether it is in force or when to act (not recorded: {words}).",
                Mend("agreement edit", (*facts.names, paper.reference), dict.fromkeys(known, BLANK)),
            )  # fmt: skip


@rule("agreement_amended", Severity.MEDIUM)
def amended(facts: Facts) -> Iterator[Found]:
    """Every amendment says enough for the terms of what it amends to be told."""
    for paper in facts.papers:
        if not paper.is_over:
            for doubt in paper.standing.doubts:
                yield _about(
                    facts, paper, f"It cannot be told for certain what applies: {doubt}",
                    Mend("agreement show", (*facts.names, paper.reference)),
                )  # fmt: skip


@rule("agreement_notice_given", Severity.HIGH)
def notice_given(facts: Facts) -> Iterator[Found]:
    """Every notice that was given counts."""
    for paper in facts.papers:
        if paper.notice_problem is not None and not paper.is_over:
            yield _about(
                facts, paper, f"Notice was given, but does not count: {paper.notice_problem}",
                _decide(facts, paper),
            )  # fmt: skip


@rule("terms_changed", Severity.HIGH)
def linked_terms_changed(facts: Facts) -> Iterator[Found]:
    """Linked terms are what they were when somebody last looked at them."""
    for paper in facts.papers:
        if paper.terms_changed is not None and not paper.is_over:
            said = paper.terms_changed
            yield _about(
                facts, paper, f"{capitalize_first(said)}. Nobody has reviewed it since.",
                Mend("agreement edit", (*facts.names, paper.reference), {"reviewed": BLANK}),
            )  # fmt: skip


@rule("agreement_review", Severity.MEDIUM)
def not_reviewed(facts: Facts) -> Iterator[Found]:
    """Every agreement in force was reviewed when it was due, or within a year."""
    for paper in facts.papers:
        agreement = paper.agreement
        last = agreement.last_reviewed_on or agreement.effective_on
        due = paper.standing.next_review or (shift(last, _A_YEAR) if last else None)
        if paper.is_in_force and due is not None and due < facts.today:
            when = (
                f"was last reviewed on {format_date(last)}"
                if agreement.last_reviewed_on and last
                else "was never reviewed"
            )
            yield _about(
                facts, paper, f"It {when}; its review was due on {format_date(due)}.",
                Mend("agreement edit", (*facts.names, paper.reference), {"reviewed": BLANK}),
            )  # fmt: skip


@rule("agreement_notice", Severity.HIGH)
def notice_open(facts: Facts) -> Iterator[Found]:
    """Whoever must decide before a notice deadline has decided."""
    for paper in facts.papers:
        found = paper.standing
        if found.status is AgreementStanding.NOTICE_OPEN and found.notice_deadline and not paper.is_settled:
            left = days_left(found.act_by(facts.today) or found.notice_deadline, facts.today)
            send = sending_words(found, facts.today)
            after = "renews by itself" if found.renews else "ends"
            yield _about(
                facts, paper,
                f"Notice is possible until {format_date(found.notice_deadline)}{send}; {left}. "
                f"Then it {after}.",
                _decide(facts, paper),
                severity=Severity.HIGH if found.notice_deadline - facts.today <= _SOON else Severity.MEDIUM,
            )  # fmt: skip


@rule("agreement_extension", Severity.MEDIUM)
def extension_open(facts: Facts) -> Iterator[Found]:
    """Whoever must say in time that an agreement is extended has decided."""
    for paper in facts.papers:
        found, last = paper.standing, paper.standing.extension_deadline
        if last is None or paper.is_settled or found.ends_on is not None or not paper.is_in_force:
            continue
        if timedelta(0) <= last - facts.today <= _TO_EXTEND:
            yield _about(
                facts, paper,
                f"To extend it, somebody has to say so by {format_date(last)}; {days_left(last, facts.today)}. "
                "Then it ends.",
                _decide(facts, paper), severity=Severity.HIGH if last - facts.today <= _SOON else Severity.MEDIUM,
            )  # fmt: skip


@rule("agreement_notice_missed", Severity.MEDIUM)
def notice_missed(facts: Facts) -> Iterator[Found]:
    """No notice deadline has passed without a decision."""
    for paper in facts.papers:
        found = paper.standing
        if found.status is AgreementStanding.NOTICE_MISSED and found.notice_deadline and not paper.is_settled:
            until = f" on {format_date(found.next_term_start)}" if found.next_term_start else ""
            yield _about(
                facts, paper,
                f"The notice deadline, {format_date(found.notice_deadline)}, passed, nothing settled; "
                f"it renews{until}.",
                _decide(facts, paper),
            )  # fmt: skip


@rule("agreement_ending", Severity.HIGH)
def ending(facts: Facts) -> Iterator[Found]:
    """Whoever must decide before an agreement ends has decided."""
    for paper in facts.papers:
        found = paper.standing
        is_ending = found.status is AgreementStanding.EXPIRING and found.ends_on is None
        if is_ending and found.term_end and not paper.is_settled:
            yield _about(
                facts,
                paper,
                f"It ends on {format_date(found.term_end)} unless somebody renews it.",
                _decide(facts, paper),
            )


@rule("agreement_no_sow", Severity.MEDIUM)
def no_sow(facts: Facts) -> Iterator[Found]:
    """A master agreement in force has a statement of work or an order of its own."""
    has_work = any(paper.may_apply and paper.agreement.kind in WORK_KINDS for paper in facts.papers)
    masters = [paper for paper in facts.papers if paper.is_in_force and paper.agreement.kind is AgreementKind.MSA]
    if masters and not has_work:
        options = {"reference": BLANK, "kind": "sow", "parent": masters[0].reference, "effective": BLANK, "term": BLANK}
        yield _about(
            facts, masters[0], "No statement of work says what is done under it.",
            Mend("agreement add", facts.names, options),
        )  # fmt: skip


def _about(facts: Facts, paper: Paper, reason: str, mend: Mend, *, severity: Severity | None = None) -> Found:
    return Found(
        paper.reference, f"{paper.reference}: {lower_first(reason)}", mend, _evidence(paper),
        paper.agreement.owner, severity,
    )  # fmt: skip


def _evidence(paper: Paper) -> str | None:
    agreement = paper.agreement
    facts = (
        ("signed by us", agreement.msp_signed_on),
        ("by the client", agreement.client_signed_on),
        ("effective", agreement.effective_on),
        ("explained", paper.explained_on),
    )
    return ", ".join(f"{words} {day}" for words, day in facts if day) or None


def _references(facts: Facts) -> str | None:
    return ", ".join(f"{each.reference} ({plain(each.standing.status)})" for each in facts.papers) or None


def _decide(facts: Facts, paper: Paper) -> Mend:
    return Mend("renewal decide", (*facts.names, paper.reference), {"decision": BLANK, "reason": BLANK})


RULES = (
    no_agreement,
    unsigned,
    unproven,
    unexplained,
    explained_partly,
    lapsed,
    unclear,
    amended,
    linked_terms_changed,
    not_reviewed,
    notice_given,
    notice_open,
    extension_open,
    notice_missed,
    ending,
    no_sow,
)
