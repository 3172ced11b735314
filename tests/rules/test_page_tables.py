"""What a web page or a Word document shows in a table without writing it as text."""

import io
from time import process_time

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from commands.rules.matrix_layout import read_matrix
from commands.spreadsheets import read_workbook


def rows(cells: str, head: str = "") -> list[tuple[str, ...]]:
    text = f"<html><head>{head}</head><table><tr><th>Task</th><th>MSP</th><th>Client</th></tr>{cells}</table></html>"
    [sheet] = read_workbook(text.encode(), "m.html").sheets
    return [row.cells for row in sheet.rows if not row.hidden][1:]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<input type=checkbox checked>", "☒"),
        ("<input type=checkbox>", "☐"),
        ("<img src=x alt='Yes'>", "Yes"),
        ("<i class='fa fa-check'></i>", "✓"),
        ("<span class='icon'><svg class='icon-check-mark'></svg></span>", "✓"),
        ("<span class='icon icon-x'></span>", "?"),
        ("<i class='icon-check-empty'></i>", "?"),
        ("<i class='icon check-off'></i>", "?"),
        ("<svg><path/></svg>", "?"),
        ("<span aria-label='Yes'></span>", "Yes"),
        ("<img src=x alt='logo'> Yes", "Yes"),
        ("<select><option>No<option selected>Yes</select>", "Yes"),
        ("Yes<span hidden>No</span><span style='display: none'>No</span>", "Yes"),
        ("Yes<span class=off>No</span>", "Yes"),
    ],
)
def test_a_sign_in_a_cell_of_a_page_is_seen(cell: str, shown: str) -> None:
    assert rows(f"<tr><td>Patch</td><td>{cell}</td><td>-</td></tr>", "<style>.off{display:none}</style>") == [
        ("Patch", shown, "-")
    ]


def test_rows_and_cells_that_a_page_hides_are_not_read() -> None:
    hidden = "<tr style='display:none'><td>Fax</td><td>x</td></tr>"
    assert rows(f"{hidden}<tr><td>Patch</td><td hidden>x</td><td></td><td>x</td></tr>") == [("Patch", "", "x")]


@pytest.mark.parametrize(
    "style",
    [
        "@media print{.a{display:none}}", "@media (max-width: 600px) { .b{color:red} .a { display: none } }",
        "td.a span{display:none}", ".a.b{display:none}", "div td{display:none}", "td[data-x]{display:none}",
        "/* .a */ .b{display:none}", "@media print{.b{color:red}} .b{display:none}",
    ],
)  # fmt: skip
def test_a_rule_for_something_else_hides_nothing(style: str) -> None:
    assert rows("<tr><td>Patch</td><td class=a>x</td><td></td></tr>", f"<style>{style}</style>") == [("Patch", "x")]


@pytest.mark.parametrize(
    "style", ["td.a{display:none}", "@media screen{.a{display:none}}", "@media print{.b{top:0}} p .a{display:none}"]
)
def test_a_rule_for_a_cell_hides_it(style: str) -> None:
    assert rows("<tr><td>Patch<td class=a>x<td><td>x</tr>", f"<style>{style}</style>") == [("Patch", "", "x")]


@pytest.mark.parametrize("style", ["a", "@a", "/*", "@a{", "a{", "{", "}", "*/", "a,"])
def test_a_style_sheet_without_end_takes_no_longer_for_each_sign(style: str) -> None:
    began = process_time()
    assert rows("<tr><td>Patch</td><td>x</td></tr>", f"<style>{style * 100_000}</style>") == [("Patch", "x")]
    assert process_time() - began < 3


def page(*headings: str) -> bytes:
    made = "<table><tr><th>Task</th><th>Responsible</th></tr><tr><td>{}</td><td>MSP</td></tr></table>"
    return "".join(f"<h2>{each}</h2>{made.format(f'Task {at}')}" for at, each in enumerate(headings)).encode()


def document(*headings: str) -> bytes:
    made = Document()
    for at, heading in enumerate(headings):
        made.add_heading(heading, 2)
        table = made.add_table(2, 2)
        for cell, text in zip(table._cells, ("Task", "Responsible", f"Task {at}", "MSP"), strict=True):
            cell.text = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("make", [page, document])
def test_tables_of_one_heading_are_told_apart_and_have_one_category(make: object) -> None:
    workbook = read_workbook(make("Backup", "backup", "Access"), "m")  # type: ignore[operator]
    assert [sheet.name for sheet in workbook.sheets] == ["Backup", "backup (table 2)", "Access"]
    assert [row.category for row in read_matrix(workbook).rows] == ["Backup", "backup", "Access"]


@pytest.mark.parametrize(
    ("bullet", "font", "text", "shown"),
    [
        ("\uf0fc", "Wingdings", "", "✓"),
        ("\uf0fc", "Wingdings", "nightly", "✓ nightly"),
        ("\uf0b7", "Symbol", "", "•"),
        ("\uf0b7", "Symbol", "MSP", "MSP"),
        ("✓", "Arial", "", "✓"),
        ("\uf0ff", "Wingdings", "", "?"),
        ("-", "Arial", "MSP", "MSP"),
    ],
)
def test_a_list_with_ticks_for_bullets_is_ticked(bullet: str, font: str, text: str, shown: str) -> None:
    made = Document()
    numbering = made.part.numbering_part.element
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{bullet}"/>'
    level += f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr></w:lvl>'
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{level}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    table = made.add_table(2, 2)
    for cell, words in zip(table._cells, ("Task", "MSP", "Patch", text), strict=True):
        cell.text = words
    properties = table.cell(1, 1).paragraphs[0]._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))
    file = io.BytesIO()
    made.save(file)
    assert read_workbook(file.getvalue(), "m.docx").sheets[0].rows[1].cells == ("Patch", shown)
