"""Former names of clients, and since when we no longer work for one"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("former_names", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("client", sa.Column("offboarded_on", sa.Date(), nullable=True))


def downgrade() -> None:
    for column in ("offboarded_on", "former_names"):
        op.drop_column("client", column)
