"""Rows of a client or an agreement are found by an index that begins with the workspace, as every query does.

The same names as before: a release that runs beside this one uses them as well.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BY_CLIENT = (
    "client_key", "client_channel", "agreement", "agreement_version", "responsibility", "disclosure", "scope_question",
    "changed_answer", "reminder", "access_grant", "promise", "topic_coverage", "declined_recommendation",
    "insurance_requirement", "adoption", "questionnaire", "check_result", "learned_phrase", "import_memory",
)  # fmt: skip
_BY_AGREEMENT = ("responsibility", "walkthrough", "reminder", "decision")


def upgrade() -> None:
    for table, column, was_there in _indexes():
        if was_there:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, ["workspace_id", column], unique=False)


def downgrade() -> None:
    for table, column, was_there in _indexes():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        if was_there:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _indexes() -> list[tuple[str, str, bool]]:
    """Table, column, and whether there was one without the workspace."""
    by_client = [(table, "client_id", table != "agreement_version") for table in _BY_CLIENT]
    return by_client + [(table, "agreement_id", True) for table in _BY_AGREEMENT]
