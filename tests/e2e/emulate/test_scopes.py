"""The bot against `emulate`, somebody else's idea of Slack, with strict scopes: what the manifest asks for is enough,
and without any one of its scopes something that the bot does is refused. Five scopes emulate does not play: what Slack
sends for them and asks them for is in tests/bot/test_scopes.py.

Needs node 18 or newer and `npm ci` in this folder; .ci/run sees to both.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.jobs.notifier import Delivered, SlackMessenger
from bot.runtime.config import Settings
from bot.runtime.wiring import build, utc_now
from bot.slack.app import build_app
from bot.slack.identity import Team
from bot.slack.manifest import scopes
from bot.slack.workers import Workers
from commands.dispatching.request import CONSOLE, Request
from tests.bot.test_scopes import USES

HERE = Path(__file__).parent
ALL = "xoxb-all-scopes"
EVERYTHING = (
    "chat:write", "channels:read", "channels:history", "channels:manage", "groups:read", "groups:write", "im:read",
    "im:write", "im:history", "users:read",
)  # fmt: skip


def _missing() -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules" / "emulate").is_dir():
        return "emulate is not installed: npm ci --prefix tests/e2e/emulate"
    return None


class Recording(WebClient):
    """A client that keeps what was refused for want of a scope."""

    def __init__(self, token: str, base_url: str, refused: set[str]) -> None:
        super().__init__(token=token, base_url=base_url, timeout=10, retry_handlers=[])
        self.refused = refused

    def api_call(self, *args: Any, **more: Any) -> Any:
        try:
            return super().api_call(*args, **more)
        except SlackApiError as error:
            self.refused |= set(str(error.response.get("needed") or "").replace("|", ",").split(",")) - {""}
            raise


@dataclass(frozen=True)
class Slack:
    base_url: str
    person: str
    public: str
    private: str

    def client(self, token: str, refused: set[str]) -> WebClient:
        return Recording(token, self.base_url, refused)


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    if (reason := _missing()) is not None:
        message = f"the manifest's scopes were NOT proven against emulate: {reason}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        ["node", "server.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps({"port": port, "seed": _seed()}))
        server.stdin.close()
        try:
            assert server.stdout.readline().strip() == "ready"
            yield _prepared(f"http://127.0.0.1:{port}/api/")
        finally:
            server.terminate()


def _seed() -> dict[str, Any]:
    app = {
        "client_id": "1.1", "client_secret": "x", "name": "engagement", "bot_name": "engagement",
        "app_id": "A0ENGAGE01", "redirect_uris": [], "scopes": scopes(),
    }  # fmt: skip
    tokens = {ALL: scopes(), **{_without(scope): [one for one in scopes() if one != scope] for scope in scopes()}}
    of_bot = {"type": "bot", "user": "engagement", "app_id": "A0ENGAGE01"}
    return {
        "team": {"name": "Northwind", "domain": "northwind"},
        "users": [{"name": "sam"}],
        "channels": [{"name": "helpdesk"}, {"name": "secret", "is_private": True}],
        "oauth_apps": [app],
        "tokens": [
            *({"token": token, "scopes": given, **of_bot} for token, given in tokens.items()),
            {"token": "xoxp-admin", "type": "user", "user": "sam", "scopes": list(EVERYTHING)},
        ],
        "strict_scopes": True,
    }


def _without(scope: str) -> str:
    return f"xoxb-without-{scope.replace(':', '-')}"


def _prepared(base_url: str) -> Slack:
    """The ids that emulate chose; the bot is invited to both channels."""
    admin = WebClient(token="xoxp-admin", base_url=base_url, timeout=10)
    people = {user["name"]: user["id"] for user in admin.users_list()["members"]}
    listed = admin.conversations_list(types="public_channel,private_channel")["channels"]
    channels = {channel["name"]: channel["id"] for channel in listed}
    for name in ("helpdesk", "secret"):
        admin.conversations_invite(channel=channels[name], users=people["engagement"])
    return Slack(base_url, people["sam"], channels["helpdesk"], channels["secret"])


def everything_the_bot_calls(slack: Slack, token: str, database: str) -> set[str]:
    """The scopes that were found missing while the bot answers, opens, sends, reads back, exports and publishes."""
    refused: set[str] = set()
    client = slack.client(token, refused)
    runtime, workers = build(_settings(slack, token, database)), Workers()
    try:
        team = Team.of(client)
        app = build_app(runtime, client, team, workers)
        workspace_id = runtime.workspace_id(team.id, "Northwind")
        for text in (f"role grant {slack.person} admin", "client add Calder", "agreement add Calder SOW-A kind:sow",
                     'matrix set Calder SOW-A "Server backup" msp'):  # fmt: skip
            runtime.dispatcher.run(Request(workspace_id, CONSOLE, text))
        for payload in _payloads(slack, team, client):
            assert app.dispatch(BoltRequest(body=payload, mode="socket_mode")).status == 200
        assert workers.wait(30)
        _send_and_read_back(slack, client)
    finally:
        workers.drain(10)
        runtime.close()
    return refused


def _settings(slack: Slack, token: str, database: str) -> Settings:
    return Settings(
        _env_file=None, ENGAGEMENT_DATABASE_URL=database, SLACK_BOT_TOKEN=token, SLACK_API_URL=slack.base_url,
        ENGAGEMENT_ADMINS=slack.person,
    )  # fmt: skip


def _payloads(slack: Slack, team: Team, client: WebClient) -> Sequence[dict[str, Any]]:
    """A question in a public and in a private channel, an export, a form, the home tab."""
    user = {"id": slack.person, "username": "sam", "team_id": team.id}
    trigger = client.api_call("views.generateTriggerId", params={"user_id": slack.person})["trigger_id"]

    def mention(channel: str, text: str, number: int) -> dict[str, Any]:
        said = {
            "type": "app_mention",
            "user": slack.person,
            "channel": channel,
            "text": text,
            "ts": f"17000000{number}.1",
        }
        return {"type": "event_callback", "team_id": team.id, "event_id": f"Ev{number}", "event": said}

    button = {"type": "button", "action_id": "form:0", "value": "client add", "block_id": "b", "action_ts": "1"}
    return (
        mention(slack.public, "scope ask calder server backup", 11),
        mention(slack.private, "scope ask calder server backup", 12),
        mention(slack.public, "matrix export calder SOW-A", 13),
        {"type": "block_actions", "user": user, "team": {"id": team.id}, "trigger_id": trigger, "actions": [button],
         "channel": {"id": slack.public}, "container": {"type": "message", "channel_id": slack.public},
         "response_url": f"{slack.base_url}nowhere"},
        {"type": "event_callback", "team_id": team.id, "event_id": "Ev14",
         "event": {"type": "app_home_opened", "user": slack.person, "tab": "home", "channel": "D1"}},
    )  # fmt: skip


def _send_and_read_back(slack: Slack, client: WebClient) -> None:
    """As reminders are sent: posted with a key, looked for by it, and changed, in each kind of conversation."""
    messenger = SlackMessenger(client)
    for recipient in (slack.person, slack.public, slack.private):
        channel = messenger.channel_of(recipient)
        if not isinstance(channel, str):
            continue
        key = f"key-{recipient}"
        payload = {"text": "A reminder", "metadata": {"event_type": "reminder", "event_payload": {"k": key}}}
        outcome = messenger.post(channel, payload, lambda: True)
        try:
            found = messenger.find(channel, key, utc_now() - timedelta(minutes=5))
        except Exception:
            continue  # for want of a scope, which is recorded
        if isinstance(outcome, Delivered):
            assert found == outcome.ts, "what was posted is found by its key"
            assert messenger.update(channel, outcome.ts, {"text": "An answered reminder"})


def test_the_manifests_scopes_are_enough(slack: Slack, sqlite_url: str) -> None:
    assert everything_the_bot_calls(slack, ALL, sqlite_url) == set()


@pytest.mark.parametrize("scope", [scope for scope in scopes() if scope not in USES])
def test_none_of_the_manifests_scopes_is_unused(slack: Slack, sqlite_url: str, scope: str) -> None:
    assert scope in everything_the_bot_calls(slack, _without(scope), sqlite_url)
