"""Work that no agreement covers, to be billed: from which question, and how long it took."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_VERDICTS = ("msp", "client", "shared", "third_party", "out_of_scope", "undocumented", "ambiguous", "lapsed")


def upgrade() -> None:
    op.create_table(
        "billable_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("scope_question_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=3000), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(*_VERDICTS, name="verdict", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("responsibility_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.String(length=64), nullable=True),
        sa.Column("retraction_reason", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_billable_work_client_id_client")),
        sa.ForeignKeyConstraint(
            ["responsibility_id"], ["responsibility.id"], name=op.f("fk_billable_work_responsibility_id_responsibility")
        ),
        sa.ForeignKeyConstraint(
            ["scope_question_id"],
            ["scope_question.id"],
            name=op.f("fk_billable_work_scope_question_id_scope_question"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_billable_work_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billable_work")),
    )
    op.create_index("ix_billable_work_client_id", "billable_work", ["workspace_id", "client_id"])
    op.create_index("ix_billable_work_done_on", "billable_work", ["workspace_id", "done_on"])


def downgrade() -> None:
    op.drop_table("billable_work")
