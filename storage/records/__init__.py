"""The nouns: frozen, validated values. No I/O, no clock, no session; every floor may use them."""

from storage.records.agreement import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    KeyTopic,
    NoticeMethod,
    RenewalMode,
    TermKind,
)
from storage.records.audit import AuditEntry, Outcome
from storage.records.base import Record
from storage.records.client import Client, ClientStatus
from storage.records.disclosure import Disclosure, DisclosureAnswer
from storage.records.pending_upload import PendingUpload
from storage.records.period import Period, PeriodUnit
from storage.records.question import QuestionStatus, ScopeQuestion, Verdict
from storage.records.reminder import (
    Decision,
    DecisionChoice,
    Heartbeat,
    LeadTimes,
    PersonZone,
    Reminder,
    ReminderKind,
    ReminderState,
)
from storage.records.responsibility import Party, Responsibility
from storage.records.role import Role, RoleAssignment
from storage.records.walkthrough import Walkthrough
from storage.records.workspace import Workspace

__all__ = [
    "Agreement",
    "AgreementKind",
    "AgreementStatus",
    "AuditEntry",
    "Client",
    "ClientStatus",
    "Decision",
    "DecisionChoice",
    "Disclosure",
    "DisclosureAnswer",
    "Heartbeat",
    "KeyTopic",
    "LeadTimes",
    "NoticeMethod",
    "Outcome",
    "Party",
    "PendingUpload",
    "Period",
    "PeriodUnit",
    "PersonZone",
    "QuestionStatus",
    "Record",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "RenewalMode",
    "Responsibility",
    "Role",
    "RoleAssignment",
    "ScopeQuestion",
    "TermKind",
    "Verdict",
    "Walkthrough",
    "Workspace",
]
