"""Regulations and insurance: asked, answered by somebody, current, and with the paper that they call for."""

from collections.abc import Iterator
from datetime import date, timedelta

from commands.rules.agreements.paper_need import is_there
from commands.rules.checks.facts import Facts, Paper
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.dates.format import format_date
from commands.rules.history.spans import has_ended
from commands.rules.text.phrases import join_names
from commands.rules.text.placeholders import BLANK
from storage.records.agreement import AgreementKind
from storage.records.client import client_key
from storage.records.disclosure import Disclosure, DisclosureAnswer
from storage.records.insurance import InsuranceRequirement
from storage.records.obligation import ClientContract, ContractKind

_ANSWERS = {
    DisclosureAnswer.APPLIES: "applies",
    DisclosureAnswer.UNKNOWN: "may apply (the client does not know)",
    DisclosureAnswer.DECLINED: "may apply (the client declined to say)",
}
_SOON = timedelta(days=30)
_ASKED = {"others": BLANK, "by": BLANK, "on": BLANK}


@rule("disclosure_never", Severity.HIGH)
def never_asked(facts: Facts) -> Iterator[Found]:
    """The client was asked which regulations it must follow."""
    if not facts.disclosures and not facts.questionnaires:
        yield Found(
            "regulations",
            "The client was never asked which regulations it must follow; asked and none is an answer, too.",
            Mend(
                "disclosure answers", facts.names,
                {"asked": facts.likely, **_ASKED},
            ),
        )  # fmt: skip


@rule("disclosure_likely", Severity.MEDIUM)
def likely_not_asked(facts: Facts) -> Iterator[Found]:
    """Every regulation that is likely in the client's industry was asked about."""
    asked = {each.regulation for each in facts.disclosures} | {
        r for each in facts.questionnaires for r in each.regulations
    }
    missing = tuple(key for key in facts.likely if key not in asked)
    if missing and (facts.disclosures or facts.questionnaires):
        names = join_names(map(facts.title, missing), 5)
        yield Found(
            "likely regulations",
            f"Clients like this one are often asked about {names} as well; nobody asked this one.",
            Mend("disclosure answers", facts.names, {"asked": missing, **_ASKED}),
        )


@rule("disclosure_reask", Severity.MEDIUM)
def to_be_asked_again(facts: Facts) -> Iterator[Found]:
    """No answer is older than it may be."""
    for each in facts.disclosures:
        if each.reask_on is not None and each.reask_on < facts.today:
            yield Found(
                each.regulation,
                f"Ask again about {facts.title(each.regulation)}: it was due on {format_date(each.reask_on)}.",
                _again(facts, each),
                f"answered on {each.asked_on}",
            )
    newest = facts.questionnaires[-1] if facts.questionnaires else None
    if newest is not None and newest.reask_on is not None and newest.reask_on < facts.today and not facts.disclosures:
        yield Found(
            "questionnaire",
            f"The questionnaire was to be gone through again on {format_date(newest.reask_on)}.",
            Mend("disclosure answers", facts.names, {"asked": newest.regulations, **_ASKED}),
            f"answered on {newest.asked_on}",
        )


@rule("disclosure_attested", Severity.MEDIUM)
def nobody_attested(facts: Facts) -> Iterator[Found]:
    """Every answer names who gave it."""
    for each in facts.disclosures:
        if each.attested_by is None:
            yield Found(
                each.regulation,
                f"Nobody at the client is named for the answer about {facts.title(each.regulation)}.",
                _again(facts, each),
                f"answered on {each.asked_on}",
            )


@rule("disclosure_responsibility", Severity.MEDIUM)
def responsibility_not_accepted(facts: Facts) -> Iterator[Found]:
    """The client accepts, by a clause, that knowing whether our services satisfy its regulations is its own duty."""
    for each in facts.disclosures:
        note = facts.regulations.get(each.regulation)
        if each.answer in _ANSWERS and not each.client_accepts_responsibility and not (note and note.is_insurance):
            yield Found(
                each.regulation,
                f"{facts.title(each.regulation)} {_ANSWERS[each.answer]}, and no clause says that judging whether our "
                "services satisfy it is the client's own duty.",
                _again(facts, each, accepts=BLANK, clause=BLANK),
                severity=Severity.LOW if each.answer is DisclosureAnswer.APPLIES else None,
            )


