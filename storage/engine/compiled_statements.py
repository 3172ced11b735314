"""Statements compiled once: for the few that every question needs, what SQLAlchemy does around them costs most.

Its compiler, its types and its errors are used; its per-execution machinery (cache keys, contexts, results) is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Conversion = Callable[[Any], Any]


@dataclass(slots=True)
class _Compiled:
    """`order` names the parameters where they go by position; `fixed` are values that the statement has itself.

    Types without an entry in `inward`, and columns with None in `outward`, need no conversion. Outward ones depend on
    the types that the driver reports, so they are there after the first execution.
    """

    text: str
    fixed: Mapping[str, Any]
    order: tuple[str, ...] | None
    inward: Mapping[str, Conversion]
    outward: Sequence[tuple[str, Conversion | None]] | None = None

    def given(self, values: Mapping[str, Any]) -> Any:
        inward, values = self.inward, {**self.fixed, **values}
        if self.order is None:
            return {name: inward[name](value) if name in inward else value for name, value in values.items()}
        return [inward[name](values[name]) if name in inward else values[name] for name in self.order]


class CompiledStatement:
    """A statement of Core that returns rows, a select or a change; its parameters are named `bindparam`s."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._by_dialect: dict[type[Dialect], _Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What it finds, by column. Raises SQLAlchemy's errors."""
        dialect = connection.dialect
        compiled = self._by_dialect.get(type(dialect))
        if compiled is None:
            compiled = self._by_dialect[type(dialect)] = _compile(self._statement, dialect)

        def taken(cursor: Any) -> list[dict[str, Any]]:
            found = cursor.fetchall()
            if found and compiled.outward is None:  # psycopg spends longer on describing a row than on fetching it
                compiled.outward = _outward(self._statement, dialect, cursor.description)
            return [_convert(compiled.outward, row) for row in found] if compiled.outward is not None else []

        return execute_raw(connection, compiled.text, compiled.given(values), taken)


def execute_raw(connection: Connection, statement: str, given: Any, taken: Callable[[Any], T]) -> T:
    """What is `taken` from the driver's own cursor once it executed `statement`. Raises SQLAlchemy's errors."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, given)
        return taken(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        ours = connection.dialect
        raise DBAPIError.instance(statement, None, error, ours.loaded_dbapi.Error, dialect=ours) from error
    finally:
        cursor.close()


def _convert(outward: Sequence[tuple[str, Conversion | None]], row: Sequence[Any]) -> dict[str, Any]:
    return {
        name: value if convert is None else convert(value)
        for (name, convert), value in zip(outward, row, strict=True)
    }  # fmt: skip


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    found = statement.compile(dialect=dialect)
    inward = {
        name: processor
        for bind, name in found.bind_names.items()
        if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    fixed = {name: bind.value for bind, name in found.bind_names.items() if not bind.required}
    return _Compiled(str(found), fixed, tuple(found.positiontup) if found.positional else None, inward)


def _outward(statement: Any, dialect: Dialect, description: Any) -> Sequence[tuple[str, Conversion | None]]:
    return tuple(
        (key, column.type.dialect_impl(dialect).result_processor(dialect, reported[1]))
        for (key, column), reported in zip(statement.exported_columns.items(), description, strict=True)
    )
