"""The first three steps to value: import the clients, link their channels, import a matrix. Each is a button."""

from dataclasses import dataclass

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.reply import Choice, Emphasis, Reply
from storage.records import Client, Role

_ASK = "/scope acme who patches the firewall?"


@dataclass(frozen=True, slots=True)
class SetupStep:
    """`words` say what to do, or what is done already."""

    is_done: bool
    words: str
    choices: tuple[Choice, ...]


def show(ctx: Context, args: Arguments) -> Reply:
    found = steps(ctx)
    left = [step for step in found if not step.is_done]
    if not left:
        return Reply(
            "Everything is set up: ask whose responsibility something is.",
            lines=tuple(step.words for step in found),
            next_steps=(_ask_line(ctx),),
        )
    return Reply(
        "Three steps, and your technicians get answers from the signed agreements.",
        lines=tuple(f"{place}. {step.words}" for place, step in enumerate(found, start=1)),
        choices=with_one_primary([choice for step in left for choice in step.choices]),
        next_steps=("Then ask: " + _ask_line(ctx),),
        data={"done": [step.is_done for step in found]},
    )


def steps(ctx: Context, known: list[Client] | None = None) -> tuple[SetupStep, SetupStep, SetupStep]:
    """In order: clients, channels, a matrix. `known` are all clients, where they were read already."""
    clients = ctx.uow.clients.list() if known is None else known
    linked = [client for client in clients if client.channels]
    charted_id = ctx.uow.responsibilities.find_client() if clients else None
    charted = ctx.uow.clients.find(charted_id) if charted_id else None
    return (
        SetupStep(bool(clients), _clients_words(clients), _clients_choices()),
        SetupStep(bool(linked), _channels_words(linked), (Choice("Link a channel", "client link", opens_form=True),)),
        SetupStep(charted is not None, _matrix_words(charted), _matrix_choices(clients)),
    )


def with_one_primary(choices: list[Choice]) -> tuple[Choice, ...]:
    """The first of them is what to do next; Slack shows one primary button well, and two badly."""
    return tuple(
        Choice(each.label, each.command, Emphasis.PRIMARY if not place else Emphasis.PLAIN, each.confirm, True)
        for place, each in enumerate(choices)
    )


def _clients_words(clients: list[Client]) -> str:
    if clients:
        return f"Done: {len(clients)} {'client is' if len(clients) == 1 else 'clients are'} recorded."
    return "Import your clients from a spreadsheet (CSV or XLSX), or add the first one by hand."


def _clients_choices() -> tuple[Choice, ...]:
    return (
        Choice("Import clients", "client import", opens_form=True),
        Choice("Add a client", "client add", opens_form=True),
    )


def _channels_words(linked: list[Client]) -> str:
    if linked:
        return f"Done: {len(linked)} {'client has' if len(linked) == 1 else 'clients have'} a linked channel."
    return "Link each client's channels: questions there are then about that client."


def _matrix_words(charted: Client | None) -> str:
    if charted is not None:
        return f"Done: {charted.name} has a responsibility matrix."
    return "Record an agreement and import its responsibility matrix: you see a preview before anything is saved."


def _matrix_choices(clients: list[Client]) -> tuple[Choice, ...]:
    """For the first client, so that the form has its name already."""
    name = clients[0].name if clients else None
    return (
        Choice("Add an agreement", command_line("agreement add", name), opens_form=True),
        Choice("Import a matrix", command_line("matrix import", name), opens_form=True),
    )


def _ask_line(ctx: Context) -> str:
    clients = ctx.uow.clients.list()
    return command_line("/scope", clients[0].name) + " who patches the firewall?" if clients else _ASK


COMMANDS = (
    Command(
        "setup", "", show, Role.VIEWER, "The first steps: clients, channels, a matrix", changes=False,
        example="/engagement setup",
    ),
    Command(
        "setup", "start", show, Role.ADMIN, "The greeting of a workspace that has no clients yet",
        example="/engagement setup start",
    ),
)  # fmt: skip
