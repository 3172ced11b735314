"""db and audit on the command line: what is written, what is refused, and with which exit code."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.process import preflight
from storage.catalog.sentences import EncoderUnavailable


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def test_a_backup_is_made_and_put_back(line: Any, tmp_path: Path) -> None:
    line("do", 'client add "Calder Ridge"')
    assert line("db", "backup", "b.db").exit_code == 0
    line("do", 'client add "Bluebird"')
    assert "exists already" in line("db", "backup", "b.db").output
    done = line("db", "restore", "b.db")
    assert done.exit_code == 0, done.output
    assert "before-restore-1" in done.output
    assert "looked for in Slack" in done.output
    shown = line("do", "client list").output
    assert "Calder Ridge" in shown
    assert "Bluebird" not in shown
    assert "db restore" in line("do", "audit show").output
    assert line("db", "restore", "b.db").exit_code == 0
    assert (tmp_path / "engagement.db.before-restore-2").exists()
    assert line("db", "restore", "nothing.db").exit_code == 1
    assert line("db", "restored").exit_code == 0


def test_the_audit_log_is_exported_so_that_anybody_can_check_it(line: Any, tmp_path: Path) -> None:
    for name in ("Calder", "Bluebird"):
        line("do", f"client add {name}")
    assert line("audit", "export", "-o", "log.jsonl").exit_code == 0
    assert line("audit", "export", "-o", "log.jsonl").exit_code == 1, "an export is never overwritten"
    entries = [json.loads(row) for row in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert line("audit", "export").output.splitlines() == (tmp_path / "log.jsonl").read_text().splitlines()
    previous = "0" * 64
    for entry in entries:
        assert entry["previous_hash"] == previous
        digest = hashlib.sha256(f"{entry.pop('salt')}\n{entry.pop('details')}".encode()).hexdigest()
        assert digest == entry["details_digest"]
        previous = entry.pop("hash")
        text = f"engagement-checks audit v1\n{json.dumps(entry, sort_keys=True)}"
        assert hashlib.sha256(text.encode()).hexdigest() == previous
    heads = tmp_path / "heads.txt"
    heads.write_text(f"some words\nAudit log: entry 2 has the hash {previous}\n")
    assert line("audit", "verify", "--heads", "heads.txt").exit_code == 0
    heads.write_text(f"Audit log: entry 2 has the hash {'0' * 64}\n")
    refused = line("audit", "verify", "--heads", "heads.txt")
    assert refused.exit_code == 1
    assert "written anew" in refused.output
    heads.write_text("no head in here")
    assert "no saved head" in line("audit", "verify", "--heads", "heads.txt").output


def test_questions_are_exported_as_a_data_set(line: Any, tmp_path: Path) -> None:
    line("do", 'client add "Calder Ridge"')
    line("ask", "--client", "calder ridge", "who feeds the goldfish")
    done = line("questions", "export", "--client", "calder ridge", "-o", "scope_calder")
    assert done.exit_code == 0, done.output
    assert "0 questions" in done.output
    assert "Left out: 1, because nobody has settled it yet" in done.output
    assert (tmp_path / "scope_calder" / "questions.csv").read_text() == "question,expected_item,kind\n"
    again = line("questions", "export", "--client", "calder ridge", "-o", "scope_calder")
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert 'There is no client called "nobody"' in line("questions", "export", "--client", "nobody", "-o", "x").output
    assert "Did you mean Calder Ridge?" in line("questions", "export", "--client", "calder rigde", "-o", "x").output
    assert not (tmp_path / "x").exists()
    assert "questions export" in line("do", "audit show").output
    line("do", 'client edit "Calder Ridge" name:Zenith alias:zen')
    for number, name in enumerate(("Calder Ridge", "zen", "Zenith", "calder")):
        done = line("questions", "export", "--client", name, "-o", f"again_{number}")
        assert "0 questions of Zenith" in done.output, name


def test_check_says_when_the_encoder_cannot_be_loaded(line: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sentence encoder: loaded" in line("check").output

    def unavailable() -> None:
        raise EncoderUnavailable("onnxruntime is not installed for this platform")

    monkeypatch.setattr(preflight, "encoder", unavailable)
    shown = line("check").output
    assert "onnxruntime is not installed" in shown
    assert "by their words alone" in shown


def test_what_do_brings_back_is_never_written_over_another_file(line: Any, tmp_path: Path) -> None:
    line("do", 'client add "Calder Ridge"')
    typed = ("do", "audit show format:csv")
    assert line(*typed).exit_code == 0
    refused = line(*typed)
    assert (refused.exit_code, "exists already" in refused.output, "-o NAME" in refused.output) == (1, True, True)
    assert line(*typed, "-o", "log.csv").exit_code == 0
    (tmp_path / "logs").mkdir()
    assert line(*typed, "-o", "logs").exit_code == 0
    assert len(list(tmp_path.rglob("*.csv"))) == 3
