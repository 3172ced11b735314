"""The command line as it is typed: what it prints, its exit codes, and what it leaves behind."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.cli import app

DEV_MATRIX = Path(__file__).parents[1] / "data" / "scope_dev" / "matrix.csv"
DEV_QUESTIONS = Path(__file__).parents[1] / "data" / "scope_dev" / "questions.csv"
_prepared: dict[str, bytes] = {}


class Terminal:
    """A shell in a folder of its own, with no settings but a database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: None for name in os.environ if name.startswith(("SLACK_", "ENGAGEMENT_"))}

    def __call__(self, *arguments: str, stdin: str | None = None, **environment: str) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, env={**self.environment, **environment})

    def prepare(self, what: str, fill: Callable[["Terminal"], None]) -> None:
        """`fill` the database, or copy what came of it before."""
        path = self.folder / "engagement.db"
        if what in _prepared:
            path.write_bytes(_prepared[what])
        else:
            fill(self)
            _prepared[what] = path.read_bytes()

    def ok(self, *arguments: str, **details: str) -> str:
        result = self(*arguments, **details)
        assert result.exit_code == 0, result.output + result.stderr
        return str(result.stdout)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture
def calder(terminal: Terminal) -> Terminal:
    terminal.prepare(__name__, record_calder)
    return terminal


def record_calder(terminal: Terminal) -> None:
    terminal.ok("do", '/engagement client add "Calder Ridge" alias:calder zone:America/Chicago')
    terminal.ok(
        "do",
        '/engagement agreement add "Calder Ridge" SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 '
        "initial-term:12m renewal:auto notice:60d",
    )
    terminal.ok("import", "matrix", str(DEV_MATRIX), "--client", "Calder Ridge", "--agreement", "SOW-A")


def test_a_value_beyond_its_limit_is_said_in_words(calder: Terminal) -> None:
    reason = "because " * 70
    result = calder("do", f'/engagement agreement terminate calder SOW-A on:2026-12-31 reason:"{reason}"', "--yes")
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert "reason has 559 characters; at most 500 are kept. Nothing was saved." in result.output + result.stderr


def test_a_matrix_is_imported_and_questions_are_answered_in_order(calder: Terminal) -> None:
    again = calder.ok("import", "matrix", str(DEV_MATRIX), "--client", "Calder Ridge", "--agreement", "SOW-A", "--json")
    found = json.loads(again)
    assert (found["rows"], found["saved"]) == (125, True)
    assert found["by_party"] == {"msp": 64, "client": 22, "shared": 17, "third_party": 15, "out_of_scope": 7}
    questions = ["Server backup", "who feeds the hamster", "Workstation backup"]
    lines = calder.ok("ask", "--client", "calder", "--json", stdin="\n".join(questions)).splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["question"] for answer in answers] == questions
    assert [answer["verdict"] for answer in answers] == ["msp", "undocumented", "out_of_scope"]
    wanted = {"question", "verdict", "item", "candidates", "confidence", "evidence", "cautions"}
    assert all(wanted <= answer.keys() for answer in answers)
    assert set(answers[0]["evidence"]) == {"agreement", "clause", "effective_from", "effective_to", "last_reviewed"}


def test_one_question_as_text_and_as_of_a_day(calder: Terminal) -> None:
    assert "This is ours: do it." in calder.ok("ask", "--client", "calder", "Server backup")
    answer = json.loads(calder.ok("ask", "--client", "calder", "--as-of", "2025-06-01", "--json", "Server backup"))
    assert answer["verdict"] == "undocumented"


def test_a_line_that_cannot_be_answered_does_not_stop_the_others(calder: Terminal) -> None:
    result = calder("ask", "--client", "calder", "--json", stdin=f"{'x' * 2000}\nServer backup\n")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    assert "Shorten it" in first["error"]
    assert second["verdict"] == "msp"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_is_written_and_imports_back(calder: Terminal, suffix: str) -> None:
    path = calder.folder / f"out.{suffix}"
    calder.ok("export", "matrix", "--client", "calder", "--agreement", "SOW-A", "-o", str(path))
    if suffix == "xlsx":
        assert load_workbook(path).worksheets[0].max_row == 126
    text = calder.ok("import", "matrix", str(path), "--client", "calder", "--agreement", "SOW-A")
    assert "Nothing was changed" in text


