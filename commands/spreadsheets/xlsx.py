"""XLSX by openpyxl, after a look at the package: nothing is unpacked before its size is known."""

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from commands.errors import UsageError
from commands.rules.matrix_layout.sheets import Merge, Sheet, SheetRow, Workbook, struck
from commands.spreadsheets import limits
from commands.spreadsheets.package import check_package
from commands.spreadsheets.protection import unprotect

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Google Sheets writes functions that Excel lacks as =IFERROR(__xludf.DUMMYFUNCTION("..."), "the value shown").
_DUMMY = re.compile(r'__xludf\.DUMMYFUNCTION\(.*\)\s*,\s*"((?:[^"]|"")*)"\s*\)\s*$', re.DOTALL)


def read_xlsx(package: zipfile.ZipFile, data: bytes, name: str) -> Workbook:
    """All worksheets, cached values of formulas, macros ignored. UsageError if corrupt, foreign or too large."""
    from openpyxl import load_workbook

    try:
        _check_kind(package, name)
        check_package(package, name)
        extras = list(_extras(package))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every extension that it does not need
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                sheets = tuple(
                    _sheet(book[extra.name], extra, name) for extra in extras if extra.name in book.sheetnames
                )
            finally:
                book.close()
    except UsageError:
        raise
    except MemoryError:
        raise
    except Exception:  # openpyxl lets whatever a damaged part provokes escape: KeyError, TypeError, ParseError...
        raise _corrupt(name) from None
    if not any(sheet.rows for sheet in sheets):
        raise UsageError(f"{name} is empty: none of its sheets holds a value.")
    return Workbook(name=name, sheets=sheets)


def _corrupt(name: str) -> UsageError:
    return UsageError(
        f"{name} is damaged and cannot be read.",
        next_steps=("Open it in a spreadsheet program, save it again as XLSX, and import that.",),
    )


def _check_kind(package: zipfile.ZipFile, name: str) -> None:
    names = package.namelist()
    if "xl/workbook.xml" not in names:
        kind = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "not an XLSX workbook"
        raise UsageError(f"{name} is {kind}.", next_steps=("Save it as XLSX or 'CSV UTF-8' and import that.",))


