"""A workbook to the responsibility matrix in it: the one entry point."""

from collections.abc import Sequence
from dataclasses import replace

from commands.rules.matrix_layout.aliases import unambiguous
from commands.rules.matrix_layout.building import SheetReading, read_sheet
from commands.rules.matrix_layout.cleaning import compared
from commands.rules.matrix_layout.duplicates import without_duplicates
from commands.rules.matrix_layout.headers import find_header
from commands.rules.matrix_layout.results import (
    Corrections,
    MatrixReading,
    MatrixRow,
    Problem,
    Skipped,
)
from commands.rules.matrix_layout.sheets import Workbook
from storage.records import Party

_FIELD_LABELS = {"party": "responsible"}


def read_matrix(workbook: Workbook, corrections: Corrections | None = None) -> MatrixReading:
    """Read the matrix of a workbook. Never raises for what a file holds: what cannot be read is refused in words."""
    corrections = corrections or Corrections()
    known = _known(corrections)
    sheets = [sheet for sheet in workbook.sheets if corrections.include_hidden or not sheet.hidden]
    readings = []
    for sheet in sheets:
        header = find_header(sheet, known, corrections)
        if header and header.understanding.layout:
            readings.append(read_sheet(sheet, header, known, corrections))
    if not readings:
        return MatrixReading(refused="No sheet says who is responsible for what.")
    return _finish([readings[0]], corrections, list(workbook.remarks))


def _known(corrections: Corrections) -> dict[str, Party]:
    known = {}
    for word, party in corrections.party_words.items():
        parts = sorted(compared(part) for part in word.split("+"))
        known["+".join(parts)] = party
    return known


def _finish(readings: Sequence[SheetReading], corrections: Corrections, notices: list[str]) -> MatrixReading:
    rows: list[MatrixRow] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for reading in readings:
        rows += reading.rows
        skipped += [replace(entry, sheet=reading.sheet.name) for entry in reading.skipped]
        problems += [replace(entry, sheet=reading.sheet.name) for entry in reading.problems]
    kept, repeated, again = without_duplicates(rows)
    first = readings[0].understanding
    columns = {_FIELD_LABELS.get(name, name): column.label for name, column in first.fields.items()}
    return MatrixReading(
        sheet=", ".join(reading.sheet.name for reading in readings),
        sheets=tuple(reading.sheet.name for reading in readings),
        header_rows=readings[0].header.rows,
        layout=first.layout,
        columns=columns,
        rows=unambiguous(kept, "aliases" in first.fields),
        skipped=tuple(skipped) + repeated,
        problems=tuple(problems) + again,
        notices=tuple(notices),
    )
