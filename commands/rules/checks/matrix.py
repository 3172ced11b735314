"""The responsibility matrix: clauses, parts of what is shared, conflicts, areas nobody wrote down, wording."""

from collections.abc import Iterator, Mapping

from commands.rules.agreements.in_force import Force
from commands.rules.checks.facts import WORK_KINDS, Facts, Paper
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.history.lag import days_after
from commands.rules.matrix.row_basis import clause_words, is_attested, signed_on
from commands.rules.scope.precedence import Source, controlling, source_of
from commands.rules.scope.replaced import disagreement, replacements
from commands.rules.scope.topics import group_topics
from commands.rules.text.phrases import count_days, lower_first, plain
from commands.rules.text.placeholders import BLANK
from commands.rules.text.wording import SAY_INSTEAD, absolutes, reads_like_a_promise, soften
from storage.records.agreement import Agreement
from storage.records.responsibility import Party, Responsibility

_LAST_DAY = {"on": BLANK}
PROPOSED_DAYS = 30


@rule("matrix_none", Severity.HIGH)
def no_matrix(facts: Facts) -> Iterator[Found]:
    """The papers that describe the work have a responsibility matrix."""
    work = [paper for paper in facts.papers if paper.may_apply and paper.agreement.kind in WORK_KINDS]
    if work and not any(paper.rows for paper in facts.papers if paper.may_apply):
        paper = work[0]
        yield Found(
            paper.reference,
            f"{paper.reference}: no responsibility matrix is recorded, so every question about scope is undocumented.",
            Mend("matrix set", (*facts.names, paper.reference), {"item": BLANK, "party": BLANK, "clause": BLANK}),
            concerns=paper.agreement.owner,
        )


@rule("matrix_clause", Severity.MEDIUM)
def no_clause(facts: Facts) -> Iterator[Found]:
    """Every row cites its clause."""
    for paper in _living(facts):
        rows = [row for row in paper.rows if not row.clause]
        if rows:
            more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            yield Found(
                paper.reference,
                f'{paper.reference}: "{rows[0].item}"{more} cites no clause, so nobody can show where it is agreed.',
                Mend("matrix set", (*facts.names, paper.reference, rows[0].item), {"clause": BLANK}),
                concerns=paper.agreement.owner,
            )


@rule("matrix_shared", Severity.MEDIUM)
def shared_without_parts(facts: Facts) -> Iterator[Found]:
    """Every shared row says which part is whose."""
    for paper, row in _rows(facts):
        if row.party is Party.SHARED and not (row.msp_part and row.client_part):
            options = {} if row.msp_part else {"msp_part": BLANK}
            options |= {} if row.client_part else {"client_part": BLANK}
            yield _about(facts, paper, row, "is shared, but does not say which part is whose.", options)


@rule("matrix_third_party", Severity.MEDIUM)
def third_party_without_name(facts: Facts) -> Iterator[Found]:
    """Every row of a third party names it."""
    for paper, row in _rows(facts):
        if row.party is Party.THIRD_PARTY and not row.third_party:
            yield _about(facts, paper, row, "is a third party's, but does not name it.", {"third_party": BLANK})


@rule("matrix_conflict", Severity.MEDIUM)
def conflict(facts: Facts) -> Iterator[Found]:
    """No two executed papers that apply say different things about the same item."""
    papers = _agreements(facts)
    sources = [source_of(row, papers, facts.carrying) for paper, row in _rows(facts) if paper.may_apply]
    for topic in group_topics(each for each in sources if not each.is_proposed and _applies(facts, each)):
        replaced = replacements(topic.sources, papers, facts.forces)
        changed = {id for id, each in replaced.items() if each.is_amendment}
        differing = [each for each in topic.sources if each.row.id not in changed]
        ruling = controlling(differing)
        first, is_unclear = ruling.controlling, bool(disagreement(differing, facts.forces))
        for overruled in ruling.overruled[:1]:
            who = "; ".join(dict.fromkeys(f"{s.paper.reference} says {plain(s.row.party)}" for s in differing))
            wins = "none takes precedence"
            mend = Mend("matrix retire", (*facts.names, overruled.agreement.reference, overruled.row.item), _LAST_DAY)
            if first is not None:
                wins = f"{first.paper.reference} takes precedence"
            if first is not None and is_unclear:  # which row to retire is known once its paper is clear
                wins += ", but whether it is in force is not clear"
                mend = Mend("agreement show", (*facts.names, first.paper.reference))
            yield Found(
                overruled.row.item,
                f'"{overruled.row.item}": {who}; {wins}.',
                mend,
                clause_words(overruled.row.clause),
                severity=Severity.HIGH if is_unclear else None,
            )


@rule("matrix_proposed", Severity.MEDIUM)
def proposed_for_long(facts: Facts) -> Iterator[Found]:
    """No proposed row waits for a signature for more than 30 days."""
    papers = _agreements(facts)
    for paper in _living(facts):
        waiting = [row for row in paper.rows if source_of(row, papers, facts.carrying).is_proposed]
        since = {row.id: days_after(facts.day_of(row.stated_at), facts.today) for row in waiting}
        late = sorted((row for row in waiting if since[row.id] > PROPOSED_DAYS), key=lambda row: -since[row.id])
        if late:
            rest = f" and {len(late) - 1} more" if len(late) > 1 else ""
            yield Found(
                paper.reference,
                f'{paper.reference}: "{late[0].item}"{rest} is proposed since {count_days(since[late[0].id])}, and no '
                "signed paper carries it: nobody can rely on it.",
                Mend("matrix set", (*facts.names, paper.reference, late[0].item), {"carried_by": BLANK}),
                clause_words(late[0].clause),
                concerns=paper.agreement.owner,
            )


