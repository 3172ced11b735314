"""Incidents, what became of their clocks, and reminders of those."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.choices import allow

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_BEFORE = (
    "notice_deadline", "renewal", "agreement_review", "unsigned_agreement", "missing_walkthrough", "disclosure_reask",
    "missing_paper", "access_review", "promise_due", "framework_update", "rule_date", "obligation_due",
    "scope_question",
)  # fmt: skip
_AFTER = (*_BEFORE[:-1], "incident_clock", "scope_question")
_NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "incident",
        *_versioned(),
        sa.Column("first_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("discovered_on", sa.Date(), nullable=False),
        sa.Column("discovered_time", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("determined_on", sa.Date(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("residents", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("reported_by", sa.String(length=200), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["incident.id"], name=op.f("fk_incident_first_id_incident")),
        *_keys("incident"),
    )
    op.create_table(
        "clock_mark",
        *_versioned(),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum("told", "not_applicable", name="markstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("told_to", sa.String(length=200), nullable=True),
        sa.Column("told_by", sa.String(length=200), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_time", sa.Time(), nullable=True),
        sa.Column("told_proof", sa.String(length=1000), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_clock_mark_incident_id_incident")),
        *_keys("clock_mark"),
    )
    for table in ("incident", "clock_mark"):
        op.create_index(f"ix_{table}_client_id", table, ["workspace_id", "client_id"])
        op.create_index(
            f"ix_{table}_current", table, ["client_id"],
            sqlite_where=_NOT_SUPERSEDED, postgresql_where=_NOT_SUPERSEDED,
        )  # fmt: skip
    for table in ("reminder", "lead_times"):
        allow(table, "kind", "reminderkind", _BEFORE, _AFTER)


def downgrade() -> None:
    for table in ("reminder", "lead_times"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'incident_clock'")
        allow(table, "kind", "reminderkind", _AFTER, _BEFORE)
    op.drop_table("clock_mark")
    op.drop_table("incident")


def _versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{table}_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
