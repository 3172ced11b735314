"""Walkthroughs: whether whoever heard it may sign, and what they asked (not recorded for older ones). Signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.add_column("walkthrough", sa.Column("may_sign", sa.Boolean(), nullable=True))
    op.add_column("walkthrough", sa.Column("asked", sa.String(length=2000), nullable=True))
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("msp", "client", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column(
            "manner",
            sa.Enum(
                "wet_ink", "e_signature", "click_through", name="signaturemanner", native_enum=False,
                create_constraint=True, length=32,
            ),
            nullable=True,
        ),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("envelope", sa.String(length=200), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_signature_client_id_client")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_signature_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_signature_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )  # fmt: skip
    op.create_index("ix_signature_client_id", "signature", ["workspace_id", "client_id"])
    op.create_index(
        "ix_signature_current", "signature", ["client_id"],
        sqlite_where=_NOT_SUPERSEDED, postgresql_where=_NOT_SUPERSEDED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("signature")
    op.drop_column("walkthrough", "asked")
    op.drop_column("walkthrough", "may_sign")
