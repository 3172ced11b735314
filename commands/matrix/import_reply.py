"""What an import of a matrix would do, or did, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from commands.arguments import Arguments
from commands.command import Context, Upload
from commands.grammar.words import command_line
from commands.matrix.import_basis import basis_of, file_basis
from commands.matrix.row_reply import parts_words
from commands.reply import Choice, Emphasis, Field, File, Group, Item, Reply, Table
from commands.rules.imports.matrix_changes import MatrixChanges
from commands.rules.matrix.row_versions import STATEMENT
from commands.rules.matrix_layout import MatrixReading, Problem, by_party
from commands.rules.text.phrases import counted, join_names, plain, quote_names
from commands.spreadsheets.uploads import first_lines, keep_upload, problem_file
from storage.records import RowBasis

_SHOWN = 10
_REASONS = 5


def preview(ctx: Context, args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    number = keep_upload(ctx, upload)
    names = (args.client.name, args.agreement.reference)
    again = {
        "sheet": args.sheet, "header_row": args.header_row, "column": args.column, "party": args.party,
        "skip": args.skip, "since": args.since,
        **{name: "yes" for name in ("hidden", "expand", "fresh", "as_signed", "proposed") if getattr(args, name)},
    }  # fmt: skip
    asked = [problem for problem in reading.problems if problem.blocks]
    cancel = Choice("Cancel", command_line("matrix import", *names, upload=number, confirm="no"))
    choices: tuple[Choice, ...] = (cancel,)
    if not asked or all(problem.acceptable for problem in asked):
        if asked:
            again["accept"] = "yes"
        save = command_line("matrix import", *names, upload=number, confirm="yes", **again)
        ways = _ways_to_save(save, changes, is_asked=bool(asked))
        choices = (*ways, *_ways_to_count(args, save, changes), cancel)
    if not asked:
        headline = f"{upload.name} can be imported into {names[1]} of {names[0]}. Nothing is saved yet."
    elif len(choices) > 1:
        headline = f"{upload.name}: {counted(len(asked), 'row needs', 'rows need')} your word. Nothing is saved yet."
    else:
        headline = f"{upload.name} cannot be imported as it is: {counted(len(asked), 'problem')}. Nothing is saved."
    reply = _plan(headline, reading, changes, choices, saved=False)
    files = all_problems(upload.name, reading)
    ending = ending_words(args, changes) if changes.retired else ""
    told = (ending, _planned(changes, ctx.today_for(args.client)), _counting(args, changes)) if choices[1:] else ()
    cautions = (*told, *reply.cautions)
    return replace(reply, cautions=tuple(filter(None, cautions)), files=files)


def _planned(changes: MatrixChanges, today: date) -> str:
    """The rows that begin only later, of which the file says something else without a day."""
    planned = [
        f'"{each.old.item}" (from {each.old.effective_from})'
        for each in changes.changed
        if each.old.effective_from is not None
        and each.old.effective_from > today
        and "effective_from" not in each.fields
        and set(each.fields) & set(STATEMENT)
    ]
    if not planned:
        return ""
    return (
        f"Planned, and not in force yet: {join_names(planned, _SHOWN)}. What the file says of them applies from then "
        "on. Where it applies already, write the day into a column effective_from."
    )


def _new_rows(args: Arguments, changes: MatrixChanges) -> Counter[RowBasis | None]:
    """On which basis the rows would count that the file adds, or of which it says something else."""
    rows = [*changes.added, *(change.new for change in changes.changed if set(change.fields) & set(STATEMENT))]
    return Counter(basis_of(args, row) for row in rows)


def _counting(args: Arguments, changes: MatrixChanges) -> str:
    """Under signed paper: how many rows would be attested by their clause, and how many proposed."""
    counts, reference = _new_rows(args, changes), args.agreement.reference
    told = []
    if signed := counts[RowBasis.AS_SIGNED]:
        why = "you state it" if file_basis(args) else "they cite its clause"
        told.append(
            f"as signed, because {why}: {counted(signed, 'row')}. Whoever saves them attests that {reference} says so"
        )
    if proposed := counts[RowBasis.PROPOSED]:
        told.append(f"proposed, not agreed: {counted(proposed, 'row')}")
    return f"{reference} is signed. New or changed rows would count {'; '.join(told)}." if told else ""


def _ways_to_count(args: Arguments, save: str, changes: MatrixChanges) -> tuple[Choice, ...]:
    """The other bases on which the rows can be saved; nothing ends with these."""
    if not args.agreement.is_signed or file_basis(args) is not None:
        return ()
    counts = _new_rows(args, changes)
    ways = []
    if counts[RowBasis.PROPOSED] or any(row.basis is RowBasis.PROPOSED for row in changes.unchanged):
        confirm = f"Do you attest that the signed {args.agreement.reference} says all of this?"
        ways.append(Choice("Save all as signed", f"{save} as-signed:yes retire:no", confirm=confirm))
    if counts[RowBasis.AS_SIGNED]:
        ways.append(Choice("Save all as proposed", f"{save} proposed:yes retire:no"))
    return tuple(ways)


def _ways_to_save(save: str, changes: MatrixChanges, *, is_asked: bool) -> tuple[Choice, ...]:
    """What was not shown as ending when the file was looked at does not end when it is saved either."""
    how = " with the proposed readings" if is_asked else ""
    question = "Take every proposed reading?" if is_asked else None
    keeping = Choice(f"Save{how}", f"{save} retire:no", Emphasis.PRIMARY, confirm=question)
    if not changes.retired:
        return (keeping,)
    count = counted(len(changes.retired), "row")
    asked = " ".join(filter(None, (question, f"End {count} that the file does not have?")))
    return (
        Choice(f"Save{how} and end {count}", f"{save} retire:yes", Emphasis.DANGER, confirm=asked),
        replace(keeping, label=f"Save{how}, keep the other rows"),
    )


def ending_words(args: Arguments, changes: MatrixChanges) -> str:
    """The rows that an import would end: how many, and the first ten."""
    items = quote_names(row.item for row in changes.retired)
    whose = f"{args.agreement.reference} of {args.client.name}"
    named = join_names(items, _SHOWN)
    return f"It would end {counted(len(items), 'row')} of {whose} that the file does not have: {named}."


def dry_run(args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    whose = f"{args.agreement.reference} of {args.client.name}"
    verdict = "can be imported" if reading.may_be_saved else "cannot be imported as it is"
    reply = _plan(f"{upload.name} {verdict} into {whose}. Nothing was saved.", reading, changes, (), saved=False)
    return replace(reply, files=all_problems(upload.name, reading))


def done_reply(args: Arguments, upload: Upload, reading: MatrixReading, changes: MatrixChanges) -> Reply:
    """What an import that is saved has changed."""
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
    counts = ", ".join(f"{count} {plain(party)}" for party, count in by_party(reading.rows).items() if count)
    facts = (
        ("Rows", f"{len(reading.rows)} ({counts})"),
        ("Changes", f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.retired)} retired, "
                    f"{len(changes.unchanged)} as before"),
        ("Kept", f"{counted(len(changes.kept), 'row')} that the file does not have" if changes.kept else ""),
        ("Sheet", reading.sheet),
        ("Header in row", ", ".join(str(row) for row in reading.header_rows)),
        ("Columns", ", ".join(f"{name} = {header}" for name, header in reading.columns.items())),
        ("Words", ", ".join(f"{word} = {party.value}" for word, party in reading.party_words.items())),
        ("Left out", _left_out(reading)),
        ("Dropped", _dropped(changes)),
    )  # fmt: skip
    names_sheets = _names_sheets(reading)
    problems = _group_problems(reading.problems, names_sheets=names_sheets)
    items = tuple(_problem(*each, names_sheets=names_sheets) for each in problems)
    return Reply(
        headline,
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=reading.notices,
        table=Table(("Rows", "Column", "Problem", "Proposed"), problems, caption="Problems") if problems else None,
        groups=(Group(f"Problems ({len(items)})", items),) if items else (),
        choices=choices,
        data=import_data(reading, changes, saved=saved),
    )


def _problem(rows: str, column: str, said: str, proposed: str, *, names_sheets: bool) -> Item:
    """In which rows, and what is wrong there; where sheets are named, `rows` says it all."""
    if rows == "all":
        where = "The file"
    elif names_sheets:
        where = rows
    else:
        where = f"Row{'s' if ',' in rows else ''} {rows}"
    known = "" if not proposed or proposed in said else f" Proposed: {proposed}."
    return Item(f"{where}, column {column}" if column else where, f"{said}{known}")


def _dropped(changes: MatrixChanges) -> str:
    """What rows said of the party that they had before."""
    dropped = [f'"{each.new.item}": {parts_words(each.old, each.dropped)}' for each in changes.changed if each.dropped]
    return join_names(dropped, _SHOWN, "; ")


def _left_out(reading: MatrixReading) -> str:
    """How many rows were left out, and for what reasons; blank ones are not worth a word."""
    reasons = Counter(each.reason.partition(":")[0] for each in reading.skipped if each.reason != "blank row")
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common(_REASONS))
    return f"{counted(reasons.total(), 'row')} ({told})" if reasons else ""


def _names_sheets(reading: MatrixReading) -> bool:
    """Whether a row needs its sheet beside its number: rows of several were read, or asked about."""
    named = {each.sheet for each in reading.problems} | {each.source_sheet for each in reading.rows}
    return len(named - {""}) > 1


def _place_of(problem: Problem, *, names_sheets: bool) -> str:
    """Where a problem is: "12", with its sheet "Backup, row 12", "all" for the whole file."""
    if not names_sheets or not problem.sheet:
        return str(problem.row or "all")
    return f"{problem.sheet}, row {problem.row}" if problem.row else problem.sheet


def all_problems(name: str, reading: MatrixReading, problems: Sequence[Problem] | None = None) -> tuple[File, ...]:
    """Every problem of the file called `name` as a spreadsheet, where the message has no room for all of them."""
    problems, names_sheets = reading.problems if problems is None else problems, _names_sheets(reading)
    return problem_file(
        name,
        [
            {
                "row": _place_of(each, names_sheets=names_sheets) if each.row or names_sheets else "",
                "column": each.column,
                "message": f"{each.message} Proposed: {plain(each.proposed)}." if each.proposed else each.message,
            }
            for each in problems
        ],
    )


def _group_problems(problems: Sequence[Problem], *, names_sheets: bool) -> tuple[tuple[str, ...], ...]:
    """One line for each thing that is wrong, with all its rows; of one sheet, where they are of several."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for each in problems:
        key = (each.sheet if names_sheets else "", each.column, each.message, plain(each.proposed or ""))
        found.setdefault(key, []).append(each)
    lines = []
    for (_, *what), [first, *others] in found.items():
        place = _place_of(first, names_sheets=names_sheets)
        if others and names_sheets and first.sheet and first.row:
            place = f"{first.sheet}, rows {first.row}"
        numbers = [place, *(str(each.row or "all") for each in others)]
        lines.append((join_names(numbers, 12), *what))
    return tuple(lines)


