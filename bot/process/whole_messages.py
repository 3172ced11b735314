"""What Slack sends over Socket Mode, handed to the SDK as whole messages only.

The SDK reads frames from the socket as they come. Where nothing comes for three seconds in the middle of one, it
forgets the first part and takes the rest for other frames; a connection that ends there gives it half a message; one
message in several frames, which RFC 6455 allows, gives it as many broken ones. So frames are put together here.
"""

import struct
from collections import deque
from socket import socket
from typing import Any

from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection

_AT_ONCE = 65_536
_LONGEST = 16_777_216  # Slack's own payloads are far smaller: what says to be longer is no frame
_NEW_LINE, _CONTINUATION, _TEXT, _CLOSE = 0x0A, 0x0, 0x1, 0x8


class Client(SocketModeClient):
    """The SDK's own client, on connections that give whole messages."""

    @property
    def current_session(self) -> Connection | None:
        return self._session

    @current_session.setter
    def current_session(self, session: Connection | None) -> None:
        if session is not None and session.sock is not None:
            session.sock = WholeMessages(session.sock)  # type: ignore[assignment]
        self._session = session


class WholeMessages:
    """A connected socket, once the handshake is done, as far as the SDK uses one."""

    def __init__(self, connected: socket) -> None:
        self._socket = connected
        self._received = bytearray()
        self._opcode, self._parts = _TEXT, bytearray()
        self._whole: deque[bytes] = deque()

    def recv(self, _size: int) -> bytes:
        """The next message as one frame, however long.

        Reads once: the SDK holds a lock meanwhile, which it needs to close the connection. Raises TimeoutError where no
        message is whole after that: what came of it is kept, and the SDK asks again, without the lock in between.
        Raises ConnectionError at the connection's end and for what is no frame of a server: the SDK closes such a
        connection and opens another. Raises OSError.
        """
        if not self._whole:
            if not (chunk := self._socket.recv(_AT_ONCE)):
                raise ConnectionError("Slack ended the connection.")
            self._received += chunk
            while self._take_frame():
                pass
        if not self._whole:
            raise TimeoutError("No message is whole yet.")
        return self._whole.popleft()

    def send(self, content: bytes) -> int:
        """All of it. Raises OSError."""
        self._socket.sendall(content)
        return len(content)

    def close(self) -> None:
        self._socket.close()

    def _take_frame(self) -> bool:
        """Whether a frame was there; what it completes is whole."""
        if self._received[:1] == bytes([_NEW_LINE]):  # Slack sends bare line ends at times, as the SDK knows
            del self._received[:1]
            return True
        length = _length(self._received)
        if length is None or len(self._received) < sum(length):
            return False
        first, content = self._received[0], bytes(self._received[length[0] : sum(length)])
        del self._received[: sum(length)]
        is_last, opcode = bool(first & 0x80), first & 0x0F
        if opcode >= _CLOSE:  # may come between the parts of a message
            self._whole.append(_frame(opcode, content))
            return True
        if opcode != _CONTINUATION:
            self._opcode, self._parts = opcode, bytearray()
        self._parts += content
        if len(self._parts) > _LONGEST:
            raise ConnectionError("Slack sent a message that is too long to be one.")
        if is_last:
            self._whole.append(_frame(self._opcode, bytes(self._parts)))
            self._parts = bytearray()
        return True


def _length(received: bytearray) -> tuple[int, int] | None:
    """How long the head of the first frame is, and its content; None where that cannot be told yet."""
    if len(received) < 2:
        return None
    if received[0] & 0x70 or received[1] & 0x80:
        raise ConnectionError("Slack sent what is no frame of a server.")
    short = received[1]
    head = {126: 4, 127: 10}.get(short, 2)
    if len(received) < head:
        return None
    content = int.from_bytes(received[2:head], "big") if head > 2 else short
    if content > _LONGEST:
        raise ConnectionError("Slack sent a frame that is too long to be one.")
    return head, content


def _frame(opcode: int, content: bytes) -> bytes:
    """One frame; never of two bytes, of which the SDK waits for a third."""
    first, length = 0x80 | opcode, len(content)
    if 0 < length < 126:
        return struct.pack("!BB", first, length) + content
    kind: tuple[Any, ...] = ("!BBH", first, 126, length) if length < 65_536 else ("!BBQ", first, 127, length)
    return struct.pack(*kind) + content
