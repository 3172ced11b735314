"""Access, promises, key topics, recommendations, insurance, frameworks, questionnaires, check results."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "framework_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("modified", sa.String(length=60), nullable=True),
        sa.Column("oscal_version", sa.String(length=60), nullable=True),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("controls", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_framework_version_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_version")),
        sa.UniqueConstraint(
            "workspace_id", "family", "version", name=op.f("uq_framework_version_workspace_id_family_version")
        ),
    )
    with op.batch_alter_table("framework_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_framework_version_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "none",
                "view",
                "user",
                "admin",
                name="accesslevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.String(length=300), nullable=True),
        sa.Column("regulation", sa.String(length=60), nullable=True),
        sa.Column("limit", sa.String(length=1000), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("explained_on", sa.Date(), nullable=True),
        sa.Column("explained_to", sa.String(length=200), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_access_grant_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_access_grant_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_grant_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_access_grant_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_access_grant_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "check_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.String(length=64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_check_result_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_check_result_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_result")),
    )
    with op.batch_alter_table("check_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_result_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_result_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "framework_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("framework_version_id", sa.Integer(), nullable=False),
        sa.Column("controls", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name=op.f("fk_framework_content_framework_version_id_framework_version"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_framework_content_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_content")),
        sa.UniqueConstraint("framework_version_id", name=op.f("uq_framework_content_framework_version_id")),
    )
    with op.batch_alter_table("framework_content", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_framework_content_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "insurance_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("control", sa.String(length=300), nullable=False),
        sa.Column("insurer", sa.String(length=200), nullable=True),
        sa.Column("policy", sa.String(length=120), nullable=True),
        sa.Column("attested_by", sa.String(length=200), nullable=True),
        sa.Column("attested_on", sa.Date(), nullable=True),
        sa.Column(
            "implemented_by",
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
            nullable=True,
        ),
        sa.Column("item", sa.String(length=300), nullable=True),
        sa.Column("evidence_url", sa.String(length=1000), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reask_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_insurance_requirement_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_insurance_requirement_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_requirement")),
    )
    with op.batch_alter_table("insurance_requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insurance_requirement_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_insurance_requirement_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_insurance_requirement_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "agreement",
                "sla",
                "proposal",
                "privacy_policy",
                "marketing",
                "email",
                "spoken",
                "other",
                name="promisesource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("where", sa.String(length=300), nullable=True),
        sa.Column("document_url", sa.String(length=1000), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("cadence", sa.String(length=8), nullable=True),
        sa.Column("last_kept_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=1000), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("control_refs", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_promise_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_promise_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_promise_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_promise_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("attested_by", sa.String(length=200), nullable=True),
        sa.Column("regulations", sa.JSON(), nullable=False),
        sa.Column("disclosed", sa.JSON(), nullable=False),
        sa.Column("evidence_url", sa.String(length=1000), nullable=True),
        sa.Column("reask_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_questionnaire_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_questionnaire_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
    )
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questionnaire_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_questionnaire_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_questionnaire_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_adoption_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_adoption_client_id_client")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_adoption_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_adoption_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_adoption_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "declined_recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=False),
        sa.Column("declined_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("item", sa.String(length=300), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("risk_clause", sa.String(length=120), nullable=True),
        sa.Column("evidence_url", sa.String(length=1000), nullable=True),
        sa.Column("reoffer_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_declined_recommendation_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_declined_recommendation_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_declined_recommendation_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declined_recommendation")),
    )
    with op.batch_alter_table("declined_recommendation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declined_recommendation_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_declined_recommendation_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_declined_recommendation_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "topic_coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=64), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "customer_obligations",
                "msp_obligations",
                "disclaimer_of_warranties",
                "limitation_of_liability",
                "assumption_of_risk",
                "standard_of_care",
                "regulatory_responsibility",
                "access_scope",
                name="keytopic",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "present", "missing", "unclear", name="topicstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("clause", sa.String(length=120), nullable=True),
        sa.Column("initialled_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.String(length=2000), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_topic_coverage_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_topic_coverage_client_id_client")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_topic_coverage_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_coverage")),
    )
    with op.batch_alter_table("topic_coverage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_coverage_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_topic_coverage_current",
            ["client_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_topic_coverage_workspace_id"), ["workspace_id"], unique=False)

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.String(length=2000), nullable=True))

    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.String(length=2000), nullable=True))

    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("responsibility_clause", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_column("responsibility_clause")

    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.drop_column("summary")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_column("summary")

    with op.batch_alter_table("topic_coverage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_coverage_workspace_id"))
        batch_op.drop_index(
            "ix_topic_coverage_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_topic_coverage_client_id"))

    op.drop_table("topic_coverage")
    with op.batch_alter_table("declined_recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declined_recommendation_workspace_id"))
        batch_op.drop_index(
            "ix_declined_recommendation_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_declined_recommendation_client_id"))

    op.drop_table("declined_recommendation")
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_workspace_id"))
        batch_op.drop_index(
            "ix_adoption_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_adoption_client_id"))

    op.drop_table("adoption")
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questionnaire_workspace_id"))
        batch_op.drop_index(
            "ix_questionnaire_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_questionnaire_client_id"))

    op.drop_table("questionnaire")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_workspace_id"))
        batch_op.drop_index(
            "ix_promise_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_promise_client_id"))

    op.drop_table("promise")
    with op.batch_alter_table("insurance_requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insurance_requirement_workspace_id"))
        batch_op.drop_index(
            "ix_insurance_requirement_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_insurance_requirement_client_id"))

    op.drop_table("insurance_requirement")
    with op.batch_alter_table("framework_content", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_framework_content_workspace_id"))

    op.drop_table("framework_content")
    with op.batch_alter_table("check_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_result_workspace_id"))
        batch_op.drop_index(batch_op.f("ix_check_result_client_id"))

    op.drop_table("check_result")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_grant_workspace_id"))
        batch_op.drop_index(
            "ix_access_grant_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_access_grant_client_id"))

    op.drop_table("access_grant")
    with op.batch_alter_table("framework_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_framework_version_workspace_id"))

    op.drop_table("framework_version")
