"""Scope questions: what was asked, what was answered from which row version, and what is still open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Integer, and_, bindparam, cast, func, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from storage.engine.compiled_statements import CompiledStatement
from storage.records import CONSOLE, QuestionStatus, ReminderKind, ReminderState, ScopeQuestion
from storage.repositories.repository import Repository
from storage.tables import ReminderRow, ResponsibilityRow, ScopeQuestionRow

_AT_ONCE = 500
_OPEN = (
    select(ScopeQuestionRow)
    .where(col(ScopeQuestionRow.status) == QuestionStatus.OPEN)
    .order_by(col(ScopeQuestionRow.id))
)

_question: Any = ScopeQuestionRow.__table__  # type: ignore[attr-defined]
_reminder: Any = ReminderRow.__table__  # type: ignore[attr-defined]
_QUESTION_ID = cast(func.substr(_reminder.c.subject, len("scope_question:") + 1), Integer)
_WAITING = CompiledStatement(
    core_select(_question.c.id)
    .join(_reminder, _question.c.id == _QUESTION_ID)
    .where(
        _question.c.workspace_id == bindparam("workspace_id"),
        _question.c.status == QuestionStatus.OPEN,
        _question.c.told_from.is_(None),
        _reminder.c.workspace_id == bindparam("workspace_id"),
        _reminder.c.kind == ReminderKind.SCOPE_QUESTION,
        _reminder.c.state == ReminderState.PENDING,
        _reminder.c.due_at > bindparam("after"),
        _reminder.c.recipient == bindparam("recipient"),
        _reminder.c.lead_days == bindparam("lead_days"),
    )
    .order_by(_question.c.id)
)


class ScopeQuestions(Repository[ScopeQuestion]):
    row: ClassVar = ScopeQuestionRow
    noun: ClassVar = ScopeQuestion

    def record(self, question: ScopeQuestion) -> ScopeQuestion:
        return self._add(question)

    def save(self, question: ScopeQuestion) -> ScopeQuestion:
        """Raises StaleRecord when it was settled or dismissed meanwhile."""
        after: ScopeQuestion = self._replace(question)
        return after

    def open(self, client_id: int | None = None) -> list[ScopeQuestion]:
        """Those that wait for a manager, oldest first."""
        return self._all(_OPEN) if client_id is None else self._of_client("open", client_id, _OPEN)

    def settled_without_row(self, client_id: int) -> list[ScopeQuestion]:
        """Those that a manager decided, and that no row of a matrix says; oldest first."""
        return self._all(
            select(ScopeQuestionRow)
            .where(
                ScopeQuestionRow.client_id == client_id,
                col(ScopeQuestionRow.status) == QuestionStatus.SETTLED,
                col(ScopeQuestionRow.settled_verdict).is_not(None),
                col(ScopeQuestionRow.settled_responsibility_id).is_(None),
            )
            .order_by(col(ScopeQuestionRow.id))
        )

    def joined_to(self, question: ScopeQuestion) -> list[ScopeQuestion]:
        """Those about the same thing that joined it, oldest first."""
        return self._all(
            select(ScopeQuestionRow)
            .where(ScopeQuestionRow.client_id == question.client_id, ScopeQuestionRow.joined_id == question.id)
            .order_by(col(ScopeQuestionRow.id))
        )

    def newest_in_thread(self, channel: str, thread: str) -> ScopeQuestion | None:
        """The last question asked in that thread of that channel."""
        return self._one(
            select(ScopeQuestionRow)
            .where(ScopeQuestionRow.thread == thread, ScopeQuestionRow.channel == channel)
            .order_by(col(ScopeQuestionRow.id).desc())
            .limit(1)
        )

    def of_asker(self, user: str, since: datetime, limit: int) -> list[ScopeQuestion]:
        """What `user` asked that is still open, and what of it was settled or dismissed since; newest first."""
        closed = (QuestionStatus.SETTLED, QuestionStatus.DISMISSED)
        return self._all(
            select(ScopeQuestionRow)
            .where(
                ScopeQuestionRow.asked_by == user,
                or_(
                    col(ScopeQuestionRow.status) == QuestionStatus.OPEN,
                    and_(col(ScopeQuestionRow.status).in_(closed), col(ScopeQuestionRow.settled_at) >= since),
                ),
            )
            .order_by(col(ScopeQuestionRow.id).desc())
            .limit(limit)
        )

    def clients_asked_about(self, user: str, since: datetime) -> set[int]:
        """The ids of the clients that `user` asked about since then."""
        asked = select(ScopeQuestionRow.client_id).where(
            ScopeQuestionRow.asked_by == user, col(ScopeQuestionRow.asked_at) >= since
        )
        return set(self._session.exec(asked.distinct()).all())

    def asked_about(self, client_ids: Sequence[int], since: datetime) -> set[int]:
        """Those of the clients that anybody asked about since then."""
        found: set[int] = set()
        for start in range(0, len(client_ids), _AT_ONCE):
            given = col(ScopeQuestionRow.client_id).in_(client_ids[start : start + _AT_ONCE])
            asked = select(ScopeQuestionRow.client_id).where(given, col(ScopeQuestionRow.asked_at) >= since)
            found.update(self._session.exec(asked.distinct()))
        return found

    def asked_since(self, client_id: int, since: datetime, limit: int) -> list[ScopeQuestion]:
        """What was asked about the client since then, by whomever; newest first."""
        return self._all(
            select(ScopeQuestionRow)
            .where(ScopeQuestionRow.client_id == client_id, col(ScopeQuestionRow.asked_at) >= since)
            .order_by(col(ScopeQuestionRow.id).desc())
            .limit(limit)
        )

    def history(self, client_id: int, limit: int, before_id: int | None = None) -> list[ScopeQuestion]:
        """The newest first; `before_id` pages back."""
        statement = select(ScopeQuestionRow).where(ScopeQuestionRow.client_id == client_id)
        if before_id is not None:
            statement = statement.where(col(ScopeQuestionRow.id) < before_id)
        return self._all(statement.order_by(col(ScopeQuestionRow.id).desc()).limit(limit))

    def waiting_for(self, recipient: str, lead_days: int, after: datetime) -> list[int]:
        """The ids of the open questions that `recipient` is to be told after that instant, with the batch of a day.

        Whoever may see the questions: this is to know when somebody is told, and is not shown.
        """
        given = {
            "workspace_id": self._session.workspace_id, "recipient": recipient, "lead_days": lead_days, "after": after,
        }  # fmt: skip
        return [row["id"] for row in _WAITING.rows(self._session.open, given)]

    def wordings(self, client_id: int, limit: int) -> list[str]:
        """What was asked about the client, as typed; the newest first."""
        self._note_read(client_id)
        asked = select(ScopeQuestionRow.question).where(ScopeQuestionRow.client_id == client_id)
        return list(self._session.exec(asked.order_by(col(ScopeQuestionRow.id).desc()).limit(limit)))

    def settled_with_rows(self, client_id: int, limit: int) -> list[tuple[ScopeQuestion, str]]:
        """The newest that were settled with a row, each with what that row version was called; the oldest first."""
        statement = (
            select(ScopeQuestionRow, ResponsibilityRow.item)
            .join(ResponsibilityRow, col(ScopeQuestionRow.settled_responsibility_id) == ResponsibilityRow.id)
            .where(ScopeQuestionRow.client_id == client_id, ScopeQuestionRow.status == QuestionStatus.SETTLED)
            .order_by(col(ScopeQuestionRow.settled_at).desc(), col(ScopeQuestionRow.id).desc())
            .limit(limit)
        )
        return [(self._as_noun(row), item) for row, item in reversed(self._session.exec(statement).all())]

    def untold(self, since: datetime, before: datetime) -> list[ScopeQuestion]:
        """Settled or dismissed in that time by somebody else than the asker, who was not told yet. Both ends are
        exclusive.
        """
        return self._all(
            select(ScopeQuestionRow)
            .where(
                col(ScopeQuestionRow.status).in_((QuestionStatus.SETTLED, QuestionStatus.DISMISSED)),
                col(ScopeQuestionRow.asker_told_at).is_(None),
                col(ScopeQuestionRow.asked_by).not_in((col(ScopeQuestionRow.settled_by), CONSOLE)),
                col(ScopeQuestionRow.settled_at) > since,
                col(ScopeQuestionRow.settled_at) < before,
            )
            .order_by(col(ScopeQuestionRow.id))
        )
