"""Questions about one thing wait as one, and managers hear of the day's questions in one message."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scope_question", sa.Column("joined_id", sa.Integer(), nullable=True))
    op.add_column("scope_question", sa.Column("told_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("scope_question", sa.Column("presses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("scope_question", sa.Column("suggested_item", sa.String(length=300), nullable=True))


def downgrade() -> None:
    for column in ("suggested_item", "presses", "told_from", "joined_id"):
        op.drop_column("scope_question", column)
