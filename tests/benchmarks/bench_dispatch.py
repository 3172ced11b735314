"""A scope question through Bolt's dispatch in this process, beside a peer that does the same work, and a floor."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest

from tests.benchmarks import world
from tests.benchmarks.bench_http import KINDS
from tests.benchmarks.figures import Section, Times, in_turns, tell
from tests.benchmarks.peer import floor_app, peer_app, peer_engine

CLIENTS = 100
MEMORY = Path("/dev/shm")
FLOOR, PEER, DISK, NO_DISK, POSTGRES, POSTGRES_PEER = (
    "the floor, SQLite on disk",
    "the peer, SQLite on disk",
    "the bot, SQLite on disk",
    "the bot, SQLite in memory",
    "the bot, PostgreSQL",
    "the peer, PostgreSQL",
)


def asking(app: App, payloads: Iterator[dict[str, str]]) -> Callable[[], Any]:
    """One question after the other; each must be answered."""

    def ask() -> Any:
        response = app.dispatch(BoltRequest(body=next(payloads), mode="socket_mode"))
        assert response.status == 200
        assert response.body
        assert "cannot be reached" not in response.body, response.body  # a refusal is quick, and no answer
        return response.body

    return ask


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    section = Section("A scope question in process (minimum / median / p99)")
    clients, count = (5, 20) if quick else (CLIENTS, 600)
    with contextlib.ExitStack() as stack:
        engine = peer_engine(world.sqlite_peer(folder, clients))
        stack.callback(engine.dispose)
        apps = {FLOOR: floor_app(engine), PEER: peer_app(engine)}
        if postgres_url is not None:
            on_server = peer_engine(world.postgres_peer(postgres_url, clients))
            stack.callback(on_server.dispose)
            apps[POSTGRES_PEER] = peer_app(on_server)
        for name, url in _databases(stack, folder, postgres_url, clients).items():
            apps[name], _ = stack.enter_context(world.bot_on(url, clients))
            warming = asking(apps[name], world.payloads(clients))
            for _ in range(2 if quick else 2 * clients):
                warming()
        for at, (kind, by_name) in enumerate(KINDS.items(), 1):
            tell(f"questions {kind}")
            first = at * 1_000_000  # no request is one that was sent before
            acts = {
                name: asking(app, world.payloads(clients, first_trigger=first, by_name=by_name))
                for name, app in apps.items()
            }
            _compare(section, in_turns(acts, count), kind)
    return section


def _compare(section: Section, found: Mapping[str, Times], kind: str) -> None:
    for name, times in found.items():
        section.add(f"{name}, {kind}", times)
    for database, peer, bot in (("SQLite", PEER, DISK), ("PostgreSQL", POSTGRES_PEER, POSTGRES)):
        if bot in found:
            faster = found[peer].median / found[bot].median
            section.want(f"{database}, {kind}: times as fast as the peer", faster, 3, at_least=True)


def _databases(stack: contextlib.ExitStack, folder: Path, postgres_url: str | None, clients: int) -> dict[str, str]:
    found = {DISK: world.sqlite_world(folder, clients)}
    if MEMORY.is_dir():
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="engagement-bench-", dir=MEMORY))
        found[NO_DISK] = world.sqlite_world(Path(place), clients)
    if postgres_url is not None:
        found[POSTGRES] = world.postgres_world(postgres_url, clients)
    return found
