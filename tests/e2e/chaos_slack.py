"""A Slack for the chaos test: keeps what it takes, and fails as Slack and the network do."""

import itertools
import json
import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.bot.fake_messenger import acknowledged_in

TOO_OFTEN, DROPPED, BROKEN = 0.05, 0.03, 0.02


@dataclass
class ChaosSlack:
    """A context manager. `faults` counts what it did to posts; a broken answer (HTTP 500) keeps every second post."""

    seed: int
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "ChaosSlack":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def counts(self) -> Counter[int]:
        """How often each reminder, by its number, was said."""
        with self._lock:
            return Counter(
                number for channel in self.messages.values() for message in channel for number in _numbers(message)
            )

    def answer(self, method: str, given: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any] | None]:
        """Status, headers and body; no body at all where the connection drops."""
        with self._lock:
            if method == "chat.postMessage":
                return self._post(given)
            if method == "conversations.history":
                self.reads += 1
                oldest = float(given.get("oldest") or 0)
                found = [each for each in self.messages.get(given["channel"], []) if float(each["ts"]) >= oldest]
                return 200, {}, {"ok": True, "messages": found[::-1]}
            if method == "conversations.open":
                return 200, {}, {"ok": True, "channel": {"id": f"D{given['users'][1:]}"}}
            return 200, {}, {"ok": False, "error": "unknown_method"}

    def _post(self, given: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any] | None]:
        luck = self._random.random()
        if luck < TOO_OFTEN:
            self.faults["429"] += 1
            return 429, {"Retry-After": "1"}, {"ok": False, "error": "ratelimited"}
        if luck < TOO_OFTEN + DROPPED:
            self.faults["accepted, then dropped"] += 1
            self._keep(given)
            return 200, {}, None
        if luck < TOO_OFTEN + DROPPED + BROKEN:
            self.faults["500"] += 1
            if self.faults["500"] % 2:
                self._keep(given)
            return 500, {}, {}
        ts = self._keep(given)
        return 200, {}, {"ok": True, "channel": given["channel"], "ts": ts}

    def _keep(self, given: dict[str, Any]) -> str:
        ts = f"{time.time():.3f}{next(self._numbers) % 1000:03d}"
        self.messages.setdefault(given["channel"], []).append({**given, "ts": ts})
        return ts


def _numbers(message: dict[str, Any]) -> list[int]:
    """The reminders in a message: those that its buttons acknowledge."""
    return acknowledged_in(message["blocks"])


def _handler(slack: ChaosSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept open, as Slack does
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionError):  # the sender was killed between two calls
                super().handle()

        def do_GET(self) -> None:
            self._handle(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the sender was killed in the middle of it
            is_json = self.headers.get("content-type", "").startswith("application/json")
            self._handle(json.loads(body) if is_json else dict(parse_qsl(body.decode())))

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what matters is counted."""

        def _handle(self, given: dict[str, Any]) -> None:
            status, headers, body = slack.answer(urlsplit(self.path).path.rpartition("/")[2], given)
            if body is None:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            try:
                self.send_response(status)
                for name, value in {**headers, "content-type": "application/json"}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the sender was killed while it waited

    return Handler
