"""The index that finds due reminders has them in the order in which they are claimed: nothing is sorted for the first.

The name stays, so releases before and after this one find it alike.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_reminder_state", "reminder"


def upgrade() -> None:
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, ["workspace_id", "state", "due_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(_NAME, table_name=_TABLE)
    op.create_index(_NAME, _TABLE, ["workspace_id", "state", "due_at"], unique=False)
