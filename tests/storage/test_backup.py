"""Backups: whole or not there, closed when they are written, and one that failed is simply made again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseUnavailable


def test_a_backup_that_failed_leaves_nothing_and_is_made_again(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, target = tmp_path / "backups", tmp_path / "backups" / "b.db"
    place.mkdir()
    (place / "b.db.part").write_bytes(b"of one that was killed")
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def full(path: Path) -> sqlite3.Connection:
        opened.append(connect(path))
        path.write_bytes(b"x" * 5_000)  # no database: what is copied into it fails
        return opened[-1]

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", full)
        with pytest.raises(DatabaseUnavailable, match="cannot write"):
            sqlite_database.backup(target)
    assert list(place.iterdir()) == []
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
    sqlite_database.backup(target)
    assert list(place.iterdir()) == [target]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with pytest.raises(ValueError, match="exists already"):
        sqlite_database.backup(target)


def test_where_nothing_can_be_written_is_said(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot write"):
        sqlite_database.backup(tmp_path / "nowhere" / "b.db")
