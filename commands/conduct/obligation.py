"""Obligations: what the client must do, by when, whether it did, who told it so, and what was waived in writing."""

from datetime import date
from typing import Any

from commands.agreements.agreement import NAMED_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.conduct.recurring import refuse_known_text, refuse_no_cadence
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.conduct.obligations import ObligationState, state_of, urgency, why_unmet
from commands.rules.conduct.promises import next_due
from commands.rules.history.lag import date_with_lag
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Obligation, Role

_WHAT = Parameter("what", "what the client must do, or how its text begins", positional=True, required=True)
_EDIT = "/engagement obligation edit"
_KEPT = {"clause": "clause", "row": "item", "owner": "owner", "every": "cadence"}
_STATES = {
    ObligationState.MET: "met", ObligationState.OPEN: "open", ObligationState.UNMET: "not met",
    ObligationState.WAIVED: "waived in writing", ObligationState.ENDED: "over",
}  # fmt: skip


def add(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    today = ctx.today_for(client)
    refuse_known_text(endings.standing(ctx.uow.obligations.current(client.id), today), args.what, _EDIT)
    refuse_no_cadence(args)
    since = args.since or today
    fields = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    kept = ctx.uow.obligations.record(
        Obligation(
            client_id=client.id,
            what=args.what,
            agreement_id=args.agreement.id if args.agreement else None,
            since=since,
            next_due_on=args.due or next_due(args.every, since),
            **fields,
            **versions.stamp(ctx),
        )
    )
    return _reply(ctx, client, kept, "What the client must do is recorded.")


def edit(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = _standing(ctx, client, args.what)
    refuse_no_cadence(args)
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: None for name in args.emptied(*_KEPT)}
    if args.wording:
        others = [each for each in ctx.uow.obligations.current(client.id) if each.id != old.id]
        refuse_known_text(endings.standing(others, ctx.today_for(client)), args.wording, _EDIT)
        changes["what"] = args.wording
    if args.agreement:
        changes["agreement_id"] = args.agreement.id
    if args.due or args.every:
        changes["next_due_on"] = args.due or next_due(args.every, old.last_met_on or old.since)
    elif args.emptied("due") or "every" in args.cleared:
        changes["next_due_on"] = None
    if not changes:
        raise UsageError("Nothing to change was given.", next_steps=("/engagement help obligation edit",))
    after = versions.replace_version(ctx, ctx.uow.obligations, old, changes)
    return _reply(ctx, client, after, "It is changed; what it said before is kept.")


def met(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = _standing(ctx, client, args.what)
    on: date = args.on or ctx.today_for(client)
    if old.last_met_on is not None and on < old.last_met_on:
        raise Conflict(f"It was met later already, on {old.last_met_on}.")
    changes = {
        "last_met_on": on, "evidence": args.evidence, "next_due_on": next_due(old.cadence, on), "unmet_on": None,
        "told_on": None, "told_to": None, "told_by": None, "told_proof": None,
    }  # fmt: skip
    after = versions.replace_version(ctx, ctx.uow.obligations, old, changes)
    return _reply(ctx, client, after, f"Met on {date_with_lag(on, ctx.today_for(client))}.")


def unmet(ctx: Context, args: Arguments) -> Reply:
    """That it is not met, and who at the client was told so: only what was said can be shown later."""
    client: Client = args.client
    old = _standing(ctx, client, args.what)
    on: date = args.on or ctx.today_for(client)
    if old.last_met_on is not None and on < old.last_met_on:
        raise Conflict(f"It was met later, on {old.last_met_on}.")
    changes: dict[str, Any] = {"unmet_on": old.unmet_on if old.unmet_on and not args.on else on}
    if args.told:
        changes |= {
            "told_on": args.told_on or on, "told_to": args.told, "told_by": args.by or ctx.actor.user,
            "told_proof": args.proof,
        }  # fmt: skip
    elif args.told_on or args.proof:
        raise UsageError("told is missing: who at the client was told.", fields={"told": "is missing."})
    after = versions.replace_version(ctx, ctx.uow.obligations, old, changes)
    return _reply(ctx, client, after, f'{client.name}: "{old.what}" is recorded as not met.')


def waive(ctx: Context, args: Arguments) -> Reply:
    """We let it off, in writing: without the paper it is not waived."""
    client: Client = args.client
    old = _standing(ctx, client, args.what)
    on: date = args.on or ctx.today_for(client)
    versions.refuse_before(on, old.since, "it began to bind")
    changes = {"waived_on": on, "waived_by": args.by, "waiver": args.proof}
    after = versions.replace_version(ctx, ctx.uow.obligations, old, changes)
    return _reply(ctx, client, after, f'{client.name}: "{old.what}" is waived as of {on}.')


def end(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.obligations.current(client.id)
    old = endings.find_by_name(known, args.what, lambda each: each.what, f"{client.name} has no obligation")
    on = args.on or ctx.today_for(client)
    back = command_line("/engagement obligation reinstate", client.name, old.what)
    after, before = endings.end(ctx, ctx.uow.obligations, old, on, is_stated=bool(args.on), take_back=back)
    return _reply(ctx, client, after, f"It no longer binds as of {after.ended_on}. The record stays.{before}")


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take its ending back: it binds as if it had not been ended."""
    client: Client = args.client
    known = ctx.uow.obligations.current(client.id)
    old = endings.find_by_name(known, args.what, lambda each: each.what, f"{client.name} has no obligation")
    after, said = endings.take_back(ctx, ctx.uow.obligations, old, f'"{old.what}"', {})
    return _reply(ctx, client, after, f"It binds again. {said}")


def list_obligations(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    today = ctx.today_for(client)
    known = ctx.uow.obligations.current(client.id)
    standing = [each for each in known if args.history or state_of(each, today) is not ObligationState.ENDED]
    standing.sort(key=lambda each: urgency(each, today))
    papers = {each.id: each.reference for each in ctx.uow.agreements.of_client(client.id)}
    rows = tuple(
        (
            each.what, _STATES[state_of(each, today)], _where(papers.get(each.agreement_id or 0), each),
            each.item or "", each.cadence.in_words if each.cadence else "", str(each.next_due_on or ""),
            str(each.last_met_on or ""), _told(each) or "",
        )
        for each in standing
    )  # fmt: skip
    unmet_ones = [each for each in standing if state_of(each, today) is ObligationState.UNMET]
    untold = [each for each in unmet_ones if each.told_on is None]
    return Reply(
        f"{client.name}: {counted(len(standing), 'obligation')}; {len(unmet_ones)} not met."
        if standing
        else f"{client.name}: no obligation is recorded.",
        cautions=tuple(f'Nobody is recorded as told that "{each.what}" is not met.' for each in untold),
        table=Table(("What", "State", "Where", "Row", "Every", "Due", "Last met", "Told"), rows) if rows else None,
        next_steps=() if rows else (command_line("/engagement obligation add", client.name, what=BLANK, due=BLANK),),
        data={
            "obligations": [each.model_dump(mode="json") | {"state": state_of(each, today).value} for each in standing]
        },
    )


def _where(reference: str | None, each: Obligation) -> str:
    return ", ".join(filter(None, (reference, each.clause)))


def _told(each: Obligation) -> str | None:
    if each.told_on is None:
        return None
    by = f" by {as_person(each.told_by)}" if each.told_by else ""
    return f"{each.told_to} on {each.told_on}{by}"


def _standing(ctx: Context, client: Client, text: str) -> Obligation:
    known = endings.standing(ctx.uow.obligations.current(client.id), ctx.today_for(client))
    return versions.find_by_name(
        known, text, lambda each: each.what, f"{client.name} has no obligation that begins with"
    )


def _reply(ctx: Context, client: Client, each: Obligation, headline: str) -> Reply:
    today = ctx.today_for(client)
    state = state_of(each, today)
    paper = ctx.uow.agreements.find(each.agreement_id) if each.agreement_id else None
    facts = (
        ("The client must", each.what),
        ("State", _STATES[state]),
        ("Where it says so", _where(paper.reference if paper else None, each)),
        ("The row that depends on it", each.item),
        ("How often", each.cadence.in_words if each.cadence else None),
        (
            "Due",
            each.next_due_on if state in (ObligationState.OPEN, ObligationState.MET, ObligationState.UNMET) else None,
        ),
        ("Last met", each.last_met_on),
        ("Evidence", each.evidence),
        ("Told", _told(each)),
        ("Proof that they were told", each.told_proof),
        ("Waived", f"on {each.waived_on} by {each.waived_by}: {each.waiver}" if each.waived_on else None),
        ("No longer binds as of", each.ended_on),
    )
    cautions = []
    if each.agreement_id is None and each.clause is None:
        cautions.append("No paper is named that says so: add agreement: and clause:, or it may bind nobody.")
    if state is ObligationState.UNMET:
        cautions.append(f"It {why_unmet(each)}.")
        if each.told_on is None:
            cautions.append("Nobody at the client is recorded as told: add told: with name and title.")
    names = (client.name, each.what)
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(
            Choice("Met", command_line("obligation met", *names, on=BLANK, evidence=BLANK), opens_form=True),
            Choice("Not met", command_line("obligation unmet", *names, told=BLANK, proof=BLANK), opens_form=True),
        ),
        data={"obligation": each.model_dump(mode="json") | {"state": state.value}},
    )


_DETAILS = (
    NAMED_AGREEMENT,
    Parameter("clause", "where the paper says so, such as SOW-A 2.4"),
    Parameter("row", "the matrix row that depends on it"),
    Parameter("every", "how often it has to be met, such as 1m", Kind.PERIOD),
    Parameter("due", "by when, if that does not follow", Kind.DATE, has_happened=False),
    Parameter("owner", "who of us watches over it", Kind.PERSON),
)
COMMANDS = (
    Command(
        "obligation", "add", add, Role.MANAGER, "Record something the client must do, and by when or how often",
        parameters=(
            CLIENT, _WHAT, *_DETAILS,
            Parameter("since", "since when it binds; today if left out", Kind.DATE, has_happened=False),
        ),
        example='/engagement obligation add calder "Name an approver for firewall changes" agreement:SOW-A '
        'clause:"SOW-A 4.2" row:"Firewall rules and configuration"',
    ),
    Command(
        "obligation", "edit", edit, Role.MANAGER, "Change the record of what the client must do; versions are kept",
        parameters=(CLIENT, _WHAT, Parameter("wording", "what it says now", Kind.LONG_TEXT), *_DETAILS),
        example='/engagement obligation edit calder "Name an approver" every:1y',
    ),
    Command(
        "obligation", "met", met, Role.TECHNICIAN, "Record that the client did what it must",
        parameters=(
            CLIENT, _WHAT,
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("evidence", "what shows it, or a link", Kind.LONG_TEXT),
        ),
        example='/engagement obligation met calder "Name an approver" evidence:"ticket 4711"',
    ),
    Command(
        "obligation", "unmet", unmet, Role.TECHNICIAN, "Record that the client did not, and who was told so",
        parameters=(
            CLIENT, _WHAT,
            Parameter("on", "since when that is known; today if left out", Kind.DATE, has_happened=True),
            Parameter("told", "who at the client was told, with title"),
            Parameter("told-on", "when they were told; the same day if left out", Kind.DATE, has_happened=True),
            Parameter("by", "who told them; you if left out"),
            Parameter("proof", "what shows it, or a link", Kind.LONG_TEXT),
        ),
        example='/engagement obligation unmet calder "Name an approver" told:"Pat Example, COO" proof:"mail 4711"',
    ),
    Command(
        "obligation", "waive", waive, Role.MANAGER, "Record that the client was let off, in writing",
        parameters=(
            CLIENT, _WHAT,
            Parameter("by", "who of us waived it", required=True),
            Parameter("proof", "where it is in writing", required=True),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
        ),
        example='/engagement obligation waive calder "Name an approver" by:"Dana Ortiz" proof:"letter of 2 March"',
    ),
    Command(
        "obligation", "end", end, Role.MANAGER, "Record that it no longer binds, or correct since when",
        parameters=(
            CLIENT, _WHAT,
            Parameter("on", "the first day it no longer binds; today if left out", Kind.DATE, has_happened=False),
        ),
        example='/engagement obligation end calder "Name an approver"',
    ),
    Command(
        "obligation", "reinstate", reinstate, Role.MANAGER, "Take back that it ended; the record of it stays",
        parameters=(CLIENT, _WHAT), example='/engagement obligation reinstate calder "Name an approver"',
    ),
    Command(
        "obligation", "list", list_obligations, Role.VIEWER, "What the client must do, what is not met first",
        parameters=(CLIENT, Parameter("history", "what is over, too", Kind.YES_NO)), changes=False,
        example="/engagement obligation list calder",
    ),
)  # fmt: skip
