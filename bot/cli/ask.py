"""`do`: any command as it is typed in Slack. `ask`: scope questions, one or many."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import REFUSED, Session, print_json, print_reply, progress, save_file, session, upload_of
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, NeedsYes, UsageError
from commands.grammar.words import command_line

_JSON = typer.Option("--json", help="Print JSON instead of text.")


def register(app: typer.Typer) -> None:
    app.command("do")(do)
    app.command("ask")(ask)


def do(
    text: Annotated[str, typer.Argument(help='As typed in Slack: "/scope acme who patches the firewall?"')],
    user: Annotated[str, typer.Option("--as", help="The Slack user id to act as; its role decides.")] = CONSOLE,
    channel: Annotated[str | None, typer.Option(help="The Slack channel id to act in.")] = None,
    as_json: Annotated[bool, _JSON] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm what cannot simply be undone.")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="A file to go with it: a signed copy, a proof.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write a file that comes back; its own name if left out."),
    ] = None,
) -> None:
    """Run any command, exactly as it would be typed in Slack."""
    with session(as_json=as_json) as opened:
        uploads = (upload_of(file),) if file is not None else ()
        request = replace(as_typed(opened, text, user, channel), is_confirmed=yes, uploads=uploads, progress=progress())
        try:
            reply = opened.run(request)
        except NeedsYes as error:
            if not sys.stdin.isatty() or not typer.confirm(f"{error.message} Do it?", err=True):
                error.next_steps = ("Add --yes to do it.",)
                raise
            reply = opened.run(replace(request, is_confirmed=True))
        print_reply(reply, as_json=as_json)
        for written in reply.files:
            typer.echo(f"Written: {save_file(written, output)}", err=True)


def as_typed(opened: Session, text: str, user: str, channel: str | None = None) -> Request:
    """The request for a line that may begin with a slash command. Raises UsageError for one that we do not have."""
    text = opened.with_people(text)
    if not text.startswith("/"):
        return opened.request(text, user, channel=channel)
    slash, _, rest = text.partition(" ")
    known = ("/engagement", *opened.runtime.dispatcher.registry.slashes)
    if slash not in known:
        raise UsageError(f"{slash} is not a command here. There is {', '.join(known)}.")
    return opened.request(rest, user, slash=slash, channel=channel)


def ask(
    question: Annotated[str | None, typer.Argument(help="Left out: one question a line from standard input.")] = None,
    client: Annotated[str, typer.Option("--client", help="The client's name or alias.")] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", help="Answer as of this day, such as 2026-03-01.")] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="Answer by what our records said at the end of this day.")
    ] = None,
    user: Annotated[str, typer.Option("--as", help="The Slack user id to act as.")] = CONSOLE,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Whose responsibility is it? Answered from the client's signed matrix."""
    with session(as_json=as_json and question is not None) as opened:
        if not client:
            raise UsageError("Which client? Add --client NAME.")
        asked = {"client": client, "as-of": as_of, "known-at": known_at}
        form = {name: value for name, value in asked.items() if value}
        if question is not None:
            print_reply(opened.run(_question(opened, question, form, user)), as_json=as_json)
            return
        failed = sum(1 for line in _lines(sys.stdin) if not _print_answer(opened, line, form, user, as_json))
        if failed:
            raise typer.Exit(REFUSED)


def _question(opened: Session, question: str, form: Mapping[str, str], user: str) -> Request:
    return opened.request(command_line("scope ask"), user, form={**form, "question": question})


def _print_answer(opened: Session, line: str, form: Mapping[str, str], user: str, as_json: bool) -> bool:
    """Print the answer to one line; a line that cannot be answered gets its error, and the others go on."""
    try:
        reply = opened.run(_question(opened, line, form, user))
    except CommandError as error:
        print_json({"question": line, "error": error.message}) if as_json else typer.echo(f"{line}\n{error.message}")
        return False
    print_reply(reply, as_json=as_json)
    if not as_json:
        typer.echo()
    sys.stdout.flush()
    return True


def _lines(source: Iterable[str]) -> Iterator[str]:
    return (line.strip() for line in source if line.strip())
