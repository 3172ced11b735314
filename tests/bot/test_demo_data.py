"""The demo's clients: put in through the front path, and as believable as they are said to be."""

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path

import pytest

from bot.console.demo_data import DAYS_TO_NOTICE, seed
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.reply import Reply
from commands.rules.agreements.renewals import standing
from commands.rules.agreements.standing import AgreementStanding
from storage.database import Database
from storage.records import Agreement, AgreementKind, Client, DisclosureAnswer, Party, Responsibility

FULL_MATRICES = ("calder_ridge_sow_a.csv", "bluebird_dental_sow_1.csv")
TODAY = date(2026, 3, 2)


@dataclass
class Demo:
    """A seeded workspace, and what the tests ask of it."""

    database: Database
    dispatcher: Dispatcher
    workspace_id: int
    today: date

    def ask(self, client: str, question: str) -> Reply:
        text = f"{client} {question}"
        return self.dispatcher.run(Request(self.workspace_id, CONSOLE, text, slash="/scope"))

    def client(self, name: str) -> Client:
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            client = uow.clients.find_by_key(name)
        assert client is not None
        return client

    def agreements(self, name: str) -> dict[str, Agreement]:
        client = self.client(name)
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return {agreement.reference: agreement for agreement in uow.agreements.of_client(client.id)}

    def rows(self, name: str, reference: str) -> list[Responsibility]:
        agreement = self.agreements(name)[reference]
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return list(uow.responsibilities.current(agreement.client_id, agreement.id))

    def answers(self, name: str) -> dict[str, DisclosureAnswer]:
        client = self.client(name)
        with self.database.open_unit(self.workspace_id, writes=False) as uow:
            return {each.regulation: each.answer for each in uow.disclosures.current(client.id)}


def seeded(url: str, today: date) -> Demo:
    database = Database(url)
    now = datetime.combine(today, time(18), UTC)
    dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: now)
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Demo").id
    seed(dispatcher, workspace_id, today)
    return Demo(database, dispatcher, workspace_id, today)


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    demo = seeded(f"sqlite:///{path}", TODAY)
    yield demo
    demo.database.close()


def matrix(file: str) -> list[dict[str, str]]:
    text = resources.files("bot.console.demo_data").joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("today", [TODAY, date(2026, 12, 31), date(2027, 8, 31), date(2028, 2, 29)])
def test_deadlines_are_as_near_as_promised_on_any_day(sqlite_url: str, today: date) -> None:
    demo = seeded(sqlite_url, today)
    found = standing(demo.agreements("calder")["MSA-2024"], today)
    assert found.notice_deadline is not None
    assert (found.notice_deadline - today).days == DAYS_TO_NOTICE
    assert standing(demo.agreements("calder")["SOW-A"], today).status is AgreementStanding.ACTIVE
    assert standing(demo.agreements("bluebird")["SOW-1"], today).status is AgreementStanding.ACTIVE
    demo.database.close()


def test_both_clients_have_a_full_matrix_of_their_own(demo: Demo) -> None:
    calder, bluebird = demo.rows("Calder Ridge", "SOW-A"), demo.rows("Bluebird Dental", "SOW-1")
    assert len(calder) == len(matrix(FULL_MATRICES[0])) >= 38
    assert len(bluebird) == len(matrix(FULL_MATRICES[1])) >= 38
    for rows in (calder, bluebird):
        assert {row.party for row in rows} == set(Party)
    shared_names = {row.item for row in calder} & {row.item for row in bluebird}
    assert len(shared_names) <= 2, "two clients with the same paper would show nothing"


@pytest.mark.parametrize("file", [*FULL_MATRICES, "calder_ridge_sow_2023.csv", "bluebird_dental_add_1.csv"])
def test_every_row_could_be_relied_on(file: str) -> None:
    rows = matrix(file)
    assert len({row["Clause"] for row in rows}) == len(rows)
    for row in rows:
        assert row["Clause"], row
        assert row["Category"], row
        assert (row["Responsible"] == "shared") == bool(row["MSP part"] and row["Client part"]), row
        assert (row["Responsible"] == "third party") == bool(row["Third party"]), row


def test_people_channels_and_zones_are_recorded(demo: Demo) -> None:
    calder, bluebird = demo.client("calder"), demo.client("bluebird")
    assert (calder.owner, calder.backup_owner, calder.channels) == ("U0DANA", "U0PRIYA", ("C0CALDER",))
    assert (bluebird.owner, bluebird.channels, bluebird.time_zone) == ("U0PRIYA", ("C0BLUE",), "America/New_York")


