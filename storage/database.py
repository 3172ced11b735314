"""The engine, its transactions and its schema. The only file that knows which database it is."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, DateTime, Engine, String, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import Session, SQLModel

from storage.engine import schema
from storage.engine.compiled_statements import CompiledStatement, execute_raw
from storage.engine.directory import Directories
from storage.engine.group_commit import GroupCommit
from storage.engine.plain_errors import in_plain_words
from storage.engine.session import TenantSession
from storage.errors import DatabaseUnavailable
from storage.repositories.workspaces import Workspaces
from storage.unit_of_work import UnitOfWork

# A waiting writer must give up before Slack does (3 s), and say so.
BUSY_MILLISECONDS = 2500
# To PostgreSQL, of one process: kept open for each thread that answers, opened for a while for the clock and workers.
_CONNECTIONS, _MORE_CONNECTIONS = 16, 8
_NOW_QUERY = CompiledStatement(text("SELECT clock_timestamp() AS now").columns(now=DateTime(timezone=True)))
_HOLD_CHAIN = CompiledStatement(
    text("SELECT pg_advisory_xact_lock(hashtext('audit'), CAST(:workspace_id AS integer))").columns(lock=String)
)

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)
_CONTINUE_IDS = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), CAST(:most AS bigint))")


class Database:
    """One database: `sqlite:///file.db` or `postgresql://user:password@host/name`. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for a URL that is neither. Does not connect yet."""
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE") if self.is_sqlite else self.engine
        self._group_commit = GroupCommit(self._writer, BUSY_MILLISECONDS / 1000) if self.is_sqlite else None
        self.directories = Directories()

    @classmethod
    def ready(cls, url: str) -> Self:
        """With this release's schema: migrated to it on SQLite, checked elsewhere. Raises DatabaseUnavailable."""
        database = cls(url)
        try:
            database._make_ready()
        except DatabaseUnavailable:
            database.close()
            raise
        return database

    def open_unit(self, workspace_id: int, *, writes: bool = True, shares: bool = False) -> UnitOfWork:
        """A unit of work for one workspace; a context manager. `writes` takes SQLite's write lock at once.

        `shares`: it is short, and may be committed together with others that wait for their turn to write.
        """
        write = self._group_commit.write(shares=shares) if writes and self._group_commit is not None else None
        return UnitOfWork(TenantSession(self.engine, workspace_id, self.directories), lock_chain, write)

    def open_snapshot(self, workspace_id: int) -> UnitOfWork:
        """A unit of work that reads all as of one moment, whatever others change meanwhile."""
        engine = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        return UnitOfWork(TenantSession(engine, workspace_id, self.directories), lock_chain)

    def continue_ids(self, uow: UnitOfWork, tables: Iterable[str]) -> None:
        """Number new rows of these tables after those that were put in with their ids. SQLite does so by itself."""
        for table in tables if not self.is_sqlite else ():
            uow.connection.execute(_CONTINUE_IDS, {"table": table, "most": _highest(uow.connection, table)})

    @contextmanager
    def workspaces(self) -> Iterator[Workspaces]:
        """The tenants themselves, outside any tenant; committed at the end."""
        with translate_errors(), Session(self._writer) as session, session.begin():
            yield Workspaces(session)

    def upgrade(self, revision: str = "head") -> None:
        """Migrate to `revision`. Raises DatabaseUnavailable."""
        self._migrate("upgrade", revision)

    def downgrade(self, revision: str) -> None:
        """Migrate back to `revision` ("base" for nothing). Raises DatabaseUnavailable."""
        self._migrate("downgrade", revision)

    def current(self) -> str | None:
        """The revision of the schema, None where there is none. Raises DatabaseUnavailable."""
        with translate_errors(), self.engine.connect() as connection:
            return schema.current(connection)

    def newest(self) -> str:
        """The revision that this release needs."""
        return schema.newest()

    def ping(self) -> None:
        """Raises DatabaseUnavailable when nothing can be read."""
        with translate_errors(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def check(self) -> None:
        """Raises DatabaseUnavailable, saying why, when nothing can be read, or not as this release reads it."""
        with translate_errors(), self.engine.connect() as connection:
            schema.check(connection)

    def shared_now(self, uow: UnitOfWork) -> datetime:
        """The time that every process at this database agrees on: PostgreSQL's, or this machine's for SQLite."""
        if self.is_sqlite:
            return datetime.now(UTC)
        found: datetime = _NOW_QUERY.rows(uow.connection, {})[0]["now"]
        return found.astimezone(UTC)

    def other_connections(self) -> int:
        """How many others have the database open, as far as it knows; SQLite does not. Raises DatabaseUnavailable."""
        if self.is_sqlite:
            return 0
        with translate_errors(), self.engine.connect() as connection:
            found: int = connection.execute(_OTHERS).scalar_one()
        return found

    def backup(self, target: Path) -> None:
        """A consistent copy while the bot runs. Raises DatabaseUnavailable; ValueError for PostgreSQL (use pg_dump)."""
        if not self.is_sqlite:
            raise ValueError("db backup copies SQLite databases. For PostgreSQL use pg_dump.")
        if target.exists():
            raise ValueError(f"{target} exists already. Choose a new name: backups are never overwritten.")
        part = target.with_name(f"{target.name}.part")  # what is not whole never has the name of a backup
        try:
            part.unlink(missing_ok=True)
            with translate_errors(), self.engine.connect() as connection, closing(sqlite3.connect(part)) as copy:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)
                source.backup(copy)
            part.rename(target)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnavailable(f"cannot write {target}: {in_plain_words(error)}") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def restore(self, source: Path, kept: Path) -> None:
        """Put the backup `source` in the place of this database, whose content is kept in `kept`; then migrate it.

        Nobody else may have the database open. Raises ValueError for PostgreSQL and for what is no backup of ours,
        DatabaseUnavailable when a file cannot be read or written.
        """
        if not self.is_sqlite:
            raise ValueError("db restore puts SQLite backups back. For PostgreSQL use pg_restore, then: db restored")
        if not source.is_file():
            raise ValueError(f"There is no file {source}.")
        try:
            with closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as backup:
                _check_backup(backup)
                if Path(str(self.engine.url.database)).exists():
                    self.backup(kept)
                self.close()
                with closing(sqlite3.connect(str(self.engine.url.database))) as place:
                    backup.backup(place)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnavailable(f"cannot restore {source}: {in_plain_words(error)}") from error
        self.upgrade()

    def close(self) -> None:
        self.engine.dispose()

    def _make_ready(self) -> None:
        """A newer release's schema that only adds is good enough: replicas are upgraded one after another."""
        if self.is_sqlite and self._is_behind():
            self.upgrade()
        self.check()

    def _is_behind(self) -> bool:
        current = self.current()
        return current is None or (current != schema.newest() and current in schema.known())

    def _migrate(self, direction: Literal["upgrade", "downgrade"], revision: str) -> None:
        with translate_errors(), self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('engagement-bot migrations'))"))
            schema.migrate(connection, direction, revision)


