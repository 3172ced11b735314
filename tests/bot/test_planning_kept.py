"""Planning looks again only at clients for whom something may have changed; and it never overlooks one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commands.client_cache import ClientCache
from commands.reminders.planner import Planner
from storage.database import Database
from storage.records import Client
from storage.unit_of_work import UnitOfWork
from tests.bot.test_sender import Office


class Firm(Office):
    """With two further clients about whom nothing is due to be said for a while."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("aardvark", "bluebird"):
            self.type(f"client add {name} owner:U0BOB zone:Europe/London")
            self.type(f"access grant {name} Firewall level:admin review:2026-09-01")
        self.jobs().plan()


@pytest.fixture
def firm(database: Database) -> Firm:
    return Firm(database)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of those for whom it was worked out whether there is anything to plan."""
    names: list[str] = []
    whole = Planner._is_settled

    def noted(planner: Planner, uow: UnitOfWork, now: datetime, client: Client, *rest: Any) -> bool:
        names.append(client.name)
        return whole(planner, uow, now, client, *rest)

    monkeypatch.setattr(Planner, "_is_settled", noted)
    return names


def test_nothing_is_worked_out_twice(firm: Firm, looked_at: list[str]) -> None:
    firm.jobs().plan()
    looked_at.clear()
    firm.now += timedelta(minutes=5)
    assert firm.jobs().plan() == 0
    assert looked_at == ["Calder Ridge"], "a reminder of it is due, which time moves"


CHANGES = {
    "access grant aardvark Server level:admin review:2026-08-01": ["aardvark"],
    "client edit bluebird owner:U0CAT": ["bluebird"],
    "client offboard aardvark": ["aardvark"],
    "reminder leads access_review 45 client:aardvark": ["aardvark", "bluebird"],
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_was_changed_is_looked_at_again(firm: Firm, looked_at: list[str], change: str) -> None:
    firm.jobs().plan()
    looked_at.clear()
    firm.type(change)
    firm.jobs().plan()
    assert sorted(set(looked_at) - {"Calder Ridge"}) == CHANGES[change]


def test_everybody_is_looked_at_again_on_the_next_day_and_in_a_new_process(firm: Firm, looked_at: list[str]) -> None:
    firm.jobs().plan()
    looked_at.clear()
    firm.now += timedelta(hours=24)
    firm.jobs().plan()
    assert {"aardvark", "bluebird"} <= set(looked_at)
    looked_at.clear()
    object.__setattr__(firm.dispatcher, "worked_out", ClientCache())
    firm.jobs().plan()
    assert {"aardvark", "bluebird"} <= set(looked_at)


def test_a_zone_that_became_known_moves_reminders(firm: Firm, looked_at: list[str]) -> None:
    firm.jobs().plan()
    looked_at.clear()
    with firm.database.open_unit(firm.workspace_id) as uow:
        uow.person_zones.learn("U0BOB", "Asia/Tokyo", firm.now)
    firm.jobs().plan()
    assert {"aardvark", "bluebird"} <= set(looked_at)
    assert {row.zone for row in firm.rows() if row.recipient == "U0BOB"} == {"Asia/Tokyo"}


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM reminder WHERE kind = 'access_review'", "UPDATE reminder SET state = 'cancelled'"],
)
def test_a_reminder_that_is_missing_is_found_missing(firm: Firm, damage: str) -> None:
    before = [(row.subject, row.lead_days, row.due_at) for row in firm.rows() if row.kind == "access_review"]
    assert before
    firm.jobs().plan()
    with firm.database.engine.begin() as connection:
        connection.execute(text(damage))
    firm.jobs().plan()
    after = [
        (row.subject, row.lead_days, row.due_at)
        for row in firm.rows()
        if row.kind == "access_review" and row.state == "pending"
    ]
    assert sorted(after) == sorted(before)


def test_a_change_between_listing_and_looking_is_not_kept(firm: Firm) -> None:
    firm.jobs().plan()
    with firm.database.open_unit(firm.workspace_id, writes=False) as uow:
        listed = uow.clients.list()
    firm.type("client edit aardvark owner:U0CAT")
    with firm.database.engine.begin() as connection:  # as if nothing had been planned for the change
        connection.execute(text("DELETE FROM reminder WHERE recipient = 'U0CAT'"))
        connection.execute(text("UPDATE reminder SET state = 'pending' WHERE kind = 'access_review'"))
    planner, cache = firm.jobs().sender.planner, firm.dispatcher.worked_out
    with firm.database.open_unit(firm.workspace_id, writes=False) as uow:
        planner.unsettled(uow, listed, firm.now, cache)
    with firm.database.open_unit(firm.workspace_id, writes=False) as uow:
        found = planner.unsettled(uow, uow.clients.list(), firm.now, cache)
    assert "aardvark" in [each.name for each in found]
