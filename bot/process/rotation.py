"""Tokens that change while the bot runs: each process looks at the file of tokens, tries what is new, and takes it.

All that changed is tried before any of it is used. What cannot be used changes nothing, is said in the log, and is
tried again. The log never has a token's text.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient

from bot.process.connection import Connection
from bot.runtime import log
from bot.runtime.config import ConfigError, Settings, SlackTokens, read_tokens
from bot.slack.app import web_client
from bot.slack.http import FORMER_SECONDS
from bot.slack.identity import Team
from bot.slack.surfaces import SLACK_FAILURES, reason

LOOK_SECONDS = 2.0
_AGAIN_SECONDS = 30.0
_APP = re.compile(r"(?:xoxe\.)?xapp-\d+-(A[A-Z0-9]+)-")
_log = logging.getLogger(__name__)


class WrongToken(Exception):
    """A token that is not for this bot."""


@dataclass(frozen=True, slots=True)
class Held:
    """A token that this process works with. `try_out` raises WrongToken, or what the Web API raises."""

    field: str
    try_out: Callable[[str], None]
    take: Callable[[str], None]
    note: str = "it was tried and is used from now on"

    @property
    def name(self) -> str:
        return str(SlackTokens.model_fields[self.field].validation_alias)


def bot_token(connection: Connection) -> Held:
    """The token of the client that all of this process shares."""

    def try_out(token: str) -> None:
        settings = connection.runtime.settings.model_copy(update={"slack_bot_token": token})
        refuse_other_bot(Team.of(web_client(settings)), connection.team)

    def take(token: str) -> None:
        connection.client.token = token

    return Held("slack_bot_token", try_out, take)


def refuse_other_bot(found: Team, ours: Team) -> None:
    """Raises WrongToken where a token is not for the workspace and the app of `ours`."""
    if found.id != ours.id:
        raise WrongToken(f"it is for another workspace, {found.name or found.id}")
    if found.bot_user_id != ours.bot_user_id or (found.app_id and ours.app_id and found.app_id != ours.app_id):
        raise WrongToken("it is another app's")


def app_token(settings: Settings, take: Callable[[str], None]) -> Held:
    """The app-level token of Socket Mode. It names its app; Slack does not tell."""
    ours = app_of(settings.slack_app_token)

    def try_out(token: str) -> None:
        if ours and app_of(token) not in (None, ours):
            raise WrongToken("it is another app's")
        try_app_token(settings, token)

    return Held("slack_app_token", try_out, take, "it was tried and is used for the next connection")


def signing_secret(take: Callable[[str], None]) -> Held:
    """The secret of the HTTP door. Only Slack's next request can prove it."""
    minutes = f"{FORMER_SECONDS / 60:.0f} minutes"
    return Held("slack_signing_secret", lambda secret: None, take, f"it counts now; the old one for {minutes} more")


def try_app_token(settings: Settings, token: str) -> None:
    """Ask Slack for an address to connect to, which nobody uses. Raises what the Web API raises."""
    client: WebClient = web_client(settings.model_copy(update={"slack_bot_token": None}))
    client.apps_connections_open(app_token=token)


def app_of(token: str | None) -> str | None:
    """The id of the app that an app-level token names, if it does."""
    found = _APP.match(token or "")
    return found[1] if found else None


class Rotation:
    """Takes over what changes in the file at `path`. `tokens` are those in use."""

    def __init__(
        self, path: Path, tokens: SlackTokens, held: tuple[Held, ...], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._held = held
        self._monotonic = monotonic
        self._in_use = {each.field: getattr(tokens, each.field) for each in held}
        self._done: object = None
        self._seen: object = None
        self._not_before = 0.0
        self._said = ""

    def look(self) -> None:
        """Take over a change once the file has stood still for two looks: it may be written at this moment."""
        state = self._state()
        if state == self._done:
            return
        if state != self._seen:
            self._seen, self._not_before, self._said = state, 0.0, ""
            return
        if self._monotonic() < self._not_before:
            return
        self._not_before = self._monotonic() + _AGAIN_SECONDS
        try:
            tokens = read_tokens(self._path)
            if self._state() == state:  # else it was written meanwhile, and is looked at again
                self._take_over(tokens)
        except (ConfigError, WrongToken) as error:
            self._say(f"{error} Nothing was changed; the tokens from before stay in use.")
        else:
            self._done = state

    def _state(self) -> object:
        """What tells one state of the file from another."""
        try:
            return self._path.stat().st_mtime_ns, self._path.read_bytes()
        except OSError as error:
            return error.errno

    def _take_over(self, tokens: SlackTokens) -> None:
        """Raises WrongToken, with all of it as it was."""
        new = [(each, value) for each in self._held if (value := self._changed(each, tokens))]
        for each, value in new:
            try:
                each.try_out(value)
            except WrongToken as error:
                raise WrongToken(f"The new {each.name} cannot be used: {error}.") from None
            except SLACK_FAILURES as error:
                raise WrongToken(f"The new {each.name} cannot be used: Slack says {reason(error)}.") from None
        for each, value in new:
            each.take(value)
            self._in_use[each.field] = value
            _log.info("%s was changed: %s", each.name, each.note)

    def _changed(self, held: Held, tokens: SlackTokens) -> str | None:
        value: str | None = getattr(tokens, held.field)
        return value if value != self._in_use[held.field] else None

    def _say(self, words: str) -> None:
        """Once, not at every look."""
        if words != self._said:
            _log.error("%s", words)
        self._said = words


@contextmanager
def watched_tokens(settings: Settings, *held: Held) -> Iterator[None]:
    """Meanwhile, what changes in the file of tokens is taken over; without such a file nothing is."""
    if settings.tokens_file is None:
        yield
        return
    rotation = Rotation(settings.tokens_file, settings, held)
    stopping = threading.Event()
    thread = threading.Thread(target=_watch, args=(rotation, stopping), name="tokens", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()


def _watch(rotation: Rotation, stopping: threading.Event) -> None:
    while not stopping.wait(LOOK_SECONDS):
        with log.request():
            try:
                rotation.look()
            except Exception:
                _log.exception("the file of tokens could not be looked at")
