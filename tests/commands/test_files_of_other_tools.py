"""Files as PSA, CRM and accounting tools write them: each is read rightly, or what it leaves open is asked.

The files are invented, with the titles that those tools use. `expected.json` says what is right.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from commands.errors import CommandError
from commands.grammar.words import command_line
from commands.reply import Reply
from storage.records import Person
from tests.commands.conftest import Desk
from tests.conftest import NOW

FILES = Path(__file__).parents[1] / "data" / "other_tools"
EXPECTED: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads((FILES / "expected.json").read_text("utf-8"))
COMMANDS = {
    "clients": "/engagement client import",
    "agreements": "/engagement agreement import",
    "matrices": "/engagement matrix import Calder SOW-A",
}
CASES = [pytest.param(kind, name, id=f"{kind}/{name}") for kind, files in EXPECTED.items() for name in files]
FIELDS = {"zone": "time_zone", "effective": "effective_on", "end": "initial_end_on"}


@pytest.fixture
def office(desk: Desk) -> Desk:
    """Two clients, one paper, and Dana Fox, whom Slack knows."""
    desk.prepare(
        "/engagement client add Calder country:US",
        '/engagement client add "Marlow Legal"',
        "/engagement agreement add Calder SOW-A kind:sow signed:2025-01-01 effective:2025-01-01",
    )
    with desk.database.open_unit(desk.workspace_id) as uow:
        uow.people.learn(Person(user="U0DANA", name="Dana Fox", seen_at=NOW))
    return desk


def send(desk: Desk, kind: str, name: str, **options: Any) -> Reply:
    said = {key: tuple(value) if isinstance(value, list) else "yes" if value is True else value
            for key, value in options.items()}  # fmt: skip
    if kind == "clients":
        said["separate"] = "yes"
    text = command_line(COMMANDS[kind], **said)
    return desk.type(text, upload=(name, (FILES / kind / name).read_bytes()), is_confirmed=False)


def words(reply: Reply | CommandError) -> str:
    if isinstance(reply, CommandError):
        return " ".join((reply.message, *reply.next_steps))
    table = [" ".join(row) for row in reply.table.rows] if reply.table else []
    return " ".join((reply.headline, *reply.lines, *reply.cautions, *table))


def saved(desk: Desk, kind: str) -> dict[str, Any]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        if kind == "clients":
            return {each.name: each for each in uow.clients.list(offboarded=True)
                    if each.name not in ("Calder", "Marlow Legal")}  # fmt: skip
        if kind == "agreements":
            return {each.reference: each for each in uow.agreements.list() if each.reference != "SOW-A"}
        return {each.item: each for each in uow.responsibilities.current(1)}


def plain(value: object) -> object:
    """A value as the expectations write it."""
    if isinstance(value, tuple) and not hasattr(value, "unit"):
        return list(value)
    return None if value is None else str(value)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_it_is_read_rightly_or_asked_about(office: Desk, kind: str, name: str) -> None:
    right = EXPECTED[kind][name]
    answer = right.get("after") or {}
    if "ask" in right:
        try:
            said = words(send(office, kind, name, dry_run=True))
        except CommandError as error:
            said = words(error)
        assert right["ask"] in said
        with pytest.raises(CommandError):
            send(office, kind, name, confirm=True)
        assert saved(office, kind) == {}, "nothing is saved before what is open was answered"
        if not answer:
            return
    send(office, kind, name, confirm=True, **answer)
    found = saved(office, kind)
    if kind == "matrices":
        assert dict(Counter(row.party.value for row in found.values())) == right["counts"]
        assert right.get("item", next(iter(found))) in found
        assert right.get("rows", (parties := {item: row.party.value for item, row in found.items()})) == parties
        return
    assert set(found) == set(right["read"])
    for record, facts in right["read"].items():
        assert {key: plain(getattr(found[record], FIELDS.get(key, key))) for key in facts} == facts


def test_what_was_said_is_remembered_for_the_next_file_of_that_shape(office: Desk) -> None:
    first = b"Company Name,Contract Number,Contract Type,Start Date,Term\nCalder,C-1,Recurring,3/4/2025,24\n"
    said = 'value:"Recurring=sow" unit:initial-term=months dates:"month first"'
    office.type(f"/engagement agreement import confirm:yes {said}", upload=("june.csv", first), is_confirmed=False)
    second = first.replace(b"C-1", b"C-2").replace(b"3/4", b"5/6")
    reply = office.type("/engagement agreement import confirm:yes", upload=("july.csv", second), is_confirmed=False)
    assert reply.cautions[0].startswith("Read as on 2026-03-02, when this was said about the same columns")
    paper = saved(office, "agreements")["C-2"]
    assert (paper.kind.value, str(paper.initial_term), str(paper.effective_on)) == ("sow", "24m", "2025-05-06")
    third = second.replace(b"C-2", b"C-3")
    command = "/engagement agreement import confirm:yes fresh:yes"
    error = office.refused(command, upload=("august.csv", third), is_confirmed=False)
    assert "without a unit" in error.message


def test_names_of_clients_are_not_remembered(office: Desk) -> None:
    file = b"Company Name,Contract Number,Start Date\nCaldr,C-1,2025-03-01\n"
    office.type("/engagement agreement import confirm:yes value:Caldr=Calder", upload=("a.csv", file))
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        assert uow.table_memories.newest("agreement") == []


def test_the_buttons_of_a_file_that_is_asked_about_work(office: Desk) -> None:
    file = b"Client,Contract,Start,End\nCalder,A,03/04/2025,05/06/2027\n"
    asked = office.type("/engagement agreement import", upload=("a.csv", file), is_confirmed=False)
    assert [choice.label for choice in asked.choices] == ["Day first", "Month first"]
    shown = office.type(asked.choices[0].command, is_confirmed=False)
    office.type(shown.choices[0].command, is_confirmed=False)
    assert str(saved(office, "agreements")["A"].effective_on) == "2025-04-03"


def test_rows_that_cannot_be_read_are_left_out_with_a_button(office: Desk) -> None:
    file = b"Company Name,Country,Status\nPinewood,Atlantis,Active\nOld Mill,GB,Inactive\n"
    asked = office.type("/engagement client import", upload=("c.csv", file), is_confirmed=False)
    assert asked.choices[0].label == "Leave out 1"
    shown = office.type(asked.choices[0].command, is_confirmed=False)
    assert shown.choices[0].label == "Save as proposed"
    assert shown.choices[-1].label == "Cancel"
    office.type(shown.choices[0].command, is_confirmed=False)
    assert {name: each.status.value for name, each in saved(office, "clients").items()} == {"Old Mill": "offboarded"}


def test_texts_of_a_client_and_a_third_party_are_asked_about_row_by_row(office: Desk) -> None:
    """Who the vendor is was said: the table is read, and only the row in which both do something is open."""
    file = b"Topic,Norvane responsibilities,Your responsibilities\nUpdates,Publish,Install\nHosting,Run the hosts,N/A\n"
    command = "/engagement matrix import Calder SOW-A confirm:yes party:Norvane=third_party"
    error = office.refused(command, upload=("vendor.csv", file), is_confirmed=False)
    assert "row 2" in error.message
    assert "client and third_party" in error.message