def test_the_old_statement_of_work_lapsed(demo: Demo) -> None:
    old = demo.agreements("calder")["SOW-2023"]
    assert old.is_signed
    assert standing(old, demo.today).status is AgreementStanding.LAPSED
    assert len(demo.rows("calder", "SOW-2023")) == 3


def test_the_addendum_is_unsigned_and_disagrees(demo: Demo) -> None:
    agreements = demo.agreements("bluebird")
    assert not agreements["ADD-1"].is_signed
    assert agreements["SOW-1"].is_signed
    signed = {row.item: row.party for row in demo.rows("bluebird", "SOW-1")}
    drafted = {row.item: row.party for row in demo.rows("bluebird", "ADD-1")}
    assert sum(signed.get(item, party) is not party for item, party in drafted.items()) >= 3


def test_what_was_disclosed_and_what_is_missing(demo: Demo) -> None:
    bluebird, calder = demo.answers("bluebird"), demo.answers("calder")
    assert bluebird["hipaa"] is DisclosureAnswer.APPLIES
    assert bluebird["pci_dss"] is DisclosureAnswer.DOES_NOT_APPLY
    assert AgreementKind.BAA not in {agreement.kind for agreement in demo.agreements("bluebird").values()}
    assert calder["pci_dss"] is DisclosureAnswer.APPLIES
    assert {*bluebird.values(), *calder.values()} == set(DisclosureAnswer)


def test_who_explained_what_is_recorded(demo: Demo) -> None:
    with demo.database.open_unit(demo.workspace_id, writes=False) as uow:
        explained = {
            name: {each.agreement_id for each in uow.walkthroughs.of_client(demo.client(name).id)}
            for name in ("calder", "bluebird")
        }
    assert demo.agreements("calder")["SOW-A"].id in explained["calder"]
    assert demo.agreements("bluebird")["SOW-1"].id in explained["bluebird"]
    assert demo.agreements("bluebird")["MSA-1"].id not in explained["bluebird"]


@pytest.mark.parametrize(
    ("client", "question", "verdict", "clause"),
    [
        ("calder", "who patches the servers", "msp", "SOW-A 3.1"),
        ("calder", "who patches the firewall?", "msp", "SOW-A 4.2"),
        ("calder", "who buys laptops", "client", "SOW-A 2.4"),
        ("calder", "who handles MFA", "shared", "SOW-A 6.3"),
        ("calder", "internet is down", "third_party", "SOW-A 4.4"),
        ("calder", "can we do a pen test", "out_of_scope", "SOW-A 6.6"),
        ("calder", "who maintains the phone system", "lapsed", "SOW-2023 2.1"),
        ("calder", "encryption at rest", "undocumented", None),
        ("bluebird", "who patches the servers", "msp", "SOW-1 3.7"),
        ("bluebird", "Dentrix error", "third_party", "SOW-1 3.2"),
        ("bluebird", "HIPAA risk analysis", "client", "SOW-1 7.3"),
    ],
)
def test_answers_what_the_paper_says(demo: Demo, client: str, question: str, verdict: str, clause: str | None) -> None:
    reply = demo.ask(client, question)
    assert reply.verdict is not None
    assert reply.verdict.value == verdict
    assert (reply.evidence.clause if reply.evidence else None) == clause


def test_an_answer_says_that_the_papers_disagree(demo: Demo) -> None:
    reply = demo.ask("bluebird", "backup of Microsoft 365")
    assert reply.verdict is not None
    assert reply.verdict.value == "out_of_scope"
    assert any("disagree" in caution and "ADD-1" in caution for caution in reply.cautions)


def test_what_was_explained_was_explained_before_it_was_signed(demo: Demo) -> None:
    for name in ("calder", "bluebird"):
        signed = {each.id: each.client_signed_on for each in demo.agreements(name).values()}
        with demo.database.open_unit(demo.workspace_id, writes=False) as uow:
            held = {each.agreement_id: each.held_on for each in uow.walkthroughs.of_client(demo.client(name).id)}
        assert held
        for agreement_id, day in held.items():
            client_signed = signed[agreement_id]
            assert client_signed is not None
            assert day < client_signed, name
