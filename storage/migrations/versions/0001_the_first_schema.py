"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_workspace_slack_id")),
    )
    op.create_table(
        "audit_detail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_audit_detail_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_detail")),
        sa.UniqueConstraint("workspace_id", "seq", name=op.f("uq_audit_detail_workspace_id_seq")),
    )
    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_detail_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("done", "refused", "failed", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("details_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_audit_entry_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sa.UniqueConstraint("workspace_id", "seq", name=op.f("uq_audit_entry_workspace_id_seq")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("backup_owner", sa.String(length=32), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subdivision", sa.String(length=8), nullable=True),
        sa.Column("industry", sa.String(length=80), nullable=True),
        sa.Column(
            "status",
            sa.Enum("active", "offboarded", name="clientstatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("matrix_version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_client_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "pending_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_pending_upload_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_upload")),
    )
    with op.batch_alter_table("pending_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_upload_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "viewer",
                "technician",
                "manager",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_by", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_role_assignment_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
        sa.UniqueConstraint("workspace_id", "user", name=op.f("uq_role_assignment_workspace_id_user")),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignment_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "msa",
                "sow",
                "order",
                "service_attachment",
                "addendum",
                "amendment",
                "baa",
                "dpa",
                "nda",
                "engagement_letter",
                "terms_of_service",
                "other",
                name="agreementkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("precedence_rank", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "out_for_signature",
                "executed",
                "terminated",
                "superseded",
                name="agreementstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("msp_signed_on", sa.Date(), nullable=True),
        sa.Column("client_signed_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column(
            "term_kind",
            sa.Enum(
                "fixed",
                "evergreen",
                "month_to_month",
                name="termkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("initial_term", sa.String(length=8), nullable=True),
        sa.Column("initial_end_on", sa.Date(), nullable=True),
        sa.Column(
            "renewal",
            sa.Enum("none", "manual", "auto", name="renewalmode", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("renewal_term", sa.String(length=8), nullable=True),
        sa.Column("max_renewals", sa.Integer(), nullable=True),
        sa.Column("notice", sa.String(length=8), nullable=True),
        sa.Column("client_notice", sa.String(length=8), nullable=True),
        sa.Column("notice_window", sa.String(length=8), nullable=True),
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
        sa.Column("notice_address", sa.String(length=300), nullable=True),
        sa.Column("review_every", sa.String(length=8), nullable=True),
        sa.Column("last_reviewed_on", sa.Date(), nullable=True),
        sa.Column("uplift_percent", sa.String(length=16), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("termination_reason", sa.String(length=500), nullable=True),
        sa.Column("document_url", sa.String(length=1000), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("reference_key", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_agreement_client_id_client")),
        sa.ForeignKeyConstraint(["parent_id"], ["agreement.id"], name=op.f("fk_agreement_parent_id_agreement")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_agreement_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("client_id", "reference_key", name=op.f("uq_agreement_client_id_reference_key")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "client_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_channel_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_client_channel_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_channel")),
        sa.UniqueConstraint("workspace_id", "channel", name=op.f("uq_client_channel_workspace_id_channel")),
    )
    with op.batch_alter_table("client_channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_channel_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_channel_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "client_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_client_key_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_client_key_workspace_id_key")),
    )
    with op.batch_alter_table("client_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_key_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_key_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("regulation", sa.String(length=60), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "applies",
                "does_not_apply",
                "unknown",
                "declined",
                name="disclosureanswer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("attested_by", sa.String(length=200), nullable=True),
        sa.Column("evidence_url", sa.String(length=1000), nullable=True),
        sa.Column("scope", sa.String(length=1000), nullable=True),
        sa.Column("client_accepts_responsibility", sa.Boolean(), nullable=True),
        sa.Column("reask_on", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_disclosure_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_disclosure_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_disclosure_current",
            ["client_id", "regulation"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_disclosure_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "agreement_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "msa",
                "sow",
                "order",
                "service_attachment",
                "addendum",
                "amendment",
                "baa",
                "dpa",
                "nda",
                "engagement_letter",
                "terms_of_service",
                "other",
                name="agreementkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("precedence_rank", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "out_for_signature",
                "executed",
                "terminated",
                "superseded",
                name="agreementstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("msp_signed_on", sa.Date(), nullable=True),
        sa.Column("client_signed_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column(
            "term_kind",
            sa.Enum(
                "fixed",
                "evergreen",
                "month_to_month",
                name="termkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("initial_term", sa.String(length=8), nullable=True),
        sa.Column("initial_end_on", sa.Date(), nullable=True),
        sa.Column(
            "renewal",
            sa.Enum("none", "manual", "auto", name="renewalmode", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("renewal_term", sa.String(length=8), nullable=True),
        sa.Column("max_renewals", sa.Integer(), nullable=True),
        sa.Column("notice", sa.String(length=8), nullable=True),
        sa.Column("client_notice", sa.String(length=8), nullable=True),
        sa.Column("notice_window", sa.String(length=8), nullable=True),
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
        sa.Column("notice_address", sa.String(length=300), nullable=True),
        sa.Column("review_every", sa.String(length=8), nullable=True),
        sa.Column("last_reviewed_on", sa.Date(), nullable=True),
        sa.Column("uplift_percent", sa.String(length=16), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("termination_reason", sa.String(length=500), nullable=True),
        sa.Column("document_url", sa.String(length=1000), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_version_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_agreement_version_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint("agreement_id", "version", name=op.f("uq_agreement_version_agreement_id_version")),
    )
    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_version_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=True),
        sa.Column(
            "party",
            sa.Enum(
                "msp",
                "client",
                "shared",
                "third_party",
                "out_of_scope",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("msp_part", sa.String(length=2000), nullable=True),
        sa.Column("client_part", sa.String(length=2000), nullable=True),
        sa.Column("third_party", sa.String(length=300), nullable=True),
        sa.Column("clause", sa.String(length=120), nullable=True),
        sa.Column("notes", sa.String(length=4000), nullable=True),
        sa.Column("control_refs", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "effective_to IS NULL OR effective_from IS NULL OR effective_from <= effective_to",
            name=op.f("ck_responsibility_effective"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_responsibility_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_responsibility_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_responsibility_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responsibility_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_responsibility_current",
            ["client_id", "agreement_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_responsibility_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "walkthrough",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("explained_by", sa.String(length=200), nullable=False),
        sa.Column("explained_to", sa.String(length=200), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_walkthrough_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_walkthrough_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walkthrough")),
    )
    with op.batch_alter_table("walkthrough", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_walkthrough_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_walkthrough_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "scope_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=3000), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "msp",
                "client",
                "shared",
                "third_party",
                "out_of_scope",
                "undocumented",
                "ambiguous",
                "lapsed",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("item", sa.String(length=300), nullable=True),
        sa.Column("responsibility_id", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("cautions", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "answered",
                "open",
                "settled",
                "dismissed",
                name="questionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_verdict",
            sa.Enum(
                "msp",
                "client",
                "shared",
                "third_party",
                "out_of_scope",
                "undocumented",
                "ambiguous",
                "lapsed",
                name="settled_verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_responsibility_id", sa.Integer(), nullable=True),
        sa.Column("settlement", sa.String(length=2000), nullable=True),
        sa.Column("asker_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_scope_question_client_id_client")),
        sa.ForeignKeyConstraint(
            ["responsibility_id"],
            ["responsibility.id"],
            name=op.f("fk_scope_question_responsibility_id_responsibility"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_responsibility_id"],
            ["responsibility.id"],
            name=op.f("fk_scope_question_settled_responsibility_id_responsibility"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_scope_question_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_question")),
    )
    with op.batch_alter_table("scope_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scope_question_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_scope_question_status", ["workspace_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_scope_question_workspace_id"), ["workspace_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("scope_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scope_question_workspace_id"))
        batch_op.drop_index("ix_scope_question_status")
        batch_op.drop_index(batch_op.f("ix_scope_question_client_id"))

    op.drop_table("scope_question")
    with op.batch_alter_table("walkthrough", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_walkthrough_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_walkthrough_agreement_id"))

    op.drop_table("walkthrough")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_responsibility_workspace_id"))
        batch_op.drop_index(
            "ix_responsibility_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_responsibility_client_id"))
        batch_op.drop_index(batch_op.f("ix_responsibility_agreement_id"))

    op.drop_table("responsibility")
    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_version_workspace_id"))

    op.drop_table("agreement_version")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_workspace_id"))
        batch_op.drop_index(
            "ix_disclosure_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_disclosure_client_id"))

    op.drop_table("disclosure")
    with op.batch_alter_table("client_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_key_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_client_key_client_id"))

    op.drop_table("client_key")
    with op.batch_alter_table("client_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_channel_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_client_channel_client_id"))

    op.drop_table("client_channel")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_client_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_assignment_workspace_id"))

    op.drop_table("role_assignment")
    with op.batch_alter_table("pending_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_upload_workspace_id"))

    op.drop_table("pending_upload")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_workspace_id"))

    op.drop_table("client")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_workspace_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_detail_workspace_id"))

    op.drop_table("audit_detail")
    op.drop_table("workspace")
