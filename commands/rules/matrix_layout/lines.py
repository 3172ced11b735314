"""Below the header: which rows are responsibilities, which are titles, totals, legends, notes or headers again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.footers import is_footer, totaled
from commands.rules.matrix_layout.headers import Header
from commands.rules.matrix_layout.legends import is_letter_key
from commands.rules.matrix_layout.results import Corrections, Problem, Skipped
from commands.rules.matrix_layout.sheets import Sheet, SheetRow
from commands.rules.matrix_layout.words import PARTY_WORDS

_DASHES = re.compile(r"[\s\-–—_=.:*|]*")
_TOTAL = re.compile(
    r"(?:grand |sub ?)?totals?(?: (?:rows|items|count|number of items|services|marks|[rasci]|responsible|accountable))?"
    r"|sum|count|subtotal"
)
_LEGEND = re.compile(
    r"(?:raci |rasci |matrix |colou?r )?(?:legend|key|definitions?|glossary|abbreviations|footnotes?|notes?|disclaimer)"
    r"|definitions? of .*|(?:role|raci|rasci|letter) (?:definitions?|descriptions?|key|legend)|key to .*|how to read.*"
)
_NOTE = re.compile(
    r"(?:notes?|nb|guidance|legend|key|disclaimer|instructions?|source|version|(?:last )?updated|confidential)\b.*",
    re.S,
)
_FOOTNOTE = re.compile(r"^(?:\(?\d{1,2}[).]?\s+\S.{30,}|[*†‡]{1,3}\s*\S.{8,})", re.S)
_BLANKS_LISTED = 200
_OUTLINE = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)[.)]?\s+(?=\S)")
_TITLE_CELLS = 2
_SHOUTED_LETTERS = 5  # "SIEM" alone in a row is rather an item that nobody was named for


@dataclass(frozen=True, slots=True)
class Line:
    """A row to be read, with the section title that stands above it. `alone`: it has an item and nothing else."""

    row: SheetRow
    section: str | None
    alone: bool = False


@dataclass(slots=True)
class Lines:
    """What became of every row below the header."""

    data: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    def skip(self, number: int, reason: str) -> None:
        self.skipped.append(Skipped(number, reason))


def sort_lines(sheet: Sheet, header: Header, corrections: Corrections) -> Lines:
    """Every row below the header is in `data` or in `skipped`; a title that does not look like one is reported."""
    lines = Lines()
    rows = visible_rows(sheet, header, corrections, lines)
    titles = _Titles(sheet, header, rows)
    section = _title_above(sheet, header, rows)
    in_legend = False
    for position, row in enumerate(rows):
        filled = _filled(row)
        if header.is_repeated_by(row) or _is_group_row(header, row, rows, position):
            in_legend = False
            lines.skip(row.number, "the header again")
        elif not filled:
            lines.skip(row.number, "blank row")
        elif is_letter_key(row):
            in_legend = True
            lines.skip(row.number, "legend")
        elif is_footer(row) and (len(filled) == 1 or not header.understanding.judged() & set(filled)):
            is_total = _TOTAL.fullmatch(row.word(filled[0])) is not None
            lines.skip(row.number, "total" if is_total else "a line of the report, not of the table")
        elif (title := titles.numbered(position)) is not None:
            section = title
            lines.skip(row.number, f"section title: {section}")
        elif _is_single(row, filled) and filled[0] not in header.understanding.judged():
            text = row.line(filled[0])
            if _LEGEND.fullmatch(comparable(text)):
                in_legend = True
                lines.skip(row.number, "legend")
            elif is_note(text) or in_legend:
                lines.asides.append(text)
                lines.skip(row.number, "note or legend")
            elif _TOTAL.fullmatch(comparable(text)):
                lines.skip(row.number, "total")
            elif not _has_dash(row, header) and titles.is_title(position):
                section = text.rstrip(":").strip()
                lines.skip(row.number, f"section title: {section}")
                if not titles.looks_like_title(position):
                    message = f'"{section}" is taken as a section title, by its place alone.'
                    lines.problems.append(Problem(row.number, "", message, False))
            else:
                lines.data.append(Line(row, section, alone=True))
        elif in_legend or _is_key(row, filled, header):
            lines.skip(row.number, "legend")
            if in_legend and _looks_like_data(row, header):
                lines.problems.append(
                    Problem(
                        row.number, "", "This row stands below a legend but looks like data; it was left out.", True
                    )
                )
        elif _is_total(row, filled, header):
            lines.skip(row.number, "total")
        else:
            lines.data.append(Line(row, section))
    return lines


def visible_rows(sheet: Sheet, header: Header, corrections: Corrections, lines: Lines) -> list[SheetRow]:
    """The rows below the header without the hidden ones and those a person left out; blank ones are noted."""
    shown = []
    before = header.rows[-1] if header.rows else 0
    for row in sheet.rows[header.start :]:
        for number in range(before + 1, min(row.number, before + 1 + _BLANKS_LISTED)):
            lines.skip(number, "blank row")
        before = row.number
        if row.hidden and not corrections.include_hidden:
            lines.skip(row.number, "hidden row")
        elif row.number in corrections.skip_rows:
            lines.skip(row.number, "left out as you asked")
        elif sheet.hidden_columns and not corrections.include_hidden:
            cells = tuple("" if index in sheet.hidden_columns else text for index, text in enumerate(row.cells))
            shown.append(SheetRow(row.number, cells, row.hidden))
        else:
            shown.append(row)
    return shown


def _filled(row: SheetRow) -> tuple[int, ...]:
    """Columns with more than dashes: "---" in a cell of a Markdown export is a blank."""
    return tuple(index for index in row.filled() if not _DASHES.fullmatch(row.cells[index]))


def _has_dash(row: SheetRow, header: Header) -> bool:
    """Whether a single dash stands where the parties are: that may be a no, and it is asked what it means."""
    return any(row.cell(index).strip() in ("-", "–", "—") for index in header.understanding.judged())


def _numbered(row: SheetRow, item: int) -> tuple[str, str]:
    """The outline number of a row, at the start of its item or in a cell of its own before it, and the text."""
    text = row.line(item)
    if match := _OUTLINE.match(text):
        return match[1], text
    before = [row.line(index) for index in range(item)]
    numbers = [match[1] for each in before if (match := re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})*)\.?", each))]
    return (numbers[0] if len(numbers) == 1 else ""), text


def _is_single(row: SheetRow, filled: Sequence[int]) -> bool:
    if len(filled) > 2 and len({row.cells[index] for index in filled}) == 1:
        return row.word(filled[0]) not in PARTY_WORDS  # a merged title that an export wrote into every cell
    return len(filled) == 1


def is_note(text: str) -> bool:
    """A sentence, a footnote or the explanation of a sign, rather than a name."""
    words = text.split()
    return (
        len(text) > 110
        or " = " in text
        or bool(_NOTE.fullmatch(comparable(text)) and len(words) > 1 and (":" in text or len(words) > 5))
        or bool(_FOOTNOTE.match(text))
        or (len(words) > 8 and text.endswith("."))
    )


def _is_key(row: SheetRow, filled: Sequence[int], header: Header) -> bool:
    """ "R", "Responsible: does the work": a letter or mark explained, and nothing said about who."""
    if len(filled) != 2 or set(filled) & header.understanding.judged():
        return False
    first = row.line(filled[0])
    return bool(re.fullmatch(r"\(?[A-Z✓✔●•]{1,2}\)?(?: ?[-=:–] ?\w+| \w+)?", first)) and not first.isdigit()


def _looks_like_data(row: SheetRow, header: Header) -> bool:
    return any(row.cell(index).strip() for index in header.understanding.judged())


def _is_total(row: SheetRow, filled: Sequence[int], header: Header) -> bool:
    """ "Total" with numbers, or with nothing, where the parties are."""
    named = any(_TOTAL.fullmatch(row.word(index)) for index in filled[:2])
    others = [row.cell(index).strip() for index in header.understanding.judged()]
    if not any(others) and totaled(row) is not None:  # "Total requirements | 12"
        return True
    return named and all(not text or re.fullmatch(r"[\d.,%\s]+", text) for text in others)


def _is_group_row(header: Header, row: SheetRow, rows: Sequence[SheetRow], position: int) -> bool:
    """The upper line of a repeated two-row header."""
    return (
        len(header.rows) == 2
        and position + 1 < len(rows)
        and header.is_repeated_by(rows[position + 1])
        and (rows[position + 1].number == row.number + 1 and len(_filled(row)) > 1)
    )


def _title_above(sheet: Sheet, header: Header, rows: Sequence[SheetRow]) -> str | None:
    """The title of the first of several tables stands above the header that the others repeat."""
    if not any(header.is_repeated_by(row) for row in rows):
        return None
    position = header.start - len(header.rows) - 1
    if position < 0 or not header.rows or sheet.rows[position].number != header.rows[0] - 1:
        return None
    filled = _filled(sheet.rows[position])
    text = sheet.rows[position].line(filled[0]) if len(filled) == 1 else ""
    return text.rstrip(":") if text and not is_note(text) else None


class _Titles:
    """Rows with a single text: titles of sections, or rows for which nobody was named?

    A title by its looks: merged over the table, in capitals, with a colon, dashes beside it, in bold or a heading, in
    another column than the items, or right before a repeated header. By its place: below a blank row, or in a table
    that starts with one. Everything else is a row for which nobody is named, and so is asked about.
    """

    def __init__(self, sheet: Sheet, header: Header, rows: Sequence[SheetRow]) -> None:
        self._sheet, self._header, self._rows = sheet, header, rows
        item = header.understanding.item
        self._item_column = item.index if item else 0
        many = [row for row in rows if len(_filled(row)) > 1]
        self._items_shout = sum(self._shouts(row.cell(self._item_column)) for row in many) > len(many) / 2
        self._items_bold = sum(row.cell(self._item_column).lstrip().startswith("*") for row in many) > len(many) / 2
        gaps = sum(after.number > before.number + 1 for before, after in pairwise(rows))
        self._spaced = gaps > len(rows) / 2
        said = [row for row in rows if any(row.cell(index).strip() for index in header.understanding.judged())]
        self._bare = bool(said) and not any(_numbered(row, self._item_column)[0] for row in said)
        self._starts_with_title = bool(rows) and self._is_alone(0) and not self._is_alone(1)

    @staticmethod
    def _shouts(text: str) -> bool:
        return text.upper() == text and sum(letter.isalpha() for letter in text) >= _SHOUTED_LETTERS

    def _is_alone(self, position: int) -> bool:
        if position >= len(self._rows):
            return False
        row = self._rows[position]
        return _is_single(row, _filled(row)) and not is_note(row.line(_filled(row)[0]))

    def looks_like_title(self, position: int) -> bool:
        row = self._rows[position]
        filled = _filled(row)
        raw = row.cell(filled[0]).strip()
        merged = any(
            merge.first_row == row.number and merge.first_column <= filled[0] < merge.last_column
            for merge in self._sheet.merges
        )
        following = self._rows[position + 1] if position + 1 < len(self._rows) else None
        return (
            merged
            or len(filled) > 1
            or len(row.filled()) > 1
            or (self._shouts(raw) and not self._items_shout)
            or raw.endswith(":")
            or (raw.startswith(("**", "#")) and not self._items_bold)
            or filled[0] != self._item_column
            or (following is not None and self._header.is_repeated_by(following))
        )

    def _stands_like_title(self, position: int) -> bool:
        row = self._rows[position]
        before = self._rows[position - 1].number if position else (self._header.rows or (0,))[-1]
        followed = position + 1 < len(self._rows) and not self._is_alone(position + 1)
        below_blank = row.number > before + 1 and not self._spaced
        return followed and (below_blank or self._starts_with_title)

    def numbered(self, position: int) -> str | None:
        """The text of a row that is only a numbered title: one over rows numbered below it, or over bare ones."""
        row = self._rows[position]
        judged = self._header.understanding.judged()
        if any(index in judged for index in _filled(row)) or position + 1 >= len(self._rows):
            return None
        number, text = _numbered(row, self._item_column)
        if not number or not text or len(_filled(row)) > _TITLE_CELLS or is_note(text):
            return None
        following = next((each for each in self._rows[position + 1 :] if _filled(each)), None)
        below = _numbered(following, self._item_column)[0] if following else ""
        over = below.startswith(f"{number}.") or (not below and self._bare and following is not None)
        return text.rstrip(":").strip() if over else None

    def is_title(self, position: int) -> bool:
        """Something must follow that it could be the title of."""
        last = position + 1 >= len(self._rows)
        return not last and (self.looks_like_title(position) or self._stands_like_title(position))
