"""The real app on a database of its own, with the demo's clients or a large and ugly set of them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from slack_bolt import BoltRequest

from bot.console.demo_world import DemoWorld, demo_world
from bot.console.payloads import Payloads
from commands.dispatching.dispatcher import Dispatcher

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
DANA, PRIYA, SAM, GUS, RITA = "U0DANA", "U0PRIYA", "U0SAM", "U0GUS", "U0RITA"


@dataclass
class World:
    demo: DemoWorld
    payloads: Payloads = field(init=False)

    def __post_init__(self) -> None:
        self.payloads = Payloads(self.demo.slack)

    def typed(self, user: str, text: str, channel: str = "C0CALDER") -> list[tuple[str, dict[str, Any]]]:
        """What appears when `user` types a slash command: surfaces of a kind (message, modal)."""
        command, _, rest = text.partition(" ")
        return self.sent(self.payloads.slash(user, channel, command, rest))

    def sent(self, payload: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        before = len(self.demo.slack.posted)
        response = self.demo.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        self.demo.workers.wait(30)
        shown: list[tuple[str, dict[str, Any]]] = []
        if response.headers.get("content-type", [""])[0].startswith("application/json"):
            answer = json.loads(response.body)
            if isinstance(answer, dict) and "blocks" in answer:
                shown.append(("message", answer))
        for posted in self.demo.slack.since(before):
            if posted.kind != "file":
                shown.append(("modal" if posted.kind == "view" else "message", dict(posted.payload)))
        return shown

    def pressed(self, user: str, message: dict[str, Any], label: str) -> list[tuple[str, dict[str, Any]]]:
        """What appears when `user` presses the button or picks the entry of an overflow menu that says `label`."""
        for element in _elements(message):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return self.sent(self.payloads.press(user, "C0CALDER", element))
        raise LookupError(f"{label!r} is not on the message")

    def home(self, user: str) -> dict[str, Any]:
        self.sent(self.payloads.home_opened(user))
        return dict(self.demo.slack.homes[user])

    def pass_time(self, days: int) -> list[dict[str, Any]]:
        """The messages that arrive while `days` pass."""
        before, target = len(self.demo.slack.posted), self.demo.clock() + timedelta(days=days)
        while (now := self.demo.clock()) < target:
            self.demo.clock.set(min(now + timedelta(hours=6), target))
            if self.demo.clock().date() != now.date():
                self.demo.jobs.plan()
            self.demo.jobs.sweep()
        self.demo.jobs.refresh()
        return [dict(each.payload) for each in self.demo.slack.since(before) if each.kind == "message"]


@contextmanager
def opened(fill: Callable[[Dispatcher, int, date], None]) -> Iterator[World]:
    """A workspace with what `fill` records in it."""
    with demo_world(NOW, fill) as world:
        yield World(world)


def nothing(dispatcher: Dispatcher, workspace_id: int, today: date) -> None:
    """As on the first day."""


def _elements(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in message["blocks"]:
        if block["type"] == "actions":
            yield from block["elements"]
        elif "accessory" in block:
            yield block["accessory"]
