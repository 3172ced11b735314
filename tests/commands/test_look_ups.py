"""The lawyer's look-ups: the audit log by client, person, time and kind; one answer as it was given; histories."""

import csv
import io
from datetime import UTC, datetime

import pytest

from commands.reply import Reply
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk


def rows(reply: Reply) -> tuple[tuple[str, ...], ...]:
    return reply.table.rows if reply.table is not None else ()


def shown(reply: Reply) -> dict[str, str]:
    return {field.label: field.value for field in reply.fields}


@pytest.fixture
def two(calder: Desk) -> Desk:
    """A second client, and things done by two people on two days."""
    calder.type('/engagement client add "Granite Peak" alias:granite', user=MANAGER)
    calder.now = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)  # the evening of the 9th in Chicago
    calder.type("/engagement agreement edit calder SOW-A reviewed:2026-03-01", user=MANAGER)
    calder.type("/engagement client edit granite industry:Dental", user=MANAGER)
    return calder


@pytest.mark.parametrize(
    ("asked", "commands"),
    [
        ("client:granite", {"client add", "client edit"}),
        ("granite", {"client add", "client edit"}),
        ('"Granite Peak" since:2026-03-09', {"client edit"}),
        ("client:calder person:U0MANAGER", {"agreement edit"}),
        ("person:U0MANAGER since:2026-03-09", {"agreement edit", "client edit"}),
        ("person:U0MANAGER until:2026-03-08", {"client add"}),
        ("agreement client:calder", {"agreement add", "agreement edit"}),
        ("agreement person:U0MANAGER since:2026-03-09 until:2026-03-09", {"agreement edit"}),
    ],
)
def test_the_audit_log_is_searched_by_client_person_time_and_kind(two: Desk, asked: str, commands: set[str]) -> None:
    found = two.type(f"/engagement audit show {asked}", user=MANAGER)
    assert {row[4] for row in rows(found)} == commands
    assert "of the audit log" in found.headline


def test_an_entry_says_what_changed_in_words(two: Desk) -> None:
    [row] = rows(two.type("/engagement audit show agreement person:U0MANAGER", user=MANAGER))
    assert row[3] == "Calder Ridge"
    assert "last reviewed on 1 Feb 2026 → 1 Mar 2026" in row[7]
    assert row[1].endswith("CDT") or row[1].endswith("CST")
    assert row[1].startswith("2026-03-09")


def test_the_search_is_a_spreadsheet_and_a_page(two: Desk) -> None:
    two.type('/engagement client edit granite industry:"<script>alert(1)</script>"', user=MANAGER)
    [sheet] = two.type("/engagement audit show client:granite format:csv", user=MANAGER).files
    read = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert read[0][:5] == ["No.", "When", "Who", "Client", "Command"]
    assert [line[4] for line in read[1:]] == ["client edit", "client edit", "client add"]
    [page] = two.type("/engagement audit show client:granite format:html", user=MANAGER).files
    text = page.content.decode()
    assert page.name.endswith(".html")
    assert text.startswith("<!DOCTYPE html>")
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert "The whole log was verified when this was written." in text
    assert text.count("<tr>") == 4


def test_nothing_found_and_days_the_wrong_way_round_are_said(two: Desk) -> None:
    nothing = two.type("/engagement audit show person:U0VIEWER client:granite", user=MANAGER)
    assert nothing.headline == "Nothing about Granite Peak, by <@U0VIEWER> is in the audit log."
    wrong = two.refused("/engagement audit show since:2026-03-02 until:2026-03-01", user=MANAGER)
    assert "is before since" in wrong.message


def test_what_is_about_a_restricted_client_is_found_by_those_it_exists_for(two: Desk) -> None:
    two.type("/engagement client edit granite owner:U0OTHER")
    two.type("/engagement client restrict granite to:U0OTHER")
    two.type("/engagement role grant U0SECOND manager")
    assert not any("Granite" in str(row) for row in rows(two.type("/engagement audit show limit:50", user="U0SECOND")))
    assert "granite" in two.refused("/engagement audit show client:granite", user="U0SECOND").message.lower()


def test_an_answer_is_shown_as_it_was_given(calder: Desk) -> None:
    calder.type("/scope calder who patches the servers?", user=VIEWER)
    found = shown(calder.type("/engagement scope show 1", user=VIEWER))
    assert found["Asked"] == '"who patches the servers?"'
    assert found["By"].startswith(f"<@{VIEWER}>, 2 March 2026")
    assert found["About"] == "2 March 2026"
    assert found["Answer"] == "ours"
    assert "Server OS patching, clause SOW-A 2.3" in found["Row"]


def test_what_changed_since_is_beside_it_and_the_answer_stays(calder: Desk) -> None:
    calder.type("/scope calder who patches the servers?", user=VIEWER)
    as_shown, since = calder.type("/engagement scope show 1").lines
    assert as_shown.startswith("As it was shown:\nCalder Ridge: This is ours: do it.")
    assert since == "Nothing that it rests on has changed since."
    calder.now = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    calder.type('/engagement matrix set calder SOW-A "Server OS patching" client clause:2.4', user=MANAGER)
    reply = calder.type("/engagement scope show 1")
    assert shown(reply)["Answer"] == "ours"
    assert any("the client's" in row[0] and row[1] == "2026-03-05" for row in rows(reply))
    assert calder.type("/engagement scope show 1").data["question"]["verdict"] == "msp"