def why_not(upload: Upload, reading: MatrixReading) -> str:
    """Why nothing of the file was saved: no row could be read, or some need a person's word."""
    asked = [problem for problem in reading.problems if problem.blocks]
    if not reading.rows:
        said = f"{upload.name}: no row could be read. Nothing was saved."
        return first_lines(said, _problem_lines(reading, asked)) if asked else said
    return first_lines(
        f"{upload.name}: nothing was saved, {counted(len(asked), 'row needs', 'rows need')} your word.",
        _problem_lines(reading, asked),
    )


def _problem_lines(reading: MatrixReading, problems: Sequence[Problem]) -> list[str]:
    """What is wrong, each after its rows, and their sheet where there are several."""
    found = _group_problems(problems, names_sheets=_names_sheets(reading))
    return [f"{_place_word(reading)} {where}: {message}" for where, _, message, _ in found]


def single_lines(reading: MatrixReading, problems: Sequence[Problem]) -> list[str]:
    """What is wrong, a line for each row."""
    names_sheets = _names_sheets(reading)
    return [f"{_place_word(reading)} {_place_of(each, names_sheets=names_sheets)}: {each.message}" for each in problems]


def _place_word(reading: MatrixReading) -> str:
    return "sheet" if _names_sheets(reading) else "row"


def import_data(reading: MatrixReading, changes: MatrixChanges | None, *, saved: bool) -> dict[str, Any]:
    """What was read, and what it changed or would change, as the reply's data."""
    return {
        "rows": len(reading.rows),
        "by_party": {party.value: count for party, count in by_party(reading.rows).items()},
        "skipped": [{"row": each.row, "reason": each.reason} for each in reading.skipped],
        "problems": [
            {"row": each.row, "sheet": each.sheet, "column": each.column, "message": each.message,
             "blocks": each.blocks, "proposed": each.proposed}
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
