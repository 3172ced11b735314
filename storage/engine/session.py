"""A session of one workspace: the tenant's condition is on every statement and every new row, written by whomever.

What a question needs most goes past SQLAlchemy's ORM (`fetch`, `insert`): the same conditions, a third of the time.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, bindparam, column, event, insert, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.attributes import set_attribute
from sqlalchemy.sql import visitors
from sqlmodel import Session

from storage.engine.compiled_statements import CompiledStatement
from storage.engine.directory import CONTENT, Directories, Directory
from storage.engine.prefetch import AT_ONCE, Prefetch, Read, T
from storage.table_base import TenantTable

# SQLAlchemy tries the condition below on this class before it is used on its mapped subclasses.
TenantTable.workspace_id = column("workspace_id", Integer)  # type: ignore[assignment]


class TenantSession(Session):
    """`concealed` are further conditions on every query: see storage/engine/concealment.py. `changed_directory`: this
    transaction changed a client, a role or a visibility.

    `epoch` changes when what other transactions read, and may have kept, was never committed.
    """

    def __init__(self, engine: Engine, workspace_id: int, directories: Directories) -> None:
        super().__init__(autoflush=False, expire_on_commit=False, join_transaction_mode="rollback_only")
        self._engine = engine
        self.workspace_id = workspace_id
        self.epoch = 0
        self.concealed: tuple[Any, ...] = ()
        self._directories = directories
        self._directory: Directory | None = None
        self._open: Connection | None = None
        self.changed_directory = False
        self.prefetch: Prefetch | None = None

    @property
    def open(self) -> Connection:
        """The connection of this session's transaction, begun with the first use."""
        if self._open is None:
            self._open = self._engine.connect()
            self._open.begin()
        return self._open

    def get_bind(self, *args: Any, **kwargs: Any) -> Connection:
        """What the ORM works on: the same transaction."""
        return self.open

    def join(self, connection: Connection) -> None:
        """Work in the transaction of `connection`, which somebody else ends."""
        self._open = connection

    def end(self, *, is_kept: bool) -> None:
        """Commit or roll back the session's own transaction, if it came to one."""
        if self._open is None:
            return
        with self._open as connection:  # closing it rolls back
            if is_kept:
                connection.commit()

    def directory(self) -> Directory | None:
        """The workspace's names and roles; None where they have to be queried: clients are concealed, or this very
        transaction changed them.
        """
        if self.concealed or self.changed_directory:
            return None
        if self._directory is None:
            self._directory = self._directories.of(self.workspace_id, self.epoch, self.open)
        return self._directory

    def fetch(self, table: type[TenantTable], id: int) -> Mapping[str, Any] | None:
        """The columns of one row; only where nothing is concealed."""
        assert not self.concealed
        given = {"id": id, "workspace_id": self.workspace_id}
        return next(iter(_by_id(table).rows(self.open, given)), None)

    def rows(self, table: type[TenantTable], **equal: Any) -> Sequence[Mapping[str, Any]]:
        """The columns of the rows with these values (None: that have none), by id; only where nothing is concealed."""
        assert not self.concealed
        if self.prefetch is not None and self.prefetch.has(table, equal.get("client_id")):
            return self._rows_together(table, **equal)
        given = {name: value for name, value in equal.items() if value is not None}
        statement = _equal(table, tuple(given), tuple(name for name in equal if name not in given))
        found: Sequence[Mapping[str, Any]] = statement.rows(self.open, {**given, "workspace_id": self.workspace_id})
        return found

    def of_client(self, table: type[TenantTable], what: Hashable, client_id: int, read: Read[T]) -> list[T]:
        """What `read` finds about the client: about it alone, or about all that are read together with it, once.

        `what` tells it from whatever else is read of `table`, which is the one that it changes with.
        """
        if self.prefetch is None or not self.prefetch.has(table, client_id):
            return [found for _, found in read((client_id,))]
        return self.prefetch.of(table, (what, self.concealed), client_id, read)

    def _rows_together(self, table: type[TenantTable], *, client_id: int, **equal: Any) -> list[Mapping[str, Any]]:
        given = {name: value for name, value in equal.items() if value is not None}
        missing = tuple(name for name in equal if name not in given)

        def read(ids: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
            statement = _of_clients(table, tuple(given), missing)
            clients = {f"client_{at}": ids[min(at, len(ids) - 1)] for at in range(AT_ONCE)}
            for row in statement.rows(self.open, {**given, **clients, "workspace_id": self.workspace_id}):
                yield row["client_id"], row

        return self.of_client(table, tuple(sorted(equal.items())), client_id, read)

    def insert(self, table: type[TenantTable], rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """New rows of this workspace; their ids in the same order."""
        self.note_change(table)
        given = [{**row, "workspace_id": self.workspace_id} for row in rows]
        if len(given) == 1:
            return [row["id"] for row in _insert_one(table, tuple(given[0])).rows(self.open, given[0])]
        return list(self.open.execute(_insert_many(table), given).scalars()) if given else []

    def note_change(self, table: type) -> None:
        if self.prefetch is not None:
            self.prefetch.changed(table)
        self.changed_directory = self.changed_directory or table in CONTENT


@lru_cache(maxsize=1024)
def _of_workspace(workspace_id: int) -> Any:
    return with_loader_criteria(TenantTable, lambda table: table.workspace_id == workspace_id, include_aliases=True)


@cache
def _by_id(table: type[TenantTable]) -> CompiledStatement:
    columns = table.__table__.c  # type: ignore[attr-defined]
    ours = columns.workspace_id == bindparam("workspace_id")
    return CompiledStatement(select(*columns).where(columns.id == bindparam("id"), ours))


@cache
def _equal(table: type[TenantTable], names: tuple[str, ...], missing: tuple[str, ...]) -> CompiledStatement:
    return CompiledStatement(_select(table, names, missing))


@cache
def _of_clients(table: type[TenantTable], names: tuple[str, ...], missing: tuple[str, ...]) -> CompiledStatement:
    clients: list[Any] = [bindparam(f"client_{at}") for at in range(AT_ONCE)]
    whole = table.__table__  # type: ignore[attr-defined]
    return CompiledStatement(_select(table, names, missing).where(whole.c.client_id.in_(clients)))


def _select(table: type[TenantTable], names: tuple[str, ...], missing: tuple[str, ...]) -> Any:
    columns = table.__table__.c  # type: ignore[attr-defined]
    conditions = [columns[name] == bindparam(name) for name in ("workspace_id", *names)]
    empty = (columns[name].is_(None) for name in missing)
    return select(*columns).where(*conditions, *empty).order_by(columns.id)


@cache
def _insert_one(table: type[TenantTable], names: tuple[str, ...]) -> CompiledStatement:
    whole = table.__table__  # type: ignore[attr-defined]
    return CompiledStatement(insert(whole).values({name: bindparam(name) for name in names}).returning(whole.c.id))


@cache
def _insert_many(table: type[TenantTable]) -> Any:
    whole = table.__table__  # type: ignore[attr-defined]
    return insert(whole).returning(whole.c.id, sort_by_parameter_order=True)


@event.listens_for(TenantSession, "do_orm_execute")
def _scope(execution: ORMExecuteState) -> None:
    session = execution.session
    assert isinstance(session, TenantSession)
    if not execution.is_select and execution.bind_mapper is not None:
        session.note_change(execution.bind_mapper.class_)
    concealed = conditions_for(execution.statement, session.concealed) if session.concealed else ()
    execution.statement = execution.statement.options(_of_workspace(session.workspace_id), *concealed)


def conditions_for(statement: Any, concealed: Sequence[Any]) -> list[Any]:
    """Those of `concealed` whose table is anywhere in `statement`: the others would cost, and change nothing."""
    tables = {each for each in visitors.iterate(statement) if isinstance(each, Table)}
    return [each for each in concealed if each.entity.local_table in tables]


@event.listens_for(TenantSession, "before_flush")
def _own(session: TenantSession, *_: object) -> None:
    """New rows belong to this workspace; a row of another one is a bug that must not be saved."""
    for row in session.new:
        if isinstance(row, TenantTable):
            set_attribute(row, "workspace_id", session.workspace_id)
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, TenantTable) and row.workspace_id != session.workspace_id:
            raise AssertionError("a row of another workspace was changed")
    for row in (*session.new, *session.dirty, *session.deleted):
        session.note_change(type(row))