def test_there_is_no_answer_under_that_number(calder: Desk) -> None:
    assert "99" in calder.refused("/engagement scope show 99").message


def test_an_agreement_has_a_history_of_what_was_recorded(calder: Desk) -> None:
    calder.now = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    calder.type("/engagement agreement edit calder SOW-A notice:30d", user=MANAGER)
    calder.type("/engagement renewal decide calder SOW-A renew reason:fine", user=MANAGER)
    found = rows(calder.type("/engagement agreement history calder SOW-A", user=TECHNICIAN))
    assert [row[0] for row in found] == sorted((row[0] for row in found), reverse=True)
    said = "\n".join(" ".join(row) for row in found)
    assert "notice: 60 days → 30 days" in said
    assert f"decided: renew (fine) <@{MANAGER}>" in said
    assert "explained to Lee Marsh, COO on 2026-01-05" in said
    assert found[-1][1] == "first recorded" or "first recorded" in said


def test_a_day_that_is_past_opens_no_question_for_today(calder: Desk) -> None:
    calder.type("/scope as-of:2026-02-01 calder who waters the plants?", user=VIEWER)
    assert calder.type("/engagement scope open").headline == "No scope question is open."
    calder.type("/scope calder who waters the plants?", user=VIEWER)
    history = rows(calder.type("/engagement scope history calder"))
    assert {row[2] for row in history} == {"", "2026-02-01"}, "the day that was asked about is beside each"


def test_what_is_neither_a_command_nor_a_client_is_asked_back(two: Desk) -> None:
    assert "Did you mean Granite Peak?" in two.refused('/engagement audit show "Granit Paek"', user=MANAGER).message


def test_what_is_like_no_command_and_no_client_makes_no_client(two: Desk) -> None:
    error = two.refused("/engagement audit show xyzzy", user=MANAGER)
    assert error.message == 'No command in the audit log begins with "xyzzy", and no client is called so.'
    assert error.next_steps == ("/engagement audit show", "/engagement client list")


def test_a_disclosure_has_a_history_of_what_was_recorded(calder: Desk) -> None:
    assert "no disclosure about" in calder.type("/engagement disclosure history calder gdpr").headline
    calder.type('/disclose calder gdpr unknown by:"Lee Marsh, COO" on:2026-02-20', user=TECHNICIAN)
    calder.now = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    calder.type('/disclose calder gdpr applies by:"Kim Ode, CFO" scope:"the shop"', user=MANAGER)
    calder.now = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    calder.type('/engagement disclosure withdraw calder gdpr reason:"wrong client"', user=MANAGER)
    found = rows(calder.type("/engagement disclosure history calder gdpr", user=VIEWER))
    assert [(row[0], row[3]) for row in found] == [
        ("2026-03-06", f"<@{MANAGER}>"), ("2026-03-05", f"<@{MANAGER}>"), ("2026-03-02", f"<@{TECHNICIAN}>"),
    ]  # fmt: skip
    assert found[0][2] == "withdrawn: applies"
    assert found[1][2].startswith("applies; said by Kim Ode, CFO on 2026-03-05; scope: the shop")
    assert found[2][2].startswith("the client does not know; said by Lee Marsh, COO on 2026-02-20")
    everything = rows(calder.type("/engagement disclosure history calder"))
    assert set(found) <= set(everything)


def test_a_walkthrough_has_a_history_also_of_what_was_taken_back(calder: Desk) -> None:
    before = rows(calder.type("/engagement walkthrough history calder SOW-A"))
    assert all(row[1] == "SOW-A" for row in before)
    calder.type(
        '/engagement walkthrough record calder SOW-A to:"Kim Ode, CFO" by:Sam on:2026-02-27 topic:access_scope '
        'asked:"who pays for laptops?" may-sign:yes notes:"by phone"',
        user=TECHNICIAN,
    )
    calder.type("/engagement undo", user=TECHNICIAN)
    found = rows(calder.type("/engagement walkthrough history calder SOW-A", user=VIEWER))
    assert len(found) == len(before) + 2
    [taken] = [row for row in found if row[2].startswith("taken back")]
    words = (
        "explained to Kim Ode, CFO on 2026-02-27 by Sam; may sign; topics: access scope; "
        "asked: who pays for laptops?; notes: by phone"
    )
    assert (taken[0], taken[2], taken[3]) == ("2026-03-02", f"taken back: {words}", f"<@{TECHNICIAN}>")
    assert f"recorded: {words}" in [row[2] for row in found]
    calder.type('/engagement walkthrough record calder SOW-A to:"Ann Lo, CEO" by:Sam on:2026-02-28', user=TECHNICIAN)
    said = [row[2] for row in rows(calder.type("/engagement walkthrough history calder SOW-A"))]
    assert len(said) == len(before) + 3, "also where the number of what was taken back is given again"
    assert any("Ann Lo" in each and each.startswith("recorded") for each in said)
    calder.type('/engagement client add "Granite Peak" alias:granite', user=MANAGER)
    assert "was ever recorded" in calder.type("/engagement walkthrough history granite").headline


def test_answers_are_listed_in_words(calder: Desk) -> None:
    calder.type("/scope calder who waters the plants?", user=VIEWER)
    calder.type("/scope calder who patches the servers?", user=VIEWER)
    assert [row[5] for row in rows(calder.type("/engagement scope history calder"))] == ["ours", "not documented"]
