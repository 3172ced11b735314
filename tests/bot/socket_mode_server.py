"""The other end of Socket Mode: one WebSocket connection at a time, text frames only."""

import base64
import contextlib
import hashlib
import json
import queue
import socket
import struct
import threading
from types import TracebackType
from typing import Any, Self

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class SocketModeServer:
    """A context manager. `send` an envelope, `receive` the acknowledgements."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connected = threading.Event()
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._connection: socket.socket | None = None
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
        for one in (self._connection, self._listener):
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._thread.join(5)

    def wait_until_connected(self) -> None:
        assert self._connected.wait(25), "nobody connected"

    def send(self, kind: str, payload: dict[str, Any], envelope_id: str) -> None:
        text = json.dumps({"type": kind, "envelope_id": envelope_id, "payload": payload}).encode()
        assert self._connection is not None
        length = struct.pack("!BBH", 0x81, 126, len(text)) if len(text) > 125 else struct.pack("!BB", 0x81, len(text))
        self._connection.sendall(length + text)

    def receive(self, seconds: float = 10) -> dict[str, Any]:
        return self._received.get(timeout=seconds)

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        self._connection = connection
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(1024)
        key = next(line.split(b": ")[1] for line in request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key"))
        accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest())
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        connection.sendall(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self._connected.set()
        with connection.makefile("rb") as stream:
            while (frame := _frame(stream)) is not None:
                opcode, content = frame
                if opcode == 0x1:
                    self._received.put(json.loads(content))


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
