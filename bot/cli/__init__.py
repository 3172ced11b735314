"""The command line, `engagement-bot`: everything the bot does, without Slack; and what runs and keeps it."""

from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli import ask, files, maintenance, questions, renewals, run

app = typer.Typer(
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


run.register(app)
maintenance.register(app)
ask.register(app)
files.register(app)
questions.register(app)
renewals.register(app)


def main() -> None:
    """Exit codes: 0 done, 1 refused or wrong input, 2 wrong usage or settings, 3 database or Slack out of reach."""
    app()
