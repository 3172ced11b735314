"""What comes over Socket Mode in pieces, slowly, in several frames or not to its end, is read as whole messages."""

import base64
import contextlib
import hashlib
import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from bot.process.whole_messages import Client, WholeMessages

TEXT, PING = 0x1, 0x9
ENDED = "Slack ended the connection."
LONG = json.dumps({"type": "interactive", "payload": "é" * 30_000})
VERY_LONG = json.dumps({"payload": "x" * 2_000_000})


def frame(content: bytes, opcode: int = TEXT, *, is_last: bool = True) -> bytes:
    first, length = (0x80 if is_last else 0) | opcode, len(content)
    if length < 126:
        return struct.pack("!BB", first, length) + content
    if length < 65_536:
        return struct.pack("!BBH", first, 126, length) + content
    return struct.pack("!BBQ", first, 127, length) + content


@dataclass
class Line:
    """Slack's end of a connection, and what the SDK made of what it sent."""

    slack: socket.socket
    connection: Connection
    state: ConnectionState
    read: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def wait_for(self, count: int) -> list[str]:
        until = time.monotonic() + 5
        while len(self.read) < count and time.monotonic() < until:
            time.sleep(0.01)
        return self.read


@pytest.fixture
def line() -> Iterator[Line]:
    slack, ours = socket.socketpair()
    ours.settimeout(0.05)  # the SDK has 3 s
    state = ConnectionState()  # type: ignore[no-untyped-call]
    connection = Connection("ws://slack/", logging.getLogger("test"))
    connection.sock = WholeMessages(ours)  # type: ignore[assignment]
    made = Line(slack, connection, state)
    connection.on_message_listener = made.read.append
    connection.on_error_listener = made.errors.append
    thread = threading.Thread(target=connection.run_until_completion, args=(state,))
    thread.start()
    yield made
    state.terminated = True
    thread.join()
    connection.disconnect()
    slack.close()


@pytest.mark.parametrize("pause", [1, 2, 3, 5, 20, 1024, 1500])
def test_a_message_that_stops_in_the_middle_for_longer_than_a_read_takes(line: Line, pause: int) -> None:
    sent = frame(LONG.encode())
    line.slack.sendall(sent[:pause])
    time.sleep(0.2)
    line.slack.sendall(sent[pause:] + frame(b'{"type": "next"}'))
    assert line.wait_for(2) == [LONG, '{"type": "next"}']


def test_a_message_in_several_frames_with_a_ping_between(line: Line) -> None:
    content = LONG.encode()
    line.slack.sendall(
        frame(content[:7], is_last=False) + frame(b"7:1", PING) + frame(content[7:2001], 0, is_last=False)
    )
    line.slack.sendall(frame(content[2001:], 0))
    assert line.wait_for(1) == [LONG]
    assert line.slack.recv(100)[0] == 0x8A  # the pong


def test_a_ping_that_says_nothing_is_answered_at_once(line: Line) -> None:
    line.slack.sendall(frame(b"", PING))
    line.slack.settimeout(2)
    assert line.slack.recv(100)[0] == 0x8A


def test_a_very_long_message(line: Line) -> None:
    threading.Thread(target=line.slack.sendall, args=(frame(VERY_LONG.encode()),)).start()
    assert line.wait_for(1) == [VERY_LONG]


def test_half_a_message_is_none(line: Line) -> None:
    line.slack.sendall(frame(b'{"type": "hello"}') + frame(LONG.encode())[:1024])
    line.slack.close()
    time.sleep(0.2)
    assert (line.read, [str(each) for each in line.errors]) == (['{"type": "hello"}'], [ENDED])


def test_slacks_end_of_the_connection_ends_it_here(line: Line) -> None:
    line.slack.sendall(frame(b'{"type": "hello"}'))
    line.slack.close()
    assert line.wait_for(1) == ['{"type": "hello"}']
    until = time.monotonic() + 5
    while line.connection.is_active() and time.monotonic() < until:
        time.sleep(0.01)
    assert not line.connection.is_active()
    assert line.state.terminated


