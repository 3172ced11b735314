"""Disclosures: what a client told us about the regulations it must follow. Never infers one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.disclosures.in_force import caution, why_not
from commands.errors import Conflict, NotFound
from commands.grammar.words import command_line
from commands.history.known_at import AS_OF, KNOWN_AT, as_of_words, end_of
from commands.known_regulations import known_regulations
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Group, Item, Reply, Table
from commands.rules.history import disclosures
from commands.rules.history.lag import lag
from commands.rules.text.phrases import capitalize_first
from commands.rules.text.placeholders import BLANK
from commands.signed_copies import FILE, keep_with
from storage.catalog.regulations import Catalogue, Regulation
from storage.records import Client, CopyOf, Disclosure, DisclosureAnswer, PeriodUnit, Role

REGULATION = Parameter(
    "regulation", "such as hipaa, pci_dss, gdpr", Kind.REGULATION, positional=True, required=True, hint=""
)
_WORDS = {
    "yes": "applies",
    "apply": "applies",
    "does_apply": "applies",
    "applicable": "applies",
    "no": "does_not_apply",
    "none": "does_not_apply",
    "unsure": "unknown",
    "refused": "declined",
    **dict.fromkeys(
        (
            "doesn't_apply",
            "doesn’t_apply",
            "doesnt_apply",
            "dont_apply",
            "don’t_apply",
            "not_apply",
            "not_applicable",
            "n_a",
            "do_not_apply",
            "don't_apply",
        ),
        "does_not_apply",
    ),
    **dict.fromkeys(
        (
            "not_known",
            "not_sure",
            "do_not_know",
            "does_not_know",
            "don't_know",
            "don’t_know",
            "doesn't_know",
            "doesn’t_know",
            "dont_know",
            "doesnt_know",
            "dunno",
        ),
        "unknown",
    ),
    **dict.fromkeys(("declined_to_say", "refused_to_say", "would_not_say", "refuses"), "declined"),
}
PHRASES = {
    DisclosureAnswer.APPLIES: "applies",
    DisclosureAnswer.DOES_NOT_APPLY: "does not apply",
    DisclosureAnswer.UNKNOWN: "the client does not know",
    DisclosureAnswer.DECLINED: "the client declined to say",
}
_DETAILS = {
    "by": "attested_by", "evidence": "evidence_url", "scope": "scope", "accepts": "client_accepts_responsibility",
    "clause": "responsibility_clause",
}  # fmt: skip
_COLUMNS = (
    "Regulation", "Answer", "Attested by", "Asked on", "Scope", "Client's duty to judge", "Evidence", "Ask again",
    "State",
)  # fmt: skip
_PAPERS = ("evidence_url", "scope", "client_accepts_responsibility", "responsibility_clause")
_STEPS = {PeriodUnit.DAYS: "days", PeriodUnit.WEEKS: "weeks", PeriodUnit.MONTHS: "months", PeriodUnit.YEARS: "years"}


def record(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    regulation: Regulation = args.regulation
    asked_on = args.on or ctx.today_for(client)
    earlier = _current(ctx, client, regulation)
    if earlier is not None:
        ctx.uow.disclosures.supersede(earlier, at=ctx.now, by=ctx.actor.user)
    disclosure = ctx.uow.disclosures.record(
        Disclosure(
            client_id=client.id,
            regulation=regulation.key,
            answer=args.answer,
            asked_on=asked_on,
            asked_by=ctx.actor.user,
            reask_on=args.reask or reask_on(regulation, asked_on),
            effective_from=args.since or asked_on,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
            **_details(args, earlier),
        )
    )
    kept = keep_with(ctx, client, CopyOf.DISCLOSURE, subject=f"regulation:{regulation.key}")
    reply = _recorded_reply(client, regulation, disclosure, earlier, ctx.today_for(client))
    return replace(reply, lines=(*reply.lines, *kept))


def list_disclosures(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    at = end_of(ctx, client, args.known_at) if args.known_at is not None else ctx.now
    if args.as_of is not None:
        known = disclosures.as_of(ctx.uow.disclosures.history(client.id), args.as_of, at)
        asked = [each for each in ctx.uow.questionnaires.as_known(client.id, at) if each.asked_on <= args.as_of]
    elif args.known_at is not None:
        known, asked = ctx.uow.disclosures.as_known(client.id, at), ctx.uow.questionnaires.as_known(client.id, at)
    else:
        known = ctx.uow.disclosures.history(client.id) if args.history else ctx.uow.disclosures.current(client.id)
        asked = ctx.uow.questionnaires.current(client.id)
    if not known and asked:
        return Reply(
            f"{client.name} was asked on {asked[-1].asked_on} about {_count(len(asked[-1].regulations))}: none.",
            fields=(Field("Answered by", asked[-1].attested_by or "nobody named"),),
            data={"disclosures": [], "questionnaires": [each.model_dump(mode="json") for each in asked]},
        )
    when = as_of_words(args.as_of or args.known_at or ctx.today_for(client), args.known_at, ctx.today_for(client))
    if not known and when is not None:
        return Reply(
            f"{client.name}: nothing about regulations is on record for that day.",
            lines=(when,),
            data={"disclosures": [], "questionnaires": []},
        )
    if not known:
        return Reply(
            f"{client.name} has never been asked about regulations, as far as we know.",
            cautions=("Never asked is a gap: ask, and record the answer even if it is no.",),
            next_steps=(
                command_line("/engagement disclosure ask", client.name),
                command_line("/disclose", client.name, regulation=BLANK, answer=BLANK, by=BLANK),
            ),
        )
    catalogue = known_regulations(ctx.uow)
    rows = tuple(
        (
            title_of(catalogue, each.regulation), PHRASES[each.answer], each.attested_by or "nobody named",
            _with_lag(each.asked_on, ctx.day_of(each.recorded_at, client)),
            each.scope or "", accepted_words(each) or "", each.evidence_url or "none", str(each.reask_on or ""),
            _state(catalogue, each, _was_superseded(each, args, at), args.as_of or ctx.today_for(client)),
        )
        for each in known
    )  # fmt: skip
    due = [
        each
        for each in known
        if each.superseded_at is None and each.reask_on and each.reask_on <= ctx.today_for(client)
    ]
    return Reply(
        f"{client.name} was asked about {_count(len({each.regulation for each in known}))}.",
        lines=(when,) if when else (),
        table=Table(_COLUMNS, rows),
        groups=_by_answer(rows),
        cautions=tuple(
            f"{title_of(catalogue, each.regulation)} was to be asked again on {each.reask_on}." for each in due
        ),
        data={
            "disclosures": [each.model_dump(mode="json") for each in known],
            "questionnaires": [each.model_dump(mode="json") for each in asked],
        },
    )


def _by_answer(rows: Sequence[tuple[str, ...]]) -> tuple[Group, ...]:
    """What applies first; who said so and when, in one line each."""
    groups: dict[str, list[Item]] = {answer: [] for answer in PHRASES.values()}
    for title, answer, by, on, scope, duty, evidence, reask, state in rows:
        said = (
            f"Said by {by} on {on}",
            scope,
            f"client's duty to judge: {duty}" if duty else "",
            "no evidence" if evidence == "none" else f"evidence: {evidence}",
            f"ask again on {reask}" if reask else "",
            state if state != "current" else "",
        )
        groups[answer].append(Item(title, "; ".join(filter(None, said)) + "."))
    return tuple(
        Group(f"{capitalize_first(title)} ({len(found)})", tuple(found)) for title, found in groups.items() if found
    )


def withdraw(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    current = _current(ctx, client, args.regulation)
    if current is None:
        raise NotFound(f"No disclosure about {args.regulation.title} is recorded for {client.name}.")
    ctx.uow.disclosures.supersede(current, at=ctx.now, by=ctx.actor.user)
    return Reply(
        f"{client.name}: the disclosure about {args.regulation.title} is withdrawn. It stays in the history.",
        fields=(Field("Reason", args.reason),),
        next_steps=(
            command_line("/engagement disclosure reinstate", client.name, args.regulation.key),
            command_line("/disclose", client.name, args.regulation.key, answer=BLANK, by=BLANK),
        ),
    )


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Record once more what was withdrawn, as it was said. That it was withdrawn in between stays in the history."""
    client: Client = args.client
    regulation: Regulation = args.regulation
    if _current(ctx, client, regulation) is not None:
        raise Conflict(
            f"A disclosure about {regulation.title} holds for {client.name}: there is nothing to take back.",
            next_steps=(command_line("/engagement disclosure list", client.name, history="yes"),),
        )
    said = [each for each in ctx.uow.disclosures.history(client.id) if each.regulation == regulation.key]
    if not said:
        raise NotFound(f"No disclosure about {regulation.title} was ever recorded for {client.name}.")
    again = said[-1].changed(
        id=0, recorded_at=ctx.now, recorded_by=ctx.actor.user, superseded_at=None, superseded_by=None
    )
    disclosure = ctx.uow.disclosures.record(again)
    reply = _recorded_reply(client, regulation, disclosure, None, ctx.today_for(client))
    return replace(reply, lines=(*reply.lines, "It holds again as it was said then. That it was withdrawn is kept."))


