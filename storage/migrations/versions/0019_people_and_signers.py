"""What Slack said about people (name, and why somebody cannot answer for anything), and who signed for the client."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0013"
branch_labels = None
depends_on = None

_ABSENCES = ("gone", "guest", "bot", "stranger", "unknown")
_SIGNED = ("agreement", "agreement_version")


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column(
            "absence",
            sa.Enum(*_ABSENCES, name="absence", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_person_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("workspace_id", "user", name=op.f("uq_person_workspace_id_user")),
    )
    for table in _SIGNED:
        op.add_column(table, sa.Column("client_signer", sa.String(length=200), nullable=True))


def downgrade() -> None:
    for table in _SIGNED:  # not in batch mode: a table that is made anew loses its triggers
        op.drop_column(table, "client_signer")
    op.drop_table("person")
