"""The HTTP door: Slack's signature is checked on the raw body before anything else looks at it.

What passes is handed to the app as the same dict that Socket Mode delivers, so both take one path from here. Bolt's own
parser is not used: it drops slash commands whose text contains "payload", and fails on malformed JSON.
"""

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest

from bot.runtime import log
from bot.runtime.health import PATHS, Health
from bot.slack.manifest import EVENTS_PATH

MOST_BYTES = 1_000_000
FORMER_SECONDS = 600.0
_TOLERANCE = 300
_SAID_AGAIN_SECONDS = 600.0
_STAMP = re.compile(r"[0-9]{1,12}")
_TEXT = "text/plain; charset=utf-8"
_RETRY_HEADERS = ("x-slack-retry-num", "x-slack-retry-reason")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": _TEXT})


@dataclass(slots=True)
class Door:
    """`clock` is Unix time, in seconds."""

    app: App
    signing_secret: str
    health: Health = field(default_factory=Health)
    clock: Callable[[], float] = time.time
    _former: tuple[tuple[str, float], ...] = ()
    _silent_until: float = 0.0

    def change_secret(self, secret: str) -> None:
        """Check by `secret` from now on, and by each before it for FORMER_SECONDS more."""
        now = self.clock()
        still = (each for each in self._former if each[1] > now)
        self._former = ((self.signing_secret, now + FORMER_SECONDS), *still)
        self.signing_secret = secret

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The response to one request; `headers` by lower-case name. Never raises."""
        with log.request():
            try:
                return self._answer(method, path, headers, body)
            except Exception:
                _log.exception("a request could not be answered")
                return Response(500, "Something went wrong on our side.")

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        expected = ("POST",) if path == EVENTS_PATH else ("GET", "HEAD") if path in PATHS else None
        if expected is None:
            return Response(404, "Nothing is here.")
        if method not in expected:
            return Response(405, "", {"content-type": _TEXT, "allow": ", ".join(expected)})
        if path in PATHS:
            return Response(*self.health.answer(path))
        if len(body) > MOST_BYTES:
            return Response(413, "The request is too large.")
        if not self._is_signed(headers, body):
            self._say_why(headers)
            return Response(401, "The request is not signed by Slack.")
        return self._handed_on(headers, body)

    def _is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        now = self.clock()
        if is_signed(self.signing_secret, headers, body, now):
            return True
        # Read after the secret: one that was changed in between is among them.
        return any(now < until and is_signed(former, headers, body, now) for former, until in self._former)

    def _say_why(self, headers: Mapping[str, str]) -> None:
        """In the log, of a request that names a time and a signature as Slack's do; not more often than it is read."""
        now, stamp = self.clock(), headers.get("x-slack-request-timestamp", "")
        if now < self._silent_until or not headers.get("x-slack-signature") or not _STAMP.fullmatch(stamp):
            return
        self._silent_until = now + _SAID_AGAIN_SECONDS
        if abs(now - int(stamp)) > _TOLERANCE:
            why = f"it was made {abs(now - int(stamp)):.0f} seconds from this machine's time. Is its clock right?"
        else:
            why = (
                "its signature does not fit SLACK_SIGNING_SECRET. If Slack says that commands fail, copy the secret "
                "again from the app's Basic Information."
            )
        _log.warning("a request was refused: %s", why)

    def _handed_on(self, headers: Mapping[str, str], body: bytes) -> Response:
        try:
            payload = parse_payload(headers.get("content-type", ""), body)
        except ValueError as error:
            return Response(400, f"The request cannot be read: {error}.")
        if payload.get("type") == "url_verification":
            return Response(200, str(payload.get("challenge", "")))
        retries: dict[str, Any] = {name: headers[name] for name in _RETRY_HEADERS if name in headers}
        try:
            answer = self.app.dispatch(BoltRequest(body=payload, headers=retries, mode="socket_mode"))
        except (
            Exception
        ):  # listeners and middleware answer for themselves: only Bolt's reading of the payload gets here
            _log.exception("a payload could not be read")
            return Response(400, "The request cannot be read: parts of it are missing.")
        kinds = answer.headers.get("content-type", [_TEXT])
        return Response(answer.status, answer.body or "", {"content-type": kinds[0]})


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether Slack signed this very body within the last five minutes; compared in constant time."""
    stamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not secret or not _STAMP.fullmatch(stamp) or abs(now - int(stamp)) > _TOLERANCE:
        return False
    expected = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def parse_payload(content_type: str, body: bytes) -> dict[str, Any]:
    """The dict in a request: JSON for events, a form with a JSON `payload` for interactions, a form for commands.

    Raises ValueError for anything else.
    """
    text = body.decode("utf-8")
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return _object(text)
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    if "payload" in fields:
        return _object(fields["payload"])
    if "command" not in fields:
        raise ValueError("it is neither a command nor an interaction")
    return fields


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("its JSON is not an object")
    return value


def wsgi(door: Door) -> Callable[[Mapping[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """`door` for any WSGI server."""

    def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        body = environ["wsgi.input"].read(MOST_BYTES + 1)
        response = door.answer(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), headers, body)
        content = response.body.encode()
        sent = [*response.headers.items(), ("content-length", str(len(content)))]
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", sent)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]

    return application
