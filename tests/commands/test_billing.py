"""Out of scope is money: billed from the answer that said so, listed by month and client, as a spreadsheet."""

import io
from datetime import date

import openpyxl
import pytest

from commands.reply import Reply
from commands.rules.billing.time_spent import minutes_spent, month_of, time_words
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45", 45), ("45m", 45), ("1h 30m", 90), ("1h30", 90), ("1.5h", 90), ("1,5 h", 90), ("2 hours", 120),
     ("1:30", 90), ("0.01h", 1), ("90 min", 90)],
)  # fmt: skip
def test_how_long_it_took_as_people_write_it(text: str, minutes: int) -> None:
    assert minutes_spent(text) == minutes


@pytest.mark.parametrize("text", ["", "0", "0m", "-5", "a while", "1d", "9999h", "1:75", "1h 30m 5s"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write for example 45m"):
        minutes_spent(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "2026-03-01", "2026-03-31"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("March", "2026-03-01", "2026-03-31"),
        ("dec", "2025-12-01", "2025-12-31"),
        ("april 2027", "2027-04-01", "2027-04-30"),
    ],
)
def test_the_month_as_people_say_it(text: str, first: str, last: str) -> None:
    assert month_of(text, date(2026, 3, 2)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_minutes_in_words() -> None:
    assert [time_words(each) for each in (5, 60, 90)] == ["5 min", "1 h", "1 h 30 min"]


def asked(desk: Desk, question: str, user: str = VIEWER) -> Reply:
    return desk.type(f"/scope calder {question}", user=user)


@pytest.mark.parametrize(
    ("question", "why"),
    [("workstation backup?", "out of scope"), ("printer hardware repair?", "a third party's (Ricoh lease)")],
)
def test_what_is_not_ours_is_billed_from_its_answer(calder: Desk, question: str, why: str) -> None:
    answer = asked(calder, question, TECHNICIAN)
    [bill] = [choice for choice in answer.choices if choice.label == "Bill it"]
    assert bill.opens_form
    calder.type(f'/engagement {bill.command} took:"1h 30m" note:"Fixed it"', user=TECHNICIAN)
    listed = calder.type("/engagement scope billable calder", user=TECHNICIAN)
    assert listed.headline == "1 h 30 min to bill for Calder Ridge in March 2026: 1 entry."
    assert listed.table is not None
    [row] = listed.table.rows
    assert row[:3] == ("2026-03-02", "Calder Ridge", f"<@{TECHNICIAN}>")
    assert row[3] == question
    assert row[4].startswith(why.partition(" (")[0])
    assert row[5].startswith("SOW-A 9.")
    assert row[6:9] == ("90", "1.50", "Fixed it")


@pytest.mark.parametrize("question", ["server patching?", "end-user application training?", "who waters the plants?"])
def test_what_an_agreement_covers_is_not_billed(calder: Desk, question: str) -> None:
    answer = asked(calder, question, TECHNICIAN)
    assert "Bill it" not in [choice.label for choice in answer.choices]
    assert "is billed beside the agreement" in calder.refused("/engagement scope bill 1 took:45m").message


def test_viewers_neither_see_the_button_nor_may_press_it(calder: Desk) -> None:
    assert "Bill it" not in [choice.label for choice in asked(calder, "workstation backup?").choices]
    assert "for the role technician" in calder.refused("/engagement scope bill 1 took:45m", user=VIEWER).message


def test_the_month_is_a_spreadsheet(calder: Desk) -> None:
    asked(calder, '=HYPERLINK("x") workstation backup?')
    asked(calder, "workstation backup?")
    calder.type("/engagement scope bill 2 took:45m on:2026-02-27")
    calder.type("/engagement scope bill 2 took:15m")
    reply = calder.type('/engagement scope billable month:"last month" format:xlsx', user=MANAGER)
    [file] = reply.files
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:4] == ["Done on", "Client", "Asked by", "Asked for"]
    assert [row[6] for row in rows[1:]] == ["45"]
    assert "15 min to bill in March 2026" in calder.type("/engagement scope billable").headline
    assert calder.type("/engagement scope billable format:csv").files[0].name == "billable-march-2026.csv"


def test_twice_is_said_and_can_be_taken_back(calder: Desk) -> None:
    asked(calder, "workstation backup?")
    calder.type("/engagement scope bill 1 took:45m", user=TECHNICIAN)
    again = calder.type("/engagement scope bill 1 took:10m", user=TECHNICIAN)
    assert "billed already: 45 min before this" in again.cautions[0]
    calder.type("/engagement scope unbill 2 reason:twice", user=TECHNICIAN)
    assert "45 min to bill" in calder.type("/engagement scope billable").headline
    assert "Nothing is billed under no. 2" in calder.refused("/engagement scope unbill 2 reason:x").message


def test_a_restricted_client_is_on_nobody_elses_list(calder: Desk) -> None:
    asked(calder, "workstation backup?")
    calder.type("/engagement scope bill 1 took:45m")
    calder.type("/engagement client restrict calder to:U0OTHER")
    calder.type("/engagement client edit calder owner:U0OTHER")
    assert calder.type("/engagement scope billable", user=TECHNICIAN).headline.startswith("Nothing is to be billed")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scope bill 1 took:soon", "is no length of time. Write for example 45m"),
        ("scope bill 1 took:45m on:2027-01-01", "2027"),
        ("scope bill 99 took:45m", "99"),
        ("scope billable month:smarch", "is no month. Write for example 2026-03"),
    ],
)
def test_bad_input_gets_words_and_saves_nothing(calder: Desk, line: str, said: str) -> None:
    asked(calder, "workstation backup?")
    assert said in calder.refused(f"/engagement {line}").message
    assert calder.type("/engagement scope billable").headline.startswith("Nothing is to be billed")