@rule("disclosure_changed", Severity.MEDIUM)
def rule_has_changed(facts: Facts) -> Iterator[Found]:
    """What the client said was said of the rule as it is: not before it was in force, and not of one that ended."""
    for each in facts.disclosures:
        note = facts.regulations.get(each.regulation)
        if note is None or each.answer is DisclosureAnswer.DOES_NOT_APPLY:
            continue
        if note.ended is not None and note.ended <= facts.today:
            why = f"ended on {format_date(note.ended)}"
        elif note.in_force_from is not None and each.asked_on < note.in_force_from <= facts.today:
            why = f"is in force since {format_date(note.in_force_from)}, and the answer is older"
        else:
            continue
        yield Found(
            each.regulation, f"{note.title} {why}: ask again.", _again(facts, each), f"answered on {each.asked_on}"
        )


@rule("regulation_agreement", Severity.HIGH)
def missing_agreement(facts: Facts) -> Iterator[Found]:
    """The agreements that a regulation calls for are signed and in force."""
    papers = [(paper.agreement, paper.standing) for paper in facts.papers]
    to_come = _first_to_come(facts)
    for each in facts.applying():
        note = facts.regulations.get(each.regulation)
        for need in note.needs if note else ():
            if need.kind is not None and not is_there(need, papers, facts.today, note.in_force_from if note else None):
                coming = to_come.get(need.kind)
                if coming is not None and note and note.not_in_force and note.in_force_from is None:
                    continue
                critical = need.kind is AgreementKind.BAA
                blanks = dict.fromkeys(("effective", "signed", "signer", "url", "term"), BLANK)
                options = {"reference": BLANK, "kind": need.kind.value, **blanks}
                yield Found(
                    f"{each.regulation}:{need.kind.value}",
                    _paper_missing(facts, each, need.in_words, coming),
                    Mend("agreement show", (*facts.names, coming.reference))
                    if coming
                    else Mend("agreement add", facts.names, options),
                    f"disclosed on {each.asked_on} by {each.attested_by or 'nobody named'}",
                    severity=Severity.LOW if note and note.not_in_force else Severity.CRITICAL if critical else None,
                )


@rule("regulation_evidence", Severity.LOW)
def missing_evidence(facts: Facts) -> Iterator[Found]:
    """The other paper that a regulation calls for is linked."""
    for each in facts.applying():
        note = facts.regulations.get(each.regulation)
        needs = [need.in_words for need in (note.needs if note else ()) if need.kind is None]
        if needs and each.evidence_url is None:
            yield Found(
                each.regulation,
                f"{facts.title(each.regulation)} applies and usually calls for: {', '.join(needs)}; no link is kept.",
                _again(facts, each, evidence=BLANK),
            )


@rule("insurance_unknown", Severity.MEDIUM)
def insurance_not_asked(facts: Facts) -> Iterator[Found]:
    """Where there is a cyber policy, the controls that it demands are recorded."""
    insured = [
        each for each in facts.applying() if (note := facts.regulations.get(each.regulation)) and note.is_insurance
    ]
    if insured and not any(not has_ended(each, facts.today) for each in facts.requirements):
        yield Found(
            "insurance",
            "The client has a cyber policy, but which controls it demands, and who attests to them, is not recorded.",
            Mend(
                "insurance require", facts.names,
                dict.fromkeys(("control", "implemented_by", "attested_by", "attested", "evidence"), BLANK),
            ),
        )  # fmt: skip