def _recorded_reply(
    client: Client, regulation: Regulation, disclosure: Disclosure, earlier: Disclosure | None, today: date
) -> Reply:
    facts = (
        ("Attested by", disclosure.attested_by),
        ("Asked on", disclosure.asked_on),
        ("Ask again on", disclosure.reask_on),
        ("Scope", disclosure.scope),
        ("The client's own duty to judge our services", accepted_words(disclosure)),
        ("Evidence", disclosure.evidence_url),
        ("Before", _before(earlier) if earlier else None),
        ("Protects", regulation.protects),
    )
    cautions = [*caution(regulation, today)]
    if disclosure.attested_by is None:
        cautions.append("Nobody at the client is named: add by: with name and title, so that it can be relied on.")
    paper = [paper.in_words for paper in regulation.required_paper]
    if disclosure.answer is DisclosureAnswer.APPLIES and paper:
        cautions.append(f"It usually calls for: {', '.join(paper)}. Check that the client has signed it.")
    return Reply(
        f"{client.name}: {regulation.title} {PHRASES[disclosure.answer]}."
        if disclosure.answer in (DisclosureAnswer.APPLIES, DisclosureAnswer.DOES_NOT_APPLY)
        else f"{client.name}: {regulation.title}: {PHRASES[disclosure.answer]}.",
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(
            *_confirm_choices(client, disclosure, earlier, today),
            Choice(
                "Withdraw", command_line("disclosure withdraw", client.name, regulation.key), Emphasis.DANGER,
                opens_form=True,
            ),
        ),
        next_steps=()
        if disclosure.attested_by
        else (
            command_line("/disclose", client.name, regulation.key, disclosure.answer, by=BLANK, on=BLANK),
        ),
        data={"disclosure": disclosure.model_dump(mode="json")},
    )  # fmt: skip


