"""Reminders that go into one message are found by its name: a claim looks for the first of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tried = sa.text("message_key IS NOT NULL")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_bundle", ["workspace_id", "bundle"], unique=False)
        batch_op.drop_index("ix_reminder_message")
        batch_op.create_index(
            "ix_reminder_message",
            ["workspace_id", "message_key"],
            unique=False,
            sqlite_where=tried,
            postgresql_where=tried,
        )


def downgrade() -> None:
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_message")
        batch_op.create_index("ix_reminder_message", ["workspace_id", "message_key"], unique=False)
        batch_op.drop_index("ix_reminder_bundle")
