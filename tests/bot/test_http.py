"""The HTTP door: signed requests get in, everything else is turned away without a trace."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.runtime.health import Health
from bot.slack.http import MOST_BYTES, Door, Response, wsgi
from tests.bot.conftest import DANA, HELPDESK, SAM, Bot, buttons

NOW = 1_785_769_200.0
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def door(bot: Bot) -> Door:
    return Door(bot.app, bot.runtime.settings.slack_signing_secret or "", clock=lambda: NOW)


def signed(door: Door, body: bytes, kind: str = FORM, stamp: str = str(int(NOW))) -> dict[str, str]:
    digest = hmac.new(door.signing_secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def post(door: Door, body: bytes, headers: Mapping[str, str]) -> Response:
    return door.answer("POST", "/slack/events", headers, body)


def slash(bot: Bot, text: str, command: str = "/engagement", user: str = DANA) -> bytes:
    return urlencode(bot.payloads.slash(user, HELPDESK, command, text)).encode()


def test_a_signed_command_is_answered(bot: Bot, door: Door) -> None:
    body = slash(bot, "client list")
    response = post(door, body, signed(door, body))
    assert response.status == 200
    assert response.headers["content-type"].startswith("application/json")
    assert json.loads(response.body)["text"].startswith("1 client.")


def test_the_answer_is_the_same_as_over_socket_mode(bot: Bot, door: Door) -> None:
    body = slash(bot, "calder who patches?", "/scope", SAM)
    assert json.loads(post(door, body, signed(door, body)).body) == bot.slash(
        SAM, "calder who patches?", command="/scope"
    )


def test_a_command_about_payload_is_not_lost(bot: Bot, door: Door) -> None:
    body = slash(bot, "is payload scanning ours? payload=1", "/scope", SAM)
    response = post(door, body, signed(door, body))
    assert json.loads(response.body)["text"].startswith("Asked: is payload scanning ours? payload=1")


def test_interactions_and_events_are_read(bot: Bot, door: Door) -> None:
    [share] = buttons(bot.slash(SAM, "who?", command="/scope"))
    body = urlencode({"payload": json.dumps(bot.payloads.press(SAM, HELPDESK, share))}).encode()
    assert post(door, body, signed(door, body)) == Response(200, "", {"content-type": "text/plain;charset=utf-8"})
    assert bot.slack.posted[-1].payload["text"] == "Shared: who?"
    body = json.dumps(bot.payloads.direct(SAM, "who?")).encode()
    assert post(door, body, signed(door, body, "application/json")).status == 200
    assert bot.slack.posted[-1].channel == "D0SAM"


def test_the_url_is_verified(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    response = post(door, body, signed(door, body, "application/json; charset=utf-8"))
    assert (response.status, response.body) == (200, "abc")


def changed(headers: dict[str, str], **changes: str) -> dict[str, str]:
    return {**headers, **{name.replace("_", "-"): value for name, value in changes.items()}}


@pytest.mark.parametrize(
    "change",
    [
        {"x_slack_signature": "v0=" + "0" * 64},
        {"x_slack_signature": ""},
        {"x_slack_signature": "v0=é"},
        {"x_slack_signature": "v0=\udcff"},
        {"x_slack_request_timestamp": "abc"},
        {"x_slack_request_timestamp": "-1"},
        {"x_slack_request_timestamp": "9" * 5000},
        {"x_slack_request_timestamp": "١٢٣"},
        {"x_slack_request_timestamp": ""},
    ],
    ids=lambda change: str(change)[:50],
)
def test_a_forged_request_changes_nothing(bot: Bot, door: Door, change: dict[str, str]) -> None:
    body = slash(bot, 'client add "Forged Ltd"')
    before = len(bot.slack.calls)
    assert post(door, body, changed(signed(door, body), **change)).status == 401
    assert len(bot.slack.calls) == before
    assert "1 client." in bot.slash(SAM, "client list")["text"]


@pytest.mark.parametrize(("age", "status"), [(300, 200), (301, 401), (-300, 200), (-301, 401)])
def test_a_stale_request_is_refused(bot: Bot, door: Door, age: int, status: int) -> None:
    body = slash(bot, "client list")
    assert post(door, body, signed(door, body, stamp=str(int(NOW) - age))).status == status


def test_a_signature_is_good_for_its_own_body_only(bot: Bot, door: Door) -> None:
    body = slash(bot, "client list")
    headers = signed(door, body)
    other = body.replace(b"client+list", b"client+add+Replayed")
    assert other != body
    assert post(door, other, headers).status == 401
    assert "1 client." in bot.slash(SAM, "client list")["text"]


def test_the_same_request_again_is_not_done_again(bot: Bot, door: Door) -> None:
    body = slash(bot, 'client add "Once Ltd"')
    assert "is recorded" in post(door, body, signed(door, body)).body
    assert post(door, body, signed(door, body)).body == ""


def test_unsigned_checks_are_not_answered(door: Door) -> None:
    assert post(door, b"ssl_check=1&token=x", {"content-type": FORM}).status == 401


def test_without_a_secret_nobody_gets_in(bot: Bot, door: Door) -> None:
    body = slash(bot, "client list")
    keyless = Door(bot.app, "", clock=lambda: NOW)
    assert post(keyless, body, signed(keyless, body)).status == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"payload={", FORM),
        (b"payload=3", FORM),
        (b"payload=%FF", FORM),
        (b"hello", "text/plain"),
        (b"a=1&" * 300, FORM),
        (b"", FORM),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_read_is_a_bad_request(door: Door, body: bytes, kind: str) -> None:
    assert post(door, body, signed(door, body, kind)).status == 400


@pytest.mark.parametrize(
    "payload",
    [{}, {"type": "block_actions"}, {"type": "event_callback", "event": None}, {"type": "view_submission", "view": 3}],
    ids=str,
)
def test_signed_nonsense_is_no_server_error(door: Door, payload: dict[str, Any]) -> None:
    body = json.dumps(payload).encode()
    assert post(door, body, signed(door, body, "application/json")).status < 500


def test_a_request_that_is_too_large_is_refused_before_it_is_checked(door: Door) -> None:
    body = b"x" * (MOST_BYTES + 1)
    assert post(door, body, signed(door, body)).status == 413
    assert post(door, body[1:], signed(door, body[1:])).status == 400, "as large as it may be, and no command"


def test_headers_that_steer_bolt_are_dropped(bot: Bot, door: Door) -> None:
    body = slash(bot, "client list")
    headers = {**signed(door, body), "x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "on_command"}
    assert json.loads(post(door, body, headers).body)["text"].startswith("1 client.")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200), ("HEAD", "/readyz", 200), ("POST", "/healthz", 405), ("GET", "/slack/events", 405),
        ("GET", "/", 404), ("POST", "/slack/install", 404),
    ],
)  # fmt: skip
def test_paths_and_methods(door: Door, method: str, path: str, status: int) -> None:
    answer = door.answer(method, path, {}, b"")
    allowed = ("POST" if method == "GET" else "GET, HEAD") if status == 405 else None
    assert (answer.status, answer.headers.get("allow")) == (status, allowed)


def test_it_says_why_it_is_not_ready(bot: Bot) -> None:
    door = Door(bot.app, "x", Health((lambda: None, lambda: "the database is away", lambda: "later")))
    answer = door.answer("GET", "/readyz", {}, b"")
    assert (answer.status, answer.body) == (503, "not ready: the database is away")
    assert door.answer("GET", "/healthz", {}, b"").status == 200


def test_any_wsgi_server_can_serve_it(bot: Bot, door: Door) -> None:
    body = slash(bot, "client list")
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed(door, body).items()}
    started: list[Any] = []
    environ = {
        **headers,
        "CONTENT_TYPE": FORM,
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "wsgi.input": BytesIO(body),
    }
    content = b"".join(wsgi(door)(environ, lambda *given: started.append(given)))
    assert started[0][0] == "200 OK"
    assert ("content-length", str(len(content))) in started[0][1]
    assert json.loads(content)["text"].startswith("1 client.")


def test_a_wrong_secret_or_clock_is_said_in_the_log_now_and_then(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    """Slack only tells its user that the command failed: whoever runs the bot has to learn why."""
    now = [NOW]
    door = Door(bot.app, "a slip", clock=lambda: now[0])
    body = slash(bot, "client list")
    post(door, body, {"content-type": FORM})
    assert caplog.text == ""  # whoever else knocks at the door is not worth a line
    for _ in range(3):
        assert post(door, body, signed(Door(bot.app, "another"), body)).status == 401
    assert caplog.text.count("does not fit SLACK_SIGNING_SECRET") == 1
    assert "a slip" not in caplog.text
    now[0] += 3600
    post(door, body, signed(Door(bot.app, "a slip"), body))
    assert "it was made 3600 seconds from this machine's time. Is its clock right?" in caplog.text
