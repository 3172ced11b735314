"""Signed copies come in with what they prove, and are found again under it."""

import json

import pytest
from sqlalchemy import text

from storage.records import CopyOf, Party
from tests.commands.conftest import TECHNICIAN, VIEWER, Desk
from tests.commands.test_papers import one_file, rows_in_force, text_of
from tests.commands.test_proof import PDF, members
from tests.conftest import NOW

RECORDINGS = [
    ('signature record calder SOW-A client signer:"Lee Marsh" on:2026-01-01', CopyOf.AGREEMENT, "signature:client"),
    ("agreement sign calder SOW-A on:2026-01-01", CopyOf.AGREEMENT, None),
    ('walkthrough record calder SOW-A to:"Lee Marsh"', CopyOf.WALKTHROUGH, "walkthrough:2"),
    ('disclosure record calder hipaa applies by:"Lee Marsh"', CopyOf.DISCLOSURE, "regulation:hipaa"),
    ('recommendation decline calder "Offline backup copy"', CopyOf.DECLINATION, "recommendation:Offline backup copy"),
    ("renewal decide calder SOW-A give_notice reason:x notice-on:2026-03-01", CopyOf.NOTICE, "decision:1"),
]


@pytest.mark.parametrize(
    ("typed", "kind", "subject"), RECORDINGS, ids=[each[0].split(" calder")[0] for each in RECORDINGS]
)
def test_a_file_comes_with_what_it_proves(calder: Desk, typed: str, kind: CopyOf, subject: str | None) -> None:
    reply = calder.type(f"/engagement {typed}", upload=("signed.pdf", PDF))
    assert any("signed.pdf is kept as number 1" in line for line in reply.lines)
    [kept] = calder.type("/engagement copy list calder").data["attachments"]
    assert (kept["kind"], kept["subject"]) == (kind.value, subject)
    assert one_file(calder.type("/engagement copy get calder 1")).content == PDF


@pytest.mark.parametrize("typed", [each[0] for each in RECORDINGS], ids=lambda each: each.split(" calder")[0])
def test_a_file_of_another_kind_stops_the_whole_recording(calder: Desk, typed: str) -> None:
    before = calder.type("/engagement agreement show calder SOW-A").data
    assert "by what is in it" in calder.refused(f"/engagement {typed}", upload=("x.exe", b"MZ")).message
    assert calder.type("/engagement copy list calder").data["attachments"] == []
    assert calder.type("/engagement agreement show calder SOW-A").data == before


def test_a_signature_takes_its_documents_hash_from_the_file(calder: Desk) -> None:
    typed = '/engagement signature record calder SOW-A client signer:"Lee Marsh" on:2026-01-01'
    reply = calder.type(typed, upload=("signed.pdf", PDF))
    assert len(reply.data["signature"]["document_hash"]) == 64
    assert not any("which document" in each for each in reply.cautions)


def test_a_signed_declination_is_no_longer_not_signed(calder: Desk) -> None:
    calder.type('/engagement recommendation decline calder "Offline backup copy"')
    paper = '/engagement paper declination calder "Offline backup copy" risk:"All is lost."'
    assert "NOT SIGNED" in text_of(one_file(calder.type(paper)))
    calder.type('/engagement copy attach calder declination what:"Offline"', upload=("signed.pdf", PDF))
    assert "NOT SIGNED" not in text_of(one_file(calder.type(paper)))
    before = calder.type(f"{paper} as-of:2026-03-01")
    assert "NOT SIGNED" in text_of(one_file(before)), "on that day no signed copy was kept"


def test_an_answers_reasons_lead_to_the_signed_copy(calder: Desk) -> None:
    calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("signed.pdf", PDF))
    asked = calder.type("/scope Who does the server backup for Calder?", user=TECHNICIAN)
    why = calder.type(f"/engagement scope why {asked.data['question_id']}", user=TECHNICIAN)
    assert any("signed.pdf, SHA-256" in line and 'copy get "Calder Ridge" 1' in line for line in why.lines)
    shown = calder.type("/engagement agreement show calder SOW-A", user=VIEWER)
    assert any(each.label == "Copies kept" and "signed.pdf" in each.value for each in shown.fields)


def test_an_answer_brings_the_newest_signed_copy_of_its_paper(calder: Desk) -> None:
    def offered(question: str) -> list[str]:
        reply = calder.type(f"/scope calder {question}", user=VIEWER)
        return [each.command for each in reply.choices if each.label == "Signed copy"]

    calder.type("/engagement copy attach calder statement agreement:SOW-A", upload=("statement.pdf", PDF + b"0"))
    assert offered("server backup") == []
    calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("signed.pdf", PDF))
    calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("again.pdf", PDF + b"1"))
    assert offered("server backup") == ['copy get "Calder Ridge" 3']
    assert offered("who waters the plants?") == []
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-01")
    calder.type('/engagement matrix set calder SOW-A "Fax" msp proposed:yes carried-by:ADD-1 clause:"ADD-1 1"')
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-01", upload=("addendum.pdf", PDF + b"2"))
    assert offered("fax") == ['copy get "Calder Ridge" 4'], "the paper that carries the row"