@rule("insurance_incomplete", Severity.MEDIUM)
def insurance_incomplete(facts: Facts) -> Iterator[Found]:
    """Every control that an insurer demands has somebody who attests to it, somebody who does it, and evidence."""
    for each in facts.requirements:
        gaps = _gaps(each)
        if not has_ended(each, facts.today) and gaps:
            yield Found(
                each.control,
                f'The insurer demands "{each.control}"; not recorded: {" and ".join(gap[0] for gap in gaps)}.',
                Mend(
                    "insurance require", (*facts.names, each.control), dict.fromkeys((name for _, name in gaps), BLANK)
                ),
                each.insurer,
            )


@rule("insurance_reask", Severity.LOW)
def insurance_to_be_asked_again(facts: Facts) -> Iterator[Found]:
    """No insurance requirement is older than it may be."""
    for each in facts.requirements:
        if not has_ended(each, facts.today) and each.reask_on is not None and each.reask_on < facts.today:
            yield Found(
                each.control,
                f'Ask again whether the insurer demands "{each.control}": it was due on {format_date(each.reask_on)}.',
                Mend("insurance require", (*facts.names, each.control), {"attested_by": BLANK, "on": BLANK}),
            )


@rule("contract_reask", Severity.LOW)
def contract_not_asked_again(facts: Facts) -> Iterator[Found]:
    """What the client told us of its contracts with others is not older than it may be."""
    for each in facts.contracts:
        if not has_ended(each, facts.today) and each.reask_on is not None and each.reask_on < facts.today:
            name = " ".join(filter(None, (each.counterparty, each.reference)))
            yield Found(
                name,
                f"Ask again about the contract with {name}: it was due on {format_date(each.reask_on)}.",
                Mend("contract edit", (*facts.names, name), {"on": BLANK, "by": BLANK}),
            )


@rule("contract_none", Severity.MEDIUM)
def contracts_not_named(facts: Facts) -> Iterator[Found]:
    """Where contracts with others or a policy demand something, each of them is recorded."""
    insurers = [each for each in facts.contracts if each.kind is ContractKind.INSURER]
    others = [each for each in facts.contracts if each.kind is not ContractKind.INSURER]
    for each in facts.applying():
        note = facts.regulations.get(each.regulation)
        is_policy = note is not None and note.is_insurance
        if not (is_policy or each.regulation == "contractual_requirements"):
            continue
        if not any(not has_ended(one, facts.today) for one in (insurers if is_policy else others)):
            what = "policy" if is_policy else "contract"
            kind = ContractKind.INSURER.value if is_policy else BLANK
            yield Found(
                each.regulation,
                f"{facts.title(each.regulation)} applies, but no {what} with its other side is recorded.",
                Mend("contract add", facts.names, {"with": BLANK, "kind": kind, "notice_hours": BLANK, "url": BLANK}),
            )


@rule("contract_incomplete", Severity.MEDIUM)
def contract_incomplete(facts: Facts) -> Iterator[Found]:
    """Of every contract of the client's with others it is recorded what it demands, and how soon they are told."""
    for each in facts.contracts:
        if has_ended(each, facts.today):
            continue
        name = " ".join(filter(None, (each.counterparty, each.reference)))
        is_over = each.ends_on is not None and each.ends_on < facts.today
        if is_over and _is_followed(each, facts):
            continue
        gaps = [("what it demands", "demands")] if not each.demands else []
        gaps += [("how soon they want to hear of an incident", "notice_hours")] if each.notice_hours is None else []
        if each.ends_on is not None and each.ends_on < facts.today:
            yield Found(
                f"{name}:ended",
                f"The contract with {name} ended on {format_date(each.ends_on)}; what follows it is not recorded."
                + _still_reportable(each, facts.today),
                Mend("contract edit", (*facts.names, name), {"ends": BLANK, "on": BLANK}),
            )
        elif gaps:
            words = " and ".join(gap[0] for gap in gaps)
            yield Found(
                name,
                f"Of the contract with {name} it is not recorded {words}.",
                Mend("contract edit", (*facts.names, name), dict.fromkeys((option for _, option in gaps), BLANK)),
                severity=Severity.LOW,
            )


