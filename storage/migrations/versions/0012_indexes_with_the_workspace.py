"""Rows of a client or an agreement are found by an index over it and the workspace, for every query names both.

Indexes over the workspace alone go, where others begin with it: SQLite, which counts nothing by itself, took them for
good ones, and read all rows of the workspace. New ones have the old names, so older releases may run beside this one.
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
_BY_WORKSPACE = (
    *_BY_CLIENT, "walkthrough", "decision", "audit_entry", "audit_detail", "client_visibility", "directory_version",
    "framework_content", "framework_version", "heartbeat", "inbox", "lead_times", "person_zone", "role_assignment",
)  # fmt: skip


def upgrade() -> None:
    op.drop_index("ix_scope_question_status", table_name="scope_question")
    op.create_index("ix_scope_question_status", "scope_question", ["workspace_id", "status", "client_id"], unique=False)
    for table in _BY_WORKSPACE:
        op.drop_index(f"ix_{table}_workspace_id", table_name=table)
    for table in _BY_CLIENT:
        if table != "agreement_version":
            op.drop_index(f"ix_{table}_client_id", table_name=table)
        op.create_index(f"ix_{table}_client_id", table, ["workspace_id", "client_id"], unique=False)
    for table in _BY_AGREEMENT:
        op.drop_index(f"ix_{table}_agreement_id", table_name=table)
        op.create_index(f"ix_{table}_agreement_id", table, ["agreement_id", "workspace_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_scope_question_status", table_name="scope_question")
    op.create_index("ix_scope_question_status", "scope_question", ["workspace_id", "status"], unique=False)
    for table in _BY_AGREEMENT:
        op.drop_index(f"ix_{table}_agreement_id", table_name=table)
        op.create_index(f"ix_{table}_agreement_id", table, ["agreement_id"], unique=False)
    for table in _BY_CLIENT:
        op.drop_index(f"ix_{table}_client_id", table_name=table)
        if table != "agreement_version":
            op.create_index(f"ix_{table}_client_id", table, ["client_id"], unique=False)
    for table in _BY_WORKSPACE:
        op.create_index(f"ix_{table}_workspace_id", table, ["workspace_id"], unique=False)
