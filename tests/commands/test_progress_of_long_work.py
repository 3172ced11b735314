"""Long work says how far it got, and each door shows it in its own way."""

from dataclasses import replace

import pytest

from bot.cli.files import as_options
from bot.cli.session import progress
from bot.slack.listeners import _progress
from commands.command import Upload
from commands.dispatching.request import CONSOLE, Request
from tests.commands.conftest import Desk


def told(desk: Desk, text: str, *uploads: Upload) -> list[str]:
    said: list[str] = []
    request = Request(desk.workspace_id, CONSOLE, text, uploads=uploads)
    desk.dispatcher.run(replace(request, progress=said.append))
    return said


def test_a_pack_says_which_tables_are_read(calder: Desk) -> None:
    said = told(calder, "paper evidence calder from:2026-01-01")
    assert "Questions: 0 read" in said
    assert said[-2:-1] == ["Checking the audit log"]
    assert said[-1].startswith("Writing ")


def test_a_large_file_says_how_many_rows_are_compared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.workspace.record_import._AT_ONCE", 20)
    rows = "".join(f"Client number {number}\n" for number in range(41))
    said = told(desk, "client import", Upload("clients.csv", f"name\n{rows}".encode()))
    assert said[1:] == [f"{count} of 41 rows compared with the records" for count in ("20", "40")]


def test_a_matrix_says_what_is_read_and_what_is_saved(calder: Desk) -> None:
    calder.type("agreement add calder SOW-9 kind:sow")
    rows = "".join(f"Task {number} of the list,MSP\n" for number in range(41))
    matrix = Upload("matrix.csv", f"Task,Responsible\n{rows}".encode())
    said = told(calder, "matrix import calder SOW-9 confirm:yes", matrix)
    assert said == ["Reading matrix.csv", "41 rows read, to be compared with the records", "Saving 41 rows"]


def test_a_check_of_all_clients_says_how_many_are_checked(calder: Desk) -> None:
    calder.type("client add Bluebird")
    assert told(calder, "check all") == ["1 of 2 clients checked", "2 of 2 clients checked"]


def test_the_terminal_shows_it_once_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    tell = progress()
    for step in range(5):
        now[0] = 100 + step * 0.6
        tell(f"step {step}")
    assert capsys.readouterr().err == "step 2...\nstep 4...\n"


def test_slack_shows_it_only_so_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    now, shown = [100.0], list[str]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    tell = _progress(shown.append)
    for step in range(20):
        now[0] += 4
        tell(str(step))
    assert shown == ["1", "3", "5", "7", "9"]


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ('value:"Managed Services=sow"', '--value "Managed Services=sow"'),
        ('Say unit:"notice=days", months or years.', 'Say --unit "notice=days", months or years.'),
        ("value:Foo=client", "--value Foo=client"),
        ("accept:yes takes all of it", "--accept takes all of it"),
        ("/engagement client import value:x=y", "/engagement client import value:x=y"),
        ("the value: it is not known", "the value: it is not known"),
    ],
)
def test_the_command_line_says_what_can_be_typed_there(said: str, typed: str) -> None:
    assert as_options(said) == typed