@rule("contract_ending", Severity.LOW)
def contract_ends_soon(facts: Facts) -> Iterator[Found]:
    """Before a contract or a policy of the client's ends, it is known what follows it."""
    for each in facts.contracts:
        if has_ended(each, facts.today) or each.ends_on is None or _is_followed(each, facts):
            continue
        if facts.today <= each.ends_on <= facts.today + _SOON:
            name = " ".join(filter(None, (each.counterparty, each.reference)))
            is_policy = each.kind is ContractKind.INSURER
            what, asks = ("policy", " Its renewal asks about controls again.") if is_policy else ("contract", "")
            yield Found(
                f"{name}:ends",
                f"The {what} with {name} ends on {format_date(each.ends_on)}; what follows it is not recorded.{asks}",
                Mend("contract edit", (*facts.names, name), {"ends": BLANK, "on": BLANK}),
                f"as told on {each.told_on}",
                severity=Severity.MEDIUM if is_policy else None,
            )


def _is_followed(each: ClientContract, facts: Facts) -> bool:
    """Whether another contract with the same side, which has not ended, goes on from the last day of this one."""
    return each.ends_on is not None and any(
        client_key(other.counterparty) == client_key(each.counterparty)
        and other.kind is each.kind
        and not has_ended(other, facts.today)
        and (other.ends_on is None or other.ends_on > each.ends_on)
        and other.starts_on is not None
        and (each.starts_on is None or other.starts_on > each.starts_on)
        and other.starts_on <= each.ends_on + timedelta(days=1)
        for other in facts.contracts
    )


def _still_reportable(each: ClientContract, today: date) -> str:
    """Until when what happened under a policy can be reported to the insurer, where it says so."""
    if each.report_days is None or each.ends_on is None or each.kind is not ContractKind.INSURER:
        return ""
    last = each.ends_on + timedelta(days=each.report_days)
    could = "can" if today <= last else "could"
    return f" What happened before that {could} be reported under it until {format_date(last)}."


def _again(facts: Facts, each: Disclosure, **options: object) -> Mend:
    """The question once more, with what was missing: somebody at the client has to answer it."""
    blanks = {"answer": BLANK, "by": BLANK, "on": BLANK}
    return Mend("disclosure record", (*facts.names, each.regulation), blanks | options)


def _first_to_come(facts: Facts) -> dict[AgreementKind, Paper]:
    """Of each kind, the signed paper that begins first of those that have not begun."""
    found: dict[AgreementKind, Paper] = {}
    for each in facts.papers:
        kind, begins = each.agreement.kind, each.agreement.effective_on
        if each.may_apply and begins is not None and begins > facts.today:
            known = found.get(kind)
            if known is None or begins < (known.agreement.effective_on or date.max):
                found[kind] = each
    return found


def _paper_missing(facts: Facts, each: Disclosure, paper: str, coming: Paper | None) -> str:
    note, title = facts.regulations.get(each.regulation), facts.title(each.regulation)
    begins = coming.agreement.effective_on if coming else None
    is_late = (
        f"the signed {paper}, {coming.reference}, begins on {format_date(begins)} only." if coming and begins else ""
    )
    if note is not None and note.not_in_force:
        return f"{title} {note.not_in_force}; {is_late or f'for when it is, there is no signed {paper}.'}"
    if is_late:
        return f"{title} applies, but {is_late}"
    return f"{title} applies, but no signed {paper} is in force."


def _gaps(each: InsuranceRequirement) -> list[tuple[str, str]]:
    gaps = []
    if each.attested_by is None:
        gaps.append(("who attests to it", "attested_by"))
    if each.implemented_by is None:
        gaps.append(("who does it", "implemented_by"))
    if each.evidence_url is None:
        gaps.append(("evidence", "evidence"))
    return gaps


RULES = (
    never_asked,
    likely_not_asked,
    to_be_asked_again,
    nobody_attested,
    responsibility_not_accepted,
    rule_has_changed,
    missing_agreement,
    missing_evidence,
    insurance_not_asked,
    insurance_incomplete,
    insurance_to_be_asked_again,
    contract_not_asked_again,
    contracts_not_named,
    contract_incomplete,
    contract_ends_soon,
)
