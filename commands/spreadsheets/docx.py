"""The tables of a Word document (DOCX), as sheets: an exhibit of an agreement is often where the matrix is."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from commands.errors import UsageError
from commands.rules.matrix_layout.cleaning import clean_line
from commands.rules.matrix_layout.sheets import Merge, Sheet, SheetRow, Workbook, told_apart
from commands.rules.text.phrases import join_names
from commands.rules.text.whole_numbers import whole_number
from commands.spreadsheets import limits
from commands.spreadsheets.docx_looks import NUMBERING, STYLES, Looks, is_on, looks_of, sign
from commands.spreadsheets.package import check_package
from commands.zip_files import ZIP_DAMAGE

DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CHANGES = {f"{_W}{mark}" for mark in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")}
_WRAPPERS = {f"{_W}{tag}" for tag in ("sdt", "sdtContent", "customXml")} | {
    f"{_ALTERNATIVES}{tag}" for tag in ("AlternateContent", "Choice", "Fallback")
}
_FOOTNOTES = {f"{_W}footnoteReference", f"{_W}endnoteReference"}
_MOST_NAMED = 10
_OFF = ("0", "false", "off")
_HEADING = re.compile(r"(?:heading|berschrift|titre|t[ií]?tulo|kop|caption|beschriftung|l[eé]gende)\d*", re.IGNORECASE)
_LONGEST_HEADING = 100
_DAMAGE: tuple[type[Exception], ...] = (ElementTree.ParseError, ExpatError, LookupError, *ZIP_DAMAGE)


def read_docx(package: zipfile.ZipFile, name: str) -> Workbook:
    """Each table as a sheet, named by the heading above it; text around them is not read.

    UsageError for a damaged document, one without tables, one that is too large, and one with text of which nobody
    can say whether it applies: changes that nobody accepted or rejected, and struck-out text in a table.
    """
    try:
        check_package(package, name)
        size = sum(part.file_size for part in package.infolist() if part.filename in (DOCUMENT, STYLES, NUMBERING))
        if size > limits.MAX_DOCUMENT_BYTES:
            raise UsageError(
                f"{name} has {size / 1e6:,.0f} MB of text; of a Word document at most "
                f"{limits.MAX_DOCUMENT_BYTES // 10**6} MB are read.",
                next_steps=("Copy its tables into a spreadsheet, and import that.",),
            )
        with package.open(DOCUMENT) as content:
            body = ElementTree.parse(content).find(f"{_W}body")
        looks = looks_of(package)
    except _DAMAGE:
        body = None
    if body is None:
        raise UsageError(
            f"{name} is damaged and cannot be read.",
            next_steps=("Open it in a word processor, save it again as DOCX, and import that.",),
        )
    if any(element.tag in _CHANGES for element in body.iter()):
        raise UsageError(
            f"{name} holds tracked changes: it does not say which text applies.",
            next_steps=("Accept or reject the changes in the word processor, save it, and import that.",),
        )
    _keep_one_alternative(body)
    remarks = ["Of the document only its tables were read."]
    sheets = told_apart(_sheets(body, name, remarks, looks))
    if not sheets:
        raise UsageError(
            f"{name} is a Word document without a table; a matrix can only be read from a table.",
            next_steps=("Put it in a table or a spreadsheet, with a row of titles, and import that.",),
        )
    return Workbook(name=name, sheets=sheets, remarks=tuple(remarks))


def _keep_one_alternative(body: Element) -> None:
    """Word writes what is newer than its format (emoji, text boxes) several times; the fallback is kept."""
    for alternatives in list(body.iter(f"{_ALTERNATIVES}AlternateContent")):
        fallback = alternatives.find(f"{_ALTERNATIVES}Fallback")
        for other in alternatives[1:] if fallback is None else alternatives.findall(f"{_ALTERNATIVES}Choice"):
            alternatives.remove(other)


def _sheets(body: Element, name: str, remarks: list[str], looks: Looks) -> Iterator[Sheet]:
    heading, count, room = "", 0, limits.MAX_CELLS
    for block in _inside(body, "p", "tbl"):
        if block.tag == f"{_W}p":
            style = block.find(f"{_W}pPr/{_W}pStyle")
            if style is not None and _HEADING.search(style.get(f"{_W}val", "")):
                heading = clean_line(_text(block, f"A heading of {name}", looks))[:_LONGEST_HEADING]
            continue
        count += 1
        sheet = _sheet(block, heading or f"table {count}", name, room, looks)
        room -= sum(len(row.cells) for row in sheet.rows)
        if sheet.rows:
            yield sheet
        if noted := [number for number, row in enumerate(_inside(block, "tr"), 1) if _has_footnote(row)]:
            rows = f"row{'s' if len(noted) > 1 else ''} {join_names([str(number) for number in noted], _MOST_NAMED)}"
            remarks.append(f"Footnotes are not read: see {rows} of {sheet.name}.")


def _inside(parent: Element, *tags: str) -> Iterator[Element]:
    """The elements of these names, also those inside of content controls, however deep."""
    wanted = {f"{_W}{tag}" for tag in tags}
    open_elements = [iter(parent)]
    while open_elements:
        child = next(open_elements[-1], None)
        if child is None:
            open_elements.pop()
        elif child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            open_elements.append(iter(child))


def _sheet(table: Element, title: str, name: str, room: int, looks: Looks) -> Sheet:
    """A cell merged downwards repeats its text, one merged sideways has it in its first column, as in a workbook.

    UsageError for more than `room` cells.
    """
    rows: list[SheetRow] = []
    merges: list[Merge] = []
    above: dict[int, str] = {}
    for number, row in enumerate(_inside(table, "tr"), 1):
        where = f"Row {number} of {title} in {name}"
        before = _count(row.find(f"{_W}trPr/{_W}gridBefore"), least=0)
        texts = [""] * min(before, limits.MAX_COLUMNS)
        for cell in _inside(row, "tc"):
            across = _count(cell.find(f"{_W}tcPr/{_W}gridSpan"))
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            continues = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            text = above.get(len(texts), "") if continues else _text(cell, where, looks)
            if len(texts) + across > limits.MAX_COLUMNS or len(text) > limits.MAX_CELL_CHARACTERS:
                raise UsageError(f"{where} has too many columns or a cell that is too long.")
            above[len(texts)] = text
            if across > 1:
                merges.append(Merge(number, len(texts), number, len(texts) + across - 1))
            texts += [text] + [""] * (across - 1)
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            rows.append(SheetRow(number, tuple(texts), hidden=is_on(row.find(f"{_W}trPr/{_W}hidden"))))
        room -= len(texts)
        if len(rows) > limits.MAX_ROWS or room < 0:
            raise UsageError(f"{name} has more than {limits.MAX_ROWS:,} rows or {limits.MAX_CELLS:,} cells; split it.")
    return Sheet(name=title, rows=tuple(rows), merges=tuple(merges))


def _count(element: Element | None, least: int = 1) -> int:
    value = whole_number(element.get(f"{_W}val", "")) if element is not None else None
    return max(value or 0, least)


def _has_footnote(row: Element) -> bool:
    return any(piece.tag in _FOOTNOTES for piece in row.iter())


def _text(parent: Element, where: str, looks: Looks) -> str:
    """What is seen of a paragraph or a cell, a line for each paragraph, with text boxes and the fields of forms.

    UsageError for text that is struck out; it begins with `where`.
    """
    parts = []
    waiting: list[tuple[Element, bool, Element | None]] = [(parent, False, None)]
    while waiting:
        piece, struck, paragraph = waiting.pop()
        kind = piece.tag.rpartition("}")[2]
        if kind.endswith("Pr") or (kind == "r" and looks.is_hidden(piece, paragraph)):
            continue
        if kind == "r":
            struck = struck or looks.is_struck(piece, paragraph)
        shown = _shown(piece, kind)
        if piece.tag == f"{_W}p":
            paragraph = piece
            shown += f"{looks.bullet(piece)} "
        if struck and shown.strip():
            raise UsageError(
                f"{where} has text that is struck out: it does not say whether that applies.",
                next_steps=("Delete that text or the line through it in the word processor, and import that.",),
            )
        parts.append(shown)
        waiting += [(child, struck, paragraph) for child in reversed(piece)]
    return "\n".join(filter(None, map(str.strip, "".join(parts).split("\n"))))


def _shown(piece: Element, kind: str) -> str:
    match kind:
        case "t":
            return piece.text or ""
        case "p" | "br" | "cr":
            return "\n"
        case "tab" | "ptab":
            return " "
        case "noBreakHyphen":
            return "-"
        case "sym":
            return sign(piece.get(f"{_W}char", "")) or "?"
        case "symEx" | "control":  # a sign without a fallback, a button or box with a program of its own
            return "?"
        case "checkBox":
            checked = piece.find(f"{_W}checked")
            return "☒" if is_on(piece.find(f"{_W}default") if checked is None else checked) else "☐"
        case "ddList":
            entries = piece.findall(f"{_W}listEntry")
            result = piece.find(f"{_W}result")
            chosen = _count(piece.find(f"{_W}default") if result is None else result, least=0)
            return entries[chosen].get(f"{_W}val", "") if chosen < len(entries) else "?"
        case "footnoteReference" | "endnoteReference" if piece.get(f"{_W}customMarkFollows", "0") in _OFF:
            return "*"
    return ""
