"""A client becomes part of another with all that is about it, and can be taken out again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commands.errors import CommandError, NeedsYes, NotAllowed
from storage.repositories.client_merges import NOT_MOVED, moving
from storage.table_base import TenantTable
from tests.commands.conftest import MANAGER, Desk, set_up_calder

NORTH = (
    '/engagement client add "North Star" alias:nsd channel:C0NORTH owner:U0TECH zone:Europe/London',
    "/engagement agreement add nsd N1 kind:sow",
    "/engagement agreement add nsd SOW-A kind:sow",
    '/engagement promise add nsd "Weekly report"',
    '/engagement disclosure record nsd hipaa applies by:"Ann Lee, CEO"',
)


def _north(desk: Desk) -> None:
    set_up_calder(desk)
    for line in NORTH:
        desk.type(line)
    desk.type('/engagement disclosure record calder hipaa "does not apply" by:"Lee Marsh, COO"')


def _state(desk: Desk) -> dict[str, list[Any]]:
    """Every row that a merge could move, without what only counts changes."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        found = {}
        for table in (*(each.__tablename__ for each in moving()), "client", "client_key", "client_channel"):
            if table in ("reminder", "agreement_version"):
                continue
            rows = uow.connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).mappings()
            unstable = ("version", "matrix_version", *(("id",) if table.startswith("client_") else ()))
            found[table] = sorted(str({k: v for k, v in row.items() if k not in unstable}) for row in rows)
        return found


def test_no_table_about_a_client_is_forgotten() -> None:
    about = {table for table in TenantTable.__subclasses__() if "client_id" in table.__table__.c}  # type: ignore[attr-defined]
    assert about == {*moving(), *NOT_MOVED}


def test_it_asks_first_and_says_what_moves_and_collides(desk: Desk) -> None:
    _north(desk)
    before = _state(desk)
    with pytest.raises(NeedsYes) as asked:
        desk.type('/engagement client merge "North Star" into:calder', is_confirmed=False)
    for words in ("2 agreements", "SOW-A-nsd", "does not apply", "Europe/London", "U0TECH", "C0NORTH", "1 promise."):
        assert words in asked.value.message
    assert _state(desk) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ['"North Star" into:calder', "nsd calder", "nsd into calder", "North Star into Calder Ridge"]
)
def test_everything_moves_and_comes_back(desk_on_each: Desk, typed: str) -> None:
    desk = desk_on_each
    _north(desk)
    before = _state(desk)
    desk.type(f"/engagement client merge {typed}", user=MANAGER)
    assert "(formerly nsd)" in desk.type("/engagement client show nsd").headline
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        merged = next(each.merged_id for each in uow.merges.into(1))
        assert not set(uow.merges.rows_of(merged)) - {"reminder"}
        references = {each.reference for each in uow.agreements.of_client(1)}
        assert references == {"SOW-A", "N1", "SOW-A-nsd"}
        assert [str(each.answer) for each in uow.disclosures.current(1)] == ["applies"]
        assert uow.clients.for_channel("C0NORTH").id == 1  # type: ignore[union-attr]
    desk.type("/engagement client unmerge nsd", user=MANAGER)
    assert _state(desk) == before
    assert {("client merge", "done"), ("client unmerge", "done")} <= set(desk.actions())


def test_what_was_added_since_stays(desk: Desk) -> None:
    _north(desk)
    desk.type("/engagement client merge nsd calder")
    desk.now += timedelta(hours=1)
    desk.type('/engagement promise add calder "Monthly call"')
    reply = desk.type("/engagement client unmerge nsd")
    assert "1 promise." in reply.lines[1]
    assert "Monthly call" in str(desk.type("/engagement promise list calder"))
    assert "Weekly report" not in str(desk.type("/engagement promise list calder"))


def test_a_restriction_is_never_widened(desk: Desk) -> None:
    _north(desk)
    desk.type("/engagement client restrict nsd to:U0MANAGER")
    assert isinstance(desk.refused("/engagement client merge nsd calder"), NotAllowed)
    desk.type("/engagement client restrict calder to:U0MANAGER")
    desk.type("/engagement client merge nsd calder")


@pytest.mark.parametrize("line", ["client merge calder calder", "client unmerge calder", "client unmerge nobody"])
def test_what_cannot_be_done_is_said(desk: Desk, line: str) -> None:
    _north(desk)
    assert isinstance(desk.refused(f"/engagement {line}"), CommandError)


