"""The local Slack's HTTP side: Web API calls, response_urls, uploads and downloads, handed on as plain calls."""

import json
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


class Refused(Exception):
    """An `ok: false` answer; the text is Slack's error code."""

    def __init__(self, error: str, details: Sequence[str] = ()) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


class Behind(Protocol):
    """What stands behind the HTTP side. Each raises Refused."""

    def call(self, method: str, arguments: dict[str, Any], token: str) -> Answer: ...

    def respond(self, channel: str, user: str, payload: dict[str, Any]) -> None: ...

    def upload(self, number: str, content: bytes) -> None: ...

    def download(self, number: str, token: str) -> bytes: ...


class Server(ThreadingHTTPServer):
    """Closing it waits for what is under way, and hangs up on whoever keeps a connection open."""

    daemon_threads = False

    def __init__(self, slack: Behind) -> None:
        super().__init__(("127.0.0.1", 0), handler(slack))
        self._connections: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        for each in tuple(self._connections):
            with suppress(OSError):  # it is gone already
                each.shutdown(socket.SHUT_RD)
        super().server_close()


def handler(slack: Behind) -> type[BaseHTTPRequestHandler]:
    """A request handler for `slack`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept open, as Slack does
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asks was killed between two calls
                super().handle()

        def do_GET(self) -> None:
            self._handle(dict(parse_qsl(urlsplit(self.path).query)), b"")

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                return  # whoever sent it was killed in the middle of it
            self._handle(self._fields(body) if self.path.startswith("/api/") else {}, body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: what matters is kept."""

        def _handle(self, fields: dict[str, Any], body: bytes) -> None:
            parts = urlsplit(self.path).path.strip("/").split("/")
            token = self.headers.get("authorization", "").removeprefix("Bearer ")
            try:
                if parts[0] == "files":
                    self._send(200, slack.download(parts[1], token), "application/octet-stream")
                    return
                answer = self._route(parts, fields, body, token or str(fields.get("token", "")))
            except Refused as refused:
                if refused.error.isdecimal():
                    self._send(int(refused.error), b"broken on purpose", "text/plain")
                    return
                status = 200 if parts[0] == "api" else 404
                details = {"response_metadata": {"messages": list(refused.details)}}
                self._send(status, _json({"ok": False, "error": refused.error, **details}))
                return
            self._send(200, _json({"ok": True, **answer}))

        def _route(self, parts: list[str], fields: dict[str, Any], body: bytes, token: str) -> Answer:
            if parts[0] == "api" and len(parts) == 2:
                return slack.call(parts[1], fields, token)
            if parts[0] == "response" and len(parts) == 3:
                slack.respond(parts[1], parts[2], json.loads(body))
            elif parts[0] == "upload" and len(parts) == 2:
                slack.upload(parts[1], body)
            else:
                raise Refused("not_found")
            return {}

        def _fields(self, body: bytes) -> dict[str, Any]:
            if self.headers.get("content-type", "").startswith("application/json"):
                decoded: dict[str, Any] = json.loads(body or b"{}")
                return decoded
            if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
                return dict(parse_qsl(body.decode(), keep_blank_values=True))
            return {}

        def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
            try:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # whoever asked was killed meanwhile

    return Handler


def _json(value: Answer) -> bytes:
    return json.dumps(value).encode()
