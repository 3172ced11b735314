"""deploy/nginx.conf before three replicas, one of them killed, one drained: whoever asks does not notice."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.console.local_slack import Channel, LocalSlack, Person
from bot.console.payloads import Payloads
from tests.e2e.replica_door import ROOT, Replica, Unanswered, environment_for
from tests.e2e.storm import postgres_database
from tests.postgres_server import NotInstalled

ADMIN, HELPDESK = "U0ADMIN", "C0HELP"
_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_AROUND = """\
daemon off; pid nginx.pid; error_log errors.log;
events {}
http {
    log_format way '$status, from $upstream_addr: $upstream_status';
    access_log access.log way;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include shipped.conf;
}
"""


@dataclass
class Load:
    """Clients with names of their own are added through `front`, each asked for once, until it is stopped."""

    front: Replica
    payloads: Payloads
    answers: dict[str, str] = field(default_factory=dict)
    """What was answered, by the client's name; what went wrong where nothing was."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._add_on) for _ in range(3)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, more: int) -> None:
        """Until so many more were answered."""
        enough, ends = len(self.answers) + more, time.monotonic() + 60
        while len(self.answers) < enough:
            assert time.monotonic() < ends, self.answers
            time.sleep(0.02)

    def _add_on(self) -> None:
        while not self._stopping.is_set():
            name = f"W{next(self._numbers)}"
            try:
                self.answers[name] = self.front.deliver(self._asked(name))
            except (Unanswered, AssertionError) as error:
                self.answers[name] = f"not answered: {error}"

    def _asked(self, name: str) -> dict[str, Any]:
        return self.payloads.slash(ADMIN, HELPDESK, "/engagement", f"client add {name}")


@pytest.mark.skipif(_NGINX is None, reason="nginx is not installed")
def test_nobody_notices_that_a_replica_behind_nginx_is_killed_and_one_drained(tmp_path: Path) -> None:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres_database())
        except NotInstalled as error:
            pytest.skip(str(error))
        slack = stack.enter_context(LocalSlack((Person(ADMIN, "admin", "Ada Min"),), (Channel(HELPDESK, "helpdesk"),)))
        environment = environment_for(
            url, slack.base_url, ENGAGEMENT_ADMINS=ADMIN, REPLICA_BEGAN=str(time.time()), REPLICA_LEASE="3",
            REPLICA_BLIND="",
        )  # fmt: skip
        fleet = [stack.enter_context(_running(environment, tmp_path / f"{number}.log")) for number in range(3)]
        front = stack.enter_context(_nginx(fleet, tmp_path))
        for replica in fleet:
            replica.wait_until_ready()
        with Load(front, Payloads(slack)) as load:
            load.wait_for(20)
            fleet[0].signal(signal.SIGKILL)
            load.wait_for(20)
            fleet[1].signal(signal.SIGTERM)
            assert fleet[1].ended() == 0
            load.wait_for(20)
        assert front.ask("GET", "/readyz", b"", {})[0] == 404, "nothing but Slack's door is for the world"
        kept, done = _kept(url)
    wrong = {name: said for name, said in load.answers.items() if said and f"{name} is recorded" not in said}
    assert wrong == {}
    assert kept == sorted(load.answers)
    assert done == len(kept)
    ways = (tmp_path / "access.log").read_text().splitlines()
    assert [way for way in ways if not way.startswith("200,")] == ["404, from -: -"], "Slack got something but 200"
    assert any(way.endswith(": 502, 200") for way in ways), "nothing was passed on"


def _kept(url: str) -> tuple[list[str], int]:
    """The clients' names, and how often one was added."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM client")).scalars().all()
        done = connection.execute(
            text("SELECT count(*) FROM audit_entry WHERE action = 'client add' AND outcome = 'done'")
        ).scalar_one()
    engine.dispose()
    return sorted(names), done


@contextmanager
def _running(environment: dict[str, str], log: Path) -> Iterator[Replica]:
    replica = Replica(environment, log)
    replica.start()
    try:
        yield replica
    finally:
        replica.signal(signal.SIGKILL)
        replica.ended()


@contextmanager
def _nginx(fleet: list[Replica], folder: Path) -> Iterator[Replica]:
    """nginx as if it were a replica, with the configuration as it is shipped, but for the addresses."""
    assert _NGINX is not None
    front = Replica({}, folder / "nginx.log")
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    for number, replica in enumerate(fleet, start=11):
        shipped = shipped.replace(f"10.0.0.{number}:3000", f"127.0.0.1:{replica.port}")
    shipped = shipped.replace("listen 127.0.0.1:8080", f"listen 127.0.0.1:{front.port}")
    assert not re.search(r"10\.0\.0\.|:8080", shipped)
    (folder / "shipped.conf").write_text(shipped)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + _AROUND)
    front.process = subprocess.Popen([_NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors.log"])
    try:
        yield front
    finally:
        front.signal(signal.SIGTERM)
        front.ended()
