"""A table is read as if its rows were typed one after another, however many of them are added at once."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from storage.database import Database
from tests.commands.conftest import Desk, open_desk

CLIENT, AGREEMENT = ("Name", "Alias", "Channel", "Owner"), ("Client", "Reference", "Kind", "Parent", "Title")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[str, bytes]:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return "t.csv", text.getvalue().encode()


def state(desk: Desk) -> list[dict[str, Any]]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [record.model_dump(mode="json") for record in (*uow.clients.list(), *uow.agreements.list())]


def test_rows_may_rest_on_rows_of_the_same_file(desk_on_each: Desk) -> None:
    desk = desk_on_each
    clients = [
        ("Acme", "at", "C0ACME", ""), ("Cedar", "", "", ""), ("ACME", "tooling", "", "U0DANA"), ("Dune", "", "", ""),
    ]  # fmt: skip
    said = desk.type("/engagement client import confirm:yes", upload=table(CLIENT, clients))
    assert (said.data["added"], said.data["changed"], said.data["unchanged"]) == (3, 1, 0)
    acme = desk.type("/engagement client show tooling").data["client"]
    assert (acme["name"], acme["aliases"], acme["owner"]) == ("ACME", ["at", "tooling"], "U0DANA")
    papers = [
        ("Acme", "SOW-1", "sow", "MSA-1", ""), ("acme", "MSA-1", "msa", "", ""), ("Cedar", "MSA-1", "msa", "", ""),
        ("Acme", "sow-1", "", "", "Managed care"), ("at", "ADD-1", "addendum", "SOW-1", ""),
    ]  # fmt: skip
    said = desk.type("/engagement agreement import confirm:yes", upload=table(AGREEMENT, papers))
    assert (said.data["added"], said.data["changed"]) == (4, 1)
    shown = {name: desk.type(f"/engagement agreement show acme {name}") for name in ("SOW-1", "ADD-1")}
    under = {name: next(f.value for f in reply.fields if f.label == "Under") for name, reply in shown.items()}
    assert under == {"SOW-1": "MSA-1", "ADD-1": "sow-1"}
    assert shown["SOW-1"].data["agreement"]["title"] == "Managed care"
    assert desk.type("/engagement audit verify").headline


def test_what_a_row_before_took_is_refused_by_its_row(desk_on_each: Desk) -> None:
    rows = [("Acme", "at", "C0ACME", ""), ("Cedar", "AT", "", ""), ("Dune", "", "C0ACME", ""), ("Elm", "", "", "")]
    error = desk_on_each.refused("/engagement client import confirm:yes", upload=table(CLIENT, rows))
    assert [each["row"] for each in error.data["problems"]] == [3, 4]
    assert '"AT" is already the name or an alias of Acme.' in error.message
    assert "already linked to Acme" in error.message
    assert state(desk_on_each) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_file_does_what_its_rows_do_one_by_one(sqlite_database: Database, seed: int) -> None:
    """In a second workspace the same rows are imported each as a file of its own."""
    chance = random.Random(seed)
    desk = open_desk(sqlite_database)
    with sqlite_database.workspaces() as workspaces:
        alone = Desk(sqlite_database, workspaces.for_slack("T9", "Alone").id)
    for kind in ("client", "agreement", "client", "agreement"):
        numbers = [chance.randrange(9) for _ in range(20)] if kind == "agreement" else [*range(9), 3, 5]
        header: Sequence[str]
        rows: list[tuple[str, ...]]
        if kind == "client":
            header, rows = CLIENT, [(f"Firm {n}", chance.choice(("", f"f{n}")), "", "") for n in numbers]
        else:
            papers = [(n, chance.randrange(3)) for n in numbers]
            header, rows = (
                AGREEMENT,
                [(f"firm {n}", f"P-{at}", chance.choice(("msa", "sow", "")), "", "") for n, at in papers],
            )
        whole = desk.type(f"/engagement {kind} import confirm:yes", upload=table(header, rows))
        each = [alone.type(f"/engagement {kind} import confirm:yes", upload=table(header, [row])) for row in rows]
        for outcome in ("added", "changed", "unchanged"):
            assert whole.data[outcome] == sum(one.data[outcome] for one in each)
    references = ("id", "matrix_version", "client_id")
    told = [[{k: v for k, v in each.items() if k not in references} for each in state(of)] for of in (desk, alone)]
    assert told[0] == told[1]


def test_a_preview_asks_little_and_leaves_nothing(sqlite_database: Database) -> None:
    """It is undone at its end, so nothing is planned for it, and what it reads it reads for many."""
    desk = open_desk(sqlite_database)
    clients = [(f"Firm {n}", f"f{n}", f"C0FIRM{n}", "U0DANA") for n in range(150)]
    papers = [(f"Firm {n}", "MSA-1", "msa", "", "") for n in range(150)]
    desk.type("/engagement client import confirm:yes", upload=table(CLIENT, clients))
    before = state(desk)
    asked: Counter[str] = Counter()

    def note(connection: Any, record: Any, proxy: Any) -> None:
        connection.set_trace_callback(lambda statement: asked.update([statement.split(None, 1)[0]]))

    event.listen(sqlite_database.engine, "checkout", note)
    preview = desk.type("/engagement agreement import", upload=table(AGREEMENT, papers))
    event.remove(sqlite_database.engine, "checkout", note)
    assert preview.data["added"] == 150
    assert asked["SELECT"] < 3 * 150, asked
    assert asked["UPDATE"] < 10, asked
    assert state(desk) == before
    with sqlite_database.open_unit(desk.workspace_id, writes=False) as uow:
        assert not any(uow.reminders.by_state().values())
