"""Why a promise no longer binds is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promise", sa.Column("end_reason", sa.String(length=500), nullable=True))


def downgrade() -> None:
    op.drop_column("promise", "end_reason")
