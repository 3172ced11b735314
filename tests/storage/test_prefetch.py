"""What is read for many clients at once is what each would have been told alone: also for whoever sees only some."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.engine.prefetch import AT_ONCE
from storage.records import (
    AccessGrant,
    AccessLevel,
    Adoption,
    Agreement,
    CheckResult,
    Client,
    Decision,
    DecisionChoice,
    Disclosure,
    DisclosureAnswer,
    Party,
    QuestionStatus,
    Responsibility,
    ScopeQuestion,
    Verdict,
    Visibility,
    Walkthrough,
)
from storage.records.phrase import LearnedPhrase
from storage.unit_of_work import UnitOfWork
from tests.prepared import prepared

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = NOW.date()
STAMP: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "U0DANA"}
CLIENTS = 2 * AT_ONCE + 7
REGULATIONS = ("pci-dss", "hipaa", "Zeta", "ccpa", "gdpr_uk", "GLBA")

# Whatever check, home tab and planning ask about one client.
ASKED: dict[str, Callable[[UnitOfWork, int], Any]] = {
    "agreements": lambda uow, id: uow.agreements.of_client(id),
    "first recorded": lambda uow, id: uow.agreements.first_recorded(id),
    "rows": lambda uow, id: uow.responsibilities.current(id),
    "walkthroughs": lambda uow, id: uow.walkthroughs.of_client(id),
    "decisions": lambda uow, id: uow.decisions.of_client(id),
    "disclosures": lambda uow, id: uow.disclosures.current(id),
    "questions": lambda uow, id: uow.questions.open(id),
    "access": lambda uow, id: uow.access.current(id),
    "promises": lambda uow, id: uow.promises.current(id),
    "topics": lambda uow, id: uow.topics.current(id),
    "recommendations": lambda uow, id: uow.recommendations.current(id),
    "insurance": lambda uow, id: uow.insurance.current(id),
    "adoptions": lambda uow, id: uow.adoptions.current(id),
    "questionnaires": lambda uow, id: uow.questionnaires.current(id),
    "phrases": lambda uow, id: uow.phrases.known(id),
    "check": lambda uow, id: uow.checks.newest(id),
    "visibility": lambda uow, id: uow.visibilities.of_client(id),
    "reminders": lambda uow, id: uow.reminders.of_client(id),
}


@pytest.fixture
def tenant(database: Database) -> int:
    """A workspace whose clients differ, beside another one that has the like."""
    prepared(database, "two workspaces", lambda: _fill_both(database))
    with database.workspaces() as workspaces:
        return workspaces.for_slack("T1", "Test").id


def _fill_both(database: Database) -> None:
    for team in ("T2", "T1"):
        with database.workspaces() as workspaces:
            found = workspaces.for_slack(team, "Test").id
        with database.open_unit(found) as uow:
            _fill(uow, random.Random(team))


def _fill(uow: UnitOfWork, chance: random.Random) -> None:
    names = [f"Client {number}" for number in range(CLIENTS)]
    chance.shuffle(names)
    for name in names:
        client = uow.clients.add(Client(name=name))
        papers = [
            uow.agreements.add(Agreement(client_id=client.id, reference=f"SOW-{at}"), at=NOW + timedelta(days=at))
            for at in range(chance.randrange(4))
        ]
        for paper in papers:
            _papers(uow, client, paper, chance)
        for at in range(chance.randrange(3)):
            access = AccessGrant(
                client_id=client.id, system=f"S{at}", level=AccessLevel.VIEW, data="PHI", granted_on=TODAY, **STAMP
            )
            uow.access.record(access)
            uow.adoptions.record(
                Adoption(client_id=client.id, family="nist-csf", edition=f"{at}.0", adopted_on=TODAY, **STAMP)
            )
            uow.checks.record(
                CheckResult(client_id=client.id, checked_at=NOW, checked_by="U1", findings=(f"{name} {at}",))
            )
            phrase = LearnedPhrase(
                client_id=client.id, phrase=f"box {at}", item="Server", learned_at=NOW, learned_by="U1"
            )
            uow.phrases.learn(phrase)
            question = ScopeQuestion(
                client_id=client.id, question=f"{name} {at}?", asked_by="U1", asked_at=NOW, as_of=TODAY,
                verdict=Verdict.UNDOCUMENTED, status=chance.choice([QuestionStatus.OPEN, QuestionStatus.DISMISSED]),
            )  # fmt: skip
            uow.questions.record(question)
        for regulation in chance.sample(REGULATIONS, chance.randrange(len(REGULATIONS))):
            uow.disclosures.record(
                Disclosure(
                    client_id=client.id,
                    regulation=regulation,
                    answer=DisclosureAnswer.APPLIES,
                    asked_on=TODAY,
                    asked_by="U1",
                    effective_from=TODAY,
                    **STAMP,
                )
            )


def _papers(uow: UnitOfWork, client: Client, paper: Agreement, chance: random.Random) -> None:
    rows = [
        Responsibility(
            client_id=client.id, agreement_id=paper.id, item=f"Item {at}", party=chance.choice(list(Party)),
            position=chance.randrange(100), **STAMP,
        )
        for at in range(chance.randrange(4))
    ]  # fmt: skip
    for row in uow.responsibilities.record(rows)[:1]:
        uow.responsibilities.supersede(row, at=NOW, by="U1")
    for _ in range(chance.randrange(3)):
        held = date(2026, 1, 1 + chance.randrange(20))
        uow.walkthroughs.record(
            Walkthrough(agreement_id=paper.id, held_on=held, explained_by="U1", explained_to="Lee", **STAMP)
        )
        decided = Decision(
            agreement_id=paper.id,
            agreement_version=0,
            decided=DecisionChoice.RENEW,
            reason="so",
            decided_by="U1",
            decided_at=NOW,
        )
        uow.decisions.record(decided)


def _alone(uow: UnitOfWork, clients: Sequence[Client]) -> dict[str, Any]:
    return {f"{name} of {client.id}": ask(uow, client.id) for client in clients for name, ask in ASKED.items()}


def _in_turn(uow: UnitOfWork, clients: Sequence[Client]) -> dict[str, Any]:
    return {
        f"{name} of {client.id}": ask(uow, client.id)
        for client in uow.prefetching(clients)
        for name, ask in ASKED.items()
    }  # fmt: skip


@pytest.mark.parametrize("seen_by", ["all", "all but some", "some only"])
def test_prefetch_gives_the_same_answers(database: Database, tenant: int, seen_by: str) -> None:
    with database.open_unit(tenant, writes=False) as uow:
        everybody = uow.clients.list()
        ids = [client.id for client in everybody]
        some = frozenset(ids[::3])
        if seen_by != "all":
            uow.conceal(some if seen_by == "all but some" else frozenset(), some if seen_by == "some only" else None)
        told = _in_turn(uow, everybody)
        about = uow.about
        assert told == _alone(uow, everybody)
        assert any(told[f"rows of {id}"] for id in ids)
        shown = {"all": set(ids), "all but some": set(ids) - some, "some only": set(some)}[seen_by]
        assert about <= shown | {0}
        assert len(uow.clients.list()) == len(shown)


def test_nothing_that_was_read_where_it_may_be_is_told_where_it_may_not(database: Database, tenant: int) -> None:
    with database.open_unit(tenant, writes=False) as uow:
        clients = uow.clients.list()
        known = next(each for each in clients if uow.agreements.of_client(each.id) and uow.disclosures.current(each.id))
        for client in uow.prefetching([known, *(each for each in clients if each.id != known.id)]):
            assert uow.agreements.of_client(client.id)
            assert uow.disclosures.current(client.id)
            uow.conceal(frozenset({client.id}))
            assert not uow.agreements.of_client(client.id)
            assert not uow.disclosures.current(client.id)
            with uow.revealed():
                assert uow.agreements.of_client(client.id)
                assert uow.disclosures.current(client.id)
            break


def test_only_those_that_were_asked_about_are_noted_as_read(database: Database, tenant: int) -> None:
    with database.open_unit(tenant, writes=False) as uow:
        clients = uow.clients.list()
        uow.conceal(frozenset())
        first, *_ = [each for each in uow.prefetching(clients) if each.id == clients[0].id and _alone(uow, [each])]
        assert uow.about <= {first.id}


def test_a_change_in_between_is_seen(database: Database, tenant: int) -> None:
    with database.open_unit(tenant) as uow:
        clients = uow.clients.list()
        for client in uow.prefetching(clients[:3]):
            before = len(uow.agreements.of_client(client.id))
            paper = uow.agreements.add(Agreement(client_id=client.id, reference="NEW"), at=NOW)
            assert len(uow.agreements.of_client(client.id)) == before + 1
            assert uow.agreements.first_recorded(client.id)[paper.id] == NOW
            _papers(uow, client, paper, random.Random(3))
            for each in uow.disclosures.current(client.id):
                uow.disclosures.supersede(each, at=NOW, by="U1")
            assert not uow.disclosures.current(client.id)
            visibility = uow.visibilities.set(
                Visibility(client_id=client.id, is_restricted=True, set_by="U1", set_at=NOW)
            )
            assert uow.visibilities.of_client(client.id) == visibility
        told = _in_turn(uow, clients)
        assert told == _alone(uow, clients)
