"""Several processes at one port: restarted when they die, drained together, gone with their parent."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.console.local_slack import Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from storage.database import Database
from tests.e2e.replica_door import Replica, Unanswered, environment_for

SAM, HELPDESK = "U0SAM", "C0HELP"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack((Person(SAM, "sam", "Sam Lee"),), (Channel(HELPDESK, "helpdesk"),)) as running:
        yield running


@pytest.fixture
def replica(database: Database, slack: LocalSlack, tmp_path: Path) -> Replica:
    """Ports and surroundings; nothing runs yet."""
    url = database.engine.url.render_as_string(hide_password=False)
    return Replica(environment_for(url, slack.base_url), tmp_path / "log")


@contextmanager
def running(replica: Replica, *options: str, over_http: bool = True, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    door = ("--http", f"127.0.0.1:{replica.port}") if over_http else ()
    command = [sys.executable, "-m", "bot", "run", *door, *options]
    with (
        replica.log.open("ab") as log,
        subprocess.Popen(command, env=replica.environment | more, cwd=replica.log.parent, stdout=log, stderr=log) as it,
    ):
        replica.process = it
        try:
            yield it
        finally:
            it.kill()
            sys.stderr.write(replica.log.read_text())  # pytest shows it when the test fails


def until(what: Callable[[], object], seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it does not come about"
        time.sleep(0.05)


def processes(replica: Replica) -> list[int]:
    """The workers that were started, in order."""
    return [int(found) for found in re.findall(r"worker \d runs as process (\d+)", replica.log.read_text())]


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def worker_at(port: int, replica: Replica) -> int:
    text = Replica(replica.environment, replica.log, port).ask("GET", "/metrics", b"", {})[1]
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return int(families["engagement_worker"].samples[0].value)


def free_pair() -> int:
    """A port that is free with the one after it."""
    while True:
        first = Replica({}, Path()).port
        try:
            Replica({}, Path(), first + 1).ask("GET", "/", b"", {}, seconds=1)
        except Unanswered:
            return first


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_workers_share_a_port_are_restarted_and_end_together(replica: Replica, slack: LocalSlack) -> None:
    payloads, metrics = Payloads(slack), free_pair()
    with running(replica, "--workers", "2", ENGAGEMENT_METRICS=f"127.0.0.1:{metrics}") as parent:
        replica.wait_until_ready()
        until(lambda: replica.log.read_text().count("listening on") == 2)
        assert [worker_at(metrics, replica), worker_at(metrics + 1, replica)] == [1, 2]
        first, second = processes(replica)
        os.kill(first, signal.SIGKILL)
        until(lambda: replica.log.read_text().count("listening on") == 3)
        assert "worker 1 ended with 137" in replica.log.read_text()
        assert processes(replica)[2] not in (first, second)
        assert worker_at(metrics, replica) == 1
        for _ in range(10):
            assert "There are no clients yet." in replica.deliver(
                payloads.slash(SAM, HELPDESK, "/engagement", "client list")
            )
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(30) == 0
        assert not any(map(is_there, processes(replica)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_workers_end_when_their_parent_is_killed(replica: Replica) -> None:
    with running(replica, "--workers", "2") as parent:
        until(lambda: replica.log.exists() and replica.log.read_text().count("listening on") == 2)
        parent.kill()
        until(lambda: not any(map(is_there, processes(replica))))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_workers_that_cannot_start_end_with_the_reason(replica: Replica, slack: LocalSlack) -> None:
    slack.failures["auth.test"] = ["invalid_auth"] * 10
    with running(replica, "--workers", "2") as parent:
        assert parent.wait(30) == 3
    assert "(invalid_auth)" in replica.log.read_text()
    assert not any(map(is_there, processes(replica)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_has_one_process(replica: Replica) -> None:
    with running(replica, "--workers", "2") as parent:
        assert parent.wait(30) == 2
    assert "--workers: SQLite is for one process" in replica.log.read_text()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_second_parent_at_the_same_port_is_refused(replica: Replica) -> None:
    with running(replica, "--workers", "2"):
        replica.wait_until_ready()
        second = Replica(replica.environment, replica.log.with_name("second"), replica.port)
        with running(second, "--workers", "2") as parent:
            assert parent.wait(30) == 2
        assert "Address already in use" in second.log.read_text()
