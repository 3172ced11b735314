"""Two people who change the same record at the same moment: what is kept is what one after the other would have kept.

Each has a connection pool of its own, as two processes have. Neither saves before the other has done everything or
waits for it.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from commands.matrix_cache import Matrices
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Desk, open_desk, set_up_calder
from tests.conftest import _administer, _with_name

SETUP = (
    'client add "North Star" alias:nsd',
    "agreement add nsd NS-1 kind:sow effective:2026-01-01",
    'promise add calder "Test a restore" source:sla every:3m',
    'insurance require calder "MFA everywhere"',
    'access grant calder "Payroll server" view',
    'obligation add calder "Tell us about leavers" every:3m',
    'recommendation decline calder "Buy EDR" by:"Lee Marsh, COO"',
    "disclosure record calder hipaa applies",
    "scope ask calder who polishes the trophies?",
)
SHOWN = (
    "client list all:yes", "client show calder", "agreement list calder", "agreement show calder SOW-A",
    "matrix show calder", "promise list calder ended:yes", "insurance list calder", "access calder",
    "obligation list calder", "recommendation list calder", "disclosure list calder history:yes", "scope open",
    "scope history calder", 'matrix history calder "Server backup"', "hold list",
)  # fmt: skip
PAIRS = {
    "edit, two fields": ("client edit calder industry:Dental", "client edit calder country:US"),
    "edit, one field": ("agreement edit calder SOW-A title:One", "agreement edit calder SOW-A title:Two"),
    "edit, two papers' fields": ("agreement edit calder SOW-A notice:90d", "agreement edit calder SOW-A uplift:3.5"),
    "alias, each one": ("client alias calder CR", "client alias calder Ridge"),
    "the same alias of two": ("client alias calder star", "client alias nsd star"),
    "add, the same": ("agreement add calder NEW kind:sow", "agreement add calder NEW kind:msa"),
    "client, the same": ('client add "Zed Mills" industry:a', 'client add "ZED MILLS" industry:b'),
    "row, two parties": (
        'matrix set calder SOW-A "Server backup" client clause:1 as-signed:yes',
        'matrix set calder SOW-A "Server backup" out_of_scope clause:2 as-signed:yes',
    ),
    "row, set and retire": (
        'matrix set calder SOW-A "Server backup" client clause:1 as-signed:yes',
        'matrix retire calder SOW-A "Server backup" on:2026-03-01',
    ),
    "row, added twice": (
        'matrix set calder SOW-A "Badge printers" msp clause:8 as-signed:yes',
        'matrix set calder SOW-A "Badge printers" client clause:9 as-signed:yes',
    ),
    "end, two days": (
        "agreement terminate calder SOW-A on:2026-02-10 reason:moved",
        "agreement terminate calder SOW-A on:2026-02-20 reason:sold",
    ),
    "end and edit": (
        "agreement terminate calder SOW-A on:2026-02-10 reason:moved",
        "agreement edit calder SOW-A notice:90d",
    ),
    "end a promise and keep it": (
        'promise end calder "Test a restore" on:2026-03-01 reason:sold',
        'promise kept calder "Test a restore" on:2026-02-20',
    ),
    "end and change a requirement": (
        'insurance end calder "MFA everywhere"',
        'insurance require calder "MFA everywhere" implemented-by:msp',
    ),
    "revoke and review": (
        'access revoke calder "Payroll server"',
        'access review calder "Payroll server" limit:"only on site"',
    ),
    "met and unmet": (
        'obligation met calder "Tell us about leavers"',
        'obligation unmet calder "Tell us about leavers"',
    ),
    "accept and reoffer": (
        'recommendation accept calder "Buy EDR"',
        'recommendation reoffer calder "Buy EDR" by:"Lee Marsh"',
    ),
    "disclose twice": ("disclosure record calder hipaa does_not_apply", "disclosure record calder hipaa unknown"),
    "decide, two ways": (
        "renewal decide calder SOW-A give_notice reason:moving notice-on:2026-03-01 method:email",
        "renewal decide calder SOW-A renew reason:good",
    ),
    "settle, two ways": (
        "scope settle 1 client agreement:SOW-A item:Trophies",
        "scope settle 1 msp agreement:SOW-A item:Trophies",
    ),
    "settle and dismiss": (
        "scope settle 1 client agreement:SOW-A item:Trophies",
        'scope dismiss 1 note:"not a service"',
    ),
    "merge into each other": ("client merge calder into:nsd", "client merge nsd into:calder"),
    "merge twice": ("client merge nsd into:calder", "client merge nsd into:calder"),
    "merge and add": ("client merge nsd into:calder", "agreement add nsd NS-2 kind:sow"),
    "merge and edit": ("client merge nsd into:calder", "client edit nsd industry:Dental"),
    "merge and hold": ("client merge nsd into:calder", 'hold place nsd by:"Counsel" reason:"a claim"'),
    "offboard and add": ("client offboard calder", "agreement add calder NEW kind:sow"),
}  # fmt: skip
State = tuple[Any, ...]
_LONGEST_WAIT = 0.4
TABLES = [
    table.name
    for table in SQLModel.metadata.sorted_tables
    if "workspace_id" in table.c and not table.name.startswith("audit_")  # which goes on: nothing is deleted from it
]


@dataclass
class Meeting:
    """What each of the two is at: "works", "waits" for a lock, or "is done"."""

    people: Sequence[str]
    at: dict[str, str] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def say(self, who: str, what: str) -> None:
        with self.changed:
            self.at[who] = what
            self.changed.notify_all()

    def wait_for_other(self, who: str) -> None:
        """Not for long: it may be waiting for a row that this one changed, which nobody is told."""
        (other,) = set(self.people) - {who}
        self.say(who, "is done")
        with self.changed:
            self.changed.wait_for(lambda: self.at.get(other, "works") != "works", _LONGEST_WAIT)


def _meeting(database: Database, who: str, meeting: Meeting) -> Callable[..., Any]:
    """Changing units of work that are committed when the other's has done everything, or waits for this one."""

    def told(lock: Callable[..., None]) -> Callable[..., None]:
        def hold(*args: Any) -> None:
            meeting.say(who, "waits")
            lock(*args)
            meeting.say(who, "works")

        return hold

    @contextmanager
    def open_unit(workspace_id: int, **more: Any) -> Iterator[UnitOfWork]:
        unit = database.open_unit(workspace_id, **more)
        if not more.get("writes", True):
            with unit as uow:
                yield uow
            return
        if database.is_sqlite:  # one at a time from the beginning on
            meeting.say(who, "waits")
        unit._lock_chain = told(unit._lock_chain)
        with unit as uow:
            meeting.say(who, "works")
            yield uow
            meeting.wait_for_other(who)

    return open_unit


