"""The papers: what they say, that it is there once, as of which day, the same bytes again, and for whose eyes."""

import re
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from commands.papers.content import Column, PaperContent, Section, Signature
from commands.papers.typesetting import write_pdf
from commands.papers.wording import PASSAGES
from commands.reply import File, Reply
from commands.rules.text.wording import absolutes
from storage.records import PaperKind, Party
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk
from tests.conftest import NOW

FULL = (
    '/engagement topic set calder SOW-A present topic:limitation_of_liability clause:"SOW-A 9.2" initialled:2026-01-01',
    '/engagement disclosure record calder hipaa applies by:"Lee Marsh, COO"',
    '/engagement insurance require calder "Multi-factor sign-in" insurer:"Acme Mutual" implemented-by:msp',
    '/engagement access grant calder "Practice server" admin limit:"maintenance only" basis:"SOW-A 3.1"',
    '/engagement framework adopt calder nist-csf 2.0 clause:"SOW-A 1.4"',
)


def flat(text: str) -> str:
    """Without what a line's end does to a text."""
    return re.sub(r"[\s\u200b]+", " ", text)


def text_of(file: File) -> str:
    return flat(" ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages))


def words_of(file: File) -> str:
    document = Document(BytesIO(file.content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return flat(" ".join((*(paragraph.text for paragraph in document.paragraphs), *cells)))


def one_file(reply: Reply) -> File:
    [file] = reply.files
    return file


def test_a_statement_says_every_row_and_clause_once(calder: Desk) -> None:
    for line in FULL:
        calder.type(line)
    reply = calder.type("/engagement paper statement calder SOW-A", user=TECHNICIAN)
    text = text_of(one_file(reply))
    for said in (
        "Server OS patching", "SOW-A 2.3", "Server backup", "SOW-A 7.1", "Workstation backup", "SOW-A 9.1",
        "Firewall rules and configuration", "Printer and copier hardware repair", "End-user application training",
        "SOW-A 9.2", "Multi-factor sign-in", "Acme Mutual", "maintenance only", "SOW-A 3.1", "SOW-A 1.4",
    ):  # fmt: skip
        assert text.count(said) == 1, said
    assert "our part is not recorded" in text
    assert "not recorded who" in text
    assert "draft" not in text.lower()
    assert "Page 1 of" in text
    assert reply.data["paper"]["number"] in text
    assert reply.data["paper"]["content_hash"] in text


def test_both_forms_say_the_same(calder: Desk) -> None:
    for line in FULL:
        calder.type(line)
    pdf = calder.type("/engagement paper statement calder")
    docx = calder.type("/engagement paper statement calder format:docx")
    assert pdf.data["paper"]["number"] == docx.data["paper"]["number"]
    words = words_of(one_file(docx))
    for said in ("Server OS patching", "SOW-A 9.2", "recorded: 1 January 2026", "Acme Mutual", "not legal advice"):
        assert said in words
        assert said in text_of(one_file(pdf))
    assert "{{" not in words
    assert "{%" not in words


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_content_gives_the_same_bytes(calder: Desk, form: str) -> None:
    first = one_file(calder.type(f"/engagement paper statement calder format:{form}"))
    calder.now = NOW.replace(hour=20)
    again = one_file(calder.type(f"/engagement paper statement calder format:{form}", user=MANAGER))
    assert first.content == again.content
    assert first.name == again.name
    calder.type('/engagement matrix set calder SOW-A "Server backup" msp notes:"Nightly" correction:yes as-signed:yes')
    changed = one_file(calder.type(f"/engagement paper statement calder format:{form}"))
    assert changed.content != first.content
    assert changed.name != first.name


def test_it_is_a_draft_until_both_signatures_are_recorded(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-04-01")
    calder.type('/engagement matrix set calder SOW-B "Log review" msp clause:"SOW-B 2"')
    reply = calder.type("/engagement paper statement calder SOW-B")
    assert "draft, not signed" in reply.headline
    text = text_of(one_file(reply))
    assert "DRAFT, NOT SIGNED" in text
    assert text.count("Log review") == 1
    docx = one_file(calder.type("/engagement paper statement calder SOW-B format:docx"))
    assert "draft, not signed" in words_of(docx)
    calder.type("/engagement agreement sign calder SOW-B side:client on:2026-03-01")
    assert calder.type("/engagement paper statement calder SOW-B").data["draft"]
    calder.type("/engagement agreement sign calder SOW-B side:msp on:2026-03-01")
    signed = calder.type("/engagement paper statement calder SOW-B")
    assert not signed.data["draft"]
    assert "DRAFT" not in text_of(one_file(signed))
    before = calder.type("/engagement paper statement calder SOW-B as-of:2026-02-20")
    assert before.data["draft"], "on that day it was not signed yet"


def test_as_of_a_day_it_says_what_applied_then(calder: Desk) -> None:
    calder.type('/engagement matrix retire calder SOW-A "Server backup" on:2026-02-10')
    calder.type(
        '/engagement matrix set calder SOW-A "Server backup" client since:2026-02-11 as-signed:yes clause:"SOW-A 7.4"'
    )
    then = text_of(one_file(calder.type("/engagement paper statement calder as-of:2026-02-01")))
    now = text_of(one_file(calder.type("/engagement paper statement calder")))
    assert "SOW-A 7.1" in then
    assert "SOW-A 7.4" not in then.split("Proposed, not yet in force, replaced, or not clear")[0]
    assert "SOW-A 7.4" in now
    assert "SOW-A 7.1" not in now


def test_a_proposed_row_stands_apart(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Cloud backup" msp proposed:yes clause:"SOW-A 7.9"')
    text = text_of(one_file(calder.type("/engagement paper statement calder")))
    assert "proposed, not agreed" in text.split("Proposed, not yet in force, replaced, or not clear")[1]
    assert "Cloud backup" not in text.split("Proposed, not yet in force, replaced, or not clear")[0]


def test_rows_of_paper_that_is_not_signed_stand_apart_from_what_is(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-02-01")
    calder.type('/engagement matrix set calder ADD-1 "Workstation backup" both clause:"ADD-1 2" msp-part:"The copies"')
    calder.type("/engagement agreement add calder SOW-C kind:sow effective:2026-06-01 signed:2026-02-01")
    calder.type('/engagement matrix set calder SOW-C "Log review" msp clause:"3.1"')
    agreed, _, apart = text_of(one_file(calder.type("/engagement paper statement calder"))).partition(
        "Proposed, not yet in force, replaced, or not clear"
    )
    assert agreed.count("Workstation backup") == 1, "out of scope, as signed"
    assert "Log review" not in agreed
    for said in ("ADD-1 is not signed by both sides", "We: The copies", "You: not recorded",
                 "applies from 1 June 2026", "SOW-C 3.1"):  # fmt: skip
        assert apart.count(said) == 1, said
    for alone in ("ADD-1", "SOW-C"):
        assert "or replaced" not in text_of(one_file(calder.type(f"/engagement paper statement calder {alone}")))


def test_a_clause_that_names_its_paper_is_not_named_twice(calder: Desk) -> None:
    calder.type("/engagement agreement add calder MSA-1 kind:msa effective:2026-01-01 signed:2026-01-01")
    calder.type('/engagement matrix set calder MSA-1 "Log review" msp clause:"4.2"')
    text = text_of(one_file(calder.type("/engagement paper statement calder")))
    assert "MSA-1 4.2" in text
    assert "SOW-A 2.3" in text
    assert "SOW-A: SOW-A" not in text


def test_what_is_proposed_is_not_explained_as_agreed(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Server backup" client proposed:yes')
    assert "Server backup" not in text_of(one_file(calder.type("/engagement paper walkthrough calder SOW-A")))


def test_what_is_missing_gets_words(desk: Desk) -> None:
    desk.type("/engagement client add Bare")
    assert "no agreement on record" in desk.refused("/engagement paper statement bare").message
    desk.type("/engagement agreement add bare MSA kind:msa")
    text = text_of(one_file(desk.type("/engagement paper statement bare")))
    assert text.count("No row is recorded.") == 5
    assert "no clause recorded" in text
    assert "name is not recorded" in text


def test_making_is_audited_with_the_hash_and_listed(calder: Desk) -> None:
    reply = calder.type("/engagement paper statement calder", user=TECHNICIAN)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        [(entry, details)] = list(uow.audit.newest(1))
    assert entry.action == "paper statement"
    assert reply.data["paper"]["file_hash"] in str(details)
    listed = calder.type("/engagement paper list calder", user=VIEWER)
    assert listed.table is not None
    assert listed.table.rows[0][0] == reply.data["paper"]["number"]


def test_a_viewer_makes_none_and_a_restricted_client_stays_hidden(calder: Desk) -> None:
    assert "technician" in calder.refused("/engagement paper statement calder", user=VIEWER).message
    calder.type(f"/engagement client restrict calder to:{MANAGER}", user=ADMIN)
    refusal = calder.refused("/engagement paper statement calder", user=TECHNICIAN).message
    assert "Calder Ridge" not in refusal
    assert calder.type("/engagement paper statement calder", user=MANAGER).files


def test_a_pdf_is_tagged_bookmarked_and_has_its_fonts_in_it(calder: Desk) -> None:
    reader = PdfReader(BytesIO(one_file(calder.type("/engagement paper statement calder")).content))
    catalogue: Any = reader.root_object
    assert bool(catalogue["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in catalogue
    outline: Any = reader.outline
    assert outline[0]["/Title"] == "Responsibility statement"
    packet = catalogue["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    for page in reader.pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES)
def test_any_name_and_text_can_be_set(name: str, said: str) -> None:
    section = Section("rows", "Rows", (said,), (Column("a", "A"), Column("b", "B")), ((said, name),))
    paper = PaperContent(
        PaperKind.STATEMENT,
        "Statement",
        name,
        said,
        "SOW",
        NOW.date(),
        "",
        (section,),
        (Signature(name, (("Name", ""),)),),
    )
    assert write_pdf(paper).content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "name",
    ["Общество «Ромашка»", "Εταιρεία Αθηνών", "شركة النور للتجارة", "北京科技有限公司", "株式会社みどり", "Łódź & Søn"],
)
def test_names_of_many_scripts_are_drawn(name: str) -> None:
    paper = PaperContent(PaperKind.STATEMENT, "Statement", name, "Us", "SOW", NOW.date(), "", ())
    assert write_pdf(paper).unreadable == ""


def drawn(cell: str) -> list[tuple[str, float]]:
    """The pieces of a page whose table of four columns begins with `cell`, and how far from the left each is drawn."""
    columns = tuple(Column(name, name.upper()) for name in "abcd")
    section = Section("rows", "Rows", (), columns, ((cell, "", "", ""),))
    paper = PaperContent(PaperKind.STATEMENT, "Statement", "Calder", "Us", "SOW", NOW.date(), "", (section,))
    pieces: list[tuple[str, float]] = []
    page = PdfReader(BytesIO(write_pdf(paper).content)).pages[0]
    page.extract_text(visitor_text=lambda text, matrix, *_: pieces.append((text, matrix[4])))
    return pieces


def test_a_word_that_no_column_is_wide_enough_for_breaks() -> None:
    word = "Verkehrswegeplanungsbeschleunigungsgesetz"
    said = [text for text, _ in drawn(word)]
    assert not [text for text in said if word in text]
    assert word in re.sub(r"[\s\u200b]", "", "".join(said))


def test_a_line_that_begins_from_right_to_left_runs_so_as_a_whole() -> None:
    left = {text.strip(): where for text, where in drawn("\u05d0\u05d1\u05d2, 24 x")}
    assert left["x"] < left["\u05d0\u05d1\u05d2"]


@pytest.mark.slow
def test_every_word_of_a_paper_is_in_both_forms(calder: Desk) -> None:
    for line in FULL:
        calder.type(line)
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    calder.type('/engagement recommendation decline calder "Offline backup copy"')
    calder.type('/engagement matrix set calder SOW-A "Log review" msp proposed:yes')
    for typed in ("statement calder SOW-A", "walkthrough calder SOW-A", "disclosure calder", "notice calder SOW-A",
                  "addendum calder SOW-A", 'declination calder "Offline backup copy"'):  # fmt: skip
        made = calder.type(f"/engagement paper {typed} format:docx")
        with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
            content = uow.papers.content_of(uow.papers.by_number(made.data["paper"]["number"]))
        assert content is not None
        words, text = words_of(one_file(made)), text_of(one_file(calder.type(f"/engagement paper {typed}")))
        assert content is not None
        said = [content["draft_words"]] if content["draft"] else []
        for section in content["sections"]:
            said += section["texts"] if section["rows"] or not section["columns"] else []
            said += [line for row in section["rows"] for cell in row for line in cell.split("\n")]
        for each in said:
            assert flat(each).strip() in words, (typed, each)
            assert re.sub(r"[\s_]+", "", each) in re.sub(r"[\s_\u200b]+", "", text), (typed, each)


@pytest.mark.slow
def test_who_signs_has_words_on_the_same_page(calder: Desk) -> None:
    for count in range(14):
        calder.type(f'/engagement matrix set calder SOW-A "Item {count}" msp clause:"SOW-A {count}"')
        [file] = calder.type("/engagement paper statement calder SOW-A").files
        *_, last = PdfReader(BytesIO(file.content)).pages
        assert "not legal advice" in flat(last.extract_text()), count
        assert "SHA-256 of its content" in last.extract_text()


def test_a_row_stays_on_one_page_unless_it_is_longer_than_one() -> None:
    def pages(said: str, count: int) -> list[str]:
        rows = tuple((str(at), said) for at in range(count))
        section = Section("ours", "What we do", (), (Column("no", "No."), Column("item", "What")), rows)
        paper = PaperContent(PaperKind.STATEMENT, "Statement", "Calder", "Us", "SOW", NOW.date(), "", (section,))
        return [flat(each.extract_text()) for each in PdfReader(BytesIO(write_pdf(paper).content)).pages]

    for page in pages("begins " + "words " * 60 + "ends", 30):
        assert page.count("begins") == page.count("ends")
    long = pages("begins " + "words " * 3000 + "ends", 3)
    assert len(long) > 3
    assert sum(page.count("words") for page in long) == 3 * 3000, "nothing is cut off"


def test_the_sheet_for_the_walkthrough_has_every_topic_and_what_is_not_ours(calder: Desk) -> None:
    reply = calder.type("/engagement paper walkthrough calder SOW-A", user=TECHNICIAN)
    text = text_of(one_file(reply))
    for said in ("Your obligations", "Limitation of liability", "Workstation backup", "Lee Marsh, COO", "by hand"):
        assert (said in text) is (said != "by hand"), said
    assert '/engagement walkthrough record "Calder Ridge" SOW-A' in text
    assert "Server OS patching" not in text, "what is ours is not what people take wrongly for ours"


def test_the_questionnaire_asks_by_industry_and_repeats_what_was_said(calder: Desk) -> None:
    bare = calder.type("/engagement paper disclosure calder")
    assert "industry is not recorded" in bare.cautions[-1]
    calder.type("/engagement client edit calder industry:healthcare")
    calder.type('/engagement disclosure record calder hipaa applies by:"Lee Marsh, COO"')
    text = text_of(one_file(calder.type("/engagement paper disclosure calder")))
    assert "applies, 2 March 2026" in text
    assert "not asked yet" in text
    assert "attesting officer" in text
    attested = text.split("Attestation")[1]
    assert "is for Calder Ridge to judge" in attested
    assert not re.search(r"\b(we|us)\b", attested, re.I), "whoever signs speaks for the client, we are the provider"


def test_a_declination_names_the_risk_and_whose_it_is(calder: Desk) -> None:
    calder.type(
        '/engagement recommendation decline calder "Offline backup copy" by:"Lee Marsh, COO" risk-clause:"SOW-A 9.4"'
    )
    said = 'risk:"Ransomware that reaches the backup leaves nothing to restore."'
    reply = calder.type(f"/engagement paper declination calder offline {said}")
    text = text_of(one_file(reply))
    for each in ("Offline backup copy", "SOW-A 9.4", "leaves nothing to restore", "Lee Marsh, COO"):
        assert text.count(each) == 1, each
    assert "NOT SIGNED" in text
    assert "The risk is not described" in calder.type("/engagement paper declination calder offline").cautions[-1]
    assert "no declined recommendation" in calder.refused("/engagement paper declination calder firewall").message


def test_the_sheet_of_an_incident_says_whom_to_tell_who_was_told_and_what_is_not_known(calder: Desk) -> None:
    refused = calder.refused("/engagement paper incident calder")
    assert "No incident of Calder Ridge is on record" in refused.message
    assert refused.next_steps == ('/engagement incident record "Calder Ridge" ____',)
    calder.type('/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72')
    row = '"Incident notification" client clause:"SOW-A 8.1" since:2026-01-01 as-signed:yes'
    calder.type(f"/engagement matrix set calder SOW-A {row}")
    shown = calder.type('/engagement incident record calder "Mailbox taken over" discovered:2026-03-01 at:14:30 '
                        'residents:"TX 1,200" people:1300 notes:"found by the CFO"')  # fmt: skip
    clock = 'clock:"Contract with Harbor Mutual"'
    calder.type(
        f'/engagement incident told calder Mailbox {clock} to:"Lena Adjuster" by:"Pat Roe" on:2026-03-02 at:08:15'
    )
    calder.type('/engagement incident dismiss calder Mailbox clock:"Texas breach notification law: Attorney" '
                'reason:"counsel: not our data"')  # fmt: skip
    [print_it] = [each.command for each in shown.choices if each.label == "Print the sheet"]
    reply = calder.type(f"/engagement {print_it}", user=TECHNICIAN)
    text = text_of(one_file(reply))
    for said in ("1 March 2026, 14:30 (America/Chicago)", "US-TX (1,200)", "found by the CFO", "Lena Adjuster",
                 "Pat Roe", "2 March 2026, 08:15", "no proof is recorded", "counsel: not our data",
                 "4 March 2026, 14:30 CST", "admits no fault"):  # fmt: skip
        assert text.count(said) == 1, said
    assert "not documented, do not assume" in text
    assert "telling is the client's" not in text
    assert "SOW-A 8.1" in text, "what was recorded after the discovery stands beside, not counted"
    assert "last verified on 28 November 2026" in text
    assert "30 April 2026" in text
    assert not list(absolutes(text))
    again = calder.type("/engagement paper incident calder mailbox format:docx")
    assert again.data["paper"]["number"] == reply.data["paper"]["number"]
    assert reply.data["paper"]["number"].startswith("IS-20260302-")
    assert "Lena Adjuster" in words_of(one_file(again))
    calder.type("/engagement incident record calder Theft discovered:2026-03-01")
    assert "2 open incidents" in calder.refused("/engagement paper incident calder").message
    calder.type('/engagement incident close calder Mailbox reason:"all are told"')
    assert "all are told" in text_of(one_file(calder.type(f"/engagement {print_it}")))
    assert "role technician" in calder.refused("/engagement paper incident calder mailbox", user=VIEWER).message


def test_notice_is_written_once_it_is_decided_and_says_by_when(calder: Desk) -> None:
    refusal = calder.refused("/engagement paper notice calder SOW-A")
    assert "Nobody has decided" in refusal.message
    assert refusal.choices[0].opens_form
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    reply = calder.type('/engagement paper notice calder SOW-A clause:"SOW-A 12"')
    text = text_of(one_file(reply))
    assert "30 October 2026" in text
    assert "31 December 2026" in text
    assert "SOW-A 12" in text
    assert "DRAFT" not in text, "what is printed is what is sent"
    assert "not recorded as sent" not in text
    assert "It is not recorded that it was sent: sign it, send it, and record that." in reply.cautions
    assert "We do not renew it." in text
    assert "They leave" not in text, "why it was decided stays inside"
    assert reply.lines == ("It must be given by 30 October 2026.",)
    calder.type(
        '/engagement renewal decide calder SOW-A give_notice reason:"They leave" notice-on:2026-03-01 method:email '
        'to:"ops@calder.example" proof:https://proof.example/1'
    )
    sent = text_of(one_file(calder.type("/engagement paper notice calder SOW-A")))
    assert "DRAFT" not in sent
    assert "ops@calder.example" in sent


def test_a_term_that_was_made_longer_before_its_end_did_not_renew(calder: Desk) -> None:
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    calder.type("/engagement agreement edit calder SOW-A initial-term:24m")
    reply = calder.type("/engagement paper notice calder SOW-A")
    assert not any("stands as renewed" in each for each in reply.cautions)
    assert "stands as renewed" not in text_of(one_file(reply))


def test_notice_of_what_has_no_end_says_when_it_ends(calder: Desk) -> None:
    calder.type("/engagement agreement add calder MSA-7 kind:msa effective:2024-01-01 signed:2024-01-01 term:evergreen")
    decide = '/engagement renewal decide calder MSA-7 give_notice reason:"They leave"'
    calder.type(decide)
    unknown = text_of(one_file(calder.type("/engagement paper notice calder MSA-7")))
    assert "it cannot be told from what is recorded" in unknown
    calder.type("/engagement agreement edit calder MSA-7 notice:30d")
    reply = calder.type("/engagement paper notice calder MSA-7")
    said = text_of(one_file(reply))
    assert reply.headline.startswith("Notice of termination")
    assert reply.cautions[0].startswith("It is not recorded that it was sent")
    assert "since 1 January 2024, without an end" in said
    assert "1 April 2026, if this is given on 2 March 2026" in said
    assert "not by this notice" not in said
    calder.type(f"{decide} notice-on:2026-03-02 method:email to:x@calder.com")
    sent = calder.type("/engagement paper notice calder MSA-7")
    assert sent.headline.startswith("Notice of termination")
    assert "1 April 2026" in text_of(one_file(sent))
    assert "We end it." in text_of(one_file(sent))


def test_a_notice_that_is_too_late_says_so(calder: Desk) -> None:
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    calder.now = NOW.replace(month=11, day=20)
    reply = calder.type("/engagement paper notice calder SOW-A")
    assert "has passed" in reply.cautions[0]
    assert "stands as renewed" in reply.cautions[0]
    assert "This day has passed" in text_of(one_file(reply))
    assert "too late for the term named here" in text_of(one_file(reply))
    calder.now = NOW.replace(year=2027, month=1, day=10)
    rolled = calder.type("/engagement paper notice calder SOW-A")
    assert "term that ended on 31 December 2026" in rolled.cautions[0]
    said = text_of(one_file(rolled))
    assert "It ends on 31 December 2027" in said, "not on a day that has passed"
    assert "ended on 31 December 2026, and no notice is recorded" in said


def rows_in_force(desk: Desk, item: str) -> set[Party]:
    rows = desk.type("/engagement matrix show calder").data["rows"]
    return {Party(each["party"]) for each in rows if each["item"] == item and each["status"] == "in force"}


def test_an_addendum_changes_nothing_until_what_carries_it_is_signed(calder: Desk) -> None:
    assert "Nothing is proposed" in calder.refused("/engagement paper addendum calder SOW-A").message
    calder.type('/engagement matrix set calder SOW-A "Workstation backup" msp proposed:yes clause:"ADD-1 2"')
    reply = calder.type("/engagement paper addendum calder SOW-A")
    text = text_of(one_file(reply))
    assert "Out of scope" in text
    assert "ADD-1 2" in text
    assert "draft, not signed" in reply.headline
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-01")
    calder.type('/engagement matrix set calder SOW-A "Workstation backup" carried-by:ADD-1')
    assert rows_in_force(calder, "Workstation backup") == {Party.OUT_OF_SCOPE}
    carried = calder.type("/engagement paper addendum calder SOW-A")
    assert carried.headline.startswith("Addendum ADD-1 for")
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    assert rows_in_force(calder, "Workstation backup") == {Party.MSP}
    assert calder.type("/scope calder who does the workstation backup?").data["verdict"] == "msp"
    calder.type('/engagement matrix set calder SOW-A "Workstation backup" client proposed:yes clause:"ADD-2 2"')
    assert Party.CLIENT not in rows_in_force(calder, "Workstation backup"), "what is proposed anew is not agreed"
    assert calder.type("/scope calder who does the workstation backup?").data["verdict"] == "msp"
    second = text_of(one_file(calder.type("/engagement paper addendum calder SOW-A")))
    assert re.search(r"Workstation backup Ours .*Yours .*ADD-2 2", second), second
    calder.type('/engagement matrix set calder SOW-A "Workstation backup" both proposed:yes')
    assert rows_in_force(calder, "Workstation backup") == {Party.MSP}
    statement = text_of(one_file(calder.type("/engagement paper statement calder")))
    agreed, _, apart = statement.partition("Proposed, not yet in force, replaced, or not clear")
    assert agreed.count("Workstation backup") == 1
    assert "replaced by ADD-1" in " ".join(apart.split())


@pytest.mark.parametrize("kind", [kind.value for kind in PASSAGES])
def test_no_paper_of_ours_promises_too_much(kind: str) -> None:
    assert PASSAGES[PaperKind(kind)]["nature"]
    for said in PASSAGES[PaperKind(kind)].values():
        assert absolutes(said) == ()


def test_each_kind_can_be_edited_in_word(calder: Desk) -> None:
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    calder.type('/engagement recommendation decline calder "Offline backup copy"')
    calder.type('/engagement matrix set calder SOW-A "Log review" msp proposed:yes')
    for typed in ("walkthrough calder SOW-A", "disclosure calder", "notice calder SOW-A", "addendum calder SOW-A",
                  'declination calder "Offline backup copy"'):  # fmt: skip
        words = words_of(one_file(calder.type(f"/engagement paper {typed} format:docx")))
        assert "Calder Ridge" in words
        assert "{" not in words


TORN = (
    "/engagement client add Torn alias:torn zone:America/Chicago",
    "/engagement agreement add torn MSA-1 kind:msa effective:2025-01-01 signed:2025-01-01 initial-term:36m",
    "/engagement agreement add torn SOW-1 kind:sow parent:MSA-1 effective:2025-01-01 signed:2025-01-01 "
    "initial-term:36m",
    "/engagement agreement add torn SOW-2 kind:sow parent:MSA-1 effective:2025-06-01 signed:2025-06-01 "
    "initial-term:36m",
    '/engagement matrix set torn SOW-1 "Server backup" msp clause:2.1',
    '/engagement matrix set torn SOW-2 "Server backup" client clause:3.1',
)


@pytest.fixture
def torn(desk: Desk) -> Desk:
    """A client whose papers contradict each other."""
    desk.prepare(*TORN)
    return desk


def paper_of(desk: Desk, line: str) -> str:
    return text_of(one_file(desk.type(f"/engagement paper {line}")))


def test_an_addendum_says_what_the_agreement_says_though_another_paper_contradicts_it(torn: Desk) -> None:
    torn.type('/engagement matrix set torn SOW-1 "Server backup" shared proposed:yes')
    text = paper_of(torn, "addendum torn SOW-1")
    assert "not in it" not in text
    assert "Server backup Ours (the papers disagree and none takes precedence" in text


def test_a_walkthrough_speaks_of_what_the_papers_disagree_about(torn: Desk) -> None:
    assert "Server backup the papers disagree" in paper_of(torn, "walkthrough torn SOW-2")


def test_a_topic_is_where_the_paper_above_has_it(torn: Desk) -> None:
    """The SOW says nothing about it, and need not: the MSA that it belongs to does."""
    torn.type("/engagement topic set torn SOW-1 missing topic:limitation_of_liability")
    assert "SOW-1 says nothing about it" in paper_of(torn, "statement torn SOW-1")
    torn.type('/engagement topic set torn MSA-1 present topic:limitation_of_liability clause:"MSA-1 9"')
    text = paper_of(torn, "statement torn SOW-1")
    assert "says nothing about it" not in text
    assert "Limitation of liability MSA-1 9 present" in text


def test_a_duty_that_was_due_is_not_called_the_next(torn: Desk) -> None:
    torn.type('/engagement obligation add torn "Name an approver" due:2026-01-10 since:2025-06-01')
    torn.type('/engagement obligation add torn "Send a list" due:2026-05-10 since:2025-06-01')
    text = paper_of(torn, "statement torn")
    assert "it was due on 10 January 2026, and is not recorded as done" in text
    assert "next by 10 May 2026" in text
    assert "next by 10 January" not in text


def test_a_statement_names_what_the_client_declined(torn: Desk) -> None:
    assert "you declined" not in paper_of(torn, "statement torn")
    torn.type('/engagement recommendation decline torn "Offline copy" by:"Pat Roe, COO" on:2026-01-10 risk-clause:9.4')
    assert "Offline copy 10 January 2026 Pat Roe, COO 9.4" in paper_of(torn, "statement torn")
    assert "Offline copy" not in paper_of(torn, "statement torn as-of:2026-01-09")
    torn.type('/engagement recommendation accept torn "Offline copy" on:2026-02-01')
    assert "Offline copy" not in paper_of(torn, "statement torn")


def test_a_declination_makes_no_day_of_the_recommendation_up(torn: Desk) -> None:
    torn.type('/engagement recommendation decline torn "Offline copy" by:"Pat Roe, COO" on:2026-01-10')
    torn.type('/engagement recommendation decline torn "Spare line" by:"Pat Roe, COO" on:2026-01-10 offered:2026-01-02')
    assert "10 January 2026 at the latest: no earlier day is recorded" in paper_of(
        torn, 'declination torn "Offline copy"'
    )
    assert "Recommended on 2 January 2026 Declined on" in paper_of(torn, 'declination torn "Spare line"')


def test_a_notice_says_which_papers_stand_under_the_one_that_it_ends(torn: Desk) -> None:
    torn.type("/engagement agreement edit torn MSA-1 renewal:auto renewal-term:12m notice:60d")
    torn.type('/engagement renewal decide torn MSA-1 give_notice reason:"They leave"')
    text = paper_of(torn, "notice torn MSA-1")
    assert "SOW-1, SOW-2: whether they end with it is for their wording to say" in text


def test_a_questionnaire_says_what_is_not_law_yet(desk: Desk) -> None:
    desk.type("/engagement client add Grid alias:grid country:GB industry:energy zone:Europe/London")
    text = paper_of(desk, "disclosure grid")
    assert "UK Cyber Security and Resilience Bill It is not in force: a bill before Parliament" in text


def test_a_paper_without_the_name_of_the_provider_is_told_of(torn: Desk) -> None:
    said = torn.type("/engagement paper statement torn").cautions
    assert any("ENGAGEMENT_COMPANY" in each for each in said)


def test_what_is_proposed_is_not_said_by_the_paper_where_papers_disagree(torn: Desk) -> None:
    torn.type('/engagement matrix set torn SOW-1 "Server backup" shared proposed:yes')
    said = torn.type("/scope torn who does the server backup?").cautions
    assert any("A change to shared is proposed for SOW-1, not agreed" in each for each in said)
    [conflict] = [each for each in said if "The documents disagree" in each]
    assert "says it is shared" not in conflict
    assert "SOW-1 says it is the MSP's; SOW-2 says it is the client's" in conflict
