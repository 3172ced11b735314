"""What a person says about a spreadsheet: given as options, and remembered for the next file that is laid out alike."""

from collections.abc import Mapping
from typing import Any

from commands.arguments import Arguments
from commands.command import Context
from commands.errors import UsageError
from commands.matrix.rows import PARTY_WORDS
from commands.rules.matrix_layout import Corrections, MatrixReading, Workbook, read_matrix
from commands.spreadsheets.uploads import skipped_row
from storage.records import ImportMemory, Party

OPTIONS = ("sheet", "header_row", "column", "party", "hidden", "expand")


def read_corrected(ctx: Context, args: Arguments, workbook: Workbook) -> tuple[MatrixReading, str | None]:
    """The reading with the options given; without any, with those remembered for this layout.

    The second value says which remembered options were used. Raises UsageError for an option that cannot be read.
    """
    given = {name: value for name in OPTIONS if (value := getattr(args, name))}
    if given or args.fresh:
        return read_matrix(workbook, _corrections(given, args)), None
    for memory in ctx.uow.import_memories.newest(args.client.id):
        reading = read_matrix(workbook, _corrections(memory.corrections, args))
        if reading.refused is None and dict(reading.columns) == memory.columns:
            words = ", ".join(f"{name} {_show_value(value)}" for name, value in memory.corrections.items())
            return reading, (
                f"Read as on {ctx.day_of(memory.recorded_at)}, when this was said about the same layout: {words}. "
                "fresh:yes reads it without."
            )
    return read_matrix(workbook, _corrections({}, args)), None


def remember(ctx: Context, args: Arguments, reading: MatrixReading) -> None:
    """Keep the options of an import that was saved, if there were any."""
    given = {name: value for name in OPTIONS if (value := getattr(args, name))}
    if given:
        ctx.uow.import_memories.record(
            ImportMemory(
                client_id=args.client.id,
                columns=dict(reading.columns),
                corrections=given,
                recorded_at=ctx.now,
                recorded_by=ctx.actor.user,
            )
        )


def _corrections(options: Mapping[str, Any], args: Arguments) -> Corrections:
    return Corrections(
        sheet=options.get("sheet"),
        header_row=options.get("header_row"),
        columns=dict(_pair("column", text) for text in options.get("column", ())),
        party_words={word: _party(name) for word, name in (_pair("party", text) for text in options.get("party", ()))},
        include_hidden=bool(options.get("hidden")),
        expand=bool(options.get("expand")),
        accept_proposed=bool(args.accept),
        skip_rows=frozenset(skipped_row(text) for text in args.skip),
    )


def _pair(option: str, text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise UsageError(f'{option}: write it as "left=right"; "{text}" has no =.', fields={option: "needs an =."})
    return left.strip(), right.strip()


def _party(name: str) -> Party:
    word = name.lower().replace(" ", "_").replace("-", "_")
    try:
        return Party(PARTY_WORDS.get(word, word))
    except ValueError:
        accepted = ", ".join(Party)
        raise UsageError(
            f'party: "{name}" is not one of {accepted}.', fields={"party": f"is one of {accepted}."}
        ) from None


def _show_value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else "yes" if value is True else str(value)
