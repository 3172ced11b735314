"""The DOCX template that comes with the bot, drawn from the sections of a paper: what a lawyer exports and edits."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from commands.papers.content import PaperContent, Section
from commands.papers.word import PASSAGE, settled
from commands.papers.wording import REQUIRED

_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
_SIZES = {"a4": (210, 297), "us-letter": (216, 279)}
_WATERMARK = (
    '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:r><w:pict>'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="draft" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:520pt;'
    "height:70pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    'mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" '
    'fillcolor="#f2c4c0" stroked="f"><v:fill opacity=".5"/>'
    '<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{{ draft | upper }}"/></v:shape>'
    "</w:pict></w:r></w:p>"
)


def default_template(paper: PaperContent, passages: dict[str, str], page: str) -> bytes:
    """`paper` gives the sections and their columns only; none of what it says of anybody."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    _drop_unused_styles(document)
    width, height = _SIZES[page]
    body = document.sections[0]
    body.page_width, body.page_height = Mm(width), Mm(height)
    body.left_margin = body.right_margin = Mm(18)
    body.top_margin = body.bottom_margin = Mm(20)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(9.5)
    _header_and_footer(body)
    document.add_heading("{{ title }}", 0)
    document.add_paragraph("{{ client }}")
    _when(
        document,
        "draft",
        lambda: document.add_paragraph().add_run("{{ draft }}: {{ draft_words }}").__setattr__("bold", True),
    )
    for section in paper.sections:
        _when(document, f"{section.name}.shown", lambda section=section: _section(document, section, passages))
    if paper.signatures:
        _signatures(document)
    document.add_paragraph().add_run(
        "Document {{ number }}. SHA-256 of its content: {{ digest }}. {{ wording }}"
    ).font.size = Pt(7.5)
    properties = document.core_properties
    properties.created = properties.modified = properties.last_printed = _WRITTEN
    properties.author, properties.comments, properties.title = "", "", paper.title
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue())


def _drop_unused_styles(document: Any) -> None:
    """The hundred styles for tables that the empty document brings: looking them up took most of the time."""
    from docx.enum.style import WD_STYLE_TYPE

    for style in document.styles.element.style_lst:
        if style.type == WD_STYLE_TYPE.TABLE and style.name_val not in ("Normal Table", "Table Grid"):
            style.getparent().remove(style)


def _when(document: Any, condition: str, write: Any) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")
    write()
    document.add_paragraph("{%p endif %}")


def _section(document: Any, section: Section, passages: dict[str, str]) -> None:
    document.add_heading(section.title, 1)
    if section.columns:
        document.add_paragraph(f"{{%p if {section.name}.rows %}}")
    for said in filter(None, passages.get(section.name, "").split("\n\n")):
        written = document.add_paragraph(said, style=_passage_style(document, section.name))
        written.paragraph_format.keep_with_next = bool(section.columns) or section.name == REQUIRED
    if not section.columns:
        return
    _table(document, section)
    document.add_paragraph("{%p else %}")
    document.add_paragraph().add_run(f"{{{{ {section.name}.missing }}}}").italic = True
    document.add_paragraph("{%p endif %}")


def _passage_style(document: Any, name: str) -> str:
    from docx.enum.style import WD_STYLE_TYPE

    style = f"{PASSAGE}{name}"
    if style not in document.styles:
        added = document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = document.styles["Normal"]
    return style


def _table(document: Any, section: Section) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=len(section.columns))
    table.style = document.styles["Table Grid"]
    table.autofit = False
    if not section.is_list:
        header = table.add_row()
        _repeat(header)
        for cell, column in zip(header.cells, section.columns, strict=True):
            cell.paragraphs[0].add_run(column.title).bold = True
    table.add_row().cells[0].text = f"{{%tr for row in {section.name}.rows %}}"
    for cell, column in zip(table.add_row().cells, section.columns, strict=True):
        cell.text = f"{{{{ row.{column.name} }}}}"
    table.add_row().cells[0].text = "{%tr endfor %}"
    _keep_rows_whole(table)
    shares = sum(column.share for column in section.columns)
    for at, column in enumerate(section.columns):
        table.columns[at].width = Mm(174 * column.share / shares)
        for row in table.rows:
            row.cells[at].width = Mm(174 * column.share / shares)


def _keep_rows_whole(table: Any) -> None:
    """No row is cut where a page ends, and what is said does not touch the lines around it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        table._tbl.tblPr.append(margins)
    else:
        look.addprevious(margins)


def _repeat(row: Any) -> None:
    """The header stands on top of every page that the table goes on to."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _signatures(document: Any) -> None:
    from docx.shared import Mm

    document.add_heading("Signatures", 1)
    document.add_paragraph("{%p for signature in signatures %}")
    side = document.add_paragraph()
    side.add_run("{{ signature.side }}").bold = True
    side.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    table.add_row().cells[0].text = "{%tr for line in signature.lines %}"
    cells = table.add_row().cells
    cells[0].text, cells[1].text = "{{ line.label }}", "{{ line.value or '______________________________' }}"
    table.add_row().cells[0].text = "{%tr endfor %}"
    for cell in cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    _keep_rows_whole(table)
    table.columns[0].width, table.columns[1].width = Mm(40), Mm(134)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(40), Mm(134)
    document.add_paragraph("{%p endfor %}")


def _header_and_footer(body: Any) -> None:
    from docx.oxml import parse_xml

    header, footer = body.header, body.footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    header.paragraphs[0].text = "{%p if draft %}"
    header._element.append(parse_xml(_WATERMARK))
    header.add_paragraph("{%p endif %}")
    header.add_paragraph("{{ title }}, {{ client }}")
    line = footer.paragraphs[0]
    line.add_run("{{ number }} · as of {{ as_of }} · page ")
    _field(line, "PAGE")
    line.add_run(" of ")
    _field(line, "NUMPAGES")


def _field(line: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instr", name)
    line._p.append(field)
