"""Legal hold: who asked for it and why; until somebody lifts it, nothing of the client is erased or merged away."""

from collections.abc import Iterator, Mapping, Sequence

from commands.arguments import Arguments
from commands.clients.client import CLIENT, OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotFound
from commands.grammar.words import command_line
from commands.history.versions import refuse_before, replace_version, stamp
from commands.holds import hold_on
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.text.phrases import capitalize_first, counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Hold, Role

_COLUMNS = ("Client", "Since", "By", "Why", "Lifted", "Why lifted")
_STANDS = "stands"
_MEANS = (
    "While it stands the client cannot be erased or merged away, no draft of it is removed, and the words in its audit "
    "entries do not expire.",
    "Backups, Slack's own messages and files elsewhere are not under it: hold those, too.",
)


def place(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    standing = hold_on(ctx.uow, client.id)
    if standing is not None:
        raise Conflict(
            f"{client.name} is on hold already, since {standing.placed_on}, by {standing.ordered_by}.",
            next_steps=(command_line("/engagement hold list", client.name),),
        )
    hold = ctx.uow.holds.record(
        Hold(
            client_id=client.id,
            reason=args.reason,
            ordered_by=args.by,
            placed_on=args.on or ctx.today_for(client),
            **stamp(ctx),
        )
    )
    return Reply(
        f"{client.name} is on legal hold since {hold.placed_on}.",
        fields=(Field("By", hold.ordered_by), Field("Why", hold.reason)),
        lines=_MEANS,
        next_steps=(command_line("/engagement hold lift", client.name, reason=BLANK),),
        data={"hold": hold.model_dump(mode="json")},
    )


def lift(ctx: Context, args: Arguments) -> Reply:
    """It stays on record that there was one."""
    client: Client = args.client
    standing = hold_on(ctx.uow, client.id)
    if standing is None:
        raise NotFound(
            f"{client.name} is not on hold.", next_steps=(command_line("/engagement hold list", client.name),)
        )
    on = args.on or ctx.today_for(client)
    refuse_before(on, standing.placed_on, "it was placed")
    after = replace_version(ctx, ctx.uow.holds, standing, {"ended_on": on, "lift_reason": args.reason})
    return Reply(
        f"The hold on {client.name} is lifted as of {on}. The record of it stays.",
        fields=(Field("Reason", args.reason),),
        data={"hold": after.model_dump(mode="json")},
    )


def list_holds(ctx: Context, args: Arguments) -> Reply:
    known = ctx.uow.holds.current(args.client.id if args.client else None)
    names = {each.id: each.name for each in ctx.uow.clients.list(offboarded=True)}
    rows = tuple(
        (
            _whose(each, names), str(each.placed_on), each.ordered_by, each.reason,
            str(each.ended_on or _STANDS), each.lift_reason or "",
        )
        for each in known
    )  # fmt: skip
    standing = sum(1 for each in known if each.ended_on is None)
    whose = f"{args.client.name}: " if args.client else ""
    said = counted(standing, "legal hold stands", "legal holds stand") if standing else "no legal hold stands"
    return Reply(
        f"{whose}{said}." if whose else f"{capitalize_first(said)}.",
        table=Table(_COLUMNS, rows) if rows else None,
        groups=tuple(_groups(known, names)),
        data={"holds": [each.model_dump(mode="json") for each in known]},
    )


def _whose(hold: Hold, names: Mapping[int, str]) -> str:
    return names.get(hold.client_id or 0, "a merged client")


def _groups(holds: Sequence[Hold], names: Mapping[int, str]) -> Iterator[Group]:
    """Those that stand first, each with the form that lifts it."""
    standing = [each for each in holds if each.ended_on is None]
    lifted = [each for each in holds if each.ended_on is not None]
    for title, several in (("In force", standing), ("Lifted", lifted)):
        if several:
            entries = tuple(_entry(each, _whose(each, names)) for each in several)
            yield Group(f"{title} ({len(several)})", entries)


def _entry(hold: Hold, client: str) -> Item:
    said = f"Since {hold.placed_on}, by {hold.ordered_by}. {hold.reason}"
    if hold.ended_on is None:
        lift = Choice("Lift it", command_line("hold lift", client, reason=BLANK), opens_form=True)
        return Item(client, said, (lift,))
    return Item(client, f"{said.rstrip('.')}. Lifted on {hold.ended_on}: {hold.lift_reason or ''}")


COMMANDS = (
    Command(
        "hold", "place", place, Role.MANAGER, "Put a client on legal hold: nothing of it is erased or merged away",
        parameters=(
            CLIENT,
            Parameter("by", "who asked for it, such as counsel, by name", required=True),
            Parameter("reason", "why", Kind.LONG_TEXT, required=True),
            Parameter("on", "since when; today if left out", Kind.DATE, has_happened=True),
        ),
        example='/engagement hold place calder by:"Ines Vogel, counsel" reason:"letter before action of 1 March"',
    ),
    Command(
        "hold", "lift", lift, Role.ADMIN, "Lift a legal hold; the record of it stays",
        parameters=(
            CLIENT, Parameter("reason", "why", Kind.LONG_TEXT, required=True),
            Parameter("on", "the first day without it; today if left out", Kind.DATE, has_happened=True),
        ),
        example='/engagement hold lift calder reason:"settled on 1 June"',
    ),
    Command(
        "hold", "list", list_holds, Role.MANAGER, "Clients that are or were on legal hold", changes=False,
        parameters=(OPTIONAL_CLIENT,),
        example="/engagement hold list",
    ),
)  # fmt: skip
