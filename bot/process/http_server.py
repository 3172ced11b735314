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

from bot.process.calendar_server import calendar_server
from bot.process.connection import DRAIN_SECONDS, Connection, connect
from bot.process.metrics_server import metrics_server
from bot.process.rotation import bot_token, signing_secret, watched_tokens
from bot.process.supervisor import Worker
from bot.runtime.config import ConfigError
from bot.runtime.health import PATHS
from bot.runtime.wiring import Runtime
from bot.slack.http import MOST_BYTES, Door, Response

_THREADS = 16
_log = logging.getLogger(__name__)


def serve_http(runtime: Runtime, host: str, port: int, worker: Worker | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises ConfigError, SlackUnreachable, OSError for a port in use.

    As one `worker` of several it shares the port, and has a metrics port of its own: the next one for each.
    """
    if not runtime.settings.slack_signing_secret:
        raise ConfigError("SLACK_SIGNING_SECRET is not set: without it no request can be told from a forged one.")
    address = resolve(host, port) if worker is not None else free_address(host, port)
    connection = connect(runtime)
    health = connection.health()
    door = Door(connection.app, runtime.settings.slack_signing_secret, health)
    number = worker.number if worker is not None else 1
    calendars = runtime.settings.calendar_address if number == 1 else None
    with (
        metrics_server(runtime.settings.metrics_address, number, health, lambda: connection.metrics(number)),
        calendar_server(calendars, connection.calendars()),
        watched_tokens(runtime.settings, bot_token(connection), signing_secret(door.change_secret)),
    ):
        connection.start()
        try:
            asyncio.run(_serve(door, address, port, connection, worker))
        finally:
            connection.drain()


def resolve(host: str, port: int) -> str:
    """The IP address of `host`, which is all that granian takes. Raises OSError."""
    return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])


def free_address(host: str, port: int) -> str:
    """The same, once somebody can listen there: granian would share the port with whoever does already."""
    place = resolve(host, port)
    with socket.create_server((place, port), family=socket.AF_INET6 if ":" in place else socket.AF_INET):
        return place


async def _serve(door: Door, address: str, port: int, connection: Connection, worker: Worker | None) -> None:
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="http") as pool:
        endpoint = _Endpoint(door, pool)
        server = Server(endpoint, address=address, port=port, interface=Interfaces.RSGI, log_enabled=False)
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        serving = asyncio.create_task(server.serve())
        waiting = asyncio.create_task(stopping.wait())
        _log.info("listening on %s:%d", address, port)
        ended = False
        while not ended and not (worker is not None and worker.is_orphan):
            ended = bool((await asyncio.wait((serving, waiting), timeout=1.0, return_when=asyncio.FIRST_COMPLETED))[0])
        waiting.cancel()
        connection.ending.set()
        if not serving.done():
            await asyncio.sleep(connection.runtime.settings.linger_seconds)
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
        if self._is_finishing and scope.path not in PATHS:
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
