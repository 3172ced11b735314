"""Incidents: recorded with what is known, kept up as facts become known, and closed. Recording one puts a legal hold on
the client and freezes what was on record at the discovery; nothing here decides which law applies.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from commands.arguments import Arguments
from commands.clients.client import CLIENT, OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.holds import hold_on
from commands.incidents.naming import called, incident_named
from commands.incidents.sheet import by_words, discovered_words, moment, place_words, sheet_of, sheet_reply
from commands.known_regulations import known_regulations
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.dates.clock_times import read_time
from commands.rules.incidents.clocks import discovered_at
from commands.rules.incidents.places import MOST_PEOPLE, Place, kept_places, read_places
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Hold, Incident, Role
from storage.records.client import client_key

WHAT = Parameter("what", "what happened, how its text begins, or its number", positional=True, required=True)
_COLUMNS = ("No.", "Client", "What", "Discovered", "Residents of", "Clocks", "Next")
_KEPT = {
    "people": "people", "determined": "determined_on", "reported_by": "reported_by", "owner": "owner", "notes": "notes",
}  # fmt: skip


def record(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    zone = ctx.zone_of(client)
    _refuse_known(ctx, client, args.what)
    draft = Incident(
        client_id=client.id,
        what=args.what,
        discovered_on=args.discovered,
        discovered_time=time_of("at", args.at),
        zone=zone.key,
        data=args.data,
        residents=_entries(_places(ctx, client, args.residents)),
        **{_KEPT[name]: value for name, value in args.given(*_KEPT).items()},
        **versions.stamp(ctx),
    )
    _refuse_future(ctx, draft)
    _refuse_order(draft)
    kept = ctx.uow.incidents.record(draft)
    held = _hold(ctx, client, kept)
    return sheet_reply(ctx, client, kept, f"{client.name}: the incident is recorded. {held}")


def edit(ctx: Context, args: Arguments) -> Reply:
    """Facts became known: what is given is added to the lists and replaces the rest; earlier versions are kept."""
    client: Client = args.client
    old = standing(ctx, client, args.what)
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: None for name in args.emptied(*_KEPT)}
    if args.wording:
        _refuse_known(ctx, client, args.wording, besides=old)
        changes["what"] = args.wording
    if args.discovered:
        changes |= {"discovered_on": args.discovered}
    if args.at or args.emptied("at"):
        changes["discovered_time"] = time_of("at", args.at)
    if args.data or args.emptied("data"):
        changes["data"] = tuple(dict.fromkeys((*old.data, *args.data))) if args.data else ()
    if args.residents or args.without or args.emptied("residents"):
        changes["residents"] = _entries(_changed_places(ctx, client, old, args))
    if not changes:
        raise UsageError("Nothing to change was given.", next_steps=("/engagement help incident edit",))
    changes["first_id"] = old.number
    after = old.changed(**changes)
    _refuse_future(ctx, after)
    _refuse_order(after)
    kept = versions.replace_version(ctx, ctx.uow.incidents, old, changes)
    return sheet_reply(ctx, client, kept, f"{client.name}: it is changed; what it said before is kept.")


def close(ctx: Context, args: Arguments) -> Reply:
    """Nothing of it is reminded of any more. The hold stays until somebody lifts it."""
    client: Client = args.client
    old = standing(ctx, client, args.what)
    on: date = args.on or ctx.today_for(client)
    left = [each for each in sheet_of(ctx.uow, client, old, ctx.now).clocks if each.state.is_open]
    changes = {"end_reason": args.reason, "first_id": old.number}
    back = command_line("/engagement incident reopen", client.name, called(ctx.uow, old))
    after, _ = endings.end(ctx, ctx.uow.incidents, old, on, is_stated=True, take_back=back, changes=changes)
    reply = sheet_reply(ctx, client, after, f"{client.name}: the incident is closed. A legal hold stays.")
    if left:
        said = f"{counted(len(left), 'clock')} {'was' if len(left) == 1 else 'were'} still open when it was closed."
        return _with_caution(reply, said)
    return reply


def reopen(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = incident_named(ctx.uow.incidents.current(client.id), args.what, client)
    changes = {"end_reason": None, "first_id": old.number}
    after, said = endings.take_back(ctx, ctx.uow.incidents, old, f'"{old.what}"', changes)
    return sheet_reply(ctx, client, after, f"{client.name}: it is open again. {said}")


def show(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    found = incident_named(ctx.uow.incidents.current(client.id), args.what, client)
    return sheet_reply(ctx, client, found, f"{client.name}: {found.what}")


def list_incidents(ctx: Context, args: Arguments) -> Reply:
    """Of one client, or of all that one may see."""
    client: Client | None = args.client
    clients = {each.id: each for each in ([client] if client else ctx.uow.clients.list(offboarded=True))}
    known = [each for each in ctx.uow.incidents.current(client.id if client else None) if each.client_id in clients]
    shown = [each for each in known if args.history or each.ended_on is None]
    rows, data = [], []
    for each in sorted(shown, key=discovered_at, reverse=True):
        whose = clients[each.client_id or 0]
        open_ones = [one for one in sheet_of(ctx.uow, whose, each, ctx.now).clocks if one.state.is_open]
        following = by_words(open_ones[0]) if open_ones else ""
        rows.append(
            (
                str(each.number), whose.name, each.what, discovered_words(each), place_words(each) or "not recorded",
                f"closed on {each.ended_on}" if each.ended_on else f"{len(open_ones)} open", following,
            )
        )  # fmt: skip
        data.append(each.model_dump(mode="json") | {"number": each.number, "open": len(open_ones)})
    name = f"{client.name}: " if client else ""
    first = command_line("/engagement incident record", client.name if client else BLANK, BLANK, discovered=BLANK)
    nothing = f"{name}no open incident is recorded." if name else "No open incident is recorded."
    return Reply(
        f"{name}{counted(len(shown), 'incident')}." if shown else nothing,
        table=Table(_COLUMNS, tuple(rows)) if rows else None,
        next_steps=() if rows else (first,),
        data={"incidents": data},
    )  # fmt: skip


def standing(ctx: Context, client: Client, text: str) -> Incident:
    """The open incident of that name. Raises NotFound."""
    known = [each for each in ctx.uow.incidents.current(client.id) if each.ended_on is None]
    return incident_named(known, text, client, "open incident")


def time_of(name: str, text: str | None) -> time | None:
    """Raises UsageError for what is no time of day."""
    if not text:
        return None
    try:
        return read_time(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}", fields={name: str(error)}) from None


def _places(ctx: Context, client: Client, texts: Sequence[str], name: str = "residents") -> tuple[Place, ...]:
    """A law of the workspace's own makes its place known by its code, though the shipped catalogue has none of it."""
    known = known_regulations(ctx.uow).regulations
    states = {
        (each.place or each.jurisdiction).casefold(): each.jurisdiction for each in known if "-" in each.jurisdiction
    }
    try:
        return read_places(texts, states, client.country)
    except ValueError as error:
        raise UsageError(f"{name}: {error}", fields={name: str(error)}) from None


