"""Wordings learned from questions: added and forgotten, never removed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import or_, update
from sqlmodel import col, select

from storage.records.phrase import LearnedPhrase
from storage.repositories.repository import Repository
from storage.tables import LearnedPhraseRow


class LearnedPhrases(Repository[LearnedPhrase]):
    row: ClassVar = LearnedPhraseRow
    noun: ClassVar = LearnedPhrase

    def learn(self, phrase: LearnedPhrase) -> LearnedPhrase:
        return self._add(phrase)

    def forget(self, phrase: LearnedPhrase, *, at: datetime, by: str) -> None:
        """Raises StaleRecord when it was forgotten meanwhile."""
        self._update_one(
            update(LearnedPhraseRow)
            .where(col(LearnedPhraseRow.id) == phrase.id, col(LearnedPhraseRow.forgotten_at).is_(None))
            .values(forgotten_at=at, forgotten_by=by)
        )
        self._note(self._subject(phrase), phrase, phrase.model_copy(update={"forgotten_at": at, "forgotten_by": by}))

    def as_known(self, client_id: int, at: datetime) -> list[LearnedPhrase]:
        """Those that counted at that instant, oldest first."""
        known = select(LearnedPhraseRow).where(
            LearnedPhraseRow.client_id == client_id,
            LearnedPhraseRow.learned_at <= at,
            or_(col(LearnedPhraseRow.forgotten_at).is_(None), col(LearnedPhraseRow.forgotten_at) > at),
        )
        return self._all(known.order_by(col(LearnedPhraseRow.id)))

    def known(self, client_id: int) -> list[LearnedPhrase]:
        """Those that count now, oldest first."""
        return self._where(client_id=client_id, forgotten_at=None)
