"""The wording of papers: taken out, edited, checked and put back in, in versions, and what the papers then say."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from commands.errors import NeedsYes
from commands.papers.blank import KINDS
from commands.papers.template_check import TemplateRefused, check_template, fields_known
from commands.papers.wording import PASSAGES
from storage.records import PaperKind
from tests.commands.conftest import MANAGER, Desk
from tests.commands.test_papers import one_file, text_of, words_of

pytestmark = pytest.mark.slow
Edit = Callable[[Any], None]


def shipped(desk: Desk, kind: str = "statement") -> bytes:
    return one_file(desk.type(f"/engagement template get {kind} version:0")).content


def edited(template: bytes, edit: Edit) -> bytes:
    document = Document(BytesIO(template))
    edit(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def says(old: str, new: str) -> Edit:
    """Writes `new` for `old` in the paragraphs of the text."""

    def edit(document: Any) -> None:
        found = [each for each in document.paragraphs if old in each.text]
        assert found, old
        for each in found:
            each.text = each.text.replace(old, new)

    return edit


def added(said: str, style: str | None = None) -> Edit:
    return lambda document: document.add_paragraph(said, style=style)


def take(desk: Desk, content: bytes, kind: str = "statement", **options: Any) -> Any:
    return desk.type(f"/engagement template set {kind}", upload=("ours.docx", content), **options)


def refused(desk: Desk, content: bytes, kind: str = "statement") -> str:
    return desk.refused(f"/engagement template set {kind}", upload=("ours.docx", content)).message


OURS = "You do these. We at Harbor IT do them only against an order."


def with_ours(desk: Desk) -> bytes:
    return edited(shipped(desk), says("You do these. We do not do them for you unless we agree so in writing.", OURS))


def test_edited_words_are_in_both_forms_with_the_version_that_made_them(calder: Desk) -> None:
    before = calder.type("/engagement paper statement calder")
    assert "as it came with the bot" in text_of(one_file(before))
    kept = take(calder, with_ours(calder))
    assert kept.data["template"]["version"] == 1
    assert kept.cautions == ()
    pdf = calder.type("/engagement paper statement calder")
    word = calder.type("/engagement paper statement calder format:docx")
    for said in (text_of(one_file(pdf)), words_of(one_file(word))):
        assert OURS in said
        assert f"template version 1, SHA-256 {kept.data['template']['file_hash'][:16]}" in said
    assert pdf.data["paper"]["template"] == word.data["paper"]["template"] == 1
    assert pdf.data["paper"]["number"] == word.data["paper"]["number"] != before.data["paper"]["number"]
    again = calder.type("/engagement paper statement calder format:docx")
    assert one_file(again).content == one_file(word).content


def test_a_paper_is_checked_in_the_wording_that_it_was_made_in(calder: Desk) -> None:
    take(calder, with_ours(calder))
    file = one_file(calder.type("/engagement paper statement calder"))
    calder.type("/engagement template reset statement")
    checked = calder.type("/engagement paper verify", upload=(file.name, file.content))
    assert "The records still say the same." in checked.lines


def test_every_version_is_kept_and_named_with_who_changed_it(calder: Desk) -> None:
    first = with_ours(calder)
    take(calder, first)
    calder.type("/engagement template reset statement")
    assert "as it came with the bot" in text_of(one_file(calder.type("/engagement paper statement calder")))
    assert one_file(calder.type("/engagement template get statement version:1")).content == first
    table = calder.type("/engagement template list").table
    assert table is not None
    assert [row[1:3] for row in table.rows if row[0] == "statement"] == [
        ("2", "as it came with the bot"), ("1", "ours.docx"),
    ]  # fmt: skip
    assert "already" in calder.refused("/engagement template reset statement").message
    assert "There is 0, 1" in calder.refused("/engagement template get statement version:2").message
    assert [action for action, _ in calder.actions()].count("template set") == 1
    assert "template reset" in [action for action, _ in calder.actions()]


def test_the_same_file_twice_is_one_version(calder: Desk) -> None:
    template = with_ours(calder)
    take(calder, template)
    assert "counts already" in refused(calder, template)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (added("Dear {{ cleint }}"), "{{ cleint }} is no field of this paper. The nearest is {{ client }}"),
        (added("{{ our.rows }}"), "{{ our }} is no field of this paper. The nearest is {{ ours }}"),
        (added("{{ ours.row }}"), "{{ ours.row }} is no field of this paper. The nearest is {{ ours.rows }}"),
        (added("{% for row in ours.rows %}{{ row.clauze }}{% endfor %}"), "The nearest is {{ row.clause }}"),
        (added("{{ title.text }}"), "nothing behind the dot"),
        (added("{{ client"), "cannot be read"),
        (added("{% if client %}"), "cannot be read"),
        (added("{% set x = 1 %}"), "assign"),
        (added("{{ ''.__class__ }}"), "A field is a name"),
        (added("{{ client.__class__ }}"), "no field"),
        (added("{{ range(9999) }}"), "call"),
        (added("{% for a in range(99999999) %}x{% endfor %}"), "A field is a name"),
        (added("{{ client | upperr }}"), '"upperr" after | is not known'),
        (added("{{ ours.rows }}"), "ours.rows has rows"),
        (added("{{r client }}"), "without r or p"),
        (added("{% include 'x' %}"), "include"),
        (says("{{ wording }}", ""), "{{ wording }}"),
        (says("It is not legal advice", "{{ number }}"), "{{ number }} is no field"),
    ],
)
def test_what_a_template_may_not_say_is_named_and_nothing_is_kept(calder: Desk, edit: Edit, said: str) -> None:
    assert said in refused(calder, edited(shipped(calder), edit))
    assert calder.type("/engagement template list").data["templates"] == []


def test_the_words_that_say_what_a_paper_is_cannot_go(calder: Desk) -> None:
    def without(document: Any) -> None:
        for each in list(document.paragraphs):
            if each.style.name == "Passage nature":
                each._p.getparent().remove(each._p)

    assert "no legal advice" in refused(calder, edited(shipped(calder), without))


def test_a_style_of_no_part_is_named_with_the_nearest(calder: Desk) -> None:
    def edit(document: Any) -> None:
        document.styles.add_style("Passage our", 1)
        document.add_paragraph("Ours", style="Passage our")

    assert 'The nearest is "Passage ours"' in refused(calder, edited(shipped(calder), edit))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no DOCX"), (b"%PDF-1.7", "no DOCX"), (b"PK\x03\x04", "no DOCX"), (b"0" * 5_000_001, "at most 5 MB")],
)
def test_what_is_no_word_file_is_refused(calder: Desk, content: bytes, said: str) -> None:
    assert said in refused(calder, content)


def test_macros_are_refused(calder: Desk) -> None:
    written = BytesIO(shipped(calder))
    with zipfile.ZipFile(written, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    assert "macros" in refused(calder, written.getvalue())


def test_words_that_promise_too_much_have_to_be_confirmed(calder: Desk) -> None:
    template = edited(shipped(calder), says("The clause says how far.", "We guarantee that nothing is lost."))
    refusal = calder.refused("/engagement template set statement", upload=("o.docx", template), is_confirmed=False)
    assert isinstance(refusal, NeedsYes)
    assert '"guarantee that"' in refusal.message
    assert calder.type("/engagement template list").data["templates"] == []
    assert refusal.next_steps == ("/engagement template set statement accept:yes",)
    typed = refusal.next_steps[0]
    taken = calder.type(typed, upload=("o.docx", template), is_confirmed=False)
    assert "guarantee that" in taken.cautions[0]
    made = calder.type("/engagement paper statement calder")
    assert any('"guarantee that"' in each for each in made.cautions)


def test_what_the_pdf_does_not_have_is_said(calder: Desk) -> None:
    kept = take(calder, edited(shipped(calder), added("Harbor IT, Pier 4")))
    assert 'not in the PDF, as their style is no passage: "Harbor IT, Pier 4"' in kept.cautions[-1]
    assert "Pier 4" in words_of(one_file(calder.type("/engagement paper statement calder format:docx")))
    assert "Pier 4" not in text_of(one_file(calder.type("/engagement paper statement calder")))


def test_what_is_left_out_is_said(calder: Desk) -> None:
    def edit(document: Any) -> None:
        is_in = False
        for each in list(document.element.body.iterchildren()):
            said = "".join(each.itertext())
            if ".shown" in said:
                is_in = "insurance.shown" in said
            if is_in:
                each.getparent().remove(each)

    kept = take(calder, edited(shipped(calder), edit))
    assert any("Insurance and contractual requirements" in each for each in kept.cautions)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_the_shipped_template_of_every_paper_is_taken_as_it_is(calder: Desk, kind: PaperKind) -> None:
    template = shipped(calder, kind.value)
    checked = check_template(kind, template)
    assert checked.passages == PASSAGES[kind]
    assert (checked.left_out, checked.only_in_word, checked.promising) == ((), (), ())
    assert {"title", "number", "signatures", "nature"} <= set(fields_known(kind))
    assert take(calder, template, kind.value).data["template"]["version"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_lawyer_should_change_first_is_said_and_is_there(calder: Desk, kind: PaperKind) -> None:
    reply = calder.type(f"/engagement template get {kind.value}")
    [said] = [line for line in reply.lines if line.startswith("Look first at")]
    named = said.removeprefix("Look first at the passages ").partition(":")[0].split(", ")
    assert "nature" in named
    styles = {each.style.name for each in Document(BytesIO(one_file(reply).content)).paragraphs if each.style}
    assert {f"Passage {name}" for name in named} <= styles


def test_templates_are_an_admins(calder: Desk) -> None:
    for typed in ("list", "get statement", "set statement", "reset statement"):
        assert "admin" in calder.refused(f"/engagement template {typed}", user=MANAGER).message


def test_a_template_of_another_release_says_so(calder: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    template = edited(shipped(calder), added("{{ gone }}"))
    monkeypatch.setattr("commands.papers.templates.check_template", lambda kind, content: check_template(
        kind, shipped(calder)))  # fmt: skip
    take(calder, template)
    refusal = calder.refused("/engagement paper statement calder format:docx")
    assert "cannot be filled in any more" in refusal.message
    assert "/engagement template reset statement" in refusal.next_steps


def test_both_databases_keep_templates(desk_on_each: Desk) -> None:
    template = with_ours(desk_on_each)
    take(desk_on_each, template)
    assert one_file(desk_on_each.type("/engagement template get statement")).content == template
    with pytest.raises(TemplateRefused):
        check_template(PaperKind.STATEMENT, b"x")


def test_a_template_that_is_damaged_in_its_parts_is_refused_in_words(calder: Desk) -> None:
    broken = BytesIO()
    with zipfile.ZipFile(BytesIO(shipped(calder))) as read, zipfile.ZipFile(broken, "w") as package:
        for name in read.namelist():
            package.writestr(name, b"<w:broken" if name == "word/document.xml" else read.read(name))
    assert "cannot be opened" in refused(calder, broken.getvalue())


def test_a_template_with_a_byte_wrong_is_refused_in_words_or_good(calder: Desk) -> None:
    template = shipped(calder)
    said = []
    for at in range(0, len(template), len(template) // 60):
        content = template[:at] + bytes([template[at] ^ 0xFF]) + template[at + 1 :]
        try:
            check_template(PaperKind.STATEMENT, content)
        except TemplateRefused as error:
            said.append(str(error))
    assert sum("It is damaged. Open it in a word processor" in each for each in said) > 40


def test_the_pdf_stays_tagged_with_an_own_wording(calder: Desk) -> None:
    take(calder, with_ours(calder))
    reader = PdfReader(BytesIO(one_file(calder.type("/engagement paper statement calder")).content))
    catalogue: Any = reader.root_object
    assert "/StructTreeRoot" in catalogue
