"""Another member of an enum: the CHECK of a column that holds it is written anew, on either database."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def allow(table: str, column: str, kind: str, old: Sequence[str], new: Sequence[str]) -> None:
    """Let `column` hold `new` members where its CHECK has `old` ones. Nothing may refer to the table by a foreign key.

    PostgreSQL changes a constraint in place. SQLite cannot: there the table is made anew from its own statement, with
    everything else as it was, the indexes too.
    """
    name = f"ck_{table}_{kind}"
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, _in(column, old), _in(column, new))
    else:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({_in(column, new)})")


def _rewrite(table: str, old: str, new: str) -> None:
    bind = op.get_bind()
    kept = bind.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    statement = next(sql for kind, sql in kept if kind == "table")
    if old not in statement:
        raise RuntimeError(f"{table}: its CHECK is not the one that this migration knows: {old}")
    body = statement[statement.index("(") :].replace(old, new)
    columns = ", ".join(row[1] for row in bind.execute(sa.text(f"PRAGMA table_info({table})")))
    op.execute(f"CREATE TABLE {table}_anew {body}")
    op.execute(f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in kept:
        if kind == "index":
            op.execute(sql)


def _in(column: str, members: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(each) for each in members)})"
