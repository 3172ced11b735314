"""What we do day by day: access within its limits, promises kept, risks declined on record, questions settled."""

from collections.abc import Iterator
from datetime import date, timedelta

from commands.rules.checks.facts import Facts
from commands.rules.checks.finding import Found, Mend, Severity, rule
from commands.rules.conduct.access import is_active
from commands.rules.conduct.obligations import ObligationState, state_of, urgency, why_unmet
from commands.rules.conduct.promises import is_overdue, is_standing
from commands.rules.dates.format import format_date
from commands.rules.matrix.row_basis import clause_words
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, plain
from commands.rules.text.placeholders import BLANK
from commands.rules.text.wording import SAY_INSTEAD, absolutes, reads_like_a_promise, soften
from storage.records.access import AccessGrant, AccessLevel
from storage.records.promise import Promise, PromiseSource

_LONG_OPEN = timedelta(days=14)


@rule("access_none", Severity.HIGH)
def regulated_without_limits(facts: Facts) -> Iterator[Found]:
    """For a regulated client it is recorded what we may touch, and how far."""
    limited = any(is_active(each, facts.today) and each.limit for each in facts.grants)
    regulated = [
        each for each in facts.applying() if (note := facts.regulations.get(each.regulation)) and note.limits_access
    ]
    if regulated and not limited:
        first = regulated[0]
        names = ", ".join(facts.title(each.regulation) for each in regulated)
        yield Found(
            "access",
            f"{names} applies, but no access with a limit is recorded: nobody can show what we may touch.",
            Mend(
                "access grant", facts.names,
                {"system": BLANK, "level": BLANK, "data": BLANK, "regulation": first.regulation, "limit": BLANK,
                 "basis": BLANK, "explained": BLANK, "explained_to": BLANK},
            ),
        )  # fmt: skip


@rule("access_incomplete", Severity.MEDIUM)
def access_incomplete(facts: Facts) -> Iterator[Found]:
    """Every access to regulated data has a limit, a clause, and was explained to the client."""
    for each in facts.grants:
        gaps = _access_gaps(each)
        if is_active(each, facts.today) and each.level is not AccessLevel.NONE and each.data and gaps:
            words = " and ".join(words for words, _ in gaps)
            missing = (name for _, names in gaps for name in names)
            yield Found(
                each.system,
                f"{each.system} holds {each.data}; not recorded: {words}.",
                Mend("access grant", (*facts.names, each.system), dict.fromkeys(missing, BLANK)),
                each.basis,
            )


@rule("access_review", Severity.MEDIUM)
def access_not_reviewed(facts: Facts) -> Iterator[Found]:
    """Every access was reviewed when it was due."""
    for each in facts.grants:
        if is_active(each, facts.today) and each.review_on is not None and each.review_on < facts.today:
            yield Found(
                each.system,
                f"The access to {each.system} was to be reviewed on {format_date(each.review_on)}.",
                Mend("access review", (*facts.names, each.system), {"on": BLANK}),
                f"reviewed on {each.reviewed_on}" if each.reviewed_on else f"granted on {each.granted_on}",
            )


@rule("promise_overdue", Severity.HIGH)
def promise_overdue(facts: Facts) -> Iterator[Found]:
    """Every promise was kept when it was due."""
    for each in sorted(facts.promises, key=lambda each: (each.next_due_on or date.max, each.id)):
        if is_overdue(each, facts.today) and each.next_due_on is not None:
            last = f"last kept on {each.last_kept_on}" if each.last_kept_on else "no record that it was kept"
            yield Found(
                each.what,
                f'"{each.what}" was due on {format_date(each.next_due_on)}; {last}.',
                _promise(facts, each, "promise kept", {"on": BLANK, "evidence": BLANK}),
                _said(each),
                each.owner,
            )


@rule("obligation_unmet", Severity.HIGH)
def obligation_unmet(facts: Facts) -> Iterator[Found]:
    """The client did what it must do, or was told that it did not, or was let off in writing."""
    for each in sorted(facts.obligations, key=lambda each: urgency(each, facts.today)):
        if state_of(each, facts.today) is ObligationState.UNMET:
            told = f"the client was told on {format_date(each.told_on)}" if each.told_on else "nobody was told"
            yield Found(
                each.what,
                f'The client must: "{each.what}". It {why_unmet(each)}; {told}.',
                Mend("obligation unmet", (*facts.names, each.what), {"told": BLANK, "told_on": BLANK, "proof": BLANK}),
                clause_words(each.clause),
                each.owner,
                Severity.MEDIUM if each.told_on else None,
            )


