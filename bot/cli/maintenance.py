"""Keeping the records: db (upgrade, current, backup, restore) and audit (verify, export)."""

import json
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.doubting import doubt_due
from bot.cli.moving import move
from bot.cli.session import exit_with_message, print_reply, session
from bot.jobs.retention import remove_what_is_due
from bot.process.run import alone
from bot.runtime.config import ConfigError, Settings, load_settings
from bot.runtime.wiring import Runtime, build
from commands.errors import CommandError, UsageError
from storage.database import Database
from storage.records import CONSOLE, Outcome

_HEAD = re.compile(r"(?:entry |\"seq\": ?)(?P<seq>\d{1,9})\b.*?(?P<hash>[0-9a-f]{64})")


def register(app: typer.Typer) -> None:
    database = typer.Typer(no_args_is_help=True, help="The database: upgrade, current, backup, restore, move.")
    for name, act in (("upgrade", upgrade), ("current", current), ("backup", backup), ("restore", restore)):
        database.command(name)(act)
    database.command("restored")(restored)
    database.command("move")(move)
    app.add_typer(database, name="db")
    audit = typer.Typer(no_args_is_help=True, help="The audit log: verify, export.")
    audit.command("verify")(verify)
    audit.command("export")(export)
    app.add_typer(audit, name="audit")
    app.command("retention")(retention)


def upgrade() -> None:
    """Bring the database's schema to this release's."""
    with exit_with_message():
        database = _database(load_settings())
        database.upgrade()
        typer.echo(f"The schema is at {database.current()}.")


def current() -> None:
    """Say which schema the database has, and which this release needs."""
    with exit_with_message():
        database = _database(load_settings())
        typer.echo(f"The schema is at {database.current() or 'nothing'}; this release needs {database.newest()}.")


def backup(target: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Copy the SQLite database, consistently, while the bot runs."""
    with exit_with_message():
        try:
            _database(load_settings()).backup(target)
        except ValueError as error:
            raise UsageError(str(error)) from None
        typer.echo(f"Written: {target}")


def restore(source: Annotated[Path, typer.Argument(help="A file that db backup wrote.")]) -> None:
    """Put a backup back while the bot is stopped. Reminders that were sent since are not sent again."""
    with exit_with_message():
        settings = load_settings()
        with alone(settings.database_url):
            database = _database(settings)
            kept = _new_file(Path(f"{database.engine.url.database}.before-restore"))
            try:
                database.restore(source, kept)
            except ValueError as error:
                raise UsageError(str(error)) from None
            finally:
                database.close()
            if kept.exists():
                typer.echo(f"What was there before is kept in {kept}")
            _recheck(settings, f"db restore {source.name}")


def restored() -> None:
    """After a PostgreSQL backup was put back with pg_restore: do not send again what was sent since."""
    with exit_with_message():
        settings = load_settings()
        with alone(settings.database_url):
            _recheck(settings, "db restored")


def retention(
    dry_run: Annotated[bool, typer.Option(help="Only say what would go.")] = False,
) -> None:
    """Erase words that were kept as long as the settings say.

    The running bot does it once a day.
    """
    with session() as opened:
        with opened.runtime.database.open_unit(opened.workspace_id, writes=not dry_run) as uow:
            told = remove_what_is_due(opened.runtime, uow, only_tell=dry_run)
        for each in told:
            what = "would lose their words" if dry_run else "lost their words"
            typer.echo(f"{each.kind.value}: {each.count} older than {each.days} days {what}.")
        if not told:
            typer.echo("Everything is kept for good: no ENGAGEMENT_KEEP_..._DAYS is set.")


def verify(
    heads: Annotated[
        Path | None, typer.Option(help="A file of saved heads: the daily lines, or the messages copied from Slack.")
    ] = None,
) -> None:
    """Check that no entry of the audit log was changed or removed; with --heads, that none was cut off or rewritten."""
    with session() as opened:
        form = {"head": _heads(heads)} if heads is not None else {}
        print_reply(opened.run(opened.request("audit verify", form=form)), as_json=False)


def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; standard output if left out.")
    ] = None,
) -> None:
    """Write every entry of the audit log as a line of JSON, with what its hash covers."""
    with session() as opened:
        try:
            with ExitStack() as stack:
                target = stack.enter_context(output.open("x", encoding="utf-8")) if output is not None else sys.stdout
                uow = stack.enter_context(opened.runtime.database.open_unit(opened.workspace_id, writes=False))
                for entry in uow.audit.exported():
                    target.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from error


def _recheck(settings: Settings, what: str) -> None:
    runtime = build(settings)
    try:
        with runtime.database.workspaces() as workspaces:
            known = [(each.id, each.name) for each in workspaces.list()]
        for workspace_id, name in known:
            doubted = _doubt(runtime, workspace_id, what)
            typer.echo(f"{name}: {doubted} reminders are looked for in Slack before they are sent.")
    finally:
        runtime.close()


def _doubt(runtime: Runtime, workspace_id: int, what: str) -> int:
    """Doubt everything that is due; how many reminders that are."""
    with runtime.database.open_unit(workspace_id) as uow:
        head = uow.audit.head()
        doubted = doubt_due(runtime, uow)
        uow.audit.append(
            at=runtime.clock(),
            actor=CONSOLE,
            action="db restore",
            outcome=Outcome.DONE,
            details={"typed": what, "goes on from entry": head.seq if head else 0, "reminders in doubt": doubted},
        )
        return doubted


def _heads(file: Path) -> tuple[str, ...]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read {file}: {error}.") from error
    found = tuple(f"{head['seq']}:{head['hash']}" for head in map(_HEAD.search, text.splitlines()) if head)
    if not found:
        raise UsageError(f"{file} has no saved head: a line with an entry's number and its hash.")
    return found


def _new_file(path: Path) -> Path:
    taken = 1
    while (found := Path(f"{path}-{taken}")).exists():
        taken += 1
    return found


def _database(settings: Settings) -> Database:
    try:
        return Database(settings.database_url)
    except ValueError as error:
        raise ConfigError(f"database_url: {error}") from None
