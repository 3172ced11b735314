"""Servers, load and a Slack as processes of their own, as in real life."""

import hashlib
import hmac
import http.client
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from bot.console.local_slack import BOT_TOKEN
from tests.benchmarks.figures import Times, cpu_seconds
from tests.benchmarks.world import MANAGER, SECRET, payloads

ROOT = Path(__file__).parents[2]
_MOST_A_SECOND = 6_000


@dataclass(frozen=True, slots=True)
class Server:
    """`ready` is how long it took from its start until it said that it is ready, in seconds."""

    port: int
    pid: int
    ready: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking: `cpu` is the server's processor time for one request, in milliseconds; `client_share` how
    much of one core the load itself took.
    """

    rate: float
    times: Times
    cpu: float
    client_share: float


@contextmanager
def bot_server(database_url: str, slack_url: str, **settings: str) -> Iterator[Server]:
    """The bot as the README starts it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ENGAGEMENT_"))}
    environment |= {
        "ENGAGEMENT_DATABASE_URL": database_url,
        "ENGAGEMENT_ADMINS": MANAGER,
        "ENGAGEMENT_LOG_LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack_url,
        **settings,
    }
    command = [str(Path(sys.executable).with_name("engagement-bot")), "run", "--http", f"127.0.0.1:{port}"]
    with _server(command, port, environment) as found:
        yield found


@contextmanager
def peer_server(kind: str, database_url: str) -> Iterator[Server]:
    """`kind` is peer or floor, see tests.benchmarks.peer."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.peer_server", kind, str(port), database_url]
    with _server(command, port, dict(os.environ), is_ours=False) as found:
        yield found


@contextmanager
def slack_process(clients: int) -> Iterator[str]:
    """A local Slack that takes no time from this process; its base URL."""
    command = [sys.executable, "-m", "tests.benchmarks.slack_process", str(clients)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("", timeout=30)


@contextmanager
def _server(command: list[str], port: int, environment: dict[str, str], *, is_ours: bool = True) -> Iterator[Server]:
    """Ours has to end as it should; how a yardstick ends is not what is looked at."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            _until_ready(port, process)
            yield Server(port, process.pid, time.perf_counter() - started)
            if is_ours:
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) == 0, "it did not end as it should"
        finally:
            if process.poll() is None:
                process.kill()


def asked(
    server: Server, connections: int, seconds: float, clients: int, active: int, first: int, *, by_name: bool = False
) -> Answered:
    """`connections` ask without pause for so many `seconds`, about `active` of the clients."""
    endless = payloads(clients, active=active, first_trigger=first, by_name=by_name)
    bodies = islice(endless, int(seconds * _MOST_A_SECOND) + 200)
    requests = [signed(urlencode(each).encode()) for each in bodies]
    command = [sys.executable, str(Path(__file__).with_name("load.py")), str(server.port), str(connections)]
    before = cpu_seconds(server.pid)
    done = subprocess.run([*command, str(seconds)], input=pickle.dumps(requests), check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    count, elapsed = len(found["taken"]), found["elapsed"]
    cpu = (cpu_seconds(server.pid) - before) / count * 1e3
    return Answered(count / elapsed, Times.of(found["taken"]), cpu, found["cpu"] / elapsed)


def signed(body: bytes) -> bytes:
    """One HTTP request as Slack would send it now."""
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return (
        b"POST /slack/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        + f"x-slack-request-timestamp: {stamp}\r\nx-slack-signature: v0={digest}\r\n".encode()
        + f"content-length: {len(body)}\r\n\r\n".encode()
        + body
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.01)
    raise AssertionError("the server did not become ready")
