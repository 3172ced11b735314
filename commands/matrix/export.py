"""The responsibility matrix as a file that can be imported again."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from commands.agreements.agreement import OPTIONAL_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import NotFound
from commands.history.known_at import AS_OF, KNOWN_AT, recorded_matrix
from commands.matrix.row_reply import rows_of
from commands.parameters import Kind, Parameter
from commands.policy import reservation_of
from commands.reply import File, Reply
from commands.rules.imports.matrix_changes import export_rows
from commands.rules.matrix_layout.fields import REPLACED
from commands.rules.text.phrases import counted, name_in_file
from commands.spreadsheets.writing import write_csv, write_xlsx
from storage.records import Agreement, Client, Responsibility, Role


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


FORMAT = Parameter("format", "XLSX if left out", Kind.CHOICE, choices=FileFormat)


def export(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement | None = args.agreement
    found = recorded_matrix(ctx, client, args.as_of, args.known_at)
    recorded = rows_of(found, agreement)
    is_about_a_day = args.as_of is not None or args.known_at is not None
    rows = [row for row in recorded if not is_about_a_day or row.in_force_on(found.day)]
    if not rows:
        raise NotFound(f"{client.name} has no rows to export.")
    replaced = {id: each.replaced.in_words for id, each in found.standings.items() if each.replaced is not None}
    header, table = export_rows(
        rows, found.papers, names_agreement=agreement is None, day_of=lambda at: ctx.day_of(at, client),
        replaced=replaced,
    )  # fmt: skip
    named = (client.name, *([agreement.reference] if agreement else ()))
    name = "-".join((*map(name_in_file, named), "matrix"))
    as_csv = args.format is FileFormat.CSV
    line = reservation_of(ctx.policy)
    write = write_csv if as_csv else write_xlsx
    content = write(header, table, reservation=line)
    file = File(f"{name}.{'csv' if as_csv else 'xlsx'}", content, f"Responsibility matrix of {client.name}")
    return Reply(
        f"{counted(len(rows), 'row')} of {client.name}.",
        lines=(
            *(_left_out(recorded, rows, found.day) if is_about_a_day else _not_in_force(rows, found.day)),
            *_replaced([replaced[row.id] for row in rows if row.id in replaced]),
        ),
        files=(file,),
        data={"rows": len(rows), "file": file.name},
    )


def _not_in_force(rows: Sequence[Responsibility], day: date) -> Iterator[str]:
    """What an export of all rows has beside those that apply today."""
    ended = sum(row.effective_to is not None and row.effective_to < day for row in rows)
    later = sum(row.effective_from is not None and row.effective_from > day for row in rows)
    counts = [
        f"{counted(count, 'row')} that {words}"
        for count, words in ((ended, "ended"), (later, "begins later" if later == 1 else "begin later"))
        if count
    ]
    if counts:
        yield f"With {' and '.join(counts)}, each with its days."


def _left_out(recorded: Sequence[Responsibility], rows: Sequence[Responsibility], day: date) -> Iterator[str]:
    """What an export as of a day leaves out."""
    if count := len(recorded) - len(rows):
        left_out = f"Left out: {counted(count, 'row')} that did not apply on {day}."
        yield f"{left_out} An export without a day has all of them."


def _replaced(words: Sequence[str]) -> Iterator[str]:
    """What an export has of rows that do not count, because other paper says what they are about."""
    if words:
        rows = counted(len(words), "row")
        yield f'With {rows} that other paper replaced: the column "{REPLACED}" says by which, and since when.'


COMMANDS = (
    Command(
        "matrix", "export", export, Role.TECHNICIAN, "The matrix as a file that can be imported again",
        parameters=(CLIENT, OPTIONAL_AGREEMENT, FORMAT, AS_OF, KNOWN_AT),
        example="/engagement matrix export calder SOW-A format:csv", is_slow=True,
    ),
)  # fmt: skip
