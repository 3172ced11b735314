"""The company of the demo: its people and channels, the real app with what stands behind it, a clock to be moved."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import App

from bot.console.demo_clock import DemoClock
from bot.console.demo_data import seed
from bot.console.local_slack import APP_TOKEN, BOT_TOKEN, Channel, LocalSlack, Person
from bot.jobs.jobs import Jobs
from bot.process.connection import connect
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime, build, utc_now
from bot.slack.workers import Workers
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request

PEOPLE = (
    Person("U0DANA", "dana", "Dana Ortiz (admin)"),
    Person("U0PRIYA", "priya", "Priya Nair (manager)"),
    Person("U0SAM", "sam", "Sam Lee (technician)"),
    Person("U0GUS", "gus", "Gus Marsh (guest account)", flags={"is_restricted": True}),
    Person("U0RITA", "rita", "Rita Voss (another company)", team="T0VENDOR01", flags={"is_stranger": True}),
)
CHANNELS = (
    Channel("C0CALDER", "calder-ridge"),
    Channel("C0BLUE", "bluebird-dental"),
    Channel("C0HELP", "helpdesk"),
    Channel("C0VENDOR", "shared-with-vendor", is_ext_shared=True),
)
ROLES = (("U0PRIYA", "manager"), ("U0SAM", "technician"))
_STEP = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class DemoWorld:
    app: App
    slack: LocalSlack
    workers: Workers
    jobs: Jobs
    clock: DemoClock
    runtime: Runtime

    def pass_time(self, target: datetime, look: Callable[[], object] = lambda: None) -> None:
        """Let time pass until `target`, three hours at a time; `look` is called after each of them."""
        while (now := self.clock()) < target:
            self.clock.set(min(now + _STEP, target))
            if self.clock().date() != now.date():
                self.jobs.plan()
            self.jobs.sweep()
            self.jobs.send_digests()
            look()
        self.jobs.refresh()
        look()


@contextmanager
def demo_world(now: datetime | None, fill: Callable[[Dispatcher, int, date], None] = seed) -> Iterator[DemoWorld]:
    """Everything, in a temporary folder. `now` (aware UTC) is when its clock starts; the real time if None.

    `fill` records what there is before anybody comes.
    """
    with _only_errors_logged(), tempfile.TemporaryDirectory() as folder, LocalSlack(PEOPLE, CHANNELS) as slack:
        settings = _settings(Path(folder) / "demo.db", slack)
        clock = DemoClock(now or utc_now())
        runtime = build(settings, clock)
        connection = connect(runtime)
        try:
            workspace_id = runtime.workspace_id(connection.team.id, connection.team.name)
            today = clock().astimezone(settings.policy.zone).date()
            fill(runtime.dispatcher, workspace_id, today)
            for user, role in ROLES:
                runtime.dispatcher.run(Request(workspace_id, CONSOLE, f"role grant {user} {role}"))
            yield DemoWorld(connection.app, slack, connection.workers, connection.jobs, clock, runtime)
        finally:
            connection.drain()
            runtime.close()


@contextmanager
def _only_errors_logged() -> Iterator[None]:
    """What Slack's side warns of is no news to whoever tries a demo."""
    logger = logging.getLogger("bot.slack")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _settings(database: Path, slack: LocalSlack) -> Settings:
    """Nothing from the environment: the demo is the same everywhere."""
    given: dict[str, Any] = {
        "ENGAGEMENT_DATABASE_URL": f"sqlite:///{database}",
        "ENGAGEMENT_ADMINS": "U0DANA",
        "ENGAGEMENT_TIMEZONE": "America/Chicago",
        "ENGAGEMENT_DEFAULT_ROLE": "viewer",
        "ENGAGEMENT_MANAGERS_CHANNEL": "C0HELP",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.base_url,
    }
    return Settings(_env_file=None, **given)
