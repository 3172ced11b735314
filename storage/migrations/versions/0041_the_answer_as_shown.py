"""The answer in the words that were shown, with the question."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scope_question", sa.Column("shown", sa.String(length=8000), nullable=True))


def downgrade() -> None:
    op.drop_column("scope_question", "shown")
