"""Files that the command line writes: in the folder that was meant, and never over another one."""

from pathlib import Path

import pytest

from bot.cli.session import save_file
from commands.errors import CommandError
from commands.reply import File


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("matrix.csv", "matrix.csv"),
        ("Übersicht 2026.pdf", "Übersicht 2026.pdf"),
        ("../../../up.pdf", "up.pdf"),
        ("/etc/cron.d/up", "up"),
        ("..\\..\\up.pdf", "up.pdf"),
        ("C:up.pdf", "up.pdf"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\n.pdf", "ab.pdf"),
    ],
)
def test_a_name_is_no_path(name: str, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, chosen = tmp_path / "one" / "two", tmp_path / "chosen"
    inside.mkdir(parents=True)
    chosen.mkdir()
    monkeypatch.chdir(inside)
    file = File(name, b"what it holds", "A copy")
    assert save_file(file, None) == Path(written)
    assert (inside / written).read_bytes() == b"what it holds"
    assert save_file(file, chosen) == chosen / written
    assert sorted(each for each in tmp_path.rglob("*") if each.is_file()) == [chosen / written, inside / written]


def test_what_is_there_stays_unless_its_name_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "matrix.csv"
    there.write_bytes(b"kept")
    file = File("matrix.csv", b"new", "A matrix")
    for target in (None, tmp_path):
        with pytest.raises(CommandError, match="exists already") as refused:
            save_file(file, target)
        assert "-o" in " ".join(refused.value.next_steps)
    assert there.read_bytes() == b"kept"
    save_file(file, there)
    assert there.read_bytes() == b"new"


def test_a_name_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot write"):
        save_file(File("a" * 400, b"x", "A copy"), tmp_path)