@rule("incident_open", Severity.HIGH)
def incident_with_open_clocks(facts: Facts) -> Iterator[Found]:
    """Of every open incident, everybody whom a source names was told, or it is recorded why not."""
    for each in facts.clocks:
        discovered = f"discovered on {format_date(each.discovered_on)}"
        if each.count == 0:
            mend = Mend("incident close", (*facts.names, each.what), {"reason": BLANK})
            words = f'The incident "{each.what}", {discovered}, has no open clock and is not closed.'
            yield Found(f"{each.number}:done", words, mend, None, each.owner, Severity.LOW)
            continue
        passed = f", {each.passed} of them passed" if each.passed else ""
        yield Found(
            str(each.number),
            f'The incident "{each.what}", {discovered}: {counted(each.count, "clock")} open{passed}. '
            f"Next: {each.following}.",
            Mend("incident show", (*facts.names, each.what), {}),
            None,
            each.owner,
            Severity.CRITICAL if each.passed else None,
        )


@rule("obligation_paper", Severity.LOW)
def obligation_without_paper(facts: Facts) -> Iterator[Found]:
    """Everything that the client must do has an agreement and a clause that say so."""
    for each in facts.obligations:
        is_over = state_of(each, facts.today) in (ObligationState.ENDED, ObligationState.WAIVED)
        if not is_over and (each.agreement_id is None or each.clause is None):
            yield Found(
                each.what,
                f'"{each.what}" is expected of the client, but no agreement and clause that say so are recorded.',
                Mend("obligation edit", (*facts.names, each.what), {"agreement": BLANK, "clause": BLANK}),
                concerns=each.owner,
            )


@rule("promise_wording", Severity.MEDIUM)
def promise_absolute(facts: Facts) -> Iterator[Found]:
    """No promise is one that nobody can keep."""
    for each in facts.promises:
        if (words := _too_much(facts, each.what)) is not None and is_standing(each, facts.today):
            yield Found(
                each.what,
                f'"{each.what}" {words}',
                _promise(facts, each, "promise edit", {"wording": BLANK}),
                _said(each),
                each.owner,
            )


def _too_much(facts: Facts, text: str) -> str | None:
    if found := absolutes(text):
        return f'says "{found[0].phrase}", which promises more than anybody can keep. {_softer(text)}'
    nearest = facts.reads_like.get(text)
    return reads_like_a_promise(nearest) if nearest is not None else None


def _softer(text: str) -> str:
    said = soften(text)
    return f'Softer: "{said}".' if said is not None else SAY_INSTEAD


@rule("promise_owner", Severity.LOW)
def promise_without_owner(facts: Facts) -> Iterator[Found]:
    """Every promise that has to be kept again and again has an owner."""
    for each in facts.promises:
        if is_standing(each, facts.today) and each.cadence is not None and each.owner is None:
            yield Found(
                each.what,
                f'Nobody answers for keeping "{each.what}".',
                _promise(facts, each, "promise edit", {"owner": BLANK}),
                _said(each),
            )


@rule("people_absent", Severity.HIGH)
def absent_people(facts: Facts) -> Iterator[Found]:
    """Everybody who answers for the client, an agreement or a promise, or may see it, is a full member here."""
    client = facts.client
    named: list[tuple[str, str | None, Mend]] = []
    if client is not None:
        edits = ((client.owner, "owner"), (client.backup_owner, "backup"))
        named += [(name, user, Mend("client edit", facts.names, {name: BLANK})) for user, name in edits]
        named += [
            (f"owner of {paper.reference}", paper.agreement.owner,
             Mend("agreement edit", (*facts.names, paper.reference), {"owner": BLANK}))
            for paper in facts.papers if not paper.is_over
        ]  # fmt: skip
        named += [
            ("reader", user, Mend("client restrict", facts.names, {"to": BLANK, "remove": user}))
            for user in facts.readers
        ]
    named += [
        (f'owner of "{each.what[:80]}"', each.owner, _promise(facts, each, "promise edit", {"owner": BLANK}))
        for each in facts.promises
        if is_standing(each, facts.today)
    ]
    for role, user, mend in named:
        if user and user in facts.absent:
            yield Found(
                f"{role}:{user}",
                f"{as_person(user)}, {role}, {facts.absent[user]}: reminders and questions reach nobody there.",
                mend,
            )


