"""The bot, connected to its workspace: the app, its client, its workers and its clock, and how they are ended."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from slack_bolt import App
from slack_sdk import WebClient

from bot.jobs.jobs import Jobs, jobs_for
from bot.jobs.notifier import SlackMessenger
from bot.jobs.scheduler import Scheduler, scheduler_for
from bot.jobs.upkeep import Upkeep
from bot.process.calendar_server import Found, feeds_of
from bot.runtime import metrics
from bot.runtime.config import ConfigError
from bot.runtime.errors import SlackUnreachable
from bot.runtime.health import Health
from bot.runtime.wiring import Runtime
from bot.slack.app import build_app, slash_commands, web_client
from bot.slack.identity import People, Team
from bot.slack.prefix import Prefix
from bot.slack.surfaces import SLACK_FAILURES, reason
from bot.slack.welcome import greet
from bot.slack.workers import Workers
from storage.errors import StorageError, WrongSchema

DRAIN_SECONDS = 20.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    runtime: Runtime
    app: App
    client: WebClient
    team: Team
    workers: Workers
    jobs: Jobs
    clock: Scheduler
    people: People
    ending: threading.Event = field(default_factory=threading.Event)
    """Set once the process is about to end."""

    def start(self) -> None:
        """Greet whoever has not begun yet, and begin to send reminders."""
        greet(self.runtime, self.client, self.team, _prefix(self.runtime))
        self.clock.start()

    def health(self, *obstacles: Callable[[], str | None]) -> Health:
        """What stands in the way of serving here, with the door's own `obstacles`.

        In HTTP mode that Slack's Web API cannot be reached is none: answers travel in the response, and every other
        replica would be as badly off.
        """
        return Health((self._draining, *obstacles, self._database), self.jobs.oldest_due)

    def metrics(self, worker: int) -> bytes:
        """In Prometheus's text format; `worker` is the number of this process, from 1."""
        return metrics.exposition(metrics.DatabaseCollector(self._reminders, self._caches, worker))

    def calendars(self) -> Found:
        """The calendars that people subscribed to."""
        return feeds_of(self.jobs.dispatcher, self.jobs.sender.workspace_id, self.people)

    def drain(self) -> bool:
        """Send no more reminders and finish the work that was accepted; whether all of it was."""
        self.ending.set()
        self.jobs.sender.finish()
        self.clock.stop()
        return self.workers.drain(DRAIN_SECONDS)

    def _draining(self) -> str | None:
        return "draining, the process is about to end" if self.ending.is_set() else None

    def _database(self) -> str | None:
        """What a stranger may read: where the database is stands in the log."""
        try:
            self.runtime.database.check()
        except WrongSchema as error:
            return str(error)
        except StorageError as error:
            _log.warning("the database cannot be reached: %s", error)
            return "the database cannot be reached"
        return None

    def _reminders(self) -> tuple[dict[str, int], timedelta | None]:
        with self.runtime.database.open_unit(self.jobs.sender.workspace_id, writes=False) as uow:
            states = uow.reminders.by_state()
        return {state.value: count for state, count in states.items()}, self.jobs.oldest_due()

    def _caches(self) -> dict[str, tuple[int, int]]:
        matrices, directories = self.runtime.dispatcher.matrices, self.runtime.database.directories
        return {
            "matrices": (matrices.hits, matrices.misses),
            "directory": (directories.hits, directories.misses),
        }


def connect(runtime: Runtime) -> Connection:
    """Ask Slack which workspace the token is for and build the app for it. Raises ConfigError, SlackUnreachable."""
    client, team = reach(runtime)
    people, workers = People(client, team), Workers()
    jobs = jobs_through(runtime, runtime.workspace_id(team.id, team.name), client, team, people)
    upkeep = Upkeep(runtime, jobs.sender.workspace_id, jobs.messenger)
    clock = scheduler_for(jobs, runtime.settings.sweep_seconds, upkeep.run)
    app = build_app(runtime, client, team, workers, lambda: clock.nudge("refresh"), people)
    return Connection(runtime, app, client, team, workers, jobs, clock, people)


def reach(runtime: Runtime) -> tuple[WebClient, Team]:
    """A connection to Slack, and the workspace that its token is for. Raises ConfigError, SlackUnreachable."""
    if not runtime.settings.slack_bot_token:
        raise ConfigError("SLACK_BOT_TOKEN is not set: it is on the app's page OAuth & Permissions.")
    client = web_client(runtime.settings)
    try:
        return client, Team.of(client)
    except SLACK_FAILURES as error:
        raise SlackUnreachable(
            f"Slack does not accept the connection ({reason(error)}). Check SLACK_BOT_TOKEN, and that this machine can "
            f"reach {client.base_url}"
        ) from error


def jobs_through(runtime: Runtime, workspace_id: int, client: WebClient, team: Team, people: People) -> Jobs:
    """The jobs of a workspace, sending through Slack to `people` of it."""
    known = replace(
        runtime, dispatcher=replace(runtime.dispatcher, members_of=people.members_of, look_up=people.look_up)
    )
    return jobs_for(known, workspace_id, SlackMessenger(client, people), _prefix(runtime), team.home_url)


def _prefix(runtime: Runtime) -> Prefix:
    return Prefix(runtime.settings.command_prefix, slash_commands(runtime.dispatcher.registry))
