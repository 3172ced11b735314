"""Web API calls that look at the clock immediately before their bytes leave, not a moment earlier.

The SDK builds the request, resolves the name, connects and shakes hands after it was called: a process that is frozen
in there would send when it wakes, long after somebody else took over. Here the last look is in the write itself. And
the SDK connects for every call anew: here what follows soon goes over the same connection.
"""

import json
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass

from slack_sdk import WebClient

MaySend = Callable[[], bool]
# Servers hang up on who is silent, the quickest in common use (Node, Apache) after 5 seconds. Whoever writes at that
# very moment cannot know whether it was read.
_KEPT_SECONDS = 4.0


class TooLate(Exception):
    """`may_send` said no: the request did not leave, or not whole, and so was not carried out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Slack's answer. `data` is {} where its body is not a JSON object."""

    status: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]


class _Connection(HTTPConnection):
    """`may_send` of the call that it is used for."""

    may_send: MaySend

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self.may_send():
            raise TooLate
        super().send(data)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class FencedPost:
    """Calls with the address, token, proxy and certificates of `client`. Safe to share between threads."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._address = urlsplit(client.base_url)
        self._is_secure = self._address.scheme == "https"
        self._trusted = client.ssl or (ssl.create_default_context() if self._is_secure else None)
        host = self._address.netloc
        self._proxy = urlsplit(client.proxy) if client.proxy and not proxy_bypass(host) else None
        self._idle: list[tuple[_Connection, float]] = []

    def call(self, method: str, arguments: Mapping[str, Any], may_send: MaySend) -> Answered:
        """Raises TooLate, OSError, http.client.HTTPException; none of them was tried again."""
        connection = self._kept() or self._new()
        connection.may_send = may_send
        headers = {
            "Authorization": f"Bearer {self._client.token}",
            "Content-Type": "application/json;charset=utf-8",
            "User-Agent": "engagement-bot",
        }
        target = f"{self._address.path}{method}"
        if self._proxy is not None and not self._is_secure:
            target, headers = f"{self._client.base_url}{method}", headers | _credentials(self._proxy)
        try:
            connection.request("POST", target, json.dumps(arguments).encode(), headers)
            answer = connection.getresponse()
            answered = _parse_answer(answer.status, answer.headers, answer.read())
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:  # Slack did not ask to close it
            self._idle.append((connection, time.monotonic()))
        return answered

    def __del__(self) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    def _kept(self) -> _Connection | None:
        """A connection that was used a moment ago and is still open."""
        while True:
            try:
                connection, used = self._idle.pop()
            except IndexError:  # none is left, or another thread was faster
                return None
            if time.monotonic() - used < _KEPT_SECONDS and not _has_ended(connection):
                return connection
            connection.close()

    def _new(self) -> _Connection:
        host = self._proxy.netloc.rpartition("@")[2] if self._proxy is not None else self._address.netloc
        if not self._is_secure:
            return _Connection(host, timeout=self._client.timeout)
        connection = _SecureConnection(host, timeout=self._client.timeout, context=self._trusted)
        if self._proxy is not None:
            connection.set_tunnel(self._address.netloc, headers=_credentials(self._proxy))
        return connection


def _has_ended(connection: _Connection) -> bool:
    """Between two calls the other side has nothing to say, except that it hangs up."""
    with DefaultSelector() as looking:
        looking.register(connection.sock, EVENT_READ)
        return bool(looking.select(0))


def _credentials(proxy: Any) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _parse_answer(status: int, headers: Any, body: bytes) -> Answered:
    try:
        data = json.loads(body)
    except ValueError:
        data = {}
    lowered = {str(name).lower(): str(value) for name, value in headers.items()}
    return Answered(status, lowered, data if isinstance(data, dict) else {})