@dataclass(slots=True)
class _Extras:
    """What openpyxl does not give when it reads a sheet as a stream."""

    name: str
    hidden: bool
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    uncomputed: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The numbers of the cell styles, and of the shared texts, that have a line through them."""

    styles: frozenset[str]
    texts: frozenset[str]

    def cross(self, cell: ElementTree.Element) -> bool:
        if cell.get("s", "0") in self.styles:
            return True
        if cell.get("t") == "s":
            return cell.findtext(f"{_MAIN}v", "") in self.texts
        return any(map(_is_on, cell.iter(f"{_MAIN}strike")))


def _lines(package: zipfile.ZipFile) -> _Lines:
    """What is struck out by a style or within a text. Empty for a workbook without such parts."""
    names = package.namelist()
    styles = ElementTree.fromstring(package.read("xl/styles.xml")) if "xl/styles.xml" in names else None
    fonts = styles.findall(f"{_MAIN}fonts/{_MAIN}font") if styles is not None else []
    crossed = {str(number) for number, font in enumerate(fonts) if _is_on(font.find(f"{_MAIN}strike"))}
    shapes = styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf") if styles is not None and crossed else []
    texts = set()
    if "xl/sharedStrings.xml" in names:
        with package.open("xl/sharedStrings.xml") as content:
            shared = (each for _, each in ElementTree.iterparse(content, ("end",)) if each.tag == f"{_MAIN}si")
            for number, text in enumerate(shared):
                if any(map(_is_on, text.iter(f"{_MAIN}strike"))):
                    texts.add(str(number))
                text.clear()
    return _Lines(
        frozenset(str(number) for number, shape in enumerate(shapes) if shape.get("fontId", "0") in crossed),
        frozenset(texts),
    )


def _is_on(switch: ElementTree.Element | None) -> bool:
    return switch is not None and switch.get("val", "1") not in ("0", "false")


def _extras(package: zipfile.ZipFile) -> Iterator[_Extras]:
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels")).iter(_PACKAGE_REL)
    }
    lines = _lines(package)
    for sheet in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_REL), "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if "chartsheet" in path or path not in package.namelist():
            continue
        found = _Extras(sheet.get("name", ""), sheet.get("state", "visible") != "visible")
        with package.open(path) as content:
            _collect(content, found, lines)
        yield found


def _collect(content: Any, found: _Extras, lines: _Lines) -> None:
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    for _, element in ElementTree.iterparse(content, ("end",)):
        tag = element.tag.removeprefix(_MAIN)
        if tag == "c":
            formula, value = element.find(f"{_MAIN}f"), element.find(f"{_MAIN}v")
            if formula is not None and (value is None or value.text is None) and element.get("t") != "str":
                row, column = coordinate_to_tuple(element.get("r", "A1"))
                found.uncomputed[row, column - 1] = formula.text or ""
            if lines.cross(element):
                row, column = coordinate_to_tuple(element.get("r", "A1"))
                found.struck.add((row, column - 1))
        elif tag == "row":
            if element.get("hidden") in ("1", "true"):
                found.hidden_rows.add(int(element.get("r", "0")))
            element.clear()
        elif tag == "col" and element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            found.hidden_columns.update(range(first - 1, min(last, limits.MAX_COLUMNS)))
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref", "A1"))
            found.merges.append(Merge(int(top or 1), int(left or 1) - 1, int(bottom or 1), int(right or 1) - 1))


def _sheet(worksheet: Any, extra: _Extras, name: str) -> Sheet:
    worksheet.reset_dimensions()  # the declared size may be a lie of a million rows
    rows: dict[int, list[str]] = {}
    crossed: dict[int, list[int]] = {}
    for number, column in extra.struck:
        crossed.setdefault(number, []).append(column)
    cells = 0
    for number, row in enumerate(worksheet.iter_rows(), 1):
        texts = [_text(cell) for cell in row]
        for column in crossed.get(number, ()):
            if column < len(texts):
                texts[column] = struck(texts[column])
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        cells += len(texts)
        if len(rows) >= limits.MAX_ROWS or cells > limits.MAX_CELLS:
            raise UsageError(f"{name}, sheet {extra.name}: more than {limits.MAX_ROWS:,} rows; split it.")
        if len(texts) > limits.MAX_COLUMNS:
            raise UsageError(f"{name}, sheet {extra.name}, row {number}: more than {limits.MAX_COLUMNS} columns.")
        rows[number] = texts
    uncomputed = _resolve_dummies(rows, extra)
    _spread_down(rows, extra.merges)
    return Sheet(
        name=extra.name,
        rows=tuple(SheetRow(number, tuple(rows[number]), number in extra.hidden_rows) for number in sorted(rows)),
        hidden=extra.hidden,
        hidden_columns=frozenset(extra.hidden_columns),
        merges=tuple(merge for merge in extra.merges if merge.last_column > merge.first_column),
        uncomputed=frozenset(uncomputed),
    )


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return unprotect(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _number(value, str(getattr(cell, "number_format", "") or ""))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
    return str(value)


def _number(value: float, shape: str) -> str:
    """As shown where that matters: a clause 1.10 is stored as 1.1 with the format 0.00."""
    decimals = re.fullmatch(r"0\.(0+)", shape)
    if decimals:
        return f"{value:.{len(decimals[1])}f}"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def _resolve_dummies(rows: dict[int, list[str]], extra: _Extras) -> list[tuple[int, int]]:
    """Give the Google Sheets stand-ins their value; return the places that stay without one."""
    missing = []
    for (row, column), formula in extra.uncomputed.items():
        shown = _DUMMY.search(formula)
        if not shown:
            missing.append((row, column))
            continue
        texts = rows.setdefault(row, [])
        texts.extend([""] * (column + 1 - len(texts)))
        texts[column] = shown[1].replace('""', '"')
    return missing


def _spread_down(rows: dict[int, list[str]], merges: list[Merge]) -> None:
    for merge in merges:
        if merge.last_column != merge.first_column or merge.first_row not in rows:
            continue
        texts = rows[merge.first_row]
        text = texts[merge.first_column] if merge.first_column < len(texts) else ""
        # A row that is otherwise blank stays blank: the merge says nothing about a row that does not exist.
        for number in range(merge.first_row + 1, min(merge.last_row, merge.first_row + 10_000) + 1):
            below = rows.get(number)
            if below is None or not text:
                continue
            below.extend([""] * (merge.first_column + 1 - len(below)))
            below[merge.first_column] = below[merge.first_column] or text
