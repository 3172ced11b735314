"""What the page asks for, one method each: everything that a person does goes to the app as Slack would send it."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import BoltRequest

from bot.console.demo_world import DemoWorld
from bot.console.local_slack import BOT_USER, Person, Posted
from bot.console.payloads import Payload, Payloads
from bot.slack.app import slash_commands
from bot.slack.manifest import build_manifest
from bot.web.timeline import Timeline, channels_of

_POLL = 0.1
_LONGEST_WAIT = 20.0
_HOME_WAIT = 5.0
Answer = dict[str, Any]
Asked = Mapping[str, Any]


class NotPossible(Exception):
    """The page asked for what is not there; the text says what."""


@dataclass(slots=True)
class PageRequests:
    """One thing at a time: a request is handed over when the one before it is answered."""

    world: DemoWorld
    is_closing: threading.Event = field(default_factory=threading.Event)
    timeline: Timeline = field(init=False)
    payloads: Payloads = field(init=False)
    _views: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.timeline = Timeline(self.world)
        self.payloads = Payloads(self.world.slack)

    def answer(self, name: str, asked: Asked) -> Answer:
        """Raises NotPossible."""
        act = _ACTS.get(name)
        if act is None:
            raise NotPossible(f"There is no request called {name[:40]}.")
        try:
            return act(self, asked)
        except (KeyError, TypeError, ValueError) as error:
            raise NotPossible(f"The request {name} lacks something, or says what cannot be: {error}") from error

    def start(self, asked: Asked) -> Answer:
        """What does not change: people, channels, commands, shortcuts."""
        slack, registry = self.world.slack, self.world.runtime.dispatcher.registry
        features = build_manifest(registry)["features"]
        people = [
            {
                "id": person.id,
                "handle": person.handle,
                "name": person.name.partition(" (")[0],
                "about": person.name.partition(" (")[2].rstrip(")"),
                "channels": sorted(channels_of(slack, person)),
            }
            for person in slack.people.values()
        ]
        channels = [
            {"id": channel.id, "name": channel.name, "is_shared": channel.is_ext_shared}
            for channel in slack.channels.values()
        ]
        commands = [{"name": each.name, "usage": each.usage, "summary": each.summary} for each in registry]
        return {
            "workspace": "Northwind IT",
            "zone": str(self.world.runtime.settings.policy.zone),
            "bot": BOT_USER,
            "people": people,
            "channels": channels,
            "commands": commands,
            "slashes": features["slash_commands"],
            "shortcuts": features["shortcuts"],
        }

    def news(self, asked: Asked) -> Answer:
        """What appeared after the first `after` entries; waits for it for a while when `wait` says so."""
        viewer, after, home_known = self._person(asked), int(asked.get("after", 0)), asked.get("home", "")
        until = time.monotonic() + min(float(asked.get("wait", 0)), _LONGEST_WAIT)
        while True:
            self._send_due()
            count, entries = self.timeline.after(after, viewer)
            home = self.timeline.home(viewer)
            is_new_home = home is not None and home[0] != home_known
            if entries or is_new_home or time.monotonic() >= until or self.is_closing.wait(_POLL):
                break
        shown = {"version": home[0], "view": home[1]} if home is not None and is_new_home else None
        return {"count": count, "entries": entries, "home": shown, "now": self.world.clock().timestamp()}

    def _send_due(self) -> None:
        """What is due is sent, and what was settled shown, while somebody looks, as the bot does every few seconds."""
        if self._turn.acquire(blocking=False):
            try:
                self.world.jobs.sweep()
                self.world.jobs.refresh()
            finally:
                self._turn.release()

    def say(self, asked: Asked) -> Answer:
        """Words in a conversation: to the bot where it is addressed or alone with somebody."""
        person, channel = self._person(asked), self._channel(asked)
        text, thread = str(asked.get("text", "")), asked.get("thread")
        if text.startswith("/"):
            command, rest = [*text.split(maxsplit=1), ""][:2]
            if command not in (known := slash_commands(self.world.runtime.dispatcher.registry)):
                raise NotPossible(f"{command[:40]} is not a command here. There are {', '.join(known)}.")
            self.world.slack.say(person.id, channel, {"text": text, "is_typed": True})
            return self._deliver(self.payloads.slash(person.id, channel, command, rest.strip()), person, channel)
        files = self._files([{"id": number} for number in asked.get("files", ())])
        more: dict[str, Any] = {"thread_ts": str(thread)} if thread else {}
        if files:
            more |= {"files": files, "subtype": "file_share"}
        said = self.world.slack.say(person.id, channel, {"text": text, **more})
        if channel.startswith("D"):
            return self._deliver(self.payloads.direct(person.id, text, ts=said.ts, **more), person, channel)
        if (words := text.strip()).lower().startswith("@engagement"):
            about = words[len("@engagement") :].strip()
            return self._deliver(
                self.payloads.mention(person.id, channel, about, ts=said.ts, **more), person, channel
            )  # fmt: skip
        return {}

    def act(self, asked: Asked) -> Answer:
        """An element used: of a message, the home tab or a form."""
        person, action = self._person(asked), dict(asked["action"])
        if "view" in asked:
            view, values = self._view(str(asked["view"]), person), asked.get("values", {})
            return self._deliver(self.payloads.act_in_view(person.id, view, action, values), person)
        entry = self.timeline.find(str(asked["ts"]), person)
        if entry is None:
            raise NotPossible("That message is not there any more.")
        channel = str(entry["channel"])
        message = {"ts": entry["ts"], "text": entry["text"], "blocks": entry["blocks"], "user": BOT_USER}
        is_ephemeral = entry["only"] is not None
        payload = self.payloads.act_in_message(person.id, channel, message, action, is_ephemeral=is_ephemeral)
        return self._deliver(payload, person, channel)

    def submit(self, asked: Asked) -> Answer:
        """A form sent, with what all of its inputs hold."""
        person = self._person(asked)
        view = self._view(str(asked["view"]), person)
        state: dict[str, Any] = {}
        for block_id, elements in dict(asked["values"]).items():
            held = next(iter(elements.values()))
            state[block_id] = {**held, "files": self._files(held["files"])} if held.get("files") else held
        return self._deliver(self.payloads.submit(person.id, view, state), person, view=view)

    def suggest(self, asked: Asked) -> Answer:
        """What there is to choose from in a select that asks the app, for what is typed so far."""
        person = self._person(asked)
        view = self._view(str(asked["view"]), person)
        payload = self.payloads.suggest(person.id, view, str(asked["block"]), str(asked.get("typed", "")))
        payload["view"] = {**view, "state": {"values": asked.get("values", {})}}
        with self._turn:
            answer, _ = self._dispatch(payload)
        return {"options": answer.get("options", []) if isinstance(answer, dict) else []}

    def shortcut(self, asked: Asked) -> Answer:
        """A global shortcut, or one used on a message."""
        person, callback = self._person(asked), str(asked["callback"])
        if "ts" not in asked:
            return self._deliver(self.payloads.shortcut(person.id, callback), person)
        entry = self.timeline.find(str(asked["ts"]), person)
        if entry is None:
            raise NotPossible("That message is not there any more.")
        channel = str(entry["channel"])
        payload = self.payloads.message_shortcut(person.id, callback, channel, entry["text"], entry["ts"])
        return self._deliver(payload, person, channel)

    def open_home(self, asked: Asked) -> Answer:
        """The bot's home tab, or its messages with what could be asked."""
        person, tab = self._person(asked), str(asked.get("tab", "home"))
        known = self.world.slack.homes.get(person.id)
        with self._turn:
            self._dispatch(self.payloads.home_opened(person.id, tab))
            if tab == "home" and known is None:
                self.world.workers.wait(_HOME_WAIT)
        return {"prompts": self.world.slack.prompts if tab == "messages" else []}

    def pass_time(self, asked: Asked) -> Answer:
        """The clock moved ahead: 1d, 2w, 1m."""
        with self._turn:
            before = self.timeline.after(0, self._person(asked))[0]
            self.world.pass_time(self.world.clock.target(str(asked["ahead"])), self.timeline.collect)
            return {"arrived": self.timeline.after(0, self._person(asked))[0] - before}

    def upload(self, name: str, content: bytes) -> Answer:
        """A file put into Slack."""
        described = self.world.slack.add_file(name, content)
        return {"id": described["id"], "name": name, "size": len(content)}

    def download(self, number: str) -> tuple[str, bytes]:
        """A file's name and content. Raises NotPossible."""
        found = self.world.slack.file(number)
        if found is None:
            raise NotPossible("There is no such file.")
        return found

    def _deliver(
        self, payload: Payload, person: Person, channel: str = "", *, view: Mapping[str, Any] | None = None
    ) -> Answer:
        """Hand `payload` to the app. What it answers at once is shown where Slack would show it."""
        with self._turn:
            answer, posted = self._dispatch(payload)
            views = [one for one in posted if one.kind == "view"]
            shown: list[dict[str, Any]] = [{"method": one.method, "view": one.payload} for one in views]
            for one in shown:
                self._views[str(one["view"]["id"])] = one["view"]
            if not isinstance(answer, dict):
                return {"views": shown}
            if "response_action" in answer:
                return {"views": shown, **self._after_form(answer, view or {})}
            if "text" in answer or "blocks" in answer:
                self.world.slack.respond(channel, person.id, answer)
            return {"views": shown}

    def _after_form(self, answer: Answer, view: Mapping[str, Any]) -> Answer:
        """Errors beside their inputs, or the view that takes the form's place."""
        if answer["response_action"] == "errors":
            return {"errors": answer["errors"]}
        if (made := answer.get("view")) is None:
            return {"is_cleared": answer["response_action"] == "clear"}
        is_update = answer["response_action"] == "update"
        number = str(view.get("id")) if is_update else f"V{len(self._views):08d}P"
        self._views[number] = shown = {**made, "id": number}
        return {"views": [{"method": "views.update" if is_update else "views.push", "view": shown}], "is_kept": True}

    def _dispatch(self, payload: Payload) -> tuple[Any, list[Posted]]:
        before = len(self.world.slack.posted)
        response = self.world.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
        return json.loads(response.body) if is_json else response.body, self.world.slack.since(before)

    def _person(self, asked: Asked) -> Person:
        found = self.world.slack.people.get(str(asked.get("viewer")))
        if found is None:
            raise NotPossible("There is no such person.")
        return found

    def _channel(self, asked: Asked) -> str:
        channel = str(asked["channel"])
        if channel not in channels_of(self.world.slack, self._person(asked)):
            raise NotPossible("This person is not in that conversation.")
        return channel

    def _view(self, number: str, person: Person) -> Mapping[str, Any]:
        found = self.world.slack.homes.get(person.id) if number == "home" else self._views.get(number)
        if found is None:
            raise NotPossible("That form is not open any more.")
        return found

    def _files(self, put: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Files that were uploaded, as Slack describes them to the app."""
        address, found = self.world.slack.address, []
        for each in put:
            number = str(each["id"])
            name, content = self.download(number)
            url = f"{address}/files/{number}"
            found.append({"id": number, "name": name, "size": len(content), "url_private_download": url})
        return found


_ACTS: dict[str, Callable[[PageRequests, Asked], Answer]] = {
    "start": PageRequests.start,
    "news": PageRequests.news,
    "say": PageRequests.say,
    "act": PageRequests.act,
    "submit": PageRequests.submit,
    "suggest": PageRequests.suggest,
    "shortcut": PageRequests.shortcut,
    "home": PageRequests.open_home,
    "time": PageRequests.pass_time,
}
