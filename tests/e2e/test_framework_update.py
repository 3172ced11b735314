"""From "framework X published version Y" to each responsible manager's reminder, through the real stack."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, Channel, LocalSlack, Person
from bot.jobs.jobs import jobs_for
from bot.jobs.notifier import SlackMessenger
from bot.runtime.wiring import Runtime
from commands.catalog import REGISTRY
from commands.command import Upload
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.reply import Reply
from storage.database import Database
from tests.bot.conftest import settings_for

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
DANA, PRIYA, SAM = "U0DANA", "U0PRIYA", "U0SAM"
PEOPLE = (Person(DANA, "dana", "Dana Ortiz"), Person(PRIYA, "priya", "Priya Nair"), Person(SAM, "sam", "Sam Lee"))
MATRIX = (
    b"Item,Responsible,Clause,Control id\n"
    b"Multi-factor authentication,msp,SOW-A 6.3,PR.AA-03\n"
    b"Restore tests,msp,SOW-A 7.2,PR.DS-11\n"
    b"Copier,client,SOW-A 9.1,\n"
)


def catalogue(version: str, *withdrawn: str) -> bytes:
    controls = [
        {
            "id": id,
            "title": id,
            "props": [{"name": "status", "value": "withdrawn"}] if id in withdrawn else [],
            "parts": [{"name": "statement", "prose": "Do it."}],
        }
        for id in ("PR.AA-03", "PR.DS-11", "GV.OC-01")
    ]
    metadata = {"title": f"NIST Cybersecurity Framework {version}", "version": version, "oscal-version": "1.1.3"}
    return json.dumps({"catalog": {"metadata": metadata, "controls": controls}}).encode()


@dataclass
class Office:
    """The whole bot beside a local Slack, and a clock that the test moves."""

    runtime: Runtime
    slack: LocalSlack
    workspace_id: int

    def type(self, text: str, *uploads: Upload) -> Reply:
        return self.runtime.dispatcher.run(Request(self.workspace_id, CONSOLE, text, uploads=uploads))

    def tick(self) -> None:
        client = WebClient(token=BOT_TOKEN, base_url=self.slack.base_url, timeout=5, retry_handlers=[])
        jobs_for(self.runtime, self.workspace_id, SlackMessenger(client)).round()

    def told(self, marker: str) -> dict[str, list[str]]:
        """What each person was sent that says `marker`, by Slack user."""
        found: dict[str, list[str]] = {}
        for posted in self.slack.posted:
            said = json.dumps(posted.payload, ensure_ascii=False)
            if marker in said:
                found.setdefault(posted.channel, []).append(said)
        return {person.id: found[channel] for person in PEOPLE for channel in found if channel[1:] == person.id[1:]}


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path, clock: list[datetime]) -> Iterator[Office]:
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'office.db')}")
    with LocalSlack(PEOPLE, (Channel("C0HELP", "helpdesk"),)) as slack:
        settings = settings_for(slack, SLACK_SIGNING_SECRET="8f742231b10e8888abcd99yyyzzz85a5")
        dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: clock[0], settings.policy)
        runtime = Runtime(settings, database, dispatcher, lambda: clock[0])
        yield Office(runtime, slack, runtime.workspace_id("T0", "Test"))
        assert slack.problems == []
    database.close()


def set_up(office: Office) -> None:
    paper = "kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen reviewed:2026-07-01"
    office.type(f'client add "Calder Ridge" alias:calder owner:{DANA} zone:America/Chicago')
    office.type(f"agreement add calder SOW-A {paper} owner:{PRIYA}")
    office.type("matrix import calder SOW-A confirm:yes", Upload("matrix.csv", MATRIX))
    office.type(f'client add "Bluebird Dental" alias:bluebird owner:{SAM} zone:America/Chicago')
    office.type(f"agreement add bluebird MSA-1 {paper.replace('sow', 'msa')}")
    office.type(f'client add "Untouched Ltd" alias:untouched owner:{SAM}')
    for client in ("calder", "bluebird", "untouched"):
        for reference in ("SOW-A", "MSA-1"):
            if (client, reference) in (("calder", "SOW-A"), ("bluebird", "MSA-1")):
                office.type(f"walkthrough record {client} {reference} to:Lee")
    office.type("framework adopt calder nist-csf 2.0 agreement:SOW-A")
    office.type("framework adopt bluebird nist-csf 2.0")
    office.type("framework adopt untouched cis 8.1")
    office.type("framework import", Upload("csf-2.0.json", catalogue("2.0")))


def test_each_responsible_manager_is_told_once_what_the_new_version_concerns(
    office: Office, clock: list[datetime]
) -> None:
    set_up(office)
    office.tick()
    assert office.told("Cybersecurity Framework") == {}
    clock[0] = NOW + timedelta(days=1)
    reply = office.type("framework import", Upload("csf-3.0.json", catalogue("3.0", "PR.AA-03")))
    assert (reply.data["compared_with"], reply.data["newly_withdrawn"]) == ("2.0", ["PR.AA-03"])
    assert [each["client"] for each in reply.data["affected"]] == ["Bluebird Dental", "Calder Ridge"]
    calder = reply.data["affected"][1]
    assert calder["agreements"] == ["SOW-A"]
    assert calder["rows"] == ["Multi-factor authentication", "Restore tests"]
    assert calder["changed_rows"] == ["Multi-factor authentication"]
    for hours in (0, 4, 24, 48):
        clock[0] = NOW + timedelta(days=1, hours=hours)
        office.tick()
    told = office.told("Framework 3.0 is published")
    assert sorted(told) == sorted([PRIYA, SAM])
    [to_priya], [to_sam] = told[PRIYA], told[SAM]
    for words in ("Calder Ridge", "SOW-A", "measured by 2.0", "Multi-factor authentication", "Restore tests"):
        assert words in to_priya
    assert "Copier" not in to_priya
    assert "Bluebird Dental" in to_sam
    assert "Untouched" not in to_sam


def test_adopting_the_new_version_ends_it(office: Office, clock: list[datetime]) -> None:
    set_up(office)
    office.type("framework import", Upload("csf-3.0.json", catalogue("3.0")))
    office.type("framework adopt calder nist-csf 3.0 agreement:SOW-A")
    office.type("framework review bluebird nist-csf")
    clock[0] = NOW + timedelta(days=1)
    office.tick()
    assert office.told("Framework 3.0 is published") == {}
