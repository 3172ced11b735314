"""The tables: each noun with what only the database needs (keys, tenant, indexes). Never leaves `storage`."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

import storage.derived_tables  # noqa: F401 - declares what the loop at the end gives indexes
from storage.records import (
    AccessGrant,
    Adoption,
    Agreement,
    Attachment,
    AuditEntry,
    AuditStamp,
    BillableWork,
    CalendarFeed,
    ChangedAnswer,
    CheckResult,
    Client,
    ClientContract,
    ClientMerge,
    ClockMark,
    CounselMark,
    Decision,
    DeclinedRecommendation,
    Disclosure,
    FrameworkVersion,
    Heartbeat,
    Hold,
    ImportMemory,
    Incident,
    InsuranceRequirement,
    LeadTimes,
    LearnedPhrase,
    Obligation,
    OwnFramework,
    OwnRegulation,
    Paper,
    PaperTemplate,
    PendingUpload,
    Person,
    PersonZone,
    Promise,
    Questionnaire,
    Reminder,
    Responsibility,
    RoleAssignment,
    ScopeQuestion,
    Signature,
    TableMemory,
    TermsCopy,
    TopicCoverage,
    Visibility,
    Walkthrough,
    Workspace,
)
from storage.table_base import UNVALIDATED, Table, TenantTable, current_index

_TRIED = text("message_key IS NOT NULL")


class WorkspaceRow(Table, Workspace, table=True):
    __tablename__: ClassVar[Any] = "workspace"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("slack_id"),)


class ClientRow(TenantTable, Client, table=True):
    __tablename__: ClassVar[Any] = "client"
    model_config = UNVALIDATED


class ClientMergeRow(TenantTable, ClientMerge, table=True):
    __tablename__: ClassVar[Any] = "client_merge"
    model_config = UNVALIDATED
    client_id: int = Field(foreign_key="client.id")
    merged_id: int = Field(foreign_key="client.id")


class AgreementRow(TenantTable, Agreement, table=True):
    __tablename__: ClassVar[Any] = "agreement"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("client_id", "reference_key"),)
    client_id: int = Field(foreign_key="client.id")
    parent_id: int | None = Field(default=None, foreign_key="agreement.id")
    reference_key: str = Field(max_length=60)


class AgreementVersionRow(TenantTable, Agreement, table=True):
    """What an agreement's record said from `recorded_at` until `superseded_at`. Written with every change."""

    __tablename__: ClassVar[Any] = "agreement_version"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("agreement_id", "version"),)
    agreement_id: int = Field(foreign_key="agreement.id")
    recorded_at: datetime
    superseded_at: datetime | None = None


class ResponsibilityRow(TenantTable, Responsibility, table=True):
    __tablename__: ClassVar[Any] = "responsibility"
    model_config = UNVALIDATED
    __table_args__ = (
        current_index("client_id", "agreement_id", name="ix_responsibility_current"),
        CheckConstraint(
            "effective_to IS NULL OR effective_from IS NULL OR effective_from <= effective_to", "effective"
        ),
    )
    client_id: int = Field(foreign_key="client.id")
    agreement_id: int = Field(foreign_key="agreement.id")


class DisclosureRow(TenantTable, Disclosure, table=True):
    __tablename__: ClassVar[Any] = "disclosure"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", "regulation", name="ix_disclosure_current"),)
    client_id: int = Field(foreign_key="client.id")


class WalkthroughRow(TenantTable, Walkthrough, table=True):
    __tablename__: ClassVar[Any] = "walkthrough"
    model_config = UNVALIDATED
    agreement_id: int = Field(foreign_key="agreement.id")


class ScopeQuestionRow(TenantTable, ScopeQuestion, table=True):
    __tablename__: ClassVar[Any] = "scope_question"
    model_config = UNVALIDATED
    __table_args__ = (
        Index("ix_scope_question_status", "workspace_id", "status", "client_id"),
        Index("ix_scope_question_thread", "workspace_id", "thread"),
    )
    client_id: int = Field(foreign_key="client.id")
    responsibility_id: int | None = Field(default=None, foreign_key="responsibility.id")
    settled_responsibility_id: int | None = Field(default=None, foreign_key="responsibility.id")


class ChangedAnswerRow(TenantTable, ChangedAnswer, table=True):
    __tablename__: ClassVar[Any] = "changed_answer"
    model_config = UNVALIDATED
    __table_args__ = (
        Index("ix_changed_answer_told", "workspace_id", "told_at", "changed_at"),
        Index("ix_changed_answer_asker", "workspace_id", "asked_by", "changed_at"),
    )
    client_id: int = Field(foreign_key="client.id")
    scope_question_id: int = Field(foreign_key="scope_question.id")
    responsibility_id: int | None = Field(default=None, foreign_key="responsibility.id")


