"""Erasing a client: its people and words go, the proof of who was responsible when stays."""

from collections.abc import Collection, Mapping

from commands.arguments import Arguments
from commands.clients.client import OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.holds import held_ids, refuse_held
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Emphasis, Reply
from storage.records import Client, ClientStatus, Role
from storage.repositories.erasure import APART, GOES, STAYS


def erase(ctx: Context, args: Arguments) -> Reply:
    """The last step names the client by number only: what is typed is kept in the audit log."""
    client = _client(ctx, args)
    if client.status is not ClientStatus.OFFBOARDED:
        raise Conflict(
            f"{client.name} is still a client. Only clients that were offboarded can be erased.",
            next_steps=(command_line("/engagement client offboard", client.name),),
        )
    refuse_held(ctx.uow, (client, *_merged(ctx, client)), "be erased")
    if not args.confirm:
        return _confirmation(client)
    if args.number is None:
        raise UsageError("number is missing: the last step names the client by its number.", next_steps=_next(client))
    told = ctx.uow.erasure.client(client.id, (client.name, *client.aliases, *client.former_names), held_ids(ctx.uow))
    return Reply(
        f"Client number {client.id} is erased: its names, people, questions and notes are gone.",
        lines=(
            f"{told} entries of the audit log lost their words. Its chain is whole: what happened when stays proven.",
            f"Gone: {_list_counts(GOES)}.",
            f"Kept: {_list_counts(STAYS, APART)}.",
        ),
        cautions=("Backups and files made before still have everything: erase or replace them, too.",),
        data={"client_id": client.id, "audit_entries": told},
    )


def _merged(ctx: Context, client: Client) -> list[Client]:
    """The clients that became part of it: they go with it."""
    found = (ctx.uow.clients.find(each) for each in ctx.uow.clients.merged_into(client.id))
    return [each for each in found if each is not None]


def _client(ctx: Context, args: Arguments) -> Client:
    if args.number is None:
        if args.client is None:
            raise UsageError("client is missing: the client's name or number.", fields={"client": "is missing."})
        found: Client = args.client
        return found
    by_number = ctx.uow.clients.find(args.number)
    if by_number is None:
        raise NotFound(f"There is no client number {args.number}.")
    return by_number


def _confirmation(client: Client) -> Reply:
    command = command_line("client erase", number=client.id, confirm="yes")
    return Reply(
        f"Erase {client.name} (number {client.id}) for good?",
        lines=(
            f"Gone will be: {_list_counts(GOES)}; the words of the audit entries about it.",
            f"Kept will be: verdicts and dates; {_list_counts(STAYS, APART)}.",
            "Read what is kept and may name people before you erase, and correct it:",
            *(command_line("/engagement", *words) for words in _to_read(client)),
        ),
        choices=(Choice("Erase for good", command, Emphasis.DANGER, "It cannot be undone. Backups are not touched."),),
        next_steps=_next(client),
    )


def _list_counts(*kinds: Mapping[str, Collection[str]]) -> str:
    return "; ".join(words for each in kinds for words in each)


def _to_read(client: Client) -> tuple[tuple[str, ...], ...]:
    return ("matrix", "show", client.name), ("promise", "list", client.name), ("access", client.name)


def _next(client: Client) -> tuple[str, ...]:
    return (command_line("/engagement client erase", number=client.id, confirm="yes"),)


COMMANDS = (
    Command(
        "client", "erase", erase, Role.ADMIN, "Erase an offboarded client's people and words; the proof stays",
        parameters=(
            OPTIONAL_CLIENT,
            Parameter("number", "the client's number, instead of its name", Kind.INTEGER),
            Parameter("confirm", "erase it for good", Kind.YES_NO),
        ),
        example="/engagement client erase calder",
    ),
)  # fmt: skip
