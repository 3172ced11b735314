"""Notice to extend: how long before the end whoever wants to go on has to say so, and a reminder of it."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.choices import allow

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_BEFORE = (
    "notice_deadline", "renewal", "agreement_review", "unsigned_agreement", "missing_walkthrough", "disclosure_reask",
    "missing_paper", "access_review", "promise_due", "framework_update", "rule_date", "obligation_due",
    "incident_clock", "scope_question",
)  # fmt: skip
_AFTER = (*_BEFORE[:2], "extension_deadline", *_BEFORE[2:])


def upgrade() -> None:
    for table in ("agreement", "agreement_version"):
        op.add_column(table, sa.Column("extension_notice", sa.String(length=8), nullable=True))
    for table in ("reminder", "lead_times"):
        allow(table, "kind", "reminderkind", _BEFORE, _AFTER)


def downgrade() -> None:
    for table in ("reminder", "lead_times"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'extension_deadline'")
        allow(table, "kind", "reminderkind", _AFTER, _BEFORE)
    for table in ("agreement", "agreement_version"):
        op.drop_column(table, "extension_notice")
