"""The demo: a script of lines through the real app, and an exit code that tells whether they went as they should."""

import logging
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest

from bot.console.demo import INTRODUCTION, run_demo
from bot.console.demo_data import seed
from bot.console.demo_world import demo_world
from commands.dispatching.dispatcher import Dispatcher
from storage.database import Database
from tests.prepared import prepared

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def demo_filled_once(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every demo here is a copy of the first of its day, filled by the same lines."""

    def opened(url: str) -> Database:
        shutil.copy(sqlite_template, url.removeprefix("sqlite:///"))
        return Database(url)

    def fill(dispatcher: Dispatcher, workspace_id: int, today: date) -> None:
        database = cast(Any, dispatcher.open_unit).__self__
        prepared(database, f"demo of {today}", lambda: seed(dispatcher, workspace_id, today))

    monkeypatch.setattr(Database, "ready", opened)
    monkeypatch.setattr("bot.console.demo.demo_world", partial(demo_world, fill=fill))


def run(script: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run_demo(script=StringIO(script), now=NOW)
    return code, capsys.readouterr().out


def test_people_ask_press_and_share(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run("/scope who patches the firewall?\n1\nas @gus\n!/scope who patches the firewall?\nquit\n", capsys)
    assert code == 0
    assert "only @sam sees it" in out
    assert "[1] Share with channel" in out
    assert "engagement in #calder-ridge ─" in out
    assert "does not answer guest accounts" in out


def test_a_demo_leaves_the_log_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("bot.slack").setLevel(logging.INFO)
    run("quit\n", capsys)
    assert logging.getLogger("bot.slack").level == logging.INFO


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("/engagement client list\n!/engagement cleint list\n# a remark\n\nclient list\n@engagement client list\n", 0),
        ("/engagement cleint list\n", 1),
        ("!/engagement client list\n", 1),
        ("as @nobody\n", 1),
        ("in #nowhere\n", 1),
        ("press 7\n", 1),
        ("/engagement client add\n", 1),
    ],
)
def test_the_exit_code_tells_whether_every_line_went_as_it_should(
    script: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(script, capsys)[0] == code


def test_a_form_is_asked_field_by_field_and_errors_again(capsys: pytest.CaptureFixture[str]) -> None:
    script = """\
as @dana
/engagement agreement add

ADD-9
addendum
done
/engagement agreement add

ADD-10
done
/engagement agreement list
"""
    code, out = run(script, capsys)
    assert "form: Add an agreement" in out
    assert "now: Calder Ridge" in out
    assert "ADD-9" in out.rpartition("agreement list")[2]
    assert "ADD-10" in out.rpartition("agreement list")[2]
    assert code == 0


def test_a_field_that_is_wrong_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    opened, corrected = "/engagement client add\n\nAcme Rockets\ncancel\n", "Calder\ndone\nAcme Rockets\ndone\n"
    script = f"as @dana\n{opened}/engagement client add\n{corrected}"
    code, out = run(script, capsys)
    assert "This field is needed" in out
    assert "closed without saving" in out
    assert "Acme Rockets is recorded as a client." in out
    assert code == 1


def test_a_field_without_a_hint_says_only_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run('as @dana\n/engagement matrix set calder SOW-A "Bluebird backups" msp\ncancel\n', capsys)
    assert "Client (needed, now: Calder Ridge): " in out
    assert code == 1


def test_a_piped_demo_needs_no_settings(tmp_path: Path) -> None:
    line = "import sys; from bot.console.demo import run_demo; sys.exit(run_demo(script=sys.stdin, now=None))"
    done = subprocess.run(
        [sys.executable, "-c", line],
        input="/engagement help\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "SLACK_CLIENT_ID": "x"},
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "/scope" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_tour_shows_one_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run("tour\n", capsys)
    assert code == 0
    shown = " ".join(out.split())
    for said in (
        "Firewall firmware updates", "Kept as open question", "is settled", "decided to renew", "GDPR does not apply",
        "matrix.xlsx", "this week", "Decided (1)",
    ):  # fmt: skip
        assert said in shown, said


@pytest.mark.parametrize("hour", [3, 23])
def test_it_starts_at_any_hour(hour: int, capsys: pytest.CaptureFixture[str]) -> None:
    """At 3 in the morning in Greenwich it is still the day before where the demo's company is."""
    assert run_demo(script=StringIO("/renewals\n"), now=NOW.replace(hour=hour)) == 0


def test_the_questions_of_the_introduction_have_answers(capsys: pytest.CaptureFixture[str]) -> None:
    asked = re.findall(r"/scope [^?]+\?", INTRODUCTION)
    assert len(asked) == 2
    for question in asked:
        code, out = run(f"{question}\n", capsys)
        assert code == 0
        assert "✅ Ours" in out.partition(f"> {question}")[2], question


def test_mondays_digest_arrives_once_to_each_who_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """NOW is a Monday at ten; the next digest comes a week later."""
    code, out = run("as @dana\ntick 3d\ntick 7d\ntick 3d\n", capsys)
    assert code == 0
    assert out.count("Your week. ") == 4
    first, _, later = out.partition("6 August 2026 now")
    assert [part.count("Your week. ") for part in (first, *later.partition("13 August 2026 now"))] == [2, 2, 0, 0]
    assert "overdue by" in out


def test_time_passes_and_reminders_arrive(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run("as @dana\ntick 1d\n!tick backwards\n!tick to 2001-01-01\n", capsys)
    assert code == 0
    assert "last day to give notice" in out
    assert "in @dana's direct messages" in out
    assert "Tuesday, 4 August 2026 now" in out
    assert "Write tick 30d" in out
    assert "only goes ahead" in out
