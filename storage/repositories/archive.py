"""All that a workspace holds as rows of JSON, and back into an empty one: for a move to another database.

Rows keep their ids: texts that may not be changed, such as the details of the audit log, name records by them.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, Table, func, insert, select, update
from sqlalchemy.dialects.sqlite import dialect as any_dialect
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import String, TypeDecorator
from sqlmodel import SQLModel

from storage.engine.session import TenantSession
from storage.table_base import TenantTable

NOT_CARRIED: Mapping[str, str] = {
    "text_vector": "what the sentence encoder makes of rows' texts: it is made again where it is missing",
    "inbox": "deliveries of Slack that this process has answered: they are not sent again to another one",
    "pending_upload": "files that wait a day for a yes: they can be sent again",
    "heartbeat": "when the jobs of this process last ran",
    "directory_version": "counted by triggers of this database",
}
"""The tables of a workspace that an archive leaves out, and why. All others are carried, also those added later."""
_BATCH, _BATCH_OF_FILES = 500, 4
_DIALECT: Any = any_dialect()


def archive_tables() -> tuple[Table, ...]:
    """The tables of an archive, each after those that its rows refer to."""
    tenants = {each.__tablename__ for each in _tables(TenantTable)}
    return tuple(
        table for table in SQLModel.metadata.sorted_tables if table.name in tenants and table.name not in NOT_CARRIED
    )


def _tables(base: type[TenantTable]) -> Iterator[type[TenantTable]]:
    for each in base.__subclasses__():
        yield each
        yield from _tables(each)


class Archive:
    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The workspace's rows in the order of their ids, as JSON takes them."""
        columns, size = _columns(table), _batch_size(table)
        last = 0
        while True:
            ours = (table.c.workspace_id == self._session.workspace_id) & (table.c.id > last)
            page = self._session.open.execute(select(*columns).where(ours).order_by(table.c.id).limit(size)).all()
            for row in page:
                yield {column.name: _write_value(column, value) for column, value in zip(columns, row, strict=True)}
                last = row.id
            if len(page) < size:
                return

    def held(self) -> dict[str, int]:
        """How many rows of which tables the database holds already, of whichever workspace."""
        counts = {
            table.name: self._session.open.execute(select(func.count()).select_from(table)).scalar_one()
            for table in archive_tables()
        }
        return {name: count for name, count in counts.items() if count}

    def put(self, table: Table, rows: Iterator[Mapping[str, Any]]) -> int:
        """Add rows that `rows` gave; how many. Raises ValueError for one that is none of this table."""
        own = [each for each in _columns(table) if any(key.column.table is table for key in each.foreign_keys)]
        count, size = 0, _batch_size(table)
        later: list[dict[str, Any]] = []
        batch: list[dict[str, Any]] = []
        for row in rows:
            values = _read(table, row)
            later += [{"row": values["id"], each.name: values[each.name]} for each in own if values[each.name]]
            batch.append(values | dict.fromkeys(each.name for each in own))
            count += 1
            if len(batch) == size:
                self._insert(table, batch)
                batch = []
        self._insert(table, batch)
        for change in later:  # once all are there: a row may refer to one that comes after it
            id = change.pop("row")
            self._session.open.execute(update(table).where(table.c.id == id).values(change))
        return count

    def finish(self) -> None:
        """After everything was put in: nothing that was read before counts."""
        self._session.expunge_all()
        for each in _tables(TenantTable):
            self._session.note_change(each)

    def _insert(self, table: Table, batch: Sequence[dict[str, Any]]) -> None:
        ours = [{**values, "workspace_id": self._session.workspace_id} for values in batch]
        try:
            if ours:
                self._session.open.execute(insert(table), ours)
        except (IntegrityError, DataError) as error:
            raise ValueError(f"{table.name}: the database refuses it ({type(error.orig).__name__})") from error


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name != "workspace_id"]


def _batch_size(table: Table) -> int:
    """How many rows are held at once: few where each may hold a file."""
    return _BATCH_OF_FILES if any(isinstance(column.type, LargeBinary) for column in table.c) else _BATCH


def _write_value(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    if (own := _own_text(column)) is not None:
        return own.process_bind_param(value, _DIALECT)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"{column} holds a {type(value).__name__}, which an archive cannot carry")


def _own_text(column: Column[Any]) -> TypeDecorator[Any] | None:
    """The column's type, if it is one of our own that is kept as text."""
    kind = column.type
    if not isinstance(kind, TypeDecorator) or not isinstance(kind.impl_instance, String):
        return None
    return kind if type(kind).process_result_value is not TypeDecorator.process_result_value else None


def _read(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    columns = _columns(table)
    if not isinstance(row, dict) or set(row) != {column.name for column in columns}:
        raise ValueError("does not have the columns of this release")
    return {column.name: _value(column, row[column.name]) for column in columns}


def _value(column: Column[Any], written: Any) -> Any:
    if written is None or isinstance(column.type, JSON):
        return written
    if (own := _own_text(column)) is not None:
        return own.process_result_value(written, _DIALECT)
    stored = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    kind: Any = stored.python_type
    if issubclass(kind, date | datetime | time):
        return kind.fromisoformat(written)
    if issubclass(kind, Enum):
        return kind(written)
    if kind is bytes:
        return b64decode(written, validate=True)
    if not isinstance(written, kind) and not (kind is float and isinstance(written, int)):
        raise ValueError(f"{column.name} is no {kind.__name__}")
    return written
