"""The demo's clients show believable findings, and mending them by the suggested commands empties the list."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.console.demo_data import seed
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import UsageError
from commands.reply import Reply
from storage.database import Database
from tests.bot.test_demo_data import TODAY
from tests.proposals import filled

_ROUNDS = 12


class DemoDesk:
    def __init__(self, database: Database) -> None:
        self.database = database
        now = datetime.combine(TODAY, time(18), UTC)
        self.dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: now)
        with database.workspaces() as workspaces:
            self.workspace_id = workspaces.add("Demo").id
        seed(self.dispatcher, self.workspace_id, TODAY)

    def type(self, text: str) -> Reply:
        line = text.removeprefix("/engagement ")
        return self.dispatcher.run(Request(self.workspace_id, CONSOLE, line, is_confirmed=True))

    def mend(self, command: str, reason: str) -> None:
        """As it stands the command is refused, unless it only looks; with its blanks filled in it is accepted."""
        if command.startswith("/engagement agreement show"):
            self.type(command)
            return
        with pytest.raises(UsageError, match="still a blank"):
            self.type(command)
        self.type(filled(command, TODAY, reason))


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    path = tmp_path_factory.mktemp("check") / "demo.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield DemoDesk(database)
    database.close()


@pytest.fixture(scope="module")
def first(desk: DemoDesk) -> dict[str, dict[str, object]]:
    return {name: dict(desk.type(f"check {name}").data) for name in ("calder", "bluebird")}


@pytest.mark.parametrize(
    ("client", "rule", "subject"),
    [
        ("calder", "agreement_lapsed", "SOW-2023"),
        ("calder", "agreement_notice", "MSA-2024"),
        ("calder", "promise_overdue", "Test a restore and send the report to the plant manager"),
        ("calder", "promise_wording", "We guarantee an answer within 15 minutes"),
        ("calder", "care_outdated", "nist-csf:SOW-A"),
        ("calder", "topic_missing", "MSA-2024:regulatory_responsibility"),
        ("calder", "access_incomplete", "File server"),
        ("calder", "insurance_incomplete", "MFA for mail and remote access"),
        ("calder", "disclosure_reask", "cyber_insurance"),
        ("calder", "matrix_gray_area", "Encryption at rest"),
        ("bluebird", "regulation_agreement", "hipaa:baa"),
        ("bluebird", "agreement_unsigned", "ADD-1"),
        ("bluebird", "agreement_unexplained", "MSA-1"),
        ("bluebird", "topic_missing", "MSA-1:assumption_of_risk"),
        ("bluebird", "access_review", "Dentrix"),
        ("bluebird", "recommendation_reoffer", "Backup of Microsoft 365"),
    ],
)
def test_believable_findings(first: dict[str, dict[str, object]], client: str, rule: str, subject: str) -> None:
    findings = first[client]["findings"]
    assert isinstance(findings, list)
    assert (rule, subject) in [(each["rule"], each["subject"]) for each in findings]


def test_the_missing_baa_comes_first(first: dict[str, dict[str, object]]) -> None:
    findings = first["bluebird"]["findings"]
    assert isinstance(findings, list)
    assert (findings[0]["severity"], findings[0]["rule"]) == ("critical", "regulation_agreement")


def test_what_is_promised_to_everybody_is_said_once(desk: DemoDesk) -> None:
    [general] = desk.type("check all").data["everybody"]
    assert (general["rule"], general["subject"]) == ("promise_wording", "Your business is fully secure with us")


@pytest.mark.parametrize("client", ["calder", "bluebird"])
def test_mending_by_the_suggested_commands_empties_the_list(
    desk: DemoDesk, first: dict[str, dict[str, object]], client: str
) -> None:
    seen: set[str] = set()
    for _ in range(_ROUNDS):
        findings = desk.type(f"check {client}").data["findings"]
        if not findings:
            break
        for finding in findings:
            seen.add(finding["id"])
            desk.mend(finding["command"], finding["reason"])
    left = desk.type(f"check {client}").data["findings"]
    assert all(each["reason"].endswith("later than it should have been.") for each in left), "what is past stays"
    earlier = first[client]["findings"]
    assert isinstance(earlier, list)
    assert seen >= {each["id"] for each in earlier}
