"""What somebody said about a table of clients or agreements, for the next one that is laid out alike."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=32), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_table_memory_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_memory")),
    )


def downgrade() -> None:
    op.drop_table("table_memory")
