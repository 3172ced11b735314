"""The doors beside Slack's: on the addresses that the settings take, IPv4 and IPv6."""

import http.client
import socket

import pytest

from bot.process.calendar_server import calendar_server
from bot.process.metrics_server import metrics_server
from bot.runtime.config import host_and_port
from bot.runtime.health import Health


def free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, 0), family=family) as server:
            return int(server.getsockname()[1])
    except OSError:
        pytest.skip(f"this machine has no {host}")


def status(host: str, port: int, path: str) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse().status


@pytest.mark.parametrize(
    ("written", "host"), [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("localhost", "127.0.0.1")]
)
def test_both_listen_where_they_are_told_to(written: str, host: str) -> None:
    free = free_port(host)
    with calendar_server(host_and_port(f"{written}:0"), lambda token: None) as port:
        assert port is not None
        assert status(host, port, "/nothing") == 404
    with metrics_server(host_and_port(f"{written}:{free}"), 1, Health(), lambda: b"samples"):
        assert status(host, free, "/metrics") == 200
