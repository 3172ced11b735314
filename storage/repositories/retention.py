"""Words that are old enough to go, by kind of record. What proves who was responsible when stays."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlmodel import col, select

from storage.engine.session import TenantSession
from storage.records import ClientStatus, QuestionStatus
from storage.repositories.erasure import ERASED, blanks_of
from storage.tables import AttachmentRow, BillableWorkRow, ClientRow, ReminderRow, ScopeQuestionRow

_AT_ONCE = 500


class KeptKind(StrEnum):
    """What has a time of its own to be kept."""

    QUESTIONS = "questions"
    REMINDERS = "reminders"
    BILLABLE = "billable work"
    COPIES = "signed copies of retired clients"


_TABLES: Mapping[KeptKind, Any] = {
    KeptKind.QUESTIONS: ScopeQuestionRow,
    KeptKind.REMINDERS: ReminderRow,
    KeptKind.BILLABLE: BillableWorkRow,
    KeptKind.COPIES: AttachmentRow,
}


class Retention:
    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def due(self, kind: KeptKind, before: datetime, held: Collection[int] = ()) -> dict[int, int]:
        """Ids of the records of that kind from before that instant which still have words, with their client's id (0:
        none). Not of the `held` clients. Questions count from when they were asked and while nobody waits for an
        answer, reminders from when they were sent, work from when it was recorded, copies from when the client left.
        """
        table = _TABLES[kind]
        statement = select(table.id, table.client_id).where(_is_due(kind, before, before.date()))
        if held:
            statement = statement.where(or_(table.client_id.is_(None), table.client_id.not_in(held)))
        return {id: client_id or 0 for id, client_id in self._session.execute(statement)}

    def erase(self, kind: KeptKind, ids: Collection[int]) -> None:
        """Take the words of these records away."""
        table, ordered = _TABLES[kind], sorted(ids)
        for start in range(0, len(ordered), _AT_ONCE):
            chosen = table.id.in_(ordered[start : start + _AT_ONCE])
            self._session.execute(
                update(table).where(chosen).values(**blanks_of(table)).execution_options(synchronize_session=False)
            )


def counted_by_client(due: Mapping[int, int]) -> dict[int, int]:
    """How many are due of each client."""
    return dict(Counter(due.values()))


def _is_due(kind: KeptKind, before: datetime, before_day: date) -> ColumnElement[bool]:
    match kind:
        case KeptKind.QUESTIONS:
            asked = col(ScopeQuestionRow.asked_at) < before
            is_open = col(ScopeQuestionRow.status) == QuestionStatus.OPEN
            return and_(asked, ~is_open, col(ScopeQuestionRow.question) != ERASED)
        case KeptKind.REMINDERS:
            return and_(col(ReminderRow.sent_at) < before, col(ReminderRow.headline) != ERASED)
        case KeptKind.BILLABLE:
            return and_(col(BillableWorkRow.recorded_at) < before, col(BillableWorkRow.question) != ERASED)
        case KeptKind.COPIES:
            left = select(ClientRow.id).where(
                col(ClientRow.status) == ClientStatus.OFFBOARDED, col(ClientRow.offboarded_on) < before_day
            )
            return and_(col(AttachmentRow.client_id).in_(left), func.length(col(AttachmentRow.content)) > 0)
