"""What takes longer than a question: imports of 10,000 rows, a manager's home tab, `check all`."""

import contextlib
import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.console.local_slack import TEAM
from bot.runtime.wiring import Runtime, build
from bot.slack.home import home_view
from commands.command import Upload
from commands.dispatching.request import Request
from commands.workspace.home import home
from tests.benchmarks import world
from tests.benchmarks.bench_matching import SETS, load, sized
from tests.benchmarks.figures import Section, Times, tell

ROWS, RECORDS, HOME_CLIENTS, CHECKED_CLIENTS, CHECKED_ON_A_SERVER = 10_000, 1_000, 500, 1_000, 250
_PARTIES = ("MSP", "Client", "Shared", "Out of scope")


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    section = Section("Imports, home tab, check (minimum / median / p99)")
    sizes = (40, 10, 3, 4, 2) if quick else (ROWS, RECORDS, HOME_CLIENTS, CHECKED_CLIENTS, 3)
    rows, records, home_clients, checked, turns = sizes
    for name in ("SQLite", "PostgreSQL") if postgres_url is not None else ("SQLite",):
        place = None if name == "SQLite" else postgres_url
        tell(f"{name}: imports")
        with _bot(folder, place, 1) as (runtime, workspace_id):
            _imports(section, name, runtime, workspace_id, rows, records)
        tell(f"{name}: home")
        with _bot(folder, place, home_clients) as (runtime, workspace_id):
            _home(section, name, runtime, workspace_id, home_clients, turns)
        checked = checked if quick or name == "SQLite" else CHECKED_ON_A_SERVER
        tell(f"{name}: check all of {checked:,} clients")
        with _bot(folder, place, checked) as (runtime, workspace_id):
            _make_different(runtime)
            for words, limit in (("the first time", 12), ("again", 1.5), ("after one changed", 1)):
                if words == "after one changed":
                    line = f'matrix set "{world.client_name(1)}" SOW-1 "Espresso machine" client clause:9'
                    runtime.dispatcher.run(Request(workspace_id, world.MANAGER, line))
                cpu = _check(section, f"{name}: check all of {checked:,} clients, {words}", runtime, workspace_id)
                section.want(f"{name}: seconds of CPU to check 1,000 clients, {words}", cpu / checked * 1000, limit)
    return section


@contextlib.contextmanager
def _bot(folder: Path, postgres_url: str | None, clients: int) -> Any:
    url = world.sqlite_world(folder, clients) if postgres_url is None else world.postgres_world(postgres_url, clients)
    runtime = build(world.settings_for(url))
    try:
        yield runtime, runtime.workspace_id(TEAM)
    finally:
        runtime.close()
        world.remove(url, folder, clients)


def _imports(section: Section, name: str, runtime: Runtime, workspace_id: int, rows: int, records: int) -> None:
    """Each is read and compared first, then saved; then the same file again, which changes nothing."""
    client = world.client_name(1)
    matrix = sized([row for data in SETS for row in load(data)[0]], rows)
    header, cells = (
        ("Item", "Category", "Responsible"),
        [(row.item, row.category, _PARTIES[at % len(_PARTIES)]) for at, row in enumerate(matrix)],
    )
    for count, kind, line, table in (
        (rows, "matrix rows", f'matrix import "{client}" SOW-1 retire:yes', _csv(header, cells)),
        (
            records, "clients", "client import",
            _csv(("Name", "Alias"), [(f"Firm {at}", f"f{at}") for at in range(records)]),
        ),
        (
            records, "agreements", "agreement import",
            _csv(
                ("Client", "Reference", "Kind", "Effective", "Initial term", "Renewal", "Renewal term", "Notice"),
                [(f"Firm {at}", "MSA-1", "msa", "2026-01-01", "36m", "auto", "12m", "60d") for at in range(records)],
            ),
        ),
    ):  # fmt: skip
        for words, more in (("looked at", "dry-run:yes"), ("saved", "confirm:yes"), ("once more", "confirm:yes")):
            request = Request(
                workspace_id, world.MANAGER, f"{line} {more}", uploads=(Upload(f"{kind.split()[0]}.csv", table),)
            )
            started, before = time.perf_counter(), time.process_time()
            runtime.dispatcher.run(request)
            seconds, cpu = time.perf_counter() - started, time.process_time() - before
            section.add(
                f"{name}: {count:,} {kind} {words}", f"{seconds:.2f} s, {cpu:.2f} s of it CPU", seconds=seconds, cpu=cpu
            )


def _check(section: Section, subject: str, runtime: Runtime, workspace_id: int) -> float:
    started, before = time.perf_counter(), time.process_time()
    runtime.dispatcher.run(Request(workspace_id, world.MANAGER, "check all"))
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    section.add(subject, f"{seconds:.2f} s, {cpu:.2f} s of it CPU", seconds=seconds, cpu=cpu)
    return cpu


def _make_different(runtime: Runtime) -> None:
    """No row of one client is another's: an MSP whose clients all have the same matrix would be measured otherwise."""
    with runtime.database.engine.begin() as connection:
        connection.execute(text("UPDATE responsibility SET item = item || ' at site ' || CAST(client_id AS VARCHAR)"))


def _home(section: Section, name: str, runtime: Runtime, workspace_id: int, clients: int, turns: int) -> None:
    request = Request(workspace_id, world.MANAGER, "home")

    def show() -> None:
        with runtime.dispatcher.open_unit(workspace_id, writes=False) as uow:
            found = home(runtime.dispatcher.context(uow, request))
        assert home_view(found, 0)["blocks"]

    show()
    times = _times(show, turns)
    section.add(f"{name}: home tab of a manager of {clients:,} clients", times)
    section.want(f"{name}: ms for the home tab of {clients:,} clients, median", times.median, 80)


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    return written.getvalue().encode()


def _times(act: Callable[[], Any], count: int) -> Times:
    found = []
    for _ in range(count):
        started = time.perf_counter()
        act()
        found.append(time.perf_counter() - started)
    return Times.of(found)
