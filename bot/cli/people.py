"""`people`: whom the command line knows by name and by mail address."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import session
from commands.dispatching.request import CONSOLE
from commands.errors import UsageError
from commands.workspace.people_file import listed, people_in
from storage.records import Outcome

_LARGEST = 16_000_000


def register(app: typer.Typer) -> None:
    people = typer.Typer(no_args_is_help=True, help="Whom the command line knows by name: import, list.")
    people.command("import")(import_people)
    people.command("list")(list_people)
    app.add_typer(people, name="people")


def import_people(file: Annotated[Path, typer.Argument(help="Slack's list of members, as CSV.")]) -> None:
    """Learn names and mail addresses, so that @dana and dana@our-msp.example can be typed here."""
    with session() as opened:
        try:
            content = file.read_bytes() if file.stat().st_size <= _LARGEST else None
        except OSError as error:
            raise UsageError(f"Cannot read {file}: {error.strerror}.") from error
        if content is None:
            raise UsageError(f"{file} has more than {_LARGEST // 1_000_000} MB.")
        found = people_in(content, opened.runtime.clock())
        with opened.runtime.database.open_unit(opened.workspace_id) as uow:
            for person in found:
                uow.people.learn(person)
            uow.audit.append(
                at=opened.runtime.clock(), actor=CONSOLE, action="people import", outcome=Outcome.DONE,
                details={"typed": f"people import {file.name}", "people": len(found)},
            )  # fmt: skip
        typer.echo(listed(found))


def list_people() -> None:
    """Print everybody who is known, with id and mail address."""
    with session() as opened, opened.runtime.database.open_unit(opened.workspace_id, writes=False) as uow:
        for each in uow.people.list():
            typer.echo("\t".join([each.user, each.name or "", each.email or "", each.absence or ""]).rstrip())
