"""What a template may say: known fields only, the words that no paper does without, and nothing that promises too much.

A template is a DOCX file with fields in double braces, `{% if %}` and `{% for %}`. It runs nothing else.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from commands.papers.blank import blank_paper, filled_paper
from commands.papers.word import PASSAGE, fields_of, passages_in, write_docx
from commands.papers.word_template import default_template
from commands.papers.wording import FIELDS, PASSAGES, REQUIRED
from commands.rules.text.wording import Absolute, absolutes
from commands.zip_files import MOST_OF_TEMPLATE, ZIP_DAMAGE, is_word_document, unpacked_size
from storage.records import PaperKind

MOST_BYTES = 5_000_000
ALWAYS = ("draft", "number", "wording")
"""The fields that every template must show: what it is not yet, which document it is, and whose wording it has."""
_DAMAGED = "It is damaged. Open it in a word processor, save it as DOCX again, and send that."
_FILTERS = frozenset({"upper", "lower", "title", "capitalize", "trim", "default", "length"})
_LOOP = dict.fromkeys(("index", "index0", "first", "last", "length"))
_CALM = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr, nodes.Not, nodes.And,
    nodes.Or, nodes.Compare, nodes.Operand, nodes.Concat,
)  # fmt: skip
_RICH = re.compile(r"\{\{\s?[rp]\s")
_TAG = re.compile(r"<[^>]+>")


class TemplateRefused(ValueError):
    """What is wrong with a template, in words for whoever edited it."""


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """`left_out` are sections that the template does not show, `only_in_word` paragraphs that the PDF does not have.

    `promising` are the phrases that promise more than anybody can keep.
    """

    passages: Mapping[str, str]
    left_out: tuple[str, ...]
    only_in_word: tuple[str, ...]
    promising: tuple[Absolute, ...]


def check_template(kind: PaperKind, template: bytes) -> CheckedTemplate:
    """Raises TemplateRefused."""
    _check_file(template)
    used = _check_fields(kind, template)
    passages = _check_passages(kind, template)
    missing = [name for name in ALWAYS if name not in used]
    if missing:
        fields = ", ".join(f"{{{{ {name} }}}}" for name in missing)
        raise TemplateRefused(f"It does not show {fields}. Every paper says what it is, and whose wording it has.")
    _try(kind, template, passages)
    paper = blank_paper(kind, passages)
    left_out = tuple(each.title for each in paper.sections if each.name not in used and not passages.get(each.name))
    shown = list(_paragraphs(template))
    known = {said for _, said in _paragraphs(default_template(paper, dict(PASSAGES[kind]), "a4"))}
    alone = (said for style, said in shown if not style.startswith(PASSAGE) and "{" not in said)
    promising = tuple(found for _, said in shown for found in absolutes(said))
    return CheckedTemplate(passages, left_out, tuple(said for said in alone if said not in known), promising)


def fields_known(kind: PaperKind) -> dict[str, Any]:
    """The fields of a template of the kind: None for a text, a mapping for what has parts, a list of one for rows."""
    return {name: _shape(value) for name, value in fields_of(filled_paper(kind, PASSAGES[kind])).items()}


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shape(value[0])] if value else [{}]
    return None


def _check_file(template: bytes) -> None:
    if len(template) > MOST_BYTES:
        raise TemplateRefused(f"It has {len(template) / 1e6:.1f} MB; a template has at most {MOST_BYTES // 10**6} MB.")
    try:
        with zipfile.ZipFile(BytesIO(template)) as package:
            names, size, is_document = package.namelist(), unpacked_size(package), is_word_document(package)
            damaged = package.testzip() if size <= MOST_OF_TEMPLATE else None
    except ZIP_DAMAGE as error:
        is_zip = template.startswith(b"PK") and zipfile.is_zipfile(BytesIO(template))
        raise TemplateRefused(_DAMAGED if is_zip else "It is no DOCX file.") from error
    if damaged is not None:
        raise TemplateRefused(_DAMAGED)
    if not is_document:
        raise TemplateRefused("It is no DOCX file.")
    if size > MOST_OF_TEMPLATE:
        raise TemplateRefused("Unpacked it is larger than any template has to be.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise TemplateRefused("It has macros in it. Save it as a DOCX without macros.")


def _check_fields(kind: PaperKind, template: bytes) -> set[str]:
    """The names of the fields that it uses."""
    known = fields_known(kind)
    used: set[str] = set()
    for said in _sources(template):
        _Fields(used).check(_parsed(said), known)
    return used


def _parsed(said: str) -> nodes.Template:
    try:
        return SandboxedEnvironment().parse(said)
    except TemplateSyntaxError as error:
        lines = said.splitlines()
        near = " ".join(_TAG.sub(" ", " ".join(lines[max(error.lineno - 2, 0) : error.lineno])).split())[-80:]
        where = f' near "{near}"' if near else ""
        raise TemplateRefused(f"Its fields cannot be read{where}: {error.message}.") from error


def _sources(template: bytes) -> Iterator[str]:
    """The parts of the file in which fields are filled in, as docxtpl reads them."""
    from docxtpl import DocxTemplate

    try:
        document = DocxTemplate(BytesIO(template))
        document.init_docx()
        found = [document.get_xml()]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            found += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
        parts = document.docx.part.package.parts
        found += [part.blob.decode() for part in parts if part.content_type.endswith("footnotes+xml")]
        properties = document.docx.core_properties
        found += [str(getattr(properties, name) or "") for name in _PROPERTIES]
    except (KeyError, ValueError, SyntaxError) as error:
        raise TemplateRefused("It cannot be opened as a DOCX file.") from error
    for said in found:
        if _RICH.search(_TAG.sub("", said)):
            raise TemplateRefused("Write fields as {{ name }}, without r or p after the braces.")
        yield document.patch_xml(said)


_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


class _Fields:
    """Walks a template, follows its loops, and notes the fields it uses."""

    def __init__(self, used: set[str]) -> None:
        self._used = used

    def check(self, node: nodes.Node, known: Mapping[str, Any]) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, known)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            if isinstance(self._value(node, known), list):
                raise TemplateRefused(f"{_written(node)} has rows: write one table row with {{%tr for row in ... %}}.")
        elif isinstance(node, nodes.Filter):
            self._filter(node, known)
        elif isinstance(node, _CALM):
            for child in node.iter_child_nodes():
                self._child(node, child, known)
        else:
            raise TemplateRefused(
                f"A template may have fields, if and for; this one has {type(node).__name__.lower()}, too."
            )

    def _child(self, node: nodes.Node, child: nodes.Node, known: Mapping[str, Any]) -> None:
        is_condition = isinstance(node, nodes.If | nodes.CondExpr) and child is node.test
        if is_condition and isinstance(child, nodes.Name | nodes.Getattr):
            self._value(child, known)
        else:
            self.check(child, known)

    def _filter(self, node: nodes.Filter, known: Mapping[str, Any]) -> None:
        if node.name not in _FILTERS:
            raise TemplateRefused(f'"{node.name}" after | is not known. There is {", ".join(sorted(_FILTERS))}.')
        for child in node.iter_child_nodes():
            if node.name == "length" and isinstance(child, nodes.Name | nodes.Getattr):
                self._value(child, known)
            else:
                self.check(child, known)

    def _loop(self, node: nodes.For, known: Mapping[str, Any]) -> None:
        rows = self._value(node.iter, known)
        if not isinstance(rows, list) or not isinstance(node.target, nodes.Name) or node.test or node.recursive:
            raise TemplateRefused(
                "A loop goes over the rows of a section, over signatures, or over the lines of a signature."
            )
        inner = {**known, node.target.name: rows[0], "loop": _LOOP}
        for child in (*node.body, *node.else_):
            self.check(child, inner)

    def _value(self, node: nodes.Node, known: Mapping[str, Any]) -> Any:
        """The shape of the field that is named. Raises TemplateRefused where there is none."""
        if isinstance(node, nodes.Name):
            if node.name not in known:
                raise TemplateRefused(_unknown(node.name, node.name, known))
            self._used.add(node.name)
            return known[node.name]
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            name = str(node.arg.value)
        elif isinstance(node, nodes.Getattr):
            name = node.attr
        else:
            raise TemplateRefused("A field is a name, or two with a dot between them, such as {{ row.clause }}.")
        parts = self._value(node.node, known)
        if not isinstance(parts, Mapping) or name not in parts:
            written = _written(node)
            raise TemplateRefused(_unknown(written, name, parts, written.rpartition(".")[0] + "."))
        return parts[name]


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return f"{_written(node.node)}.{node.arg.value}" if isinstance(node, nodes.Getitem) else "this"  # type: ignore[attr-defined]


def _unknown(written: str, name: str, known: Any, before: str = "") -> str:
    names = [each for each in known if each != "loop"] if isinstance(known, Mapping) else []
    near = process.extractOne(name, names, scorer=JaroWinkler.normalized_similarity)
    if near is None:
        return f"{{{{ {written} }}}} is no field of this paper: there is nothing behind the dot."
    others = ", ".join(names)
    return (
        f"{{{{ {written} }}}} is no field of this paper. The nearest is {{{{ {before}{near[0]} }}}}. There is {others}."
    )


def _check_passages(kind: PaperKind, template: bytes) -> dict[str, str]:
    passages = passages_in(template)
    for name, said in passages.items():
        if name not in PASSAGES[kind]:
            near = process.extractOne(name, list(PASSAGES[kind]), scorer=JaroWinkler.normalized_similarity)
            nearest = f' The nearest is "Passage {near[0]}".' if near else ""
            raise TemplateRefused(f'The style "Passage {name}" belongs to no part of this paper.{nearest}')
        _Fields(set()).check(_parsed(said), dict.fromkeys(FIELDS))
    if not passages.get(REQUIRED, "").strip():
        raise TemplateRefused(
            f'The passage "{REQUIRED}" is gone: that the paper reports what was recorded, and is no legal advice. Keep '
            f'one paragraph in the style "Passage {REQUIRED}".'
        )
    return {name: passages.get(name, "") for name in PASSAGES[kind]}


def _try(kind: PaperKind, template: bytes, passages: Mapping[str, str]) -> None:
    """Fill it in twice, with nothing and with something of everything, and open what comes out."""
    for paper in (blank_paper(kind, passages), filled_paper(kind, passages)):
        try:
            said = " ".join(text for _, text in _paragraphs(write_docx(paper, template)))
        except Exception as error:  # whatever a damaged document makes the libraries raise
            raise TemplateRefused(f"It cannot be filled in: {str(error)[:200]}.") from error
        if "{{" in said or "{%" in said:
            raise TemplateRefused("Some of its fields are left as they are when it is filled in: check their braces.")


def _paragraphs(document: bytes) -> Iterator[tuple[str, str]]:
    """(style, text) of all paragraphs that have a text, also in tables, headers and footers."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    opened = Document(BytesIO(document))
    styles = {style.style_id: str(style.name) for style in opened.styles}
    parts = [opened.element.body]
    parts += [part._element for each in opened.sections for part in (each.header, each.footer)]
    for part in parts:
        for paragraph in part.iter(qn("w:p")):
            if said := Paragraph(paragraph, opened).text.strip():
                yield styles.get(paragraph.style, ""), said
