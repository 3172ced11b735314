"""Our own export, known by its columns: every text in it is what was saved, and is read as it stands."""

from collections.abc import Mapping
from dataclasses import replace

from commands.rules.matrix_layout.building import SheetReading
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.columns import profile
from commands.rules.matrix_layout.duplicates import is_apart, item_key
from commands.rules.matrix_layout.fields import ENTERED, OWN_COLUMNS, RECORD_COLUMNS
from commands.rules.matrix_layout.footers import is_reservation
from commands.rules.matrix_layout.headers import Header
from commands.rules.matrix_layout.lines import Lines, visible_rows
from commands.rules.matrix_layout.owner_column import judge_word
from commands.rules.matrix_layout.results import Corrections, Layout, MatrixRow, Problem
from commands.rules.matrix_layout.sheets import Sheet, SheetRow
from commands.rules.matrix_layout.texts import size_problems
from commands.rules.matrix_layout.understanding import Understanding
from commands.rules.text.cell_lists import split_list
from storage.records import Party, RowBasis

BASIS_WORDS: Mapping[str, RowBasis] = {
    "as signed": RowBasis.AS_SIGNED,
    "signed with the agreement": RowBasis.AS_SIGNED,
    "proposed": RowBasis.PROPOSED,
}
_ALWAYS = frozenset((*tuple(OWN_COLUMNS)[:5], ENTERED))
_TEXTS = (
    "category", "msp_part", "client_part", "third_party", "clause", "notes", "effective_from", "effective_to",
    "agreement", "carried_by",
)  # fmt: skip


def read_own_export(sheet: Sheet, known: Mapping[str, Party], corrections: Corrections) -> SheetReading | None:
    """The rows of a sheet that our export wrote; None for any other sheet, or where a person said how to read it."""
    header = _header(sheet, known) if not corrections.columns and corrections.header_row is None else None
    if header is None:
        return None
    lines = Lines()
    rows = visible_rows(sheet, header, corrections, lines)
    reading = SheetReading(sheet, header, skipped=lines.skipped)
    for row in rows:
        if is_reservation(row):
            lines.skip(row.number, "a line of the report, not of the table")
        else:
            _read(reading, row, known)
    anew = [text for text in header.texts if text in RECORD_COLUMNS]
    reading.notices.append(f"Not taken over: {', '.join(anew)}. Who imports the file, and when, is recorded instead.")
    return reading


def is_own_export(header: Header) -> bool:
    """Whether the columns are those that our export writes."""
    return _ALWAYS.issubset(header.texts)


def is_same_row(one: MatrixRow, other: MatrixRow) -> bool:
    """Whether two rows of an export say something about the same row of the same paper, for the same days."""
    keys = [
        (comparable(row.agreement or ""), item_key(row.item), comparable(row.category or ""), _is_proposed(row))
        for row in (one, other)
    ]
    return keys[0] == keys[1] and not is_apart(one, other)


def _is_proposed(row: MatrixRow) -> bool:
    return row.basis is RowBasis.PROPOSED


def _header(sheet: Sheet, known: Mapping[str, Party]) -> Header | None:
    if not sheet.rows:
        return None
    texts = tuple(text.strip() for text in sheet.rows[0].cells)
    if not _ALWAYS.issubset(texts):
        return None
    columns = [profile(index, text, sheet.rows[1:], known) for index, text in enumerate(texts)]
    fields = {OWN_COLUMNS[column.header]: column for column in columns if column.header in OWN_COLUMNS}
    unused = [column for column in columns if column.header not in {**OWN_COLUMNS, **RECORD_COLUMNS} and column.filled]
    understanding = Understanding(Layout.OWNER_COLUMN, fields, unused=tuple(unused))
    return Header((sheet.rows[0].number,), 1, texts, understanding)


def _read(reading: SheetReading, row: SheetRow, known: Mapping[str, Party]) -> None:
    columns, number = reading.understanding.fields, row.number

    def cell(name: str) -> str:
        return row.cell(columns[name].index).strip() if name in columns else ""

    def ask(column: str, message: str, proposed: Party | None = None) -> None:
        problem = Problem(number, column, message, True, proposed, reading.sheet.name, proposed is not None)
        reading.problems.append(problem)

    if not row.filled():
        return
    item, word = cell("item"), cell("party")
    party = Party(word) if word in list(Party) else None
    if not item:
        ask("item", "A party is given but no item." if word else "There is no item and no party, only other text.")
        return
    if party is None:
        judgement = judge_word(word, "responsible", known)
        party = judgement.party
        if judgement.unknown:
            reading.unknown.setdefault(judgement.unknown, []).append(number)
        if judgement.doubt:
            ask("responsible", judgement.doubt, judgement.party)
        if party is None:
            return
    basis = BASIS_WORDS.get(comparable(cell("basis")))
    if cell("basis") and basis is None:
        ask("basis", f'"{cell("basis")}" is neither "as signed" nor "proposed".')
    texts = {name: cell(name) or None for name in _TEXTS}
    found = MatrixRow(number, item, party, basis=basis, source_sheet=reading.sheet.name, **texts)  # type: ignore[arg-type]
    found = replace(found, control_refs=split_list(cell("control_id")), aliases=split_list(cell("aliases")))
    reading.words[word] = party
    reading.problems += size_problems(found)
    reading.rows.append(found)
