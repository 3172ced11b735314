"""The page's HTTP side, for this machine alone: it listens on loopback and answers no page but its own.

A browser sends whatever page is open somewhere else to 127.0.0.1 too. So a request has to name this address as its Host
(a stranger's name that leads here is turned away), may not come from another origin, and has to bring the token that
only the printed address holds.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bot.web.bundle import TYPES
from bot.web.page_requests import NotPossible, PageRequests

TOKEN_HEADER = "x-demo-token"
MOST_BYTES = 30_000_000  # more than the bot takes, so that the bot is who refuses
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
_NOT_OURS = "This page answers only its own address on this machine: open the address that the terminal shows."


class PageServer(ThreadingHTTPServer):
    """`port` 0 is any that is free. `address` is what to open; the token is in its fragment, which no server sees."""

    daemon_threads = True

    def __init__(self, requests: PageRequests, page: Mapping[str, bytes], port: int = 0) -> None:
        self.requests = requests
        self.page = page
        self.token = secrets.token_urlsafe(24)
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/#{self.token}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{name}:{self.server_address[1]}" for name in ("127.0.0.1", "localhost"))


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def handle(self) -> None:
        with suppress(ConnectionError, TimeoutError):  # the browser was closed
            super().handle()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        name = path.lstrip("/") or "index.html"
        if not self._is_ours():
            self._refuse(403, _NOT_OURS)
        elif name in TYPES:
            self._send(200, self.server.page[name], TYPES[name])
        elif path.startswith("/api/file/"):
            self._download(path.removeprefix("/api/file/"))
        else:
            self._refuse(404, "There is nothing here.")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self._body()
        if not self._is_ours() or not self._has_token():
            self._refuse(403, _NOT_OURS)
        elif body is None:
            self._refuse(413, f"A request may have {MOST_BYTES // 1_000_000} MB at most, and says how many it has.")
        elif path == "/api/upload":
            self._send_json(self.server.requests.upload(unquote(self.headers.get("x-file-name", "file"))[:200], body))
        elif path.startswith("/api/"):
            self._act(path.removeprefix("/api/"), body)
        else:
            self._refuse(404, "There is nothing here.")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal shows the address, and stays readable."""

    def _is_ours(self) -> bool:
        """Whether the request names this address, and comes from no other page."""
        hosts, origin = self.server.hosts, self.headers.get("origin")
        from_here = origin is None or origin in {f"http://{host}" for host in hosts}
        is_same_site = self.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        return self.headers.get_all("host", []) in [[host] for host in hosts] and from_here and is_same_site

    def _has_token(self) -> bool:
        given = self.headers.get(TOKEN_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.server.token.encode())

    def _body(self) -> bytes | None:
        """None, and nothing more on this connection, for a body that is too large or of unknown length."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length[:12]) > MOST_BYTES or "transfer-encoding" in self.headers:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _act(self, name: str, body: bytes) -> None:
        try:
            asked = json.loads(body or b"{}")
            if not isinstance(asked, dict):
                raise NotPossible("A request is an object.")
            self._send_json(self.server.requests.answer(name, asked))
        except ValueError:
            self._refuse(400, "A request is JSON.")
        except NotPossible as error:
            self._refuse(400, str(error))

    def _download(self, number: str) -> None:
        if not self._has_token():
            self._refuse(403, _NOT_OURS)
            return
        try:
            name, content = self.server.requests.download(number)
        except NotPossible as error:
            self._refuse(404, str(error))
            return
        kind = "image/png" if name.endswith(".png") else "application/octet-stream"
        self._send(200, content, kind, {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})

    def _refuse(self, status: int, words: str) -> None:
        self._send(status, words.encode(), "text/plain; charset=utf-8")

    def _send_json(self, value: Mapping[str, Any]) -> None:
        self._send(200, json.dumps(value, default=str).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **(more or {}), "content-type": kind}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
