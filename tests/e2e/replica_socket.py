"""Slack's end of Socket Mode for several replicas: each has a connection, and any may get any request."""

import itertools
import json
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.bot.socket_mode_server import SocketConnection
from tests.e2e.replica_door import Replica, Unanswered

_ACKNOWLEDGED_WITHIN = 20.0
_KINDS = {"event_callback": "events_api"}
_numbers = itertools.count(1)


class Line:
    """One connection. It is dead once its client is gone."""

    def __init__(self, connection: SocketConnection) -> None:
        self._connection = connection
        self._waiting: dict[str, queue.Queue[dict[str, Any] | None]] = {}
        self.is_dead = False
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def deliver(self, payload: dict[str, Any]) -> str:
        """What the acknowledgement holds, as JSON. Raises Unanswered."""
        number = f"e{next(_numbers)}"
        answers = self._waiting[number] = queue.Queue()
        kind = _KINDS.get(payload.get("type", ""), "slash_commands" if "command" in payload else "interactive")
        try:
            if self.is_dead:
                raise Unanswered("its client is gone")
            self._connection.send(kind, payload, number)
            found = answers.get(timeout=_ACKNOWLEDGED_WITHIN)
        except (OSError, queue.Empty) as error:
            raise Unanswered(type(error).__name__) from error
        finally:
            del self._waiting[number]
        if found is None:
            raise Unanswered("its client is gone")
        answer = found.get("payload")
        return "" if answer is None else json.dumps(answer)

    def close(self) -> None:
        self._connection.close()
        self._thread.join(5)

    def _listen(self) -> None:
        for acknowledgement in self._connection.received():
            if (waiting := self._waiting.get(acknowledgement.get("envelope_id", ""))) is not None:
                waiting.put(acknowledgement)
        self.is_dead = True
        self._connection.close()
        for waiting in list(self._waiting.values()):
            waiting.put(None)


@contextmanager
def exchange() -> Iterator[tuple[str, "queue.Queue[Line]"]]:
    """The WebSocket's URL, and the connections as they come."""
    lines: queue.Queue[Line] = queue.Queue()
    listener = socket.create_server(("127.0.0.1", 0), backlog=16)

    known: list[Line] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                try:
                    known.append(Line(SocketConnection(connection)))
                except (OSError, StopIteration):
                    connection.close()
                else:
                    lines.put(known[-1])

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/link", lines
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for line in known:
            line.close()


@dataclass
class SocketReplica(Replica):
    """One `engagement-bot run` over Socket Mode. Which process is behind which connection does not matter."""

    lines: "queue.Queue[Line]" = field(default_factory=queue.Queue)
    line: Line | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.e2e.replica_process", "run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.log.parent, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def is_ready(self) -> bool:
        if self.line is None or self.line.is_dead:
            with suppress(queue.Empty):
                self.line = self.lines.get_nowait()
        return self.line is not None and not self.line.is_dead

    def deliver(self, payload: dict[str, Any]) -> str:
        if not self.is_ready():
            raise Unanswered("nobody is connected")
        assert self.line is not None
        return self.line.deliver(payload)
