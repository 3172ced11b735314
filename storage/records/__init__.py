"""The nouns: frozen, validated values. No I/O, no clock, no session; every floor may use them."""

from storage.records.access import AccessGrant, AccessLevel
from storage.records.agreement import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    KeyTopic,
    NoticeMethod,
    NoticeTo,
    RenewalMode,
    Side,
    TermKind,
)
from storage.records.attachment import Attachment, CopyOf, MediaType
from storage.records.audit import CLOCK, CONSOLE, AuditEntry, Outcome
from storage.records.base import Record
from storage.records.billable_work import BillableWork
from storage.records.calendar_feed import CalendarFeed
from storage.records.check import CheckResult, CounselMark
from storage.records.client import Client, ClientStatus
from storage.records.client_merge import ClientMerge
from storage.records.disclosure import Disclosure, DisclosureAnswer
from storage.records.framework import Adoption, FrameworkControl, FrameworkVersion
from storage.records.hold import Hold
from storage.records.import_memory import ImportMemory
from storage.records.incident import ClockMark, Incident, MarkState
from storage.records.insurance import InsuranceRequirement
from storage.records.obligation import ClientContract, ContractKind, Obligation
from storage.records.paper import Paper, PaperFormat, PaperKind, PaperTemplate
from storage.records.pending_upload import PendingUpload
from storage.records.period import Period, PeriodUnit
from storage.records.person import Absence, Person
from storage.records.phrase import LearnedPhrase
from storage.records.promise import Promise, PromiseSource
from storage.records.question import ChangedAnswer, QuestionStatus, ScopeQuestion, Verdict
from storage.records.questionnaire import Questionnaire
from storage.records.recommendation import DeclinedRecommendation
from storage.records.regulation import OwnFramework, OwnRegulation, RegulationKind
from storage.records.reminder import (
    UNANSWERED,
    Decision,
    DecisionChoice,
    Heartbeat,
    LeadTimes,
    PersonZone,
    Reminder,
    ReminderKind,
    ReminderState,
)
from storage.records.responsibility import Party, Responsibility, RowBasis
from storage.records.role import Role, RoleAssignment
from storage.records.signature import Signature, SignatureManner
from storage.records.stamp import AuditStamp
from storage.records.table_memory import TableMemory
from storage.records.terms_copy import HashOf, TermsCopy
from storage.records.topic import TopicCoverage, TopicState
from storage.records.versioned import Versioned
from storage.records.visibility import Visibility
from storage.records.walkthrough import Walkthrough
from storage.records.workspace import Workspace

__all__ = [
    "CLOCK",
    "CONSOLE",
    "Absence",
    "AccessGrant",
    "AccessLevel",
    "Adoption",
    "Agreement",
    "AgreementKind",
    "AgreementStatus",
    "Attachment",
    "AuditEntry",
    "AuditStamp",
    "BillableWork",
    "CalendarFeed",
    "ChangedAnswer",
    "CheckResult",
    "CounselMark",
    "Client",
    "ClientMerge",
    "ClientStatus",
    "CopyOf",
    "Decision",
    "DecisionChoice",
    "DeclinedRecommendation",
    "Disclosure",
    "DisclosureAnswer",
    "FrameworkControl",
    "FrameworkVersion",
    "Heartbeat",
    "InsuranceRequirement",
    "ImportMemory",
    "TableMemory",
    "KeyTopic",
    "Versioned",
    "LeadTimes",
    "LearnedPhrase",
    "MediaType",
    "NoticeMethod",
    "NoticeTo",
    "Outcome",
    "Paper",
    "PaperFormat",
    "PaperKind",
    "PaperTemplate",
    "Party",
    "PendingUpload",
    "Period",
    "PeriodUnit",
    "Person",
    "PersonZone",
    "Promise",
    "PromiseSource",
    "QuestionStatus",
    "Questionnaire",
    "Record",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "RenewalMode",
    "Responsibility",
    "RowBasis",
    "Role",
    "RoleAssignment",
    "ScopeQuestion",
    "Side",
    "TermKind",
    "UNANSWERED",
    "ClientContract",
    "ClockMark",
    "Hold",
    "HashOf",
    "Incident",
    "TermsCopy",
    "MarkState",
    "ContractKind",
    "Obligation",
    "OwnFramework",
    "OwnRegulation",
    "RegulationKind",
    "Signature",
    "SignatureManner",
    "TopicCoverage",
    "TopicState",
    "Verdict",
    "Visibility",
    "Walkthrough",
    "Workspace",
]