def _details(args: Arguments, earlier: Disclosure | None) -> dict[str, Any]:
    """What was given; and where the answer is the same as before, the papers that were known already.

    Whoever gave the earlier answer did not give this one: without a name, nobody is named.
    """
    given = {_DETAILS[name]: value for name, value in args.given(*_DETAILS).items()}
    if earlier is None or earlier.answer is not args.answer:
        return given
    return {field: getattr(earlier, field) for field in _PAPERS} | given


def _before(earlier: Disclosure) -> str:
    return f"{PHRASES[earlier.answer]}, attested by {earlier.attested_by or 'nobody named'} on {earlier.asked_on}"


def _confirm_choices(
    client: Client, disclosure: Disclosure, earlier: Disclosure | None, today: date
) -> tuple[Choice, ...]:
    """Offers to record that whoever gave the earlier answer gave it again; only a person knows whether they did."""
    who = earlier.attested_by if earlier else None
    if who is None or earlier is None or disclosure.attested_by or earlier.answer is not disclosure.answer:
        return ()
    line = command_line("disclosure record", client.name, disclosure.regulation, disclosure.answer, by=who, on=today)
    return (Choice(f"{who} confirmed it today", line, confirm=f"Did {who} say so today? It is recorded as evidence."),)


def _current(ctx: Context, client: Client, regulation: Regulation) -> Disclosure | None:
    return next((each for each in ctx.uow.disclosures.current(client.id) if each.regulation == regulation.key), None)


