"""Answers that changed, and whether those who had got them were told"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_VERDICTS = ("msp", "client", "shared", "third_party", "out_of_scope", "undocumented", "ambiguous", "lapsed")


def upgrade() -> None:
    op.create_table(
        "changed_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("scope_question_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=60), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(*_VERDICTS, name="verdict", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("responsibility_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_changed_answer_client_id_client")),
        sa.ForeignKeyConstraint(
            ["responsibility_id"],
            ["responsibility.id"],
            name=op.f("fk_changed_answer_responsibility_id_responsibility"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_question_id"],
            ["scope_question.id"],
            name=op.f("fk_changed_answer_scope_question_id_scope_question"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_changed_answer_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_answer")),
    )
    with op.batch_alter_table("changed_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changed_answer_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_changed_answer_told", ["workspace_id", "told_at", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_changed_answer_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("changed_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_changed_answer_workspace_id"))
        batch_op.drop_index("ix_changed_answer_told")
        batch_op.drop_index(batch_op.f("ix_changed_answer_client_id"))
    op.drop_table("changed_answer")
