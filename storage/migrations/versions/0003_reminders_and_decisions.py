"""Reminders, decisions, lead times, the zones of people, heartbeats"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_heartbeat_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("workspace_id", "job", name=op.f("uq_heartbeat_workspace_id_job")),
    )
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heartbeat_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "lead_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice_deadline",
                "renewal",
                "agreement_review",
                "unsigned_agreement",
                "missing_walkthrough",
                "disclosure_reask",
                "missing_paper",
                "access_review",
                "promise_due",
                "framework_update",
                "scope_question",
                name="reminderkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_lead_times_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_times")),
        sa.UniqueConstraint("workspace_id", "scope", "kind", name=op.f("uq_lead_times_workspace_id_scope_kind")),
    )
    with op.batch_alter_table("lead_times", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_times_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "person_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_person_zone_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_zone")),
        sa.UniqueConstraint("workspace_id", "user", name=op.f("uq_person_zone_workspace_id_user")),
    )
    with op.batch_alter_table("person_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_zone_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("agreement_version", sa.Integer(), nullable=False),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column(
            "decided",
            sa.Enum(
                "renew",
                "renegotiate",
                "give_notice",
                "let_lapse",
                "rolled_over",
                name="decisionchoice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column(
            "notice_method",
            sa.Enum(
                "email",
                "portal",
                "hand",
                "courier",
                "post",
                "certified_mail",
                name="noticemethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("proof_url", sa.String(length=1000), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_decision_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_decision_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice_deadline",
                "renewal",
                "agreement_review",
                "unsigned_agreement",
                "missing_walkthrough",
                "disclosure_reask",
                "missing_paper",
                "access_review",
                "promise_due",
                "framework_update",
                "scope_question",
                name="reminderkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("agreement_version", sa.Integer(), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("headline", sa.String(length=400), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dedupe_key", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "acked",
                "snoozed",
                "escalated",
                "replaced",
                "cancelled",
                "failed",
                name="reminderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_key", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acked_by", sa.String(length=64), nullable=True),
        sa.Column("acked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_reminder_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_reminder_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_reminder_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("workspace_id", "dedupe_key", name=op.f("uq_reminder_workspace_id_dedupe_key")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_reminder_cycle", ["workspace_id", "subject", "kind", "deadline"], unique=False)
        batch_op.create_index("ix_reminder_message", ["workspace_id", "message_key"], unique=False)
        batch_op.create_index("ix_reminder_state", ["workspace_id", "state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_workspace_id"))
        batch_op.drop_index("ix_reminder_state")
        batch_op.drop_index("ix_reminder_message")
        batch_op.drop_index("ix_reminder_cycle")
        batch_op.drop_index(batch_op.f("ix_reminder_client_id"))
        batch_op.drop_index(batch_op.f("ix_reminder_agreement_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_decision_agreement_id"))

    op.drop_table("decision")
    with op.batch_alter_table("person_zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_zone_workspace_id"))

    op.drop_table("person_zone")
    with op.batch_alter_table("lead_times", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lead_times_workspace_id"))

    op.drop_table("lead_times")
    with op.batch_alter_table("heartbeat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heartbeat_workspace_id"))

    op.drop_table("heartbeat")
