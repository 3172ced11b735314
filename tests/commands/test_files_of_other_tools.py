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
    desk.type("/engagement client add Calder country:US")
    desk.type('/engagement client add "Marlow Legal"')
    desk.type("/engagement agreement add Calder SOW-A kind:sow signed:2025-01-01 effective:2025-01-01")
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
        return
    assert set(found) == set(right["read"])
    for record, facts in right["read"].items():
        assert {key: plain(getattr(found[record], FIELDS.get(key, key))) for key in facts} == facts
