"""A workspace with everybody in it who could be told too much, and a canary in every stored text of three clients."""

import io
import json
import logging
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, TEAM, Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from bot.runtime.config import Settings
from bot.runtime.log import SLACKS, start_logging
from bot.runtime.wiring import Runtime
from bot.slack.app import build_app
from bot.slack.identity import Team
from bot.slack.workers import Workers
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from storage.database import Database
from tests.leaks.canaries import ADMIN, NOW, row, tables

MANAGER, TECHNICIAN, VIEWER = "U0MANAGER", "U0TECH", "U0VIEWER"
NAMED, GROUPED, OWNER = "U0NAMED", "U0GROUPED", "U0OWNER"
GUEST, SINGLE, STRANGER, FOREIGN, ROBOT, GONE, UNKNOWN = (
    "U0GUEST", "U0SINGLE", "U0STRANGER", "U0FOREIGN", "U0ROBOT", "U0GONE", "U0UNKNOWN",
)  # fmt: skip
COLLEAGUES = (ADMIN, MANAGER, TECHNICIAN, VIEWER, NAMED, GROUPED, OWNER)
OUTSIDERS = (GUEST, SINGLE, STRANGER, FOREIGN, ROBOT, GONE, UNKNOWN)
GROUP = "S0GROUP"
HELPDESK, MANAGERS, SECRET_ROOM, SHARED, FOREIGN_ROOM, NOT_IN = (
    "C0HELP", "C0MANAGERS", "C0SECRETROOM", "C0SHARED", "C0FOREIGN", "C0NOTIN",
)  # fmt: skip
OPEN, RESTRICTED, JOINT = "zopenz", "zsecretz", "zjointz"
"""The canaries: in every text of the client that all colleagues see, of the restricted one, of the one with a shared
channel. What people type never contains one."""
TYPED = {OPEN: "openwater", RESTRICTED: "vantablack", JOINT: "jointventure"}
_EVERYBODY = (*COLLEAGUES, GUEST, SINGLE)
MEMBERS: Mapping[str, Collection[str]] = {
    HELPDESK: COLLEAGUES,
    MANAGERS: (ADMIN, MANAGER),
    SECRET_ROOM: (ADMIN, NAMED, GROUPED, OWNER),
    SHARED: (*_EVERYBODY, STRANGER, FOREIGN),
    FOREIGN_ROOM: (*_EVERYBODY, STRANGER, FOREIGN),
    NOT_IN: COLLEAGUES,
}
_PEOPLE = (
    *(Person(user, user[2:].lower(), user[2:].title()) for user in COLLEAGUES),
    Person(GUEST, "guest", "Guest", flags={"is_restricted": True}),
    Person(SINGLE, "single", "Single", flags={"is_restricted": True, "is_ultra_restricted": True}),
    Person(STRANGER, "stranger", "Stranger", team="T0OTHER001", flags={"is_stranger": True}),
    Person(FOREIGN, "foreign", "Foreign", team="T0OTHER001"),
    Person(ROBOT, "robot", "Robot", flags={"is_bot": True}),
    Person(GONE, "gone", "Gone", flags={"deleted": True}),
    Person(UNKNOWN, "unknown", "Unknown"),  # Slack does not say who that is: see test_leaks.py
)
_CHANNELS = (
    Channel(HELPDESK, "helpdesk"),
    Channel(MANAGERS, "managers"),
    Channel(SECRET_ROOM, "secret-room", is_private=True),
    Channel(SHARED, "joint-shared", is_ext_shared=True),
    Channel(FOREIGN_ROOM, "vendors", is_ext_shared=True),
    Channel(NOT_IN, "not-in", is_private=True, has_bot=False),
)


def entitled(user: str) -> frozenset[str]:
    """The canaries that `user` may read."""
    if user not in COLLEAGUES:
        return frozenset()
    everybodys = frozenset({OPEN, JOINT})
    return everybodys | {RESTRICTED} if user in (ADMIN, NAMED, GROUPED, OWNER) else everybodys


@dataclass(frozen=True)
class Shown:
    """Text that `readers` can read, in a channel if it was shown in one."""

    readers: frozenset[str]
    channel: str | None
    text: str

    def leaks(self) -> list[str]:
        """Each canary that somebody reads who may not; in a channel shared with a company, every client but its own."""
        found = [token for token in TYPED if token in self.text.lower()]
        leaked = [f"{token} to {user}" for token in found for user in self.readers if token not in entitled(user)]
        if self.channel in (SHARED, FOREIGN_ROOM):
            leaked += [f"{token} in {self.channel}" for token in found if token != JOINT or self.channel != SHARED]
        return leaked