def test_erasing_the_survivor_erases_the_merged(desk: Desk) -> None:
    _north(desk)
    desk.type("/engagement client merge nsd calder")
    desk.type("/engagement client offboard calder")
    desk.type("/engagement client erase number:1 confirm:yes")
    assert "North Star" not in str(_state(desk)["client"])
    assert isinstance(desk.refused("/engagement client unmerge nsd"), CommandError)


@pytest.mark.parametrize("line", ["client merge nsd", "client merge into:nsd", "client merge nort nsd"])
def test_the_channel_names_neither_client(desk: Desk, line: str) -> None:
    _north(desk)
    before = _state(desk)
    assert isinstance(desk.refused(f"/engagement {line}", channel="C0CALDER"), CommandError)
    assert _state(desk) == before


INCIDENT = 'discovered:2026-03-01 at:14:30 residents:"TX 1200"'
PEOPLE = 'clock:"Texas breach notification law: the people"'


def _with_incidents(desk: Desk) -> None:
    """An incident of the same name at both, and the holds lifted that recording them placed."""
    _north(desk)
    for client in ("nsd", "calder"):
        desk.type(f'/engagement incident record {client} "Lost laptop" {INCIDENT}')
        desk.type(f'/engagement hold lift {client} reason:"counsel agrees"')
    desk.type(f'/engagement incident told nsd "Lost laptop" {PEOPLE} to:"the residents"')


def _clocks(desk: Desk, typed: str, law: str = "Texas") -> dict[str, str]:
    """Those of one law."""
    found = desk.type(f"/engagement incident show {typed}").data["clocks"]
    return {each["name"]: each["state"] for each in found if each["name"].startswith(law)}


def test_incidents_keep_their_numbers_and_clocks_through_a_merge_and_back(desk_on_each: Desk) -> None:
    desk = desk_on_each
    _with_incidents(desk)
    before = {client: _clocks(desk, f"{client} lost") for client in ("nsd", "calder")}
    assert before["nsd"] != before["calder"]
    whole, hipaa = _state(desk), _clocks(desk, "nsd lost", "HIPAA")
    with pytest.raises(NeedsYes) as asked:
        desk.type("/engagement client merge nsd calder", is_confirmed=False)
    assert "the answer of North Star stands, so that no clock of an incident is lost" in asked.value.message
    desk.type("/engagement client merge nsd calder")
    refused = desk.refused('/engagement incident show calder "Lost laptop"').message
    assert "no. 1 of" in refused
    assert "no. 2 of" in refused
    assert (_clocks(desk, "calder 1"), _clocks(desk, "calder 2")) == (before["nsd"], before["calder"])
    assert _clocks(desk, "calder 1", "HIPAA") == hipaa != {}
    for number in ("1", "2"):
        shown = desk.type(f"/engagement incident show calder {number}")
        commands = [each.command for each in shown.choices]
        commands += [each.command for group in shown.groups for item in group.entries for each in item.choices]
        assert commands
        for each in commands:
            assert f'"Calder Ridge" {number}' in each, "its buttons lead to it, not to the other"
        assert desk.type(f"/engagement paper incident calder {number}").files
    desk.type("/engagement client unmerge nsd")
    assert {client: _clocks(desk, f"{client} lost") for client in before} == before
    assert _state(desk)["disclosure"] == whole["disclosure"]
    assert _state(desk)["incident"] == whole["incident"]
    assert _state(desk)["clock_mark"] == whole["clock_mark"]


def test_what_was_recorded_of_an_incident_while_merged_goes_back_with_it(desk: Desk) -> None:
    _with_incidents(desk)
    desk.type("/engagement client merge nsd calder")
    desk.now += timedelta(hours=1)
    general = 'clock:"Texas breach notification law: Attorney"'
    desk.type(f'/engagement incident told calder 1 {general} to:"Attorney General"')
    desk.type(f'/engagement incident told calder 1 {PEOPLE} to:"the residents, by letter"')
    desk.type(f'/engagement incident told calder 2 {PEOPLE} to:"our residents"')
    during = {number: _clocks(desk, f"calder {number}") for number in ("1", "2")}
    reply = desk.type("/engagement client unmerge nsd")
    assert "1 mark of a clock" in reply.lines[1]
    assert _clocks(desk, "nsd lost") == during["1"]
    assert _clocks(desk, "calder lost") == during["2"]


def test_an_incident_that_changed_while_merged_keeps_the_merge(desk: Desk) -> None:
    _with_incidents(desk)
    desk.type("/engagement client merge nsd calder")
    desk.now += timedelta(hours=1)
    desk.type("/engagement incident edit calder 1 people:1300")
    assert "1 incident" in desk.refused("/engagement client unmerge nsd").message
