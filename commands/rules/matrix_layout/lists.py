"""Lists without a column that says who: "Included" beside "Excluded", or items under titles such as "Not included"."""

import re
from collections.abc import Mapping

from commands.rules.matrix_layout.building import SheetReading
from commands.rules.matrix_layout.cleaning import clean, clean_item, clean_line, comparable
from commands.rules.matrix_layout.columns import profile
from commands.rules.matrix_layout.fields import HEADER_NAMES
from commands.rules.matrix_layout.headers import Header
from commands.rules.matrix_layout.lines import is_note
from commands.rules.matrix_layout.results import Corrections, Layout, MatrixRow, Problem, Skipped
from commands.rules.matrix_layout.sheets import Sheet, SheetRow, is_struck
from commands.rules.matrix_layout.understanding import PartyColumn, Understanding
from commands.rules.matrix_layout.words import INCLUSION_WORDS, Mark, header_party, mark_of
from storage.records import Party

_SUBJECT = r"(?:(?:the )?(?:following )?(?:services?|items?|tasks?|what s|whats|what is)(?: (?:are|is))? )?"
_OBJECT = r"(?: (?:in|under|by|from|with|services?|items?|tasks?|responsibilities)\b.*)?"
_INCLUDED = re.compile(rf"{_SUBJECT}(?:included|in scope|covered|inclusions?){_OBJECT}")
_EXCLUDED = re.compile(
    rf"{_SUBJECT}(?:excluded|not included|out of scope|not in scope|not covered|exclusions?){_OBJECT}"
)
_DUTIES = re.compile(
    r"(?:the )?(\w+(?: \w+){0,2}?) (?:is responsible for|are responsible for|will|shall|provides?|must)(?: .*)?"
)
_SEARCHED_ROWS = 60


def list_party(title: str, known: Mapping[str, Party]) -> Party | None:
    """The party of everything below a title: "Services not included", "Client responsibilities", "The MSP will:"."""
    word = comparable(title)
    if len(word) > 80 or not word:
        return None
    if word in known or word in INCLUSION_WORDS:
        return known.get(word) or INCLUSION_WORDS[word]
    if _INCLUDED.fullmatch(word):
        return Party.MSP
    if _EXCLUDED.fullmatch(word):
        return Party.OUT_OF_SCOPE
    duties = _DUTIES.fullmatch(word)
    return header_party(title, known) or (header_party(duties[1], known) if duties else None)


def read_lists(sheet: Sheet, known: Mapping[str, Party], corrections: Corrections) -> SheetReading | None:
    """The reading of a sheet that is nothing but lists, else None."""
    rows = [row for row in sheet.rows if not row.hidden or corrections.include_hidden]
    return _side_by_side(sheet, rows, known) or _one_below_another(sheet, rows, known)


def _side_by_side(sheet: Sheet, rows: list[SheetRow], known: Mapping[str, Party]) -> SheetReading | None:
    for position, row in enumerate(rows[:_SEARCHED_ROWS]):
        parties = {index: list_party(row.cells[index], known) for index in row.filled()}
        if len(set(parties.values())) < 2 or not all(parties.values()):
            continue
        columns = [profile(index, row.line(index), rows[position + 1 :], {}) for index in parties]
        header = _header(row, position + 1, [PartyColumn(column, parties[column.index]) for column in columns])
        reading = SheetReading(sheet, header)
        for below in rows[position + 1 :]:
            for index in below.filled():
                _add(reading, below, below.cells[index], parties.get(index), None, None)
        if _marks_only(reading):
            return None
        return reading
    return None


def _marks_only(reading: SheetReading) -> bool:
    return all(mark_of(row.item) is not Mark.OTHER for row in reading.rows)


def _one_below_another(sheet: Sheet, rows: list[SheetRow], known: Mapping[str, Party]) -> SheetReading | None:
    titles = {
        position: party
        for position, row in enumerate(rows)
        if len(row.filled()) == 1 and (party := list_party(clean_item(row.cells[row.filled()[0]]), known))
    }
    if len(set(titles.values())) < 2:
        return None
    first = rows[min(titles)]
    column = profile(first.filled()[0], "", rows, {})
    reading = SheetReading(sheet, _header(first, min(titles) + 1, [PartyColumn(column, titles[min(titles)])]))
    for row in rows[: min(titles)]:
        reading.skipped.append(Skipped(row.number, "above the lists", sheet.name))
    current: Party | None = None
    category: str | None = None
    for position, row in enumerate(rows):
        if position < min(titles):
            continue
        filled = row.filled()
        text = row.line(filled[0])
        if position in titles:
            current, category = titles[position], None
            reading.words[text] = titles[position]
            reading.skipped.append(Skipped(row.number, f"title of a list: {text}", sheet.name))
        elif len(filled) == 1 and text.endswith(":"):
            category = text.rstrip(":")
            reading.skipped.append(Skipped(row.number, f"section title: {category}", sheet.name))
        elif len(filled) > 1 and all(row.word(index) in HEADER_NAMES for index in filled):
            reading.skipped.append(Skipped(row.number, "header of a list", sheet.name))
        else:
            notes = "\n".join(clean(row.cells[index]) for index in filled[1:])
            _add(reading, row, row.cells[filled[0]], current, category, notes or None)
    return reading


def _header(row: SheetRow, start: int, entries: list[PartyColumn]) -> Header:
    texts = tuple(clean_line(text) for text in row.cells)
    return Header((row.number,), start, texts, Understanding(Layout.INCLUDED_EXCLUDED, {}, tuple(entries)))


def _add(
    reading: SheetReading, row: SheetRow, cell: str, party: Party | None, category: str | None, notes: str | None
) -> None:
    item = clean_item(cell)
    if is_note(item) or not item:
        reading.skipped.append(Skipped(row.number, "note", reading.sheet.name))
    elif is_struck(cell):
        message = (
            f'A line goes through "{item[:60]}": it does not say whether that applies. Delete the text or the line.'
        )
        reading.problems.append(Problem(row.number, "", message, True, sheet=reading.sheet.name))
    elif party is None:
        message = f'"{item[:60]}" stands in a column that is no list.'
        reading.problems.append(Problem(row.number, "", message, True, sheet=reading.sheet.name))
    else:
        reading.rows.append(MatrixRow(row.number, item, party, category, notes=notes, source_sheet=reading.sheet.name))
