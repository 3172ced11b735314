"""What several clocks keep at once, each for the first time."""

import threading
from collections.abc import Callable

import pytest

from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.conftest import NOW


def beat(uow: UnitOfWork, process: str) -> None:
    uow.heartbeats.beat("sweep", NOW, process)


def learn(uow: UnitOfWork, zone: str) -> None:
    uow.person_zones.learn("U0ANN", zone, NOW)


@pytest.mark.parametrize(("keep", "kept"), [(beat, "heartbeats"), (learn, "person_zones")])
def test_two_that_are_the_first_at_the_same_moment_both_go_on(
    database: Database, keep: Callable[[UnitOfWork, str], None], kept: str
) -> None:
    with database.workspaces() as workspaces:
        workspace_id = workspaces.add("Northwind IT").id
    failures: list[BaseException] = []

    def second() -> None:
        try:
            with database.open_unit(workspace_id) as uow:
                keep(uow, "the second")
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=second)
    with database.open_unit(workspace_id) as uow:
        keep(uow, "the first")
        thread.start()
        thread.join(0.3)
    thread.join(10)
    assert failures == []
    with database.open_unit(workspace_id, writes=False) as uow:
        [found] = getattr(uow, kept).list()
        assert "the second" in (getattr(found, "process", None), getattr(found, "zone", None))
