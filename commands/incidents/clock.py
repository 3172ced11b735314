"""What was done about a clock of an incident: who told whom and when, or why it does not apply."""

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.history import versions
from commands.incidents.incident import WHAT, standing, time_of
from commands.incidents.sheet import sheet_of, sheet_reply
from commands.parameters import Kind, Parameter
from commands.reply import Reply
from commands.rules.incidents.clocks import Clock
from storage.records import Client, ClockMark, Incident, MarkState, Role
from storage.records.client import client_key

_CLOCK = Parameter("clock", "which clock, as the sheet calls it, or how it begins", required=True)


def told(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    incident = standing(ctx, client, args.what)
    clock = _named(ctx, client, incident, args.clock)
    on = args.on or ctx.today_for(client)
    at = time_of("at", args.at)
    versions.refuse_before(on, incident.discovered_on, "it was discovered")
    if at is not None and (on, at) > (ctx.today_for(client), ctx.now.astimezone(ctx.zone_of(client)).time()):
        raise UsageError("at: that time has not come yet.", fields={"at": "has not come yet."})
    mark = {
        "state": MarkState.TOLD, "told_to": args.to, "told_by": args.by or ctx.actor.user, "told_on": on,
        "told_time": at, "told_proof": args.proof, "reason": None,
    }  # fmt: skip
    _mark(ctx, client, incident, clock, mark)
    return sheet_reply(ctx, client, incident, f"{client.name}: recorded as told: {clock.name}.")


def dismiss(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    incident = standing(ctx, client, args.what)
    clock = _named(ctx, client, incident, args.clock)
    mark = {
        "state": MarkState.NOT_APPLICABLE, "reason": args.reason, "told_to": None, "told_by": None, "told_on": None,
        "told_time": None, "told_proof": None,
    }  # fmt: skip
    _mark(ctx, client, incident, clock, mark)
    return sheet_reply(ctx, client, incident, f"{client.name}: recorded as not applicable: {clock.name}.")


def resume(ctx: Context, args: Arguments) -> Reply:
    """Take back what was recorded about a clock: it is open again."""
    client: Client = args.client
    incident = standing(ctx, client, args.what)
    clock = _named(ctx, client, incident, args.clock)
    if clock.mark is None:
        raise Conflict(f"Nothing is recorded about {clock.name} that could be taken back.")
    versions.end_version(ctx, ctx.uow.clock_marks, clock.mark)
    return sheet_reply(ctx, client, incident, f"{client.name}: open again: {clock.name}.")


def _mark(ctx: Context, client: Client, incident: Incident, clock: Clock, changes: dict[str, object]) -> None:
    if clock.mark is not None:
        versions.replace_version(ctx, ctx.uow.clock_marks, clock.mark, {**changes, "title": clock.name[:400]})
        return
    ctx.uow.clock_marks.record(
        ClockMark.model_validate(
            {
                "client_id": client.id, "incident_id": incident.number, "clock": clock.duty.key,
                "title": clock.name[:400], **changes, **versions.stamp(ctx),
            }
        )
    )  # fmt: skip


def _named(ctx: Context, client: Client, incident: Incident, text: str) -> Clock:
    """The clock of that name or key, or the only one that begins so. Raises NotFound naming what there is."""
    clocks = sheet_of(ctx.uow, client, incident, ctx.now).clocks
    typed = client_key(text)
    exact = [each for each in clocks if typed == client_key(each.name) or text == each.duty.key]
    started = [each for each in clocks if typed and client_key(each.name).startswith(typed)]
    found = exact or started
    if len(found) != 1:
        names = "; ".join(each.name for each in (found or clocks)[:8])
        several = "more than one clock begins with" if found else "no clock begins with"
        raise NotFound(f'{several.capitalize()} "{text}". There is {names or "none"}.')
    return found[0]


COMMANDS = (
    Command(
        "incident", "told", told, Role.TECHNICIAN, "Record that somebody was told: who, by whom, when, with what proof",
        parameters=(
            CLIENT, WHAT, _CLOCK, Parameter("to", "who was told", required=True),
            Parameter("by", "who told them; you if left out"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("at", "the time of day, such as 14:30"),
            Parameter("proof", "what shows it, or a link", Kind.LONG_TEXT),
        ),
        example='/engagement incident told calder "Mailbox of the CFO" clock:"Texas breach notification law: Attorney" '
        'to:"Attorney General, online form" proof:"receipt 4711"',
    ),
    Command(
        "incident", "dismiss", dismiss, Role.MANAGER, "Record that a clock does not apply, and why",
        parameters=(CLIENT, WHAT, _CLOCK, Parameter("reason", "why, and who says so", Kind.LONG_TEXT, required=True)),
        example='/engagement incident dismiss calder "Mailbox of the CFO" clock:"HIPAA: the media" '
        'reason:"counsel: fewer than 500 residents"',
    ),
    Command(
        "incident", "resume", resume, Role.MANAGER, "Take back what was recorded about a clock",
        parameters=(CLIENT, WHAT, _CLOCK),
        example='/engagement incident resume calder "Mailbox of the CFO" clock:"HIPAA: the media"',
    ),
)  # fmt: skip
