"""A matrix that is exported and imported into an empty database is the same in every field, on both databases."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.imports.matrix_changes import NOT_EXPORTED
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import item_key
from storage.database import Database
from storage.records import Agreement, AgreementKind, Client, Party, Responsibility, RowBasis
from tests.commands.conftest import NOW, Desk
from tests.commands.test_files_lose_nothing import _SLOW, ODD, STARTS, _storable, empty

MARKED = ("**Server** backup", "a *b* c", "`x` _y_ ~z~", "- listed", "# Title", "§ 4.2", "Backup (1)", "[a](b)",
          "TOTAL", "item", "Note: x", "x <br> &amp; y", "AC-2(1)", "Firewall (Palo Alto)", "Mon–Fri")  # fmt: skip
FIRST = date(2024, 1, 1)


def _texts(longest: int) -> st.SearchStrategy[str]:
    drawn = st.text(st.sampled_from(ODD + "*_`~§–"), min_size=1, max_size=30)
    drawn |= st.sampled_from((*STARTS, *MARKED)) | st.builds(lambda text: text * longest, drawn)
    return drawn.map(lambda text: " ".join(text.split())[:longest].strip()).filter(_storable)


def _lines(longest: int) -> st.SearchStrategy[str]:
    several = st.lists(_texts(60), min_size=2, max_size=3).map("\n".join)
    return (several | _texts(longest)).map(lambda text: text[:longest].strip()).filter(_storable)


FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "agreement_id": st.integers(0, 2),
    "item": _texts(300),
    "category": _texts(120),
    "party": st.sampled_from(Party),
    "msp_part": _lines(2000),
    "client_part": _lines(2000),
    "third_party": _texts(300),
    "clause": _texts(120),
    "notes": _lines(4000),
    "control_refs": st.lists(_texts(200), max_size=3, unique=True).map(tuple),
    "aliases": st.lists(_texts(200), max_size=3, unique=True).map(tuple),
    "effective_from": st.integers(0, 900).map(lambda days: FIRST + timedelta(days=days)),
    "effective_to": st.integers(0, 900).map(lambda days: FIRST + timedelta(days=days)),
    "basis": st.sampled_from(RowBasis),
    "carried_by_id": st.just(3),
}
ALWAYS = ("agreement_id", "item", "party")


def test_every_field_of_a_row_is_exported_or_said_not_to_be() -> None:
    assert set(Responsibility.model_fields) == set(FIELDS) | set(NOT_EXPORTED)
    assert not set(FIELDS) & set(NOT_EXPORTED)
    assert all(len(reason.split()) > 3 for reason in NOT_EXPORTED.values())


@st.composite
def matrices(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of the papers SOW-A (signed), MSA (not signed) and ADD-1 (signed), by their places."""
    found: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 6))):
        is_whole = draw(st.booleans())
        fields = {
            name: draw(values) for name, values in FIELDS.items() if name in ALWAYS or is_whole or draw(st.booleans())
        }
        if fields["agreement_id"] == 1:
            fields.pop("basis", None)
        if fields.get("basis") is not RowBasis.PROPOSED:
            fields.pop("carried_by_id", None)
        else:
            fields.setdefault("effective_from", FIRST)
        begins, ends = fields.get("effective_from"), fields.get("effective_to")
        if begins and ends and ends < begins:
            fields["effective_from"], fields["effective_to"] = ends, begins
        if not any(_meets(fields, other) for other in found):
            found.append(fields)
        if draw(st.booleans()):  # a later version of the same row, with other words
            ends = fields.setdefault("effective_to", FIRST + timedelta(days=400))
            if "effective_from" in fields and fields["effective_from"] > ends:
                fields["effective_to"] = ends = fields["effective_from"]
            later = {**fields, "party": draw(st.sampled_from(Party)), "effective_from": ends + timedelta(days=1)}
            later.pop("effective_to")
            if not any(_meets(later, other) for other in found):
                found.append(later)
    return found


