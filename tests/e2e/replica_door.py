"""What stands before several replicas: the processes, and a balancer that signs requests and tries the next one."""

import hashlib
import hmac
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.console.local_slack import APP_TOKEN, BOT_TOKEN

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-test"
_PATIENCE = 60.0


class Unanswered(Exception):
    """The replica is gone, or turned the request away: it may have been carried out, or not."""


@dataclass
class Replica:
    """One `engagement-bot run --http`, started anew on the same port as often as it is killed."""

    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=lambda: _free_port())
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.e2e.replica_process", "run", "--http", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.log.parent, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self, seconds: float = 30.0) -> int:
        """The exit code, once it has ended."""
        assert self.process is not None
        return self.process.wait(seconds)

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz", b"", {}, seconds=2)[0] == 200
        except Unanswered:
            return False

    def wait_until_ready(self) -> None:
        """Raises AssertionError when it does not come up."""
        ends = time.monotonic() + _PATIENCE
        while not self.is_ready():
            assert self.process is not None
            assert self.process.poll() is None, f"a replica ended with {self.process.returncode}, see {self.log}"
            assert time.monotonic() < ends, f"a replica does not become ready, see {self.log}"
            time.sleep(0.05)

    def ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str], seconds: float = 20.0
    ) -> tuple[int, str]:
        """Raises Unanswered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(type(error).__name__) from error
        finally:
            connection.close()

    def deliver(self, payload: dict[str, Any]) -> str:
        """The body of the answer to a payload, signed as Slack signs. Raises Unanswered, also for a 503."""
        body, kind = _encoded(payload)
        stamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={digest}",
        }
        status, text = self.ask("POST", "/slack/events", body, headers)
        if status == 503:
            raise Unanswered("503")
        assert status == 200, f"{status} {text}"
        return text


@dataclass
class Balancer:
    """Round robin over the replicas; whoever does not answer is passed over, and the same request goes to the next."""

    replicas: list[Replica]
    retries: int = 0
    _turn: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Replica:
        with self._lock:
            self._turn += 1
            return self.replicas[self._turn % len(self.replicas)]

    def deliver(self, payload: dict[str, Any]) -> str:
        """The first answer that anybody gives. Raises AssertionError when nobody does for a minute."""
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            try:
                return self.next().deliver(payload)
            except Unanswered:
                with self._lock:
                    self.retries += 1
                time.sleep(random.uniform(0.01, 0.05))
        raise AssertionError("no replica answers")


def environment_for(database_url: str, api: str, **more: str) -> dict[str, str]:
    """What a replica gets from outside; nothing of this process's own Slack or settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ENGAGEMENT_"))}
    return kept | {
        "ENGAGEMENT_DATABASE_URL": database_url,
        "ENGAGEMENT_SWEEP_SECONDS": "1",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api,
        "PYTHONPATH": str(ROOT),
        **more,
    }


def _encoded(payload: dict[str, Any]) -> tuple[bytes, str]:
    """As Slack encodes commands, events and interactions."""
    if payload.get("type") == "event_callback":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if "command" in payload else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
