"""Two texts of ours that cannot both be kept: what was promised or answered, and what the matrix or a supplier says.

Each finding states both texts with their sources. It never says who is right.
"""

from collections.abc import Iterator

from commands.rules.checks.facts import Facts, Placed
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.conduct.promises import is_standing
from commands.rules.dates.format import format_date
from commands.rules.history.spans import has_ended
from commands.rules.matrix.row_basis import with_clause
from commands.rules.scope.whose import OURS
from commands.rules.text.claims import Claim, Says, claims
from commands.rules.text.commitments import Aspect, Commitment, commitments, without_times
from commands.rules.text.phrases import capitalize_first, plain
from commands.rules.text.placeholders import BLANK
from storage.records.client import client_key
from storage.records.insurance import InsuranceRequirement
from storage.records.obligation import ClientContract, ContractKind
from storage.records.promise import Promise
from storage.records.responsibility import Party, Responsibility

_SAID = {
    Says.OURS: "which says that we do it",
    Says.CLIENTS: "which says that the client does it",
    Says.NOT_OURS: "which says that we do not do it",
}


@rule("contradiction_promise", Severity.HIGH)
def promise_against_matrix(facts: Facts) -> Iterator[Found]:
    """No promise says that somebody else does the work than the matrix says."""
    for each in _promises(facts):
        for claim in claims(each.what, is_promise=True):
            placed = facts.placed.get(claim.about)
            if placed is None or not _contradicts(claim, placed.row, is_general=each.client_id is None):
                continue
            yield Found(
                f"{each.what}|{placed.row.item}",
                f'{_source(each)}: "{claim.sentence}", {_SAID[claim.says]}. {_row_words(placed)}.',
                _edit(facts, each),
                f"promised on {each.made_on}",
                each.owner,
                None if claim.says is Says.OURS and each.client_id is not None else Severity.MEDIUM,
            )
            break


@rule("contradiction_paper", Severity.MEDIUM)
def summary_against_matrix(facts: Facts) -> Iterator[Found]:
    """No summary of an agreement says that somebody else does the work than the matrix says."""
    for paper in facts.papers:
        if paper.is_over:
            continue
        for claim in claims(paper.agreement.summary, is_promise=False):
            placed = facts.placed.get(claim.about)
            if placed is not None and _contradicts(claim, placed.row, is_general=False):
                yield Found(
                    f"{paper.reference}|{placed.row.item}",
                    f'{paper.reference}, summary: "{claim.sentence}", {_SAID[claim.says]}. {_row_words(placed)}.',
                    Mend("agreement edit", (*facts.names, paper.reference), {"summary": BLANK}),
                    concerns=paper.agreement.owner,
                )
                break


@rule("contradiction_insurance", Severity.HIGH)
def insurance_against_matrix(facts: Facts) -> Iterator[Found]:
    """No answer to an insurer says that somebody else does the work than the matrix says."""
    for each in facts.requirements:
        placed = facts.placed.get(control_asked(each))
        if has_ended(each, facts.today) or placed is None or not _answers_otherwise(each, placed.row):
            continue
        yield Found(
            each.control,
            f"{_answer_words(each)}. {_row_words(placed)}.",
            Mend("insurance require", (*facts.names, each.control), {"implemented_by": BLANK, "evidence": BLANK}),
            _attested(each),
        )


@rule("contradiction_declined", Severity.HIGH)
def insurance_against_declined(facts: Facts) -> Iterator[Found]:
    """Nothing is attested to an insurer that the client declined."""
    for each in facts.requirements:
        advice = facts.declined.get(control_asked(each))
        if has_ended(each, facts.today) or advice is None or not _is_answered(each):
            continue
        yield Found(
            each.control,
            f'{_answer_words(each)}. "{advice.what}" is on record as declined by '
            f"{advice.declined_by or 'the client'} on {format_date(advice.declined_on)}.",
            Mend("insurance require", (*facts.names, each.control), {"attested_by": BLANK, "attested": BLANK}),
            _attested(each),
        )


@rule("contradiction_supplier", Severity.HIGH)
def supplier_against_promise(facts: Facts) -> Iterator[Found]:
    """No supplier that we depend on has more time, or a lower cap, than we promised."""
    suppliers = [each for each in facts.contracts if _is_supplier(each, facts)]
    for each in _promises(facts):
        for ours in commitments(each.what):
            for supplier in suppliers:
                theirs = _lesser(ours, supplier)
                if theirs is not None and _depends(facts, each, ours, supplier):
                    yield Found(
                        f"{each.what}|{_name(supplier)}|{ours.aspect.name.lower()}",
                        f'{_source(each)}: "{ours.said}" {_name(supplier)}, on {ours.aspect.value}: "{theirs.said}"',
                        _edit(facts, each),
                        f"promised on {each.made_on}; the supplier's terms as told on {supplier.told_on}",
                        each.owner,
                    )


