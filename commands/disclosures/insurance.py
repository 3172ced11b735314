"""Insurance requirements: the controls a client's insurer demands, who attests to them and who implements them."""

from typing import Any

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.matrix.rows import PARTY_WORDS
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.text.phrases import counted, plain
from commands.rules.text.placeholders import BLANK
from storage.records import Client, InsuranceRequirement, Party, Role

_ASK_AFTER = relativedelta(months=12)
_CONTROL = Parameter("control", "what the insurer demands, or how its text begins", positional=True, required=True)
_KEPT = {
    "insurer": "insurer", "policy": "policy", "attested_by": "attested_by", "implemented_by": "implemented_by",
    "row": "item", "evidence": "evidence_url",
}  # fmt: skip


def require(ctx: Context, args: Arguments) -> Reply:
    """Record it, or complete what is recorded: what is not given stays as it was."""
    client: Client = args.client
    today = ctx.today_for(client)
    asked_on = args.on or today
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: None for name in args.emptied(*_KEPT)}
    changes |= {"attested_on": None} if args.emptied("attested") or "attested_by" in args.cleared else {}
    if args.attested_by:
        changes["attested_on"] = args.attested or asked_on
    elif args.attested:
        changes["attested_on"] = args.attested
    old = versions.find_named(_demands(ctx, client), args.control, lambda each: each.control)
    if old is not None:
        if args.on or args.attested_by:  # somebody was asked again; completing the record asks nobody
            changes |= {"asked_on": asked_on, "reask_on": asked_on + _ASK_AFTER}
        if args.on and not args.attested_by:
            changes |= {"attested_by": None, "attested_on": args.attested}
        if args.reask or args.emptied("reask"):
            changes["reask_on"] = args.reask
        if not changes:
            return _requirement_reply(client, old, "It is as it was: nothing to change was given.")
        after = versions.replace_version(ctx, ctx.uow.insurance, old, changes)
        return _requirement_reply(client, after, "The requirement is brought up to date.")
    first = InsuranceRequirement(
        client_id=client.id,
        control=args.control,
        asked_on=asked_on,
        reask_on=args.reask or asked_on + _ASK_AFTER,
        **changes,
        **versions.stamp(ctx),
    )
    return _requirement_reply(
        client, ctx.uow.insurance.record(first), f"{client.name}: an insurance requirement is recorded."
    )


def end(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = _to_end(ctx, client, args.control)
    on = args.on or ctx.today_for(client)
    back = command_line("/engagement insurance reinstate", client.name, old.control)
    after, before = endings.end(ctx, ctx.uow.insurance, old, on, is_stated=bool(args.on), take_back=back)
    return _requirement_reply(client, after, f"No longer demanded as of {after.ended_on}. The record stays.{before}")


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take its ending back: the insurer demands it as if it had not been ended."""
    client: Client = args.client
    old = _to_end(ctx, client, args.control)
    reask = {"reask_on": old.reask_on or old.asked_on + _ASK_AFTER}
    after, said = endings.take_back(ctx, ctx.uow.insurance, old, f'"{old.control}"', reask)
    return _requirement_reply(client, after, f"It is demanded again. {said}")


def list_requirements(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = _demands(ctx, client)
    if not known:
        return Reply(
            f"{client.name}: no insurance requirement is recorded.",
            cautions=("Ask which controls the policy or its application names, and who attests to them.",),
            next_steps=(command_line("/engagement insurance require", client.name, control=BLANK),),
            data={"requirements": []},
        )
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            each.control, each.insurer or "", _party(each.implemented_by), each.attested_by or "nobody named",
            each.evidence_url or "none", str(each.reask_on or ""), endings.in_words(each, ctx.today_for(client)),
        )
        for each in known
    )  # fmt: skip
    columns: tuple[str, ...] = ("Control", "Insurer", "Implemented by", "Attested by", "Evidence", "Ask again", "Ends")
    if not any(each.ended_on for each in known):
        columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
    return Reply(
        f"{client.name}: {counted(len(known), 'insurance requirement')}.",
        table=Table(columns, rows),
        data={"requirements": [each.model_dump(mode="json") for each in known]},
    )


def _demands(ctx: Context, client: Client) -> list[InsuranceRequirement]:
    return endings.standing(ctx.uow.insurance.current(client.id), ctx.today_for(client))


def _to_end(ctx: Context, client: Client, text: str) -> InsuranceRequirement:
    known = ctx.uow.insurance.current(client.id)
    return endings.find_by_name(known, text, lambda each: each.control, f"{client.name} has no insurance requirement")


def _party(party: Party | None) -> str:
    return plain(party) if party else "nobody named"


def _requirement_reply(client: Client, each: InsuranceRequirement, headline: str) -> Reply:
    facts = (
        ("Control", each.control),
        ("Insurer", each.insurer),
        ("Policy", each.policy),
        ("Implemented by", _party(each.implemented_by)),
        ("Attested by", each.attested_by),
        ("Attested on", each.attested_on),
        ("Matrix row", each.item),
        ("Evidence", each.evidence_url),
        ("Asked on", each.asked_on),
        ("Ask again on", each.reask_on if each.ended_on is None else None),
        ("No longer demanded as of", each.ended_on),
    )
    cautions = []
    if each.ended_on is None and each.attested_by is None:
        cautions.append(
            "Who signs for it is not recorded: add attested-by: with name and title. It should be the client."
        )
    if each.ended_on is None and each.implemented_by is None:
        cautions.append("Who implements it is not recorded: add implemented-by:msp|client|shared|third_party.")
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(Choice("Edit", command_line("insurance require", client.name, each.control), opens_form=True),),
        data={"requirement": each.model_dump(mode="json")},
    )


COMMANDS = (
    Command(
        "insurance", "require", require, Role.TECHNICIAN, "Record a control that a client's insurer demands",
        form=FormLayout(first=("control", "insurer", "attested", "attested-by", "evidence")),
        parameters=(
            CLIENT, _CONTROL,
            Parameter("insurer", "who demands it"),
            Parameter("policy", "the policy's number"),
            Parameter("attested-by", "who signs for it at the client, with title"),
            Parameter("attested", "when they signed", Kind.DATE, has_happened=True),
            Parameter("implemented-by", "whose work it is", Kind.CHOICE, choices=Party, words=PARTY_WORDS),
            Parameter("row", "the matrix row that says so"),
            Parameter("evidence", "a link to the proof", Kind.URL),
            Parameter("on", "when we asked; today if left out", Kind.DATE, has_happened=True),
            Parameter("reask", "when to ask again; in a year if left out", Kind.DATE, has_happened=False),
        ),
        example='/engagement insurance require calder "MFA for remote access" implemented-by:shared '
        'attested-by:"Pat Example, CFO"',
    ),
    Command(
        "insurance", "end", end, Role.MANAGER, "Record that the insurer no longer demands it, or correct since when",
        confirm="End this requirement: the check no longer looks for it.",
        parameters=(CLIENT, _CONTROL, Parameter("on", "since when; today if left out", Kind.DATE, has_happened=False)),
        example='/engagement insurance end calder "MFA for remote access"',
    ),
    Command(
        "insurance", "reinstate", reinstate, Role.MANAGER, "Take back that the insurer no longer demands it",
        parameters=(CLIENT, _CONTROL), example='/engagement insurance reinstate calder "MFA for remote access"',
    ),
    Command(
        "insurance", "list", list_requirements, Role.VIEWER, "What a client's insurer demands", changes=False,
        parameters=(CLIENT,), example="/engagement insurance list calder",
    ),
)  # fmt: skip