def test_a_file_is_stated_as_signed_or_proposed_and_days_are_those_asked_for(calder: Terminal) -> None:
    (calder.folder / "new.csv").write_text("item,responsible\nHamster care,msp\n")
    where = ("new.csv", "--client", "calder", "--agreement", "SOW-A", "--keep-missing")
    calder.ok("import", "matrix", *where, "--proposed")
    assert "do not rely on it" in calder.ok("ask", "--client", "calder", "Hamster care")
    assert calder("import", "matrix", *where, "--proposed", "--as-signed").exit_code != 0
    calder.ok("import", "matrix", *where, "--as-signed")
    assert "This is ours: do it." in calder.ok("ask", "--client", "calder", "Hamster care")
    answer = calder.ok("ask", "--client", "calder", "--known-at", "2026-01-15", "--json", "Hamster care")
    assert json.loads(answer)["verdict"] == "undocumented"
    result = calder("export", "matrix", "--client", "calder", "--known-at", "2026-01-15", "-o", "then.csv")
    assert "no rows to export" in result.output + result.stderr
    said = calder.ok("export", "matrix", "--client", "calder", "--as-of", "2026-01-15", "-o", "day.csv")
    assert "rows of Calder Ridge" in said


def test_an_import_that_ends_rows_needs_a_yes(calder: Terminal) -> None:
    (calder.folder / "one.csv").write_text("item,responsible\nServer backup,client\n")
    where = ("one.csv", "--client", "calder", "--agreement", "SOW-A")
    result = calder("import", "matrix", *where)
    assert result.exit_code == 1
    assert "would end 124 rows" in result.output
    assert "Add --yes to end them, or --keep-missing to keep them." in result.output
    assert "124 rows that the file does not have" in calder.ok("import", "matrix", *where, "--keep-missing")
    assert "124 retired" in calder.ok("import", "matrix", *where, "--yes")


