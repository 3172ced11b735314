"""A stand-in for Slack's Web API in this process, for the demo and the tests: strict where Slack is strict.

It knows the methods that the bot uses and refuses every other, checks scopes and the size of messages and views, hands
out triggers that work once, and keeps everything that was posted.
"""

import itertools
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from bot.console.local_web import Answer, Arguments, Refused, Server
from bot.slack.limits import check_home, check_message, check_view

TEAM = "T0LOCAL001"
BOT_USER = "U0ENGAGE01"
BOT = "B0ENGAGE01"
BOT_TOKEN = "xoxb-local"
APP_TOKEN = "xapp-local"

SCOPES: dict[str, frozenset[str]] = {
    "bots.info": frozenset({"users:read"}),
    "assistant.threads.setSuggestedPrompts": frozenset({"assistant:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read", "im:read"}),
    "conversations.open": frozenset({"im:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.info": frozenset({"users:read"}),
}
"""Any one of these is enough for the method, as Slack documents it."""


@dataclass(frozen=True, slots=True)
class Person:
    """`handle` is what follows the @. Flags as in Slack's user object."""

    id: str
    handle: str
    name: str
    team: str = TEAM
    tz: str = "America/Chicago"
    flags: Mapping[str, bool] = field(default_factory=dict)
    enterprise: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    is_ext_shared: bool = False
    is_private: bool = False
    has_bot: bool = True


@dataclass(frozen=True, slots=True)
class Posted:
    """Something that appeared: `kind` is message, ephemeral, response, view, file or said; `user` who alone can see it.

    `method` is the call that changed a message or brought a view; said is what a person wrote, `user` who did.
    """

    kind: str
    payload: Mapping[str, Any]
    channel: str | None = None
    user: str | None = None
    ts: str = ""
    method: str = ""


class LocalSlack:
    """A context manager. `base_url` is what SLACK_API_URL would be.

    `bot_tokens` are those that it accepts, with the workspace of each.

    `failures` makes the next calls of a method fail: an error code, or an int as HTTP status. `scopes` None grants all.
    """

    def __init__(
        self, people: Iterable[Person] = (), channels: Iterable[Channel] = (), scopes: Iterable[str] | None = None
    ) -> None:
        self.people = {person.id: person for person in people}
        self.channels = {channel.id: channel for channel in channels}
        self.scopes = None if scopes is None else frozenset(scopes)
        self.posted: list[Posted] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.problems: list[str] = []
        self.failures: dict[str, list[str | int]] = {}
        self.groups: dict[str, list[str]] = {}
        self.homes: dict[str, Mapping[str, Any]] = {}
        self.steps: list[dict[str, Any]] = []
        self.prompts: list[Mapping[str, str]] = []
        self.socket_url = ""
        self.app_id = ""
        self.bot_tokens = {BOT_TOKEN: TEAM}
        self.app_tokens = {APP_TOKEN}
        self._triggers: dict[str, bool] = {}
        self._files: dict[str, tuple[str, bytes]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._server = Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        return f"{self.address}/api/"

    def trigger(self) -> str:
        """A trigger_id that opens one view."""
        with self._lock:
            trigger = f"{next(self._numbers)}.trigger"
            self._triggers[trigger] = True
            return trigger

    def response_url(self, channel: str, user: str) -> str:
        return f"{self.address}/response/{channel}/{user}"

    def add_file(self, name: str, content: bytes) -> dict[str, Any]:
        """A file that somebody put into Slack, as payloads describe it."""
        number = f"F{next(self._numbers):08d}"
        self._files[number] = (name, content)
        return self._file_words(number)

    def _file_words(self, number: str) -> dict[str, Any]:
        address = f"{self.address}/files/{number}"
        return {"id": number, "name": self._files[number][0], "url_private_download": address}

    def say(self, user: str, channel: str, payload: Mapping[str, Any]) -> Posted:
        """What a person writes; nothing tells the bot of it."""
        with self._lock:
            return self._keep("said", payload, channel, user)

    def file(self, number: str) -> tuple[str, bytes] | None:
        """A file's name and content, as a person who can see it gets them."""
        return self._files.get(number)

    def since(self, count: int) -> list[Posted]:
        """What was posted after the first `count`."""
        with self._lock:
            return self.posted[count:]

    def call(self, method: str, arguments: dict[str, Any], token: str) -> Answer:
        """One Web API call. Raises Refused."""
        with self._lock:
            self.calls.append((method, arguments))
            if self.failures.get(method):
                raise Refused(str(self.failures[method].pop(0)))
            act = _METHODS.get(method)
            if act is None:
                raise Refused("unknown_method")
            if token not in (self.app_tokens if method == "apps.connections.open" else self.bot_tokens):
                raise Refused("invalid_auth")
            needed = SCOPES.get(method)
            if self.scopes is not None and needed and not needed & self.scopes:
                raise Refused("missing_scope")
            answer = act(self, arguments)
            return answer | {"team_id": self.bot_tokens[token]} if method == "auth.test" else answer

    def respond(self, channel: str, user: str, payload: dict[str, Any]) -> None:
        """A post to a response_url. Raises Refused."""
        with self._lock:
            self._check(check_message(payload))
            is_public = payload.get("response_type") == "in_channel"
            self._keep("response", payload, channel, None if is_public else user)

    def upload(self, number: str, content: bytes) -> None:
        """Raises Refused for a place that nobody asked for."""
        with self._lock:
            if number not in self._files:
                raise Refused("file_not_found")
            self._files[number] = (self._files[number][0], content)

    def download(self, number: str, token: str) -> bytes:
        """Raises Refused."""
        if token not in self.bot_tokens or (self.scopes is not None and "files:read" not in self.scopes):
            raise Refused("invalid_auth")
        if number not in self._files:
            raise Refused("file_not_found")
        return self._files[number][1]

    def _auth_test(self, arguments: Arguments) -> Answer:
        return {"team": "Northwind IT", "user_id": BOT_USER, "bot_id": BOT, "user": "engagement"}

    def _bots_info(self, arguments: Arguments) -> Answer:
        """No app's id where there is no Slack to follow a link to it."""
        return {"bot": {"id": BOT, "name": "engagement", **({"app_id": self.app_id} if self.app_id else {})}}

    def _connections_open(self, arguments: Arguments) -> Answer:
        return {"url": self.socket_url}

    def _group_members(self, arguments: Arguments) -> Answer:
        if (members := self.groups.get(str(arguments.get("usergroup")))) is None:
            raise Refused("no_such_subteam")
        return {"users": list(members)}

    def _users_info(self, arguments: Arguments) -> Answer:
        person = self.people.get(str(arguments.get("user")))
        if person is None:
            raise Refused("user_not_found")
        profile: Answer = {"id": person.id, "team_id": person.team, "name": person.handle, "tz": person.tz}
        if person.enterprise is not None:
            profile["enterprise_user"] = dict(person.enterprise)
        return {"user": {**profile, "real_name": person.name, **person.flags}}

    def _conversations_info(self, arguments: Arguments) -> Answer:
        channel = self.channels.get(str(arguments.get("channel")))
        if channel is None or (channel.is_private and not channel.has_bot):
            raise Refused("channel_not_found")
        shared = {"is_ext_shared": channel.is_ext_shared, "is_pending_ext_shared": False}
        return {"channel": {"id": channel.id, "name": channel.name, "is_private": channel.is_private, **shared}}

    def _conversations_open(self, arguments: Arguments) -> Answer:
        return {"channel": {"id": self._direct(str(arguments.get("users")))}}

    def _post_message(self, arguments: Arguments) -> Answer:
        channel = self._reachable(str(arguments.get("channel")))
        self._check(check_message(arguments))
        posted = self._keep("message", arguments, channel, None)
        return {"channel": channel, "ts": posted.ts, "message": {"text": arguments.get("text", "")}}

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel, user = self._reachable(str(arguments.get("channel"))), str(arguments.get("user"))
        if user not in self.people:
            raise Refused("user_not_in_channel")
        self._check(check_message(arguments))
        return {"message_ts": self._keep("ephemeral", arguments, channel, user).ts}

    def _update(self, arguments: Arguments) -> Answer:
        if all(one.ts != arguments.get("ts") for one in self.posted):
            raise Refused("message_not_found")
        self._check(check_message(arguments))
        self._keep("message", arguments, str(arguments.get("channel")), None, "chat.update")
        return {"ts": arguments.get("ts")}

    def _open_view(self, arguments: Arguments) -> Answer:
        return self._triggered_view(arguments, "views.open")

    def _push_view(self, arguments: Arguments) -> Answer:
        return self._triggered_view(arguments, "views.push")

    def _update_view(self, arguments: Arguments) -> Answer:
        return self._keep_view(arguments, "views.update")

    def _triggered_view(self, arguments: Arguments, method: str) -> Answer:
        trigger = str(arguments.get("trigger_id"))
        if trigger not in self._triggers:
            raise Refused("invalid_trigger_id")
        if not self._triggers[trigger]:
            raise Refused("exchanged_trigger_id")
        self._triggers[trigger] = False
        return self._keep_view(arguments, method)

    def _keep_view(self, arguments: Arguments, method: str) -> Answer:
        view = _decode(arguments.get("view"))
        self._check(check_view(view))
        number = next(self._numbers)
        known = arguments.get("view_id") or f"V{number:08d}"
        shown = {**view, "id": known, "hash": f"{number}.hash", "app_installed_team_id": TEAM}
        self._keep("view", shown, None, None, method)
        return {"view": shown}

    def _history(self, arguments: Arguments) -> Answer:
        """The messages of a channel, the newest first."""
        channel = self._reachable(str(arguments.get("channel")))
        found = [one for one in self.posted if one.kind == "message" and one.channel == channel]
        return {
            "messages": [{"ts": one.ts, **_visible_part(one.payload)} for one in reversed(found)],
            "has_more": False,
        }

    def _publish_view(self, arguments: Arguments) -> Answer:
        """One home tab a person: the newest."""
        view, user = _decode(arguments.get("view")), str(arguments.get("user_id"))
        if user not in self.people:
            raise Refused("user_not_found")
        self._check(check_home(view))
        self.homes[user] = view
        return {"view": view}

    def _suggest_prompts(self, arguments: Arguments) -> Answer:
        self.prompts = _decode(arguments.get("prompts"))
        return {}

    def _complete_step(self, arguments: Arguments) -> Answer:
        self.steps.append({name: _decode_map(value) for name, value in arguments.items()})
        return {}

    def _place_for_upload(self, arguments: Arguments) -> Answer:
        number = f"F{next(self._numbers):08d}"
        self._files[number] = (str(arguments.get("filename")), b"")
        return {"upload_url": f"{self.address}/upload/{number}", "file_id": number}

    def _file_info(self, arguments: Arguments) -> Answer:
        number = str(arguments.get("file"))
        if number not in self._files:
            raise Refused("file_not_found")
        return {"file": self._file_words(number)}

    def _complete_upload(self, arguments: Arguments) -> Answer:
        channel = self._reachable(str(arguments.get("channel_id")))
        done = _decode(arguments.get("files"))
        for one in done:
            name, content = self._files[one["id"]]
            about = {"id": one["id"], "name": name, "title": one.get("title", ""), "content": content}
            self._keep("file", about, channel, None)
        return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in done]}

    def _reachable(self, channel: str) -> str:
        if channel.startswith(("U", "W")):
            return self._direct(channel)
        if channel.startswith("D"):
            return channel
        found = self.channels.get(channel)
        if found is None:
            raise Refused("channel_not_found")
        if not found.has_bot:
            raise Refused("not_in_channel")
        return channel

    def _direct(self, user: str) -> str:
        if user not in self.people:
            raise Refused("user_not_found")
        return f"D{user[1:]}"

    def _check(self, problems: Sequence[str]) -> None:
        if problems:
            self.problems += problems
            raise Refused("invalid_blocks", problems)

    def _keep(self, kind: str, payload: Arguments, channel: str | None, user: str | None, method: str = "") -> Posted:
        posted = Posted(kind, payload, channel, user, f"{1_700_000_000 + next(self._numbers)}.000100", method)
        self.posted.append(posted)
        return posted


_METHODS: dict[str, Callable[[LocalSlack, Arguments], Answer]] = {
    "apps.connections.open": LocalSlack._connections_open,
    "assistant.threads.setSuggestedPrompts": LocalSlack._suggest_prompts,
    "auth.test": LocalSlack._auth_test,
    "bots.info": LocalSlack._bots_info,
    "chat.postEphemeral": LocalSlack._post_ephemeral,
    "chat.postMessage": LocalSlack._post_message,
    "chat.update": LocalSlack._update,
    "conversations.history": LocalSlack._history,
    "conversations.info": LocalSlack._conversations_info,
    "conversations.open": LocalSlack._conversations_open,
    "files.completeUploadExternal": LocalSlack._complete_upload,
    "files.getUploadURLExternal": LocalSlack._place_for_upload,
    "files.info": LocalSlack._file_info,
    "usergroups.users.list": LocalSlack._group_members,
    "functions.completeError": LocalSlack._complete_step,
    "functions.completeSuccess": LocalSlack._complete_step,
    "users.info": LocalSlack._users_info,
    "views.open": LocalSlack._open_view,
    "views.publish": LocalSlack._publish_view,
    "views.push": LocalSlack._push_view,
    "views.update": LocalSlack._update_view,
}


def _decode_map(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _visible_part(payload: Mapping[str, Any]) -> dict[str, Any]:
    metadata = payload.get("metadata")
    return {"text": payload.get("text", ""), **({"metadata": _decode(metadata)} if metadata else {})}


def _decode(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
