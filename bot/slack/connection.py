"""The bot, connected to its workspace: the app, its client, its workers and its clock, and how they are ended."""

import logging
from dataclasses import dataclass, replace

from slack_bolt import App
from slack_sdk import WebClient

from bot.clock import Clock, clock_for
from bot.config import ConfigError
from bot.jobs import Jobs, jobs_for
from bot.notifier import SlackMessenger
from bot.slack.app import build_app, slash_commands, web_client
from bot.slack.identity import People, Team
from bot.slack.prefix import Prefix
from bot.slack.surfaces import SLACK_FAILURES, reason
from bot.slack.welcome import greet
from bot.slack.workers import Workers
from bot.upkeep import Upkeep
from bot.wiring import Runtime
from storage.errors import StorageError

DRAIN_SECONDS = 20.0
_log = logging.getLogger(__name__)


class SlackUnreachable(Exception):
    """Slack cannot be reached, or does not accept the bot's token. The message is for whoever starts the bot."""


@dataclass(frozen=True, slots=True)
class Connection:
    runtime: Runtime
    app: App
    client: WebClient
    team: Team
    workers: Workers
    jobs: Jobs
    clock: Clock

    def start(self) -> None:
        """Greet whoever has not begun yet, and begin to send reminders."""
        greet(self.runtime, self.client, self.team, _prefix(self.runtime))
        self.clock.start()

    def is_ready(self) -> bool:
        """Whether the records can be reached."""
        try:
            self.runtime.database.ping()
        except StorageError as error:
            _log.warning("not ready: %s", error)
            return False
        return True

    def drain(self) -> bool:
        """Send no more reminders and finish the work that was accepted; whether all of it was."""
        self.jobs.sender.finish()
        self.clock.stop()
        return self.workers.drain(DRAIN_SECONDS)


def connect(runtime: Runtime) -> Connection:
    """Ask Slack which workspace the token is for and build the app for it. Raises ConfigError, SlackUnreachable."""
    client, team = reach(runtime)
    people, workers = People(client, team), Workers()
    jobs = jobs_through(runtime, runtime.workspace_id(team.id, team.name), client, team, people)
    upkeep = Upkeep(runtime, jobs.sender.workspace_id, jobs.messenger)
    clock = clock_for(jobs, runtime.settings.sweep_seconds, upkeep.run)
    app = build_app(runtime, client, team, workers, lambda: clock.nudge("refresh"), people)
    return Connection(runtime, app, client, team, workers, jobs, clock)


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
    known = replace(runtime, dispatcher=replace(runtime.dispatcher, members_of=people.members_of))
    return jobs_for(known, workspace_id, SlackMessenger(client, people), _prefix(runtime), team.home_url)


def _prefix(runtime: Runtime) -> Prefix:
    return Prefix(runtime.settings.command_prefix, slash_commands(runtime.dispatcher.registry))
