"""Text with a line through it says nothing: neither that it applies nor that it does not, in whatever kind of file."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from openpyxl import Workbook as Book
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from commands.errors import UsageError
from commands.rules.imports.tables import read_table
from commands.rules.matrix_layout import Corrections, read_matrix
from commands.spreadsheets import read_workbook

ROWS = (("Task", "Responsible"), ("Patch", "MSP"), ("Fax", "MSP"))
FIELDS = {"name": "task", "owner": "responsible"}


def book(strike: Callable[[Book], object]) -> bytes:
    made = Book()
    for row in ROWS:
        made.worksheets[0].append(row)
    strike(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def by_font(made: Book) -> None:
    made.worksheets[0]["A3"].font = Font(strike=True)


def within_the_text(made: Book) -> None:
    made.worksheets[0]["B3"] = CellRichText(TextBlock(InlineFont(strike=True), "MSP"), " Client")


def page(row: str, head: str = "") -> bytes:
    rows = "<tr><th>Task</th><th>Responsible</th></tr><tr><td>Patch</td><td>MSP</td></tr>"
    return f"<html><head>{head}</head><body><table>{rows}{row}</table></body></html>".encode()


STRUCK = {
    "font": book(by_font),
    "part of a text": book(within_the_text),
    "element": page("<tr><td>Fax</td><td><del>MSP</del> Client</td></tr>"),
    "style": page("<tr><td><span style='text-decoration: line-through'>Fax</span></td><td>MSP</td></tr>"),
    "style of the row": page("<tr style='text-decoration:red line-through'><td>Fax<td>MSP</tr>"),
    "class": page(
        "<tr><td class='s1 s2'>Fax</td><td>MSP</td></tr>", "<style>.x .s2 { text-decoration: line-through }</style>"
    ),
    "name of a class": page("<tr class=line-through><td>Fax</td><td>MSP</td></tr>"),
    "Markdown": b"| Task | Responsible |\n|--|--|\n| Patch | MSP |\n| Fax | ~~MSP~~ Client |\n",
    "typed in CSV": b"Task,Responsible\nPatch,MSP\nFax,<s>MSP</s> Client\n",
}


@pytest.mark.parametrize("file", STRUCK.values(), ids=STRUCK)
def test_a_row_with_struck_text_is_asked_about(file: bytes) -> None:
    workbook = read_workbook(file, "m")
    reading = read_matrix(workbook)
    assert [row.item for row in reading.rows] == ["Patch", "Fax"]
    [problem] = [each for each in reading.problems if each.blocks]
    assert "A line goes through" in problem.message
    assert problem.row == reading.rows[1].source_row
    [wrong] = read_table(workbook, FIELDS, ("name",)).problems
    assert (wrong.row, "is struck out" in wrong.message) == (problem.row, True)


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td>Fax</td><td style='text-decoration: underline'>MSP</td></tr>",
        "<tr><td>Fax <span class='s9'></span></td><td>MSP</td></tr>",
        "<tr><td><s></s>Fax</td><td>MSP</td></tr>",
    ],
)
def test_a_line_elsewhere_strikes_nothing(row: str) -> None:
    reading = read_matrix(read_workbook(page(row, "<style>.s8{text-decoration:line-through}</style>"), "m.html"))
    assert not [each for each in reading.problems if each.blocks]
    assert [each.item for each in reading.rows] == ["Patch", "Fax"]


@pytest.mark.parametrize("kind", [WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.PARAGRAPH])
def test_a_line_of_a_word_style_is_seen_and_one_that_is_switched_off_is_not(kind: WD_STYLE_TYPE) -> None:
    document = Document()
    style = document.styles.add_style("Gone", kind)
    style.font.strike = True
    child = document.styles.add_style("Gone too", kind)
    child.base_style = style
    made = document.add_table(3, 2)
    for row, texts in zip(made.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    paragraph = made.cell(2, 1).paragraphs[0]
    run = paragraph.runs[0]
    (run if kind is WD_STYLE_TYPE.CHARACTER else paragraph).style = child
    file = io.BytesIO()
    document.save(file)
    with pytest.raises(UsageError, match=r"Row 3 of table 1 in m\.docx has text that is struck out"):
        read_workbook(file.getvalue(), "m.docx")
    run.font.strike = False
    file = io.BytesIO()
    document.save(file)
    assert read_workbook(file.getvalue(), "m.docx").sheets[0].rows[2].cells == ("Fax", "MSP")


def test_a_formula_without_its_result_is_no_empty_cell() -> None:
    def with_formula(made: Book) -> None:
        made.worksheets[0]["B3"] = '=UPPER("msp")'

    reading = read_table(read_workbook(book(with_formula), "m.xlsx"), FIELDS, ("name",))
    [problem] = reading.problems
    assert (problem.row, problem.column, "formula" in problem.message) == (3, "owner", True)


def grid(change: Callable[[Book], object]) -> bytes:
    made = Book()
    for row in (
        ("Asset", "Patching", "Watching"),
        ("Server", "MSP", "Client"),
        ("Phone", "Client", "MSP"),
        ("Fax", "MSP", "MSP"),
    ):
        made.worksheets[0].append(row)
    change(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_cell_of_a_grid_is_asked_about_as_any_other() -> None:
    def strike(made: Book) -> None:
        made.worksheets[0]["C2"].font = Font(strike=True)

    def compute(made: Book) -> None:
        made.worksheets[0]["C3"] = '=UPPER("msp")'

    for change, row in ((strike, 2), (compute, 3)):
        reading = read_matrix(read_workbook(grid(change), "m.xlsx"), Corrections(expand=True))
        assert [each.row for each in reading.problems if each.blocks] == [row]


@pytest.mark.parametrize(("cells", "asked"), [("", []), ("AB", []), ("ABC", []), ("C", [3])])
def test_a_row_that_no_longer_applies_may_be_struck_out_but_not_its_state(cells: str, asked: list[int]) -> None:
    made = Book()
    for row in (("Task", "Responsible", "Status"), ("Patch", "MSP", "Active"), ("Fax", "MSP", "Retired")):
        made.worksheets[0].append(row)
    for letter in cells:
        made.worksheets[0][f"{letter}3"].font = Font(strike=True)
    file = io.BytesIO()
    made.save(file)
    reading = read_matrix(read_workbook(file.getvalue(), "m.xlsx"))
    assert [row.item for row in reading.rows] == ["Patch"]
    assert [each.row for each in reading.problems if each.blocks] == asked


def test_a_column_whose_title_is_struck_out_is_asked_about() -> None:
    def strike(made: Book) -> None:
        made.worksheets[0]["B1"].font = Font(strike=True)

    workbook = read_workbook(book(strike), "m.xlsx")
    [problem] = [each for each in read_matrix(workbook).problems if each.blocks]
    assert (problem.row, 'the title "Responsible"' in problem.message) == (1, True)
    [wrong] = read_table(workbook, FIELDS, ("name",)).problems
    assert (wrong.row, wrong.column, "title that is struck out" in wrong.message) == (1, "owner", True)
