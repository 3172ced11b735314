"""The bot against a local Slack, a database of its own and a clock that stands still."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from bot.console.terminal import pressable as of_menu
from bot.jobs.jobs import Jobs
from bot.process.connection import jobs_through
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime
from bot.slack.app import build_app
from bot.slack.blocks import pressable
from bot.slack.forms import MORE
from bot.slack.identity import People, Team
from bot.slack.request_handler import REFUSED
from bot.slack.workers import Workers
from commands.command import Registry
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from storage.database import Database
from tests.bot.odd_commands import REGISTRY
from tests.prepared import prepared

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
DANA, SAM, GUS, RITA, VIC = "U0DANA", "U0SAM", "U0GUS", "U0RITA", "U0VIC"
APP = "A0LOCAL001"
HELPDESK, CALDER, VENDOR, SECRET = "C0HELP", "C0CALDER", "C0VENDOR", "C0SECRET"
PEOPLE = (
    Person(DANA, "dana", "Dana Ortiz"),
    Person(SAM, "sam", "Sam Lee"),
    Person(VIC, "vic", "Vic Viewer"),
    Person(GUS, "gus", "Gus Guest", flags={"is_restricted": True, "is_ultra_restricted": True}),
    Person(RITA, "rita", "Rita Vendor", team="T0VENDOR01", flags={"is_stranger": True}),
)
CHANNELS = (
    Channel(HELPDESK, "helpdesk"),
    Channel(CALDER, "calder-ridge"),
    Channel(VENDOR, "shared-with-vendor", is_ext_shared=True),
    Channel(SECRET, "secret", is_private=True, has_bot=False),
)


@dataclass
class Bot:
    """The app with everything around it, and short ways to do what people do."""

    app: App
    slack: LocalSlack
    payloads: Payloads
    runtime: Runtime
    workers: Workers
    team: Team

    def send(self, payload: dict[str, Any]) -> Any:
        """What the app answers to one payload, decoded; Slack must always get a 200."""
        response = self.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        assert response.status == 200, response.body
        if response.headers.get("content-type", [""])[0].startswith("application/json"):
            return json.loads(response.body)
        return response.body

    def slash(self, user: str, text: str, channel: str = HELPDESK, command: str = "/engagement") -> Any:
        return self.send(self.payloads.slash(user, channel, command, text))

    @cached_property
    def workspace_id(self) -> int:
        return self.runtime.workspace_id(self.team.id)

    def do(self, text: str) -> None:
        """Run a command with all rights, beside Slack."""
        self.runtime.dispatcher.run(Request(self.workspace_id, CONSOLE, text, is_confirmed=True))

    def prepare(self, *lines: str) -> None:
        """Each of `lines` done, or what came of it where the same was prepared before."""

        def fill() -> None:
            for line in lines:
                self.do(line)

        prepared(self.runtime.database, "\n".join(lines), fill)

    def view(self) -> dict[str, Any]:
        """The form that was opened last."""
        return dict([posted.payload for posted in self.slack.posted if posted.kind == "view"][-1])

    def whole(self, user: str) -> dict[str, Any]:
        """The same with all of its fields."""
        view = self.view()
        for button in buttons(view):
            if button["action_id"] == MORE:
                self.send(self.payloads.press_home(user, view, button))
        return self.view()


def jobs_of(bot: Bot) -> Jobs:
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    team = Team.of(client)
    return jobs_through(bot.runtime, bot.runtime.workspace_id(team.id), client, team, People(client, team))


def buttons(payload: Any) -> list[dict[str, Any]]:
    """What can be pressed on a message, in order: buttons, beside lines, too, and what is behind a menu."""
    return [dict(each) for element in pressable(payload["blocks"]) for each in of_menu(element)]


def is_refusal(payload: Any) -> bool:
    return bool(payload["blocks"][0].get("block_id") == REFUSED)


def settings_for(slack: LocalSlack, **more: str) -> Settings:
    """Settings that read neither the environment's Slack nor a .env file."""
    given = {
        "ENGAGEMENT_ADMINS": DANA,
        "ENGAGEMENT_TIMEZONE": "America/Chicago",
        "ENGAGEMENT_MANAGERS_CHANNEL": HELPDESK,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack.base_url,
    }
    return Settings(_env_file=None, **{**given, **more})


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(PEOPLE, CHANNELS) as running:
        running.app_id = APP
        yield running
        assert running.problems == []


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; every test gets a copy."""
    path = tmp_path_factory.mktemp("bot") / "empty.db"
    Database.ready(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def runtime(empty_database: Path, tmp_path: Path, registry: Registry, slack: LocalSlack) -> Iterator[Runtime]:
    database = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'test.db')}")
    settings = settings_for(slack, SLACK_SIGNING_SECRET="8f742231b10e8888abcd99yyyzzz85a5")
    dispatcher = Dispatcher(registry, database.open_unit, lambda: NOW, settings.policy)
    yield Runtime(settings, database, dispatcher, lambda: NOW)
    database.close()


@pytest.fixture
def bot(runtime: Runtime, slack: LocalSlack) -> Iterator[Bot]:
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=5, retry_handlers=[])
    team, workers = Team.of(client), Workers()
    app = build_app(runtime, client, team, workers)
    bot = Bot(app, slack, Payloads(slack), runtime, workers, team)
    bot.prepare(
        f"role grant {SAM} technician", 'client add "Calder Ridge" alias:calder', f"client link calder {CALDER}"
    )
    yield bot
    workers.drain(5)
