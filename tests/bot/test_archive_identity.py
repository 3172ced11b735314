"""An archive of any records comes back the same: whatever values the columns of all tables hold."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from random import Random
from shutil import copy
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Table, UniqueConstraint, insert, select, text

from commands.workspace.archive import read_archive, write_archive
from storage.database import Database
from storage.records import Outcome, Period, PeriodUnit, Workspace
from storage.repositories.archive import archive_tables
from storage.unit_of_work import UnitOfWork
from tests.conftest import NOW

CHAINED = ("audit_entry", "audit_detail")
"""Tables whose rows refer to each other by digests, which an import checks: they are written by the log itself."""
EXAMPLES = {"sqlite": 15, "postgresql": 3}
_LARGEST = 2**31 - 1
_plain = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
_texts = _plain | st.sampled_from(
    (
        "",
        " ",
        "null",
        "a\nb\r\nc\t",
        "=1+1",
        '"; DROP TABLE client; --',
        "\u202e\u200b\ufeff",
        "e\u0301 é",
        "\U0001f4a9" * 9,
    )
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=5,
)
_days = st.dates() | st.sampled_from((date.min, date(2024, 2, 29), date.max))


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=2, max_size=5)


@dataclass(frozen=True)
class Drawn:
    """Values by what a column holds, and which of them go where."""

    pools: dict[str, list[Any]]
    seed: int


DRAWN = st.builds(
    Drawn,
    st.fixed_dictionaries(
        {
            "str": _some(_texts),
            "JSON": _some(_json),
            "date": _some(_days),
            "datetime": _some(
                st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
            ),
            "time": _some(st.times()),
            "int": _some(st.integers(-_LARGEST - 1, _LARGEST)),
            "float": _some(st.floats(allow_nan=False)),
            "bool": st.just([False, True]),
            "bytes": _some(st.binary(max_size=60)),
            "Period": _some(st.builds(Period, st.integers(0, 9999), st.sampled_from(PeriodUnit))),
            "Decimal": _some(
                st.decimals(-(10**6), 10**6, places=3) | st.sampled_from((Decimal("3.10"), Decimal("-0")))
            ),
        }
    ),
    st.integers(0, 2**32),
)


def _pool_name(column: Column[Any]) -> str:
    own = {"PeriodText": "Period", "DecimalText": "Decimal"}.get(type(column.type).__name__)
    stored: Any = getattr(column.type, "impl_instance", column.type)
    return own or ("JSON" if isinstance(stored, JSON) else stored.python_type.__name__)


def _is_unique(column: Column[Any]) -> bool:
    rules = [each.columns for each in column.table.constraints if isinstance(each, UniqueConstraint)]
    return any(
        column.name in each for each in (*rules, *(each.columns for each in column.table.indexes if each.unique))
    )


def _rows(drawn: Drawn, workspace_id: int) -> dict[Table, list[dict[str, Any]]]:
    """Two or three rows of each table: the first has a value wherever there may be one."""
    random = Random(drawn.seed)
    tables = [each for each in archive_tables() if each.name not in CHAINED]
    count = random.choice((2, 3))
    ids = {table: random.sample([*range(1, 9), _LARGEST - 1], count) for table in tables}
    return {
        table: [_row(drawn, random, table, ids, number) | {"workspace_id": workspace_id} for number in range(count)]
        for table in tables
    }


def _row(drawn: Drawn, random: Random, table: Table, ids: dict[Table, list[int]], number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": ids[table][number]}
    for column in table.c:
        if column.primary_key or column.name == "workspace_id":
            continue
        key = next(iter(column.foreign_keys), None)
        if column.nullable and number and random.random() < 0.4:
            row[column.name] = None
        elif key is not None:
            there = ids[key.column.table]
            row[column.name] = there[number] if _is_unique(column) else random.choice(there)
        else:
            row[column.name] = _value(drawn, random, column, number)
    first, last = row.get("effective_from"), row.get("effective_to")
    if isinstance(first, date) and isinstance(last, date) and first > last:
        row["effective_from"], row["effective_to"] = last, first
    return row


def _value(drawn: Drawn, random: Random, column: Column[Any], number: int) -> Any:
    stored: Any = getattr(column.type, "impl_instance", column.type)
    if not isinstance(column.type, JSON) and issubclass(stored.python_type, Enum):
        return random.choice(list(stored.python_type))
    found = random.choice(drawn.pools[_pool_name(column)])
    if isinstance(found, str) and not isinstance(column.type, JSON):
        found = (f"{number}{found}" if _is_unique(column) else found)[: getattr(stored, "length", None)]
    return number if isinstance(found, int) and _is_unique(column) else found


def _fill(uow: UnitOfWork, drawn: Drawn) -> None:
    uow.connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    rows = _rows(drawn, uow.workspace_id)
    for table, ours in rows.items():
        uow.connection.execute(insert(table), ours)
    for number, words in enumerate(drawn.pools["str"]):
        about = [row["id"] for table, ours in rows.items() if table.name == "client" for row in ours][:number]
        uow.audit.append(
            at=drawn.pools["datetime"][number % 2], actor=words[:64], action=words[:64], outcome=Outcome.FAILED,
            details={"typed": words, "more": drawn.pools["JSON"]}, subject=words[:120] or None, about=about,
        )  # fmt: skip


def _held(uow: UnitOfWork) -> dict[str, list[str]]:
    """Every column of every row, as the database gives it."""
    return {
        table.name: [repr(tuple(row)) for row in uow.connection.execute(_all_columns(table).order_by(table.c.id))]
        for table in archive_tables()
    }


def _all_columns(table: Table) -> Any:
    return select(*(each for each in table.c if each.name != "workspace_id"))


def _workspace(database: Database) -> int:
    with database.workspaces() as known:
        return known.for_slack("T0", "Test").id


class _Undone(Exception):
    """So that nothing of an example stays for the next one."""


def _differing(one: dict[str, Sequence[str]], other: dict[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [
        (f"{name}: {left}", right)
        for name in one
        for left, right in zip(one[name], other[name], strict=True)
        if left != right
    ]


def test_whatever_the_columns_hold_comes_back_the_same(
    database: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    """Everything in one transaction that is rolled back: neither database is ever made anew."""
    copy(sqlite_template, tmp_path / "source.db")
    source = Database(f"sqlite:///{tmp_path / 'source.db'}")
    from_id, to_id = _workspace(source), _workspace(database)

    @settings(
        max_examples=EXAMPLES[database.engine.dialect.name],
        phases=(Phase.explicit, Phase.generate),  # a fault shows in a column, whatever else the example holds
        suppress_health_check=(HealthCheck.too_slow,),
        database=None,
    )
    @given(DRAWN)
    def is_the_same(drawn: Drawn) -> None:
        out = io.BytesIO()
        with suppress(_Undone), source.open_unit(from_id) as uow:
            _fill(uow, drawn)
            before = _held(uow)
            write_archive(uow, out, schema=source.newest(), workspace=Workspace(name="Test"), now=NOW)
            raise _Undone
        with suppress(_Undone), database.open_unit(to_id) as uow:
            read_archive(uow, out, schema=database.newest())
            assert _differing(before, _held(uow)) == []
            raise _Undone

    try:
        is_the_same()
    finally:
        source.close()
