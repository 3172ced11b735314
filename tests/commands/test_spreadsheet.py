"""Files: every encoding and delimiter, what a workbook hides, what is refused, and exports that run nothing."""

import codecs
import contextlib
import io
import os
import resource
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from commands.errors import UsageError
from commands.rules.matrix_layout import Workbook
from commands.spreadsheets import read_workbook, write_csv, write_xlsx
from commands.spreadsheets.limits import MAX_FILE_BYTES, MAX_ROWS
from commands.spreadsheets.protection import protect, unprotect

TEXT = "Item;Responsible;Notes\nBackup – täglich;MSP;§ 4 “full”\n"
EXPECTED = [("Item", "Responsible", "Notes"), ("Backup – täglich", "MSP", "§ 4 “full”")]


def cells(workbook: Workbook, sheet: int = 0) -> list[tuple[str, ...]]:
    return [row.cells for row in workbook.sheets[sheet].rows]


def xlsx(fill: Callable[[Worksheet], object], also: Callable[[Book], object] = lambda book: None) -> bytes:
    book = Book()
    assert book.active
    fill(book.active)
    also(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoded",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        ("sep=;\n" + TEXT).encode(),
    ],
)
def test_encodings(encoded: bytes) -> None:
    assert cells(read_workbook(encoded, "matrix.csv")) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    lines = (("Item", "Who"), ("Backup, daily; full", "MSP"), ("Title",), ("Printers | copiers", "Client"))
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert cells(read_workbook(text.encode(), "matrix.txt")) == list(lines)


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    workbook = read_workbook(b'Item,Who\n\n"two\nlines",MSP\n,,\nLast,Client\n', "matrix.csv")
    assert [row.number for row in workbook.sheets[0].rows] == [1, 3, 5]


def test_values_of_a_workbook() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["text", 3, 2.5, True, date(2026, 1, 31), datetime(2026, 1, 31, 9, 30), None, "end"])  # noqa: DTZ001
        sheet["A2"] = 1.1
        sheet["A2"].number_format = "0.00"

    assert cells(read_workbook(xlsx(fill), "book.xlsx")) == [
        ("text", "3", "2.5", "TRUE", "2026-01-31", "2026-01-31 09:30", "", "end"),
        ("1.10",),
    ]


def test_what_a_workbook_hides_and_merges_is_known() -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["Group", "", "Secret"], ["Area", "x", "s"], ["", "y", "s"], ["gone", "z", "s"]):
            sheet.append(row)
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A2:A3")
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[4].hidden = True

    def also(book: Book) -> None:
        book.create_sheet("Prices")["A1"] = "margin"
        book["Prices"].sheet_state = "veryHidden"

    workbook = read_workbook(xlsx(fill, also), "book.xlsx")
    first, second = workbook.sheets
    assert (first.hidden, second.hidden) == (False, True)
    assert first.hidden_columns == {2}
    assert [row.hidden for row in first.rows] == [False, False, False, True]
    assert [row.cells[0] for row in first.rows] == ["Group", "Area", "Area", "gone"]
    assert [(merge.first_row, merge.first_column, merge.last_column) for merge in first.merges] == [(1, 0, 1)]


def test_formulas_give_what_was_saved_with_them() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = '=IFERROR(__xludf.DUMMYFUNCTION("query(a)"),"Patching ""weekly""")'
        sheet["B1"] = "=1+1"
        sheet["C1"] = "x"

    sheet = read_workbook(xlsx(fill), "book.xlsx").sheets[0]
    assert sheet.rows[0].cells == ('Patching "weekly"', "", "x")
    assert sheet.uncomputed == {(1, 1)}


def test_a_sheet_that_claims_to_be_huge_is_read_by_what_it_holds() -> None:
    data = xlsx(lambda sheet: sheet.cell(1, 1, "Item"))
    inner = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part in inner.infolist():
            content = inner.read(part).replace(b'<dimension ref="A1"', b'<dimension ref="A1:XFD1048576"')
            package.writestr(part.filename, content)
    assert cells(read_workbook(out.getvalue(), "book.xlsx")) == [("Item",)]


def repacked(**parts: bytes) -> bytes:
    """A workbook with parts added or replaced; names with __ for / and _dot_ for the dot."""
    data = xlsx(lambda sheet: sheet.cell(1, 1, "Item"))
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    inner = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part in inner.infolist():
            if part.filename not in named:
                package.writestr(part.filename, inner.read(part))
        for name, content in named.items():
            package.writestr(name, content)
    return out.getvalue()


def wide() -> bytes:
    return (",".join("abcdefghij" * 60) + "\n1,2\n").encode()


