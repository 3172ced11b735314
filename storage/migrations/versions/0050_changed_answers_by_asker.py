"""The answers of one person that changed, for the start page."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_changed_answer_asker", "changed_answer", ["workspace_id", "asked_by", "changed_at"])


def downgrade() -> None:
    op.drop_index("ix_changed_answer_asker", table_name="changed_answer")
