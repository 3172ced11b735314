"""What is known before any matrix is seen: the trade's vocabulary, what training left, and the sentence encoder."""

from dataclasses import dataclass, replace
from typing import Self

from commands.rules.matching.meaning import Meaning
from storage.records.ranking import Ranking, Rankings
from storage.records.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """`meaning` None: there is no encoder, the words alone decide, more cautiously."""

    vocabulary: Vocabulary
    rankings: Rankings
    meaning: Meaning | None = None

    @property
    def ranking(self) -> Ranking:
        return self.rankings.words if self.meaning is None else self.rankings.full

    def by_words_alone(self) -> Self:
        return replace(self, meaning=None)