def _changed_places(ctx: Context, client: Client, old: Incident, args: Arguments) -> list[Place]:
    held = {} if args.emptied("residents") else {each.code: each for each in kept_places(old.residents)}
    for each in _places(ctx, client, args.residents):
        before = held.get(each.code)
        held[each.code] = Place(each.code, before.count if before and each.count is None else each.count)
    gone = {each.code for each in _places(ctx, client, args.without, "without")}
    if missing := gone - set(held):
        said = f"{', '.join(sorted(missing))} is not on record."
        raise UsageError(f"without: {said}", fields={"without": said})
    return [each for code, each in held.items() if code not in gone]


def _entries(places: Sequence[Place]) -> tuple[str, ...]:
    return tuple(each.entry for each in places)


def _refuse_known(ctx: Context, client: Client, what: str, besides: Incident | None = None) -> None:
    known = [each for each in ctx.uow.incidents.current(client.id) if besides is None or each.id != besides.id]
    if any(client_key(each.what) == client_key(what) for each in known):
        raise Conflict(
            f'"{what}" is recorded already. Give it another name, or say what became known.',
            next_steps=(command_line("/engagement incident edit", client.name, what),),
        )


def _refuse_future(ctx: Context, incident: Incident) -> None:
    at = discovered_at(incident)
    if at > ctx.now:
        said = f"{moment(at, ZoneInfo(incident.zone))} has not come yet."
        raise UsageError(f"at: {said}", fields={"at": said})


