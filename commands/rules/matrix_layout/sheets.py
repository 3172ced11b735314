"""What a spreadsheet is to the rules: sheets of rows of text. No file, no format."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from commands.rules.matrix_layout.cleaning import clean_line, comparable

_STRUCK, _STRUCK_END = "\u2060~~", "~~\u2060"
_TYPED_LINE = re.compile(r"~~(?=\S).+?~~|<(?:s|del|strike)(?:\s[^<>]*)?>", re.IGNORECASE | re.DOTALL)
_TABLE_NUMBER = re.compile(r" \(table \d+\)$")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block. Rows are 1-based as people see them, columns 0-based; both ends inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that has text. `number` is 1-based as shown by a spreadsheet program; trailing blanks are cut off."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False

    def cell(self, column: int) -> str:
        """The text in a 0-based column, "" beyond the end."""
        return self.cells[column] if column < len(self.cells) else ""

    def line(self, column: int) -> str:
        """The text in one line, without residue."""
        return clean_line(self.cell(column))

    def word(self, column: int) -> str:
        """The form in which the text is compared."""
        return comparable(self.cell(column))

    def filled(self) -> tuple[int, ...]:
        """The columns that hold more than white space."""
        return tuple([index for index, text in enumerate(self.cells) if text and not text.isspace()])


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows without text are not kept: a gap in the row numbers is a blank row.

    Blocks merged downwards repeat their text in every row; blocks merged sideways hold it in the first cell and are
    listed in `merges`. `uncomputed` are the (row, column) of formulas that were saved without a result.
    """

    name: str
    rows: tuple[SheetRow, ...]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()

    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """`name` is the file name; `remarks` are sentences about the reading of the file that the person should see."""

    name: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...] = field(default=())

    def visible(self) -> Iterator[Sheet]:
        return (sheet for sheet in self.sheets if not sheet.hidden)


def struck(text: str) -> str:
    """Text of a cell that a line goes through, marked so that `is_struck` knows it; it is shown as it was."""
    return f"{_STRUCK}{text}{_STRUCK_END}" if text.strip() else text


def is_struck(text: str, *, also_typed: bool = True) -> bool:
    """Whether a line goes through text of the cell: it does not say whether that applies.

    `also_typed`: also one in Markdown or HTML, "~~MSP~~ Client", which in an export of ours is a text like others.
    """
    return _STRUCK in text or (also_typed and ("~~" in text or "<" in text) and _TYPED_LINE.search(text) is not None)


def told_apart(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """The tables of a document; of several below one heading, the later ones get a number: "Backup (table 2)"."""
    found: Counter[str] = Counter()
    numbered = []
    for sheet in sheets:
        found[comparable(sheet.name)] += 1
        number = found[comparable(sheet.name)]
        numbered.append(sheet if number == 1 else replace(sheet, name=f"{sheet.name} (table {number})"))
    return tuple(numbered)


def heading_of(sheet: Sheet) -> str:
    """Its name without the number that `told_apart` gave it."""
    return _TABLE_NUMBER.sub("", sheet.name)


def column_letter(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int | None:
    """A -> 0, AA -> 26; None for anything that is not one to three letters."""
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        return None
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
