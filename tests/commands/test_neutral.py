"""Neutral wording and the workspace's own line: what answers say, and what is kept of them as it was shown."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from commands.policy import Policy
from commands.reply import Reply
from commands.scope.neutral import party_phrase
from commands.spreadsheets.reading import read_workbook
from storage.records import Party
from tests.commands.conftest import Desk

LINE = "Subject to the signed agreements. Not legal advice."


def change(desk: Desk, **settings: Any) -> None:
    assert isinstance(desk.dispatcher.policy, Policy)
    for name, value in settings.items():
        object.__setattr__(desk.dispatcher.policy, name, value)


def ask(desk: Desk, question: str) -> Reply:
    return desk.type(f"/scope calder {question}")


@pytest.mark.parametrize(
    ("question", "plain", "neutral"),
    [
        ("Server backup", "This is ours: do it.", "Under SOW-A 7.1 this is the MSP's."),
        ("End-user application training", "do not do it", "Under SOW-A 1.9 this is the client's."),
        ("Firewall rules and configuration", "do our part", "this is shared between the MSP and the client."),
        ("Printer and copier hardware repair", "pass it on", "Under SOW-A 9.3 this is"),
        ("Workstation backup", "Do not do it", "Under SOW-A 9.1 this is out of scope."),
        ("who waters the plants?", "Do not assume", "No agreement on record says whose this is."),
    ],
)
def test_neutral_answers_state_and_tell_nobody_what_to_do(
    calder: Desk, question: str, plain: str, neutral: str
) -> None:
    assert plain in ask(calder, question).headline
    change(calder, is_neutral=True)
    reply = ask(calder, question)
    assert neutral in reply.headline
    said = " ".join((reply.headline, *reply.lines, *(c.label for c in reply.choices if c.is_option)))
    if reply.ruling is not None:
        said = " ".join((said, reply.ruling.word, reply.ruling.do, *reply.ruling.lines))
    for word in ("ours", "our part", "do it", "do not"):
        assert word not in said.casefold(), said


def test_an_unsigned_paper_is_an_open_point(calder: Desk) -> None:
    change(calder, is_neutral=True)
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-01-01")
    calder.type('/engagement matrix set calder SOW-B "Door locks" msp clause:2.2')
    reply = ask(calder, "Door locks")
    assert reply.headline.endswith("SOW-B 2.2 names the MSP; it is not signed.")
    assert reply.ruling is not None
    assert reply.ruling.word == "Open point"


def test_the_settlement_and_the_record_are_neutral_too(calder: Desk) -> None:
    change(calder, is_neutral=True)
    number = ask(calder, "Server backup").data["question_id"]
    shown = calder.type(f"/engagement scope show {number}")
    assert "the MSP's" in {field.label: field.value for field in shown.fields}["Answer"]
    assert party_phrase(Party.MSP, None) == "ours"


def test_the_answer_is_kept_as_it_was_shown(calder: Desk) -> None:
    reply = ask(calder, "Server backup")
    number = reply.data["question_id"]
    change(calder, is_neutral=True)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2')
    shown = "\n".join(calder.type(f"/engagement scope show {number}").lines)
    assert "As it was shown:" in shown
    assert reply.headline in shown
    assert "SOW-A 7.1" in shown
    assert "7.2" not in shown


def test_an_open_question_is_kept_with_what_was_shown(calder: Desk) -> None:
    number = ask(calder, "who waters the plants?").data["question_id"]
    shown = "\n".join(calder.type(f"/engagement scope show {number}").lines)
    assert "Not documented. Do not assume it is ours." in shown


def test_the_line_stands_under_what_leaves_the_bot_and_nowhere_else(calder: Desk) -> None:
    change(calder, reservation=LINE)
    reply = ask(calder, "Server backup")
    number = reply.data["question_id"]
    assert LINE not in str(reply)
    wording = calder.type(f"/engagement scope wording {number}")
    assert (wording.copy or "").endswith(LINE)
    assert LINE in calder.type(f"/engagement scope share {number}").next_steps


def test_neutral_words_for_the_client(calder: Desk) -> None:
    number = ask(calder, "Server backup").data["question_id"]
    assert "ours to do" in (calder.type(f"/engagement scope wording {number}").copy or "")
    change(calder, is_neutral=True)
    assert "is the provider’s under" in (calder.type(f"/engagement scope wording {number}").copy or "")


def test_the_line_does_not_make_another_paper_of_it(calder: Desk) -> None:
    before = calder.type("/engagement paper statement calder SOW-A format:docx")
    change(calder, reservation=LINE)
    after = calder.type("/engagement paper statement calder SOW-A format:docx")
    assert before.files[0].name == after.files[0].name
    assert before.files[0].content != after.files[0].content


def test_the_pack_says_it(calder: Desk) -> None:
    change(calder, reservation=LINE)
    ask(calder, "Server backup")
    calder.now += timedelta(hours=1)
    pack = calder.type("/engagement paper evidence calder from:2026-01-01").files[0].content
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert LINE in archive.read("evidence.html").decode()
        assert LINE in archive.read("README.txt").decode()
        assert "This is ours: do it." in archive.read("json/questions.json").decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("export", "take_in"),
    [
        ("matrix export calder", "matrix import calder SOW-A"),
        ("client export", "client import"),
        ("agreement export", "agreement import"),
    ],
)
def test_spreadsheets_say_it_and_come_in_again_without_it(calder: Desk, export: str, take_in: str, kind: str) -> None:
    change(calder, reservation=LINE)
    made = calder.type(f"/engagement {export} format:{kind}").files[0]
    sheet = next(iter(read_workbook(made.content, made.name).sheets))
    assert [cell for cell in sheet.rows[-1].cells if cell] == [f"Reservation: {LINE}"]
    before = calder.type("/engagement matrix export calder format:csv").files[0].content
    again = calder.type(f"/engagement {take_in} dry-run:yes", upload=(made.name, made.content))
    assert "a line of the report" in str(again)
    calder.type(f"/engagement {take_in}", upload=(made.name, made.content))
    assert calder.type("/engagement matrix export calder format:csv").files[0].content == before


def test_a_row_that_is_called_so_is_no_such_line(calder: Desk) -> None:
    table = b"item,responsible\nServer backup,msp\nReservation: the booking system,msp\n"
    calder.type("/engagement agreement add calder SOW-R kind:sow parent:SOW-A effective:2026-01-01")
    done = calder.type("/engagement matrix import calder SOW-R", upload=("rows.csv", table))
    assert "Reservation: the booking system" in str(done.data)


def test_the_bill_says_it(calder: Desk) -> None:
    change(calder, reservation=LINE)
    number = ask(calder, "Printer and copier hardware repair").data["question_id"]
    calder.type(f"/engagement scope bill {number} took:45m")
    made = calder.type("/engagement scope billable format:csv").files[0]
    assert LINE in made.content.decode("utf-8-sig").splitlines()[-1]
