"""Scope questions over HTTP, signed, with 1 and 16 connections, beside a peer that does the same work, and a floor."""

import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from tests.benchmarks import world
from tests.benchmarks.figures import Section, Times, tell
from tests.benchmarks.processes import Answered, Server, asked, bot_server, peer_server, slack_process

CLIENTS = 100
CONNECTIONS = (1, 16)
BOT, PEER, FLOOR = "the bot", "the peer", "the floor"
KINDS = {"by a row's name": True, "in own words": False}
"""Whether questions are asked by a row's own name: the same work for all; for others the bot asks its encoder, too."""
_triggers = itertools.count(1_000_000, 1_000_000)


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    section = Section("Scope questions over HTTP (requests/s; server's CPU a request; minimum / median / p99)")
    clients, turns, seconds = (5, 1, 0.1) if quick else (CLIENTS, 3, 2.0)
    with contextlib.ExitStack() as stack:
        slack_url = stack.enter_context(slack_process(clients))
        urls = {"SQLite": (world.sqlite_world(folder, clients), world.sqlite_peer(folder, clients))}
        if postgres_url is not None:
            urls["PostgreSQL"] = world.postgres_world(postgres_url, clients), world.postgres_peer(postgres_url, clients)
        for database, (bot_url, peer_url) in urls.items():
            servers = {
                FLOOR: stack.enter_context(peer_server("floor", peer_url)),
                PEER: stack.enter_context(peer_server("peer", peer_url)),
                BOT: stack.enter_context(bot_server(bot_url, slack_url)),
            }
            for server in () if quick else servers.values():
                asked(server, 4, 2 * seconds, clients, clients, next(_triggers))
            for connections in CONNECTIONS:
                for kind in KINDS:
                    tell(f"{database}, {connections} at once, {kind}")
                    _compare(section, servers, database, connections, turns, seconds, clients, kind)
    return section


def _compare(
    section: Section,
    servers: Mapping[str, Server],
    database: str,
    connections: int,
    turns: int,
    seconds: float,
    clients: int,
    kind: str,
) -> None:
    found: dict[str, list[Answered]] = {name: [] for name in servers}
    for _ in range(turns):
        for name, server in servers.items():
            one = asked(server, connections, seconds, clients, clients, next(_triggers), by_name=KINDS[kind])
            found[name].append(one)
    words = f"{database}, {connections} connection{'s' if connections > 1 else ''}, {kind}"
    rate = {name: median(one.rate for one in each) for name, each in found.items()}
    p99 = {name: median(one.times.p99 for one in each) for name, each in found.items()}
    cpu = {name: median(one.cpu for one in each) for name, each in found.items()}
    for name, each in found.items():
        times = Times(
            sum(one.times.count for one in each),
            min(one.times.minimum for one in each),
            median(one.times.median for one in each),
            p99[name],
        )
        client = max(one.client_share for one in each)
        details = {"rate": rate[name], "cpu_ms": cpu[name], "client_share": client, "median": times.median}
        section.add(f"{name}, {words}", f"{rate[name]:,.0f}/s; {cpu[name]:.2f} ms; {times}", **details, p99=p99[name])
    section.want(f"{words}: requests/s in times the peer's", rate[BOT] / rate[PEER], 3, at_least=True)
    section.want(f"{words}: share of the floor's requests/s", rate[BOT] / rate[FLOOR], 0.3, at_least=True)
