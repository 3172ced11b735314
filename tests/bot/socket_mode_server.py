"""The other end of Socket Mode: one WebSocket connection at a time, text frames only."""

import base64
import contextlib
import hashlib
import json
import queue
import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class SocketConnection:
    """One client of Socket Mode, once its handshake is done."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            if not (chunk := connection.recv(1024)):
                raise ConnectionError("it left before it had said what it wants")
            request += chunk
        key = next(line.split(b": ")[1] for line in request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key"))
        accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        connection.sendall(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")

    def send(self, kind: str, payload: dict[str, Any], envelope_id: str) -> None:
        """Raises OSError."""
        self._write(0x1, json.dumps({"type": kind, "envelope_id": envelope_id, "payload": payload}).encode())

    def received(self) -> Iterator[dict[str, Any]]:
        """Every acknowledgement, until the client is gone; pings are answered."""
        with self._connection.makefile("rb") as stream:
            while (frame := _frame(stream)) is not None:
                opcode, content = frame
                if opcode == 0x1:
                    yield json.loads(content)
                elif opcode == 0x9:
                    with contextlib.suppress(OSError):
                        self._write(0xA, content)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def _write(self, opcode: int, content: bytes) -> None:
        first, length = 0x80 | opcode, len(content)
        head = struct.pack("!BB", first, length) if length < 126 else struct.pack("!BBH", first, 126, length)
        with self._sending:
            self._connection.sendall(head + content)


class SocketModeServer:
    """A context manager. `send` an envelope, `receive` the acknowledgements."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connected = threading.Event()
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._connection: SocketConnection | None = None
        self._thread = threading.Thread(target=self._serve)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}/link?ticket=1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def wait_until_connected(self) -> None:
        assert self._connected.wait(25), "nobody connected"

    def send(self, kind: str, payload: dict[str, Any], envelope_id: str) -> None:
        assert self._connection is not None
        self._connection.send(kind, payload, envelope_id)

    def receive(self, seconds: float = 10) -> dict[str, Any]:
        return self._received.get(timeout=seconds)

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
            self._connection = SocketConnection(connection)
        except OSError:
            return
        self._connected.set()
        for acknowledgement in self._connection.received():
            self._received.put(acknowledgement)


def _frame(stream: Any) -> tuple[int, bytes] | None:
    """One masked frame from a client; None at the end."""
    try:
        head = stream.read(2)
        if len(head) < 2:
            return None
        length = head[1] & 0x7F
        if length == 126:
            length = struct.unpack("!H", stream.read(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", stream.read(8))[0]
        mask = stream.read(4)
        content = stream.read(length)
    except (OSError, ValueError, struct.error):
        return None
    return head[0] & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
