"""What a spreadsheet is to the rules: sheets of rows of text. No file, no format."""

from collections.abc import Iterator
from dataclasses import dataclass, field


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