def test_a_notice_that_was_sent_can_be_tracked(calder: Desk) -> None:
    typed = (
        "/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-03-01 method:courier "
        'to:"1 Main St" tracking:1Z999'
    )
    reply = calder.type(typed, upload=("receipt.pdf", PDF))
    assert ("Tracking number", "1Z999") in [(each.label, each.value) for each in reply.fields]
    assert not any("No proof of the notice" in each for each in reply.cautions)
    text = text_of(one_file(calder.type("/engagement paper notice calder SOW-A")))
    assert "1Z999" in text
    assert "belong to give_notice" in calder.refused(
        "/engagement renewal decide calder SOW-A let_lapse reason:x tracking:1Z999"
    ).message  # fmt: skip


def test_a_notice_recorded_too_late_says_that_the_agreement_stands_as_renewed(calder: Desk) -> None:
    calder.now = NOW.replace(month=11, day=20)
    reply = calder.type("/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-11-15")
    assert any("too late: SOW-A stands as renewed" in each for each in reply.cautions)
    shown = calder.type("/engagement agreement show calder SOW-A")
    assert shown.data["standing"] != "terminated"


def test_a_settled_question_stands_in_the_addendum_and_is_in_force_once_it_is_signed(calder: Desk) -> None:
    asked = calder.type("/scope Who waters the plants for Calder?", user=TECHNICIAN)
    number = asked.data["question_id"]
    calder.type(f"/engagement scope settle {number} party:client note:agreed_on_the_phone")
    reply = calder.type("/engagement paper addendum calder SOW-A")
    text = text_of(one_file(reply))
    assert "agreed_on_the_phone" in text
    assert "Yours" in text
    [propose] = [each for each in reply.choices if each.label.startswith("Propose")]
    item = propose.command.split('"')[3] if propose.command.count('"') > 3 else "Plants"
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-01")
    calder.type(f'/engagement matrix set calder SOW-A "{item}" client proposed:yes carried-by:ADD-1 clause:"ADD-1 1"')
    assert rows_in_force(calder, item) == set()
    assert "agreed_on_the_phone" not in text_of(one_file(calder.type("/engagement paper addendum calder SOW-A")))
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    assert rows_in_force(calder, item) == {Party.CLIENT}


def test_a_draft_line_can_become_a_proposed_row(calder: Desk) -> None:
    asked = calder.type("/scope Who waters the plants for Calder?", user=TECHNICIAN)
    reply = calder.type(f"/engagement scope draft {asked.data['question_id']} client agreement:SOW-A")
    [propose] = [each for each in reply.choices if each.label == "Propose the row"]
    assert "proposed:yes" in propose.command


def test_a_statement_says_what_the_client_must_do_who_signed_and_what_others_demand(calder: Desk) -> None:
    calder.type('/engagement signature record calder SOW-A client signer:"Lee Marsh" title:COO manner:e_signature '
                'on:2026-01-01')  # fmt: skip
    calder.type('/engagement obligation add calder "Name an approver" agreement:SOW-A clause:"SOW-A 5.1" every:1y')
    calder.type('/engagement contract add calder "Harbor Mutual" kind:insurer demands:"Offline copies"')
    text = text_of(one_file(calder.type("/engagement paper statement calder SOW-A")))
    for said in ("Name an approver", "SOW-A 5.1", "Offline copies", "Harbor Mutual", "by e-signature"):
        assert text.count(said) == 1, said


def test_a_pack_says_day_by_day_what_was_in_force_and_what_was_known(calder: Desk) -> None:
    calder.type('/engagement hold place calder reason:"Claim" by:"Counsel"')
    calder.now = NOW.replace(day=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client since:2026-03-04 as-signed:yes')
    calder.now = NOW.replace(day=10)
    pack = calder.type("/engagement paper evidence calder from:2026-02-27 to:2026-03-09")
    assert pack.data["rows"]["in_force"] == 11
    assert pack.data["rows"]["holds"] == 1
    days = {each["day"]: each for each in json.loads(members(one_file(pack).content)["json/in_force.json"])}
    assert days["2026-02-28"]["unchanged_since"] == "2026-02-27"
    assert days["2026-02-28"]["row_ids"] is None
    assert days["2026-02-27"]["row_ids_as_known_then"] == [], "the matrix was recorded on 2 March"
    assert len(days["2026-02-27"]["row_ids"]) == 6
    assert len(days["2026-03-02"]["row_ids_as_known_then"]) == 6
    changed, before = days["2026-03-04"], days["2026-03-05"]
    assert changed["row_ids"] != changed["row_ids_as_known_then"]
    assert before["row_ids"] == before["row_ids_as_known_then"]


def test_a_check_leads_to_the_paper_that_closes_a_gap(desk: Desk) -> None:
    desk.type("/engagement client add Bare")
    desk.type("/engagement agreement add bare MSA kind:msa effective:2026-01-01 signed:2026-01-01")
    desk.type('/engagement recommendation decline bare "Offline backup copy"')
    reply = desk.type("/engagement check bare everything:yes")
    papers = {each.command.partition(" Bare")[0] for each in reply.choices}
    assert {"paper walkthrough", "paper disclosure", "paper declination"} <= papers


def test_a_copy_whose_bytes_were_changed_says_so(calder: Desk) -> None:
    calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("signed.pdf", PDF))
    assert calder.type("/engagement copy get calder 1").cautions == ()
    with calder.database.engine.begin() as connection:
        connection.execute(text("UPDATE attachment SET content = :other"), {"other": PDF + b" "})
    reply = calder.type("/engagement copy get calder 1")
    assert reply.cautions == ("Its bytes are not those that were kept: the database was changed.",)
    assert reply.data["is_whole"] is False
