"""What the linked terms of an agreement were on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column(
            "hash_of",
            sa.Enum("text", "bytes", name="hashof", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_terms_copy_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_terms_copy_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_terms_copy_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_copy")),
    )
    op.create_index("ix_terms_copy_client_id", "terms_copy", ["workspace_id", "client_id"])


def downgrade() -> None:
    op.drop_table("terms_copy")
