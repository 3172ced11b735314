"""Every query of what happens often finds its rows by an index: no table is read through, and nobody else's rows are.

SQLite is asked on a database that was never analysed, as it is in real life. PostgreSQL is asked with sequential scans
forbidden, which it prefers on few rows, and only about tables that are filled here: in an empty one any index will do.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from bot.runtime.wiring import Runtime, build
from commands.dispatching.request import CONSOLE, Request
from commands.reminders.planner import planner_for
from storage.unit_of_work import UnitOfWork
from tests.benchmarks import world
from tests.conftest import NOW

CLIENTS = 60
# What a workspace has few of, and what is read whole: its names, settings, people and heartbeats.
_SMALL = (
    "workspace", "client", "client_key", "client_channel", "directory_version", "lead_times", "person_zone",
    "heartbeat", "own_regulation", "own_framework", "role_assignment", "client_visibility",
    "framework_version",
)  # fmt: skip
_CLIENT = f'"{world.client_name(7)}"'
_SQLITE = re.compile(r"(?P<how>SCAN|SEARCH) (?P<table>\w+)")
_POSTGRES = re.compile(r"(?P<how>Seq|Index|Index Only|Bitmap Heap) Scan.*? on (?P<table>\w+)")
_COLUMNS = re.compile(r"\b([a-z_]+|<expr>)\)?(?:::\w+)? ?(?:=|<|>|IS )")

# There may be many open questions in a workspace; what is due is few.
_SHARED_BY_MANY = {"workspace_id", "status"}
# The newest entry of the audit log: the last of the workspace's, by the index that keeps them in order.
_NEWEST = "audit_entry"
_FILLED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= :least"

Act = Callable[[Runtime, int], Any]


def _typed(line: str, slash: str | None = None) -> Act:
    return lambda runtime, workspace_id: runtime.dispatcher.run(Request(workspace_id, CONSOLE, line, slash))


def _done(act: Callable[[UnitOfWork], Any]) -> Act:
    def run(runtime: Runtime, workspace_id: int) -> None:
        with runtime.dispatcher.open_unit(workspace_id) as uow:
            act(uow)

    return run


ACTS: dict[str, Act] = {
    "a question": _typed(f"{_CLIENT} who patches the servers?", "/scope"),
    "a question that nothing answers": _typed(f"{_CLIENT} who feeds the zebra?", "/scope"),
    "why an answer": _typed("scope why 1"),
    "a claim": _done(lambda uow: uow.reminders.claim("us", NOW, NOW, timedelta(seconds=90), 38)),
    "waiting": _done(lambda uow: uow.reminders.waiting(NOW)),
    "overdue": _done(lambda uow: uow.reminders.overdue(NOW)),
    "oldest due": _done(lambda uow: uow.reminders.oldest_due(NOW)),
    "a client": _typed(f"client show {_CLIENT}"),
    "a matrix": _typed(f"matrix show {_CLIENT}"),
    "a row that is set": _typed(f'matrix set {_CLIENT} SOW-1 "Server OS patching" msp'),
    "its agreements": _typed(f"agreement list {_CLIENT}"),
    "its disclosures": _typed(f"disclosure list {_CLIENT}"),
    "its check": _typed(f"check {_CLIENT}"),
    "its history": _typed(f"scope history {_CLIENT}"),
}
"""What may tell of all clients (the home tab, lists without a client, `check all`) reads their rows; see below."""
OF_ALL: dict[str, Act] = {
    "open questions": _typed("scope open"),
    "the home tab": _typed("home"),
    "clients": _typed("client list"),
    "renewals": _typed("renewal list"),
    "reminders": _typed("reminder list"),
    "check all": _typed("check all"),
    "the audit log": _typed("audit show"),
}


@pytest.fixture
def filled(empty_url: str) -> Iterator[tuple[Runtime, int]]:
    """Clients with reminders, half of them sent, and one question asked."""
    agreement = f'agreement add "{world.client_name(1)}" MSA-1 kind:msa effective:2026-01-01 signed:2026-01-01'
    terms = "initial-term:12m renewal:auto notice:60d"
    world.settle(empty_url, CLIENTS, rows=5, lines=[f"{agreement} {terms}"], clock=lambda: NOW)
    runtime = build(world.settings_for(empty_url), lambda: NOW)
    workspace_id = runtime.workspace_id(world.TEAM)
    with runtime.dispatcher.open_unit(workspace_id) as uow:
        planner_for(runtime.dispatcher.policy).plan_all(uow, NOW)
    ACTS["a question"](runtime, workspace_id)
    with runtime.database.engine.begin() as connection:
        connection.execute(text("UPDATE reminder SET state = 'sent', message_key = dedupe_key WHERE id % 2 = 0"))
        if not runtime.database.is_sqlite:
            connection.execute(text("ANALYZE"))
    yield runtime, workspace_id
    runtime.close()


@pytest.mark.parametrize("kind", ["of one", "of all"])
def test_what_happens_often_finds_its_rows_by_an_index(filled: tuple[Runtime, int], kind: str) -> None:
    runtime, workspace_id = filled
    engine, wrong = runtime.database.engine, []
    for name, act in (ACTS if kind == "of one" else OF_ALL).items():
        seen = _statements(engine, partial(act, runtime, workspace_id))
        assert seen, name
        for statement, given in seen:
            misses = _judged(engine, statement, given, whole_workspace=kind == "of all")
            wrong += [f"{name}: {each}\n  in {statement}" for each in misses]
    assert not wrong, "\n".join(wrong)


def test_a_query_that_reads_a_table_through_is_noticed(filled: tuple[Runtime, int]) -> None:
    for statement, is_fine in (
        ("SELECT headline FROM reminder WHERE headline = 'x'", False),
        ("SELECT headline FROM reminder WHERE workspace_id = 1", False),
        ("SELECT headline FROM reminder WHERE workspace_id = 1 AND client_id = 3", True),
    ):
        misses = _judged(filled[0].database.engine, statement, (), whole_workspace=False)
        assert (not misses) == is_fine, (statement, misses)


def test_a_claim_stops_at_the_first_that_is_due(filled: tuple[Runtime, int]) -> None:
    """However many are due, and whatever the statistics say: nothing is sorted, nothing compared with all others."""
    runtime, workspace_id = filled
    engine = runtime.database.engine
    heads = [
        each
        for each in _statements(engine, lambda: ACTS["a claim"](runtime, workspace_id))
        if "ORDER BY reminder.due_at" in each[0]
    ]
    assert len(heads) == 2
    for statement, given in heads:
        plan = "\n".join(_plan(engine, statement, given))
        assert not re.search(r"Sort|Join|B-TREE|SCAN", plan), plan


def _judged(engine: Engine, statement: str, given: Any, *, whole_workspace: bool) -> list[str]:
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        filled = () if is_sqlite else connection.execute(text(_FILLED), {"least": CLIENTS}).scalars().all()
    plan = _plan(engine, statement, given)
    return _misses(plan, whole_workspace=whole_workspace, is_sqlite=is_sqlite, filled=filled)


def _plan(engine: Engine, statement: str, given: Any) -> list[str]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", given or None)]


def _misses(plan: list[str], *, whole_workspace: bool, is_sqlite: bool, filled: Collection[str]) -> list[str]:
    """The lines of a plan that read through a table, or through all rows of the workspace where that is not meant."""
    found = []
    for number, line in enumerate(plan):
        match = (_SQLITE if is_sqlite else _POSTGRES).search(line)
        if match is None or match["table"].removesuffix("_1") in _SMALL or _NEWEST in line:
            continue
        if not is_sqlite and match["table"] not in filled:
            continue
        by = line if is_sqlite else "".join(each for each in plan[number : number + 2] if "Cond:" in each)
        columns = set(_COLUMNS.findall(by)) - _SHARED_BY_MANY
        if match["how"] in ("SCAN", "Seq") or not (columns or whole_workspace):
            found.append(f"{line.strip()} {'' if is_sqlite else by.strip()}")
    return found


def _statements(engine: Engine, act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Whatever reads or changes rows, as the driver got it: some of our statements do not pass through SQLAlchemy."""
    seen: dict[str, Any] = {}

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            seen.setdefault(str(query), params)
            return super().execute(query, params, **more)

    def note(connection: Any, record: Any, proxy: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.set_trace_callback(lambda statement: seen.setdefault(statement, ()))
        else:
            connection.cursor_factory = Noting

    def forget(connection: Any, record: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.set_trace_callback(None)
        else:
            connection.cursor_factory = psycopg.Cursor

    event.listen(engine, "checkout", note)
    event.listen(engine, "checkin", forget)
    try:
        act()
    finally:
        event.remove(engine, "checkout", note)
        event.remove(engine, "checkin", forget)
    return [(each, given) for each, given in seen.items() if each.startswith(("SELECT", "UPDATE", "DELETE"))]
