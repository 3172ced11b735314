"""Reading a spreadsheet into a client's matrix: what would change is shown first, then all is saved, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from commands.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.client import CLIENT
from commands.context import Context, Upload
from commands.errors import CommandError, NeedsYes, UsageError
from commands.import_corrections import read_corrected, remember
from commands.registry import Command, Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Reply, Table
from commands.responsibility import end_row, replace_row
from commands.rules.matrix_changes import MatrixChanges, compare
from commands.rules.matrix_layout import MatrixReading, MatrixRow, Problem, by_party
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.plausible_dates import implausible
from commands.rules.written_dates import read_date
from commands.spreadsheets.reading import read_workbook
from commands.uploads import first_lines, keep_upload, take_upload
from commands.words import command_line
from storage.records import Responsibility, Role

_YEARS_AHEAD = 30

_SHOWN = 10
RETIRE_STEPS = ("retire:yes ends them", "retire:no keeps them: rows are only added and changed")


def import_matrix(ctx: Context, args: Arguments) -> Reply:
    upload = take_upload(ctx, args.upload)
    if args.upload is not None and args.confirm is False:
        return Reply(f"{upload.name} is put away. Nothing was saved.", data={"saved": False})
    reading, remembered = read_corrected(ctx, args, read_workbook(upload.content, upload.name))
    if remembered is not None:
        reading = replace(reading, notices=(remembered, *reading.notices))
    if reading.refused:
        raise CommandError(f"{upload.name}: {reading.refused}", data=_as_data(reading, None, saved=False))
    dates = {row.source_row: _dates(row, ctx.today_for(args.client), args.client.country) for row in reading.rows}
    changes = compare(_comparable(ctx, args, reading), reading.rows, given=reading.given)
    if args.retire is False:
        changes = changes.without_retiring()
    if args.confirm is False or (args.confirm is None and not args.dry_run):
        return _preview(ctx, args, upload, reading, changes)
    if args.dry_run:
        return _dry_run(args, upload, reading, changes)
    if not reading.may_be_saved:
        raise CommandError(_why_not(upload, reading), data=_as_data(reading, changes, saved=False))
    if changes.retired and args.retire is None and not ctx.is_confirmed:
        raise NeedsYes(
            f"{upload.name}: nothing is saved yet. {_ending(args, changes)}",
            next_steps=RETIRE_STEPS,
            data=_as_data(reading, changes, saved=False),
        )
    _save(ctx, args, changes, dates)
    remember(ctx, args, reading)
    return _done(args, upload, reading, changes)


def _dates(row: MatrixRow, today: date, country: str | None) -> tuple[date | None, date | None]:
    """Raises UsageError naming the row."""
    try:
        found = [_day(text, today, country) if text else None for text in (row.effective_from, row.effective_to)]
    except ValueError as error:
        raise UsageError(f"row {row.source_row}: {error}") from None
    if found[0] and found[1] and found[1] < found[0]:
        raise UsageError(f"row {row.source_row}: it ends on {found[1]}, before it begins on {found[0]}.")
    return found[0], found[1]


def _day(text: str, today: date, country: str | None) -> date:
    """Raises ValueError, also for a day that is too far off."""
    day = read_date(text, today, country)
    if (wrong := implausible(day, today, has_happened=False, years_ahead=_YEARS_AHEAD)) is not None:
        raise ValueError(wrong)
    return day


def _comparable(ctx: Context, args: Arguments, reading: MatrixReading) -> list[Responsibility]:
    """The rows that the file speaks about: those that still apply, or will; ended ones only where it says when."""
    current = ctx.uow.responsibilities.current(args.client.id, args.agreement.id)
    today = ctx.today_for(args.client)
    lasting = [row for row in current if row.effective_to is None or row.effective_to >= today]
    covered = {item_key(row.item) for row in lasting}
    dated = {item_key(row.item) for row in reading.rows if row.effective_to} - covered
    return lasting + [row for row in current if item_key(row.item) in dated]


def _save(
    ctx: Context, args: Arguments, changes: MatrixChanges, dates: dict[int, tuple[date | None, date | None]]
) -> None:
    if changes.nothing:
        return
    since = args.since or ctx.today_for(args.client)
    for change in changes.changed:
        fields = {name: getattr(change.new, name) for name in change.fields if not name.startswith("effective")}
        fields |= {
            name: dates[change.new.source_row][name == "effective_to"]
            for name in change.fields
            if name.startswith("eff")
        }
        is_new_duty = "party" in change.fields
        replace_row(ctx, change.old, fields, since if is_new_duty else None)
    for row in changes.retired:
        end_row(ctx, row, since)
    ctx.uow.responsibilities.record([_as_record(ctx, args, row, dates[row.source_row]) for row in changes.added])
    ctx.uow.clients.matrix_changed(args.client.id)


def _as_record(ctx: Context, args: Arguments, row: MatrixRow, dates: tuple[date | None, date | None]) -> Responsibility:
    return Responsibility(
        client_id=args.client.id,
        agreement_id=args.agreement.id,
        item=row.item,
        category=row.category,
        party=row.party,
        msp_part=row.msp_part,
        client_part=row.client_part,
        third_party=row.third_party,
        clause=row.clause,
        notes=row.notes,
        control_refs=row.control_refs,
        aliases=row.aliases,
        position=row.source_row,
        effective_from=dates[0],
        effective_to=dates[1],
        recorded_at=ctx.now,
        recorded_by=ctx.actor.user,
    )


def _preview(ctx: Context, args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    number = keep_upload(ctx, upload)
    names = (args.client.name, args.agreement.reference)
    again = {
        "sheet": args.sheet, "header_row": args.header_row, "column": args.column, "party": args.party,
        "skip": args.skip, "since": args.since,
        **{name: "yes" for name in ("hidden", "expand", "fresh") if getattr(args, name)},
    }  # fmt: skip
    asked = [problem for problem in reading.problems if problem.blocks]
    cancel = Choice("Cancel", command_line("matrix import", *names, upload=number, confirm="no"))
    choices: tuple[Choice, ...] = (cancel,)
    if not asked or all(problem.acceptable for problem in asked):
        if asked:
            again["accept"] = "yes"
        save = command_line("matrix import", *names, upload=number, confirm="yes", **again)
        choices = (*_ways_to_save(save, changes, is_asked=bool(asked)), cancel)
    if not asked:
        headline = f"{upload.name} can be imported into {names[1]} of {names[0]}. Nothing is saved yet."
    elif len(choices) > 1:
        headline = f"{upload.name}: {len(asked)} rows need your word. Nothing is saved yet."
    else:
        headline = f"{upload.name} cannot be imported as it is: {len(asked)} problems. Nothing is saved."
    reply = _plan(headline, reading, changes, choices, saved=False)
    return replace(reply, cautions=(_ending(args, changes), *reply.cautions)) if changes.retired else reply


def _ways_to_save(save: str, changes: MatrixChanges, *, is_asked: bool) -> tuple[Choice, ...]:
    """What was not shown as ending when the file was looked at does not end when it is saved either."""
    how = " with the proposed readings" if is_asked else ""
    question = "Take every proposed reading?" if is_asked else None
    keeping = Choice(f"Save{how}", f"{save} retire:no", Emphasis.PRIMARY, confirm=question)
    if not changes.retired:
        return (keeping,)
    count = _rows(len(changes.retired))
    asked = " ".join(filter(None, (question, f"End {count} that the file does not have?")))
    return (
        Choice(f"Save{how} and end {count}", f"{save} retire:yes", Emphasis.DANGER, confirm=asked),
        replace(keeping, label=f"Save{how}, keep the other rows"),
    )


def _ending(args: Arguments, changes: MatrixChanges) -> str:
    """The rows that an import would end: how many, and the first ten."""
    items = [f'"{row.item}"' for row in changes.retired]
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    whose = f"{args.agreement.reference} of {args.client.name}"
    return (
        f"It would end {_rows(len(items))} of {whose} that the file does not have: {', '.join(items[:_SHOWN])}{more}."
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _dry_run(args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    whose = f"{args.agreement.reference} of {args.client.name}"
    verdict = "can be imported" if reading.may_be_saved else "cannot be imported as it is"
    return _plan(f"{upload.name} {verdict} into {whose}. Nothing was saved.", reading, changes, (), saved=False)


def _done(args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    whose = f"{args.agreement.reference} of {args.client.name}"
    if changes.nothing:
        headline = f"{whose} already says what {upload.name} says. Nothing was changed."
    else:
        headline = f"{upload.name} is imported into {whose}."
    return _plan(headline, reading, changes, (), saved=True)


def _plan(
    headline: str,
    reading: MatrixReading,
    changes: MatrixChanges,
    choices: tuple[Choice, ...],
    *,
    saved: bool,
) -> Reply:
    counts = ", ".join(
        f"{count} {party.value.replace('_', ' ')}" for party, count in by_party(reading.rows).items() if count
    )
    facts = (
        ("Rows", f"{len(reading.rows)} ({counts})"),
        ("Changes", f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.retired)} retired, "
                    f"{len(changes.unchanged)} as before"),
        ("Kept", f"{_rows(len(changes.kept))} that the file does not have" if changes.kept else ""),
        ("Sheet", reading.sheet),
        ("Header in row", ", ".join(str(row) for row in reading.header_rows)),
        ("Columns", ", ".join(f"{name} = {header}" for name, header in reading.columns.items())),
        ("Words", ", ".join(f"{word} = {party.value}" for word, party in reading.party_words.items())),
        ("Left out", f"{len(reading.skipped)} rows" if reading.skipped else ""),
    )  # fmt: skip
    problems = _grouped(reading.problems)
    return Reply(
        headline,
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=reading.notices,
        table=Table(("Rows", "Column", "Problem", "Proposed"), problems, caption="Problems") if problems else None,
        choices=choices,
        data=_as_data(reading, changes, saved=saved),
    )


def _grouped(problems: Sequence[Problem]) -> tuple[tuple[str, ...], ...]:
    """One line for each thing that is wrong, with all its rows."""
    is_one_sheet = len({each.sheet for each in problems}) < 2
    rows: dict[tuple[str, str, str], list[str]] = {}
    for each in problems:
        key = (each.column, each.message, (each.proposed or "").replace("_", " "))
        rows.setdefault(key, []).append(
            "all" if not each.row else str(each.row) if is_one_sheet else f"{each.sheet} {each.row}".strip()
        )
    return tuple((", ".join(where[:12]) + (" ..." if len(where) > 12 else ""), *key) for key, where in rows.items())


def _why_not(upload: Upload, reading: MatrixReading) -> str:
    if not reading.rows:
        return f"{upload.name}: no row could be read. Nothing was saved."
    asked = [problem for problem in reading.problems if problem.blocks]
    lines = [f"row {where}: {message}" for where, _, message, _ in _grouped(asked)]
    return first_lines(f"{upload.name}: nothing was saved, {len(asked)} rows need your word.", lines)


def _as_data(reading: MatrixReading, changes: MatrixChanges | None, *, saved: bool) -> dict[str, Any]:
    return {
        "rows": len(reading.rows),
        "by_party": {party.value: count for party, count in by_party(reading.rows).items()},
        "skipped": [{"row": each.row, "reason": each.reason} for each in reading.skipped],
        "problems": [
            {"row": each.row, "column": each.column, "message": each.message, "blocks": each.blocks,
             "proposed": each.proposed}
            for each in reading.problems
        ],
        "saved": saved,
        "plan": {
            "sheet": reading.sheet,
            "header_rows": list(reading.header_rows),
            "layout": reading.layout,
            "columns": dict(reading.columns),
            "party_words": {word: party.value for word, party in reading.party_words.items()},
            "unknown_words": [{"word": each.word, "rows": list(each.rows), "proposed": each.proposed}
                              for each in reading.unknown_words],
            "notices": list(reading.notices),
            "refused": reading.refused,
            "added": [row.item for row in changes.added] if changes else [],
            "changed": [{"item": change.new.item, "fields": list(change.fields)} for change in changes.changed]
            if changes else [],
            "retired": [row.item for row in changes.retired] if changes else [],
            "kept": [row.item for row in changes.kept] if changes else [],
        },
    }  # fmt: skip


COMMANDS = (
    Command(
        "matrix", "import", import_matrix, Role.MANAGER, "Read a spreadsheet into a matrix, after a preview",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("file", "one CSV or XLSX file", Kind.FILE),
            Parameter("sheet", "the sheet, by name or number; * for all that look alike"),
            Parameter("header-row", "the row with the column titles", Kind.INTEGER),
            Parameter("column", "which column is what: item=B", many=True),
            Parameter("party", "what a word means: 3P=third_party", many=True),
            Parameter("hidden", "read hidden sheets and columns too", Kind.YES_NO),
            Parameter("expand", "turn a grid of resources and duties into rows", Kind.YES_NO),
            Parameter("accept", "take the proposed reading of rows that are asked about", Kind.YES_NO),
            Parameter("fresh", "forget what was said about this layout before", Kind.YES_NO),
            Parameter("skip", "a row to leave out", many=True),
            Parameter("since", "the first day the changes apply; today if left out", Kind.DATE, has_happened=False),
            Parameter("retire", "yes ends the rows that the file does not have, no keeps them", Kind.YES_NO),
            Parameter("upload", "a file sent before, by its number", Kind.INTEGER),
            Parameter("confirm", "save it", Kind.YES_NO),
            Parameter("dry-run", "only say what would happen", Kind.YES_NO),
        ),
        example="/engagement matrix import calder SOW-A", is_slow=True,
    ),
)  # fmt: skip
