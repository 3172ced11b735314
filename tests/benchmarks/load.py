"""Signed requests over kept connections: `load PORT CONNECTIONS SECONDS CLIENTS ACTIVE FIRST`, a process of its own.

Raw sockets and requests signed beforehand, so that it is not what is measured. Prints one line of JSON: in how long
they were answered, the seconds that each took, and the processor time that this process took meanwhile.
"""

import hashlib
import hmac
import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlencode

from tests.benchmarks.world import SECRET, payloads

MOST = 200_000


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


def main(port: int, connections: int, seconds: float, clients: int, active: int, first: int) -> None:
    most = min(MOST, int(seconds * 6000) + 1000)
    bodies = islice(payloads(clients, active=active, first_trigger=first), most)
    requests = [signed(urlencode(each).encode()) for each in bodies]
    before = time.process_time()
    elapsed, taken = run(port, connections, seconds, iter(requests))
    cpu = time.process_time() - before
    sys.stdout.write(json.dumps({"elapsed": elapsed, "taken": taken, "cpu": cpu}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), *map(int, sys.argv[4:7]))
