"""Which release can work on which schema: old and new replicas run side by side while a release is rolled out.

A migration adds: tables, columns that may be empty or have a default in the database, indexes. What an older release
still runs on is not taken away, renamed or narrowed in the same release that stops using it; that is a second step, in
a later release, whose migration says WORKS_FROM = "0012": the oldest revision whose release can still work on the
schema from here on. A new member of an enum is allowed for in one release and written by the next. What older writers
have to keep up, too, is kept up by triggers. A test reads the migrations for this.
"""

import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text
from sqlmodel import Field, SQLModel

from storage.errors import WrongSchema

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script

_VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
_BASE = "0001"
_log = logging.getLogger(__name__)


class SchemaFloorRow(SQLModel, table=True):
    """One row: the oldest revision whose release can work on this database, as the newest migration knows it."""

    __tablename__ = "schema_floor"
    revision: str = Field(primary_key=True, max_length=32)


def alembic() -> "Config":
    """The settings of the migrations, imported late: only a start and a test need them."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    return config


@cache
def known() -> tuple[str, ...]:
    """The revisions of this release, the newest first: the names of its files, read without loading any."""
    return tuple(sorted((path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py")), reverse=True))


def newest() -> str:
    """The revision that this release was made for."""
    return known()[0]


@cache
def floor() -> str:
    """The oldest revision whose release can work on this release's schema."""
    return max((getattr(script.module, "WORKS_FROM", _BASE) for script in _scripts()), key=_age)


def current(connection: Connection) -> str | None:
    """The revision of the database, None where there is none."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def migrate(connection: Connection, direction: Literal["upgrade", "downgrade"], revision: str) -> None:
    """To `revision`, in the transaction of `connection`. Raises DatabaseUnavailable for a newer release's schema."""
    from alembic import command

    at = current(connection)
    if at is not None and at not in known():
        raise WrongSchema(f"a newer release made the schema ({at}); this one cannot migrate it")
    config = alembic()
    config.attributes["connection"] = connection
    (command.upgrade if direction == "upgrade" else command.downgrade)(config, revision)
    _note_floor(connection)


def _note_floor(connection: Connection) -> None:
    """Leave word of it for older releases, where this schema has a place for that."""
    if connection.dialect.has_table(connection, SchemaFloorRow.__tablename__):
        connection.execute(text("DELETE FROM schema_floor"))
        connection.execute(text("INSERT INTO schema_floor (revision) VALUES (:revision)"), {"revision": floor()})


def check(connection: Connection) -> None:
    """Raises WrongSchema unless this release can work on the database's schema: its own, or one that a newer
    release made without taking anything away.
    """
    at = current(connection)
    if at == newest():
        return
    if at is None or at in known():
        raise WrongSchema(
            f"the schema is at {at or 'nothing'}, this release needs {newest()}; run: engagement-bot db upgrade"
        )
    is_noted = connection.dialect.has_table(connection, SchemaFloorRow.__tablename__)
    oldest = connection.execute(text("SELECT revision FROM schema_floor")).scalar() if is_noted else None
    if oldest not in known():
        raise WrongSchema(
            f"a newer release made the schema ({at}), and this one, made for {newest()}, cannot work on it; "
            "install the newer release, or restore the backup from before its upgrade"
        )
    _log.debug("the schema is newer (%s) than this release (%s), which can work on it", at, newest())


def _age(revision: str) -> int:
    return -known().index(revision)


def _scripts() -> "tuple[Script, ...]":
    from alembic.script import ScriptDirectory

    return tuple(ScriptDirectory.from_config(alembic()).walk_revisions())
