"""Where the header is: one row or two, wherever it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.columns import Column, profile
from commands.rules.matrix_layout.fields import FIELDS, HEADER_NAMES, INCLUDED, INHERITED, OWN_COLUMNS, header_names
from commands.rules.matrix_layout.legends import is_letter_key
from commands.rules.matrix_layout.recognition import understand
from commands.rules.matrix_layout.results import Corrections, Layout
from commands.rules.matrix_layout.sheets import Sheet, SheetRow
from commands.rules.matrix_layout.understanding import Understanding
from commands.rules.matrix_layout.words import (
    INCLUSION_WORDS,
    PARTY_WORDS,
    Mark,
    header_party,
    mark_of,
    party_of,
    raci_of,
)
from storage.records import Party

_SEARCHED_ROWS = 100
_SAMPLE = 150
_LOOKED_ABOVE = 20
_LONGEST_HEADER = 120
_OWN = tuple(OWN_COLUMNS)[:5]


@dataclass(frozen=True, slots=True)
class Header:
    """`rows` are 1-based; `start` is the position in the sheet's rows of the first row below."""

    rows: tuple[int, ...]
    start: int
    texts: tuple[str, ...]
    understanding: Understanding

    @property
    def is_own_export(self) -> bool:
        """Whether the columns are headed as our export heads them: then every text is exactly what was saved."""
        return self.texts[: len(_OWN)] == _OWN

    def is_repeated_by(self, row: SheetRow) -> bool:
        """Whether a row says again what the header (or its last line) says."""
        count = 0
        for index, text in enumerate(row.cells):
            word = comparable(text)
            if word and (index >= len(self.texts) or word != comparable(self.texts[index])):
                return False
            count += bool(word)
        return count >= 2


def find_header(sheet: Sheet, known: Mapping[str, Party], corrections: Corrections) -> Header | None:
    """The header under which the sheet makes most sense, or None if there is none under which it makes any."""
    if corrections.header_row is not None:
        return _given_header(sheet, corrections.header_row, known, corrections)
    best: tuple[float, Header] | None = None
    for position in range(min(len(sheet.rows), _SEARCHED_ROWS)):
        for depth in (1, 2):
            header = _candidate(sheet, position, depth, known, corrections)
            if header is None:
                continue
            score = _score(header)
            if score > 0 and (best is None or score > best[0]):
                best = score, header
    if best is None:
        return None
    return _read(sheet, best[1].rows, best[1].texts, best[1].start, known, corrections, sample=None)


def _given_header(sheet: Sheet, number: int, known: Mapping[str, Party], corrections: Corrections) -> Header | None:
    """The header row that a person named; 0 stands for a table without one. The row above joins in if it is a group."""
    if number == 0:
        return _read(sheet, (), ("",) * sheet.width(), 0, known, corrections, sample=None)
    position = next((place for place, row in enumerate(sheet.rows) if row.number == number), None)
    if position is None:
        return None
    texts = _texts(sheet.rows[position])
    numbers: tuple[int, ...] = (number,)
    if position and sheet.rows[position - 1].number == number - 1:
        joined = joined_titles(sheet, sheet.rows[position - 1], sheet.rows[position])
        if joined:
            texts, numbers = joined, (number - 1, number)
    return _read(sheet, numbers, texts, position + 1, known, corrections, sample=None)


def _candidate(
    sheet: Sheet, position: int, depth: int, known: Mapping[str, Party], corrections: Corrections
) -> Header | None:
    row = sheet.rows[position]
    if len(row.filled()) < (2 if depth == 1 else 1) or not _short(row):
        return None
    numbers: tuple[int, ...] = (row.number,)
    texts: tuple[str, ...] | None = _texts(row)
    if depth == 2:
        if position + 1 >= len(sheet.rows) or sheet.rows[position + 1].number != row.number + 1:
            return None
        lower = sheet.rows[position + 1]
        texts = joined_titles(sheet, row, lower) if _short(lower) else None
        numbers = (row.number, lower.number)
    if texts is None or _is_like_above(sheet, position, known) or _names_twice(texts, known):
        return None
    if not _speaks(texts, known, corrections) and not _heads(sheet, position, depth, texts, known):
        return None
    return _read(sheet, numbers, texts, position + depth, known, corrections, sample=_SAMPLE)


def _read(
    sheet: Sheet, numbers: tuple[int, ...], texts: tuple[str, ...], start: int,
    known: Mapping[str, Party], corrections: Corrections, *, sample: int | None,
) -> Header:  # fmt: skip
    body = sheet.rows[start : None if sample is None else start + sample]
    width = max(len(texts), max((len(row.cells) for row in body), default=0))
    texts = texts + ("",) * (width - len(texts))
    repeated = tuple(
        row for row in body if not (start and row.cells == sheet.rows[start - 1].cells) and not is_letter_key(row)
    )
    columns = [
        profile(index, texts[index], repeated, known)
        for index in range(width)
        if corrections.include_hidden or index not in sheet.hidden_columns
    ]
    if texts[: len(_OWN)] == _OWN:
        given = {name: header for header, name in OWN_COLUMNS.items() if header in texts and name in FIELDS}
        corrections = replace(corrections, columns={**given, **corrections.columns})
    return Header(numbers, start, texts, understand(columns, known, corrections))


def _texts(row: SheetRow) -> tuple[str, ...]:
    return tuple(clean_line(text) for text in row.cells)


def _short(row: SheetRow) -> bool:
    return all(len(text) <= _LONGEST_HEADER for text in row.cells)