@rule("recommendation_incomplete", Severity.MEDIUM)
def recommendation_incomplete(facts: Facts) -> Iterator[Found]:
    """Every declined recommendation names who declined it, and the assumption-of-risk clause that applies."""
    for each in facts.recommendations:
        gaps: dict[str, object] = {} if each.declined_by else {"by": BLANK}
        gaps |= {} if each.risk_clause else {"risk_clause": BLANK}
        if each.accepted_on is None and gaps:
            names = {"by": "who declined it", "risk_clause": "the assumption-of-risk clause"}
            yield Found(
                each.what,
                f'The client declined "{each.what}"; not recorded: {" and ".join(names[name] for name in gaps)}.',
                Mend("recommendation decline", (*facts.names, each.what), gaps),
                f"declined on {each.declined_on}",
            )


@rule("recommendation_reoffer", Severity.LOW)
def recommendation_to_offer_again(facts: Facts) -> Iterator[Found]:
    """What was declined is offered again when it is time."""
    for each in facts.recommendations:
        if each.accepted_on is None and each.reoffer_on is not None and each.reoffer_on < facts.today:
            yield Found(
                each.what,
                f'"{each.what}" was to be offered again on {format_date(each.reoffer_on)}.',
                Mend("recommendation reoffer", (*facts.names, each.what), {"by": BLANK, "on": BLANK}),
                f"declined on {each.declined_on}",
            )


@rule("care_none", Severity.MEDIUM)
def no_standard_of_care(facts: Facts) -> Iterator[Found]:
    """A standard of care is named: a framework that our work is measured by."""
    if not facts.measures and any(paper.may_apply for paper in facts.papers):
        yield Found(
            "standard of care",
            "No framework is named that our work is measured by, so anybody's may be held against us.",
            Mend("framework adopt", facts.names, {"framework": BLANK, "clause": BLANK}),
        )


@rule("care_outdated", Severity.MEDIUM)
def outdated_standard_of_care(facts: Facts) -> Iterator[Found]:
    """The standard of care is at its current version, or somebody decided to stay with the older one."""
    for each in facts.measures:
        if each.is_behind:
            adoption = each.adoption
            rows = f"; {each.rows} matrix rows cite it" if each.rows else ""
            whose = f"{each.reference} is" if each.reference else "the client is"
            yield Found(
                f"{adoption.family}:{each.reference or ''}",
                f"{each.title} {each.newest} is published; {whose} still measured by {adoption.edition}{rows}.",
                Mend(
                    "framework adopt", (*facts.names, adoption.family, each.newest),
                    {"agreement": each.reference, "on": BLANK} if each.reference else {"on": BLANK},
                ),
                clause_words(adoption.clause),
            )  # fmt: skip


@rule("question_open", Severity.MEDIUM)
def open_question(facts: Facts) -> Iterator[Found]:
    """No scope question waits for a manager."""
    for each in facts.questions:
        asked_on = facts.day_of(each.asked_at)
        is_old = facts.today - asked_on > _LONG_OPEN
        yield Found(
            f"question {each.id}",
            f'Asked on {format_date(asked_on)} and not settled: "{each.question[:160]}"',
            Mend("scope settle", (each.id,), {"party": BLANK, "note": BLANK}),
            severity=Severity.HIGH if is_old else None,
        )


def _access_gaps(each: AccessGrant) -> list[tuple[str, tuple[str, ...]]]:
    gaps: list[tuple[str, tuple[str, ...]]] = []
    if each.limit is None:
        gaps.append(("how our access is limited", ("limit",)))
    if each.basis is None:
        gaps.append(("the clause that allows it", ("basis",)))
    if each.explained_on is None:
        gaps.append(("that it was explained to the client", ("explained", "explained_to")))
    return gaps


def _promise(facts: Facts, each: Promise, command: str, options: dict[str, object]) -> Mend:
    """The command about this promise; one made to everybody is named by what it says."""
    if facts.client is None:
        return Mend(command, (), {"what": each.what, "everybody": "yes", **options})
    return Mend(command, (facts.client.name, each.what), options)


def _said(each: Promise) -> str:
    source = plain(each.source) if each.source is not PromiseSource.OTHER else ""
    said = ", ".join(filter(None, (source, each.where)))
    return f"{said}, {each.made_on}" if said else f"made on {each.made_on}"


PROMISE_RULES = (promise_overdue, promise_absolute, promise_without_owner, absent_people)
RULES = (
    incident_with_open_clocks,
    obligation_unmet,
    obligation_without_paper,
    regulated_without_limits,
    access_incomplete,
    access_not_reviewed,
    *PROMISE_RULES,
    recommendation_incomplete,
    recommendation_to_offer_again,
    no_standard_of_care,
    outdated_standard_of_care,
    open_question,
)
