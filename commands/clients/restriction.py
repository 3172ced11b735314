"""Saying who may see a client, and in which channel with its own people its answers may be shown."""

import re

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.parameters import Kind, Parameter
from commands.reply import Field, Reply
from commands.rules.text.people import as_channel, as_person
from commands.visibility import restrictions
from storage.records import Client, Role, Visibility

_GROUP = re.compile(r"<!subteam\^(?P<mention>S[A-Z0-9]{2,30})(?:\|[^>]*)?>|(?P<id>S[A-Z0-9]{2,30})")


def restrict(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = _visibility(ctx, client)
    people = tuple(dict.fromkeys((*known.people, *args.to)))
    groups = tuple(dict.fromkeys((*known.groups, *(_group(text) for text in args.group))))
    people = tuple(user for user in people if user not in args.remove)
    groups = tuple(group for group in groups if group not in {_group(text) for text in args.remove_group})
    _save(ctx, known, is_restricted=True, people=people, groups=groups)
    return _restriction_reply(ctx, client, f"{client.name} is restricted: for everybody else it does not exist.")


def unrestrict(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = _visibility(ctx, client)
    if not known.is_restricted:
        raise Conflict(f"{client.name} is not restricted.")
    _save(ctx, known, is_restricted=False, people=(), groups=())
    return Reply(f"{client.name} is no longer restricted: everybody with a role here sees it.")


def share(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    channel = args.channel or ctx.channel
    if channel is None or channel not in client.channels:
        raise Conflict(
            f"That is not a channel of {client.name}. Link it first.",
            next_steps=(f'/engagement client link "{client.name}" #channel',),
        )
    known = _visibility(ctx, client)
    kept = tuple(each for each in known.open_channels if each != channel)
    if args.remove:
        _save(ctx, known, open_channels=kept)
        return Reply(f"In {as_channel(channel)} answers about {client.name} are shown to whoever asks alone.")
    _save(ctx, known, open_channels=(*kept, channel))
    return Reply(
        f"In {as_channel(channel)} answers about {client.name} may be shown to everybody.",
        cautions=("If the channel is shared with another company, its people read them too.",),
    )


def _visibility(ctx: Context, client: Client) -> Visibility:
    known = ctx.uow.visibilities.of_client(client.id)
    return known or Visibility(client_id=client.id, set_by=ctx.actor.user, set_at=ctx.now)


def _save(ctx: Context, known: Visibility, **changes: object) -> None:
    ctx.uow.visibilities.set(known.changed(**changes, set_by=ctx.actor.user, set_at=ctx.now))


def _group(text: str) -> str:
    """Raises UsageError for what is not a user group."""
    match = _GROUP.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f'"{text}" is not a user group. Type @ and pick the group, or write its id, S...',
            fields={"group": f'"{text}" is not a user group.'},
        )
    return match["mention"] or match["id"]


def _restriction_reply(ctx: Context, client: Client, headline: str) -> Reply:
    found = restrictions(ctx.uow)[client.id]
    people = ", ".join(as_person(user) for user in sorted(found.people)) or "nobody by name"
    fields = [Field("People", people), Field("User groups", ", ".join(found.groups))]
    alone = () if found.people or found.groups else ("Only admins see it now: name people with to:@person.",)
    return Reply(
        headline,
        lines=("Admins, and whoever answers for the client, its agreements or its promises, see it too.",),
        fields=tuple(field for field in fields if field.value),
        cautions=alone,
        data={"people": sorted(found.people), "groups": list(found.groups)},
    )


COMMANDS = (
    Command(
        "client", "restrict", restrict, Role.ADMIN, "Let only named people see a client; for others it does not exist",
        parameters=(
            CLIENT,
            Parameter("to", "who may see it", Kind.PERSON, many=True),
            Parameter("group", "a user group whose members may see it", many=True),
            Parameter("remove", "who may no longer see it", Kind.PERSON, many=True, may_be_absent=True),
            Parameter("remove-group", "a user group whose members may no longer see it", many=True),
        ),
        example="/engagement client restrict calder to:@sam to:@priya",
    ),
    Command(
        "client", "unrestrict", unrestrict, Role.ADMIN, "Let everybody with a role see a client again",
        parameters=(CLIENT,), example="/engagement client unrestrict calder",
    ),
    Command(
        "client", "share", share, Role.ADMIN, "Allow its answers to be shown in a channel with its own people",
        parameters=(
            CLIENT,
            Parameter("channel", "a channel linked to the client; this one if left out", Kind.CHANNEL, positional=True),
            Parameter("remove", "no longer allow it", Kind.YES_NO),
        ),
        example="/engagement client share calder #calder-ridge",
    ),
)  # fmt: skip
