"""`questions export`: what was asked about a client, to measure the matcher on it or to train it with."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import session
from commands.dispatching.request import CONSOLE
from commands.errors import CommandError, UsageError
from commands.grammar import lookup
from commands.rules.text.phrases import counted
from commands.scope.asked_questions import AskedQuestions, asked_questions
from storage.records import Outcome


def register(app: typer.Typer) -> None:
    questions = typer.Typer(no_args_is_help=True, help="The questions that people asked, as data.")
    questions.callback()(lambda: None)
    questions.command("export")(export_questions)
    app.add_typer(questions, name="questions")


def export_questions(
    client: Annotated[str, typer.Option("--client", help="The client's name, alias or former name.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to make; it must not exist.")],
) -> None:
    """Write what was asked, answered and corrected in the format of the matcher's data sets, without people's names."""
    with session() as opened:
        runtime = opened.runtime
        with runtime.database.open_unit(opened.workspace_id) as uow:
            found = lookup.client_named(runtime.dispatcher.context(uow, opened.request("")), client)
            asked = asked_questions(uow, found.id)
            _write(asked, output)
            uow.audit.append(
                at=runtime.clock(), actor=CONSOLE, action="questions export", outcome=Outcome.DONE,
                details={"client_id": found.id, "questions": asked.kept},
            )  # fmt: skip
        kept = counted(asked.kept, "question")
        typer.echo(f"Written: {output}, {kept} of {found.name}. Names were replaced; read it before you pass it on.")
        for why, count in asked.left_out.items():
            typer.echo(f"Left out: {count}, because {why}.")


def _write(asked: AskedQuestions, folder: Path) -> None:
    """Raises UsageError for a folder that exists, CommandError for one that cannot be made."""
    try:
        folder.mkdir(mode=0o700)
        (folder / "matrix.csv").write_text(asked.matrix, encoding="utf-8", newline="")
        (folder / "questions.csv").write_text(asked.questions, encoding="utf-8", newline="")
    except FileExistsError:
        raise UsageError(f"{folder} exists already. Choose a new name: nothing is overwritten.") from None
    except OSError as error:
        raise CommandError(f"Cannot write {folder}: {error.strerror}.") from error
