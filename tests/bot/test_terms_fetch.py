"""Fetching linked terms: https only, public hosts only, within limits; tried against a server of our own."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.runtime import terms_fetch
from bot.runtime.terms_fetch import fetch, is_public
from commands.fetching import CannotFetch


@contextmanager
def served(*answers: bytes) -> Iterator[int]:
    """A port that gives one answer a connection, in this order."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]


def got(url: str, port: int, address: str = "93.184.216.34") -> tuple[str, bytes]:
    def connect(host: str, address: str, timeout: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout)

    found = fetch(url, resolve=lambda host: [address], connect=connect)
    return found.media, found.content


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nterms"


def test_reads_a_page_and_follows_where_it_moved() -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: https://www.example.com/new\r\nContent-Length: 0\r\n\r\n"
    with served(moved, OK) as port:
        assert got("https://example.com/terms?v=2", port) == ("text/html", b"terms")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404"),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n", "begin with https"),
        (b"nonsense\r\n\r\n", "could not be read"),
        (b"HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n", "leads on more than"),
    ],
)
def test_what_cannot_be_read_is_said(answer: bytes, said: str) -> None:
    with served(*[answer] * 4) as port, pytest.raises(CannotFetch, match=said):
        got("https://example.com/", port)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms_fetch, "MOST_BYTES", 3)
    with served(OK) as port, pytest.raises(CannotFetch, match="larger than"):
        got("https://example.com/", port)


@contextmanager
def dripped(beginning: bytes) -> Iterator[int]:
    """A port that gives `beginning`, and then one byte after the other, without an end."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(beginning)
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "beginning",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["status", "headers", "content"],
)
def test_one_limit_of_time_holds_for_all_that_is_dripped(beginning: bytes) -> None:
    began = time.monotonic()
    with dripped(beginning) as port, pytest.raises(CannotFetch, match=r"longer than 0\.3 seconds"):
        fetch(
            "https://example.com/", resolve=lambda host: ["93.184.216.34"], seconds=0.3,
            connect=lambda host, address, timeout: socket.create_connection(("127.0.0.1", port), timeout),
        )  # fmt: skip
    assert time.monotonic() - began < 1.5


def test_the_limit_holds_for_the_handshake(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with dripped(b"\x16\x03\x03\x40\x00") as port:
        monkeypatch.setattr(terms_fetch, "_PORT", port)
        with pytest.raises((CannotFetch, OSError)):
            terms_fetch.connect("example.com", "127.0.0.1", 0.3)
    assert time.monotonic() - began < 1.5


def test_what_takes_too_long_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotFetch, match=r"longer than 0\.2 seconds"):
            fetch(
                "https://example.com/", resolve=lambda host: ["93.184.216.34"], seconds=0.2,
                connect=lambda host, address, timeout: socket.create_connection(("127.0.0.1", port), timeout),
            )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https:///x", "https://user@example.com/", "https://example.com:8443/", "ftp://a/",
        "https://example.com/a b", "https://exa[mple.com/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_other_addresses_are_not_even_looked_up(url: str) -> None:
    def never(host: str) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(CannotFetch):
        fetch(url, resolve=never)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:a00:8::1",
        "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_never_connected_to(address: str) -> None:
    assert not is_public(address)

    def never(host: str, address: str, timeout: float) -> socket.socket:
        raise AssertionError(address)

    with pytest.raises(CannotFetch, match="public internet"):
        fetch("https://example.com/", resolve=lambda host: ["93.184.216.34", address], connect=never)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)