class RoleAssignmentRow(TenantTable, RoleAssignment, table=True):
    __tablename__: ClassVar[Any] = "role_assignment"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "user"),)


class AuditEntryRow(TenantTable, AuditEntry, table=True):
    __tablename__: ClassVar[Any] = "audit_entry"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "seq"), UniqueConstraint("hash"))


class PendingUploadRow(TenantTable, PendingUpload, table=True):
    __tablename__: ClassVar[Any] = "pending_upload"
    model_config = UNVALIDATED


class ReminderRow(TenantTable, Reminder, table=True):
    __tablename__: ClassVar[Any] = "reminder"
    model_config = UNVALIDATED
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("ix_reminder_cycle", "workspace_id", "subject", "kind", "deadline"),
        Index("ix_reminder_state", "workspace_id", "state", "due_at", "id"),  # in the order of claims
        # Partial, or SQLite, once it has counted, takes it for useless while few were sent.
        Index("ix_reminder_message", "workspace_id", "message_key", sqlite_where=_TRIED, postgresql_where=_TRIED),
        Index("ix_reminder_bundle", "workspace_id", "bundle"),
    )
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")


class DecisionRow(TenantTable, Decision, table=True):
    __tablename__: ClassVar[Any] = "decision"
    model_config = UNVALIDATED
    agreement_id: int = Field(foreign_key="agreement.id")


class LeadTimesRow(TenantTable, LeadTimes, table=True):
    __tablename__: ClassVar[Any] = "lead_times"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "scope", "kind"),)


class PersonZoneRow(TenantTable, PersonZone, table=True):
    __tablename__: ClassVar[Any] = "person_zone"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "user"),)


class PersonRow(TenantTable, Person, table=True):
    __tablename__: ClassVar[Any] = "person"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "user"),)


class HeartbeatRow(TenantTable, Heartbeat, table=True):
    __tablename__: ClassVar[Any] = "heartbeat"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "job"),)


class AccessGrantRow(TenantTable, AccessGrant, table=True):
    __tablename__: ClassVar[Any] = "access_grant"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_access_grant_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class PromiseRow(TenantTable, Promise, table=True):
    __tablename__: ClassVar[Any] = "promise"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_promise_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class TopicCoverageRow(TenantTable, TopicCoverage, table=True):
    __tablename__: ClassVar[Any] = "topic_coverage"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_topic_coverage_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int = Field(foreign_key="agreement.id")


class HoldRow(TenantTable, Hold, table=True):
    __tablename__: ClassVar[Any] = "hold"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_hold_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class IncidentRow(TenantTable, Incident, table=True):
    __tablename__: ClassVar[Any] = "incident"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_incident_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    first_id: int | None = Field(default=None, foreign_key="incident.id")


class ClockMarkRow(TenantTable, ClockMark, table=True):
    __tablename__: ClassVar[Any] = "clock_mark"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_clock_mark_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    incident_id: int = Field(foreign_key="incident.id")


class ObligationRow(TenantTable, Obligation, table=True):
    __tablename__: ClassVar[Any] = "obligation"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_obligation_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")


class ClientContractRow(TenantTable, ClientContract, table=True):
    __tablename__: ClassVar[Any] = "client_contract"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_client_contract_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class OwnRegulationRow(TenantTable, OwnRegulation, table=True):
    __tablename__: ClassVar[Any] = "own_regulation"
    model_config = UNVALIDATED
    __table_args__ = (current_index("workspace_id", "key", name="ix_own_regulation_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class OwnFrameworkRow(TenantTable, OwnFramework, table=True):
    __tablename__: ClassVar[Any] = "own_framework"
    model_config = UNVALIDATED
    __table_args__ = (current_index("workspace_id", "key", name="ix_own_framework_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class SignatureRow(TenantTable, Signature, table=True):
    __tablename__: ClassVar[Any] = "signature"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_signature_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int = Field(foreign_key="agreement.id")


class DeclinedRecommendationRow(TenantTable, DeclinedRecommendation, table=True):
    __tablename__: ClassVar[Any] = "declined_recommendation"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_declined_recommendation_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")


class InsuranceRequirementRow(TenantTable, InsuranceRequirement, table=True):
    __tablename__: ClassVar[Any] = "insurance_requirement"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_insurance_requirement_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class AdoptionRow(TenantTable, Adoption, table=True):
    __tablename__: ClassVar[Any] = "adoption"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_adoption_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")


class QuestionnaireRow(TenantTable, Questionnaire, table=True):
    __tablename__: ClassVar[Any] = "questionnaire"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_questionnaire_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class FrameworkVersionRow(TenantTable, FrameworkVersion, table=True):
    __tablename__: ClassVar[Any] = "framework_version"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "family", "version"),)


class CheckResultRow(TenantTable, CheckResult, table=True):
    __tablename__: ClassVar[Any] = "check_result"
    model_config = UNVALIDATED
    client_id: int = Field(foreign_key="client.id")


class CounselMarkRow(TenantTable, CounselMark, table=True):
    __tablename__: ClassVar[Any] = "counsel_mark"
    model_config = UNVALIDATED
    __table_args__ = (current_index("client_id", name="ix_counsel_mark_current"),)
    client_id: int | None = Field(default=None, foreign_key="client.id")


class LearnedPhraseRow(TenantTable, LearnedPhrase, table=True):
    __tablename__: ClassVar[Any] = "learned_phrase"
    model_config = UNVALIDATED
    client_id: int = Field(foreign_key="client.id")
    question_id: int | None = Field(default=None, foreign_key="scope_question.id")


class BillableWorkRow(TenantTable, BillableWork, table=True):
    __tablename__: ClassVar[Any] = "billable_work"
    model_config = UNVALIDATED
    __table_args__ = (Index("ix_billable_work_done_on", "workspace_id", "done_on"),)
    client_id: int = Field(foreign_key="client.id")
    scope_question_id: int = Field(foreign_key="scope_question.id")
    responsibility_id: int | None = Field(default=None, foreign_key="responsibility.id")


class CalendarFeedRow(TenantTable, CalendarFeed, table=True):
    __tablename__: ClassVar[Any] = "calendar_feed"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "token_hash"),)


