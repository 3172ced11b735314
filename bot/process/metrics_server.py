"""The door for those who look after the bot: /metrics, /healthz and /readyz, on an address of its own.

Apart from Slack's door, because that one is open to the world and these name commands, errors and how much is going on.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from bot.process.side_server import SideServer
from bot.runtime.health import PATHS, Health
from bot.runtime.metrics import CONTENT_TYPE


@contextmanager
def metrics_server(
    place: tuple[str, int] | None, worker: int, health: Health, metrics: Callable[[], bytes]
) -> Iterator[None]:
    """Open inside at `place` (host, port), the second worker at the next port and so on. None: not at all.

    Raises OSError for a port in use.
    """
    if place is None:
        yield
        return
    host, port = place
    server = SideServer((host, port + worker - 1), _handler(health, metrics))
    thread = threading.Thread(target=server.serve_forever, name="side door", kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _handler(health: Health, metrics: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._send(200, metrics(), CONTENT_TYPE)
            elif path in PATHS:
                status, words = health.answer(path)
                self._send(status, words.encode())
            else:
                self._send(404, b"Nothing is here.")

        def log_message(self, format: str, *given: object) -> None:
            """Nothing: it is asked every few seconds."""

        def _send(self, status: int, content: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
