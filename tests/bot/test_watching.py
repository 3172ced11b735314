"""What whoever looks after the bot sees: metrics, readiness with its reason, logs that can be followed."""

import contextlib
import io
import json
import logging
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.errors import SlackApiError
from sqlalchemy import create_engine, text

from bot.console.local_slack import APP_TOKEN, Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from bot.process.connection import Connection, connect
from bot.runtime import log, metrics
from bot.runtime.config import ConfigError, load_settings
from bot.runtime.log import SLACKS, start_logging
from bot.runtime.wiring import Runtime
from bot.slack.app import web_client
from bot.slack.http import Door
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.bot.conftest import DANA, HELPDESK, SAM, Bot
from tests.bot.socket_mode_server import SocketModeServer
from tests.bot.test_http import post, signed, slash
from tests.bot.test_workers import running, until
from tests.e2e.replica_door import Replica, Unanswered, environment_for

Samples = dict[tuple[str, ...], float]


def samples(content: bytes) -> Samples:
    """By the sample's name and its labels' values; parsed by Prometheus's own parser."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
    }


def nothing_known() -> metrics.DatabaseCollector:
    return metrics.DatabaseCollector(lambda: ({}, None), dict)


@pytest.fixture
def connection(runtime: Runtime, slack: LocalSlack) -> Iterator[Connection]:
    connection = connect(runtime)
    yield connection
    connection.drain()


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log as JSON, at its most talkative."""
    stream, root = io.StringIO(), logging.getLogger()
    kept = (root.handlers[:], root.level)
    levels = {name: logging.getLogger(name).level for name in ("bot", "commands", "storage", *SLACKS)}
    start_logging("DEBUG", stream, "json")
    yield stream
    root.handlers[:], root.level = kept
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_commands_are_counted_by_name_and_outcome(bot: Bot) -> None:
    before = samples(metrics.exposition(nothing_known()))
    for typed in ("client list", "client list", "client show nobody", "odd fail", "odd secret words"):
        bot.slash(SAM, typed)
    bot.send(bot.payloads.direct(SAM, "odd secret words"))
    bot.slash("U0GUS", "client list")
    after = samples(metrics.exposition(nothing_known()))
    found = {key[1:]: after[key] - before.get(key, 0) for key in after if key[0] == "engagement_commands_total"}
    assert {key: count for key, count in found.items() if count} == {
        ("client list", "done"): 2, ("client show", "wrong"): 1, ("odd fail", "failed"): 1, ("unknown", "wrong"): 1,
        ("client list", "refused"): 1, ("scope ask", "done"): 1,
    }  # fmt: skip
    took = ("engagement_command_seconds_count", "client list")
    assert after[took] - before.get(took, 0) == 3
    assert b"secret words" not in metrics.exposition(nothing_known())


def test_errors_of_slack_are_counted_by_method(runtime: Runtime, slack: LocalSlack) -> None:
    before = samples(metrics.exposition(nothing_known()))
    slack.failures["users.info"] = ["ratelimited"]
    with pytest.raises(SlackApiError):
        web_client(runtime.settings).users_info(user=SAM)
    after = samples(metrics.exposition(nothing_known()))
    key = ("engagement_slack_errors_total", "ratelimited", "users.info")
    assert after[key] - before.get(key, 0) == 1


def test_what_is_on_record_is_told(connection: Connection, bot: Bot) -> None:
    bot.do(f'client add "Fjord Works" owner:<@{DANA}>')
    bot.do("agreement add fjord SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen")
    bot.slash(SAM, "fjord who does it?", command="/scope")
    found = samples(connection.metrics(3))
    assert found["engagement_worker",] == 3
    assert found["engagement_database_up",] == 1
    assert found["engagement_reminders", "pending"] > 0
    assert found["engagement_reminders", "sent"] == 0
    assert found["engagement_oldest_due_seconds",] == 0
    assert found["engagement_cache_lookups_total", "directory", "yes"] > 0


def test_metrics_are_told_without_the_database_too() -> None:
    def unreachable() -> Any:
        raise DatabaseUnavailable("it is down")

    found = samples(metrics.exposition(metrics.DatabaseCollector(unreachable, dict)))
    assert found["engagement_database_up",] == 0
    assert ("engagement_oldest_due_seconds",) not in found


def test_one_id_from_the_door_to_the_person_and_the_log(bot: Bot, written: io.StringIO) -> None:
    door = Door(bot.app, "key", clock=lambda: 1000.0)
    told = []
    for _ in range(2):
        body = slash(bot, "odd fail", user=SAM)
        told.append(json.loads(post(door, body, signed(door, body, stamp="1000")).body)["text"])
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    failed = [line for line in lines if line["message"].startswith("request failed")]
    assert [line["request"] in text for line, text in zip(failed, told, strict=True)] == [True, True]
    assert failed[0]["request"] != failed[1]["request"]
    assert "RuntimeError" in failed[0]["error"]
    assert "secret detail" not in written.getvalue()


