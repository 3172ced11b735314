"""Tables of a Word document are read as sheets are."""

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from commands.errors import UsageError
from commands.rules.matrix_layout import read_matrix
from commands.spreadsheets import read_workbook

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def table(document: Any, *rows: tuple[str, ...]) -> Any:
    made = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    return made


def test_each_table_is_a_sheet_called_by_its_heading() -> None:
    document = Document()
    document.add_heading("Backup", 2)
    table(document, ("Task", "Responsible"), ("Run the backup", "MSP"))
    document.add_paragraph("Some prose.")
    document.add_heading("Access", 2)
    table(document, ("Task", "Responsible"), ("Approve access", "Client"))
    book = read_workbook(saved(document), "exhibit.docx")
    assert [sheet.name for sheet in book.sheets] == ["Backup", "Access"]
    reading = read_matrix(book)
    assert [(row.item, row.party.value, row.category) for row in reading.rows] == [
        ("Run the backup", "msp", "Backup"), ("Approve access", "client", "Access"),
    ]  # fmt: skip
    assert "Of the document only its tables were read." in reading.notices


def test_merged_cells_reach_down_and_across() -> None:
    document = Document()
    made = table(document, ("Area", "Task", "Responsible"), ("Backup", "Run it", "MSP"), ("", "Test it", "Client"),
                 ("Security", "", ""))  # fmt: skip
    made.cell(1, 0).merge(made.cell(2, 0))
    made.cell(3, 0).merge(made.cell(3, 2))
    [sheet] = read_workbook(saved(document), "m.docx").sheets
    assert [row.cells for row in sheet.rows[1:]] == [
        ("Backup", "Run it", "MSP"), ("Backup", "Test it", "Client"), ("Security",),
    ]  # fmt: skip


def test_ticks_of_wingdings_and_boxes_in_content_controls_are_read() -> None:
    document = Document()
    made = table(document, ("Task", "MSP", "Client"), ("Patch", "", ""), ("Report", "", ""))
    made.cell(1, 1).paragraphs[0]._p.append(parse_xml(f'<w:r {W}><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'))
    made.cell(2, 2).paragraphs[0]._p.append(
        parse_xml(f"<w:sdt {W}><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>")
    )
    [sheet] = read_workbook(saved(document), "m.docx").sheets
    assert [row.cells for row in sheet.rows[1:]] == [("Patch", "✓"), ("Report", "", "☒")]


@pytest.mark.parametrize("mark", ["ins", "del"])
def test_a_document_with_changes_that_are_still_open_is_refused(mark: str) -> None:
    document = Document()
    made = table(document, ("Task", "Responsible"), ("Patch", "MSP"))
    text = "<w:r><w:delText>Client</w:delText></w:r>" if mark == "del" else "<w:r><w:t>Client</w:t></w:r>"
    made.cell(1, 1).paragraphs[0]._p.append(parse_xml(f'<w:{mark} {W} w:id="1" w:author="x">{text}</w:{mark}>'))
    with pytest.raises(UsageError, match="tracked changes") as caught:
        read_workbook(saved(document), "m.docx")
    assert caught.value.next_steps[0].startswith("Accept or reject the changes")


def test_a_document_without_a_table_and_a_damaged_one_say_so() -> None:
    document = Document()
    document.add_paragraph("Only words.")
    with pytest.raises(UsageError, match="without a table"):
        read_workbook(saved(document), "m.docx")
    with pytest.raises(UsageError, match=r"is damaged|not an XLSX"):
        read_workbook(saved(document)[:-200], "m.docx")


@pytest.mark.parametrize(
    ("content", "step"),
    [
        (b"%PDF-1.7 ...", "Import the spreadsheet or the Word document that it was made from"),
        (b"{\\rtf1 hello}", "Open it in a word processor, save it as DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Open it in a word processor"),
        (b"\x1f\x8b\x08rest", "Unpack it"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_helps(content: bytes, step: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_workbook(content, "m.bin")
    assert caught.value.next_steps[0].startswith(step)
