"""Tables in Markdown and in HTML: a page, or what somebody pasted from one."""

import itertools
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from commands.errors import UsageError
from commands.rules.matrix_layout.cleaning import clean_line
from commands.rules.matrix_layout.sheets import Sheet, SheetRow, struck, told_apart
from commands.rules.text.whole_numbers import whole_number
from commands.spreadsheets.limits import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from commands.spreadsheets.page_looks import PageLooks, sign_of

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
_TEXT_BREAKS = frozenset({"br", "p", "li", "div"})
_UNSEEN = frozenset({"script", "style", "head", "noscript", "template"})


def is_markdown(text: str) -> bool:
    """Whether a table in Markdown is in it: a line with bars above a line of dashes and bars."""
    lines = text.splitlines()
    return any("|" in upper and "|" in rule and _RULE.match(rule) for upper, rule in itertools.pairwise(lines))


def read_markdown(text: str, name: str) -> tuple[Sheet, tuple[str, ...]]:
    """The tables, below each other, with the headings above them; other text is counted and left out."""
    lines = text.splitlines()
    rows: list[SheetRow] = []
    inside, prose = False, 0
    for number, line in enumerate(lines, 1):
        following = lines[number] if number < len(lines) else ""
        if _RULE.match(line) and "|" in line:
            continue
        if "|" in line and (inside or (_RULE.match(following) and "|" in following)):
            inside = True
            rows.append(SheetRow(number, _cells(line)))
            continue
        inside = False
        if (heading := _HEADING.match(line.strip())) is not None:
            rows.append(SheetRow(number, (heading[1],)))
        elif line.strip():
            prose += 1
    remarks = (f"{prose} line{'' if prose == 1 else 's'} of text around the tables not read.",) if prose else ()
    return Sheet(name=name, rows=_limited(_with_headings_of_tables(rows), name)), remarks


