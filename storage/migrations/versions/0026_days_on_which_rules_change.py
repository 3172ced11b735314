"""Reminders of the days on which a regulation or framework starts, ends or changes."""

from alembic import op

from storage.migrations.choices import allow

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BEFORE = (
    "notice_deadline", "renewal", "agreement_review", "unsigned_agreement", "missing_walkthrough", "disclosure_reask",
    "missing_paper", "access_review", "promise_due", "framework_update", "scope_question",
)  # fmt: skip
_AFTER = (*_BEFORE[:-1], "rule_date", "scope_question")
_TABLES = ("reminder", "lead_times")


def upgrade() -> None:
    for table in _TABLES:
        allow(table, "kind", "reminderkind", _BEFORE, _AFTER)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE kind = 'rule_date'")
        allow(table, "kind", "reminderkind", _AFTER, _BEFORE)
