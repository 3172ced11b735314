"""Requests over kept connections: `load.py PORT CONNECTIONS SECONDS`, a process of its own.

Raw sockets, and requests that were written and signed before (they come in as a pickled list of bytes), so that it is
not what is measured. Prints one line of JSON: in how long they were answered, the seconds that each took, and the
processor time that this process took meanwhile.
"""

import json
import pickle
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One connection, with one request at a time."""

    socket: socket.socket
    asked: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes) -> None:
        self.received.clear()
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Raises AssertionError for anything but a 200 with a body."""
        chunk = self.socket.recv(65536)
        assert chunk, "the server closed the connection"
        self.received += chunk
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.received[:end]).lower()
        assert head.startswith(b"http/1.1 200"), bytes(self.received)
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        assert length, "an empty answer"
        assert b"cannot be reached" not in self.received, "a refusal is quick, and no answer"
        return len(self.received) >= end + 4 + length


def run(port: int, connections: int, seconds: float, requests: Iterator[bytes]) -> tuple[float, list[float]]:
    """How long it took, and how long each answer took, in seconds."""
    lines = [Line(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
    selector = selectors.DefaultSelector()
    for line in lines:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
    taken: list[float] = []
    started = time.perf_counter()
    under_way = 0
    for line in lines:
        line.ask(next(requests))
        under_way += 1
    while under_way:
        for key, _ in selector.select():
            line = key.data
            if not line.is_answered():
                continue
            now = time.perf_counter()
            taken.append(now - line.asked)
            following = next(requests, None) if now - started < seconds else None
            if following is None:
                under_way -= 1
            else:
                line.ask(following)
    elapsed = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return elapsed, taken


def main(port: int, connections: int, seconds: float) -> None:
    requests = pickle.load(sys.stdin.buffer)
    before = time.process_time()
    elapsed, taken = run(port, connections, seconds, iter(requests))
    cpu = time.process_time() - before
    sys.stdout.write(json.dumps({"elapsed": elapsed, "taken": taken, "cpu": cpu}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
