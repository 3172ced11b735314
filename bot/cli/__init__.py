"""The command line, `engagement-bot`: everything the bot does, without Slack; and what runs and keeps it."""

import gc
from importlib import import_module
from importlib.metadata import version
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

import typer
from typer._click import Command, Context  # typer carries its own click, and names its types nowhere else
from typer.core import TyperCommand, TyperGroup


class Part(NamedTuple):
    """Where a command is registered, and what the list of commands says of it."""

    module: str
    summary: str


# A call loads the module of the one command that it is for; the list of commands loads none.
PARTS = MappingProxyType(
    {
        "run": Part("bot.cli.run", "Run the bot until SIGTERM, over Socket Mode or, with --http, over HTTP."),
        "demo": Part("bot.cli.run", "Try the bot without Slack: two invented clients in a temporary database."),
        "check": Part(
            "bot.cli.run",
            "Check settings, database, Slack and manifest; one line each. Exit code 3 when something is wrong.",
        ),
        "manifest": Part("bot.cli.run", "Print the Slack app manifest."),
        "do": Part("bot.cli.ask", "Run any command, exactly as it would be typed in Slack."),
        "ask": Part("bot.cli.ask", "Whose responsibility is it? Answered from the client's signed matrix."),
        "terms": Part(
            "bot.cli.renewals",
            "Where an agreement with these terms stands: its current term, and the last day to give notice.",
        ),
        "remind": Part("bot.cli.renewals", "Plan and send once what is due at an instant, as the running bot does."),
        "service": Part("bot.cli.systemd", "The bot as a systemd service: install, uninstall, status."),
        "db": Part("bot.cli.maintenance", "The database: upgrade, current, backup, restore, move."),
        "retention": Part("bot.cli.maintenance", "Erase words that were kept as long as the settings say."),
        "audit": Part("bot.cli.maintenance", "The audit log: verify, export."),
        "import": Part("bot.cli.files", "Read a matrix, clients, agreements or a framework; or everything."),
        "export": Part("bot.cli.files", "Write files that can be imported again."),
        "paper": Part("bot.cli.papers", "Statements, sheets, notices and evidence: made from the record."),
        "people": Part("bot.cli.people", "Whom the command line knows by name: import, list."),
        "questions": Part("bot.cli.questions", "The questions that people asked, as data."),
    }
)


def load(name: str) -> Command:
    """The command or group of that name, from its module. Raises KeyError for a name that its module does not have."""
    part = typer.Typer()
    import_module(PARTS[name].module).register(part)
    return typer.main.get_group(part).commands[name]


class LazyGroup(TyperGroup):
    """Lists the commands by what PARTS says of them; the one that is called is loaded then."""

    def __init__(self, **settings: Any) -> None:
        listed = {name: TyperCommand(name, help=part.summary) for name, part in PARTS.items()}
        super().__init__(**settings | {"commands": listed})

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        called = load(name) if command and name else None
        if not gc.isenabled():  # bot.start: what was loaded stays until the end, so it is not looked through
            gc.freeze()
            gc.enable()
        return name, called, rest


app = typer.Typer(
    cls=LazyGroup,
    name="engagement-bot",
    help="Who is responsible for what, for which client: asked in Slack, answered from the signed agreement.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"engagement-bot {version('engagement-checks')}")
        raise typer.Exit


@app.callback()
def options(
    asked: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options before the command's name."""


def main() -> None:
    """Exit codes: 0 done, 1 refused or wrong input, 2 wrong usage or settings, 3 database or Slack out of reach."""
    app()
