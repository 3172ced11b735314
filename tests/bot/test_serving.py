"""The bot as a process: over HTTP behind granian and over Socket Mode, and what SIGTERM leaves undone: nothing."""

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.console.local_slack import LocalSlack
from bot.console.payloads import Payloads
from tests.bot.conftest import HELPDESK, SAM
from tests.bot.serve_process import SECRET
from tests.bot.socket_mode_server import SocketModeServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database_url(empty_database: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'served.db')}"


@contextlib.contextmanager
def served(
    mode: str, database_url: str, slack: LocalSlack, port: int = 0, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-m", "tests.bot.serve_process", mode, database_url, slack.base_url, str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ENGAGEMENT_"))}
    with subprocess.Popen(
        arguments, cwd=ROOT, env=environment | settings, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            sys.stderr.write(process.communicate(timeout=10)[1] or "")  # pytest shows it when the test fails


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def ask(port: int, method: str, path: str, body: bytes = b"", secret: str = SECRET) -> tuple[int, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def announce(port: int, size: int) -> int:
    """The status for a request that says it is that long, before any of it is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("POST", "/slack/events")
        connection.putheader("content-length", str(size))
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def until_ready(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if ask(port, "GET", "/readyz")[0] == 200:
                return
        time.sleep(0.05)
    raise AssertionError("it did not become ready")


def test_http_serves_and_finishes_what_it_began(database_url: str, slack: LocalSlack) -> None:
    port, payloads = free_port(), Payloads(slack)

    def slash(text: str) -> tuple[int, str]:
        body = urlencode(payloads.slash(SAM, HELPDESK, "/engagement", text)).encode()
        return ask(port, "POST", "/slack/events", body)

    with served("http", database_url, slack, port) as process:
        until_ready(port)
        assert "There are no clients yet." in slash("client list")[1]
        assert announce(port, 1_000_001) == 413
        assert "Working on it" in slash("odd doze")[1]
        under_way: list[tuple[int, str]] = []
        asking = threading.Thread(target=lambda: under_way.append(slash("odd nap")))
        asking.start()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        asking.join(10)
        assert process.wait(10) == 0
    [(status, text)] = under_way
    assert (status, json.loads(text)["text"]) == (200, "Rested.")
    assert [(posted.kind, posted.payload["text"]) for posted in slack.posted] == [("response", "Rested.")]


def test_socket_mode_serves_and_finishes_what_it_began(database_url: str, slack: LocalSlack) -> None:
    payloads = Payloads(slack)
    with SocketModeServer() as server:
        slack.socket_url = server.url
        with served("socket", database_url, slack) as process:
            server.wait_until_connected()
            server.send("slash_commands", payloads.slash(SAM, HELPDESK, "/scope", "is payload ours?"), "e1")
            answer = server.receive()
            assert answer["envelope_id"] == "e1"
            assert answer["payload"]["text"].startswith("Asked: is payload ours?")
            server.send("events_api", payloads.direct(SAM, "odd doze"), "e2")
            assert server.receive() == {"envelope_id": "e2"}
            server.send("slash_commands", payloads.slash(SAM, HELPDESK, "/engagement", "odd nap"), "e3")
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            answer = server.receive()
            assert (answer["envelope_id"], answer["payload"]["text"]) == ("e3", "Rested.")
            assert process.wait(15) == 0
    assert [posted.payload["text"] for posted in slack.posted][-1] == "Rested."


def test_a_port_in_use_is_named(database_url: str, slack: LocalSlack) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, served("http", database_url, slack, listener.getsockname()[1]) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Address already in use" in errors.splitlines()[-1]


@pytest.mark.parametrize(("mode", "method"), [("http", "auth.test"), ("socket", "apps.connections.open")])
def test_a_token_that_slack_refuses_is_named(database_url: str, slack: LocalSlack, mode: str, method: str) -> None:
    slack.failures[method] = ["invalid_auth"]
    with served(mode, database_url, slack, free_port()) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "(invalid_auth)" in errors.splitlines()[-1]
