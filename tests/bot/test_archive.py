"""Everything in one file: it comes back the same, from SQLite to PostgreSQL and back, or nothing is saved."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import JSON, Column, Table, insert, select
from sqlmodel import SQLModel

from bot.console.demo_data import seed
from commands.catalog import REGISTRY
from commands.command import Upload
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from commands.policy import Policy
from commands.reply import Reply
from commands.workspace.archive import read_archive, write_archive
from storage.database import Database
from storage.records import Agreement, Client, Period
from storage.repositories.archive import NOT_CARRIED, _read, _write_value, archive_tables
from tests.conftest import NOW
from tests.prepared import prepared

POLICY = Policy(ZoneInfo("America/Chicago"), managers_channel="C0MANAGERS")


def test_every_table_is_carried_or_left_out_for_a_reason() -> None:
    """A new table of a workspace is carried without anybody's doing."""
    ours = {table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.c}
    assert {table.name for table in archive_tables()} | set(NOT_CARRIED) == ours
    assert not {table.name for table in archive_tables()} & set(NOT_CARRIED)
    assert all(len(reason.split()) > 3 for reason in NOT_CARRIED.values())
    names = [table.name for table in archive_tables()]
    for table in archive_tables():
        for key in table.foreign_keys:
            to = key.column.table.name
            assert to in ("workspace", table.name) or names.index(to) < names.index(table.name)


def made(column: Column[Any], seed: int = 1) -> Any:
    """A value that the column takes."""
    kind = column.type
    stored = getattr(kind, "impl_instance", kind)
    if isinstance(kind, JSON):
        return [f"ä{seed}", {"n": [seed, None, True]}]
    if type(kind).__name__ in ("PeriodText", "DecimalText"):
        return Period.parse("10bd") if type(kind).__name__ == "PeriodText" else Decimal("-3.10")
    values: dict[type, Any] = {
        datetime: datetime(2026, 1, seed, 9, 30, 0, 123456, tzinfo=UTC), date: date(2026, 1, seed), time: time(9, 5),
        int: seed, float: 0.1 + 0.2, bool: True, bytes: b"\x00\xff" * seed,
    }  # fmt: skip
    if issubclass(stored.python_type, Enum):
        return list(stored.python_type)[-1]
    if stored.python_type is str:
        length = getattr(stored, "length", None) or 50
        return f"{column.name} “ä\n{seed}"[:length] if length > 8 else "US"
    return values[stored.python_type]


@pytest.mark.parametrize("table", archive_tables(), ids=lambda table: table.name)
def test_every_column_of_every_table_can_be_carried(table: Table) -> None:
    columns = [column for column in table.c if column.name != "workspace_id"]
    for row in (
        {column.name: made(column) for column in columns},
        {column.name: None if column.nullable else made(column) for column in columns},
    ):
        text = json.dumps({column.name: _write_value(column, row[column.name]) for column in columns})
        assert _read(table, json.loads(text)) == row


@pytest.fixture
def fresh(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Further SQLite databases, by name."""
    opened: list[Database] = []

    def open_one(name: str) -> Database:
        shutil.copy(sqlite_template, tmp_path / name)
        opened.append(Database(f"sqlite:///{tmp_path / name}"))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


def workspace(database: Database) -> int:
    with database.workspaces() as known:
        return (known.list() or [known.add("Test")])[0].id


def filled(database: Database) -> Database:
    """The demo's records, a row in every table that they leave empty, and a parent that came after its child."""
    prepared(database, "filled", lambda: _fill(database))
    return database


def _fill(database: Database) -> None:
    workspace_id = workspace(database)
    dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: NOW, POLICY)
    seed(dispatcher, workspace_id, NOW.date())
    with database.open_unit(workspace_id) as uow:
        client = uow.clients.add(Client(name="Zed =1+1 “ä”", aliases=("a; b", 'c"d')))
        child = uow.agreements.add(Agreement(client_id=client.id, reference="ADD"), at=NOW)
        parent = uow.agreements.add(Agreement(client_id=client.id, reference="MSA", uplift_percent="3.10"), at=NOW)
        uow.agreements.save(child.changed(parent_id=parent.id), at=NOW)
        for table in archive_tables():
            if uow.connection.execute(select(table.c.id).limit(1)).first() is None:
                uow.connection.execute(insert(table).values(_row(uow.connection, table, workspace_id)))


def _row(connection: Any, table: Table, workspace_id: int) -> dict[str, Any]:
    row: dict[str, Any] = {"workspace_id": workspace_id}
    for column in table.c:
        if column.primary_key or column.name == "workspace_id":
            continue
        key = next(iter(column.foreign_keys), None)
        if key is not None and key.column.table is table:
            continue
        row[column.name] = connection.execute(select(key.column).limit(1)).scalar_one() if key else made(column)
    return row


