"""Deliveries: each is claimed once, again only after its time, and forgotten when it is old."""

from datetime import timedelta

import pytest

from storage.database import Database
from tests.conftest import NOW

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def home(database: Database) -> int:
    with database.workspaces() as workspaces:
        return workspaces.add("Test").id


def test_a_delivery_is_claimed_again_only_where_it_was_claimed_before_the_given_instant(
    database: Database, home: int
) -> None:
    with database.open_unit(home) as uow:
        assert uow.inbox.claim("k", NOW)
        assert not uow.inbox.claim("k", NOW)
        later = NOW + timedelta(minutes=1)
        assert not uow.inbox.claim("k", later, again_before=NOW)
        assert uow.inbox.claim("k", later, again_before=NOW + MOMENT)
        assert not uow.inbox.claim("k", later, again_before=later), "it counts from the newer claim"
        assert uow.inbox.claim("other", NOW)


def test_what_is_released_can_be_claimed_and_the_rest_stays(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        uow.inbox.claim("a", NOW)
        uow.inbox.claim("b", NOW)
        uow.inbox.release("a")
        assert (uow.inbox.has("a"), uow.inbox.has("b")) == (False, True)
        assert uow.inbox.claim("a", NOW)


def test_only_what_is_old_is_forgotten(database: Database, home: int) -> None:
    with database.open_unit(home) as uow:
        for number in range(3):
            uow.inbox.claim(f"{number}", NOW + timedelta(days=number))
        assert uow.inbox.forget(NOW + timedelta(days=1)) == 1
        assert [uow.inbox.has(f"{number}") for number in range(3)] == [False, True, True]


def test_another_workspace_has_deliveries_of_its_own(database: Database, home: int) -> None:
    with database.workspaces() as workspaces:
        other = workspaces.add("Other").id
    for workspace_id in (home, other):
        with database.open_unit(workspace_id) as uow:
            assert uow.inbox.claim("k", NOW)
