"""What appears in the local Slack, in order, each with the hour of the demo's clock; and who may see it."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.console.demo_world import DemoWorld
from bot.console.local_slack import BOT_USER, LocalSlack, Person, Posted

Entry = dict[str, Any]
_SHOWN = ("message", "ephemeral", "response", "file", "said")


def channels_of(slack: LocalSlack, person: Person) -> frozenset[str]:
    """The conversations that a person is in: people of other companies only where the channel is shared."""
    shared_only = bool(person.flags.get("is_stranger"))
    joined = {channel.id for channel in slack.channels.values() if channel.is_ext_shared or not shared_only}
    return frozenset({f"D{person.id[1:]}", *joined})


@dataclass(slots=True)
class Timeline:
    """`collect` takes over what is new; an entry's place in the list is its number, from 1."""

    world: DemoWorld
    _entries: list[Entry] = field(default_factory=list)
    _seen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def collect(self) -> None:
        """Take over what appeared since, as having appeared now."""
        with self._lock:
            new = self.world.slack.since(self._seen)
            self._seen += len(new)
            now = self.world.clock()
            self._entries += [_entry(posted, now) for posted in new if posted.kind in _SHOWN]

    def after(self, count: int, viewer: Person) -> tuple[int, list[Entry]]:
        """How many there are, and those after the first `count` that `viewer` may see."""
        self.collect()
        joined = channels_of(self.world.slack, viewer)
        with self._lock:
            new = self._entries[max(0, count) :]
            return len(self._entries), [entry for entry in new if _may_see(entry, viewer, joined)]

    def find(self, ts: str, viewer: Person) -> Entry | None:
        """The message `ts`, as it stands now, if `viewer` may see it."""
        found = [entry for entry in self.after(0, viewer)[1] if entry["ts"] == ts]
        return found[-1] if found else None

    def home(self, viewer: Person) -> tuple[str, Mapping[str, Any]] | None:
        """The viewer's home tab and what tells it from another; None before it was opened."""
        view = self.world.slack.homes.get(viewer.id)
        if view is None:
            return None
        return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:16], view


def _may_see(entry: Entry, viewer: Person, joined: frozenset[str]) -> bool:
    return entry["channel"] in joined and entry["only"] in (None, viewer.id)


def _entry(posted: Posted, now: datetime) -> Entry:
    payload = posted.payload
    is_said, is_typed = posted.kind == "said", bool(payload.get("is_typed"))
    return {
        "ts": str(payload["ts"]) if posted.method == "chat.update" else posted.ts,
        "is_update": posted.method == "chat.update",
        "channel": posted.channel,
        "from": posted.user if is_said else BOT_USER,
        "only": None if is_said and not is_typed else posted.user,
        "is_typed": is_typed,
        "at": now.timestamp(),
        "text": str(payload.get("text") or ""),
        "blocks": _decoded(payload.get("blocks")),
        "thread": payload.get("thread_ts"),
        "files": [_file(payload)] if posted.kind == "file" else [_file(each) for each in payload.get("files", ())],
    }


def _file(described: Mapping[str, Any]) -> dict[str, Any]:
    content = described.get("content", b"")
    size = len(content) if content else int(described.get("size", 0))
    return {"id": described["id"], "name": described["name"], "title": described.get("title", ""), "size": size}


def _decoded(blocks: Any) -> list[Any]:
    return list(json.loads(blocks) if isinstance(blocks, str) else blocks or ())