def _meets(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both are about the same row, for days of which some are the same."""
    keys = [
        (each["agreement_id"], item_key(each["item"]), comparable(each.get("category", "")),
         each.get("basis") is RowBasis.PROPOSED)
        for each in (one, other)
    ]  # fmt: skip
    begins = [each.get("effective_from", date.min) for each in (one, other)]
    ends = [each.get("effective_to", date.max) for each in (one, other)]
    return keys[0] == keys[1] and begins[0] <= ends[1] and begins[1] <= ends[0]


def papers(database: Database) -> tuple[Desk, Client, list[Agreement]]:
    desk = empty(database)
    with database.open_unit(desk.workspace_id) as uow:
        client = uow.clients.add(Client(name="Calder Ridge", aliases=("calder",)))
        signed = {"msp_signed_on": FIRST, "client_signed_on": FIRST, "status": "executed"}
        kept = [
            uow.agreements.add(
                Agreement(client_id=client.id, reference=name, kind=AgreementKind.SOW, effective_on=FIRST, **more),
                at=NOW,
            )
            for name, more in (("SOW-A", signed), ("MSA", {}), ("ADD-1", signed), ("ADD-2", {}))
        ]
    return desk, client, kept


def stored(database: Database, rows: list[dict[str, Any]]) -> Desk:
    desk, client, kept = papers(database)
    with database.open_unit(desk.workspace_id) as uow:
        for position, fields in enumerate(rows):
            ids = {name: kept[fields[name]].id for name in ("agreement_id", "carried_by_id") if name in fields}
            at = NOW if "basis" in fields else NOW.replace(year=2023)  # before the signature
            row = Responsibility(
                **fields | ids, client_id=client.id, position=position, recorded_at=at, recorded_by="U0"
            )
            uow.responsibilities.record([row])
    return desk


def told(desk: Desk) -> list[dict[str, Any]]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        [client] = uow.clients.list()
        known = {paper.id: paper for paper in uow.agreements.of_client(client.id)}
        rows = uow.responsibilities.current(client.id)
    found = []
    order = sorted(rows, key=lambda row: (known[row.agreement_id].reference, row.position))
    for row in order:
        fields = row.model_dump(exclude=set(NOT_EXPORTED))
        fields["agreement_id"] = known[row.agreement_id].reference
        fields["carried_by_id"] = known[row.carried_by_id].reference if row.carried_by_id else None
        if row.basis is None and known[row.agreement_id].is_signed:
            fields["basis"] = RowBasis.AS_SIGNED  # that it was there before the signature is attested by the importer
        found.append(fields)
    return sorted(found, key=lambda each: (each["agreement_id"], comparable(each["item"]), each["item"],
                                           each["basis"] or "", each["effective_from"] or date.min))  # fmt: skip


def imported(source: Desk, file_format: str) -> Desk:
    [file] = source.type(f"/engagement matrix export calder format:{file_format}").files
    target, *_ = papers(source.database)
    with source.database.open_unit(source.workspace_id, writes=False) as uow:
        [client] = uow.clients.list()
        known = {paper.id: paper.reference for paper in uow.agreements.of_client(client.id)}
        used = {known[row.agreement_id] for row in uow.responsibilities.current(client.id)}
    for reference in used:
        upload = (file.name, file.content)
        reply = target.type(
            f"/engagement matrix import calder {reference} confirm:yes", upload=upload, is_confirmed=False
        )
        assert reply.data["saved"] is True
    return target


@pytest.mark.slow
@_SLOW
@given(matrices(), st.sampled_from(["csv", "xlsx"]))
def test_a_matrix_comes_back_as_it_was(database: Database, rows: list[dict[str, Any]], file_format: str) -> None:
    source = stored(database, rows)
    assert told(imported(source, file_format)) == told(source)


@pytest.mark.slow
@_SLOW
@given(matrices(), st.sampled_from(["csv", "xlsx"]))
def test_importing_an_export_where_it_came_from_changes_nothing(
    database: Database, rows: list[dict[str, Any]], file_format: str
) -> None:
    source = stored(database, rows)
    [file] = source.type(f"/engagement matrix export calder format:{file_format}").files
    for reference in {("SOW-A", "MSA", "ADD-1")[fields["agreement_id"]] for fields in rows}:
        plan = source.type(
            f"/engagement matrix import calder {reference} dry-run:yes", upload=(file.name, file.content)
        ).data["plan"]
        assert (plan["added"], plan["changed"], plan["retired"]) == ([], [], [])


@pytest.mark.slow
@pytest.mark.parametrize("text", MARKED)
@pytest.mark.parametrize("field", ["item", "category", "notes", "clause", "msp_part", "third_party"])
def test_formatting_in_a_text_comes_back(sqlite_database: Database, text: str, field: str) -> None:
    rows = [{"agreement_id": 0, "item": "Server backup", "party": Party.MSP, "basis": "as_signed", field: text}]
    source = stored(sqlite_database, rows)
    assert told(imported(source, "csv")) == told(source)


@pytest.fixture
def signed(desk: Desk) -> Desk:
    desk.type('/engagement client add "Calder Ridge" alias:calder')
    for name in ("SOW-A", "SOW-B"):
        desk.type(f"/engagement agreement add calder {name} kind:sow effective:2026-01-01 signed:2026-01-01")
    return desk


def test_an_export_of_all_agreements_is_imported_for_one_and_says_what_is_left_out(signed: Desk) -> None:
    signed.type('/engagement matrix set calder SOW-A "Server backup" msp clause:1')
    signed.type('/engagement matrix set calder SOW-B "Firewall" client clause:2')
    [file] = signed.type("/engagement matrix export calder format:csv").files
    upload = (file.name, file.content)
    reply = signed.type("/engagement matrix import calder SOW-B dry-run:yes", upload=upload)
    assert reply.data["plan"]["added"] == []
    assert "Left out: 1 row of SOW-A. Import the file for each agreement." in reply.cautions
    assert any(text.startswith("Not taken over: attested by, attested at, entered at") for text in reply.cautions)
    signed.type("/engagement agreement add calder MSA kind:msa")
    error = signed.refused("/engagement matrix import calder MSA", upload=upload)
    assert error.message == "No row of the file is of MSA: it has 1 row of SOW-A, 1 row of SOW-B."
    assert '/engagement matrix import "Calder Ridge" SOW-A' in error.next_steps


def test_an_export_says_what_it_has_and_leaves_out(signed: Desk) -> None:
    signed.type('/engagement matrix set calder SOW-A "Server backup" msp clause:1')
    signed.type('/engagement matrix set calder SOW-A "Server backup" client clause:2 since:2026-09-01')
    signed.type('/engagement matrix set calder SOW-A "Fax" msp clause:3')
    signed.type("/engagement matrix retire calder SOW-A Fax on:2026-02-01")
    whole = signed.type("/engagement matrix export calder SOW-A format:csv")
    assert (whole.data["rows"], whole.lines) == (
        3, ("With 1 row that ended and 1 row that begins later, each with its days.",)
    )  # fmt: skip
    day = signed.type("/engagement matrix export calder SOW-A as-of:2026-03-02")
    assert day.lines == ("Left out: 2 rows that did not apply on 2026-03-02. An export without a day has all of them.",)


def test_two_versions_of_one_row_are_not_asked_about(signed: Desk) -> None:
    content = (
        b"item,responsible,clause,effective from,effective to\n"
        b"Server backup,msp,1,2026-01-01,2026-05-31\nServer backup,client,2,2026-06-01,\n"
    )
    signed.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", content), is_confirmed=False)
    for day, verdict in (("2026-02-15", "msp"), ("2026-07-01", "client")):
        assert signed.type(f"/scope calder as-of:{day} who does server backup?").data["verdict"] == verdict


def test_a_basis_is_what_the_file_says_and_who_imports_it_attests(signed: Desk) -> None:
    header = b"item,category,responsible,clause,notes,basis,carried by,attested by,entered at\n"
    content = header + b"Backup,,msp,1,,as signed,,U0CFO,2020-01-01 10:00 UTC\nFax,,msp,2,,proposed,SOW-B,,\n"
    signed.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", content), is_confirmed=False)
    with signed.database.open_unit(signed.workspace_id, writes=False) as uow:
        rows = {row.item: row for row in uow.responsibilities.current(1)}
    assert (rows["Backup"].basis, rows["Backup"].attester, rows["Backup"].entered_at) == ("as_signed", "console", None)
    assert (rows["Fax"].basis, rows["Fax"].carried_by_id) == ("proposed", 2)
    wrong = header + b"Backup,,msp,1,,perhaps,,,\n"
    error = signed.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", wrong))
    assert '"perhaps" is neither "as signed" nor "proposed"' in error.message
    unknown = header + b"Gray,,msp,1,,proposed,ADD-9,,\n"
    error = signed.refused("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", unknown))
    assert 'carried by "ADD-9", but Calder Ridge has no such agreement' in error.message


def test_the_name_of_an_export_is_no_path(desk: Desk) -> None:
    desk.type('/engagement client add "../../Fox & Sons"')
    desk.type('/engagement agreement add "../../Fox & Sons" SOW/A kind:sow effective:2026-01-01 signed:2026-01-01')
    desk.type('/engagement matrix set "../../Fox & Sons" SOW/A "Server backup" msp clause:7.1')
    [file] = desk.type('/engagement matrix export "../../Fox & Sons" SOW/A').files
    assert file.name == "Fox-Sons-SOW-A-matrix.xlsx"
