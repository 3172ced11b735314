"""Every kind of record that is closed and never overwritten: what was known when, in which order, and its trail."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, get_type_hints

import pytest

from storage.database import Database
from storage.errors import StaleRecord
from storage.records import Agreement, Client, ClientStatus, Decision, DecisionChoice, ScopeQuestion
from storage.repositories.disclosures import Disclosures
from storage.repositories.responsibilities import Responsibilities
from storage.repositories.versioned import VersionedRepository
from storage.tables import ScopeQuestionRow
from storage.unit_of_work import UnitOfWork
from tests.leaks.canaries import row

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
KINDS: tuple[Any, ...] = (*VersionedRepository.__subclasses__(), Responsibilities, Disclosures)
ATTRIBUTES = {
    get_type_hints(each.func)["return"]: name
    for name, each in vars(UnitOfWork).items()
    if isinstance(each, cached_property)
}


class Office:
    """One workspace with a client and an agreement; `noun` makes records of a kind."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.workspaces() as workspaces:
            self.workspace_id = workspaces.add("Test").id
        with self.unit() as uow:
            self.client_id = uow.clients.add(Client(name="Calder Ridge")).id
            self.agreement = uow.agreements.add(Agreement(client_id=self.client_id, reference="SOW-A"), at=NOW)

    def unit(self) -> UnitOfWork:
        return self.database.open_unit(self.workspace_id)

    def noun(self, kind: Any, token: str = "a", at: datetime = NOW, **changes: Any) -> Any:
        made = row(kind.row, token, self.client_id, self.agreement.id)
        values = {name: getattr(made, name) for name in kind.noun.model_fields}
        values |= {"id": 0, "client_id": self.client_id, "recorded_at": at} | changes
        return kind.noun.model_construct(set(values), **values)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def record(uow: UnitOfWork, kind: Any, noun: Any) -> Any:
    repository = repository_of(uow, kind)
    return repository.record([noun])[0] if kind is Responsibilities else repository.record(noun)


def repository_of(uow: UnitOfWork, kind: Any) -> Any:
    return getattr(uow, ATTRIBUTES[kind])


def test_each_version_is_known_from_the_instant_it_was_recorded_until_it_gave_way(office: Office) -> None:
    for kind in KINDS:
        with office.unit() as uow:
            first = record(uow, kind, office.noun(kind))
        with office.unit() as uow:
            repository_of(uow, kind).supersede(first, at=LATER, by="U0DANA")
            second = record(uow, kind, office.noun(kind, at=LATER))
        with office.unit() as uow:
            known = repository_of(uow, kind)
            expected = {NOW - MOMENT: [], NOW: [first.id], LATER - MOMENT: [first.id], LATER: [second.id]}
            found = {at: [each.id for each in known.as_known(office.client_id, at)] for at in expected}
            assert found == expected, kind
            assert [each.id for each in known.current(office.client_id)] == [second.id], kind
            assert [each.id for each in known.history(office.client_id)] == [first.id, second.id], kind


def test_nothing_gives_way_twice(office: Office) -> None:
    for kind in KINDS:
        with office.unit() as uow:
            first = record(uow, kind, office.noun(kind))
            repository_of(uow, kind).supersede(first, at=NOW, by="U0DANA")
        with pytest.raises(StaleRecord), office.unit() as uow:
            repository_of(uow, kind).supersede(first, at=LATER, by="U0SAM")


def test_what_is_recorded_and_what_gives_way_leaves_its_trail(office: Office) -> None:
    for kind in KINDS:
        with office.unit() as uow:
            first = record(uow, kind, office.noun(kind))
            repository_of(uow, kind).supersede(first, at=LATER, by="U0DANA")
            subject = f"{kind.row.__tablename__}:{first.id}"
            assert [each["subject"] for each in uow.changes] == [subject, subject], kind
            assert uow.changes[0]["before"] is None
            assert uow.changes[1]["after"]["superseded_by"] == "U0DANA", kind


def test_several_come_in_the_order_in_which_they_were_recorded(office: Office) -> None:
    """Also on PostgreSQL, which puts a row that was changed after the others. Disclosures come by regulation."""
    for kind in KINDS:
        is_named = kind is Disclosures
        with office.unit() as uow:
            nouns = [office.noun(kind, **({"regulation": name} if is_named else {})) for name in ("c", "a", "b")]
            ids = [record(uow, kind, noun).id for noun in nouns]
            uow.connection.exec_driver_sql(
                f"UPDATE {kind.row.__tablename__} SET superseded_by = NULL WHERE id = {ids[0]}"
            )
        with office.unit() as uow:
            known = repository_of(uow, kind)
            assert [each.id for each in known.history(office.client_id)] == ids, kind
            for found in (known.current(office.client_id), known.as_known(office.client_id, NOW)):
                assert [each.id for each in found] == ([ids[1], ids[2], ids[0]] if is_named else ids), kind


def test_what_concerns_every_client_is_in_the_same_order(office: Office) -> None:
    for kind in VersionedRepository.__subclasses__():
        with office.unit() as uow:
            known = repository_of(uow, kind)
            ids = [record(uow, kind, office.noun(kind, client_id=whose)).id for whose in (None, office.client_id, None)]
            assert [each.id for each in known.current(office.client_id, with_general=True)] == ids, kind
            assert [each.id for each in known.general()] == [ids[0], ids[2]], kind
            assert [each.id for each in known.current()] == ids, kind
            assert [each.id for each in known.current(office.client_id)] == [ids[1]], kind


def test_rows_come_in_the_order_of_the_paper(office: Office) -> None:
    with office.unit() as uow:
        nouns = [office.noun(Responsibilities, position=place, item=f"Row {place}") for place in (3, 1, 2)]
        uow.responsibilities.record(nouns)
        for found in (
            uow.responsibilities.current(office.client_id),
            uow.responsibilities.as_known(office.client_id, NOW),
        ):
            assert [each.position for each in found] == [1, 2, 3]