def control_asked(requirement: InsuranceRequirement) -> str:
    """What is looked up in the matrix for a requirement: the row that it names, else what it demands."""
    return requirement.item or requirement.control.partition(":")[0].strip()


def is_refused(requirement: InsuranceRequirement) -> bool:
    """The insurer was told no."""
    return requirement.control.casefold().rstrip(" .").endswith((": no", "? no"))


def _promises(facts: Facts) -> Iterator[Promise]:
    return (each for each in (*facts.promises, *facts.general_promises) if is_standing(each, facts.today))


def _contradicts(claim: Claim, row: Responsibility, *, is_general: bool) -> bool:
    if claim.says is not Says.OURS:
        return row.party is Party.MSP and not is_general
    if row.party is Party.SHARED:
        return claim.is_alone
    if row.party is Party.OUT_OF_SCOPE:
        return not is_general
    if row.party is Party.THIRD_PARTY:
        named = client_key(row.third_party or "")
        is_named = bool(named) and named in client_key(claim.sentence)
        return claim.is_own_staff or not is_named
    return row.party is Party.CLIENT


def _answers_otherwise(each: InsuranceRequirement, row: Responsibility) -> bool:
    by, whose = each.implemented_by, row.party
    if is_refused(each) or by is whose or Party.SHARED is whose:
        return False
    if by is None:
        return _is_answered(each) and each.evidence_url is None and whose in (Party.CLIENT, Party.OUT_OF_SCOPE)
    if by is Party.SHARED:
        return whose in (Party.CLIENT, Party.OUT_OF_SCOPE)
    return True


def _is_answered(each: InsuranceRequirement) -> bool:
    return (each.attested_by is not None or each.attested_on is not None) and not is_refused(each)


def _is_supplier(each: ClientContract, facts: Facts) -> bool:
    return each.kind is ContractKind.SUPPLIER and not has_ended(each, facts.today)


def _lesser(ours: Commitment, supplier: ClientContract) -> Commitment | None:
    """What the supplier owes, where it is less than what we promised."""
    for text in (*supplier.demands, supplier.notes):
        for theirs in commitments(text):
            if theirs.aspect is not ours.aspect:
                continue
            if theirs.amount < ours.amount if ours.aspect is Aspect.CAP else theirs.amount > ours.amount:
                return theirs
    return None


def _depends(facts: Facts, each: Promise, ours: Commitment, supplier: ClientContract) -> bool:
    """It is named in the promise, or has the row that the promise is about; for incidents and caps, any row."""
    if _is_named(supplier, each.what):
        return True
    if ours.aspect in (Aspect.NOTICE, Aspect.CAP):
        return any(
            row.party is Party.THIRD_PARTY and _is_named(supplier, row.third_party)
            for paper in facts.papers
            if paper.is_in_force
            for row in paper.rows
        )
    placed = facts.placed.get(without_times(each.what))
    return placed is not None and _is_named(supplier, placed.row.third_party)


def _is_named(supplier: ClientContract, text: str | None) -> bool:
    return bool(text) and f" {client_key(supplier.counterparty)} " in f" {client_key(text or '')} "


def _row_words(placed: Placed) -> str:
    row = placed.row
    whose = OURS[row.party]
    if row.party is Party.THIRD_PARTY and row.third_party:
        whose = f"{row.third_party}'s"
    return f'{with_clause(placed.reference, row.clause)} has "{row.item}" as {whose}'


def _source(each: Promise) -> str:
    where = f", {each.where}" if each.where else ""
    whom = " to everybody" if each.client_id is None else ""
    kind = plain(each.source)
    return f"{capitalize_first(kind)}{whom}{where}"


def _answer_words(each: InsuranceRequirement) -> str:
    insurer = f" ({each.insurer})" if each.insurer else ""
    if each.implemented_by is None:
        return f'The answer to the insurer{insurer} is "{each.control}"'
    by = OURS[each.implemented_by] if each.implemented_by is not Party.MSP else "us"
    by = {"the client's": "the client", "shared": "both sides", "a third party's": "a third party"}.get(by, by)
    return f'The answer to the insurer{insurer} has "{each.control}" as done by {by}'


def _attested(each: InsuranceRequirement) -> str | None:
    if each.attested_by is None:
        return f"attested on {each.attested_on}" if each.attested_on else None
    return f"attested by {each.attested_by}" + (f" on {each.attested_on}" if each.attested_on else "")


def _name(supplier: ClientContract) -> str:
    return " ".join(filter(None, (supplier.counterparty, supplier.reference)))


def _edit(facts: Facts, each: Promise) -> Mend:
    if each.client_id is None:
        return Mend("promise edit", (), {"what": each.what, "everybody": "yes", "wording": BLANK})
    return Mend("promise edit", (*facts.names, each.what), {"wording": BLANK})


RULES = (
    promise_against_matrix,
    summary_against_matrix,
    insurance_against_matrix,
    insurance_against_declined,
    supplier_against_promise,
)
