"""Mail addresses of our own people, to name them by."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("email", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "email")
