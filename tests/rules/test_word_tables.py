"""Tables of a Word document are read as sheets are."""

import io
import resource
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from commands.errors import UsageError
from commands.rules.matrix_layout import read_matrix
from commands.spreadsheets import read_workbook
from commands.spreadsheets.limits import MAX_DOCUMENT_BYTES

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


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


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def line(*runs: str) -> str:
    """A paragraph of runs; a run without a tag is plain text."""
    made = (run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{''.join(made)}</w:p>"


def packed(document: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", document)
    return file.getvalue()


def written(*rows: str) -> bytes:
    """A document of one table, from its XML."""
    return packed(f"<w:document {SPACES}><w:body><w:tbl>{''.join(rows)}</w:tbl></w:body></w:document>")


def read_rows(*rows: str) -> list[tuple[str, ...]]:
    [sheet] = read_workbook(written(*rows), "m.docx").sheets
    return [row.cells for row in sheet.rows]


TITLES = row(line("Task"), line("MSP"), line("Client"))
WHO = row(line("Task"), line("Responsible"))


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


def form_field(content: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{content}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ('<w:default w:val="0"/><w:checked/>', "☒"),
        ('<w:default w:val="1"/><w:checked w:val="0"/>', "☐"),
        ('<w:default w:val="1"/>', "☒"),
        ('<w:default w:val="0"/>', "☐"),
        ("", "☐"),
    ],
)
def test_check_boxes_of_a_form_are_seen(state: str, sign: str) -> None:
    box = form_field(f"<w:checkBox>{state}</w:checkBox>")
    assert read_rows(WHO, row(line("Patch"), line(box, " MSP")))[1] == ("Patch", f"{sign} MSP")


def test_boxes_of_a_form_say_whose_a_row_is() -> None:
    ticked, empty = (form_field(f'<w:checkBox><w:default w:val="{state}"/></w:checkBox>') for state in "10")
    data = written(WHO, row(line("Patch"), line(ticked, " MSP ", empty, " Client")),
                   row(line("Approve"), line(empty, " MSP ", ticked, " Client")))  # fmt: skip
    reading = read_matrix(read_workbook(data, "m.docx"))
    assert [(each.item, each.party.value) for each in reading.rows] == [("Patch", "msp"), ("Approve", "client")]


def test_a_list_to_choose_from_shows_what_was_chosen() -> None:
    entries = '<w:listEntry w:val="MSP"/><w:listEntry w:val="Client"/>'
    chosen = form_field(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
    untouched = form_field(f"<w:ddList>{entries}</w:ddList>")
    nothing = form_field('<w:ddList><w:result w:val="7"/></w:ddList>')
    found = read_rows(WHO, row(line("A"), line(chosen)), row(line("B"), line(untouched)), row(line("C"), line(nothing)))
    assert found[1:] == [("A", "Client"), ("B", "MSP"), ("C", "?")]


SYMBOL = '<w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="2705"/>'


@pytest.mark.parametrize(
    ("sign", "seen"),
    [
        (f'<mc:Choice Requires="w16se">{SYMBOL}</mc:Choice><mc:Fallback><w:t>✅</w:t></mc:Fallback>', "✅"),
        (f'<mc:Choice Requires="w16se">{SYMBOL}</mc:Choice>', "?"),
        ('<mc:Choice Requires="a"><w:t>X</w:t></mc:Choice><mc:Choice Requires="b"><w:t>Y</w:t></mc:Choice>', "X"),
    ],
)
def test_a_sign_that_word_writes_twice_is_read_once(sign: str, seen: str) -> None:
    tick = f"<w:r><mc:AlternateContent>{sign}</mc:AlternateContent></w:r>"
    assert read_rows(TITLES, row(line("Patch"), line(""), line(tick)))[1] == ("Patch", "", seen)


def test_a_text_box_in_a_cell_is_read_once() -> None:
    inner = f"<w:txbxContent>{line('MSP')}</w:txbxContent>"
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert read_rows(WHO, row(line("Patch"), line(box)))[1] == ("Patch", "MSP")


@pytest.mark.parametrize("hidden", ["<w:vanish/>", '<w:vanish w:val="true"/>'])
def test_hidden_text_is_left_out_with_all_that_is_in_it(hidden: str) -> None:
    run = f"<w:r><w:rPr>{hidden}</w:rPr><w:t>not </w:t><w:pict>{line('Client')}</w:pict></w:r>"
    assert read_rows(WHO, row(line("Patch"), line(run, "MSP")))[1] == ("Patch", "MSP")


def test_tab_stops_are_no_text_and_nested_tables_are() -> None:
    stops = '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr><w:r><w:t>MSP</w:t></w:r></w:p>'
    nested = f"<w:tbl>{row(line('Nights'), line('Days'))}</w:tbl><w:p/>"
    assert read_rows(WHO, row(line("Patch") + nested, stops))[1] == ("Patch\nNights\nDays", "MSP")


@pytest.mark.parametrize("struck", ["<w:strike/>", '<w:strike w:val="1"/>', "<w:dstrike/>"])
def test_text_that_is_struck_out_is_refused(struck: str) -> None:
    data = written(WHO, row(line("Patch"), line(f"<w:r><w:rPr>{struck}</w:rPr><w:t>Client</w:t></w:r>", "MSP")))
    with pytest.raises(UsageError, match=r"Row 2 of table 1 in m\.docx has text that is struck out"):
        read_workbook(data, "m.docx")


@pytest.mark.parametrize("off", ['<w:strike w:val="0"/>', '<w:dstrike w:val="false"/>'])
def test_text_that_is_not_struck_out_after_all_is_read(off: str) -> None:
    run, blank = (
        f"<w:r><w:rPr>{on}</w:rPr><w:t>{text}</w:t></w:r>" for on, text in ((off, "MSP"), ("<w:strike/>", " "))
    )
    assert read_rows(WHO, row(line("Patch"), line(run, blank)))[1] == ("Patch", "MSP")


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_footnote_is_said_with_its_row(kind: str) -> None:
    note = f'<w:r><w:{kind}Reference w:id="2"/></w:r>'
    book = read_workbook(written(TITLES, row(line("Patch"), line("X"), line("")),
                                 row(line("Approve", note), line(""), line("X", note))), "m.docx")  # fmt: skip
    reading = read_matrix(book)
    assert "Footnotes are not read: see row 3 of table 1." in reading.notices
    assert [(each.item, each.party.value) for each in reading.rows] == [("Patch", "msp"), ("Approve", "client")]
    word = read_matrix(read_workbook(written(WHO, row(line("Patch"), line("MSP", note))), "m.docx"))
    assert '"MSP*" carries a footnote mark.' in word.problems[0].message


def test_a_footnote_in_a_title_does_not_hide_the_title() -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    titles = row(line("Task"), line("MSP", note), line("Client"))
    reading = read_matrix(read_workbook(written(titles, row(line("Patch"), line("X"), line(""))), "m.docx"))
    assert [(each.item, each.party.value) for each in reading.rows] == [("Patch", "msp")]
    assert "Footnotes are not read: see row 1 of table 1." in reading.notices


def test_a_mark_of_ones_own_stands_for_its_footnote() -> None:
    note = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>†</w:t></w:r>'
    assert read_rows(WHO, row(line("Patch"), line("MSP", note)))[1] == ("Patch", "MSP†")


def test_hidden_rows_are_left_out_as_in_a_workbook() -> None:
    hidden = "<w:trPr><w:hidden/></w:trPr>"
    data = written(WHO, row(line("Patch"), line("MSP")), row(line("Old"), line("Client"), properties=hidden))
    [sheet] = read_workbook(data, "m.docx").sheets
    assert [row.hidden for row in sheet.rows] == [False, False, True]
    assert [each.item for each in read_matrix(read_workbook(data, "m.docx")).rows] == ["Patch"]


@pytest.mark.parametrize("mark", ["cellIns", "cellDel", "cellMerge"])
def test_cells_with_changes_that_are_still_open_are_refused(mark: str) -> None:
    cell = f'<w:tcPr><w:{mark} w:id="1" w:author="x"/></w:tcPr>{line("MSP")}'
    with pytest.raises(UsageError, match="tracked changes"):
        read_workbook(written(WHO, row(line("Patch"), cell)), "m.docx")


def test_a_row_that_begins_too_far_right_is_refused() -> None:
    far = '<w:trPr><w:gridBefore w:val="999999999"/></w:trPr>'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UsageError, match=r"Row 2 of table 1 in m\.docx has too many columns"):
        read_workbook(written(WHO, row(line("Patch"), properties=far)), "m.docx")
    assert read_rows(WHO, row(properties=far)) == [("Task", "Responsible")]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


@pytest.mark.slow
def test_wide_rows_are_counted_as_they_are_read() -> None:
    wide = row('<w:tcPr><w:gridSpan w:val="499"/></w:tcPr>' + line("x"), line("y"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UsageError, match="2,000,000 cells"):
        read_workbook(written(*[wide] * 15_000), "m.docx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KB


def test_a_document_that_is_too_large_is_refused_before_it_is_read() -> None:
    noise = "".join(f"<w:p w:rsidR='{number:08X}'/>" for number in range(MAX_DOCUMENT_BYTES // 25))
    with pytest.raises(UsageError, match="of a Word document at most 14 MB are read"):
        read_workbook(packed(f"<w:document {W}><w:body>{noise}</w:body></w:document>"), "m.docx")


@pytest.mark.slow
@pytest.mark.parametrize("wrapper", ["w:sdt", "w:p", "w:r", "w:tbl", "mc:AlternateContent"])
@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_elements_may_be_nested_deeply(wrapper: str, depth: int) -> None:
    deep = f"<{wrapper}>" * depth + f"</{wrapper}>" * depth
    assert read_rows(WHO, row(line("Patch"), line("MSP") + deep), deep)[1] == ("Patch", "MSP")


@pytest.mark.parametrize(
    "document",
    [
        f"<w:document {W}><w:bod",
        "",
        f"<w:document {W}/>",
        '<?xml version="1.0" encoding="no-such-code"?><a/>',
        '<?xml version="1.0" encoding="gbk"?><a/>',
    ],
)
def test_what_is_no_document_is_called_damaged(document: str) -> None:
    with pytest.raises(UsageError, match="is damaged"):
        read_workbook(packed(document), "m.docx")


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
