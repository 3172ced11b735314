"""From 10 to 5,000 clients of 200 rows each: time per question, memory and start-up, as the documentation runs the bot.

Asked over HTTP by one connection, once the planning that follows every start is through: about 200 of the clients that
were asked about before, and about others that, in a big world, were not.
"""

import itertools
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.benchmarks import world
from tests.benchmarks.figures import Section, resident_megabytes, tell
from tests.benchmarks.processes import asked, bot_server, slack_process

SIZES = (10, 1_000, 5_000)
ON_A_SERVER = (10, 1_000)
_QUICK = {"SQLite": (2, 4), "PostgreSQL": (2,)}
USUAL = 1_000
ACTIVE = 200
_triggers = itertools.count(100_000_000, 1_000_000)
_PLANNED = text("SELECT count(*) FROM heartbeat WHERE job = 'plan'")


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    section = Section("Growth, 200 rows a client (question: server's CPU; minimum / median / p99)")
    seconds = 0.1 if quick else 2.0
    for database in ("SQLite", "PostgreSQL") if postgres_url is not None else ("SQLite",):
        sizes = _QUICK[database] if quick else SIZES if database == "SQLite" else ON_A_SERVER
        for clients in sizes:
            _measure(section, folder, postgres_url if database == "PostgreSQL" else None, clients, seconds)
        found = {each.details["clients"]: each.details for each in section.rows if each.details["database"] == database}
        least, most = found[sizes[0]], found[sizes[-1]]
        usual = found.get(USUAL, most)
        step = f"{database}: a question at {sizes[-1]:,} clients in times that at {sizes[0]:,}"
        section.want(f"{step}, median", most["median"] / least["median"], 1.3)
        section.want(f"{step}, server's CPU", most["cpu_ms"] / least["cpu_ms"], 1.3)
        section.want(f"{database}: MB resident at {usual['clients']:,} clients", usual["memory_mb"], 200)
        section.want(f"{database}: seconds to start at {usual['clients']:,} clients", usual["ready_s"], 1.5)
    return section


def _measure(section: Section, folder: Path, postgres_url: str | None, clients: int, seconds: float) -> None:
    name = "SQLite" if postgres_url is None else "PostgreSQL"
    tell(f"{name}, {clients:,} clients")
    started = time.perf_counter()
    url = world.sqlite_world(folder, clients) if postgres_url is None else world.postgres_world(postgres_url, clients)
    filled = time.perf_counter() - started
    with slack_process(clients) as slack_url, bot_server(url, slack_url) as server:
        planned = _wait_for_planning(url)
        active = min(clients, ACTIVE)
        first = next(_triggers)
        warmed = 0
        while warmed < 2 * active:  # the first question about a client arranges its matrix
            warmed += asked(server, 1, seconds, clients, active, first + warmed).times.count
        warm = asked(server, 1, seconds, clients, active, next(_triggers))
        others = asked(server, 1, seconds, clients, clients, next(_triggers) + clients // 2)
        told = others.times.count
        while told < clients <= USUAL:  # so that the memory is that of all of them
            told += asked(server, 1, seconds, clients, clients, next(_triggers) + clients // 2 + told).times.count
        memory = resident_megabytes(server.pid)
    section.add(
        f"{name}, {clients:,} clients",
        f"{warm.cpu:.2f} ms; {warm.times}; of others {others.times.median:.2f} ms; {memory:.0f} MB; "
        f"ready in {server.ready:.2f} s",
        database=name, clients=clients, median=warm.times.median, p99=warm.times.p99, cpu_ms=warm.cpu,
        others_median=others.times.median, others_cpu_ms=others.cpu, memory_mb=memory, ready_s=server.ready,
        filled_s=filled, planned_s=planned,
    )  # fmt: skip
    world.remove(url, folder, clients)


def _wait_for_planning(url: str) -> float:
    """Every start plans all clients anew, in the background; how long that took, in seconds."""
    started = time.perf_counter()
    engine = create_engine(url)
    while time.perf_counter() - started < 300:
        with engine.connect() as connection:
            if connection.execute(_PLANNED).scalar_one():
                break
        time.sleep(0.1)
    engine.dispose()
    return time.perf_counter() - started
