"""Writers of one process take turns on SQLite; those that wait share a commit, and are saved or told otherwise."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RootTransaction, event
from sqlalchemy.exc import OperationalError

from storage.database import Database
from storage.engine import group_commit
from storage.errors import DatabaseUnavailable, StaleRecord
from storage.records import Client


@pytest.fixture
def home(sqlite_database: Database) -> int:
    with sqlite_database.workspaces() as workspaces:
        return workspaces.for_slack("T1", "An MSP").id


def names(database: Database, home: int) -> list[str]:
    with database.open_unit(home, writes=False) as uow:
        return [client.name for client in uow.clients.list()]


def commits_of(database: Database) -> list[Any]:
    counted: list[Any] = []
    event.listen(database.engine, "commit", counted.append)
    return counted


def together(database: Database, home: int, clients: list[str]) -> list[Exception | None]:
    """Each name added by a thread of its own while another unit holds the turn; what each of them got."""
    waiting = threading.Event()

    def add(name: str) -> Exception | None:
        try:
            with database.open_unit(home, shares=True) as uow:
                uow.clients.add(Client(name=name))
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(len(clients)) as pool:
        with database.open_unit(home):
            results = [pool.submit(add, name) for name in clients]
            assert database._group_commit is not None
            for _ in range(500):
                if len(database._group_commit._queue) == len(clients):
                    break
                waiting.wait(0.01)
        return [result.result() for result in results]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, those that wait get into the same transaction."""
    monkeypatch.setattr(group_commit, "_LONGEST_ROW", 60.0)


def test_units_that_wait_share_a_commit(sqlite_database: Database, home: int) -> None:
    wanted = [f"Client {number:02}" for number in range(12)]
    counted = commits_of(sqlite_database)
    assert together(sqlite_database, home, wanted) == [None] * 12
    assert len(counted) <= 3
    assert names(sqlite_database, home) == wanted


def test_one_that_fails_leaves_the_others_alone(sqlite_database: Database, home: int) -> None:
    found = together(sqlite_database, home, ["One", "Two", "one", "Three"])
    assert sorted(type(each).__name__ for each in found) == ["NoneType", "NoneType", "NoneType", "StaleRecord"]
    assert len(names(sqlite_database, home)) == 3


def test_when_the_commit_fails_everybody_is_told_and_nothing_was_seen(
    sqlite_database: Database, home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = RootTransaction.commit
    failures = iter([False, True])

    def failing(self: Any) -> None:
        if next(failures, False):
            self.rollback()
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))
        commit(self)

    monkeypatch.setattr(RootTransaction, "commit", failing)
    found = together(sqlite_database, home, ["One", "Two", "Three"])
    assert [type(each) for each in found] == [DatabaseUnavailable] * 3
    assert names(sqlite_database, home) == []
    with sqlite_database.open_unit(home, shares=True) as uow:
        assert uow.epoch == 1
        assert uow.clients.find_by_key("One") is None
        uow.clients.add(Client(name="Two"))
    assert names(sqlite_database, home) == ["Two"]


def test_a_long_unit_has_a_transaction_of_its_own(sqlite_database: Database, home: int) -> None:
    counted = commits_of(sqlite_database)
    for name in ("One", "Two"):
        with sqlite_database.open_unit(home) as uow:
            uow.clients.add(Client(name=name))
    assert len(counted) == 2


def test_a_unit_that_waits_too_long_is_told_and_the_turn_goes_on(
    sqlite_database: Database, home: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sqlite_database._group_commit is not None
    monkeypatch.setattr(sqlite_database._group_commit, "_patience", 0.05)
    with sqlite_database.open_unit(home) as uow:
        uow.clients.add(Client(name="One"))
        with pytest.raises(DatabaseUnavailable, match="too many"):
            sqlite_database.open_unit(home).__enter__()
    with sqlite_database.open_unit(home) as uow:
        uow.clients.add(Client(name="Two"))
    assert names(sqlite_database, home) == ["One", "Two"]


def test_a_database_that_another_process_holds_is_named_and_the_turn_goes_on(
    sqlite_database: Database, home: int
) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        sqlite_database.open_unit(home).__enter__()
    other.execute("ROLLBACK")
    other.close()
    with sqlite_database.open_unit(home) as uow:
        uow.clients.add(Client(name="One"))
    with pytest.raises(StaleRecord), sqlite_database.open_unit(home) as uow:
        uow.clients.add(Client(name="ONE"))


@pytest.mark.parametrize(("shares", "commits"), [(True, 1), (False, 2)])
def test_who_works_for_long_has_a_commit_of_its_own(
    sqlite_database: Database, home: int, shares: bool, commits: int
) -> None:
    """Whoever hands a transaction on waits for the next one: nobody is to wait for a long import."""
    counted = commits_of(sqlite_database)
    group = sqlite_database._group_commit
    assert group is not None

    def add() -> None:
        with sqlite_database.open_unit(home, shares=shares) as uow:
            uow.clients.add(Client(name="Second"))

    with ThreadPoolExecutor(1) as pool:
        with sqlite_database.open_unit(home, shares=True) as uow:
            uow.clients.add(Client(name="First"))
            later = pool.submit(add)
            for _ in range(500):
                if group._queue:
                    break
                threading.Event().wait(0.01)
        later.result()
    assert (len(counted), names(sqlite_database, home)) == (commits, ["First", "Second"])
