"""What stands between granian and the door: sizes, methods, and requests that come while the bot restarts."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.process.http_server import _Endpoint
from bot.slack.http import MOST_BYTES, Door, Response
from bot.slack.manifest import EVENTS_PATH


@dataclass(slots=True)
class AnyDoor:
    """Answers everything, and keeps what it was asked."""

    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        self.asked.append((method, path, headers, body))
        return Response(200, "fine")


@dataclass(slots=True)
class Scope:
    method: str = "POST"
    path: str = EVENTS_PATH
    headers: Mapping[str, str] = field(default_factory=dict)
    proto: str = "http"


@dataclass(slots=True)
class Protocol:
    """`chunks` are what the client sends."""

    chunks: tuple[bytes, ...] = ()
    sent: list[tuple[int, bytes]] = field(default_factory=list)
    read: int = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk

    def response_bytes(self, status: int, headers: Any, content: bytes) -> None:
        self.sent.append((status, content))


def ask(door: AnyDoor, scope: Scope, protocol: Protocol, *, is_finishing: bool = False) -> list[tuple[int, bytes]]:
    async def carry_out() -> None:
        with ThreadPoolExecutor(1) as pool:
            endpoint = _Endpoint(cast(Door, door), pool)
            if is_finishing:
                await endpoint.finish()
            await endpoint(scope, protocol)

    asyncio.run(carry_out())
    return protocol.sent


def test_a_request_is_handed_on_with_its_whole_body_and_lower_case_headers() -> None:
    door = AnyDoor()
    assert ask(door, Scope(headers={"X-Slack-Signature": "v0=1"}), Protocol((b"a", b"b"))) == [(200, b"fine")]
    assert door.asked == [("POST", EVENTS_PATH, {"x-slack-signature": "v0=1"}, b"ab")]


def test_a_head_request_gets_no_body() -> None:
    assert ask(AnyDoor(), Scope("HEAD", "/healthz"), Protocol()) == [(200, b"")]


def test_what_is_not_http_gets_no_answer() -> None:
    assert ask(AnyDoor(), Scope(proto="ws"), Protocol()) == []


@pytest.mark.parametrize(("path", "status"), [(EVENTS_PATH, 503), ("/healthz", 200), ("/readyz", 200)])
def test_while_it_finishes_only_its_health_is_told(path: str, status: int) -> None:
    door = AnyDoor()
    [(found, _)] = ask(door, Scope("GET", path), Protocol(), is_finishing=True)
    assert (found, len(door.asked)) == (status, int(status == 200))


@pytest.mark.parametrize(
    ("length", "status"), [(str(MOST_BYTES), 200), (str(MOST_BYTES + 1), 413), ("-1", 413), ("many", 413)]
)
def test_what_says_that_it_is_too_large_is_not_read(length: str, status: int) -> None:
    protocol = Protocol((b"x",))
    [(found, _)] = ask(AnyDoor(), Scope(headers={"Content-Length": length}), protocol)
    assert (found, protocol.read) == (status, int(status == 200))


def test_what_is_too_large_without_saying_so_is_not_read_to_its_end() -> None:
    door, protocol = AnyDoor(), Protocol((b"x" * MOST_BYTES, b"x", b"x"))
    [(status, _)] = ask(door, Scope(), protocol)
    assert (status, protocol.read, door.asked) == (413, 2, [])
    [(status, _)] = ask(door, Scope(), Protocol((b"x" * MOST_BYTES,)))
    assert status == 200
