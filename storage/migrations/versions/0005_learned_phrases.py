"""Phrases learned from questions, and the thread of a question"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "learned_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("phrase", sa.String(length=300), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("learned_by", sa.String(length=64), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_by", sa.String(length=64), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_learned_phrase_client_id_client")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["scope_question.id"], name=op.f("fk_learned_phrase_question_id_scope_question")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_learned_phrase_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_phrase")),
    )
    with op.batch_alter_table("learned_phrase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learned_phrase_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_learned_phrase_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("scope_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(length=64), nullable=True))
        batch_op.create_index("ix_scope_question_thread", ["workspace_id", "thread"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("scope_question", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_question_thread")
        batch_op.drop_column("thread")

    with op.batch_alter_table("learned_phrase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learned_phrase_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_learned_phrase_client_id"))

    op.drop_table("learned_phrase")
