"""Erasing at its edges: channels, clients that became part of it, entries about others, and more than fit at once."""

import pytest

from storage.database import Database
from storage.records import Client, Outcome
from tests.conftest import NOW


@pytest.fixture
def home(database: Database) -> int:
    with database.workspaces() as workspaces:
        return workspaces.add("Test").id


def details(database: Database, home: int) -> list[int]:
    """The numbers of the entries that still have their words."""
    with database.open_unit(home, writes=False) as uow:
        return sorted(entry.seq for entry, words in uow.audit.newest(2000) if words is not None)


def test_nothing_leads_to_an_erased_client_any_more(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        kept = uow.clients.add(Client(name="Bluebird", channels=("C2",)))
        gone = uow.clients.add(Client(name="Calder Ridge", aliases=("CR",), channels=("C1",)))
        part = uow.clients.add(Client(name="Calder East", merged_into=gone.id))
    with database.open_unit(home) as uow:
        uow.erasure.client(gone.id, ("Calder Ridge",))
    with database.open_unit(home, writes=False) as uow:
        assert [uow.clients.find_by_key(name) for name in ("calder ridge", "cr")] == [None, None]
        assert uow.clients.for_channel("C1") is None
        assert (uow.clients.for_channel("C2") or gone).id == kept.id
        names = {each.id: each.name for each in (uow.clients.find(id) for id in (gone.id, part.id)) if each}
        assert names == {gone.id: f"Erased client {gone.id}", part.id: f"Erased client {part.id}"}


def test_the_words_of_entries_go_where_they_are_about_it_or_name_it(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        ours, held, other = (uow.clients.add(Client(name=name)).id for name in ("Calder", "Held", "Other"))
        told: list[tuple[dict[str, str], tuple[int, ...]]] = [
            ({"typed": "x"}, (ours,)),
            ({"typed": "x"}, (other,)),
            ({"typed": "ask CALDER who"}, ()),  # it is named, whoever it is about
            ({"typed": "x"}, (ours, held)),  # a hold keeps what is about it, too
            ({"typed": "calder"}, (held,)),
            ({"typed": "x"}, ()),
        ]
        for words, about in told:
            uow.audit.append(at=NOW, actor="U1", action="x", outcome=Outcome.DONE, details=words, about=about)
    with database.open_unit(home) as uow:
        assert uow.erasure.client(ours, ("Calder",), (held,)) == 2
    assert details(database, home) == [2, 4, 5, 6]
    with database.open_unit(home, writes=False) as uow:
        assert uow.audit.verify() == (6, None)


def test_more_entries_than_fit_into_one_statement_lose_their_words(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        ours = uow.clients.add(Client(name="Calder")).id
        for _ in range(502):
            uow.audit.append(at=NOW, actor="U1", action="x", outcome=Outcome.DONE, details={}, about=(ours,))
    with database.open_unit(home) as uow:
        assert uow.erasure.client(ours, ("Calder",)) == 502
    assert details(database, home) == []


@pytest.mark.parametrize("is_held", [False, True])
def test_the_words_of_entries_go_up_to_the_last_day_and_with_it(database: Database, home: int, is_held: bool) -> None:
    with database.open_unit(home) as uow:
        ours, held = (uow.clients.add(Client(name=name)).id for name in ("Calder", "Held"))
        for about in ((ours,), (ours,), (held,), (ours,)):
            uow.audit.append(at=NOW, actor="U1", action="x", outcome=Outcome.DONE, details={}, about=about)
    with database.open_unit(home) as uow:
        assert uow.erasure.details_before(3, (held,) if is_held else ()) == (2 if is_held else 3)
    assert details(database, home) == ([3, 4] if is_held else [4])
