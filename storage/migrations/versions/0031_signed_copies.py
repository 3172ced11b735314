"""Signed copies that came back are kept with their bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_KINDS = ("agreement", "statement", "walkthrough", "disclosure", "declination", "notice", "addendum")
_MEDIA = ("pdf", "png", "jpeg", "docx")


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("kind", _choice("copyof", _KINDS), nullable=False),
        sa.Column("subject", sa.String(length=600), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media", _choice("mediatype", _MEDIA), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_attachment_workspace_id_workspace")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_attachment_client_id_client")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_attachment_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_client", "attachment", ["workspace_id", "client_id"])


def downgrade() -> None:
    op.drop_table("attachment")


def _choice(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=op.f(f"ck_attachment_{name}"), native_enum=False, create_constraint=True, length=32)
