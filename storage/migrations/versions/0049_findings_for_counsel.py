"""Findings of a client that somebody marked as prepared for counsel."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "counsel_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("finding", sa.String(length=2000), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_counsel_mark_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_counsel_mark_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsel_mark")),
    )
    op.create_index("ix_counsel_mark_client_id", "counsel_mark", ["workspace_id", "client_id"])
    op.create_index(
        "ix_counsel_mark_current", "counsel_mark", ["client_id"],
        sqlite_where=_NOT_SUPERSEDED, postgresql_where=_NOT_SUPERSEDED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("counsel_mark")
