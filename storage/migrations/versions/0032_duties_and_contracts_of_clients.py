"""What clients must do; their contracts and policies with others; reminders of a client's duty."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.choices import allow

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_BEFORE = (
    "notice_deadline", "renewal", "agreement_review", "unsigned_agreement", "missing_walkthrough", "disclosure_reask",
    "missing_paper", "access_review", "promise_due", "framework_update", "rule_date", "scope_question",
)  # fmt: skip
_AFTER = (*_BEFORE[:-1], "obligation_due", "scope_question")
_KINDS = ("customer", "insurer", "lender", "supplier", "landlord", "franchisor", "other")
_NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "obligation",
        *_versioned(),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("clause", sa.String(length=120), nullable=True),
        sa.Column("item", sa.String(length=300), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("cadence", sa.String(length=8), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("last_met_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=1000), nullable=True),
        sa.Column("unmet_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_to", sa.String(length=200), nullable=True),
        sa.Column("told_by", sa.String(length=200), nullable=True),
        sa.Column("told_proof", sa.String(length=1000), nullable=True),
        sa.Column("waived_on", sa.Date(), nullable=True),
        sa.Column("waived_by", sa.String(length=200), nullable=True),
        sa.Column("waiver", sa.String(length=1000), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_obligation_agreement_id_agreement")),
        *_keys("obligation"),
    )
    op.create_table(
        "client_contract",
        *_versioned(),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="contractkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("document_url", sa.String(length=1000), nullable=True),
        sa.Column("demands", sa.JSON(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=True),
        sa.Column("notice_to", sa.String(length=300), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("report_days", sa.Integer(), nullable=True),
        sa.Column("told_by", sa.String(length=200), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("reask_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *_keys("client_contract"),
    )
    for table in ("obligation", "client_contract"):
        op.create_index(f"ix_{table}_client_id", table, ["workspace_id", "client_id"])
        op.create_index(
            f"ix_{table}_current", table, ["client_id"],
            sqlite_where=_NOT_SUPERSEDED, postgresql_where=_NOT_SUPERSEDED,
        )  # fmt: skip
    for table in ("reminder", "lead_times"):
        allow(table, "kind", "reminderkind", _BEFORE, _AFTER)


def downgrade() -> None:
    for table in ("reminder", "lead_times"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'obligation_due'")
        allow(table, "kind", "reminderkind", _AFTER, _BEFORE)
    op.drop_table("client_contract")
    op.drop_table("obligation")


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
