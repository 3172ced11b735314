"""`python -m tests.e2e.replicas`: three real replicas on one PostgreSQL under mixed load, killed and started at random.

What counts in the end: every acknowledged write is there exactly once, every answer was right for its moment, every
reminder was sent exactly once, the audit log verifies. `test_replicas.py` runs a short one.
"""

import argparse
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from bot.console.local_slack import TEAM, Channel, LocalSlack, Person
from storage.database import Database
from storage.records import ReminderState
from tests.e2e.replica_door import Balancer, Replica, environment_for
from tests.e2e.replica_load import ADMIN, HELPDESK, VIC, Load, person
from tests.e2e.replica_process import clock_since
from tests.e2e.replica_socket import SocketReplica, exchange
from tests.e2e.storm import postgres_database

PEOPLE = (
    Person(ADMIN, "admin", "Ada Min"),
    Person(VIC, "vic", "Vic Viewer"),
    *(Person(person(number), f"p{number:02d}", f"Person {number}") for number in range(30)),
)
_ERROR = re.compile(r"^\S+ \S+ (ERROR|CRITICAL) ")
_UNSENT = (ReminderState.PENDING, ReminderState.SENDING)
_DONE = (
    "SELECT d.details FROM audit_entry e JOIN audit_detail d ON d.workspace_id = e.workspace_id AND d.seq = e.seq "
    "WHERE e.outcome = 'done'"
)
_KEPT = (
    # One statement may have several versions, each for its days.
    "SELECT DISTINCT clause, coalesce(entered_at, recorded_at), coalesce(entered_by, recorded_by) FROM responsibility",
    "SELECT attested_by FROM disclosure",
    "SELECT reference FROM agreement",
    "SELECT name FROM client",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """`seconds` of load. `blind` takes a cache's version check away."""

    seconds: float = 12.0
    kill_every: float = 2.0
    lease: float = 4.0
    seed: int = 1
    blind: str = ""
    over_http: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings` is what was wrong, in sentences."""

    findings: tuple[str, ...]
    kills: int
    rolled: int
    writes: int
    reads: int
    again: int
    retries: int
    reminders: int
    seconds: float

    def __str__(self) -> str:
        said = "".join(f"\n  {finding}" for finding in self.findings[:20])
        return (
            f"{len(self.findings)} findings; {self.writes} writes acknowledged, {self.reads} answers judged, "
            f"{self.again} delivered again, {self.retries} passed on to another replica, {self.reminders} reminders, "
            f"{self.kills} kills, {self.rolled} restarts, {self.seconds:.0f} s{said}"
        )


def run(url: str, trial: Trial, replicas: int = 3) -> Verdict:
    """On the migrated, empty PostgreSQL database at `url`."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="engagement-replicas-"))
    with LocalSlack(PEOPLE, (Channel(HELPDESK, "helpdesk"),)) as slack, exchange() as (slack.socket_url, lines):
        environment = environment_for(
            url, slack.base_url, ENGAGEMENT_ADMINS=ADMIN, REPLICA_BEGAN=str(time.time()),
            REPLICA_LEASE=str(trial.lease), REPLICA_BLIND=trial.blind,
        )  # fmt: skip
        logs = [folder / f"replica-{number}.log" for number in range(replicas)]
        fleet = [Replica(environment, path) for path in logs]
        if not trial.over_http:
            fleet = [SocketReplica(environment, path, lines=lines) for path in logs]
        load = Load(Balancer(fleet), slack, trial.seed)
        try:
            for replica in fleet:
                replica.start()
            for replica in fleet:
                replica.wait_until_ready()
            load.prepare()
            load.start()
            kills, rolled = _havoc(fleet, trial, load)
            load.stop()
            findings = list(load.findings)
            if not findings:
                for replica in fleet:
                    replica.wait_until_ready()
                findings = _judged(url, fleet, load, trial)
            for replica in fleet:
                replica.signal(signal.SIGTERM)
            for replica in fleet:
                if (code := replica.ended()) != 0:
                    findings.append(f"a replica that was asked to end ended with {code}")
                findings += [f"logged: {line}" for line in replica.log.read_text().splitlines() if _ERROR.search(line)]
        finally:
            load.stop()
            for replica in fleet:
                if replica.process is not None and replica.process.poll() is None:
                    replica.signal(signal.SIGKILL)
                    replica.ended()
    if not findings:
        shutil.rmtree(folder)
    else:
        findings.append(f"the replicas' logs are in {folder}")
    return Verdict(
        tuple(findings), kills, rolled, len(load.acknowledged), load.reads, load.again, load.balancer.retries,
        len(load.papers), time.monotonic() - began,
    )  # fmt: skip


def _havoc(fleet: list[Replica], trial: Trial, load: Load) -> tuple[int, int]:
    """Kill and restart while the load goes on; how many were killed, and how many asked to end. Ends at a finding."""
    luck = random.Random(trial.seed)
    ends = time.monotonic() + trial.seconds
    kills = rolled = 0
    while time.monotonic() < ends:
        if load.waited(luck.uniform(0.5, 1.5) * trial.kill_every, ends):
            break
        standing = [replica for replica in fleet if replica.is_ready()]
        if len(standing) < 2:
            continue
        victim = luck.choice(standing)
        if luck.random() < 0.25:
            victim.signal(signal.SIGTERM)
            rolled += 1
        else:
            victim.signal(signal.SIGKILL)
            kills += 1
        victim.ended()
        victim.start()
    return kills, rolled


def _judged(url: str, fleet: list[Replica], load: Load, trial: Trial) -> list[str]:
    """What is wrong once everything stands still."""
    for replica in fleet:
        for place in load.places:
            load.get(place, replica)
    found = list(load.findings)
    database = Database(url)
    with database.workspaces() as workspaces:
        teams = workspaces.list()
        workspace_id = next(each.id for each in teams if each.slack_id == TEAM)
    if len(teams) != 1:
        found.append(f"there are {len(teams)} workspaces, not one")
    found += _reminders_of(database, workspace_id, load, trial)
    with database.open_unit(workspace_id, writes=False) as uow:
        if (broken := uow.audit.verify()[1]) is not None:
            found.append(f"the audit log breaks: {broken}")
    database.close()
    found += _writes_of(url, load)
    return [*found, *(f"Slack refused: {problem}" for problem in load.slack.problems)]


def _writes_of(url: str, load: Load) -> list[str]:
    """Each acknowledged word is in exactly one entry of the audit log that says it was done, and in one record."""
    engine = create_engine(url)
    with engine.connect() as connection:
        logged: Counter[str] = Counter()
        for (details,) in connection.execute(text(_DONE)):
            logged.update(_words(_asked(json.loads(details))))
        kept: Counter[str] = Counter()
        for statement in _KEPT:
            kept.update(word for (value, *_) in connection.execute(text(statement)) for word in _words(value or ""))
    engine.dispose()
    renamed = {word for word, typed in load.acknowledged.items() if typed.startswith("client edit")}
    return [
        f"{word} ({typed}): {logged[word]} times in the audit log, {kept[word]} times in the records"
        for word, typed in load.acknowledged.items()
        if logged[word] != 1 or (kept[word] != 1 and word not in renamed)
    ]


def _asked(details: dict[str, Any]) -> str:
    """What somebody typed or filled in."""
    return f"{details.get('typed')} {(details.get('form') or {}).get('clause')}"


def _reminders_of(database: Database, workspace_id: int, load: Load, trial: Trial) -> list[str]:
    """Each agreement's overdue reminder is in Slack once, once nothing is due any more."""
    began = float(load.balancer.replicas[0].environment["REPLICA_BEGAN"])
    ends = time.monotonic() + 30 + 3 * trial.lease
    while time.monotonic() < ends:
        with database.open_unit(workspace_id, writes=False) as uow:
            late = [row for row in uow.reminders.coming(clock_since(began)) if row.state in _UNSENT]
        if not late:
            break
        time.sleep(0.2)
    posts = [
        arguments for method, arguments in list(load.slack.calls)
        if method == "chat.postMessage" and "metadata" in arguments
    ]  # fmt: skip
    said = Counter(word for post in posts for word in _words(post["text"]))
    keys = Counter(_key(post) for post in posts)
    return [
        *(f"still waiting: {row.headline} ({row.state.value})" for row in late),
        *(f"the reminder of {word} was sent {said[word]} times" for word in load.papers if said[word] != 1),
        *(f"the message {key} was sent {count} times" for key, count in keys.items() if count > 1),
    ]


def _key(post: dict[str, Any]) -> str:
    metadata = post["metadata"]
    found = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(found["event_payload"]["k"])


def _words(value: str) -> set[str]:
    return set(re.findall(r"\bW\d+\b", value))


def main() -> int:
    """Exit code 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--replicas", type=int, default=3, help="Slack takes ten connections in Socket Mode")
    parser.add_argument("--lease", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blind", choices=("matrices", "directory"), default="", help="to see the test fail")
    chosen = parser.parse_args()
    failed = False
    for number in range(chosen.runs):
        for over_http in (True, False):
            trial = Trial(
                chosen.seconds, lease=chosen.lease, seed=chosen.seed + number, blind=chosen.blind, over_http=over_http
            )
            with postgres_database() as url:
                verdict = run(url, trial, chosen.replicas)
            failed = failed or bool(verdict.findings)
            sys.stdout.write(f"run {number + 1}, {'HTTP' if over_http else 'Socket Mode'}: {verdict}\n")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
