"""A Web API call that looks at the clock immediately before its bytes leave, not a moment earlier.

The SDK builds the request, resolves the name, connects and shakes hands after it was called: a process that is frozen
in there would send when it wakes, long after somebody else took over. Here the last look is in the write itself.
"""

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

MaySend = Callable[[], bool]


class TooLate(Exception):
    """`may_send` said no: the request did not leave, or not whole, and so was not carried out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Slack's answer. `data` is {} where its body is not a JSON object."""

    status: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]


def call(client: WebClient, method: str, arguments: Mapping[str, Any], may_send: MaySend) -> Answered:
    """Raises TooLate, OSError, http.client.HTTPException."""
    request = Request(
        f"{client.base_url}{method}",
        data=json.dumps(arguments).encode(),
        headers={"Authorization": f"Bearer {client.token}", "Content-Type": "application/json;charset=utf-8"},
        method="POST",
    )
    try:
        with _opener(client, may_send).open(request, timeout=client.timeout) as answer:
            return _answered(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        return _answered(error.code, error.headers, error.read())


def _opener(client: WebClient, may_send: MaySend) -> OpenerDirector:
    class Plain(HTTPHandler):
        def http_open(self, req: Request) -> Any:
            return self.do_open(partial(_PlainConnection, may_send=may_send), req)

    class Secure(HTTPSHandler):
        def https_open(self, req: Request) -> Any:
            return self.do_open(partial(_SecureConnection, may_send=may_send, context=client.ssl), req)

    proxies = [ProxyHandler({"http": client.proxy, "https": client.proxy})] if client.proxy else []
    return build_opener(*proxies, Plain, Secure)


class _PlainConnection(http.client.HTTPConnection):
    def __init__(self, *args: Any, may_send: MaySend, **more: Any) -> None:
        super().__init__(*args, **more)
        self._may_send = may_send

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self._may_send():
            raise TooLate
        super().send(data)


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, *args: Any, may_send: MaySend, **more: Any) -> None:
        super().__init__(*args, **more)
        self._may_send = may_send

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self._may_send():
            raise TooLate
        super().send(data)


def _answered(status: int, headers: Any, body: bytes) -> Answered:
    try:
        data = json.loads(body)
    except ValueError:
        data = {}
    lowered = {str(name).lower(): str(value) for name, value in headers.items()}
    return Answered(status, lowered, data if isinstance(data, dict) else {})
