"""A database that an earlier release filled, at the schema of 0013, is upgraded and read whole, on both engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.database import Database
from storage.records import Record
from storage.table_base import TenantTable
from tests.commands.conftest import Desk, set_up_calder

LINES = (
    "/engagement agreement add calder MSA kind:msa effective:2024-01-01 signed:2024-01-02 initial-term:12m "
    "renewal:auto renewal-term:12m notice:60d",
    "/engagement agreement add calder OLD kind:sow effective:2024-01-01 signed:2024-01-01 initial-term:12m",
    "/engagement agreement terminate calder OLD on:2025-06-30 reason:moved",
    '/engagement matrix set calder SOW-A "Server backup" client clause:"SOW-A 7.2" since:2026-09-01',
    '/engagement matrix retire calder SOW-A "Server OS patching" on:2026-02-28',
    "/disclose calder hipaa applies by:\"Pat Roe, COO\" on:2026-02-01",
    '/engagement access grant calder "Dentrix" level:user data:PHI limit:"never charts" basis:"SOW-A 3.2"',
    '/engagement promise add calder "Test a restore" source:sla every:3m',
    '/engagement promise kept calder "Test a restore" on:2026-03-01',
    "/scope calder who does server backup?",
    "/scope calder who waters the plants?",
    "/engagement renewal decide calder MSA renew reason:fine",
)  # fmt: skip
READ = (
    "/engagement client show calder",
    "/engagement agreement list calder",
    "/engagement agreement show calder SOW-A",
    "/engagement agreement show calder OLD",
    "/engagement matrix show calder",
    '/engagement matrix history calder "Server backup"',
    "/engagement matrix export calder format:csv",
    "/engagement disclosure list calder history:yes",
    "/engagement walkthrough list calder",
    "/engagement promise list calder",
    "/engagement access calder",
    "/scope calder as-of:2026-02-15 who does server os patching?",
    "/scope calder who does server backup?",
    "/engagement scope history calder",
    "/renewals 400d",
    "/engagement check calder",
)
# What 0013 did not have; what came after it may not invent.
SINCE: dict[str, dict[str, Any]] = {
    "client": {"former_names": (), "offboarded_on": None},
    "agreement": {"client_signer": None, "notice_to": None},
    "agreement_version": {"client_signer": None, "notice_to": None},
    "responsibility": dict.fromkeys(
        ("entered_at", "entered_by", "corrects_id", "basis", "attester", "attested_at", "carried_by_id")
    ),
    "scope_question": {
        **dict.fromkeys(("known_at", "joined_id", "told_from", "suggested_item", "shown")),
        "presses": 0,
    },
    "decision": dict.fromkeys(
        ("notice_side", "notice_planned_on", "notice_delivered_on", "notice_address", "retracted_at", "retracted_by",
         "retraction_reason")
    ),
    "person": {},
}  # fmt: skip


def everything(database: Database, workspace_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, validated as the record that it holds."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.open_unit(workspace_id, writes=False) as uow:
        for table in TenantTable.__subclasses__():
            rows = [
                {name: _plain(getattr(row, name)) for name in table.model_fields}
                for row in uow._session.exec(select(table)).all()
            ]
            noun = next((each for each in table.__mro__ if each.__module__.startswith("storage.records.")), None)
            for row in rows if noun is not None and issubclass(noun, Record) else ():
                assert noun is not None
                assert issubclass(noun, Record)
                noun.model_validate({name: value for name, value in row.items() if name in noun.model_fields})
            found[str(table.__tablename__)] = sorted(rows, key=lambda row: str(row.get("id", row)))
    return found


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@pytest.fixture
def filled(desk_on_each: Desk) -> Desk:
    set_up_calder(desk_on_each)
    for line in LINES:
        desk_on_each.type(line)
    return desk_on_each


def test_nothing_of_an_old_database_is_lost_and_nothing_is_invented(filled: Desk) -> None:
    before = everything(filled.database, filled.workspace_id)
    filled.database.downgrade("0013")
    filled.database.upgrade()
    after = everything(filled.database, filled.workspace_id)
    assert before.keys() == after.keys()
    for table, rows in before.items():
        wanted = [row | SINCE.get(table, {}) for row in rows] if table != "person" else []
        if table == "responsibility":
            continue
        assert after[table] == wanted, table
    added = set(SINCE["responsibility"])
    kept = [[{name: row[name] for name in row if name not in added} for row in rows]
            for rows in (before["responsibility"], after["responsibility"])]  # fmt: skip
    assert kept[0] == kept[1]
    assert all(row["basis"] is row["attester"] is row["carried_by_id"] is None for row in after["responsibility"])
    for line in READ:
        assert filled.type(line).headline


@pytest.mark.slow
def test_what_an_earlier_release_closed_and_planned_gets_honest_values(filled: Desk) -> None:
    """It closed a changed row on the day of the change, as a version of that day, and took any day of a notice."""
    filled.database.downgrade("0013")
    with filled.database.engine.begin() as connection:
        row = "INSERT INTO responsibility (id, workspace_id, client_id, agreement_id, item, party, clause, control_refs, aliases, position, effective_from, effective_to, recorded_at, recorded_by, superseded_at, superseded_by) VALUES (:id, :workspace, 1, 1, 'Fax line', :party, '3.1', '[]', '[]', 90, :since, :until, :recorded, :who, :replaced, :replaced_by)"  # noqa: E501
        first, second = datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 4, 1, 9, tzinfo=UTC)
        for fields in (
            {"id": 901, "party": "msp", "since": None, "until": None, "recorded": first, "who": "U0DANA",
             "replaced": second, "replaced_by": "U0LEE"},
            {"id": 902, "party": "msp", "since": None, "until": "2026-03-31", "recorded": second, "who": "U0LEE",
             "replaced": None, "replaced_by": None},
            {"id": 903, "party": "client", "since": "2026-04-01", "until": None, "recorded": second, "who": "U0LEE",
             "replaced": None, "replaced_by": None},
        ):  # fmt: skip
            connection.execute(text(row), fields | {"workspace": filled.workspace_id})
        connection.execute(
            text(
                "UPDATE decision SET decided = 'give_notice', notice_on = '2026-11-01', "
                "decided_at = :at WHERE agreement_id = (SELECT id FROM agreement WHERE reference = 'MSA')"
            ),
            {"at": second},
        )
    filled.database.upgrade()
    filled.now += timedelta(days=60)
    after = everything(filled.database, filled.workspace_id)
    rows = {row["id"]: row for row in after["responsibility"]}
    assert (rows[902]["entered_at"], rows[902]["entered_by"]) == (first, "U0DANA")
    assert rows[903]["entered_at"] is None
    [decision] = after["decision"]
    assert (decision["notice_on"], str(decision["notice_planned_on"])) == (None, "2026-11-01")
    history = filled.type('/engagement matrix history calder "Fax line"').data["versions"]
    assert [version["party"] for version in history] == ["msp", "msp", "client"]
    assert filled.type("/scope calder as-of:2026-03-20 who does the fax line?").data["verdict"] == "msp"
    assert filled.type("/scope calder who does the fax line?").data["verdict"] == "client"
    assert filled.type("/scope calder known-at:2026-03-15 who does the fax line?").data["verdict"] == "msp"
    for line in READ:
        assert filled.type(line).headline