HOSTILE = {
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "blank cells": (b",,,\n,,\n", "empty"),
    "empty workbook": (xlsx(lambda sheet: None), "empty"),
    "too large": (b"a,b\n" * (MAX_FILE_BYTES // 4 + 1), "MB"),
    "too many rows": (b"a,b\n" * (MAX_ROWS + 1), "rows"),
    "too wide": (wide(), "columns"),
    "open quotation mark": (b'Item,Who\n"Backup,MSP\nPrinters,Client\n', "quotation mark"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), ".xls"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
    "web page": (b"<html><p>Item</p></html>", "web page"),
    "XML": (b"<?xml version='1.0'?><catalog/>", "XML"),
    "binary": (b"Item\x00Who\x01\x00\x02" * 50, "not a text"),
    "archive that is no workbook": (repacked()[:0] or b"PK\x05\x06" + b"\0" * 18, "not an XLSX"),
    "cut off": (xlsx(lambda sheet: sheet.cell(1, 1, "Item"))[:-200], "damaged"),
    "garbage after PK": (b"PK\x03\x04" + bytes(range(256)) * 4, "damaged"),
    "broken sheet": (repacked(xl__worksheets__sheet1_dot_xml=b"<worksheet><sheetData><row"), "damaged"),
    "broken styles": (repacked(xl__styles_dot_xml=b"no xml at all"), "damaged"),
    "bomb": (repacked(xl__media__a_dot_bin=b"\0" * 30_000_000), "packed suspiciously"),
    "huge": (repacked(xl__media__a_dot_bin=b"\0" * 151_000_000), "unpacks to"),
    "one huge cell": (b'Item,Who\n"' + b"a" * 10_000_001 + b'",MSP\n', "33,000 characters"),
    "one huge cell below a hint": (b'sep=,\nItem,Who\n"' + b"a" * 10_000_001 + b'",MSP\n', "33,000 characters"),
    "page that is too wide": (b"<table><tr>" + b"<td>a" * 501 + b"</table>", "500 columns"),
    "cells that span too much": (b"<table><tr><td colspan=500>a<td>b</table>", "500 columns"),
    "entities": (
        repacked(xl__sharedStrings_dot_xml=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'),
        "document type",
    ),
    "entities far down": (
        repacked(xl__sharedStrings_dot_xml=b"<!--" + b"x" * 9000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><sst/>'),
        "document type",
    ),
    "entities in UTF-16": (
        repacked(xl__styles_dot_xml='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")),
        "document type",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_workbook(data, "upload.xlsx")
    assert words in refusal.value.message
    assert "\n" not in refusal.value.message
    assert "Traceback" not in refusal.value.message


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        b"<table>" + b"<tr><td colspan=1000>a<td colspan=1000>" * 25_000 + b"</table>",
        b"<table><tr>" + b"<td colspan=1000>" * 60_000 + b"</table>",
        b"<table><tr>" + b"<td rowspan=99999>a" * 500 + b"<tr><td>" * 100_000 + b"</table>",
        (b"<table><tr>" + b"<td rowspan=1000>a" * 500 + b"<tr><td>" * 999 + b"</table>") * 50,
    ],
    ids=["columns", "one row", "rows", "tables"],
)
def test_cells_that_span_stay_within_memory(page: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(UsageError):
        read_workbook(page, "page.html")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KB


def test_a_title_over_everything_is_one_cell() -> None:
    page = b"<table><tr><th colspan=1000>Who does what<tr><td>Item<td>Who<tr><td>Backup<td>MSP</table>"
    assert cells(read_workbook(page, "page.html")) == [("Who does what",), ("Item", "Who"), ("Backup", "MSP")]


def test_macros_are_ignored() -> None:
    assert cells(read_workbook(repacked(xl__vbaProject_dot_bin=os.urandom(64)), "book.xlsm")) == [("Item",)]


def test_a_hundred_thousand_rows_stay_within_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = b"Item,Responsible,Notes\n" + b"".join(
        b"Service %d,MSP,some note of usual length\n" % n for n in range(100_000)
    )
    workbook = read_workbook(data, "big.csv")
    assert len(workbook.sheets[0].rows) == 100_001
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000  # KB


RISKY = ["=1+1", "+1", "-1", "@cmd", "\tx", "\rx", "'=1", "''=1", "'quoted'", "'", "#N/A", "5 = 5", '=HYPERLINK("x")']


@pytest.mark.parametrize("text", RISKY)
def test_exports_run_nothing_and_come_back_exactly(text: str) -> None:
    assert unprotect(protect(text)) == text
    for data in (write_csv(["Item"], [[text, "b"]]), write_xlsx(["Item"], [[text, "b"]])):
        assert read_workbook(data, "export").sheets[0].rows[1].cells[0].replace("\r", "\n") == text.replace("\r", "\n")
    assert protect(text)[0] not in "=+-@\t\r"


def test_a_protective_quote_of_somebody_else_is_taken_off_only_where_it_protects() -> None:
    assert cells(read_workbook(b"Item,Who\n'=A1,'s-Hertogenbosch\n", "a.csv"))[1] == ("=A1", "'s-Hertogenbosch")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("'=+-@\t\n\"")))
def test_any_text_survives_csv(text: str) -> None:
    read = read_workbook(write_csv(["Item", "Who"], [[text, "MSP"]]), "a.csv").sheets[0].rows[1].cells
    assert read == (text, "MSP")
