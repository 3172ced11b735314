"""Fetching the terms behind a link: https only, of public hosts, within limits of size and time.

The address is looked up once and that very address is connected to, so that a name cannot point somewhere else between
the check and the connection. Every redirect is checked like the first address. One limit of time holds for all of it.
"""

import http.client
import io
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

from commands.fetching import CannotFetch, Fetched

MOST_BYTES = 5_000_000
MOST_SECONDS = 15.0
_MOST_REDIRECTS = 3
_PORT = 443
_CHUNK = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MOVED = (301, 302, 303, 307, 308)
Resolve = Callable[[str], Sequence[str]]
Connect = Callable[[str, str, float], socket.socket]


def resolve(host: str) -> Sequence[str]:
    """The addresses of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)]


def connect(host: str, address: str, timeout: float) -> socket.socket:
    """A connection to `address` that proved to be `host`. Raises OSError."""
    until = _Deadline.after(timeout)
    plain = socket.create_connection((address, _PORT), timeout)
    try:
        plain.settimeout(until.left())
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def fetch(
    url: str, *, resolve: Resolve = resolve, connect: Connect = connect, seconds: float = MOST_SECONDS
) -> Fetched:
    """What is at `url` now. Raises CannotFetch."""
    until = _Deadline.after(seconds)
    for _ in range(_MOST_REDIRECTS + 1):
        host, target = _checked(url)
        address = _public_address(host, resolve)
        try:
            status, location, media, content = _get(host, address, target, connect, until)
        except TimeoutError as error:
            raise until.missed() from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CannotFetch(f"{host} could not be read ({type(error).__name__}).") from error
        if status == 200:
            return Fetched(url, content, media)
        if status not in _MOVED or not location:
            raise CannotFetch(f"{host} answered with status {status}.")
        url = urljoin(url, location)
    raise CannotFetch(f"It leads on more than {_MOST_REDIRECTS} times.")


def is_public(address: str) -> bool:
    """Whether it is an address of the public internet: not private, local, reserved, or one that leads to such."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def _checked(url: str) -> tuple[str, str]:
    """The host and what to ask it for. Raises CannotFetch."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CannotFetch("That is no address of a page.") from error
    if parts.scheme != "https" or not parts.hostname:
        raise CannotFetch("Only addresses that begin with https:// are fetched.")
    if parts.username is not None or parts.password is not None or port not in (None, _PORT):
        raise CannotFetch("Addresses with a name, a password or a port in them are not fetched.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii() or any(letter.isspace() for letter in target):
        raise CannotFetch("That address has letters that have to be written as %..: copy it from the browser.")
    return parts.hostname, target


def _public_address(host: str, resolve: Resolve) -> str:
    try:
        addresses = resolve(host)
    except (OSError, UnicodeError) as error:
        raise CannotFetch(f"There is no host {host}.") from error
    if not addresses or not all(map(is_public, addresses)):
        raise CannotFetch(f"{host} is not a host of the public internet.")
    return addresses[0]


def _get(
    host: str, address: str, target: str, connect: Connect, until: "_Deadline"
) -> tuple[int, str | None, str, bytes]:
    """Status, where it leads, content type and content. Raises CannotFetch for too much, or too slow."""
    connection = http.client.HTTPConnection(host)
    opened = connect(host, address, until.left())
    connection.sock = _Timed(opened, until)
    try:
        headers = {"Host": host, "User-Agent": "EngagementChecks", "Accept-Encoding": "identity", "Connection": "close"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        chunks: list[bytes] = []
        size = 0
        while response.status == 200:
            chunk = response.read1(_CHUNK)
            if not chunk:
                break
            size += len(chunk)
            if size > MOST_BYTES:
                raise CannotFetch(f"It is larger than {MOST_BYTES:,} bytes. Attach it as a file.")
            chunks.append(chunk)
        media = response.headers.get("Content-Type", "")
        return response.status, response.headers.get("Location"), media, b"".join(chunks)
    finally:
        connection.close()
        opened.close()


@dataclass(frozen=True, slots=True)
class _Deadline:
    """The instant `at`, on the clock that only goes forward, by which everything has to be done in `seconds`."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> "_Deadline":
        return cls(seconds, monotonic() + seconds)

    def left(self) -> float:
        """The seconds that are left. Raises CannotFetch where none are."""
        left = self.at - monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> CannotFetch:
        return CannotFetch(f"It took longer than {self.seconds:g} seconds.")


class _Timed(io.RawIOBase):
    """A socket of which every read ends by the deadline, however few bytes come at a time."""

    def __init__(self, opened: socket.socket, until: _Deadline) -> None:
        self._opened, self._until = opened, until

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def sendall(self, data: bytes) -> None:
        self._opened.settimeout(self._until.left())
        self._opened.sendall(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._opened.settimeout(self._until.left())
        return self._opened.recv_into(buffer)

    def close(self) -> None:
        """Nothing: http.client closes its socket before it has read the content; whoever opened it closes it."""
