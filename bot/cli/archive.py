"""`export all` and `import all`: everything of a workspace, to move it to another database."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.doubting import doubt_due
from bot.cli.session import exit_with_message, session
from bot.process.run import alone
from bot.runtime.config import load_settings
from bot.runtime.wiring import Runtime
from commands.dispatching.request import CONSOLE
from commands.errors import CommandError, UsageError
from commands.workspace.archive import Contents, read_archive, write_archive
from storage.records import Outcome, Workspace
from storage.repositories.archive import archive_tables


def export_all(
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP file to write; it must not exist.")],
) -> None:
    """Write everything: all records with their history, and the audit log. Whoever has the file can read it all."""
    with session() as opened:
        runtime, workspace_id = opened.runtime, opened.workspace_id
        try:
            opened_file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(f"{output} exists already. Choose a new name: an export is never overwritten.") from None
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from error
        try:
            with os.fdopen(opened_file, "wb") as file, runtime.database.open_snapshot(workspace_id) as uow:
                contents = write_archive(
                    uow,
                    file,
                    schema=runtime.database.newest(),
                    workspace=_workspace(runtime, workspace_id),
                    now=runtime.clock(),
                )
        except BaseException as error:
            output.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise CommandError(f"Cannot write {output}: {error.strerror}.") from error
            raise
        _note(runtime, workspace_id, f"export all -o {output.name}", contents)
        typer.echo(f"Written: {output}\n{contents.summary}.")


def import_all(
    file: Annotated[Path, typer.Argument(help="A ZIP file that export all wrote.")],
) -> None:
    """Read everything into an empty database, while no bot runs on it: all of it, or nothing."""
    with exit_with_message(), alone(load_settings().database_url), session() as opened:
        runtime, workspace_id = opened.runtime, opened.workspace_id
        try:
            with file.open("rb") as archive, runtime.database.open_unit(workspace_id) as uow:
                contents = read_archive(uow, archive, schema=runtime.database.newest())
                runtime.database.continue_ids(uow, [table.name for table in archive_tables()])
                doubted = doubt_due(runtime, uow)
                uow.audit.append(
                    at=runtime.clock(),
                    actor=CONSOLE,
                    action="import all",
                    outcome=Outcome.DONE,
                    details=_details(f"import all {file.name}", contents) | {"reminders in doubt": doubted},
                )
        except OSError as error:
            raise UsageError(f"Cannot read {file}: {error.strerror}.") from error
        typer.echo(f"Imported, as of {contents.exported_at}: {contents.summary}.")
        typer.echo("The audit log came along whole: its chain holds, and goes on.")
        reminders = "1 reminder is" if doubted == 1 else f"{doubted} reminders are"
        typer.echo(f"{reminders} looked for in Slack before anything is sent. Stop the old bot for good.")
        ours = _workspace(runtime, workspace_id).slack_id
        if ours not in (None, contents.workspace.get("slack_id")):
            typer.echo(
                f"Caution: it was of the Slack workspace {contents.workspace.get('slack_id')}, this is {ours}: the "
                "people and channels in it are not those of here."
            )


def _note(runtime: Runtime, workspace_id: int, typed: str, contents: Contents) -> None:
    with runtime.database.open_unit(workspace_id) as uow:
        uow.audit.append(
            at=runtime.clock(),
            actor=CONSOLE,
            action="export all",
            outcome=Outcome.DONE,
            details=_details(typed, contents),
        )


def _details(typed: str, contents: Contents) -> dict[str, object]:
    return {"typed": typed, "rows": sum(contents.rows.values()), "sha256 of the manifest": contents.digest}


def _workspace(runtime: Runtime, workspace_id: int) -> Workspace:
    with runtime.database.workspaces() as workspaces:
        return next(each for each in workspaces.list() if each.id == workspace_id)