def _run(desk: Desk, line: str, open_unit: Callable[..., Any]) -> BaseException | None:
    dispatcher = Dispatcher(REGISTRY, open_unit, lambda: desk.now, desk.dispatcher.policy)
    try:
        dispatcher.run(Request(desk.workspace_id, CONSOLE, line, is_confirmed=True))
    except BaseException as error:
        return error
    return None


def _state(desk: Desk) -> State:
    """What people are shown of all records."""
    found = []
    for line in SHOWN:
        try:
            reply = desk.type(f"/engagement {line}")
            found.append((line, reply.headline, reply.fields, reply.table, reply.cautions))
        except CommandError as error:
            found.append((line, error.message, (), None, ()))
    return tuple(found)


def _make_ready(url: str) -> None:
    database = Database(url)
    desk = open_desk(database)
    set_up_calder(desk)
    for line in SETUP:
        desk.type(line)
    database.close()


def _desk(database: Database) -> Desk:
    with database.workspaces() as workspaces:
        return Desk(database, workspaces.for_slack("T0", "Test").id)


@pytest.fixture(scope="module")
def ready_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which the records are that the pairs change."""
    path = tmp_path_factory.mktemp("ready") / "ready.db"
    shutil.copy(sqlite_template, path)
    _make_ready(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def ready_postgres(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """A database with the same records, and with a copy of each table to put back."""
    name = f"ready_{os.getpid()}"
    _administer(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    url = _with_name(postgres_url, name)
    _make_ready(url)
    _administer(
        url, "; ".join(("CREATE SCHEMA ready", *(f"CREATE TABLE ready.{each} AS TABLE {each}" for each in TABLES)))
    )
    yield url
    _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def _put_back(url: str) -> None:
    """What `ready_postgres` held at first. Ten times as fast as another clone."""
    statements = ["SET session_replication_role = replica"]  # no foreign keys, no triggers
    for each in TABLES:
        statements.append(f"DELETE FROM {each}; INSERT INTO {each} SELECT * FROM ready.{each}")
        statements.append(
            f"SELECT setval(pg_get_serial_sequence('{each}', 'id'), coalesce(max(id), 0) + 1, false) FROM {each}"
        )
    _administer(url, "; ".join(statements))


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that holds these records and nothing else, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "engagement.db"
        shutil.copy(request.getfixturevalue("ready_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("ready_postgres")
    _put_back(url)
    return url


@pytest.fixture(scope="module")
def in_a_row(ready_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], State]:
    """The records after some lines one after the other, whatever is refused; worked out once."""
    known: dict[tuple[str, ...], State] = {}

    def work_out(lines: tuple[str, ...]) -> State:
        if lines not in known:
            path = tmp_path_factory.mktemp("row") / "row.db"
            shutil.copy(ready_sqlite, path)
            database = Database(f"sqlite:///{path}")
            desk = _desk(database)
            for line in lines:
                _run(desk, line, database.open_unit)
            known[lines] = _state(desk)
            database.close()
        return known[lines]

    return work_out


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_what_is_kept_is_what_one_after_the_other_keeps(
    pair: tuple[str, str], ready_url: str, in_a_row: Callable[[tuple[str, ...]], State]
) -> None:
    first, second = Database(ready_url), Database(ready_url)
    desk, ends = _desk(first), dict[str, BaseException | None]()
    meeting = Meeting(("first", "second"))

    def run(who: str, database: Database, line: str) -> None:
        ends[who] = _run(desk, line, _meeting(database, who, meeting))
        meeting.say(who, "is done")

    try:
        threads = [
            threading.Thread(target=run, args=each) for each in (("first", first, pair[0]), ("second", second, pair[1]))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert set(ends) == {"first", "second"}, "neither waits for the other for ever"
        assert [each for each in ends.values() if each is not None and not isinstance(each, CommandError)] == []
        kept = _state(desk)
        with first.open_unit(desk.workspace_id, writes=False) as uow:
            assert uow.audit.verify()[1] is None
    finally:
        first.close()
        second.close()
    alone = {"first": (pair[1],), "second": (pair[0],)}  # of what the other one was refused for
    possible = [pair, pair[::-1], *(alone[who] for who, end in ends.items() if end is not None)]
    differing = []
    for lines in possible:
        found = [(a, b) for a, b in zip(kept, in_a_row(lines), strict=True) if a != b]
        if not found:
            return
        differing.append(found)
    pytest.fail(f"neither order keeps this: {min(differing, key=len)}")


CHANGED = {
    '/engagement matrix set calder SOW-A "Server backup" client clause:"7.1"': "client",
    '/engagement matrix retire calder SOW-A "Server backup" on:2026-03-01': "lapsed",
    "/engagement agreement terminate calder SOW-A on:2026-03-01": "lapsed",
}


@pytest.mark.parametrize("line", CHANGED)
def test_an_answer_is_never_older_than_the_last_change_of_any_process(calder: Desk, line: str) -> None:
    """Each process keeps the matrix that it answered from."""
    other = replace(calder.dispatcher, matrices=Matrices())
    question = Request(calder.workspace_id, CONSOLE, "calder server backup", slash="/scope")
    assert [each.run(question).data["verdict"] for each in (calder.dispatcher, other)] == ["msp"] * 2
    calder.type(line)
    assert [each.run(question).data["verdict"] for each in (calder.dispatcher, other)] == [CHANGED[line]] * 2
