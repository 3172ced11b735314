"""A workbook to the responsibility matrix in it: the one entry point."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from commands.rules.matrix_layout.aliases import unambiguous
from commands.rules.matrix_layout.building import SheetReading, read_sheet
from commands.rules.matrix_layout.choosing import choose, sheets_to_try
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import same_place, without_duplicates
from commands.rules.matrix_layout.headers import find_header
from commands.rules.matrix_layout.legends import explained_words
from commands.rules.matrix_layout.lists import read_lists
from commands.rules.matrix_layout.own_export import is_own_export, is_same_row, read_own_export
from commands.rules.matrix_layout.proposals import proposed_party
from commands.rules.matrix_layout.refusals import blank_templates, grid_refusal, list_names, nothing_found
from commands.rules.matrix_layout.results import Corrections, Layout, MatrixReading, MatrixRow, Problem, UnknownWord
from commands.rules.matrix_layout.sheets import Sheet, Workbook, column_letter, heading_of
from commands.rules.matrix_layout.unread import named_hidden, not_read
from commands.rules.matrix_layout.words import INCLUSION_WORDS, Mark, mark_of, party_of, role_name
from commands.rules.text.phrases import counted, join_names, named_rows
from storage.records import Party

_FIELD_LABELS = {"party": "responsible"}
_NAMELESS = re.compile(r"(?:sheet|tabelle|feuil|hoja|blad)\s?\d*|[^.]+\.\w{2,4}", re.I)
_ROWS_SHOWN = 12
_FEW = 3


def read_matrix(workbook: Workbook, corrections: Corrections | None = None) -> MatrixReading:
    """Read the matrix of a workbook. Never raises for what a file holds: what cannot be read is refused in words."""
    corrections = corrections or Corrections()
    known = _known(corrections)
    sheets, refused = sheets_to_try(workbook, corrections)
    if refused:
        return MatrixReading(refused=refused)
    readings: list[SheetReading] = []
    errors: list[str] = []
    for sheet in sheets:
        reading, wrong = _read(sheet, known, corrections)
        errors += wrong
        if reading and not wrong:
            readings.append(reading)
    notices = [*workbook.remarks, *_hidden(workbook, sheets, corrections)]
    if not readings:
        return MatrixReading(refused=errors[0] if errors else nothing_found(sheets, known), notices=tuple(notices))
    grids = [reading for reading in readings if reading.understanding.layout is Layout.GRID]
    if grids and not corrections.expand:
        readings = [reading for reading in readings if reading not in grids]
        if not readings:
            return MatrixReading(
                refused=grid_refusal(grids[0], _strangers(grids[0], known)), layout=Layout.GRID, notices=tuple(notices)
            )
        notices.append(
            f"Not read, because every row has several parties: {list_names([grid.sheet.name for grid in grids])}."
        )
    is_alone = sum(bool(sheet.rows) for sheet in workbook.sheets) == 1
    choice = choose(readings, corrections, is_alone=is_alone)
    if choice.refused:
        template = blank_templates(
            [sheet for sheet in sheets if sheet not in [reading.sheet for reading in readings]], known
        )
        return MatrixReading(refused=" ".join(filter(None, (template, choice.refused))), notices=tuple(notices))
    others = [
        sheet.name for sheet in sheets if sheet not in [reading.sheet for reading in readings + grids] and sheet.rows
    ]
    if others:
        notices.append(f"Sheets without a matrix: {list_names(others)}.")
    return _finish(choice.readings, corrections, choice.problems, [*notices, *choice.notices])


def _strangers(grid: SheetReading, known: Mapping[str, Party]) -> list[str]:
    """The words in the cells of a grid that are no party that is known, the first few."""
    columns = [column.index for column in grid.understanding.grid]
    known = {**INCLUSION_WORDS, **known} if grid.understanding.plans else known
    rows = grid.sheet.rows[grid.header.start :]
    words = [row.line(index) for row in rows for index in columns]
    unknown = [word for word in words if word and party_of(word, known) is None and mark_of(word) is Mark.OTHER]
    return list(dict.fromkeys(unknown))[:_FEW]


def _known(corrections: Corrections) -> dict[str, Party]:
    """Words as `comparable`; combinations "A+B" in alphabetical order, which is how they are looked up."""
    known: dict[str, Party] = {}
    for word, party in corrections.party_words.items():
        known["+".join(sorted(comparable(part) for part in word.split("+")))] = party
        known[comparable(word)] = party
    return known


def _read(
    sheet: Sheet, known: dict[str, Party], corrections: Corrections
) -> tuple[SheetReading | None, tuple[str, ...]]:
    if not sheet.rows:
        return None, ()
    if (own := read_own_export(sheet, known, corrections)) is not None:
        return own, ()
    known = {**explained_words(sheet, known), **known}
    header = find_header(sheet, known, corrections)
    if header is None and corrections.header_row is not None:
        return None, (f"The sheet {sheet.name} has no row {corrections.header_row}, or nothing in it.",)
    if header and header.understanding.errors:
        return None, header.understanding.errors
    if header and header.understanding.layout:
        reading = read_sheet(sheet, header, known, corrections)
        if reading.rows or reading.problems or reading.waiting:
            return reading, ()
    return read_lists(sheet, known, corrections), ()


def _hidden(workbook: Workbook, sheets: Sequence[Sheet], corrections: Corrections) -> list[str]:
    """What was not looked at because it is hidden."""
    if corrections.include_hidden:
        return []
    notices = []
    left_out = [sheet.name for sheet in workbook.sheets if sheet.hidden and sheet not in sheets and sheet.rows]
    if left_out:
        notices.append(f"Hidden sheets were left out: {list_names(left_out)}.")
    return notices


def _finish(
    readings: Sequence[SheetReading], corrections: Corrections, asked: Sequence[Problem], notices: Sequence[str]
) -> MatrixReading:
    rows = [row for reading in readings for row in _categorise(reading, len(readings) > 1)]
    is_own = all(is_own_export(reading.header) for reading in readings)
    kept, repeated, again = without_duplicates(rows, is_same_row if is_own else same_place)
    problems = [problem for reading in readings for problem in (*_questions(reading), *reading.problems)]
    problems = [*asked, *problems, *again, *_incomplete(kept)]
    if corrections.accept_proposed:
        problems = [replace(problem, blocks=problem.blocks and not problem.acceptable) for problem in problems]
    first = readings[0].understanding
    words = {word: party for reading in readings for word, party in _words(reading)}
    return MatrixReading(
        sheet=", ".join(reading.sheet.name for reading in readings),
        sheets=tuple(reading.sheet.name for reading in readings),
        header_rows=readings[0].header.rows,
        layout=first.layout,
        columns={
            _FIELD_LABELS.get(name, name): column.label
            for reading in readings
            for name, column in reading.understanding.fields.items()
        },
        party_words=words,
        rows=unambiguous(kept, "aliases" in first.fields),
        skipped=tuple(replace(entry, sheet=reading.sheet.name) for reading in readings for entry in reading.skipped)
        + repeated,
        problems=tuple(problems),
        notices=(*notices, *dict.fromkeys(notice for reading in readings for notice in _notices(reading, corrections))),
        unknown_words=tuple(_unknown_words(readings, set(words.values()))),
    )


def _categorise(reading: SheetReading, several: bool) -> Iterable[MatrixRow]:
    """Of several sheets, the name of each is the category of its rows, unless they have one."""
    name = heading_of(reading.sheet)
    if (
        not several
        or is_own_export(reading.header)
        or _NAMELESS.fullmatch(name)
        or any(row.category for row in reading.rows)
    ):
        return reading.rows
    return [replace(row, category=name) for row in reading.rows]


def _words(reading: SheetReading) -> Iterable[tuple[str, Party]]:
    yield from reading.words.items()
    for entry in reading.understanding.party_columns:
        if entry.party and entry.column.header:
            yield entry.column.header, entry.party


def _questions(reading: SheetReading) -> Iterable[Problem]:
    """One per heading that nobody explained, however many rows wait for it."""
    row = reading.header.rows[-1] if reading.header.rows else 0
    for label, numbers in reading.waiting.items():
        name = role_name(label) or label
        depend = "depends" if len(numbers) == 1 else "depend"
        message = (
            f'"{label}" is not a party that is known; {named_rows(numbers)} {depend} on it. '
            f'Who is "{name}"? You, the client, a third party? Say party:"{name}=msp", for example.'
        )
        yield Problem(row, label, message, True, None, reading.sheet.name)
    for column in reading.understanding.aside:
        message = f'"{column.label}" holds marks but is not a party that is known; it was not read.'
        yield Problem(row, column.label, message, False, None, reading.sheet.name)
    for doubt in reading.understanding.doubts:
        yield Problem(row, "item", doubt, True, None, reading.sheet.name, acceptable=True)


def _incomplete(rows: Sequence[MatrixRow]) -> Iterable[Problem]:
    """Said once for all rows: they can be saved, but a technician will ask for more."""
    shared = [row for row in rows if row.party is Party.SHARED and not (row.msp_part and row.client_part)]
    if shared:
        words = f"{_counted_rows(shared)} {'is' if len(shared) == 1 else 'are'} shared"
        yield Problem(0, "", f"{words}, and the part of each side is not given.", False)
    third = [row for row in rows if row.party is Party.THIRD_PARTY and not row.third_party]
    if third:
        words = "is a third party's but does not" if len(third) == 1 else "are a third party's but do not"
        yield Problem(0, "", f"{_counted_rows(third)} {words} name it.", False)


def _counted_rows(rows: Sequence[MatrixRow]) -> str:
    several = len({row.source_sheet for row in rows}) > 1
    names = [f"{row.source_sheet} {row.source_row}" if several else str(row.source_row) for row in rows]
    return f"{counted(len(rows), 'row')} ({join_names(names, _ROWS_SHOWN)})"


def _notices(reading: SheetReading, corrections: Corrections) -> Iterable[str]:
    understanding = reading.understanding
    yield from reading.notices
    hidden = sorted(reading.sheet.hidden_columns)
    hidden = [index for index in hidden if any(row.cell(index).strip() for row in reading.sheet.rows)]
    if hidden and not corrections.include_hidden:
        names = [
            reading.header.texts[index] or column_letter(index)
            if index < len(reading.header.texts)
            else column_letter(index)
            for index in hidden
        ]
        yield f"Hidden columns were left out: {', '.join(map(named_hidden, names))}."
    rows = sum(entry.reason == "hidden row" for entry in reading.skipped)
    if rows:
        yield f"Hidden rows were left out: {rows}."
    yield from not_read(understanding)


def _unknown_words(readings: Sequence[SheetReading], parties: set[Party]) -> Iterable[UnknownWord]:
    rows: dict[str, list[int]] = {}
    for reading in readings:
        for source in (reading.waiting, reading.unknown):
            for word, numbers in source.items():
                rows.setdefault(word, []).extend(numbers)
    headings = list(dict.fromkeys(label for reading in readings for label in reading.waiting))
    for word, numbers in rows.items():
        yield UnknownWord(word, tuple(numbers), proposed_party(word, parties, sole_heading=[word] == headings))