def test_an_agreement_is_known_as_it_was_recorded_at_each_instant(office: Office) -> None:
    first = office.agreement
    for number, at in enumerate((LATER, LATER + timedelta(days=1)), start=1):
        with office.unit() as uow:
            known = uow.agreements.find(first.id)
            assert known is not None
            uow.agreements.save(known.changed(title=f"Version {number}"), at=at)
    expected = {
        NOW - MOMENT: None, NOW: first.title, LATER - MOMENT: first.title, LATER: "Version 1",
        LATER + timedelta(days=1) - MOMENT: "Version 1", LATER + timedelta(days=1): "Version 2",
    }  # fmt: skip
    with office.unit() as uow:
        for at, title in expected.items():
            found = uow.agreements.as_known(first.id, at)
            assert (found.title if found else None) == title, at
            of_client = uow.agreements.of_client_as_known(office.client_id, at)
            assert [each.title for each in of_client] == ([] if found is None else [title]), at
        ends = uow.connection.exec_driver_sql("SELECT version, superseded_at FROM agreement_version ORDER BY version")
        found_ends = [each[1] for each in ends]
        assert (len(set(found_ends)), found_ends[-1]) == (3, None), "each version ends once, when the next one begins"
        assert [version.title for _, version in uow.agreements.versions(first.id)] == [
            first.title, "Version 1", "Version 2",
        ]  # fmt: skip


def test_a_decision_is_taken_back_once_and_leaves_its_trail(office: Office) -> None:
    made = [
        Decision(
            agreement_id=office.agreement.id, agreement_version=0, term_end=NOW.date(), decided=choice, reason="price",
            decided_by="U0DANA", decided_at=NOW,
        )
        for choice in (DecisionChoice.RENEW, DecisionChoice.ROLLED_OVER, DecisionChoice.LET_LAPSE)
    ]  # fmt: skip
    with office.unit() as uow:
        first, rolled_over, last = (uow.decisions.record(each) for each in made)
        found = uow.decisions.find_roll_over(office.agreement.id, NOW.date())
        assert found is not None
        assert found.id == rolled_over.id
        assert uow.decisions.find_roll_over(office.agreement.id, LATER.date()) is None
    with office.unit() as uow:
        uow.decisions.retract(last, at=LATER, by="U0DANA", reason="mistaken")
        [change] = uow.changes
        assert (change["subject"], change["after"]["retracted_by"]) == (f"decision:{last.id}", "U0DANA")
    with office.unit() as uow:
        ids = [each.id for each in uow.decisions.of_client(office.client_id)]
        assert ids == [first.id, rolled_over.id, last.id]
    with pytest.raises(StaleRecord), office.unit() as uow:
        uow.decisions.retract(last, at=LATER, by="U0SAM", reason="mistaken")


def test_lists_of_clients_and_agreements(office: Office) -> None:
    """Clients by name, without those that are retired or became part of another; agreements by client, then by age."""
    with office.unit() as uow:
        other = uow.clients.add(Client(name="Bluebird"))
        uow.clients.add(Client(name="Acme", status=ClientStatus.OFFBOARDED, offboarded_on=NOW.date()))
        uow.clients.add(Client(name="Ancient", merged_into=other.id))
        for client_id, reference in ((other.id, "MSA"), (office.client_id, "SOW-B")):
            uow.agreements.add(Agreement(client_id=client_id, reference=reference), at=NOW)
    with office.unit() as uow:
        assert [each.name for each in uow.clients.list()] == ["Bluebird", "Calder Ridge"]
        assert [each.name for each in uow.clients.list(offboarded=True)] == ["Acme", "Bluebird", "Calder Ridge"]
        assert [each.reference for each in uow.agreements.list()] == ["SOW-A", "SOW-B", "MSA"]


def test_a_client_is_found_by_every_name_it_ever_had(office: Office) -> None:
    with office.unit() as uow:
        client = uow.clients.find(office.client_id)
        assert client is not None
        uow.clients.save(
            client.changed(name="Calder", aliases=("CR",), former_names=("Calder Ridge",), channels=("C1",))
        )
        for number in range(8):
            uow.clients.add(Client(name=f"Calder {number}"))
    with office.unit() as uow:
        found = [uow.clients.find_by_key(name) for name in ("calder", "cr", "CALDER  RIDGE", "calder 1")]
        assert [each.id if each else None for each in found[:3]] == [office.client_id] * 3
        assert found[3] is not None
        assert found[3].id != office.client_id
        assert (uow.clients.for_channel("C1") or found[3]).id == office.client_id
        assert len(uow.clients.starting_with("cald")) == 6
    with office.unit() as uow:
        client = uow.clients.find(office.client_id)
        assert client is not None
        uow.clients.save(client.changed(former_names=(), aliases=(), channels=()))
        assert uow.clients.find_by_key("cr") is None
        assert uow.clients.for_channel("C1") is None


def test_questions_are_paged_newest_first_without_a_gap_or_a_double(office: Office) -> None:
    with office.unit() as uow:
        made = row(ScopeQuestionRow, "q", office.client_id, office.agreement.id)
        values = {name: getattr(made, name) for name in ScopeQuestion.model_fields} | {"id": 0}
        ids = [uow.questions.record(ScopeQuestion.model_construct(set(values), **values)).id for _ in range(7)]
    with office.unit() as uow:
        pages: list[int] = []
        before: int | None = None
        for _ in range(4):
            pages += [each.id for each in uow.questions.history(office.client_id, 3, before)]
            before = pages[-1]
    assert pages == ids[::-1]
