"""`db move`: everything into another database, SQLite or PostgreSQL, while the bot is stopped."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.doubting import doubt_due
from bot.cli.session import exit_with_message
from bot.process.run import alone
from bot.runtime.config import ConfigError, load_settings
from bot.runtime.wiring import Runtime, build
from commands.dispatching.request import CONSOLE
from commands.errors import CommandError, Conflict, UsageError
from commands.rules.text.phrases import plain
from commands.workspace.moving import copy_all
from storage.database import Database, place_of, sqlite_file
from storage.errors import DatabaseUnavailable
from storage.records import Outcome, Workspace
from storage.repositories.archive import archive_tables

_FEW = 5
_WHICH = "ENGAGEMENT_DATABASE_URL says which database is moved. Is it the one that the bot uses?"


def move(
    to: Annotated[str, typer.Option("--to", help="The other database: postgresql://USER:PASSWORD@HOST/NAME.")],
) -> None:
    """Carry everything over while the bot is stopped, and compare it row by row. What was there stays as it is."""
    with exit_with_message(), ExitStack() as stack:
        settings = load_settings()
        if _file_of(to) == _file_of(settings.database_url):
            raise UsageError("--to names the database that is used already.")
        _refuse_missing(settings.database_url)
        for url in (settings.database_url, to):
            stack.enter_context(alone(url))
        with _named(settings.database_url):
            source = build(settings)
        stack.callback(source.close)
        with _named(to):
            _make_ready(to)
            target = build(settings.model_copy(update={"database_url": to}))
        stack.callback(target.close)
        for each in (source, target):
            _refuse_used(each.database)
        if not _held(source):
            raise Conflict(
                f"There is nothing to move: {place_of(settings.database_url)} is empty.", next_steps=(_WHICH,)
            )
        _refuse_filled(target)
        rows = _move_all(source, target)
        typer.echo(f"{rows} rows were moved, and compared one by one: they are the same. The audit log's chain holds.")
        typer.echo("Now set ENGAGEMENT_DATABASE_URL to the new database and start the bot.")
        typer.echo("The old one is as it was. Start no bot on it again: it would send reminders a second time.")


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Says of which of the two databases a failure is. Raises DatabaseUnavailable."""
    try:
        yield
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(f"{place_of(url)}: {error}") from error


def _file_of(url: str) -> str:
    """The file of an SQLite database however its path is written; else the URL itself."""
    path = sqlite_file(url)
    return str(Path(path).resolve()) if path else url


def _refuse_missing(url: str) -> None:
    """A slip in the path would make a new, empty database there. Raises Conflict."""
    if sqlite_file(url) and not Path(_file_of(url)).exists():
        raise Conflict(f"There is nothing to move: {_file_of(url)} is not there.", next_steps=(_WHICH,))


def _make_ready(url: str) -> None:
    """Give an empty database this release's schema. Raises ConfigError, DatabaseUnavailable."""
    try:
        database = Database(url)
    except ValueError as error:
        raise ConfigError(f"--to {error}") from None
    try:
        if database.current() is None:
            database.upgrade()
    finally:
        database.close()


def _move_all(source: Runtime, target: Runtime) -> int:
    """How many rows. Raises CommandError; the other database may hold workspaces that were moved before then."""
    workspaces = _workspaces(source)
    for each in workspaces:
        with source.database.open_unit(each.id, writes=False) as uow:
            _, broken = uow.audit.verify()
        if broken is not None:
            raise CommandError(f"The audit log does not hold: {broken}. Nothing was moved.")
    return sum(_move_one(source, target, each.id, _place_for(target, each)) for each in workspaces)


def _place_for(target: Runtime, workspace: Workspace) -> int:
    """The id of the workspace there: an empty one may be left from an earlier try."""
    with target.database.workspaces() as workspaces:
        if workspace.slack_id is not None:
            return workspaces.for_slack(workspace.slack_id, workspace.name).id
        unclaimed = [each.id for each in workspaces.list() if each.slack_id is None]
        return unclaimed[0] if unclaimed else workspaces.add(workspace.name).id


def _move_one(source: Runtime, target: Runtime, workspace_id: int, place: int) -> int:
    with source.database.open_snapshot(workspace_id) as before, target.database.open_unit(place) as after:
        copied = copy_all(before, after)
        target.database.continue_ids(after, [table.name for table in archive_tables()])
        doubted = doubt_due(target, after)
        after.audit.append(
            at=target.clock(), actor=CONSOLE, action="db move", outcome=Outcome.DONE,
            details={"typed": "db move", "rows": sum(copied.values()), "reminders in doubt": doubted},
        )  # fmt: skip
    return sum(copied.values())


def _refuse_used(database: Database) -> None:
    """On SQLite the lock tells whether a bot runs; PostgreSQL knows who is connected. Raises Conflict."""
    if others := database.other_connections():
        place = place_of(database.engine.url)
        raise Conflict(
            f"{place} is in use: {others} other connection{'' if others == 1 else 's'}. Nothing was moved.",
            next_steps=("Stop every bot and close what else is connected, then try again.",),
        )


def _refuse_filled(target: Runtime) -> None:
    """Raises Conflict where the other database holds anything."""
    if held := _held(target):
        said = ", ".join(f"{count} {plain(name)}" for name, count in list(held.items())[:_FEW])
        raise Conflict(
            f"The other database is not empty: it holds {said}. Nothing was moved.",
            next_steps=("Make a new, empty database, and move there.",),
        )


def _held(runtime: Runtime) -> Mapping[str, int]:
    """How many rows of each kind there are in the database, of all its workspaces."""
    known = _workspaces(runtime)
    if not known:
        return {}
    with runtime.database.open_unit(known[0].id, writes=False) as uow:
        return uow.archive.held()


def _workspaces(runtime: Runtime) -> list[Workspace]:
    with runtime.database.workspaces() as workspaces:
        return workspaces.list()