def _refuse_order(incident: Incident) -> None:
    versions.refuse_before(
        incident.determined_on or date.max, incident.discovered_on, "it was discovered", "determined"
    )
    count = sum(each.count or 0 for each in kept_places(incident.residents))
    if incident.people is not None and count > incident.people:
        said = f"{incident.people:,} is fewer than the {count:,} of the places."
        raise UsageError(f"people: {said}", fields={"people": said})


def _hold(ctx: Context, client: Client, incident: Incident) -> str:
    """Put the client on legal hold, unless it is; what was done, in words."""
    before = hold_on(ctx.uow, client.id)
    if before is not None:
        return f"It is on legal hold already, since {before.placed_on}."
    by = as_person(ctx.actor.user)
    reason = f"Incident no. {incident.number}: {incident.what}"
    ctx.uow.holds.record(
        Hold(
            client_id=client.id, reason=reason, ordered_by=f"the record of the incident, by {by}",
            placed_on=ctx.today_for(client), **versions.stamp(ctx),
        )
    )  # fmt: skip
    return "The client is on legal hold from today, until somebody lifts it."


def _with_caution(reply: Reply, said: str) -> Reply:
    return replace(reply, cautions=(said, *reply.cautions))


_FACTS = (
    Parameter("at", "the time of day of the discovery, such as 14:30; hours count from it"),
    Parameter(
        "data", "a kind of data concerned; may be given several times", many=True, hint="a kind of data concerned"
    ),
    Parameter("residents", "where the people live, with how many: TX 1200, CA, Germany", many=True),
    Parameter("people", "how many people in all, if that is known", Kind.INTEGER, most=MOST_PEOPLE),
    Parameter("determined", "when it was determined to be a breach", Kind.DATE, has_happened=True),
    Parameter("reported-by", "who reported it"),
    Parameter("owner", "who of us watches over the clocks; the client's owner if left out", Kind.PERSON),
    Parameter("notes", "what else is known", Kind.LONG_TEXT),
)
COMMANDS = (
    Command(
        "incident", "record", record, Role.TECHNICIAN,
        "Record an incident: who must be told by when, and a legal hold on the client",
        form=FormLayout(first=("what", "discovered", "at", "residents", "people", "data")),
        parameters=(
            CLIENT, Parameter("what", "what happened, in a few words", positional=True, required=True),
            Parameter("discovered", "the day it was discovered", Kind.DATE, required=True, has_happened=True), *_FACTS,
        ),
        example='/engagement incident record calder "Mailbox of the CFO taken over" discovered:today at:14:30 '
        'data:"names and bank accounts" residents:"TX 1200, CA"',
    ),
    Command(
        "incident", "edit", edit, Role.TECHNICIAN, "Record what became known of an incident; versions are kept",
        parameters=(
            CLIENT, WHAT, Parameter("wording", "what it is called now"),
            Parameter("discovered", "the day it was discovered", Kind.DATE, has_happened=True), *_FACTS,
            Parameter("without", "a place where nobody concerned lives after all", many=True),
        ),
        example='/engagement incident edit calder "Mailbox of the CFO" residents:"NY 40" people:1300',
    ),
    Command(
        "incident", "close", close, Role.MANAGER, "Close an incident; its record and the legal hold stay",
        parameters=(
            CLIENT, WHAT, Parameter("reason", "why", Kind.LONG_TEXT, required=True),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
        ),
        example='/engagement incident close calder "Mailbox of the CFO" reason:"counsel: all are told"',
    ),
    Command(
        "incident", "reopen", reopen, Role.MANAGER, "Take back that an incident was closed", parameters=(CLIENT, WHAT),
        example='/engagement incident reopen calder "Mailbox of the CFO"',
    ),
    Command(
        "incident", "show", show, Role.TECHNICIAN, "The clocks of an incident, and what was on record at its discovery",
        parameters=(CLIENT, WHAT), changes=False, example='/engagement incident show calder "Mailbox of the CFO"',
    ),
    Command(
        "incident", "list", list_incidents, Role.TECHNICIAN, "Open incidents, with what has to be done next",
        parameters=(
            OPTIONAL_CLIENT,
            Parameter("history", "closed ones, too", Kind.YES_NO),
        ),
        changes=False, example="/engagement incident list",
    ),
)  # fmt: skip
