"""The schema: equal to the models, and migrations that go up, down and up again on both engines."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage import tables
from storage.database import Database
from storage.errors import DatabaseUnavailable


def _schema(database: Database) -> dict[str, list[str]]:
    inspector = inspect(database.engine)
    return {
        table: sorted(
            f"{column['name']} {column['type']} {column['nullable']}" for column in inspector.get_columns(table)
        )
        for table in sorted(inspector.get_table_names())
    }


def test_upgrade_downgrade_upgrade_gives_the_same_schema(empty_url: str) -> None:
    database = Database(empty_url)
    database.upgrade()
    first = _schema(database)
    database.downgrade("base")
    assert list(_schema(database)) == ["alembic_version"]
    database.upgrade()
    assert _schema(database) == first
    assert database.current() == database.newest()
    database.close()


def test_the_schema_equals_the_models(database: Database) -> None:
    assert tables.ClientRow.metadata is SQLModel.metadata
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_every_check_of_the_models_is_in_the_schema(database: Database) -> None:
    """Alembic does not compare CHECK constraints; a new member of an enum would be refused by an old CHECK."""
    inspector = inspect(database.engine)
    for table in SQLModel.metadata.sorted_tables:
        found = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for column in table.columns:
            for member in getattr(column.type, "enums", ()):
                assert any(f"'{member}'" in sql for sql in found.values()), f"{table.name}.{column.name}: {member}"


def test_a_populated_database_survives_going_down_and_up_one_revision(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO workspace (name) VALUES ('kept')"))
    database.downgrade("0001")
    database.upgrade()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM workspace")).scalar() == "kept"


def test_postgresql_that_was_not_migrated_is_refused_with_the_command_to_type(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        Database.ready(empty_url).close()
        return
    with pytest.raises(DatabaseUnavailable, match="engagement-bot db upgrade"):
        Database.ready(empty_url)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_entry SET actor = 'EVIL'",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry "
        "(id, workspace_id, seq, at, actor, action, outcome, details_digest, previous_hash, hash) "
        "VALUES (1, 1, 1, '2026-01-01', 'EVIL', 'x', 'done', 'd', 'p', 'h')",
    ],
)
def test_the_database_refuses_to_rewrite_the_audit_log(database: Database, attack: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO workspace (id, name) VALUES (1, 'w')"))
        connection.execute(
            text(
                "INSERT INTO audit_entry "
                "(workspace_id, seq, at, actor, action, outcome, details_digest, previous_hash, hash)"
                " VALUES (1, 1, '2026-01-01', 'dana', 'x', 'done', 'd', '0', 'h1')"
            )
        )
    statements = [attack]
    if database.is_sqlite:
        statements.append(attack.replace("INSERT INTO", "INSERT OR REPLACE INTO"))
    else:
        statements.append("TRUNCATE audit_entry")
    for statement in statements:
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text(statement))
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT actor FROM audit_entry")).scalars().all() == ["dana"]


def test_backup_is_a_whole_database_and_never_overwrites(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("INSERT INTO workspace (name) VALUES ('kept')"))
    target = tmp_path / "copy.db"
    sqlite_database.backup(target)
    copy = sqlite3.connect(target)
    assert copy.execute("SELECT name FROM workspace").fetchall() == [("kept",)]
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    with pytest.raises(ValueError, match="exists already"):
        sqlite_database.backup(target)


def test_names_stored_before_are_found_by_the_rule_of_now(database: Database) -> None:
    database.downgrade("0019")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO workspace (id, name) VALUES (7, 'kept')"))
        connection.execute(
            text(
                "INSERT INTO client (id, workspace_id, name, aliases, channels, status, matrix_version, version) "
                "VALUES (7, 7, :name, '[\"*cr*\"]', '[]', 'active', 0, 0)"
            ),
            {"name": "Cal\u200bder"},
        )
        connection.execute(text("INSERT INTO client_key (workspace_id, client_id, key) VALUES (7, 7, 'cal der')"))
        connection.execute(
            text(
                "INSERT INTO agreement (id, workspace_id, client_id, reference, reference_key, kind, status, term_kind,"
                " version) VALUES (7, 7, 7, :reference, :reference, 'sow', 'draft', 'fixed', 0)"
            ),
            {"reference": "sow\u2011a"},
        )
    database.upgrade()
    with database.engine.connect() as connection:
        keys = connection.execute(text("SELECT key FROM client_key ORDER BY key")).scalars().all()
        assert keys == ["cal der", "calder", "cr"]
        assert connection.execute(text("SELECT reference_key FROM agreement")).scalar() == "sow-a"
        assert connection.execute(text("SELECT reference FROM agreement")).scalar() == "sow\u2011a"
