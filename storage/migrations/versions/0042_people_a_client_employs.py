"""How many people a client employs."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("employees", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("client", "employees")