def test_work_that_goes_on_in_a_worker_keeps_the_id(bot: Bot, written: io.StringIO) -> None:
    with log.request() as number:
        assert bot.workers.submit(lambda: logging.getLogger("bot.test").info("in the worker"))
        assert bot.workers.wait(5)
    [line] = [json.loads(each) for each in written.getvalue().splitlines() if "in the worker" in each]
    assert line["request"] == number
    logging.getLogger("bot.test").info("afterwards")
    assert "request" not in json.loads(written.getvalue().splitlines()[-1])


def test_no_secret_gets_into_a_line_of_json(written: io.StringIO) -> None:
    logging.getLogger("bot.test").warning("the token %s", "xoxb-12345-secretsecret")
    line = json.loads(written.getvalue())
    assert line["message"] == "the token xoxb-..."
    assert (line["level"], line["logger"]) == ("WARNING", "bot.test")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENGAGEMENT_METRICS", "9100"), ("ENGAGEMENT_LOG_FORMAT", "xml"), ("ENGAGEMENT_LINGER_SECONDS", "-1")],
)
def test_settings_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        load_settings(None)


def readiness(connection: Connection) -> tuple[int, str]:
    return connection.health().answer("/readyz")


def test_readiness_names_the_schema(connection: Connection) -> None:
    assert readiness(connection) == (200, "ready")
    with connection.runtime.database.engine.begin() as changed:
        changed.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    status, words = readiness(connection)
    assert status == 503
    assert "the schema is at 0001" in words
    assert "engagement-bot db upgrade" in words


def test_readiness_says_when_the_process_is_about_to_end(connection: Connection) -> None:
    connection.drain()
    assert readiness(connection) == (503, "not ready: draining, the process is about to end")


@pytest.fixture
def outside() -> Iterator[LocalSlack]:
    with LocalSlack((Person(SAM, "sam", "Sam Lee"),), (Channel(HELPDESK, "helpdesk"),)) as running:
        yield running


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_process_says_why_it_is_not_ready_and_drains(database: Database, outside: LocalSlack, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    replica, side = Replica(environment_for(url, outside.base_url), tmp_path / "log"), Replica({}, tmp_path)
    payloads = Payloads(outside)
    more = {"ENGAGEMENT_METRICS": f"127.0.0.1:{side.port}", "ENGAGEMENT_LINGER_SECONDS": "2"}
    with running(replica, **more, ENGAGEMENT_LOG_FORMAT="json") as process:
        replica.wait_until_ready()
        assert side.is_ready()
        replica.deliver(payloads.slash(SAM, HELPDESK, "/engagement", "client list"))
        assert ("engagement_commands_total", "client list", "done") in samples(get(side, "/metrics")[1])
        assert replica.ask("GET", "/metrics", b"", {})[0] == 404, "not on the door that is open to the world"
        process.send_signal(signal.SIGTERM)
        until(lambda: get(side, "/readyz")[0] == 503)
        status, words = replica.ask("GET", "/readyz", b"", {})
        assert (status, words) == (503, "not ready: draining, the process is about to end")
        assert "There are no clients" in replica.deliver(payloads.slash(SAM, HELPDESK, "/engagement", "client list"))
        assert process.wait(20) == 0
    lines = [json.loads(line) for line in replica.log.read_text().splitlines()]
    assert all({"at", "level", "logger", "message", "process"} <= set(line) for line in lines)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_process_whose_database_is_gone_says_so(
    database: Database, postgres_url: str, outside: LocalSlack, tmp_path: Path
) -> None:
    name = database.engine.url.database
    replica = Replica(
        environment_for(database.engine.url.render_as_string(hide_password=False), outside.base_url), tmp_path / "log"
    )
    with running(replica):
        replica.wait_until_ready()
        administer(postgres_url, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        administer(postgres_url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        until(lambda: replica.ask("GET", "/readyz", b"", {})[0] == 503)
        assert replica.ask("GET", "/readyz", b"", {})[1] == "not ready: the database cannot be reached"
        assert "that database takes no connections" in replica.log.read_text()
        assert replica.ask("GET", "/healthz", b"", {})[0] == 200
        administer(postgres_url, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        until(replica.is_ready)


def administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_over_socket_mode_the_side_door_says_that_slack_is_not_connected(
    sqlite_url: str, outside: LocalSlack, tmp_path: Path
) -> None:
    side = Replica({}, tmp_path)
    replica = Replica(environment_for(sqlite_url, outside.base_url), tmp_path / "log")
    more = {"ENGAGEMENT_METRICS": f"127.0.0.1:{side.port}", "SLACK_APP_TOKEN": APP_TOKEN}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outside.socket_url = f"ws://127.0.0.1:{silent.getsockname()[1]}/"
        with running(replica, over_http=False, **more):
            until(lambda: said(side, "/readyz") == (503, b"not ready: Slack is not connected"))
    with SocketModeServer() as server:
        outside.socket_url = server.url
        with running(replica, over_http=False, **more):
            server.wait_until_connected()
            until(side.is_ready)


def said(side: Replica, path: str) -> tuple[int, bytes]:
    with contextlib.suppress(Unanswered):
        return get(side, path)
    return 0, b""


def get(side: Replica, path: str) -> tuple[int, bytes]:
    status, words = side.ask("GET", path, b"", {})
    return status, words.encode()
