"""Old and new releases at one database: what a migration may do, and which release may start on which schema."""

import re

import pytest
from sqlalchemy import event, text

from storage.database import Database
from storage.engine import schema
from storage.errors import DatabaseUnavailable

_NARROWS = {
    "takes away a table": r"\bDROP TABLE (?!.*_alembic_tmp)",
    "takes away a column": r"\bDROP COLUMN\b",
    "renames": r"\bRENAME\b",
    "changes a type": r"\bALTER COLUMN \S+ TYPE\b",
    "forbids empty values": r"\bSET NOT NULL\b",
    "adds a column that older releases cannot fill": r"\bADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b",
    "forbids values": r"\bADD CONSTRAINT\b.*\b(CHECK|UNIQUE|FOREIGN KEY)\b",
    "forbids doubles": r"\bCREATE UNIQUE INDEX\b",
    "takes away a default": r"\bDROP DEFAULT\b",
}


def narrowing(statements: list[str], seen: dict[str, set[str]]) -> list[str]:
    """What older releases could not go on with, in words.

    `seen` holds the values that each CHECK allowed so far; one that is put in its place and allows more is fine. So is
    anything about a table that these statements make.
    """
    made = set(re.findall(r"CREATE TABLE (\w+)", "\n".join(statements)))
    found = []
    for statement in (" ".join(each.split()) for each in statements):
        about = re.search(r"(?:ALTER TABLE|CREATE UNIQUE INDEX \w+ ON|DROP TABLE) (\w+)", statement)
        allowed = _allowed(statement)
        is_wider = bool(allowed) and all(seen.get(name, set()) <= values for name, values in allowed.items())
        is_wider = is_wider and all(name in seen for name in allowed)
        seen.update(allowed)
        if (about is not None and about[1] in made) or is_wider:
            continue
        found += [f"{what}: {statement[:120]}" for what, pattern in _NARROWS.items() if re.search(pattern, statement)]
    return found


def _allowed(statement: str) -> dict[str, set[str]]:
    checks = re.findall(r"CONSTRAINT (\w+) CHECK \((\w+ IN \([^)]*\))\)", statement)
    return {name: set(re.findall(r"'([^']*)'", values)) for name, values in checks}


@pytest.mark.parametrize(
    ("statement", "is_fine"),
    [
        ("CREATE TABLE news (id INTEGER NOT NULL)", True),
        ("ALTER TABLE client ADD COLUMN note VARCHAR(20)", True),
        ("ALTER TABLE client ADD COLUMN note VARCHAR(20) DEFAULT '' NOT NULL", True),
        ("CREATE INDEX ix ON client (name)", True),
        ("ALTER TABLE client ALTER COLUMN name DROP NOT NULL", True),
        ("ALTER TABLE client ADD CONSTRAINT ck_kind CHECK (kind IN ('a', 'b', 'c'))", True),
        ("ALTER TABLE client ADD CONSTRAINT ck_kind CHECK (kind IN ('a'))", False),
        ("ALTER TABLE client ADD CONSTRAINT ck_new CHECK (kind IN ('a', 'b', 'c'))", False),
        ("ALTER TABLE client ADD COLUMN note VARCHAR(20) NOT NULL", False),
        ("ALTER TABLE client DROP COLUMN name", False),
        ("ALTER TABLE client RENAME COLUMN name TO title", False),
        ("ALTER TABLE client RENAME TO customer", False),
        ("ALTER TABLE client ALTER COLUMN name SET NOT NULL", False),
        ("ALTER TABLE client ALTER COLUMN id TYPE BIGINT", False),
        ("CREATE UNIQUE INDEX ix ON client (name)", False),
        ("DROP TABLE client", False),
    ],
)
def test_what_older_releases_cannot_go_on_with_is_seen(statement: str, is_fine: bool) -> None:
    assert (narrowing([statement], {"ck_kind": {"a", "b"}}) == []) == is_fine


def test_migrations_only_add_or_say_from_which_release_on_they_work(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        pytest.skip("SQLite's batches make whole tables anew; what they do is read from PostgreSQL's statements")
    database = Database(empty_url)
    seen: dict[str, set[str]] = {}
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for revision in reversed(schema.known()):
        statements.clear()
        database.upgrade(revision)
        found = narrowing(statements, seen)
        if _works_from(revision) is None:
            assert found == [], f"{revision}: see storage/engine/schema.py"
    database.close()


def _works_from(revision: str) -> str | None:
    [script] = [each for each in schema._scripts() if each.revision == revision]
    return getattr(script.module, "WORKS_FROM", None)


@pytest.fixture
def newer(database: Database) -> Database:
    """A database that a release of the future upgraded: revision 9999, which only adds."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("CREATE TABLE of_the_future (id INTEGER)"))
    return database


def _reopened(database: Database) -> Database:
    return Database.ready(database.engine.url.render_as_string(hide_password=False))


def test_an_older_release_goes_on_where_a_newer_one_only_added(newer: Database) -> None:
    opened = _reopened(newer)
    opened.check()
    with opened.workspaces() as workspaces:
        assert workspaces.add("Served by the older release").id
    assert opened.current() == "9999", "it leaves the schema alone"
    opened.close()


def test_an_older_release_refuses_what_it_cannot_work_on(newer: Database) -> None:
    with newer.engine.begin() as connection:
        connection.execute(text("UPDATE schema_floor SET revision = '9998'"))
    with pytest.raises(DatabaseUnavailable, match=r"newer release made the schema \(9999\)"):
        _reopened(newer)
    with pytest.raises(DatabaseUnavailable, match="newer release"):
        newer.check()


def test_an_older_release_does_not_migrate_what_a_newer_one_made(newer: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot migrate"):
        newer.upgrade()
    assert newer.current() == "9999"


def test_a_schema_of_before_there_was_word_of_newer_ones_is_not_taken_for_one(newer: Database) -> None:
    with newer.engine.begin() as connection:
        connection.execute(text("DROP TABLE schema_floor"))
    with pytest.raises(DatabaseUnavailable, match="newer release"):
        _reopened(newer)


def test_the_floor_is_what_the_newest_second_step_says(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = schema._scripts()
    [third] = [script for script in scripts if script.revision == "0003"]
    monkeypatch.setattr(third.module, "WORKS_FROM", "0002", raising=False)
    monkeypatch.setattr(schema, "_scripts", lambda: scripts)
    schema.floor.cache_clear()
    try:
        database = Database(empty_url)
        database.upgrade()
        with database.engine.connect() as connection:
            assert connection.execute(text("SELECT revision FROM schema_floor")).scalars().all() == ["0002"]
        database.close()
    finally:
        schema.floor.cache_clear()


def test_the_names_of_the_files_are_the_revisions_in_order() -> None:
    assert schema.known() == tuple(script.revision for script in schema._scripts())
