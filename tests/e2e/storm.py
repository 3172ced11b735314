"""Senders that are killed and frozen, and a Slack that fails, until every reminder is sent; then they are counted.

Real processes on a real database. What counts is what Slack has in the end, not what the database believes.
"""

import logging
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.jobs.notifier import SlackMessenger
from bot.jobs.sender import Sender, Timing
from commands.reminders.planner import Planner
from storage.database import Database
from storage.errors import StorageError
from storage.records import Client, Reminder, ReminderKind, ReminderState
from tests.e2e.chaos_slack import ChaosSlack
from tests.postgres_server import running_postgres

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LEASE = timedelta(seconds=4)
SETTLE = timedelta(seconds=1.5)
HTTP_TIMEOUT = 1
_FREEZE_EVERY = 12
_PEOPLE = 25
_IN_DIGESTS = 5


@dataclass(frozen=True, slots=True)
class Storm:
    """`most_seconds` until the faults stop and whatever is left is sent in peace."""

    reminders: int = 500
    senders: int = 3
    kill_every: float = 0.3
    most_seconds: float = 90.0
    reads_back: bool = True
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Toll:
    """What came of it. `lost` and `doubled` are reminders, by number."""

    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    kills: int
    freezes: int
    faults: dict[str, int]
    reads: int
    seconds: float

    def __str__(self) -> str:
        faults = ", ".join(f"{count} x {name}" for name, count in sorted(self.faults.items()))
        return (
            f"{len(self.lost)} lost, {len(self.doubled)} doubled; {self.kills} kills, {self.freezes} freezes, "
            f"{faults}, {self.reads} read-backs, {self.seconds:.0f} s"
        )


def run(url: str, storm: Storm) -> Toll:
    """Send `storm.reminders` reminders on the migrated, empty database at `url`, and count."""
    database = Database(url)
    workspace_id = _plan(database, storm.reminders)
    began = time.monotonic()
    luck = random.Random(storm.seed)
    kills = freezes = 0
    with ChaosSlack(storm.seed) as slack:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        arguments = (url, workspace_id, slack.base_url, storm.reads_back)
        senders = [_start(context, arguments) for _ in range(storm.senders)]
        frozen: list[tuple[float, Any]] = []
        try:
            while _left(database, workspace_id) and time.monotonic() - began < storm.most_seconds:
                time.sleep(luck.uniform(0.5, 1.5) * storm.kill_every)
                for until, process in [each for each in frozen if each[0] < time.monotonic()]:
                    os.kill(process.pid, signal.SIGCONT)
                    frozen.remove((until, process))
                place = luck.randrange(len(senders))
                victim = senders[place]
                if any(process is victim for _, process in frozen):
                    continue
                if storm.senders > 1 and (kills + freezes) % _FREEZE_EVERY == _FREEZE_EVERY - 1:
                    os.kill(victim.pid, signal.SIGSTOP)
                    frozen.append((time.monotonic() + LEASE.total_seconds() * 1.5, victim))
                    freezes += 1
                    continue
                victim.kill()
                victim.join()
                kills += 1
                senders[place] = _start(context, arguments)
            for _, process in frozen:
                os.kill(process.pid, signal.SIGCONT)
            _wait_until_done(database, workspace_id)
        finally:
            for process in senders:
                process.kill()
                process.join()
        counts = slack.counts()
        with database.open_unit(workspace_id, writes=False) as uow:
            wanted = [row.id for client in uow.clients.list() for row in uow.reminders.of_client(client.id)]
    database.close()
    return Toll(
        tuple(number for number in wanted if not counts[number]),
        tuple(number for number in wanted if counts[number] > 1),
        kills, freezes, dict(slack.faults), slack.reads, time.monotonic() - began,
    )  # fmt: skip


def _start(context: Any, arguments: tuple[Any, ...]) -> Any:
    process = context.Process(target=_send, args=arguments, daemon=True)
    process.start()
    return process


def _send(url: str, workspace_id: int, base_url: str, reads_back: bool) -> None:
    """A sender's whole life."""
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    database = Database(url)
    client = WebClient(token="xoxb-chaos", base_url=base_url, timeout=HTTP_TIMEOUT, retry_handlers=[])
    sender = Sender(
        database.open_unit,
        workspace_id,
        Planner(ZoneInfo("UTC")),
        SlackMessenger(client),
        lambda: MONDAY + timedelta(seconds=time.monotonic() - began),
        database.shared_now,
        timing=Timing(LEASE, SETTLE, pause=0, budget=3600),
        reads_back=reads_back,
    )
    while True:
        with suppress(StorageError):
            sender.sweep()
        time.sleep(0.05)


def _plan(database: Database, count: int) -> int:
    """`count` reminders, all due: four of five with a message of their own, the others in people's digests."""
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Chaos").id
    with database.open_unit(workspace_id) as uow:
        client = uow.clients.add(Client(name="Calder Ridge", owner="U0000"))
        uow.reminders.add([_reminder(client, number, is_own=number % 5 != 0) for number in range(count)])
    return workspace_id


def _reminder(client: Client, number: int, *, is_own: bool) -> Reminder:
    digest = number // 5 // _IN_DIGESTS
    person = f"U{1000 + (number if is_own else digest) % _PEOPLE}"
    return Reminder(
        kind=ReminderKind.NOTICE_DEADLINE if is_own else ReminderKind.SCOPE_QUESTION,
        subject=f"thing:{number}",
        client_id=client.id,
        deadline=MONDAY.date() + timedelta(days=30),
        lead_days=30,
        recipient=person,
        headline=f"Reminder {number}",
        local_date=MONDAY.date(),
        local_time=time_of_day(9),
        zone="UTC",
        due_at=MONDAY - timedelta(hours=1),
        dedupe_key=f"{number:064d}",
        bundle=f"own:{number}" if is_own else f"day:{person}:{digest}",
    )


def _left(database: Database, workspace_id: int) -> int:
    with database.open_unit(workspace_id, writes=False) as uow:
        rows = [row for client in uow.clients.list() for row in uow.reminders.of_client(client.id)]
    return sum(1 for row in rows if row.state in (ReminderState.PENDING, ReminderState.SENDING))


def _wait_until_done(database: Database, workspace_id: int, seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while _left(database, workspace_id) and time.monotonic() < ends:
        time.sleep(0.2)


@contextmanager
def sqlite_database() -> Iterator[str]:
    """The URL of a migrated, empty SQLite database, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="engagement-chaos-"))
    try:
        url = f"sqlite:///{folder / 'chaos.db'}"
        _migrate(url)
        yield url
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL database, gone afterwards. Raises NotInstalled."""
    with running_postgres() as url:
        _migrate(url)
        yield url


def _migrate(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.close()
