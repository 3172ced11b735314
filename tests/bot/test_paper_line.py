"""`paper` on the command line: templates out and in again, and evidence that is checked where the bot is not."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from typer.testing import CliRunner, Result

from bot.cli import app


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def edited(path: Path, old: str, new: str) -> None:
    document = Document(BytesIO(path.read_bytes()))
    [passage] = [each for each in document.paragraphs if old in each.text]
    passage.text = passage.text.replace(old, new)
    document.save(str(path))


def test_a_template_goes_out_is_edited_and_comes_in_again(line: Any, tmp_path: Path) -> None:
    file = tmp_path / "ours.docx"
    out = line("paper", "templates", "export", "statement", "-o", str(file))
    assert out.exit_code == 0, out.output
    assert "Look first at the passages about, care, hold, nature" in out.output
    edited(file, "The clause says how far.", "We guarantee that nothing is lost.")
    refused = line("paper", "templates", "import", "statement", str(file))
    assert refused.exit_code == 1
    assert '"guarantee that"' in refused.output
    assert "Add --yes" in refused.output
    assert "shipped wording" in line("paper", "templates", "list").output
    assert line("paper", "templates", "import", "statement", str(file), "--yes").exit_code == 0
    assert "ours.docx" in line("paper", "templates", "list").output
    first = tmp_path / "first.docx"
    assert line("paper", "templates", "export", "statement", "--version", "1", "-o", str(first)).exit_code == 0
    assert first.read_bytes() == file.read_bytes()
    edited(file, "We guarantee that nothing is lost.", "{{ clientt }}")
    unknown = line("paper", "templates", "import", "statement", str(file))
    assert unknown.exit_code == 1
    assert "{{ clientt }} is no field" in unknown.output
    assert "{{ client }}" in unknown.output
    assert line("paper", "templates", "reset", "statement").exit_code == 0
    assert "1 of 7" not in line("paper", "templates", "list").output
