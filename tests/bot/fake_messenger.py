"""A Slack for the sender that can fail in every way that matters, at a chosen moment."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from bot.jobs.notifier import Delivered, Outcome, SearchFailed, TryLater, Unclear, Undeliverable
from commands.profile import Profile


def acknowledged_in(blocks: list[dict[str, Any]]) -> list[int]:
    """The numbers of the reminders that buttons and menus acknowledge."""
    elements = [each for block in blocks for each in block.get("elements", ()) if isinstance(each, dict)]
    pressed = [option for each in elements for option in (each, *each.get("options", ()))]
    values = [each.get("value", "") for each in pressed]
    return [int(match[1]) for value in values if (match := re.fullmatch(r"(?:run:)?reminder ack (\d+)", value))]


class Crash(BaseException):
    """The process is gone: nothing that catches Exception may go on."""


class Fault(StrEnum):
    """What happens to the next post. DROPPED: Slack has it, the answer is lost. LOST: neither."""

    DROPPED = auto()
    LOST = auto()
    TOO_OFTEN = auto()
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()


@dataclass(frozen=True, slots=True)
class Post:
    channel: str
    key: str
    payload: dict[str, Any]
    at: datetime
    ts: str

    @property
    def reminders(self) -> list[int]:
        """The numbers of the reminders it asks about."""
        return acknowledged_in(self.payload["blocks"])


@dataclass
class FakeMessenger:
    clock: Any
    faults: list[Fault] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    is_readable: bool = True
    posts: list[Post] = field(default_factory=list)
    updates: dict[str, dict[str, Any]] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None
    """What somebody does, once, between the claim and the message."""

    def channel_of(self, recipient: str) -> str | Undeliverable | TryLater:
        if (act := self.meanwhile) is not None:
            self.meanwhile = None
            act()
        return f"D{recipient[1:]}" if recipient.startswith("U") else recipient

    def post(self, channel: str, payload: dict[str, Any], may_send: Callable[[], bool]) -> Outcome:
        if not may_send():
            return TryLater(0.0)
        fault = self.faults.pop(0) if self.faults else None
        if channel in self.gone:
            return Undeliverable("this person's account is closed")
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.TOO_OFTEN:
            return TryLater(30.0, holds_all=True)
        if fault is Fault.LOST:
            return Unclear("timed out")
        ts = f"{1_800_000_000 + len(self.posts)}.000100"
        self.posts.append(Post(channel, payload["metadata"]["event_payload"]["k"], payload, self.clock(), ts))
        if fault is Fault.CRASH_AFTER:
            raise Crash
        return Unclear("connection reset") if fault is Fault.DROPPED else Delivered(channel, ts)

    def find(self, channel: str, key: str, since: datetime) -> str | None:
        if not self.is_readable:
            raise SearchFailed("missing_scope")
        return next((post.ts for post in self.posts if post.channel == channel and post.key == key), None)

    def update(self, channel: str, ts: str, payload: dict[str, Any]) -> bool:
        self.updates[ts] = payload
        return True

    def zone_of(self, user: str) -> str | None:
        return self.zones.get(user)

    def look_up(self, user: str) -> Profile | None:
        return None