@dataclass
class World:
    app: App
    slack: LocalSlack
    payloads: Payloads
    runtime: Runtime
    workers: Workers
    log: io.StringIO = field(default_factory=io.StringIO)

    def send(self, user: str, channel: str | None, payload: dict[str, Any]) -> list[Shown]:
        """Everything that appears because of one payload, the answer to it first."""
        before, homes, calls = len(self.slack.posted), dict(self.slack.homes), len(self.slack.calls)
        response = self.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        assert response.status == 200, (response.status, payload)
        assert self.workers.wait(20)
        is_public = '"in_channel"' in response.body
        shown = [Shown(frozenset(MEMBERS.get(channel or "", ()) if is_public else {user}), channel, response.body)]
        for posted in self.slack.since(before):
            readers, place = self._readers(posted.kind, posted.channel, posted.user, user)
            shown.append(Shown(frozenset(readers), place, _text(posted.payload)))
        for method, arguments in self.slack.calls[calls:]:
            if method.startswith("functions."):  # the output of a workflow's step goes wherever its builder likes
                shown.append(Shown(frozenset({user, VIEWER}), None, _text(arguments)))
        changed = [one for one, view in self.slack.homes.items() if homes.get(one) is not view]
        return [*shown, *(Shown(frozenset({one}), None, _text(self.slack.homes[one])) for one in changed)]

    def run(self, text: str, user: str = CONSOLE, channel: str | None = None) -> None:
        workspace_id = self.runtime.workspace_id(TEAM)
        self.runtime.dispatcher.run(Request(workspace_id, user, text, channel=channel, is_confirmed=True))

    def _readers(
        self, kind: str, channel: str | None, user: str | None, actor: str
    ) -> tuple[Collection[str], str | None]:
        if user is not None:
            return {user}, channel
        if channel is None:  # a form, opened by the trigger of whoever acts
            return {actor}, None
        if channel.startswith("D"):
            return {"U" + channel[1:]}, None
        return MEMBERS[channel], channel


def _text(payload: Any) -> str:
    content = payload.get("content") if isinstance(payload, Mapping) else None
    if isinstance(content, bytes) and content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return json.dumps(payload, default=lambda value: value.decode("utf-8", "replace"))


@contextmanager
def opened(database: Path) -> Iterator[World]:
    """The bot on `database`, its log caught at its most talkative, and who is in the workspace."""
    log, root = io.StringIO(), logging.getLogger()
    kept = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in _loggers()})
    start_logging("DEBUG", log)
    with LocalSlack(_PEOPLE, _CHANNELS) as slack:
        slack.groups[GROUP] = [GROUPED]
        world = _world(slack, Database(f"sqlite:///{database}"), log)
        try:
            yield world
        finally:
            world.workers.drain(10)
            world.runtime.close()
            root.handlers[:], root.level = kept[0], kept[1]
            for name, level in kept[2].items():
                logging.getLogger(name).setLevel(level)
    assert slack.problems == []


def _loggers() -> tuple[str, ...]:
    return ("bot", "commands", "storage", *SLACKS)


def _world(slack: LocalSlack, database: Database, log: io.StringIO) -> World:
    settings = Settings(
        _env_file=None, ENGAGEMENT_ADMINS=ADMIN, ENGAGEMENT_MANAGERS_CHANNEL=MANAGERS, SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_API_URL=slack.base_url,
    )  # fmt: skip
    runtime = Runtime(
        settings, database, Dispatcher(REGISTRY, database.open_unit, lambda: NOW, settings.policy), lambda: NOW
    )
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=5, retry_handlers=[])
    workers = Workers()
    app = build_app(runtime, client, Team.of(client), workers)
    return World(app, slack, Payloads(slack), runtime, workers, log)


def prepare(world: World) -> None:
    """Three clients, known to people by what is typed, every text of theirs a canary."""
    for user, role in ((MANAGER, "manager"), (TECHNICIAN, "technician"), (NAMED, "manager"), (GROUPED, "technician")):
        world.run(f"role grant {user} {role}")
    rooms = {OPEN: None, RESTRICTED: SECRET_ROOM, JOINT: SHARED}
    for token, typed in TYPED.items():
        room = f" channel:{rooms[token]}" if rooms[token] else ""
        world.run(f'client add "{typed} {token}" alias:"{token} alias" industry:"{token} industry"{room} owner:{OWNER}')
        terms = "kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:auto notice:60d"
        world.run(f'agreement add {typed} PAPER-1 {terms} title:"{token} title" url:https://x.internal/{token}')
        world.run(f'agreement add {typed} {token.upper()}-2 kind:msa title:"{token} title"')
        for item in ("Server patching", f"{token} item"):
            world.run(f'matrix set {typed} PAPER-1 "{item}" msp clause:"{token} 2.3" notes:"{token} notes"')
        facts = f'discovered:2026-07-30 at:09:00 residents:"TX 1200" data:"{token} data" notes:"{token} notes"'
        world.run(f'incident record {typed} "Lost laptop" {facts}')
        clock = 'clock:"Texas breach notification law: the people"'
        world.run(f'incident told {typed} Lost {clock} to:"{token} told" proof:"{token} proof"')
        world.run(f"hold lift {typed} reason:over")
        world.run(f'recommendation decline {typed} "Offline copy" reason:"{token} reason"')
    for token, typed in TYPED.items():  # the questions last: the log's newest entries are about every client
        _fill(world, token, typed)
        world.run(f"scope ask {typed} who feeds the {token} hamster?", NAMED, HELPDESK)
        world.run(f"scope ask {typed} server patching", NAMED, HELPDESK)
    world.run(f"client restrict vantablack to:{NAMED} group:{GROUP}")
    world.slack.posted.clear()


def _fill(world: World, token: str, typed: str) -> None:
    with world.runtime.database.open_unit(world.runtime.workspace_id(TEAM)) as uow:
        client = uow.clients.find_by_key(f"{typed} {token}")
        assert client is not None
        agreement = uow.agreements.of_client(client.id)[0]
        for table in tables():
            uow._session.add(row(table, token, client.id, agreement.id))
            uow._session.flush()
