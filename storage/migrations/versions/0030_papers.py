"""Papers that were made are kept by number and hash, with what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_KINDS = ("statement", "walkthrough", "disclosure", "addendum", "declination", "notice", "evidence")
_FORMATS = ("pdf", "docx", "zip")


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("kind", _choice("paperkind", _KINDS), nullable=False),
        sa.Column("format", _choice("paperformat", _FORMATS), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("template", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_paper_workspace_id_workspace")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_paper_client_id_client")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_paper_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index("ix_paper_client", "paper", ["workspace_id", "client_id"])
    op.create_index("ix_paper_number", "paper", ["workspace_id", "number"])
    op.create_index("ix_paper_file", "paper", ["workspace_id", "file_hash"])


def downgrade() -> None:
    op.drop_table("paper")


def _choice(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=op.f(f"ck_paper_{name}"), native_enum=False, create_constraint=True, length=32)
