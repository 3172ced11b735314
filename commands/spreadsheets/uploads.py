"""Files that came with a command, or came before it and wait for a confirmation."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from commands.command import Context, Upload
from commands.errors import NotFound, UsageError
from commands.grammar.limits import excerpt
from commands.reply import File
from commands.rules.text.whole_numbers import whole_number
from commands.spreadsheets.writing import write_csv
from storage.records import PendingUpload

_KEPT_FOR = timedelta(hours=24)
_LINES = 10


def skipped_row(text: str) -> int:
    """The number of a row of the file that is to be left out. Raises UsageError."""
    number = whole_number(text)
    if number is None:
        raise UsageError(
            f'skip: "{excerpt(text)}" is not a row number. Write the number of one row, such as 12.',
            fields={"skip": "is a row number, such as 12."},
        )
    return number


def take_upload(ctx: Context, number: int | None) -> Upload:
    """The file kept under `number`, which is then gone, or the one that came with the command.

    Raises NotFound for a number that is not this person's or too old, UsageError without exactly one file.
    """
    if number is not None:
        kept = ctx.uow.uploads.take(number, ctx.actor.user)
        if kept is None:
            raise NotFound("That file is no longer here: it was confirmed, cancelled or is too old. Send it again.")
        return Upload(kept.name, kept.content)
    if len(ctx.uploads) != 1:
        raise UsageError(
            "Send one CSV or XLSX file with this command.",
            fields={"file": "is missing: one CSV or XLSX file."},
            next_steps=("engagement-bot import --help",),
        )
    return ctx.uploads[0]


def keep_upload(ctx: Context, upload: Upload) -> int:
    """Keep the file for a day, for whoever sent it; the number to take it by."""
    pending = PendingUpload(name=upload.name, content=upload.content, uploaded_by=ctx.actor.user, uploaded_at=ctx.now)
    return ctx.uow.uploads.keep(pending, expire_before=ctx.now - _KEPT_FOR).id


def problem_file(name: str, problems: Sequence[Mapping[str, Any]]) -> tuple[File, ...]:
    """Every problem of a file as a spreadsheet, one a line, where a message has no room for all of them."""
    if len(problems) <= _LINES:
        return ()
    columns = ("Row", "Column", "What is wrong")
    rows = [(str(each["row"] or ""), each["column"], each["message"]) for each in problems]
    stem = name.rpartition(".")[0] or name
    return (File(f"{stem}-problems.csv", write_csv(columns, rows), f"All {len(problems)} problems of {name}"),)


def first_lines(headline: str, lines: Sequence[str]) -> str:
    """What is wrong with a file: the headline, then one problem a line, the first ten and how many more there are."""
    more = [f"... and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    return "\n".join([headline, *lines[:_LINES], *more])