def _cells(line: str) -> tuple[str, ...]:
    text = line.strip().removeprefix("|")
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    return _trimmed([cell.strip().replace("\\|", "|") for cell in _BAR.split(text)])


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _with_headings_of_tables(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Of several headings in a row only the last, and none at the end: the others head no table."""
    followed = [*rows[1:], None]
    return [row for row, after in zip(rows, followed, strict=True)
            if len(row.cells) > 1 or (after is not None and len(after.cells) > 1)]  # fmt: skip


def _limited(rows: Sequence[SheetRow], name: str) -> tuple[SheetRow, ...]:
    """Raises UsageError for a table that is too large."""
    if len(rows) > MAX_ROWS or sum(len(row.cells) for row in rows) > MAX_CELLS:
        raise _too_large(name)
    for row in rows:
        if len(row.cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL_CHARACTERS for cell in row.cells):
            raise UsageError(f"Row {row.number} of {name} has too many columns or a cell that is too long.")
    return tuple(row for row in rows if row.cells)


def _too_large(name: str) -> UsageError:
    return UsageError(f"{name} has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells; split it.")


def read_html(text: str, name: str) -> tuple[Sheet, ...]:
    """Each table of a page as a sheet of its own, named by its caption or by the heading above it."""
    reader = _Tables(name)
    reader.feed(text)
    reader.close()
    sheets = []
    for place, (title, rows, hidden) in enumerate(reader.tables, 1):
        numbered = [SheetRow(number, _trimmed(list(cells)), number in hidden) for number, cells in enumerate(rows, 1)]
        sheets.append(Sheet(name=title or f"table {place}", rows=_limited(numbered, name)))
    return told_apart(sheet for sheet in sheets if sheet.rows)


class _Tables(HTMLParser):
    """Collects the cells of all tables; a table inside a cell is text of that cell.

    Raises UsageError as soon as it is too much: a cell that spans many columns and rows takes hardly any text.
    """

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self._row_count = self._cell_count = 0
        self.tables: list[tuple[str, list[list[str]], set[int]]] = []  # the name, the rows, which of them are hidden
        self._looks = PageLooks()
        self._signs: list[str] = []  # what the cell shows without a text
        self._hidden: set[int] = set()
        self._depth = self._unseen = 0
        self._heading = self._caption = ""
        self._rows: list[list[str]] = []
        self._waiting: dict[int, tuple[int, str]] = {}  # column -> rows that a cell above reaches into, and its text
        self._cell: list[str] | None = None
        self._title: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        given = dict(attrs)
        self._looks.open(tag, given)
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._rows, self._caption, self._waiting, self._hidden = [], self._heading, {}, set()
        elif tag in ("caption", "h1", "h2", "h3", "h4", "h5", "h6") and self._cell is None:
            self._title = []
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self._rows.append([])
            if self._looks.is_hidden:
                self._hidden.add(len(self._rows))
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if not self._looks.is_hidden or len(self._rows) in self._hidden:  # a hidden cell takes no place in its row
                self._cell, self._signs = [], []
                self._span = _count(given.get("rowspan")), _count(given.get("colspan"))
        elif tag in _TEXT_BREAKS and self._cell:
            self._cell.append("\n")
        elif tag == "input" and self._cell is not None and not self._looks.is_hidden:
            self._cell.append(f" {sign_of(tag, given)} ")
        elif self._cell is not None and not self._looks.is_hidden and (sign := sign_of(tag, given)):
            self._signs.append(sign)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._looks.close(tag)
        if tag == "table":
            if self._depth == 1:
                self._end_row()
                self.tables.append((self._caption, self._rows, self._hidden))
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag in ("caption", "h1", "h2", "h3", "h4", "h5", "h6") and self._title is not None:
            text = clean_line("".join(self._title))
            self._title = None
            if tag == "caption":
                self._caption = text
            else:
                self._heading = text

    def handle_data(self, data: str) -> None:
        self._looks.learn(data)
        if self._unseen or (self._looks.is_hidden and len(self._rows) not in self._hidden):
            return
        if self._cell is not None:
            self._cell.append(struck(data) if self._looks.is_struck else data)
        elif self._title is not None:
            self._title.append(data)

    def _end_cell(self) -> None:
        """Put the cell where it belongs: behind those that reach down from above, over as many columns as it spans."""
        if self._cell is None:
            return
        if not self._rows:
            self._rows.append([])
        lines = "".join(self._cell).split("\n")
        text, row = "\n".join(" ".join(line.split()) for line in lines).strip(), self._rows[-1]
        text = text or " ".join([sign for sign in self._signs if sign != "?"] or self._signs[:1])
        self._cell = None
        self._fill(row)
        down, across = self._span
        if text and len(row) >= MAX_COLUMNS:
            raise UsageError(f"Row {len(self._rows)} of {self._name} has more than {MAX_COLUMNS} columns.")
        for place in range(min(across, MAX_COLUMNS - len(row))):
            if down > 1:
                self._waiting[len(row)] = down - 1, text
            row.append(text if place == 0 else "")
        self._fill(row)

    def _end_row(self) -> None:
        """Drop the empty cells at the end of the row, and count what is left."""
        self._end_cell()
        if not self._rows:
            return
        self._rows[-1] = list(_trimmed(self._rows[-1]))
        self._row_count += 1
        self._cell_count += len(self._rows[-1])
        if self._row_count > MAX_ROWS or self._cell_count > MAX_CELLS:
            raise _too_large(self._name)

    def _fill(self, row: list[str]) -> None:
        while (reaching := self._waiting.get(len(row))) is not None and len(row) < MAX_COLUMNS:
            left, text = reaching
            if left > 1:
                self._waiting[len(row)] = left - 1, text
            else:
                del self._waiting[len(row)]
            row.append(text)


def _count(text: str | None) -> int:
    return max(whole_number((text or "").strip()) or 1, 1)
