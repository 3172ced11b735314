"""A row that other paper carries is that paper's word, from that paper's first day, at every door; what a letter sends,
and what a channel reads, is what can be relied on today.
"""

from datetime import timedelta

import pytest

from commands.reply import Notice, Reply
from tests.commands.conftest import CHANNEL, MANAGER, TECHNICIAN, Desk

SIGN = "/engagement agreement edit calder AM-1 signed:2026-03-02"
UNSIGN = '/engagement agreement edit calder SOW-A signed:""'
CHANGED = "What it rests on has changed since: ask again."


@pytest.fixture
def later(desk: Desk) -> Desk:
    """MSA-1 is signed; AM-1, from 1 April on, is to carry two rows of it."""
    for line in (
        'client add "Calder Ridge" alias:calder channel:C0CALDER zone:America/Chicago',
        "agreement add calder MSA-1 kind:msa effective:2026-01-01 signed:2026-01-01 initial-term:36m renewal:none",
        "agreement add calder AM-1 kind:amendment effective:2026-04-01 parent:MSA-1",
        'matrix set calder MSA-1 "Printers" third_party third-party:Ricoh carried_by:AM-1 clause:4',
        'matrix set calder MSA-1 "Server backup" client carried_by:AM-1 clause:3',
    ):
        desk.type(f"/engagement {line}")
    return desk


def ask(desk: Desk, question: str) -> tuple[int, Reply]:
    reply = desk.type(f"/scope calder {question}", user=TECHNICIAN)
    return int(reply.data["question_id"]), reply


def said_now(notices: tuple[Notice, ...]) -> str:
    [notice] = [each for each in notices if each.to == TECHNICIAN]
    [now] = [each.value for each in notice.reply.fields if each.label == "Now"]
    return now


def pass_to_april(desk: Desk) -> None:
    desk.now += timedelta(hours=1)
    desk.type(SIGN, user=MANAGER)
    desk.now += timedelta(days=31)


def basis_in(desk: Desk, month: str) -> str:
    table = desk.type(f"/engagement scope billable calder month:{month}").table
    assert table is not None
    return table.rows[0][5]


def sow(desk: Desk, *, signed: str = "") -> Desk:
    desk.type('/engagement client add "Calder Ridge" alias:calder channel:C0CALDER')
    desk.type(f"/engagement agreement add calder SOW-A kind:sow effective:2026-01-01{signed}")
    desk.type('/engagement matrix set calder SOW-A "Server backup" client clause:2.1')
    return desk


def test_no_letter_is_sent_whose_signature_was_taken_back(desk: Desk) -> None:
    sow(desk, signed=" signed:2026-01-01")
    number, _ = ask(desk, "server backup")
    assert CHANGED not in desk.type(f"/engagement scope share {number}", user=TECHNICIAN).cautions
    desk.now += timedelta(hours=1)
    desk.type(UNSIGN, user=MANAGER)
    refused = desk.refused(f"/engagement scope wording {number}", user=TECHNICIAN)
    assert "SOW-A is not signed by both sides" in refused.message
    shared = desk.type(f"/engagement scope share {number}", user=TECHNICIAN, channel=CHANNEL)
    assert "This is the client's" in shared.headline, "the words of then"
    assert CHANGED in shared.cautions


def test_the_clients_people_read_that_what_it_rests_on_has_changed(desk: Desk) -> None:
    sow(desk, signed=" signed:2026-01-01")
    number, _ = ask(desk, "server backup")
    desk.type("/engagement client share calder channel:C0CALDER")
    desk.now += timedelta(hours=1)
    desk.type(UNSIGN, user=MANAGER)
    shared = desk.type(f"/engagement scope share {number}", user=TECHNICIAN, channel=CHANNEL)
    assert shared.cautions == (CHANGED,)


def test_a_letter_is_sent_once_the_paper_is_signed(desk: Desk) -> None:
    sow(desk)
    number, _ = ask(desk, "server backup")
    desk.now += timedelta(hours=1)
    desk.type("/engagement agreement edit calder SOW-A signed:2026-01-01", user=MANAGER)
    assert "to do under SOW-A, 2.1" in (desk.type(f"/engagement scope wording {number}", user=TECHNICIAN).copy or "")
    assert CHANGED in desk.type(f"/engagement scope share {number}", user=TECHNICIAN).cautions


def test_no_letter_is_sent_once_the_paper_that_carries_the_row_is_over(later: Desk) -> None:
    later.type(
        "/engagement agreement add calder SOW-9 kind:sow effective:2026-01-15 signed:2026-01-15 initial-term:2m "
        "renewal:none parent:MSA-1"
    )
    later.type('/engagement matrix set calder MSA-1 "DNS" client clause:3 carried_by:SOW-9')
    number, _ = ask(later, "DNS")
    later.now += timedelta(days=30)
    refused = later.refused(f"/engagement scope wording {number}", user=TECHNICIAN)
    assert '"DNS" is proposed, not agreed' in refused.message
    assert CHANGED in later.type(f"/engagement scope show {number}").lines
    assert CHANGED in later.type(f"/engagement scope share {number}", user=TECHNICIAN).cautions


def test_no_letter_is_sent_once_the_agreement_is_over(desk: Desk) -> None:
    sow(desk, signed=" signed:2026-01-01")
    number, _ = ask(desk, "server backup")
    desk.type("/engagement agreement terminate calder SOW-A on:2026-03-05", user=MANAGER)
    assert CHANGED not in desk.type(f"/engagement scope share {number}", user=TECHNICIAN).cautions
    assert desk.type(f"/engagement scope wording {number}", user=TECHNICIAN).copy
    desk.now += timedelta(days=10)
    refused = desk.refused(f"/engagement scope wording {number}", user=TECHNICIAN)
    assert "There is nothing to send" in refused.message
    assert CHANGED in desk.type(f"/engagement scope share {number}", user=TECHNICIAN).cautions