def exported(database: Database) -> bytes:
    out = io.BytesIO()
    workspace_id = workspace(database)
    with database.workspaces() as known:
        ours = next(each for each in known.list() if each.id == workspace_id)
    with database.open_snapshot(workspace_id) as uow:
        write_archive(uow, out, schema=database.newest(), workspace=ours, now=NOW)
    return out.getvalue()


def imported(database: Database, content: bytes) -> None:
    with database.open_unit(workspace(database)) as uow:
        read_archive(uow, io.BytesIO(content), schema=database.newest())
        database.continue_ids(uow, [table.name for table in archive_tables()])


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_all_comes_back_the_same_from_one_database_to_the_other_and_back(
    fresh: Callable[[str], Database], database: Database
) -> None:
    source = filled(fresh("source.db"))
    first = exported(source)
    assert all(count["rows"] for count in json.loads(members(first)["manifest.json"])["members"].values())
    imported(database, first)
    assert members(exported(database)) == members(first)
    back = fresh("back.db")
    imported(back, exported(database))
    assert members(exported(back)) == members(first)
    for each in (database, back):
        with each.open_unit(workspace(each)) as uow:
            assert uow.audit.verify()[1] is None
            found = uow.clients.find_by_key("zed 1 1 ä")
            assert found is not None
            papers = {paper.reference: paper for paper in uow.agreements.of_client(found.id)}
            assert papers["ADD"].parent_id == papers["MSA"].id > papers["ADD"].id
            added = uow.clients.add(Client(name="Added afterwards"))
            assert added.id > found.id


