"""Two people who change the same record at the same moment: what is kept is what one after the other would have kept.

Each has a connection pool of its own, as two processes have. Both have read before either saves, where the database
lets them (PostgreSQL does; SQLite lets one write at a time).
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.commands.conftest import Desk, open_desk, set_up_calder

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


@contextmanager
def _met(barrier: threading.Barrier) -> Iterator[None]:
    """Wait for the other one; not for long, for it may be waiting for a lock that this one holds."""
    try:
        barrier.wait(0.4)
    except threading.BrokenBarrierError:
        barrier.reset()
    yield


def _meeting(database: Database, barrier: threading.Barrier | None) -> Callable[..., Any]:
    """Units of work that begin together and have done everything before either commits."""

    @contextmanager
    def open_unit(workspace_id: int, **more: Any) -> Iterator[UnitOfWork]:
        with database.open_unit(workspace_id, **more) as uow:
            if barrier is None or not more.get("writes", True):
                yield uow
                return
            yield uow
            with _met(barrier):
                pass

    return open_unit


def _run(desk: Desk, database: Database, line: str, barrier: threading.Barrier | None) -> BaseException | None:
    dispatcher = Dispatcher(REGISTRY, _meeting(database, barrier), lambda: desk.now, desk.dispatcher.policy)
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


def _ready(database: Database) -> Desk:
    desk = open_desk(database)
    set_up_calder(desk)
    for line in SETUP:
        desk.type(f"/engagement {line}")
    return desk


def _in_a_row(database: Database, lines: tuple[str, ...]) -> State:
    """The records after the lines one after the other, whatever is refused."""
    desk = _ready(database)
    for line in lines:
        _run(desk, database, line, None)
    return _state(desk)


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Further empty SQLite databases."""
    opened: list[Database] = []

    def open_one() -> Database:
        path = tmp_path / f"one-{len(opened)}.db"
        shutil.copy(sqlite_template, path)
        opened.append(Database(f"sqlite:///{path}"))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_what_is_kept_is_what_one_after_the_other_keeps(
    pair: tuple[str, str], database: Database, fresh_sqlite: Callable[[], Database]
) -> None:
    desk = _ready(database)
    second = Database(database.engine.url.render_as_string(hide_password=False))
    barrier, ends = threading.Barrier(2), dict[str, BaseException | None]()
    try:
        threads = [
            threading.Thread(target=lambda key=key, db=db, line=line: ends.update({key: _run(desk, db, line, barrier)}))
            for key, db, line in (("first", database, pair[0]), ("second", second, pair[1]))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert set(ends) == {"first", "second"}, "neither waits for the other for ever"
        assert [each for each in ends.values() if each is not None and not isinstance(each, CommandError)] == []
        kept = _state(desk)
    finally:
        second.close()
    possible = [_in_a_row(fresh_sqlite(), order) for order in (pair, pair[::-1])]
    alone = {"first": pair[1], "second": pair[0]}  # of what the other one was refused for
    possible += [_in_a_row(fresh_sqlite(), (alone[who],)) for who, end in ends.items() if end is not None]
    differing = [[(a, b) for a, b in zip(kept, each, strict=True) if a != b] for each in possible]
    assert kept in possible, min(differing, key=len)
    with database.open_unit(desk.workspace_id, writes=False) as uow:
        assert uow.audit.verify()[1] is None
