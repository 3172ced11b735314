"""The page's server: for this machine, this address and whoever has the token, and for nobody else."""

import json
import socket

import pytest

from bot.web.bundle import TYPES
from bot.web.server import PageServer
from tests.web.conftest import Visitor

ASKED = json.dumps({}).encode()


@pytest.mark.parametrize("name", ["", *TYPES])
def test_the_page_and_its_parts_are_served_and_may_load_nothing_from_elsewhere(visitor: Visitor, name: str) -> None:
    status, headers, body = visitor.send("GET", f"/{name}")
    assert status == 200
    assert body
    assert headers["content-type"] == TYPES[name or "index.html"]
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_it_listens_on_loopback_alone(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    other = socket.socket()
    try:
        assert other.connect_ex(("127.0.0.2", int(server.server_address[1]))) != 0
    finally:
        other.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.x"]
)
def test_another_host_name_is_refused(visitor: Visitor, method: str, host: str) -> None:
    """A stranger's name may lead to 127.0.0.1, and its pages would count as of the same origin."""
    path = "/" if method == "GET" else "/api/start"
    status, _, body = visitor.send(method, path, ASKED, host=host.format(port=visitor.port), **visitor.token)
    assert status == 403
    assert b"only its own address" in body


def test_two_host_names_are_refused(visitor: Visitor) -> None:
    ours = f"127.0.0.1:{visitor.port}"
    assert visitor.send("GET", "/", host=ours, HOST="evil.example")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:{port}"},
        {"origin": "http://127.0.0.1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused_with_the_token_and_without(
    visitor: Visitor, method: str, headers: dict[str, str]
) -> None:
    path = "/page.js" if method == "GET" else "/api/start"
    given = {name: value.format(port=visitor.port) for name, value in headers.items()}
    assert visitor.send(method, path, ASKED, **given)[0] == 403
    assert visitor.send(method, path, ASKED, **given, **visitor.token)[0] == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_its_own_address_is_answered(visitor: Visitor, name: str) -> None:
    host = f"{name}:{visitor.port}"
    more = {"origin": f"http://{host}", "sec_fetch_site": "same-origin"}
    assert visitor.send("POST", "/api/start", ASKED, host=host, **more, **visitor.token)[0] == 200


@pytest.mark.parametrize("token", ["", "x", "ü"])
@pytest.mark.parametrize("path", ["/api/start", "/api/say", "/api/upload"])
def test_nothing_is_done_without_the_token(visitor: Visitor, path: str, token: str) -> None:
    assert visitor.send("POST", path, ASKED)[0] == 403
    assert visitor.send("POST", path, ASKED, x_demo_token=token.encode().decode("latin-1"))[0] == 403


def test_no_file_is_handed_out_without_the_token(visitor: Visitor) -> None:
    _, _, body = visitor.send("POST", "/api/upload", b"a,b", x_file_name="a.csv", **visitor.token)
    path = f"/api/file/{json.loads(body)['id']}"
    assert visitor.send("GET", path)[0] == 403
    status, headers, body = visitor.send("GET", path, **visitor.token)
    assert (status, body) == (200, b"a,b")
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''a.csv"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "JSON"),
        (b"\xff", "JSON"),
        (b"[]", "object"),
        (b'{"viewer": "U0NOBODY"}', "no such person"),
        (b'{"viewer": "U0SAM"}', "lacks something"),
        (b'{"viewer": "U0SAM", "channel": "D0DANA", "text": "hi"}', "not in that conversation"),
        (b'{"viewer": "U0SAM", "channel": "C0CALDER", "files": ["F1"]}', "no such file"),
    ],
)
def test_what_cannot_be_is_said(visitor: Visitor, body: bytes, words: str) -> None:
    status, _, answer = visitor.send("POST", "/api/say", body, **visitor.token)
    assert status == 400
    assert words in answer.decode()


def test_what_is_not_there_is_said(visitor: Visitor) -> None:
    assert visitor.send("GET", "/../pyproject.toml")[0] == 404
    assert visitor.send("GET", "/api/file/F9", **visitor.token)[0] == 404
    assert visitor.send("POST", "/elsewhere", ASKED, **visitor.token)[0] == 404
    assert "no request called" in visitor.refused("nonsense")


@pytest.mark.parametrize("length", ["99999999", "-1", "many", ""])
def test_a_body_that_is_too_large_or_has_no_length_is_refused(visitor: Visitor, length: str) -> None:
    status, _, _ = visitor.send("POST", "/api/start", b"", content_length=length, **visitor.token)
    assert status == 413
