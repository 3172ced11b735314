"""Notice to a calendar period's end; who gave notice, where to, when it arrived or is planned; retracted decisions.

A notice that was recorded with a day after the one of its recording was never given: it becomes a plan.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_PERIODS = "'month', 'quarter', 'half_year', 'year'"
_AGREEMENTS = ("agreement", "agreement_version")
_DECISION = (
    ("notice_planned_on", sa.Date()),
    ("notice_delivered_on", sa.Date()),
    ("notice_address", sa.String(length=300)),
    ("retracted_at", sa.DateTime(timezone=True)),
    ("retracted_by", sa.String(length=64)),
    ("retraction_reason", sa.String(length=2000)),
)


def upgrade() -> None:
    # In one statement with its CHECK: SQLite adds none later without making the table anew.
    for table in _AGREEMENTS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN notice_to VARCHAR(32) "
            f"CONSTRAINT ck_{table}_noticeto CHECK (notice_to IN ({_PERIODS}))"
        )
    op.execute(
        "ALTER TABLE decision ADD COLUMN notice_side VARCHAR(32) "
        "CONSTRAINT ck_decision_side CHECK (notice_side IN ('msp', 'client'))"
    )
    for name, kind in _DECISION:
        op.add_column("decision", sa.Column(name, kind, nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    day_after = "date(decided_at, '+1 day')" if is_sqlite else "CAST(decided_at AS DATE) + 1"
    op.execute(
        "UPDATE decision SET notice_planned_on = notice_on, notice_on = NULL "
        f"WHERE decided = 'give_notice' AND notice_on > {day_after}"
    )


def downgrade() -> None:
    op.execute("UPDATE decision SET notice_on = notice_planned_on WHERE notice_planned_on IS NOT NULL")
    for name, _ in reversed(_DECISION):
        op.drop_column("decision", name)
    op.drop_column("decision", "notice_side")
    for table in reversed(_AGREEMENTS):
        op.drop_column(table, "notice_to")
