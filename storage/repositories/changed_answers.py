"""Answers that are not what they were when somebody got them, and whether they were told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import col, select

from storage.records import ChangedAnswer
from storage.repositories.repository import Repository
from storage.tables import ChangedAnswerRow


class ChangedAnswers(Repository[ChangedAnswer]):
    row: ClassVar = ChangedAnswerRow
    noun: ClassVar = ChangedAnswer

    def record(self, changes: Sequence[ChangedAnswer]) -> list[ChangedAnswer]:
        """They come back with their ids."""
        return self._add_all(changes)

    def of_client(self, client_id: int) -> list[ChangedAnswer]:
        """All that were ever noted, oldest first."""
        return self._where(client_id=client_id)

    def newest(self, client_id: int) -> Mapping[int, ChangedAnswer]:
        """The newest change of each question about the client, by the question's id."""
        return {each.scope_question_id: each for each in self._where(client_id=client_id)}

    def of_asker(self, user: str, since: datetime, limit: int) -> list[ChangedAnswer]:
        """The newest change of each answer that `user` got, of the last so many since then; the newest first."""
        found = self._all(
            select(ChangedAnswerRow)
            .where(ChangedAnswerRow.asked_by == user, col(ChangedAnswerRow.changed_at) >= since)
            .order_by(col(ChangedAnswerRow.id).desc())
            .limit(limit)
        )
        newest: dict[int, ChangedAnswer] = {}
        for each in found:
            newest.setdefault(each.scope_question_id, each)
        return list(newest.values())

    def untold(self, since: datetime, before: datetime) -> list[ChangedAnswer]:
        """Those of that time that whoever asked was not told of, oldest first. Both ends are exclusive."""
        return self._all(
            select(ChangedAnswerRow)
            .where(
                col(ChangedAnswerRow.told_at).is_(None),
                col(ChangedAnswerRow.changed_at) > since,
                col(ChangedAnswerRow.changed_at) < before,
            )
            .order_by(col(ChangedAnswerRow.id))
        )

    def together_with(self, id: int) -> list[ChangedAnswer]:
        """Those that one message tells of: with the same asker, about the same client, by the same change."""
        first = self.find(id)
        if first is None:
            return []
        return self._where(client_id=first.client_id, asked_by=first.asked_by, changed_at=first.changed_at)

    def told(self, changes: Collection[ChangedAnswer], at: datetime) -> None:
        self._session.execute(
            update(ChangedAnswerRow)
            .where(col(ChangedAnswerRow.id).in_([each.id for each in changes]), col(ChangedAnswerRow.told_at).is_(None))
            .values(told_at=at)
            .execution_options(synchronize_session=False)
        )