class ImportMemoryRow(TenantTable, ImportMemory, table=True):
    __tablename__: ClassVar[Any] = "import_memory"
    model_config = UNVALIDATED
    client_id: int = Field(foreign_key="client.id")


class TableMemoryRow(TenantTable, TableMemory, table=True):
    __tablename__: ClassVar[Any] = "table_memory"
    model_config = UNVALIDATED


class VisibilityRow(TenantTable, Visibility, table=True):
    __tablename__: ClassVar[Any] = "client_visibility"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("client_id"),)
    client_id: int = Field(foreign_key="client.id")


class PaperRow(TenantTable, Paper, table=True):
    """`content` is what it says, as compressed JSON; empty once the client was erased."""

    __tablename__: ClassVar[Any] = "paper"
    model_config = UNVALIDATED
    __table_args__ = (
        Index("ix_paper_client", "workspace_id", "client_id"),
        Index("ix_paper_number", "workspace_id", "number"),
        Index("ix_paper_file", "workspace_id", "file_hash"),
    )
    client_id: int = Field(foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    content: bytes = b""


class PaperTemplateRow(TenantTable, PaperTemplate, table=True):
    """`content` is the DOCX file."""

    __tablename__: ClassVar[Any] = "paper_template"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "version"),)
    content: bytes = b""


class TermsCopyRow(TenantTable, TermsCopy, table=True):
    __tablename__: ClassVar[Any] = "terms_copy"
    model_config = UNVALIDATED
    client_id: int = Field(foreign_key="client.id")
    agreement_id: int = Field(foreign_key="agreement.id")


class AuditStampRow(TenantTable, AuditStamp, table=True):
    """`response` is the service's answer, DER."""

    __tablename__: ClassVar[Any] = "audit_stamp"
    model_config = UNVALIDATED
    response: bytes = b""


class AttachmentRow(TenantTable, Attachment, table=True):
    """`content` are the bytes as they came; empty once the client was erased."""

    __tablename__: ClassVar[Any] = "attachment"
    model_config = UNVALIDATED
    __table_args__ = (Index("ix_attachment_client", "workspace_id", "client_id"),)
    client_id: int = Field(foreign_key="client.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    content: bytes = b""


# SQLite counts nothing by itself, and takes any index that begins with the workspace for a good one if it gives the
# order that was asked for. So there is none over the workspace alone but where nothing else is looked for, and those by
# agreement begin with the agreement. tests/storage/test_query_plans.py looks at the plans.
_WITH_AN_INDEX_OF_ITS_OWN = ("client_visibility", "paper", "attachment")
for _table in list(SQLModel.metadata.tables.values()):
    if "client_id" in _table.c and _table.name not in _WITH_AN_INDEX_OF_ITS_OWN:
        Index(f"ix_{_table.name}_client_id", _table.c.workspace_id, _table.c.client_id)
    if _table.name in ("responsibility", "walkthrough", "reminder", "decision"):
        Index(f"ix_{_table.name}_agreement_id", _table.c.agreement_id, _table.c.workspace_id)
    if _table.name in ("client", "pending_upload"):
        Index(f"ix_{_table.name}_workspace_id", _table.c.workspace_id)