def reask_on(regulation: Regulation, asked_on: date) -> date | None:
    """When to ask again, by the regulation's usual interval."""
    period = regulation.reask_every
    step = _STEPS.get(period.unit) if period else None
    return asked_on + relativedelta(**{step: period.value}) if period and step else None  # type: ignore[arg-type]


def accepted_words(disclosure: Disclosure) -> str | None:
    if disclosure.client_accepts_responsibility is None:
        return f"not asked, {disclosure.responsibility_clause}" if disclosure.responsibility_clause else None
    words = "accepted" if disclosure.client_accepts_responsibility else "not accepted"
    return f"{words}, {disclosure.responsibility_clause}" if disclosure.responsibility_clause else words


def _with_lag(asked_on: date, recorded_on: date) -> str:
    """The day they were asked, and how much later that was recorded."""
    late = lag(asked_on, recorded_on)
    return f"{asked_on} ({late})" if late else str(asked_on)


def _was_superseded(disclosure: Disclosure, args: Arguments, at: datetime) -> bool:
    return bool(disclosure.superseded_at and (args.known_at is None or disclosure.superseded_at <= at))


def _state(known: Catalogue, disclosure: Disclosure, is_superseded: bool, on: date) -> str:
    """current; superseded; current, is not in force before 1 May 2027"""
    regulation = known.find(disclosure.regulation)
    why = why_not(regulation, on) if regulation else None
    state = "superseded" if is_superseded else "current"
    return f"{state}; it {why}" if why else state


def _count(regulations_asked: int) -> str:
    return "1 regulation" if regulations_asked == 1 else f"{regulations_asked} regulations"


def title_of(known: Catalogue, key: str) -> str:
    found = known.find(key)
    return found.title if found else key


COMMANDS = (
    Command(
        "disclosure", "record", record, Role.TECHNICIAN, "Record what a client said about a regulation",
        form=FormLayout(first=("answer", "by", "on", "evidence", "scope", "reask")),
        parameters=(
            CLIENT, REGULATION,
            Parameter(
                "answer", "what the client said", Kind.CHOICE, positional=True, required=True,
                choices=DisclosureAnswer, words=_WORDS,
            ),
            Parameter("by", "who said so, with title"),
            Parameter(
                "on", "the day they were asked; today if left out", Kind.DATE, has_happened=True, default="today",
            ),
            Parameter("since", "since when it applies", Kind.DATE, has_happened=False),
            Parameter("scope", "which systems and data", Kind.LONG_TEXT),
            Parameter("accepts", "the client accepts that knowing this is its own responsibility", Kind.YES_NO),
            Parameter("clause", "the clause in which it accepts that"),
            Parameter("evidence", "a link to the proof", Kind.URL),
            Parameter("reask", "when to ask again", Kind.DATE, has_happened=False), FILE,
        ),
        slash="/disclose",
        example='/disclose "Calder Ridge" hipaa applies by:"Pat Example, CFO"',
    ),
    Command(
        "disclosure", "list", list_disclosures, Role.VIEWER, "What a client disclosed", changes=False,
        parameters=(CLIENT, Parameter("history", "earlier answers too", Kind.YES_NO), AS_OF, KNOWN_AT),
        example="/engagement disclosure list calder",
    ),
    Command(
        "disclosure", "withdraw", withdraw, Role.MANAGER, "Take back a disclosure; it stays in the history",
        confirm="Take this disclosure back: the client counts as never asked about it.",
        parameters=(CLIENT, REGULATION, Parameter("reason", "why", Kind.LONG_TEXT, required=True)),
        example='/engagement disclosure withdraw calder hipaa reason:"recorded for the wrong client"',
    ),
    Command(
        "disclosure", "reinstate", reinstate, Role.MANAGER, "Take back that a disclosure was withdrawn",
        parameters=(CLIENT, REGULATION), example="/engagement disclosure reinstate calder hipaa",
    ),
)  # fmt: skip
