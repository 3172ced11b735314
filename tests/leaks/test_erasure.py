"""An erased client's people and words are nowhere in the database; the proof is, and the chain is whole."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from storage.repositories.erasure import ERASED, KEPT
from tests.leaks.test_leaks import prepared
from tests.leaks.world import OPEN, RESTRICTED, World, opened

__all__ = ["prepared"]


def run(world: World, text: str) -> str:
    workspace_id = world.runtime.workspace_id("T0LOCAL001")
    return world.runtime.dispatcher.run(Request(workspace_id, CONSOLE, text, is_confirmed=True)).headline


def cells(path: Path, token: str) -> set[tuple[str, str]]:
    """Where in the database, table and column, `token` is."""
    found = set()
    with sqlite3.connect(path) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for row in connection.execute(f"SELECT * FROM {table}"):
                found |= {(table, name) for name, cell in zip(names, row, strict=True) if token in str(cell).lower()}
    return found


def test_only_the_paper_is_left_of_an_erased_client(prepared: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(prepared, tmp_path / "world.db"))
    with opened(path) as world:
        before = cells(path, RESTRICTED)
        assert ("client", "name") in before
        assert ("audit_detail", "details") in before
        others = cells(path, OPEN)
        with pytest.raises(CommandError, match="still a client"):
            run(world, "client erase vantablack confirm:yes")
        run(world, "client offboard vantablack")
        with pytest.raises(CommandError, match="on legal hold"):
            run(world, "client erase vantablack confirm:yes")
        run(world, "hold lift vantablack reason:over")
        number = run(world, "client erase vantablack").partition("number ")[2].partition(")")[0]
        with pytest.raises(CommandError, match="number is missing"):
            run(world, "client erase vantablack confirm:yes")
        assert "is erased" in run(world, f"client erase number:{number} confirm:yes")
        left = cells(path, RESTRICTED)
        assert [(table, column) for table, column in left if column not in KEPT] == []
        assert ("responsibility", "clause") in left
        assert ("agreement", "reference") in left
        assert not cells(path, "vantablack")
        assert cells(path, OPEN) == others, "other clients keep everything"
        assert "is whole" in run(world, "audit verify")
        assert "vantablack" not in run(world, "client list all:yes").lower()
        with pytest.raises(CommandError, match="no client"):
            run(world, "client show vantablack")
    with closing(sqlite3.connect(path)) as connection:  # what is still in the write-ahead log belongs to the file, too
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    assert b"vantablack" not in content.lower(), "what was erased is not left in free pages"
    assert ERASED.encode() in content
