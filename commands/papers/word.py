"""A paper as DOCX, for a lawyer to edit: a template filled in. The same template and content give the same bytes."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from commands.papers.content import PaperContent, Section
from commands.rules.dates.format import format_date

PASSAGE = "Passage "
"""The style of a passage's paragraphs is this and the passage's name: so wording is found again in a template."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def fields_of(paper: PaperContent) -> dict[str, Any]:
    """What a template may use, by name."""
    said: dict[str, Any] = {
        "title": paper.title,
        "client": paper.client,
        "provider": paper.provider,
        "agreements": paper.agreements,
        "as_of": format_date(paper.as_of),
        "draft": paper.draft,
        "draft_words": paper.draft_words,
        "number": paper.number,
        "digest": paper.digest,
        "wording": " ".join(filter(None, (paper.wording, paper.reservation))),
        "signatures": [
            {"side": each.side, "lines": [{"label": label, "value": value} for label, value in each.lines]}
            for each in paper.signatures
        ],
    }
    return said | {section.name: _fields_of_section(section) for section in paper.sections}


def write_docx(paper: PaperContent, template: bytes) -> bytes:
    """The paper as a Word file by `template`. Raises jinja2's errors for a template that asks for unknown fields."""
    from docxtpl import DocxTemplate

    document = DocxTemplate(BytesIO(template))
    document.render(fields_of(paper), SandboxedEnvironment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    properties = document.docx.core_properties
    properties.title = f"{paper.title}, {paper.client}"[:255]
    properties.author = paper.provider[:255]
    properties.identifier = paper.number
    properties.keywords = f"{paper.number} {paper.digest}"
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue())


def passages_in(template: bytes) -> dict[str, str]:
    """The wording of a template by passage. Paragraphs of one passage are joined by an empty line."""
    from docx import Document

    found: dict[str, list[str]] = {}
    for paragraph in Document(BytesIO(template)).paragraphs:
        name = str(paragraph.style.name) if paragraph.style is not None else ""
        if name.startswith(PASSAGE) and paragraph.text.strip():
            found.setdefault(name.removeprefix(PASSAGE), []).append(paragraph.text.strip())
    return {name: "\n\n".join(texts) for name, texts in found.items()}


def settled(file: bytes) -> bytes:
    """The same ZIP with its members in order and none of the times at which they were written."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as read, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(read.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, read.read(name))
    return written.getvalue()


def _fields_of_section(section: Section) -> dict[str, Any]:
    names = [column.name for column in section.columns]
    rows = [dict(zip(names, _cells(row), strict=True)) for row in section.rows]
    return {"shown": section.is_shown, "rows": rows, "missing": section.missing}


def _cells(row: tuple[str, ...]) -> Iterator[str]:
    yield from row
