"""One database, four doors: signed HTTP, Socket Mode, the app in this process, the command line: one answer."""

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient

from bot.console.local_slack import APP_TOKEN, BOT_TOKEN, TEAM, Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from bot.runtime.config import Settings
from bot.runtime.wiring import build
from bot.slack.app import build_app
from bot.slack.identity import Team
from bot.slack.workers import Workers
from commands.command import Upload
from commands.dispatching.request import CONSOLE, Request
from tests.bot.socket_mode_server import SocketModeServer

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-test"
SAM, HELPDESK = "U0SAM", "C0HELP"
MATRIX = (
    "item,category,responsible,clause\nServer backup,Backup,msp,SOW-A 7.1\n"
    "Workstation backup,Backup,client,SOW-A 9\nHamster care,Pets,client,SOW-A 9.9\n"
)
QUESTIONS = ("is server backup ours", "workstation backup", "is payload scanning ours?", "backup")


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack((Person(SAM, "sam", "Sam Lee"),), (Channel(HELPDESK, "helpdesk"),)) as running:
        yield running


@pytest.fixture
def environment(sqlite_url: str, slack: LocalSlack) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ENGAGEMENT_"))}
    found = kept | {
        "ENGAGEMENT_DATABASE_URL": sqlite_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.base_url,
        "PYTHONPATH": str(ROOT),
    }
    runtime = build(Settings(_env_file=None, ENGAGEMENT_DATABASE_URL=sqlite_url))
    workspace_id = runtime.workspace_id(TEAM, "The MSP")
    for line, uploads in (
        ('client add "Calder Ridge" alias:calder', ()),
        ("agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen", ()),
        ("matrix import calder SOW-A confirm:yes", (Upload("matrix.csv", MATRIX.encode()),)),
    ):
        runtime.dispatcher.run(Request(workspace_id, CONSOLE, line, uploads=uploads))
    runtime.close()
    return found


def bot(environment: dict[str, str], folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@contextlib.contextmanager
def running(environment: dict[str, str], folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "run", *arguments]
    with subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            if process.poll() is None:
                process.kill()
            sys.stderr.write(process.communicate(timeout=10)[1] or "")


def post(port: int, body: bytes, *, secret: str = SECRET, signed: bytes | None = None, age: int = 0) -> tuple[int, Any]:
    """A request as Slack signs it; `signed` is what the signature covers when that is not what is sent."""
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + (signed or body), hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/slack/events", body=body, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, json.loads(text) if text.startswith("{") else text


def until_ready(port: int) -> None:
    for _ in range(1200):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the bot did not become ready")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def said(text: str) -> str:
    """A message's text without what differs on purpose: the number of the kept question."""
    return "\n".join(line for line in text.splitlines() if "question no." not in line and not line.startswith("Next"))


def over_http(environment: dict[str, str], folder: Path, payloads: Payloads) -> list[str]:
    port = free_port()
    with running(environment, folder, "--http", f"127.0.0.1:{port}"):
        until_ready(port)
        found = []
        for question in QUESTIONS:
            body = urlencode(payloads.slash(SAM, HELPDESK, "/scope", f"calder {question}")).encode()
            status, answer = post(port, body)
            assert status == 200
            found.append(said(answer["text"]))
        return found


def over_socket_mode(environment: dict[str, str], folder: Path, slack: LocalSlack, payloads: Payloads) -> list[str]:
    with SocketModeServer() as server:
        slack.socket_url = server.url
        with running(environment, folder):
            server.wait_until_connected()
            found = []
            for question in QUESTIONS:
                payload = payloads.slash(SAM, HELPDESK, "/scope", f"calder {question}")
                server.send("slash_commands", payload, question)
                answer = server.receive()
                assert answer["envelope_id"] == question
                found.append(said(answer["payload"]["text"]))
            return found


def in_this_process(environment: dict[str, str], slack: LocalSlack, payloads: Payloads) -> list[str]:
    """The way the demo goes: the real app, without a transport."""
    settings = Settings(_env_file=None, ENGAGEMENT_DATABASE_URL=environment["ENGAGEMENT_DATABASE_URL"])
    runtime, workers = build(settings), Workers()
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[])
    app = build_app(runtime, client, Team.of(client), workers)
    found = []
    for question in QUESTIONS:
        payload = payloads.slash(SAM, HELPDESK, "/scope", f"calder {question}")
        response = app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        found.append(said(json.loads(response.body)["text"]))
    workers.drain(5)
    runtime.close()
    return found


def test_every_door_gives_the_same_verdict_and_evidence(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path
) -> None:
    payloads = Payloads(slack)
    answers = over_http(environment, tmp_path, payloads)
    assert answers[0].startswith("Calder Ridge: This is ours: do it.")
    assert "SOW-A 7.1" in answers[0]
    assert over_socket_mode(environment, tmp_path, slack, payloads) == answers
    assert in_this_process(environment, slack, payloads) == answers
    for question, answer in zip(QUESTIONS, answers, strict=True):
        typed = bot(environment, tmp_path, "ask", "--client", "calder", question)
        for line in said(answer).splitlines():
            if line.startswith(("Calder Ridge:", "Evidence:", "Caution:", "Matrix row:")):
                assert line in typed


def test_a_forged_stale_or_altered_request_gets_401_and_changes_nothing(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path
) -> None:
    payloads = Payloads(slack)
    before = bot(environment, tmp_path, "do", "/engagement scope history calder", "--json")
    body = urlencode(payloads.slash(SAM, HELPDESK, "/scope", "calder server backup")).encode()
    other = urlencode(payloads.slash(SAM, HELPDESK, "/scope", "calder workstation backup")).encode()
    port = free_port()
    with running(environment, tmp_path, "--http", f"127.0.0.1:{port}"):
        until_ready(port)
        assert post(port, body, secret="another secret")[0] == 401
        assert post(port, body, age=301)[0] == 401
        assert post(port, body, age=-360)[0] == 401  # a busy machine takes seconds, in which it grows older
        assert post(port, other, signed=body)[0] == 401
    assert bot(environment, tmp_path, "do", "/engagement scope history calder", "--json") == before


def test_a_second_bot_on_the_same_sqlite_file_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    with running(environment, tmp_path, "--http", f"127.0.0.1:{port}"):
        until_ready(port)
        second = subprocess.run(
            [sys.executable, "-m", "bot", "run", "--http", f"127.0.0.1:{free_port()}"],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert second.returncode == 2
    assert "Another bot already runs" in second.stderr