def _highest(connection: Connection, table: str) -> int:
    column = SQLModel.metadata.tables[table].c.id
    found: int = connection.execute(select(func.coalesce(func.max(column), 1))).scalar_one()
    return found


def _check_backup(backup: sqlite3.Connection) -> None:
    """Raises ValueError for a file that is damaged, is something else, or was made by a newer release."""
    try:
        is_whole = backup.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        revision = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise ValueError(f"That is not a backup of this bot ({error}).") from error
    if not is_whole:
        raise ValueError("That backup is damaged: SQLite's own check of it fails.")
    if revision is None or revision[0] not in schema.known():
        raise ValueError(f"That backup is of another release (schema {revision and revision[0]}). Install that first.")


@contextmanager
def translate_errors() -> Iterator[None]:
    """The driver's exceptions as DatabaseUnavailable, in plain words."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(in_plain_words(getattr(error, "orig", None) or error)) from error


def lock_chain(session: TenantSession, workspace_id: int) -> None:
    """Hold others who would append to this workspace's audit log until commit. SQLite's writer holds them already."""
    if session.open.dialect.name == "postgresql":
        _HOLD_CHAIN.rows(session.open, {"workspace_id": workspace_id})


def sqlite_file(url: str) -> str | None:
    """The path of an SQLite database as its address writes it; None for another database and for one in memory."""
    path = make_url(url).database if url.startswith("sqlite") else None
    return path if path != ":memory:" else None


def place_of(url: str | URL) -> str:
    """The database's address without its password, wherever in it that stands."""
    parsed = make_url(url)
    secrets = [each for each in parsed.query if "password" in each]
    return parsed.difference_update_query(secrets).render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise ValueError(
            "is not a database URL; write sqlite:///engagement.db or postgresql://user@host/name"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
            pool_timeout=BUSY_MILLISECONDS / 1000,
            hide_parameters=True,
            connect_args={"connect_timeout": 5, "client_encoding": "utf8"},
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    raise ValueError("names a database other than SQLite and PostgreSQL")


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Without isolation_level=None the driver begins late and loses updates; FULL keeps commits through a power cut."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _: object) -> None:
    """Its compiler, which judges by estimated rows, took 0.1 s over finding the next reminder in 0.004 s.

    What answers from another process than was connected to is a pooler, whose next transaction may go over another
    connection: statements prepared on this one would be missing there, or be somebody else's.

    Raises DatabaseUnavailable for a database in which names cannot be compared.
    """
    if (encoding := connection.info.parameter_status("server_encoding")) not in ("UTF8", None):
        connection.close()
        raise DatabaseUnavailable(
            f"the database's encoding is {encoding}, not UTF8; make one with TEMPLATE template0 ENCODING 'UTF8'"
        )
    process, _ = connection.execute("SELECT pg_backend_pid(), set_config('jit', 'off', false)").fetchone()
    connection.commit()
    if process != connection.info.backend_pid:
        connection.prepare_threshold = None


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    execute_raw(connection, f"BEGIN {kind}", (), lambda cursor: None)
