"""Who may see a client, what was delivered already, which clients an audit entry is about"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_inbox_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_inbox_workspace_id_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "client_visibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("open_channels", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_visibility_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_client_visibility_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_visibility")),
        sa.UniqueConstraint("client_id", name=op.f("uq_client_visibility_client_id")),
    )
    with op.batch_alter_table("client_visibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_visibility_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("client_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.drop_column("client_ids")

    with op.batch_alter_table("client_visibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_visibility_workspace_id"))

    op.drop_table("client_visibility")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_inbox_received_at"))

    op.drop_table("inbox")
