"""What was said about a table of clients or agreements, remembered for the next file of that shape."""

from collections.abc import Collection, Mapping
from typing import Any

from commands.arguments import Arguments
from commands.command import Context
from commands.rules.imports.tables import TableReading, read_table
from commands.rules.matrix_layout import Workbook
from commands.workspace.import_answers import Answers, answers
from storage.records import TableMemory


def read_answered(
    ctx: Context,
    noun: str,
    options: Mapping[str, Any],
    args: Arguments,
    workbook: Workbook,
    fields: Mapping[str, str],
    required: Collection[str],
) -> tuple[Answers, TableReading, tuple[str, ...]]:
    """The reading with the options given; without any, with those remembered for a table with the same columns.

    The last says which remembered options were used.
    """
    said = answers(options, args.skip)
    if not options and not args.fresh:
        for memory in ctx.uow.table_memories.newest(noun):
            known = answers(memory.corrections, args.skip)
            reading = read_table(workbook, fields, required, known.table)
            if dict(reading.columns) == memory.columns:
                shown = ", ".join(f"{name} {_shown(value)}" for name, value in memory.corrections.items())
                return known, reading, (
                    f"Read as on {ctx.day_of(memory.recorded_at)}, when this was said about the same columns: {shown}. "
                    "fresh:yes reads it without.",
                )  # fmt: skip
    return said, read_table(workbook, fields, required, said.table), ()


def remember(ctx: Context, noun: str, options: Mapping[str, Any], reading: TableReading) -> None:
    """Keep what was said about a table that was saved; what names a client is not kept."""
    kept = {name: _kept(name, value, reading) for name, value in options.items()}
    kept = {name: value for name, value in kept.items() if value}
    if kept:
        ctx.uow.table_memories.record(
            TableMemory(
                noun=noun,
                columns=dict(reading.columns),
                corrections=kept,
                recorded_at=ctx.now,
                recorded_by=ctx.actor.user,
            )
        )


def _kept(name: str, value: Any, reading: TableReading) -> Any:
    if name == "value":
        named = {row.values.get(each, "").strip() for row in reading.rows for each in ("client", "name")}
        pairs = [text.partition("=") for text in value]
        return [text for text, (word, _, meaning) in zip(value, pairs, strict=True)
                if word.rpartition("/")[2].strip() not in named and meaning.strip() not in named]  # fmt: skip
    return list(value) if isinstance(value, tuple) else str(value) if name == "dates" else value


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
