"""Clients: who they are, how people name them, and where they are talked about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NeedsYes, NotAllowed, UsageError
from commands.grammar.words import command_line
from commands.holds import hold_on
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.questions.like_names import KnownNames, difference
from commands.rules.text.people import as_channel, as_person
from commands.rules.text.phrases import join_names
from commands.rules.text.placeholders import BLANK
from storage.records import Client, ClientStatus, Role
from storage.records.client import client_key

CLIENT = Parameter("client", "the client's name or alias", Kind.CLIENT, positional=True, required=True, hint="")
OPTIONAL_CLIENT = replace(CLIENT, required=False)
_FACTS = (
    Parameter(
        "alias", "another name people use; may be given several times", many=True, hint="another name people use"
    ),
    Parameter("channel", "a Slack channel about this client", Kind.CHANNEL, many=True),
    Parameter("owner", "who answers for this client", Kind.PERSON),
    Parameter("backup", "who stands in for the owner", Kind.PERSON),
    Parameter("country", "for holidays and dates, as a code or a name: US, GB, Australia", Kind.COUNTRY),
    Parameter("subdivision", "the state or region, for holidays: TX, SCT"),
    Parameter("zone", "the client's time zone", Kind.ZONE),
    Parameter("industry", "what the client does"),
    Parameter("employees", "how many people it employs", Kind.INTEGER, most=9_999_999),
)
_FIELDS = {
    "owner": "owner",
    "backup": "backup_owner",
    "zone": "time_zone",
    "industry": "industry",
    "employees": "employees",
}
_MAY_BE_EMPTY = {**_FIELDS, "country": "country", "subdivision": "subdivision"}


def add(ctx: Context, args: Arguments) -> Reply:
    new = new_client(ctx, args)
    _ask_about_like_names(ctx, (new.name, *new.aliases), but=None)
    client = ctx.uow.clients.add(new)
    return _client_reply(ctx, client, f"{client.name} is recorded as a client.")


def new_client(ctx: Context, args: Arguments) -> Client:
    """What `add` adds. Raises Conflict for a name, an alias or a channel that is taken; UsageError for a backup that is
    the owner.
    """
    _refuse_taken(ctx, (args.name, *args.alias), args.channel, but=None)
    client = Client(name=args.name, aliases=args.alias, channels=args.channel, **_changes(args))
    _refuse_owner_as_backup(client)
    return client


def edit(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    changes = edits(args)
    headline = f"{client.name} is changed."
    if "former_names" in changes:
        headline = f"{client.name} is changed: it is called {args.name} now, and its former name still leads to it."
    return _save(ctx, client, headline, changes)


def edits(args: Arguments) -> dict[str, Any]:
    """What `edit` changes of the client, as given: it may be the same as before."""
    client: Client = args.client
    changes = _changes(args) | args.given("name")
    if args.name and client_key(args.name) != client_key(client.name):
        former = (*client.former_names, client.name)
        now = client_key(args.name)
        changes["former_names"] = tuple(dict.fromkeys(name for name in former if client_key(name) != now))
    for name, field, given in (("alias", "aliases", args.alias), ("channel", "channels", args.channel)):
        if given or args.emptied(name):
            known = () if args.is_whole or name in args.wiped else getattr(client, field)
            changes[field] = tuple(dict.fromkeys((*known, *given)))
    return changes


def alias(ctx: Context, args: Arguments) -> Reply:
    """Of an alias that is a former name, too, only the alias is forgotten."""
    client: Client = args.client
    gone, known = set(map(client_key, args.remove)), set(map(client_key, client.aliases))
    aliases = tuple(name for name in dict.fromkeys((*client.aliases, *args.alias)) if client_key(name) not in gone)
    former = tuple(name for name in client.former_names if client_key(name) not in gone or client_key(name) in known)
    headline = f"{client.name} is also known as {', '.join(aliases) or 'nothing else'}."
    if still := [f'"{name}"' for name in former if client_key(name) in gone]:
        headline += f" As a former name {join_names(still, 5)} still leads to it: forget it again to let it go."
    return _save(ctx, client, headline, {"aliases": aliases, "former_names": former})


def link(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    channel = args.channel or ctx.channel
    if channel is None or channel.startswith("D"):
        raise Conflict("Which channel? Type this in the channel itself, or name it after the client.")
    if args.remove:
        channels = tuple(known for known in client.channels if known != channel)
        return _save(
            ctx, client, f"{as_channel(channel)} is no longer linked to {client.name}.", {"channels": channels}
        )
    channels = tuple(dict.fromkeys((*client.channels, channel)))
    return _save(ctx, client, f"Questions in this channel are about {client.name} now.", {"channels": channels})


def list_clients(ctx: Context, args: Arguments) -> Reply:
    clients = ctx.uow.clients.list(offboarded=bool(args.all))
    if not clients:
        return Reply(
            "There are no clients yet.",
            next_steps=(command_line("/engagement client add", BLANK, alias=BLANK, zone=BLANK),),
        )
    rows = tuple(
        (
            client.name,
            ", ".join(client.aliases),
            as_person(client.owner),
            client.time_zone or "",
            client.status.value,
        )
        for client in clients
    )
    headline = "1 client." if len(clients) == 1 else f"{len(clients)} clients."
    return Reply(
        headline,
        table=Table(("Client", "Aliases", "Owner", "Time zone", "Status"), rows),
        data={"clients": [_as_data(client) for client in clients]},
    )


def show(ctx: Context, args: Arguments) -> Reply:
    return _client_reply(ctx, args.client, args.client.name)


def offboard(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    if client.status is ClientStatus.OFFBOARDED:
        raise Conflict(f"{client.name} is offboarded already.")
    return _save(
        ctx,
        client,
        f"{client.name} is offboarded: nothing is deleted, and no reminders will be planned for it.",
        {"status": ClientStatus.OFFBOARDED, "offboarded_on": ctx.today_for(client)},
    )


def reinstate(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    if not client.is_offboarded:
        raise Conflict(f"{client.name} is not offboarded.")
    return _save(
        ctx,
        client,
        f"{client.name} is a client again: its agreements, reminders and checks count as they are on record.",
        {"status": ClientStatus.ACTIVE, "offboarded_on": None},
    )


def _changes(args: Arguments) -> dict[str, Any]:
    changes = {_FIELDS[name]: value for name, value in args.given(*_FIELDS).items()}
    changes |= {name: value.upper() for name, value in args.given("country", "subdivision").items()}
    return changes | {_MAY_BE_EMPTY[name]: None for name in args.emptied(*_MAY_BE_EMPTY)}


def _current(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, str | tuple[str, ...]] | None:
    """The client as somebody would type it."""
    client: Client | None = values.get("client")
    if client is None:
        return None
    texts = {"name": client.name, **{name: getattr(client, field) for name, field in _MAY_BE_EMPTY.items()}}
    return {name: str(text) for name, text in texts.items() if text not in (None, "")} | {
        "client": client.name, "alias": client.aliases, "channel": client.channels,
    }  # fmt: skip


def _save(ctx: Context, client: Client, headline: str, changes: dict[str, Any]) -> Reply:
    after = client.changed(**changes)
    if after == client:
        return _client_reply(ctx, client, f"{client.name} is as it was: nothing to change was given.")
    reply = _client_reply(ctx, save_client(ctx, client, after), headline)
    return replace(reply, cautions=(*reply.cautions, *_in_use_again(client, after), *_region_left(client, after)))


def _in_use_again(before: Client, after: Client) -> Iterator[str]:
    """That a former name is a present one now: it led to the client already, and answers said that it was renamed."""
    names = [name for name in (after.name, *after.aliases) if before.former_name(name) is not None]
    if names:
        said = join_names([f'"{name}"' for name in names], 5)
        yield f"{said} was a former name: it is in use again, and answers no longer say that the client was renamed."


def _region_left(before: Client, after: Client) -> Iterator[str]:
    """That the country has changed, and the state or region has not."""
    region, was = after.subdivision, before.country
    if region and was and was != after.country and region == before.subdivision:
        yield f"The state or region is still {region}, which was recorded for {was}. Change it, or empty it."


def save_client(ctx: Context, client: Client, after: Client) -> Client:
    """Raises Conflict for a name, an alias or a channel that is taken; NotAllowed for one that only admins link;
    NeedsYes for a new name that is like another client's; UsageError for a backup that is the owner.
    """
    if (client.owner, client.backup_owner) != (after.owner, after.backup_owner):
        _refuse_owner_as_backup(after)
    names = (after.name, *after.aliases)
    _refuse_taken(ctx, names, after.channels, but=client)
    known = set(map(client_key, (client.name, *client.aliases, *client.former_names)))
    _ask_about_like_names(ctx, [name for name in names if client_key(name) not in known], but=client)
    if set(after.channels) - set(client.channels):
        _refuse_a_larger_circle(ctx, client)
    return ctx.uow.clients.save(after)


def _refuse_owner_as_backup(client: Client) -> None:
    """The backup is told when the owner does not answer. Raises UsageError where both are the same person."""
    if client.owner is not None and client.owner == client.backup_owner:
        person = as_person(client.owner)
        raise UsageError(
            f"{person} cannot be both owner and backup: the backup is told when the owner does not answer. Name "
            "somebody else as one of them, or leave the backup empty.",
            fields={"backup": f"is the owner, {person}. Name somebody else, or leave it empty."},
        )


def _refuse_a_larger_circle(ctx: Context, client: Client) -> None:
    """What is about a restricted client may be shown in its channels. Raises NotAllowed for all but admins."""
    visibility = ctx.uow.visibilities.of_client(client.id)
    if visibility is not None and visibility.is_restricted and not ctx.actor.role.may_act_as(Role.ADMIN):
        raise NotAllowed(
            f"{client.name} is restricted to named people, and its answers may be shown in its channels: only an "
            "admin links another one."
        )


def _ask_about_like_names(ctx: Context, names: Sequence[str], but: Client | None) -> None:
    """Raises NeedsYes, until confirmed, where only spelling, a legal form or a slip tells a name from another
    client's name, alias or former name.
    """
    if ctx.is_confirmed or not names:
        return
    known = KnownNames()
    for key, other in ctx.uow.clients.keys().items():
        if but is None or other != but.name:
            known.add(key, other)
    for name in names:
        if (found := known.like(name)) is not None:
            other, is_same = found
            raise NeedsYes(
                f'"{name}" is nearly the name of {other}: {difference(is_same)}. Nothing is saved yet. Is it another '
                "client?",
                next_steps=(command_line("/engagement client show", other),),
            )


def _refuse_taken(ctx: Context, names: tuple[str, ...], channels: tuple[str, ...], but: Client | None) -> None:
    """A name, alias or channel leads to one client only. Raises Conflict."""
    for name in names:
        if not client_key(name):
            raise Conflict(f'"{name}" has no letters or digits; a client needs a name that can be typed.')
        found = ctx.uow.clients.find_by_key(name)
        if found is not None and (but is None or found.id != but.id):
            if (former := found.former_name(name)) is not None:
                raise Conflict(
                    f'"{former}" is the former name of {found.name}. Nothing was saved. If it is another client, let '
                    "the former name go first.",
                    next_steps=(
                        command_line("/engagement client alias", found.name, remove=former),
                        command_line("/engagement client show", found.name),
                    ),
                )
            raise Conflict(f'"{name}" is already the name or an alias of {found.name}.')
        with ctx.uow.revealed():
            is_free = found is not None or ctx.uow.clients.find_by_key(name) is None
        if not is_free:  # by a client that does not exist for whoever asks: nothing more may be said
            raise Conflict(f'"{name}" cannot be used as a name here. Choose another.')
    for channel in channels:
        found = ctx.uow.clients.for_channel(channel)
        if found is not None and (but is None or found.id != but.id):
            raise Conflict(f"That channel is already linked to {found.name}.")
        with ctx.uow.revealed():
            is_free = found is not None or ctx.uow.clients.for_channel(channel) is None
        if not is_free:
            raise Conflict("That channel cannot be linked here. Choose another.")


def _client_reply(ctx: Context, client: Client, headline: str) -> Reply:
    agreements = ctx.uow.agreements.of_client(client.id)
    facts = (
        ("Aliases", ", ".join(client.aliases)),
        ("Formerly", ", ".join(name for name in client.former_names if client.former_name(name) is not None)),
        ("Channels", ", ".join(as_channel(channel) for channel in client.channels)),
        ("Owner", as_person(client.owner)),
        ("Backup", as_person(client.backup_owner)),
        ("Time zone", client.time_zone),
        ("Country", " ".join(filter(None, (client.country, client.subdivision)))),
        ("Industry", client.industry),
        ("Employees", f"{client.employees:,}" if client.employees is not None else None),
        ("Status", client.status.value),
        ("Offboarded on", str(client.offboarded_on) if client.offboarded_on else None),
        ("Legal hold", _hold(ctx, client)),
        ("Agreements", ", ".join(agreement.reference for agreement in agreements) or "none yet"),
    )
    steps = () if agreements else (command_line("/engagement agreement add", client.name, reference=BLANK, kind=BLANK),)
    return Reply(
        headline,
        fields=tuple(Field(label, value) for label, value in facts if value),
        choices=_leading_on(ctx, client, has_agreements=bool(agreements)),
        next_steps=steps,
        data={"client": _as_data(client)},
    )


def _leading_on(ctx: Context, client: Client, *, has_agreements: bool) -> tuple[Choice, ...]:
    """To what is recorded beside it; where there is no agreement yet, to the first one."""
    edit = Choice("Edit", command_line("client edit", client.name), opens_form=True)
    if not has_agreements:
        return Choice("Add an agreement", command_line("agreement add", client.name), opens_form=True), edit
    has_rows = bool(ctx.uow.responsibilities.counts([client.id]).get(client.id))
    coverage = Choice("Coverage as a picture", command_line("matrix coverage", client.name))
    timeline = Choice("Timeline of agreements", command_line("agreement timeline", client.name))
    return (edit, *((coverage,) if has_rows else ()), timeline)


def _hold(ctx: Context, client: Client) -> str | None:
    hold = hold_on(ctx.uow, client.id)
    return f"since {hold.placed_on}, by {hold.ordered_by}: nothing of it is erased or merged away" if hold else None


def _as_data(client: Client) -> dict[str, Any]:
    return client.model_dump(mode="json", exclude={"version", "matrix_version"})


_NAME = Parameter("name", "the client's name", positional=True, required=True)
COMMANDS = (
    Command(
        "client", "add", add, Role.MANAGER, "Record a client", parameters=(_NAME, *_FACTS),
        form=FormLayout(first=("alias", "owner", "backup", "channel", "zone", "industry")),
        example='/engagement client add "Calder Ridge" alias:calder zone:America/Chicago owner:@dana',
    ),
    Command(
        "client", "edit", edit, Role.MANAGER, "Change what is recorded about a client",
        form=FormLayout(first=("name", "alias", "owner", "backup", "channel", "zone", "industry")),
        parameters=(CLIENT, Parameter("name", "a new name"), *_FACTS), current=_current,
        example="/engagement client edit calder owner:@dana backup:@priya",
    ),
    Command(
        "client", "alias", alias, Role.TECHNICIAN, "Add or remove other names people use for a client",
        parameters=(
            CLIENT,
            Parameter("alias", "another name", positional=True, many=True),
            Parameter("remove", "a name to forget", many=True),
        ),
        example='/engagement client alias "Calder Ridge" CR "Calder R."',
    ),
    Command(
        "client", "link", link, Role.TECHNICIAN, "Make a channel be about a client",
        parameters=(
            CLIENT,
            Parameter("channel", "the channel; this one if left out", Kind.CHANNEL, positional=True),
            Parameter("remove", "unlink it instead", Kind.YES_NO),
        ),
        example='/engagement client link "Calder Ridge" #calder-ridge',
    ),
    Command(
        "client", "list", list_clients, Role.VIEWER, "All clients", changes=False,
        parameters=(Parameter("all", "offboarded ones too", Kind.YES_NO),),
        example="/engagement client list",
    ),
    Command(
        "client", "show", show, Role.VIEWER, "What is recorded about a client", changes=False,
        parameters=(CLIENT,), example="/engagement client show calder",
    ),
    Command(
        "client", "offboard", offboard, Role.MANAGER, "Stop working for a client; the records stay",
        confirm="Stop working for this client: no reminder is planned for it any more. Nothing is deleted.",
        parameters=(CLIENT,), example="/engagement client offboard calder",
    ),
    Command(
        "client", "reinstate", reinstate, Role.MANAGER, "Work for an offboarded client again",
        parameters=(CLIENT,), example="/engagement client reinstate calder",
    ),
)  # fmt: skip
