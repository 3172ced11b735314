"""Reminders: planning 100,000, a sweep with nothing due among them, sending 1,000; and APScheduler's own job store.

APScheduler has one job a reminder in its SQLAlchemy store, and only posts: no lease, no read-back, nothing recorded.
"""

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from sqlalchemy import Engine, create_engine, text

from bot.console.local_slack import BOT_TOKEN, TEAM
from bot.jobs.jobs import Jobs, jobs_for
from bot.jobs.notifier import SlackMessenger
from bot.jobs.sender import Timing
from bot.runtime.wiring import Runtime, build
from tests.benchmarks import world
from tests.benchmarks.figures import Section, Times, tell
from tests.benchmarks.processes import slack_process

PLANNED, ON_A_SERVER, SENT = 100_000, 25_000, 1_000
"""On PostgreSQL fewer are planned: what is told is what one costs."""
PAPERS = 4
A_CLIENT = 40
"""How many reminders four agreements bring: six before each notice deadline, four to have each explained."""
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_TURNS = 3
_posted = Semaphore(0)
_clients: list[WebClient] = []


def run(folder: Path, postgres_url: str | None, *, quick: bool) -> Section:
    sent = 5 if quick else SENT
    section = Section(f"Reminders: planned, and {sent:,} of them sent to a local Slack at full speed")
    with slack_process(1) as slack_url:
        for name, url in _databases(folder, postgres_url).items():
            planned = 2 * A_CLIENT if quick else PLANNED if name == "SQLite" else ON_A_SERVER
            tell(f"{name}: {planned:,} reminders")
            with contextlib.closing(_settled(url, slack_url, planned // A_CLIENT)) as runtime:
                _ours(section, name, runtime, sent, quick=quick)
            _theirs(section, name, url, slack_url, planned, sent, quick=quick)
    return section


def post(channel: str, words: str) -> None:
    """What APScheduler's jobs do."""
    _clients[0].chat_postMessage(channel=channel, text=words)
    _posted.release()


def _databases(folder: Path, postgres_url: str | None) -> Mapping[str, str]:
    found = {"SQLite": f"sqlite:///{folder / 'reminders.db'}"}
    if postgres_url is not None:
        found["PostgreSQL"] = world.new_postgres(postgres_url, "reminders")
    return found


def _settled(url: str, slack_url: str, clients: int) -> Runtime:
    first = world.client_name(1)
    world.settle(
        url, clients, rows=1, clock=lambda: NOW,
        lines=[
            f'agreement add "{first}" MSA-{number} kind:msa effective:2026-01-01 signed:2026-01-01 initial-term:12m '
            "renewal:auto renewal-term:12m notice:60d"
            for number in range(1, PAPERS + 1)
        ],
    )  # fmt: skip
    return build(world.settings_for(url, slack_url), lambda: NOW)


def _ours(section: Section, name: str, runtime: Runtime, count: int, *, quick: bool) -> None:
    client = WebClient(BOT_TOKEN, runtime.settings.slack_api_url, timeout=10, retry_handlers=[])
    jobs = jobs_for(runtime, runtime.workspace_id(TEAM), SlackMessenger(client))
    jobs.sender = replace(jobs.sender, timing=Timing(pause=0, budget=3600))
    added, seconds, cpu = _timed(jobs.plan)
    section.add(f"{name}: planning", f"{added:,} in {seconds:.1f} s, {cpu:.1f} s of it CPU", seconds=seconds, cpu=cpu)
    section.want(f"{name}: seconds of CPU for each 100,000 planned", cpu / added * 100_000, 15)
    for words in ("planning once more, which finds that nothing is to do", "planning again, nothing to do"):
        again, seconds, cpu = _timed(jobs.plan)
        assert again == 0
        section.add(f"{name}: {words}", f"{seconds:.2f} s, {cpu:.2f} s of it CPU", seconds=seconds, cpu=cpu)
    section.want(f"{name}: seconds of CPU for each 100,000 with nothing to do", cpu / added * 100_000, 1.5)
    nothing = _times(lambda: _sent(jobs, 0), 20 if quick else 500)
    section.add(f"{name}: a sweep with nothing due", nothing)
    section.want(f"{name}: ms for a sweep with nothing due, median", nothing.median, 2)
    found = []
    for turn in range(1 if quick else _TURNS):
        _let_fall_due(runtime.database.engine, count, turn)
        _, seconds, cpu = _timed(lambda: _sent(jobs, count))
        found.append((seconds, cpu))
    seconds, cpu = sorted(found)[len(found) // 2]
    words = f"{count:,} in {seconds:.2f} s, {cpu:.2f} s of it CPU"
    section.add(f"{name}: claimed and sent, one at a time", words, seconds=[each[0] for each in found], cpu=cpu)
    section.want(f"{name}: seconds for {count:,} claimed and sent, median", seconds, 5)


def _sent(jobs: Jobs, count: int) -> None:
    done = jobs.sweep()
    assert (done.sent, done.problems) == (count, []), done


def _let_fall_due(engine: Engine, count: int, turn: int) -> None:
    """Every such reminder is a message of its own."""
    statement = (
        "UPDATE reminder SET due_at = :due WHERE id IN (SELECT id FROM reminder WHERE kind = 'notice_deadline' "
        "AND lead_days = 90 ORDER BY id LIMIT :count OFFSET :skipped)"
    )
    due = (NOW - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with engine.begin() as connection:
        connection.execute(
            text(
                statement if engine.dialect.name == "sqlite" else statement.replace(":due", "CAST(:due AS timestamp)")
            ),
            {"due": due, "count": count, "skipped": turn * count},
        )


def _theirs(section: Section, name: str, url: str, slack_url: str, planned: int, count: int, *, quick: bool) -> None:
    _clients[:] = [WebClient(BOT_TOKEN, slack_url, timeout=10)]
    engine = create_engine(url)
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    later = datetime.now(UTC) + timedelta(days=90)
    measured = count if quick else 2_000
    _, seconds, cpu = _timed(lambda: _add_jobs(scheduler, measured, later))
    words = f"{measured:,} in {seconds:.1f} s, so {planned:,} in about {seconds / measured * planned:,.0f} s"
    section.add(f"{name}: APScheduler, adding jobs", words, seconds=seconds, cpu=cpu)
    _multiply(engine, planned - measured)

    def look() -> None:
        assert not store.get_due_jobs(datetime.now(UTC))
        store.get_next_run_time()

    section.add(f"{name}: APScheduler, looking with nothing due", _times(look, 20 if quick else 500))
    _add_jobs(scheduler, count, datetime.now(UTC) + timedelta(milliseconds=50))
    time.sleep(0.1)

    def send() -> None:
        scheduler.resume()
        for _ in range(count):
            assert _posted.acquire(timeout=120)

    _, seconds, cpu = _timed(send)
    scheduler.shutdown()
    engine.dispose()
    words = f"{count:,} in {seconds:.2f} s, {cpu:.2f} s of it CPU"
    section.add(f"{name}: APScheduler, posted by ten threads", words, seconds=seconds, cpu=cpu)


def _add_jobs(scheduler: BackgroundScheduler, count: int, at: datetime) -> None:
    for number in range(count):
        scheduler.add_job(
            post, "date", run_date=at, args=(world.TECHNICIAN, f"Reminder {number}"), misfire_grace_time=None
        )


def _multiply(engine: Engine, count: int) -> None:
    """More jobs like those that are there, without waiting for a commit each."""
    with engine.begin() as connection:
        connection.execute(
            text(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
                "INSERT INTO apscheduler_jobs (id, next_run_time, job_state) "
                "SELECT 'copy-' || n.i, next_run_time + n.i, "
                "job_state FROM n, (SELECT next_run_time, job_state FROM apscheduler_jobs LIMIT 1) AS one"
            )
        )


def _timed(act: Callable[[], Any]) -> tuple[Any, float, float]:
    started, before = time.perf_counter(), time.process_time()
    found = act()
    return found, time.perf_counter() - started, time.process_time() - before


def _times(act: Callable[[], None], count: int) -> Times:
    act()
    return Times.of([_timed(act)[1] for _ in range(count)])
