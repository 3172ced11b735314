"""Corrections of imports"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "import_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_import_memory_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_import_memory_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_memory")),
    )
    with op.batch_alter_table("import_memory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_memory_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_memory_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("import_memory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_memory_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_import_memory_client_id"))

    op.drop_table("import_memory")