def test_no_letter_is_sent_before_the_first_day(later: Desk) -> None:
    number, _ = ask(later, "printers")
    later.now += timedelta(hours=1)
    later.type(SIGN, user=MANAGER)
    refused = later.refused(f"/engagement scope wording {number}", user=TECHNICIAN)
    assert '"Printers" applies only from 1 April 2026 on' in refused.message


def test_an_answer_and_its_letter_name_the_paper_that_says_so_and_its_first_day(later: Desk) -> None:
    pass_to_april(later)
    for paper, day in (("MSA-1", "2026-04-02"), ("AM-1", "2026-04-01")):
        url = f"https://drive.calder-files.com/{paper.lower()}"
        later.type(f"/engagement agreement edit calder {paper} reviewed:{day} url:{url}")
    number, reply = ask(later, "server backup")
    assert reply.evidence is not None
    assert (reply.evidence.agreement, reply.evidence.clause) == ("AM-1", "3")
    assert str(reply.evidence.effective_from) == "2026-04-01"
    assert reply.evidence.document_url == "https://drive.calder-files.com/am-1"
    assert str(reply.evidence.last_reviewed) == "2026-04-01"
    letter = later.type(f"/engagement scope wording {number}", user=TECHNICIAN).copy or ""
    assert "to do under AM-1, 3." in letter
    assert "In effect since 1 April 2026." in letter


def test_an_answer_ends_with_the_first_of_its_papers_and_its_row(later: Desk) -> None:
    pass_to_april(later)
    later.type('/engagement matrix set calder MSA-1 "Firewall" msp clause:9 as-signed:yes')
    for line, question, ends in (
        ('matrix retire calder MSA-1 "Firewall" on:2026-12-31', "who manages the firewall?", "2026-12-31"),
        ("agreement terminate calder MSA-1 on:2026-11-30", "who manages the firewall?", "2026-11-30"),
        ("agreement terminate calder AM-1 on:2026-10-31", "printers", "2026-10-31"),
    ):
        later.type(f"/engagement {line}")
        later.now += timedelta(hours=1)
        _, answer = ask(later, question)
        assert answer.evidence is not None
        assert str(answer.evidence.effective_to) == ends


def test_the_matrix_names_the_paper_that_says_so(later: Desk) -> None:
    later.type('/engagement matrix set calder MSA-1 "Fax" msp clause:7 as_signed:yes')
    pass_to_april(later)
    shown = later.type("/engagement matrix show calder")
    assert not any("All of" in line for line in shown.lines)
    assert {each.text: each.detail for group in shown.groups for each in group.entries} == {
        "Fax": "MSA-1, 7",
        "Printers": "Ricoh, AM-1, 4, 2026-04-01 to",
        "Server backup": "AM-1, 3, 2026-04-01 to",
    }


@pytest.mark.parametrize(
    ("clauses", "line", "said"),
    [(("3", "4"), ("All of SOW-A.",), ["clause 3", "clause 4"]), (("SOW-A 3", "4"), (), ["SOW-A 3", "SOW-A, 4"])],
)
def test_the_only_paper_is_named_once_where_no_clause_names_it(
    desk: Desk, clauses: tuple[str, str], line: tuple[str, ...], said: list[str]
) -> None:
    desk.type('/engagement client add "Calder Ridge" alias:calder channel:C0CALDER')
    desk.type("/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01")
    for item, clause in zip(("Fax", "Printers"), clauses, strict=True):
        desk.type(f'/engagement matrix set calder SOW-A "{item}" msp clause:"{clause}" as-signed:yes')
    shown = desk.type("/engagement matrix show calder")
    assert shown.lines == line
    details = [each.detail or "" for group in shown.groups for each in group.entries]
    assert all(words in detail for words, detail in zip(said, details, strict=True))


def test_a_question_is_not_settled_with_what_begins_later_and_that_day_is_said(later: Desk) -> None:
    later.type(SIGN, user=MANAGER)
    number, _ = ask(later, "who feeds the fish?")
    refused = later.refused(f"/engagement scope settle {number} row:Printers", user=MANAGER)
    assert "it applies only from 2026-04-01 on" in refused.message


def test_what_is_billed_names_no_paper_that_did_not_apply_yet(later: Desk) -> None:
    number, _ = ask(later, "printers")
    later.type(f"/engagement scope bill {number} took:45m", user=TECHNICIAN)
    assert basis_in(later, "2026-03") == "MSA-1, 4 (proposed, not agreed)"
    later.now += timedelta(days=2)
    later.type("/engagement agreement edit calder AM-1 signed:2026-03-04", user=MANAGER)
    assert basis_in(later, "2026-03") == "MSA-1, 4 (proposed, not agreed)"
    later.now += timedelta(days=31)
    number, _ = ask(later, "printers")
    later.type(f"/engagement scope bill {number} took:45m", user=TECHNICIAN)
    assert basis_in(later, "2026-04") == "AM-1, 4"


def test_who_asked_is_told_from_which_day_on_it_is_agreed(later: Desk) -> None:
    ask(later, "printers")
    later.now += timedelta(hours=1)
    now = said_now(later.type(SIGN, user=MANAGER).notices)
    assert now == "not documented; from 1 April 2026 on: a third party's (AM-1, 4)"


def test_of_several_changes_each_says_its_day(later: Desk) -> None:
    for question in ("printers", "server backup"):
        ask(later, question)
    later.now += timedelta(hours=1)
    [notice] = later.type(SIGN, user=MANAGER).notices
    assert notice.reply.table is not None
    assert all("from 1 April 2026 on" in row[2] for row in notice.reply.table.rows)