def joined_titles(sheet: Sheet, upper: SheetRow, lower: SheetRow) -> tuple[str, ...] | None:
    """Two rows as one header: groups above ("Responsibility"), names below. None if they do not fit together."""
    above, below = list(_texts(upper)), list(_texts(lower))
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    own = {index for index in range(width) if above[index]}
    under = {index for index in range(width) if below[index] and below[index] != above[index]}
    if not own or not under:
        return None
    if len(own) == 1 and min(own) <= min(index for index in range(width) if below[index]):
        return None  # a title over the table, not a group of columns
    spread = list(above)
    for merge in sheet.merges:
        if merge.first_row <= upper.number <= merge.last_row and merge.first_column < width:
            for index in range(merge.first_column, min(merge.last_column + 1, width)):
                spread[index] = above[merge.first_column]
    for index in range(1, width):
        # Without merges a group reaches over the blank cells to its right.
        if not spread[index] and below[index]:
            spread[index] = spread[index - 1]
    # A group must have at least two names below it, else these are a header and a row of data.
    grouped = [index for index in under if spread[index]]
    if len(grouped) < 2 or not any(index not in own for index in grouped):
        return None
    return tuple(below[index] or spread[index] for index in range(width))


def _speaks(texts: Sequence[str], known: Mapping[str, Party], corrections: Corrections) -> bool:
    """Whether a row uses the words of headers: a field's name, or two parties side by side."""
    words = [comparable(text) for text in texts if text]
    if any(name in HEADER_NAMES for text in texts if text for name in header_names(text)):
        return True
    if any(INHERITED.search(word) or INCLUDED.match(word) for word in words):
        return True
    if any(comparable(wanted) in words for wanted in corrections.columns.values() if wanted):
        return True
    parties = {index for index, text in enumerate(texts) if text and header_party(text, known)}
    lists = {index for index, word in enumerate(words) if word in INCLUSION_WORDS}
    return len(parties) >= 2 or len(lists) >= 2


def _heads(sheet: Sheet, position: int, depth: int, titles: Sequence[str], known: Mapping[str, Party]) -> bool:
    """Whether the first row with several cells heads the columns below: none of its cells is what stands in them."""
    if any(len(other.filled()) > 1 for other in sheet.rows[:position]):
        return False
    body = sheet.rows[position + depth : position + depth + _SAMPLE]
    for index, text in enumerate(titles):
        if party_of(text, known) and any(party_of(row.line(index), known) for row in body):
            return False
        if (
            mark_of(text) in (Mark.YES, Mark.NO)
            or (text.isupper() and raci_of(text))
            or re.fullmatch(r"[\d.,\s]+", text)
        ):
            return False
    width = max((len(each.filled()) for each in body), default=0)
    return sum(bool(text) for text in titles) >= max(width - 1, 2)


def _is_like_above(sheet: Sheet, position: int, known: Mapping[str, Party]) -> bool:
    """Whether a row above says the same in the same columns: a party, or two other words. Then both are data."""
    row = sheet.rows[position]
    words = {index: row.word(index) for index in row.filled()}
    parties = {index for index in words if party_of(row.line(index), known)}
    answers = [index for index in words if _is_answer(row.line(index), known)]
    for other in sheet.rows[max(0, position - _LOOKED_ABOVE) : position]:
        same = {index for index, word in words.items() if word and other.word(index) == word}
        if len(same) < len(words) and (same & parties or len(same) > 1):
            return True
        if len(answers) > 1 and all(_is_answer(other.line(index), known) for index in answers):
            return True
    return False


def _is_answer(text: str, known: Mapping[str, Party]) -> bool:
    return party_of(text, known) is not None or comparable(text) in INCLUSION_WORDS


def _names_twice(texts: Sequence[str], known: Mapping[str, Party]) -> bool:
    """Whether a row says one party or inclusion in several columns, as a row of data under tiers or platforms does."""
    words = [comparable(text) for text in texts if party_of(text, known) or comparable(text) in INCLUSION_WORDS]
    return len(words) > len(set(words))


def _repeats_below(header: Header) -> bool:
    """Whether a column that says who has its own title among its values: then the header is a row of data."""
    understanding = header.understanding
    deciding = [entry.column for entry in understanding.party_columns] + list(understanding.grid)
    if understanding.party:
        deciding.append(understanding.party)
    everywhere = [column for column in deciding if column.says_its_name and column.filled == column.rows]
    if len(everywhere) > 1:
        return True  # every row says the same of every column: rows of a grid that are all alike
    return any(
        column.name and column.name in column.words and not column.says_its_name
        and not column.header.rstrip().endswith("?")  # "Included?" asks what "Included" answers
        for column in deciding
    )  # fmt: skip


def _score(header: Header) -> float:
    """How much sense the table makes under this header; 0 for none."""
    understanding = header.understanding
    if understanding.layout is None or understanding.item is None or _repeats_below(header):
        return 0
    if understanding.party and (
        comparable(understanding.party.header) in PARTY_WORDS and not understanding.party.means("party")
    ):
        return 0  # a row of data was taken for the header
    named = sum(column.means(name) for name, column in understanding.fields.items())
    parties = sum(entry.party is not None for entry in understanding.party_columns)
    filled = sum(bool(text) for text in header.texts)
    nameless = sum(not column.header for column in _used(understanding))
    score = 10.0 + 2 * named + 2 * parties + 0.1 * filled - 3 * nameless
    if understanding.layout is Layout.GRID:
        score -= 6
    return max(score - header.start * 0.02, 0.1)


def _used(understanding: Understanding) -> list[Column]:
    return [*understanding.fields.values(), *(entry.column for entry in understanding.party_columns)]
