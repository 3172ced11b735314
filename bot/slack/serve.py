"""HTTP mode: the door behind granian, in this process, until SIGTERM or SIGINT; then what is under way is finished.

granian is embedded over its RSGI interface with a pool of threads. Its WSGI interface starts a second process, which
would hold the SQLite lock and the clock twice; embedded, it served about 3,400 requests/s on two shared cores.
"""

import asyncio
import logging
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

from bot.config import ConfigError
from bot.slack.connection import DRAIN_SECONDS, connect
from bot.slack.http import MOST_BYTES, Door, Response
from bot.wiring import Runtime

_THREADS = 16
_log = logging.getLogger(__name__)


def serve_http(runtime: Runtime, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises ConfigError, SlackUnreachable, OSError for a port in use."""
    if not runtime.settings.slack_signing_secret:
        raise ConfigError("SLACK_SIGNING_SECRET is not set: without it no request can be told from a forged one.")
    address = _free_address(host, port)
    connection = connect(runtime)
    door = Door(
        connection.app,
        runtime.settings.slack_signing_secret,
        connection.is_ready,
        oldest_due=connection.jobs.oldest_due,
    )
    connection.start()
    try:
        asyncio.run(_serve(door, address, port))
    finally:
        connection.drain()


def _free_address(host: str, port: int) -> str:
    """The IP address of `host`, which is all that granian takes. Raises OSError when nobody can listen there."""
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server((place[0], port), family=family):
        return str(place[0])


async def _serve(door: Door, address: str, port: int) -> None:
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="http") as pool:
        endpoint = _Endpoint(door, pool)
        server = Server(endpoint, address=address, port=port, interface=Interfaces.RSGI, log_enabled=False)
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        serving = asyncio.create_task(server.serve())
        waiting = asyncio.create_task(stopping.wait())
        _log.info("listening on %s:%d", address, port)
        await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await endpoint.finish()
        server.stop()  # type: ignore[no-untyped-call]
        await serving


class _Endpoint:
    """One RSGI application. Once it is told to finish it turns new requests away and waits for those under way."""

    def __init__(self, door: Door, pool: ThreadPoolExecutor) -> None:
        self._door = door
        self._pool = pool
        self._under_way: set[asyncio.Future[Response]] = set()
        self._is_finishing = False

    async def __call__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            return
        response = await self._answer(scope, protocol)
        content = b"" if scope.method == "HEAD" else response.body.encode()
        protocol.response_bytes(response.status, list(response.headers.items()), content)

    async def finish(self) -> None:
        self._is_finishing = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)

    async def _answer(self, scope: Any, protocol: Any) -> Response:
        if self._is_finishing:
            return Response(503, "The bot is restarting.")
        headers = {name.lower(): value for name, value in scope.headers.items()}
        if (body := await _body(headers, protocol)) is None:
            return Response(413, "The request is too large.")
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, self._door.answer, scope.method, scope.path, headers, body)
        self._under_way.add(future)
        try:
            return await future
        finally:
            self._under_way.discard(future)


async def _body(headers: dict[str, str], protocol: Any) -> bytes | None:
    """The request's body; None when it is, or says that it is, larger than allowed."""
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared[:12]) > MOST_BYTES:
        return None
    content = b""
    async for chunk in protocol:
        content += chunk
        if len(content) > MOST_BYTES:
            return None
    return content
