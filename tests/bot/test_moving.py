"""`db move`: all of it or nothing, both ways, the same rows and the same chain; never beside a running bot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.process.run import alone
from commands.errors import CommandError
from commands.workspace.moving import compare, copy_all
from storage.database import Database
from storage.records import Client
from tests.bot.test_archive import filled, workspace


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", sqlite_url)

    def run(*words: str, url: str = sqlite_url) -> Result:
        monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", url)
        return CliRunner().invoke(app, list(words))

    return run


@pytest.fixture
def seeded(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    filled(database)
    yield database
    database.close()


def assert_same(one: Database, other: Database) -> None:
    """Apart from what the move itself wrote down."""
    with one.open_snapshot(workspace(one)) as before, other.open_snapshot(workspace(other)) as after:
        assert after.audit.verify()[1] is None
        entries = after.audit.newest(1)
        assert entries[0][0].action == "db move"
        assert {each.name for each in before.clients.list()} == {each.name for each in after.clients.list()}
        assert len(before.audit.newest(10_000)) == len(after.audit.newest(10_000)) - 1


def test_everything_goes_to_another_database_and_back(
    line: Any, seeded: Database, empty_url: str, tmp_path: Path
) -> None:
    to = empty_url if empty_url.startswith("postgresql") else f"sqlite:///{tmp_path / 'other.db'}"
    done = line("db", "move", "--to", to)
    assert done.exit_code == 0, done.output
    assert "compared one by one: they are the same" in done.output
    there = Database(to)
    assert_same(seeded, there)
    with there.open_unit(workspace(there)) as uow:
        uow.clients.add(Client(name="Added afterwards"))
    there.close()
    again = line("db", "move", "--to", to)
    assert again.exit_code == 1
    assert "is not empty" in again.output
    back = f"sqlite:///{tmp_path / 'back.db'}"
    done = line("db", "move", "--to", back, url=to)
    assert done.exit_code == 0, done.output
    home = Database(back)
    with home.open_unit(workspace(home), writes=False) as uow:
        assert uow.clients.find_by_key("added afterwards") is not None
        assert uow.audit.verify()[1] is None
    home.close()


def test_it_is_refused_while_a_bot_runs(line: Any, sqlite_url: str, seeded: Database, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with alone(sqlite_url):
        assert "Another bot already runs" in line("db", "move", "--to", other).output
    assert not (tmp_path / "other.db").exists()
    assert "is used already" in line("db", "move", "--to", sqlite_url).output
    assert line("db", "move", "--to", "mysql://x").exit_code == 2


def test_a_slip_in_the_path_moves_nothing(line: Any, sqlite_url: str, seeded: Database, tmp_path: Path) -> None:
    """It would make an empty database there, and say that all of it was moved."""
    to = f"sqlite:///{tmp_path / 'other.db'}"
    refused = line("db", "move", "--to", to, url=f"sqlite:///{tmp_path / 'slip.db'}")
    assert (refused.exit_code, "There is nothing to move" in refused.output) == (1, True)
    assert not (tmp_path / "slip.db").exists()
    assert not (tmp_path / "other.db").exists()
    Database.ready(f"sqlite:///{tmp_path / 'empty.db'}").close()
    refused = line("db", "move", "--to", to, url=f"sqlite:///{tmp_path / 'empty.db'}")
    assert (refused.exit_code, "is empty" in refused.output) == (1, True)
    written_otherwise = sqlite_url.replace(str(tmp_path), f"{tmp_path}/../{tmp_path.name}")
    assert "is used already" in line("db", "move", "--to", written_otherwise).output


def test_an_sqlite_database_is_found_whatever_its_address_says_besides(
    line: Any, sqlite_url: str, seeded: Database, tmp_path: Path
) -> None:
    to = f"sqlite:///{tmp_path / 'other.db'}"
    assert "is used already" in line("db", "move", "--to", f"{sqlite_url}?timeout=9").output
    done = line("db", "move", "--to", to, url=f"{sqlite_url}?timeout=5")
    assert done.exit_code == 0, done.output


def test_postgresql_is_not_moved_to_while_somebody_is_connected(line: Any, seeded: Database, empty_url: str) -> None:
    if not empty_url.startswith("postgresql"):
        pytest.skip("SQLite has a lock instead")
    other = Database(empty_url)
    other.upgrade()
    with other.engine.connect():
        refused = line("db", "move", "--to", empty_url)
    other.close()
    assert refused.exit_code == 1
    assert "is in use: 1 other connection." in refused.output


def test_a_row_that_arrives_changed_is_named(seeded: Database, tmp_path: Path) -> None:
    other = Database.ready(f"sqlite:///{tmp_path / 'other.db'}")
    with seeded.open_snapshot(workspace(seeded)) as before, other.open_unit(workspace(other)) as after:
        copied = copy_all(before, after)
        assert all(copied.values())
        after.clients.save(after.clients.list()[0].changed(industry="other"))
        with pytest.raises(CommandError, match=r"of client did not arrive as it was"):
            compare(before, after)
    other.close()


def test_nothing_is_moved_where_the_audit_log_does_not_hold(line: Any, seeded: Database, tmp_path: Path) -> None:
    with seeded.open_unit(workspace(seeded)) as uow:
        uow.connection.exec_driver_sql("UPDATE audit_detail SET details = 'x' WHERE id = 1")
    refused = line("db", "move", "--to", f"sqlite:///{tmp_path / 'other.db'}")
    assert refused.exit_code == 1
    assert "audit log does not hold" in refused.output
    there = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with there.open_unit(1, writes=False) as uow:
        assert uow.archive.held() == {}
    there.close()


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("postgresql://bot:hush@127.0.0.1:1/there", "postgresql://bot:***@127.0.0.1:1/there: no server answers there"),
        ("postgresql://bot:hush@nowhere.invalid/there", "its host is not found"),
        ("sqlite:////nowhere/at/all.db", "/nowhere/at/all.db cannot be opened: No such file or directory."),
    ],
)
def test_a_database_that_cannot_be_reached_is_named_in_plain_words(
    line: Any, seeded: Database, to: str, said: str
) -> None:
    refused = line("db", "move", "--to", to)
    assert refused.exit_code != 0
    assert isinstance(refused.exception, SystemExit)
    assert said in refused.output
    assert "hush" not in refused.output
    for words in ("connection to server", "Errno", "Traceback"):
        assert words not in refused.output


def test_a_file_that_is_no_database_is_named(line: Any, seeded: Database, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("hello\n" * 200)
    refused = line("db", "move", "--to", f"sqlite:///{tmp_path / 'notes.db'}")
    assert f"{tmp_path / 'notes.db'}: that file is no SQLite database" in refused.output
