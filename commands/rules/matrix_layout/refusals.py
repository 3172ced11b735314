"""Why a workbook cannot be read as a matrix, said so that the person knows what to do next."""

import re
from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.building import SheetReading
from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.fields import HEADER_NAMES, INHERITED
from commands.rules.matrix_layout.headers import joined_titles
from commands.rules.matrix_layout.sheets import Sheet
from commands.rules.matrix_layout.words import PARTY_WORDS, Mark, header_party, mark_of
from commands.rules.text.phrases import join_names, quote_names
from storage.records import Party

_SHOWN = 12
_MOSTLY = 0.6


def list_names(names: Sequence[str]) -> str:
    """Names in quotation marks, at most a dozen."""
    return join_names(quote_names(names), _SHOWN)


def grid_refusal(reading: SheetReading, strangers: Sequence[str] = ()) -> str:
    """A resource-by-duty grid: one row has several parties, by design."""
    names = [column.label for column in reading.understanding.grid]
    item = reading.understanding.item
    example = item.label if item else "item"
    says = "says whether it is included" if reading.understanding.plans else "names a party"
    return (
        f"In the sheet {reading.sheet.name} every row has several answers: the columns {list_names(names)} are duties, "
        f"platforms or plans, and each cell {says}. A matrix has one party per row. Expand it, which makes "
        f'one row of each {example} and column ("Server: {names[0]}"), or choose one column as the responsible one.'
        + _who_are(strangers)
    )


def _who_are(strangers: Sequence[str]) -> str:
    """The question about words in the cells that are no party that is known."""
    if not strangers:
        return ""
    named = list_names(strangers)
    is_one = len(strangers) == 1
    return f' Who {"is" if is_one else "are"} {named}? You, the client, a third party? Say party:"{strangers[0]}=msp".'


def nothing_found(sheets: Sequence[Sheet], known: Mapping[str, Party]) -> str:
    """No table says who is responsible: a blank template, marks under unknown names, or something else altogether."""
    blank = blank_templates(sheets, known)
    if blank:
        return blank
    written = [row for sheet in sheets for row in sheet.rows]
    if len(written) == 1 and len(written[0].filled()) > 1:
        return f"There are titles in row {written[0].number}, and no rows below them."
    headers = max((_header_words(sheet) for sheet in sheets), key=len, default=[])
    if not headers:
        return "No table with a header row was found. Name the header row, or the columns by letter."
    words = [comparable(text) for text in headers]
    if any(word in PARTY_WORDS for word in words) and not any(word in HEADER_NAMES for word in words):
        return (
            "There seems to be no header row. Say so by header row 0, and name the columns by letter: item=A and "
            "responsible=B, for example."
        )
    marked = [name for name in _marked_columns(sheets) if header_party(name, known) is None]
    if marked:
        return (
            f"The columns {list_names(marked)} hold marks, but they do not say who the parties are. Say it "
            f'("{marked[0]}=msp"), or, if one says whether something is included, choose it as the column "included".'
        )
    return (
        f"No column says who is responsible. The columns are {list_names(headers)}. If one of them does, choose it as "
        'the column "responsible", and say what its words mean.'
    )


def blank_templates(sheets: Sequence[Sheet], known: Mapping[str, Party]) -> str:
    """A sentence about the sheets that name parties and assign nothing, "" if there are none."""
    blank = [sheet.name for sheet in sheets if _is_blank_template(sheet, known)]
    return f"This is a template that nobody filled in: nothing is assigned in {list_names(blank)}." if blank else ""


def _is_blank_template(sheet: Sheet, known: Mapping[str, Party]) -> bool:
    for position, row in enumerate(sheet.rows[:30]):
        parties = [
            index
            for index, text in enumerate(row.cells)
            if text and len(text) <= 120 and (header_party(text, known) or INHERITED.search(comparable(text)))
        ]
        inherited = any(INHERITED.search(row.word(index)) for index in parties)
        below = sheet.rows[position + 1 :]
        if (len(parties) >= 2 or inherited) and len(below) >= 5:
            return not any(row.cell(index).strip() for row in below for index in parties)
    return False


def _header_words(sheet: Sheet) -> list[str]:
    """The texts of the first row that looks like a header."""
    for row in sheet.rows[:60]:
        texts = [clean_line(text) for text in row.cells if text.strip()]
        named = sum(comparable(text) in HEADER_NAMES for text in texts)
        if len(texts) >= 2 and all(len(text) <= 80 for text in texts) and named >= max(2, len(texts) / 3):
            return texts
    first = next((row for row in sheet.rows if len(row.filled()) >= 2), None)
    return [clean_line(text) for text in first.cells if text.strip()] if first and len(sheet.rows) > 1 else []


def _marked_columns(sheets: Sequence[Sheet]) -> list[str]:
    """The titles, in one row or in two, below which there are ticks, and crosses or dashes where there are none."""
    for sheet in sheets:
        for position, row in enumerate(sheet.rows[:60]):
            if len(row.filled()) < 3 or not any(comparable(text) in HEADER_NAMES for text in row.cells):
                continue
            shown = [index for index in row.filled() if index not in sheet.hidden_columns]
            marked = [row.line(index) for index in shown if _is_marked(sheet, position + 1, index)]
            lower = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else None
            joined = joined_titles(sheet, row, lower) if lower else None
            below = [title for index, title in enumerate(joined or ()) if title and index not in sheet.hidden_columns
                     and _is_marked(sheet, position + 2, index)]  # fmt: skip
            return max(below, marked, key=len)
    return []


def _is_marked(sheet: Sheet, start: int, index: int) -> bool:
    texts = [text for below in sheet.rows[start:] if (text := below.cell(index).strip())]
    marks = [mark_of(text) for text in texts]
    is_number = all(re.fullmatch(r"[\d.]+", text) for text in texts)
    return Mark.YES in marks and not is_number and sum(mark is not Mark.OTHER for mark in marks) >= _MOSTLY * len(marks)
