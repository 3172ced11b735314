"""A notice that was sent can be tracked."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("notice_tracking", sa.String(length=120), nullable=True))


def downgrade() -> None:
    op.drop_column("decision", "notice_tracking")
