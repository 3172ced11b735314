"""The tables of a Word document (DOCX), as sheets: an exhibit of an agreement is often where the matrix is."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from commands.errors import UsageError
from commands.rules.matrix_layout.cleaning import clean_line
from commands.rules.matrix_layout.sheets import Merge, Sheet, SheetRow, Workbook
from commands.rules.text.whole_numbers import whole_number
from commands.spreadsheets import limits
from commands.spreadsheets.package import check_package
from commands.spreadsheets.zip_damage import ZIP_DAMAGE

DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|berschrift|titre|t[ií]?tulo|kop|caption|beschriftung|l[eé]gende)\d*", re.IGNORECASE)
_LONGEST_HEADING = 100
# The ticks, crosses and boxes of Wingdings and Wingdings 2.
_SIGNS = {"F0FC": "✓", "F0FE": "☑", "F0FB": "✗", "F0FD": "☒", "F06F": "☐", "F0A8": "☐", "F050": "✓", "F052": "☑",
          "F04F": "✗", "F053": "☒", "F0A3": "☐", "F06C": "●", "F06E": "■", "F09F": "•"}  # fmt: skip


def read_docx(data: bytes, name: str) -> Workbook:
    """Each table as a sheet, named by the heading above it; text around them is not read.

    UsageError for a damaged document, one without tables, and one with changes that nobody accepted or rejected.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, name)
            body = ElementTree.fromstring(package.read(DOCUMENT)).find(f"{_W}body")
    except UsageError:
        raise
    except ElementTree.ParseError:
        body = None
    except ZIP_DAMAGE:
        body = None
    if body is None:
        raise UsageError(
            f"{name} is damaged and cannot be read.",
            next_steps=("Open it in a word processor, save it again as DOCX, and import that.",),
        )
    if any(next(body.iter(f"{_W}{mark}"), None) is not None for mark in ("ins", "del", "moveFrom", "moveTo")):
        raise UsageError(
            f"{name} holds tracked changes: it does not say which text applies.",
            next_steps=("Accept or reject the changes in the word processor, save it, and import that.",),
        )
    sheets = tuple(_sheets(body, name))
    if not sheets:
        raise UsageError(
            f"{name} is a Word document without a table; a matrix can only be read from a table.",
            next_steps=("Put it in a table or a spreadsheet, with a row of titles, and import that.",),
        )
    return Workbook(name=name, sheets=sheets, remarks=("Of the document only its tables were read.",))


def _sheets(body: Element, name: str) -> Iterator[Sheet]:
    heading, count, cells = "", 0, 0
    for block in _blocks(body):
        if block.tag == f"{_W}p":
            style = block.find(f"{_W}pPr/{_W}pStyle")
            if style is not None and _HEADING.search(style.get(f"{_W}val", "")):
                heading = clean_line(_text(block))[:_LONGEST_HEADING]
            continue
        count += 1
        sheet = _sheet(block, heading or f"table {count}", name)
        cells += sum(len(row.cells) for row in sheet.rows)
        if cells > limits.MAX_CELLS:
            raise UsageError(f"{name} has more than {limits.MAX_CELLS:,} cells; split it.")
        if sheet.rows:
            yield sheet


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables, also those inside of content controls."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _blocks(child)


def _sheet(table: Element, title: str, name: str) -> Sheet:
    """A cell merged downwards repeats its text, one merged sideways has it in its first column, as in a workbook."""
    rows: list[SheetRow] = []
    merges: list[Merge] = []
    above: dict[int, str] = {}
    for number, row in enumerate(_inside(table, "tr"), 1):
        texts = [""] * _count(row.find(f"{_W}trPr/{_W}gridBefore"), least=0)
        for cell in _inside(row, "tc"):
            across = _count(cell.find(f"{_W}tcPr/{_W}gridSpan"))
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            continues = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            text = above.get(len(texts), "") if continues else _cell_text(cell)
            if len(texts) + across > limits.MAX_COLUMNS or len(text) > limits.MAX_CELL_CHARACTERS:
                raise UsageError(f"Row {number} of {name} has too many columns or a cell that is too long.")
            above[len(texts)] = text
            if across > 1:
                merges.append(Merge(number, len(texts), number, len(texts) + across - 1))
            texts += [text] + [""] * (across - 1)
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            rows.append(SheetRow(number, tuple(texts)))
        if len(rows) > limits.MAX_ROWS:
            raise UsageError(f"{name} has more than {limits.MAX_ROWS:,} rows; split it.")
    return Sheet(name=title, rows=tuple(rows), merges=tuple(merges))


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those inside of content controls."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _inside(child, tag)


def _count(element: Element | None, least: int = 1) -> int:
    value = whole_number(element.get(f"{_W}val", "")) if element is not None else None
    return max(value or 0, least)


def _cell_text(cell: Element) -> str:
    return "\n".join(filter(None, (_text(each).strip() for each in cell.iter(f"{_W}p"))))


def _text(paragraph: Element) -> str:
    """What is seen of a paragraph, with the signs of Wingdings as signs of Unicode."""
    parts = []
    for run in paragraph.iter(f"{_W}r"):
        vanish = run.find(f"{_W}rPr/{_W}vanish")
        if vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false"):
            continue
        for piece in run:
            match piece.tag.removeprefix(_W):
                case "t":
                    parts.append(piece.text or "")
                case "tab":
                    parts.append(" ")
                case "br" | "cr":
                    parts.append("\n")
                case "noBreakHyphen":
                    parts.append("-")
                case "sym":
                    parts.append(_SIGNS.get(piece.get(f"{_W}char", "").upper(), "?"))
    return "".join(parts)