@pytest.mark.parametrize("dripping", [b"\n", frame(LONG.encode())[:1], frame(b"a", is_last=False)])
def test_what_never_becomes_a_message_holds_nothing_up(line: Line, dripping: bytes) -> None:
    """Closing takes the lock of sending first: while it waits for that of receiving, nothing is acknowledged."""
    is_over = threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):
            while not is_over.wait(0.02):
                line.slack.sendall(dripping)

    threads = [threading.Thread(target=drip), threading.Thread(target=line.connection.disconnect)]
    try:
        threads[0].start()
        time.sleep(0.2)
        threads[1].start()
        threads[1].join(2)
        assert not line.connection.is_active()
    finally:
        is_over.set()
        for each in threads:
            each.join(5)


def test_a_connection_that_ended_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    """By the SDK's own client, as soon as it next looks, and what comes then is read."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server, caplog.at_level(logging.CRITICAL):
        server.settimeout(10)
        client = _ClientOf(server.getsockname()[1], heard)
        opening = threading.Thread(target=client.connect)
        opening.start()
        first = _accept(server)
        opening.join()
        first.sendall(frame(b'{"type": "first"}'))
        first.close()
        busy = time.process_time()
        second = _accept(server)
        busy = time.process_time() - busy
        second.sendall(frame(b'{"type": "second"}'))
        until = time.monotonic() + 5
        while len(heard) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        client.close()
        second.close()
    assert heard == ['{"type": "first"}', '{"type": "second"}']
    assert busy < 1  # it waited, and did not ask again and again


class _ClientOf(Client):
    """Of a server on this computer, looked at every two seconds: after eight the SDK takes any for dead."""

    def __init__(self, port: int, heard: list[str]) -> None:
        super().__init__("xapp-test", ping_interval=2, on_message_listeners=[heard.append], proxy=None)
        self.proxy = None
        self._port = port

    def issue_new_wss_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/link"


def _accept(server: socket.socket) -> socket.socket:
    """The next connection, once the handshake of RFC 6455 is done. Raises TimeoutError."""
    connected, _ = server.accept()
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += connected.recv(4096)
    key = next(line.split(b": ")[1] for line in asked.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key"))
    accepted = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    connected.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accepted
        + b"\r\n\r\n"
    )
    return connected


@pytest.mark.parametrize("sent", [b"\xf1\x02{}", b"\x81\x82abcd{}", b"\x81\x7f" + b"\xff" * 8])
def test_what_is_no_frame_ends_the_connection(line: Line, sent: bytes) -> None:
    line.slack.sendall(sent)
    until = time.monotonic() + 5
    while line.connection.is_active() and time.monotonic() < until:
        time.sleep(0.01)
    assert not line.connection.is_active()
    assert line.read == []


@given(
    messages=st.lists(st.tuples(st.sampled_from((TEXT, PING)), st.binary(max_size=300)), max_size=6),
    size=st.integers(1, 400),
    line_ends=st.booleans(),
)
def test_however_it_is_cut_every_message_comes_whole(
    messages: list[tuple[int, bytes]], size: int, line_ends: bool
) -> None:
    sent = (b"\n" if line_ends else b"").join(frame(content, opcode) for opcode, content in messages)
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    found = WholeMessages(_Pieces(pieces))
    whole = []
    with contextlib.closing(found), pytest.raises(ConnectionError, match=ENDED):  # noqa: PT012 - the last of many
        while True:
            with contextlib.suppress(TimeoutError):
                whole.append(found.recv(16))
    assert [
        (each[0] & 0x0F, each[len(each) - len(content) :]) for each, (_, content) in zip(whole, messages, strict=True)
    ] == messages
    assert all(len(each) > 2 for each in whole)


class _Pieces(socket.socket):
    """What comes, in these pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__()
        self._pieces = pieces

    def recv(self, _size: int, _flags: int = 0) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""