@pytest.fixture(scope="module")
def whole(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The archive of a filled database."""
    path = tmp_path_factory.mktemp("whole") / "source.db"
    shutil.copy(sqlite_template, path)
    source = Database(f"sqlite:///{path}")
    try:
        return exported(filled(source))
    finally:
        source.close()


def test_an_incident_keeps_its_number_its_clocks_and_its_versions(fresh: Callable[[str], Database]) -> None:
    def run(database: Database, text: str) -> Reply:
        dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: NOW, POLICY)
        return dispatcher.run(Request(workspace(database), CONSOLE, text, is_confirmed=True))

    source, target = fresh("source.db"), fresh("target.db")
    for line in (
        "client add Seaside",
        'incident record seaside "Lost laptop" discovered:2026-03-01 at:14:30 residents:"TX 1200"',
        "incident edit seaside Lost people:1300",
        'incident told seaside Lost clock:"Texas breach notification law: the people" to:residents at:08:30',
        "incident record seaside Theft discovered:2026-03-01",
        'incident close seaside Theft reason:"a mistake"',
    ):
        run(source, line)
    imported(target, exported(source))
    shown = ("incident show seaside 1", "incident show seaside Theft", "incident list seaside history:yes")
    for each in shown:
        ours, theirs = run(source, each), run(target, each)
        assert (ours.data, ours.fields, ours.table) == (theirs.data, theirs.fields, theirs.table)
    assert run(target, "incident show seaside Lost").data["incident"]["number"] == 1
    added = run(target, "incident record seaside Fire discovered:2026-03-02").data["incident"]["number"]
    assert added == run(source, "incident record seaside Fire discovered:2026-03-02").data["incident"]["number"]


def test_a_template_and_the_papers_made_with_it_move_as_they_are(fresh: Callable[[str], Database]) -> None:
    def run(database: Database, text: str, *uploads: Upload) -> Reply:
        dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: NOW, POLICY)
        return dispatcher.run(Request(workspace(database), CONSOLE, text, uploads=uploads, is_confirmed=True))

    source, target = fresh("source.db"), fresh("target.db")
    [shipped] = run(source, "template get statement").files
    template = Document(io.BytesIO(shipped.content))
    [passage] = [each for each in template.paragraphs if each.text == "We do these. The clause says how far."]
    passage.text = "Harbor IT does these."
    ours = io.BytesIO()
    template.save(ours)
    run(source, "template set statement", Upload("ours.docx", ours.getvalue()))
    run(source, "client add Seaside")
    run(source, "agreement add seaside MSA kind:msa effective:2026-01-01")
    run(source, "matrix set seaside MSA Backup msp")
    [paper] = run(source, "paper statement seaside").files
    imported(target, exported(source))
    for text in ("template list", "template get statement", "paper list seaside"):
        assert run(source, text).data == run(target, text).data
    [again] = run(target, "template get statement").files
    assert again.content == ours.getvalue()
    [moved] = run(target, "paper statement seaside").files
    assert moved.content == paper.content
    assert "unchanged since it was made" in run(target, "paper verify", Upload(paper.name, paper.content)).headline


def changed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    parts = members(content)
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


def _row_changed(parts: dict[str, bytes]) -> None:
    parts["tables/client.jsonl"] = parts["tables/client.jsonl"].replace(b"Calder", b"Caldor")


def _schema(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), "schema": "0001"}).encode()


def _rehashed(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    """A change that the manifest was made to fit."""

    def change(parts: dict[str, bytes]) -> None:
        whole = parts[f"tables/{name}.jsonl"].replace(old, new, 1)
        manifest = json.loads(parts["manifest.json"])
        manifest["members"][name] = {
            "rows": whole.count(b"\n"), "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest(),
        }  # fmt: skip
        parts[f"tables/{name}.jsonl"] = whole
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change


DAMAGED = {
    "a changed row": (_row_changed, "client is not what the manifest says"),
    "a missing member": (lambda parts: parts.pop("tables/promise.jsonl"), "promise is missing"),
    "a stray path": (lambda parts: parts.update({"../../etc/passwd": b"x"}), "is no member of an archive"),
    "no manifest": (lambda parts: parts.pop("manifest.json"), "no manifest"),
    "another manifest": (lambda parts: parts.update({"manifest.json": b'{"format": "x"}'}), "not of an archive"),
    "a manifest of no JSON": (lambda parts: parts.update({"manifest.json": b"{"}), "cannot be read"),
    "another release": (_schema, "written by another release (schema 0001"),
    "an unknown column": (_rehashed("client", b'{"', b'{"x": 1, "'), "does not have the columns"),
    "no date": (_rehashed("agreement", b'"effective_on": "20', b'"effective_on": "xx'), "cannot be read"),
    "an unknown choice": (_rehashed("responsibility", b'"party": "msp"', b'"party": "us"'), "cannot be read"),
    "a row of nobody": (
        _rehashed("responsibility", b'"client_id": 1', b'"client_id": 99999'),
        "the database refuses it",
    ),
    "the same row twice": (_rehashed("client", b'"id": 2', b'"id": 1'), "the database refuses it"),
    "an audit log that was rewritten": (_rehashed("audit_detail", b"Calder", b"Caldor"), "audit log does not hold"),
}


@pytest.mark.parametrize(("change", "words"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_refused_in_words_and_nothing_is_saved(
    whole: bytes, database: Database, change: Callable[[dict[str, bytes]], None], words: str
) -> None:
    content = changed(whole, change)
    with pytest.raises(CommandError) as refusal:
        imported(database, content)
    assert words in refusal.value.message
    assert "Nothing was saved" in refusal.value.message
    with database.open_unit(workspace(database), writes=False) as uow:
        assert uow.archive.held() == {}


def test_a_file_that_is_cut_off_or_no_archive_is_refused(whole: bytes, fresh: Callable[[str], Database]) -> None:
    target = fresh("target.db")
    for content in (b"", b"PK", b"item,responsible\n", whole[:-100], whole[100:], whole[: len(whole) // 2]):
        with pytest.raises(CommandError, match="damaged or is no archive"):
            imported(target, content)
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    with pytest.raises(CommandError, match="Nothing was saved"):
        imported(target, bytes(flipped))


def test_a_bomb_is_not_unpacked(
    whole: bytes, fresh: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = fresh("target.db")
    bomb = changed(whole, lambda parts: parts.update({"tables/client.jsonl": b"\0" * 5_000_000}))
    monkeypatch.setattr("commands.workspace.archive.MOST_OF_ARCHIVE", 4_000_000)
    with pytest.raises(CommandError, match="unpacks to more than"):
        imported(target, bomb)
    monkeypatch.setattr("commands.workspace.archive.MOST_OF_ARCHIVE", 10_000_000)
    monkeypatch.setattr("commands.workspace.archive._LONGEST_LINE", 1_000_000)
    with pytest.raises(CommandError, match="a row of client is too long"):
        imported(target, bomb)


def test_a_database_that_holds_anything_is_refused(whole: bytes, fresh: Callable[[str], Database]) -> None:
    target = fresh("target.db")
    with target.open_unit(workspace(target)) as uow:
        uow.clients.add(Client(name="Here already"))
    with pytest.raises(CommandError, match="The database is not empty: it holds 1 client, 1 client key"):
        imported(target, whole)


@pytest.mark.parametrize("verb", ["export", "import"])
def test_nobody_in_slack_can_do_it(verb: str) -> None:
    assert REGISTRY.find(verb, "all") is None
    assert REGISTRY.find(verb, "") is None