def test_everything_moves_to_another_database(calder: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Written: all.zip" in calder.ok("export", "all", "-o", "all.zip")
    assert (calder.folder / "all.zip").stat().st_mode & 0o077 == 0
    assert "exists already" in calder("export", "all", "-o", "all.zip").output
    refused = calder("import", "all", "all.zip")
    assert refused.exit_code == 1
    assert "The database is not empty" in refused.output
    shown = calder.ok("do", "/engagement matrix show calder", "--json")
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", f"sqlite:///{calder.folder / 'other.db'}")
    (calder.folder / "bad.zip").write_bytes((calder.folder / "all.zip").read_bytes()[:-50])
    refused = calder("import", "all", "bad.zip")
    assert refused.exit_code == 1
    assert "Nothing was saved" in refused.output
    assert "Imported, as of " in calder.ok("import", "all", "all.zip")
    assert calder.ok("do", "/engagement matrix show calder", "--json") == shown
    assert "The audit log is whole" in calder.ok("audit", "verify")


def test_clients_and_agreements_are_imported_and_exported(terminal: Terminal) -> None:
    clients = terminal.folder / "clients.csv"
    clients.write_text("name,time zone\nAcme,Europe/London\nBirch,Europe/Paris\n")
    agreements = terminal.folder / "agreements.csv"
    agreements.write_text("client,reference,kind,effective\nAcme,MSA,msa,2026-01-01\n")
    assert json.loads(terminal.ok("import", "clients", str(clients), "--dry-run", "--json"))["saved"] is False
    terminal.ok("import", "clients", str(clients))
    terminal.ok("import", "agreements", str(agreements))
    terminal.ok("export", "clients", "-o", "all.csv")
    assert "Birch" in (terminal.folder / "all.csv").read_text(encoding="utf-8-sig")
    terminal.ok("export", "agreements", "-o", "paper.csv")
    assert "MSA" in (terminal.folder / "paper.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("do", "/engagement agreement edit calder SOW-A effective:32"), 1, "not a date"),
        (("do", "/nonsense x"), 1, "/engagement"),
        (("ask", "--client", "nobody", "x"), 1, 'no client called "nobody"'),
        (("ask", "--client", "caldr", "x"), 1, "Did you mean Calder Ridge?"),
        (("ask", "x"), 1, "--client NAME"),
        (("import", "matrix", "gone.csv", "--client", "calder", "--agreement", "SOW-A"), 1, "No such file"),
        (("import", "matrix", "bad.xlsx", "--client", "calder", "--agreement", "SOW-A"), 1, "bad.xlsx"),
        (("import", "matrix", ".", "--client", "calder", "--agreement", "SOW-A"), 1, "Cannot read"),
        (("export", "matrix", "--client", "calder", "-o", "/nowhere/x.csv"), 1, "Cannot write"),
        (("run",), 2, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN: not set"),
        (("run", "--http", "nowhere"), 1, "HOST:PORT"),
        (("manifest", "--mode", "http"), 1, "public address"),
        (("db", "backup", "engagement.db"), 1, "exists already"),
        (("demo", "--script", "gone.txt"), 1, "Cannot read gone.txt"),
    ],
)
def test_what_goes_wrong_is_one_message_and_a_code_and_changes_nothing(
    calder: Terminal, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (calder.folder / "bad.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    before = calder.ok("do", "/engagement matrix show calder", "--json")
    result = calder(*arguments)
    assert result.exit_code == code, result.output
    assert words in result.output
    assert "Traceback" not in result.output
    assert calder.ok("do", "/engagement matrix show calder", "--json") == before


def test_a_refusal_is_json_too_when_json_is_asked_for(calder: Terminal) -> None:
    (calder.folder / "odd.csv").write_text("a,b\n1,2\n")
    result = calder("import", "matrix", "odd.csv", "--client", "calder", "--agreement", "SOW-A", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["saved"], found["rows"]) == (False, 0)
    assert found["plan"]["refused"]
    assert json.loads(calder("do", "/engagement client show nobody", "--json").stdout)["error"]


def test_all_wrong_settings_are_reported_at_once_without_secrets(terminal: Terminal) -> None:
    result = terminal(
        "run",
        ENGAGEMENT_TIMEZONE="Mars",
        ENGAGEMENT_ADMINS="dana",
        SLACK_BOT_TOKEN="hunter2-secret",
        ENGAGEMENT_DATABASE_URL="mysql://x",
    )
    assert result.exit_code == 2
    for name in ("ENGAGEMENT_TIMEZONE", "ENGAGEMENT_ADMINS", "SLACK_BOT_TOKEN", "ENGAGEMENT_DATABASE_URL"):
        assert name in result.output
    assert "hunter2" not in result.output


def test_a_locked_database_is_one_message_and_loses_nothing(calder: Terminal) -> None:
    holder = sqlite3.connect("engagement.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    result = calder("do", "/engagement client add Other")
    holder.execute("ROLLBACK")
    holder.close()
    assert result.exit_code == 3
    assert "database is locked" in result.output
    assert "Nothing was changed" in result.output
    assert calder.ok("do", "/engagement client list").startswith("1 client.")


def test_a_file_that_is_no_database_is_one_message(terminal: Terminal) -> None:
    (terminal.folder / "engagement.db").write_bytes(b"this is a letter to my aunt" * 100)
    result = terminal("do", "/engagement client list")
    assert result.exit_code == 3
    assert "no SQLite database" in result.output


def test_a_role_decides_what_a_user_may_do(calder: Terminal) -> None:
    result = calder("do", "/engagement client add Other", "--as", "U0NOBODY")
    assert result.exit_code == 1
    assert "for the role manager" in result.output


def test_the_audit_log_of_a_changed_database_is_reported_broken(calder: Terminal) -> None:
    calder.ok("audit", "verify")
    database = sqlite3.connect("engagement.db")
    database.execute("DROP TRIGGER audit_entry_no_update")
    database.execute("UPDATE audit_entry SET actor = 'EVIL' WHERE seq = 2")
    database.commit()
    database.close()
    result = calder("audit", "verify")
    assert result.exit_code == 1
    assert "entry 2" in result.output


def test_check_names_what_is_missing(terminal: Terminal) -> None:
    result = terminal("check")
    assert result.exit_code == 3
    assert "SLACK_BOT_TOKEN is not set" in result.output
    assert "ok     database" in result.output


def test_it_runs_as_a_module_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "manifest", "--mode", "http", "--url", "https://bot.example.com"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "https://bot.example.com/slack/events" in done.stdout


def test_of_the_exact_and_the_uncovered_questions_enough_are_answered_right(calder: Terminal) -> None:
    """All of kind exact with the right row; of those that no row covers, at least nine in ten admit it."""
    header, *lines = DEV_QUESTIONS.read_text(encoding="utf-8").splitlines()
    assert header == "question,expected_item,kind"
    questions = list(csv.DictReader([header, *lines]))
    output = calder.ok("ask", "--client", "calder", "--json", stdin="\n".join(each["question"] for each in questions))
    answers = [json.loads(line) for line in output.splitlines()]
    assert len(answers) == len(questions)
    pairs = list(zip(questions, answers, strict=True))
    exact = [(each["expected_item"], answer["item"]) for each, answer in pairs if each["kind"] == "exact"]
    assert len(exact) == 22
    assert all(wanted == item for wanted, item in exact)
    uncovered = [answer["verdict"] for each, answer in pairs if not each["expected_item"]]
    assert len(uncovered) == 60
    assert sum(verdict in ("undocumented", "ambiguous") for verdict in uncovered) >= 54
