"""When a row's statement was entered, what it corrects, who attests it; questions about what was known on a day"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATEMENT = ("agreement_id", "item", "party", "msp_part", "client_part", "third_party", "clause", "notes")
_ADDED = (
    "entered_at", "entered_by", "corrects_id", "basis", "attester", "attested_at", "carried_by_id",
)  # fmt: skip


def upgrade() -> None:
    for column in (
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.String(length=64), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("attester", sa.String(length=64), nullable=True),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_by_id", sa.Integer(), nullable=True),
    ):
        op.add_column("responsibility", column)
    # With its check, so that SQLite does not copy the table, which may be large.
    op.execute(
        "ALTER TABLE responsibility ADD COLUMN basis VARCHAR(32) "
        "CONSTRAINT ck_responsibility_rowbasis CHECK (basis IN ('as_signed', 'proposed'))"
    )
    op.add_column("scope_question", sa.Column("known_at", sa.Date(), nullable=True))
    _note_first_entries()


def _note_first_entries() -> None:
    """A version that only closed or renamed an earlier one was entered when that one was."""
    table = sa.table(
        "responsibility",
        *(sa.column(name) for name in ("id", *_STATEMENT, "recorded_by", "entered_by")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("recorded_at", "superseded_at", "entered_at")),
    )
    connection = op.get_bind()
    entered: dict[tuple[Any, ...], tuple[Any, str]] = {}
    found: list[dict[str, Any]] = []
    columns = [table.c[name] for name in ("id", *_STATEMENT, "recorded_at", "recorded_by", "superseded_at")]
    for row in connection.execute(sa.select(*columns).order_by(table.c.id)).mappings():
        statement = tuple(row[name] for name in _STATEMENT)
        first = entered.pop((*statement, row["recorded_at"]), None)
        if first is not None:
            found.append({"row_id": row["id"], "at": first[0], "by": first[1]})
        if row["superseded_at"] is not None:
            entered[(*statement, row["superseded_at"])] = first or (row["recorded_at"], row["recorded_by"])
    if found:
        change = sa.update(table).where(table.c.id == sa.bindparam("row_id"))
        connection.execute(change.values(entered_at=sa.bindparam("at"), entered_by=sa.bindparam("by")), found)


def downgrade() -> None:
    op.execute("ALTER TABLE scope_question DROP COLUMN known_at")
    for name in _ADDED:
        op.execute(f"ALTER TABLE responsibility DROP COLUMN {name}")
