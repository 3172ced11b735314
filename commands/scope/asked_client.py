"""The client that a scope question is about; and where that is unclear, a button for each that may be meant."""

import re

from commands.arguments import Arguments
from commands.command import Context
from commands.errors import NotFound, UnclearClient, UsageError
from commands.grammar import lookup
from commands.grammar.client_in_question import GoesOn, Named, client_inside, client_of_channel_inside
from commands.grammar.other_clients import (
    refuse_near_clients,
    refuse_other_clients,
    refuse_several_clients,
    refuse_strangers,
)
from commands.grammar.words import command_line
from commands.likely_clients import likely_clients
from commands.reply import Choice
from commands.scope.settlement import client_of
from storage.records import Client

_LONGEST = 1000
# So many clients are offered as buttons.
_FEW = 5


def client_and_question(ctx: Context, args: Arguments) -> Named:
    """The client named first, else inside the question, else of the thread's last question, else of the channel."""
    asked = (args.question or "").strip()
    if args.client is not None:
        named = Named(args.client, asked, args.called or "")
        if args.of is None:
            _refuse_two_clients(ctx, named)
    else:
        named = _client_in_question(ctx, asked)
    if not named.rest:
        raise UsageError(
            f"What about {named.client.name}? Type the question after the name.",
            fields={"question": "is missing."},
            next_steps=(command_line("/scope", named.client.name) + " who patches the firewall?",),
        )
    if len(named.rest) > _LONGEST:
        raise UsageError(f"The question has {len(named.rest):,} characters; at most {_LONGEST:,} are read. Shorten it.")
    return named


def _client_in_question(ctx: Context, question: str) -> Named:
    """Raises UnclearClient where the question may be about another client than that of the thread or channel."""
    assumed = client_of_thread(ctx) or lookup.linked_client(ctx)
    try:
        of_channel = client_of_channel_inside(ctx, question)
        inside = client_inside(ctx, question if of_channel is None else of_channel.rest)
        if of_channel is not None and inside is not None and of_channel.client.id != inside.client.id:
            raise UnclearClient(
                f"{of_channel.called} is linked to {of_channel.client.name}, and the question names "
                f"{inside.client.name}. Ask about one client at a time.",
                "",
                (of_channel.client.name, inside.client.name),
            )
        named = inside or of_channel
        if named is None and assumed is None:
            raise _which_client(ctx, question)
        if named is None and assumed is not None:
            refuse_several_clients(question)
            refuse_other_clients(ctx, assumed, question)
            return Named(assumed, question, "")
    except UnclearClient as error:
        _offer(error, _without(question, error.typed) if isinstance(error, GoesOn) else question, assumed)
        raise
    assert named is not None, "nothing was named and nothing assumed: refused above"
    _refuse_near_client(ctx, named)
    return named


def _which_client(ctx: Context, question: str) -> NotFound:
    """With a button for each of those that are likely meant, where there is a question to be asked about them."""
    clients = [each.name for each in likely_clients(ctx, question)]
    if not clients:
        return NotFound("There are no clients yet.", next_steps=("/engagement setup",))
    said = "Which client? Name it, or ask in a channel that is linked to the client."
    if question:
        return UnclearClient(said, "", clients, next_steps=("/engagement client list",))
    return NotFound(said, next_steps=(command_line("/scope", clients[0]) + " who patches the firewall?",))


def _refuse_two_clients(ctx: Context, named: Named) -> None:
    """Raises UnclearClient where a question that began with one client names another."""
    other = client_inside(ctx, named.rest)
    if other is not None and other.client.id != named.client.id:
        error = UnclearClient(
            f"The question begins with {named.client.name} and names {other.client.name}. Which one is it about?",
            "",
            (named.client.name, other.client.name),
        )
        _offer(error, other.rest, None)
        raise error
    _refuse_near_client(ctx, named)


def _refuse_near_client(ctx: Context, named: Named) -> None:
    """Raises UnclearClient where a question that names one client comes close to naming another, or is for somebody
    whom nobody knows.
    """
    asked = re.sub(r'"[^"]*"', ", ", named.rest)
    try:
        refuse_near_clients(ctx, named.client, asked)
    except UnclearClient as near:
        error = UnclearClient(
            f'The question names {named.client.name}, and "{near.typed}" may be {" or ".join(near.candidates)}. '
            "Ask about one client at a time.",
            near.typed,
            (*near.candidates, named.client.name),
        )
        _offer(error, _without(named.rest, near.typed), None)
        raise error from near
    try:
        refuse_strangers(ctx, named.client, asked)
    except UnclearClient as stranger:
        error = UnclearClient(
            f'The question names {named.client.name}, and there is no client called "{stranger.typed}". Ask about one '
            "client at a time.",
            stranger.typed,
            (*stranger.candidates, named.client.name),
        )
        _offer(error, named.rest, named.client)
        raise error from stranger


def _without(question: str, name: str) -> str:
    """The question without the name, and without what leads to it."""
    rest = re.sub(rf"(?:\b(?:and|or|for|at|of|with|about|in)\s+)?{_written(name)}(?:['’]s)?", " ", question, count=1)
    return " ".join(rest.split())


def _written(name: str) -> str:
    """The expression for the words of a name, whatever stands between them."""
    return r"[\W_]+".join(map(re.escape, name.split()))


def _offer(error: UnclearClient, question: str, assumed: Client | None) -> None:
    """Give `error` a button for each client that may be meant."""
    names = (*error.candidates[:_FEW], *([assumed.name] if assumed else []))
    rest = _plain(question)
    # In quotes what comes close to another client's name is no name: whoever presses the button says so.
    of_assumed = re.sub(f"({_written(error.typed)})", r'"\1"', rest, count=1) if error.typed else rest
    rests = {name: of_assumed if assumed is not None and name == assumed.name else rest for name in names}
    error.choices = tuple(
        Choice(name, command_line("scope ask", client=name) + f" {rest}", is_option=True)
        for name, rest in rests.items()
    )
    if assumed is not None and assumed.name not in error.candidates:
        error.message += f" {assumed.name} is the client of this channel."


def _plain(question: str) -> str:
    """The question without references to channels."""
    return " ".join(re.sub(r"<#[^<>]*>", " ", question).split()).strip(" ,:")


def client_of_thread(ctx: Context) -> Client | None:
    """The client of the last question in this thread."""
    if ctx.thread is None or ctx.channel is None:
        return None
    earlier = ctx.uow.questions.newest_in_thread(ctx.channel, ctx.thread)
    return client_of(ctx, earlier) if earlier else None
