"""What Slack sends when somebody types, presses or fills in something: payloads in the shapes that Slack documents."""

import itertools
import re
import time
from collections.abc import Mapping
from typing import Any

from bot.console.local_slack import BOT_USER, TEAM, LocalSlack, Person

Payload = dict[str, Any]
_HANDLE = re.compile(r"(?<![\w<@])@([a-z][a-z0-9_.-]*)")
_CHANNEL = re.compile(r"(?<![\w<&#])#([a-z][a-z0-9_-]*)")


class Payloads:
    """Payloads from people of `slack`, each with ids of its own."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack
        self._numbers = itertools.count(1)

    def encoded(self, text: str) -> str:
        """`text` as Slack passes it on: entities, and known @names and #channels as mentions."""
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        people = {person.handle: person.id for person in self._slack.people.values()}
        channels = {channel.name: channel.id for channel in self._slack.channels.values()}
        text = _HANDLE.sub(lambda m: f"<@{people[m[1]]}>" if m[1] in people else m[0], text)
        return _CHANNEL.sub(lambda m: f"<#{channels[m[1]]}|{m[1]}>" if m[1] in channels else m[0], text)

    def slash(self, user: str, channel: str, command: str, text: str = "") -> Payload:
        person, place = self._slack.people[user], self._slack.channels.get(channel)
        return {
            "team_id": TEAM,
            "team_domain": "northwind",
            "channel_id": channel,
            "channel_name": place.name if place else "directmessage",
            "user_id": user,
            "user_name": person.handle,
            "command": command,
            "text": self.encoded(text),
            "api_app_id": "A0LOCAL001",
            "is_enterprise_install": "false",
            "response_url": self._slack.response_url(channel, user),
            "trigger_id": self._slack.trigger(),
        }

    def mention(self, user: str, channel: str, text: str, **more: Any) -> Payload:
        event = {"type": "app_mention", "text": f"<@{BOT_USER}> {self.encoded(text)}", "channel": channel, **more}
        return self._event(user, event)

    def direct(self, user: str, text: str, **more: Any) -> Payload:
        place = {"channel": f"D{user[1:]}", "channel_type": "im"}
        return self._event(user, {"type": "message", "text": self.encoded(text), **place, **more})

    def press(self, user: str, channel: str, button: Mapping[str, Any]) -> Payload:
        """A button of a message that the bot sent, as its block describes it."""
        action = {"type": "button", **button, "block_id": "b1", "action_ts": str(time.time())}
        return {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "api_app_id": "A0LOCAL001",
            "container": {"type": "message", "channel_id": channel, "is_ephemeral": True},
            "channel": {"id": channel, "name": "x"},
            "trigger_id": self._slack.trigger(),
            "response_url": self._slack.response_url(channel, user),
            "actions": [action],
        }

    def submit(self, user: str, view: Mapping[str, Any], state: Mapping[str, Any]) -> Payload:
        """A form sent; `state` holds each input's state by block_id."""
        actions = {block["block_id"]: block["element"]["action_id"] for block in view["blocks"] if "element" in block}
        values = {name: {actions[name]: element} for name, element in state.items()}
        return {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "northwind"},
            "user": self._user(user),
            "api_app_id": "A0LOCAL001",
            "trigger_id": self._slack.trigger(),
            "view": {**view, "state": {"values": values}},
            "response_urls": [],
        }

    def home_opened(self, user: str, tab: str = "home") -> Payload:
        place = {"channel": f"D{user[1:]}"}
        return self._event(user, {"type": "app_home_opened", "tab": tab, **place})

    def step(self, callback: str, inputs: Mapping[str, str]) -> Payload:
        """A step of a workflow that is carried out."""
        function = {"id": "Fn01", "callback_id": callback, "type": "app", "app_id": "A0LOCAL001"}
        number = next(self._numbers)
        event = {
            "type": "function_executed",
            "function": function,
            "inputs": dict(inputs),
            "function_execution_id": f"Fx{number:08d}",
            "workflow_execution_id": "Wx01",
            "event_ts": f"{1_600_000_000 + number}.000400",
            "bot_access_token": "xwfp-local",
        }
        return _envelope(number, event)

    def press_home(self, user: str, view: Mapping[str, Any], button: Mapping[str, Any]) -> Payload:
        """A button of the home tab, or of a modal."""
        return {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "api_app_id": "A0LOCAL001",
            "container": {"type": "view", "view_id": view.get("id", "V0HOME")},
            "trigger_id": self._slack.trigger(),
            "view": dict(view),
            "actions": [{"type": "button", **button, "block_id": "b1", "action_ts": str(time.time())}],
        }

    def shortcut(self, user: str, callback: str) -> Payload:
        """A global shortcut."""
        return {
            "type": "shortcut",
            "callback_id": callback,
            "trigger_id": self._slack.trigger(),
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "action_ts": str(time.time()),
        }

    def message_shortcut(
        self, user: str, callback: str, channel: str, text: str, ts: str = "1600000000.000300"
    ) -> Payload:
        """A shortcut used on a message."""
        return {
            **self.shortcut(user, callback),
            "type": "message_action",
            "response_url": self._slack.response_url(channel, user),
            "message_ts": ts,
            "channel": {"id": channel, "name": "x"},
            "message": {"type": "message", "user": user, "ts": ts, "text": self.encoded(text)},
        }

    def act_in_message(
        self, user: str, channel: str, message: Mapping[str, Any], action: Mapping[str, Any], *, is_ephemeral: bool
    ) -> Payload:
        """Any element of a message used: pressed, or something picked in it."""
        ts = message.get("ts", "")
        return {
            **self._acted(user, action),
            "container": {
                "type": "message", "channel_id": channel, "message_ts": ts, "is_ephemeral": is_ephemeral,
            },
            "channel": {"id": channel, "name": "x"},
            "message": dict(message),
            "response_url": self._slack.response_url(channel, user),
        }  # fmt: skip

    def act_in_view(
        self, user: str, view: Mapping[str, Any], action: Mapping[str, Any], values: Mapping[str, Any]
    ) -> Payload:
        """Any element of a form or the home tab used; `values` is what all inputs hold, by block_id and action_id."""
        return {
            **self._acted(user, action),
            "container": {"type": "view", "view_id": view.get("id", "V0HOME")},
            "view": {**view, "state": {"values": dict(values)}},
        }

    def pick(self, user: str, view: Mapping[str, Any], block_id: str, element: Mapping[str, Any]) -> Payload:
        """An option picked in an input that dispatches."""
        block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
        action_id = block["element"]["action_id"]
        return {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "container": {"type": "view", "view_id": view.get("id")},
            "trigger_id": self._slack.trigger(),
            "view": {**view, "state": {"values": {block_id: {action_id: dict(element)}}}},
            "actions": [{**element, "block_id": block_id, "action_id": action_id}],
        }

    def suggest(self, user: str, view: Mapping[str, Any], block_id: str, typed: str = "") -> Payload:
        """A request for the options of an external select."""
        block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
        return {
            "type": "block_suggestion",
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "container": {"type": "view", "view_id": view.get("id")},
            "action_id": block["element"]["action_id"],
            "block_id": block_id,
            "value": typed,
            "view": {**view, "state": {"values": {}}},
        }

    def _acted(self, user: str, action: Mapping[str, Any]) -> Payload:
        return {
            "type": "block_actions",
            "user": self._user(user),
            "team": {"id": TEAM, "domain": "northwind"},
            "api_app_id": "A0LOCAL001",
            "trigger_id": self._slack.trigger(),
            "actions": [{**action, "action_ts": str(time.time())}],
        }

    def _event(self, user: str, event: Payload) -> Payload:
        number = next(self._numbers)
        bot = {"team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
        happened = {"user": user, "ts": f"{1_600_000_000 + number}.000200", "team": TEAM, **event}
        return {**_envelope(number, happened), "authorizations": [bot]}

    def _user(self, user: str) -> Payload:
        person: Person = self._slack.people[user]
        return {"id": user, "username": person.handle, "name": person.handle, "team_id": person.team}


def _envelope(number: int, event: Payload) -> Payload:
    """What Slack puts around every event that it sends."""
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0LOCAL001",
        "event_id": f"Ev{number:08d}",
        "event_time": int(time.time()),
        "event": event,
    }