@rule("matrix_unattested", Severity.MEDIUM)
def entered_without_attestation(facts: Facts) -> Iterator[Found]:
    """Every row that was entered after the signature is attested: somebody says that the signed paper says so."""
    for paper in _living(facts):
        rows = [row for row in paper.rows if not is_attested(row, paper.agreement, facts.day_of(row.stated_at))]
        if rows:
            more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
            late = count_days(days_after(signed_on(paper.agreement), facts.day_of(rows[0].stated_at)))
            yield Found(
                paper.reference,
                f'{paper.reference}: "{rows[0].item}"{more} was entered {late} after the signature, and nobody is on '
                "record as attesting that the signed paper says so.",
                Mend(
                    "matrix set",
                    (*facts.names, paper.reference, rows[0].item),
                    {"as_signed": BLANK} | ({} if rows[0].clause else {"clause": BLANK}),
                ),
                clause_words(rows[0].clause),
                concerns=paper.agreement.owner,
            )


@rule("matrix_gray_area", Severity.MEDIUM)
def gray_area(facts: Facts) -> Iterator[Found]:
    """The areas where each side assumes the other are written down."""
    paper = next(
        (paper for paper in facts.papers if paper.may_apply and paper.rows),
        next((paper for paper in facts.papers if paper.may_apply and paper.agreement.kind in WORK_KINDS), None),
    )
    if paper is not None:
        for area in facts.gray_areas:
            yield Found(
                area.title,
                f"Nothing on record says who takes care of {lower_first(area.title)}: {area.assumed}.",
                Mend("matrix set", (*facts.names, paper.reference, area.title), {"party": BLANK, "clause": BLANK}),
            )


@rule("matrix_wording", Severity.MEDIUM)
def absolute_wording(facts: Facts) -> Iterator[Found]:
    """No row promises what nobody can keep."""
    for paper, row in _rows(facts):
        texts = {"msp_part": row.msp_part, "notes": row.notes}
        worded = {name: text for name, text in texts.items() if text and absolutes(text)}
        if worded:
            phrase = next(absolutes(text)[0].phrase for text in worded.values())
            reason = f'says "{phrase}", which promises more than anybody can keep. {_softer(worded)}'
            yield _about(facts, paper, row, reason, dict.fromkeys(worded, BLANK))
        elif absolutes(row.item):
            softer = soften(row.item)
            call_it = f'call it "{softer}"' if softer is not None else "give it a plain name"
            words = f'"{row.item}" promises more than anybody can keep; {call_it}.'
            mend = Mend("matrix retire", (*facts.names, paper.reference, row.item), _LAST_DAY)
            yield Found(f"{paper.reference}:{row.item}", f"{paper.reference}: {words}", mend, clause_words(row.clause))


@rule("agreement_wording", Severity.MEDIUM)
def absolute_summary(facts: Facts) -> Iterator[Found]:
    """No title or summary of an agreement promises what nobody can keep."""
    for paper in _living(facts):
        texts = {"title": paper.agreement.title, "summary": paper.agreement.summary}
        worded = {name: text for name, text in texts.items() if text and absolutes(text)}
        if worded:
            phrase = next(absolutes(text)[0].phrase for text in worded.values())
            yield Found(
                paper.reference,
                f'{paper.reference}: its {" and ".join(worded)} says "{phrase}", which nobody can keep. '
                f"{_softer(worded)}",
                Mend("agreement edit", (*facts.names, paper.reference), dict.fromkeys(worded, BLANK)),
                concerns=paper.agreement.owner,
            )  # fmt: skip
        elif nearest := facts.reads_like.get(paper.agreement.summary or ""):
            yield Found(
                paper.reference,
                f"{paper.reference}: its summary {reads_like_a_promise(nearest)}",
                Mend("agreement edit", (*facts.names, paper.reference), {"summary": BLANK}),
                concerns=paper.agreement.owner,
            )


def _softer(worded: Mapping[str, str]) -> str:
    """What could be written instead; only the paper can say it, so nothing is filled in."""
    softer = [soften(text) for text in worded.values()]
    if None in softer:
        return SAY_INSTEAD
    return "Softer: " + "; ".join(f'"{text}"' for text in softer) + "."


def _living(facts: Facts) -> Iterator[Paper]:
    """Papers that are not over, signed or not: what is wrong in a draft should be mended before it is signed."""
    return (paper for paper in facts.papers if not paper.is_over)


def _rows(facts: Facts) -> Iterator[tuple[Paper, Responsibility]]:
    return ((paper, row) for paper in _living(facts) for row in paper.rows)


def _agreements(facts: Facts) -> Mapping[int, Agreement]:
    return {each.agreement.id: each.agreement for each in facts.papers}


def _applies(facts: Facts, source: Source) -> bool:
    """Whether all paper that it rests on is in force today, or perhaps is."""
    return all(facts.forces.get(each.id) in (Force.IN_FORCE, Force.UNKNOWN) for each in source.papers)


def _about(facts: Facts, paper: Paper, row: Responsibility, reason: str, options: Mapping[str, object]) -> Found:
    return Found(
        f"{paper.reference}:{row.item}",
        f'{paper.reference}: "{row.item}" {reason}',
        Mend("matrix set", (*facts.names, paper.reference, row.item), options),
        clause_words(row.clause),
        paper.agreement.owner,
    )


RULES = (
    no_matrix,
    no_clause,
    shared_without_parts,
    third_party_without_name,
    conflict,
    proposed_for_long,
    entered_without_attestation,
    gray_area,
    absolute_wording,
    absolute_summary,
)
