"""A page that is served once for all tests of a module."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import pytest

from bot.web.run import page_served
from bot.web.server import TOKEN_HEADER, PageServer

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)


@dataclass
class Visitor:
    """Sends requests as a browser would, or as it should not."""

    server: PageServer

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def send(
        self, method: str, path: str, body: bytes = b"", *, host: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            if method == "POST":
                headers = {"content_length": str(len(body)), **headers}
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def ask(self, name: str, viewer: str = "U0SAM", **asked: Any) -> Any:
        status, _, body = self.send(
            "POST", f"/api/{name}", json.dumps({"viewer": viewer, **asked}).encode(), **self.token
        )
        assert status == 200, body
        return json.loads(body)

    def refused(self, name: str, **asked: Any) -> str:
        """The words with which a request that cannot be is answered."""
        status, _, body = self.send("POST", f"/api/{name}", json.dumps(asked).encode(), **self.token)
        assert status == 400, body
        return body.decode()

    def entries(self, viewer: str = "U0SAM", channel: str | None = None) -> list[dict[str, Any]]:
        found = self.ask("news", viewer)["entries"]
        return [entry for entry in found if channel in (None, entry["channel"])]

    @property
    def token(self) -> dict[str, str]:
        return {TOKEN_HEADER: self.server.token}


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with page_served(NOW) as running:
        yield running


@pytest.fixture
def visitor(server: PageServer) -> Visitor:
    return Visitor(server)
