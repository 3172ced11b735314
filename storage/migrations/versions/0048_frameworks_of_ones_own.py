"""A workspace's own frameworks beside the shipped ones."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "own_framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("stanza", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_own_framework_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_own_framework_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_framework")),
    )
    op.create_index("ix_own_framework_client_id", "own_framework", ["workspace_id", "client_id"])
    op.create_index(
        "ix_own_framework_current", "own_framework", ["workspace_id", "key"],
        sqlite_where=_NOT_SUPERSEDED, postgresql_where=_NOT_SUPERSEDED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("own_framework")
