"""The rows of one client's matrix, arranged for fast matching. Built once per version of the matrix; never changed.

Everything per client is kept in flat arrays (a 200-row matrix takes 25 to 65 kilobytes); what the vocabulary knows is
shared by all indexes, and so is what the texts say that several clients have.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.lexicon import Lexicon, compiled
from commands.rules.matching.meaning import row_texts
from commands.rules.matching.outline import Outline, Row, outline
from commands.rules.matching.postings import Postings, numbers, packed, shift
from commands.rules.matching.reading import Token, Unit
from commands.rules.matching.spelling import Spelling
from commands.rules.matching.text import FILLERS, FRAME, bag, folded_tokens, respelt, stem

_FULL = 255
_BLOCK = 256
"""So many rows at once are compared with all: a large matrix must not need the square of its rows in memory."""


class ScopeIndex:
    """Equal rows and vocabulary give equal answers, always."""

    __slots__ = (
        "_bags",
        "_exact",
        "_postings",
        "_reading_starts",
        "_readings",
        "_unit_starts",
        "_vectors",
        "_weights",
        "_words",
        "keys",
        "lexicon",
        "meaning",
        "neighbours",
        "ranking",
        "rows",
        "spelling",
        "vector_rows",
    )

    def __init__(self, rows: Sequence[Row], knowledge: Knowledge) -> None:
        self.lexicon: Lexicon = compiled(knowledge.vocabulary)
        self.rows = tuple(rows)
        self.meaning, self.ranking = knowledge.meaning, knowledge.ranking
        outlines = [outline(row, self.lexicon) for row in rows]
        self.keys = tuple(row.key for row in rows)
        texts = [row_texts(row) for row in rows]
        self.vector_rows = np.array([at for at, each in enumerate(texts) for _ in each.names], np.intp)
        self._vectors = self._encoded([name for each in texts for name in each.names] + [each.whole for each in texts])
        self.neighbours = self._near_each_other()
        self._words = self._number_words(outlines)
        self._postings = Postings(self._mentions(outlines))
        self._weigh(outlines)
        self._bags: dict[str, int | tuple[int, ...]] = {}
        self._exact: dict[str, int | tuple[int, ...]] = {}
        names = [(number, name) for number, one in enumerate(outlines) for name in one.names]
        for number, name in names:
            _add(self._bags, name.bag, number)
        for number, name in names:  # where the words alone do not tell which row
            if not name.bag or len(_rows(self._bags, name.bag)) > 1:
                _add(self._exact, name.exact, number)
        self.spelling = Spelling({word for _, name in names for word in name.strange})

    def _encoded(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        return self.meaning.row_vectors(texts) if self.meaning is not None else ()

    def _near_each_other(self) -> NDArray[np.float32]:
        """Of each row's whole text the cosine with its nearest other row, its five nearest, and all others (means)."""
        found = np.zeros((len(self.rows), 3), np.float32)
        if self.meaning is None or len(self.rows) < 2:
            return found
        whole = self.vectors[len(self.vector_rows) :]
        others, few = len(whole) - 1, min(5, len(whole) - 1)
        for start in range(0, len(whole), _BLOCK):
            cosines = whole[start : start + _BLOCK] @ whole.T
            own = np.arange(len(cosines))
            cosines[own, start + own] = -1.0
            nearest = -np.partition(-cosines, few - 1, axis=1)[:, :few]
            everything = (cosines.sum(axis=1) + 1.0) / others
            found[start : start + _BLOCK] = np.stack([nearest.max(axis=1), nearest.mean(axis=1), everything], axis=1)
        return found

    def _number_words(self, outlines: list[Outline]) -> dict[str, int]:
        """Numbers for the stems that the vocabulary has none for; they follow on its own numbers."""
        mentioned = {str(each.feature) for one in outlines for _, part in one.parts for each in part.strange}
        return {word: self.lexicon.features + at for at, word in enumerate(sorted(mentioned))}

    def _feature(self, feature: int | str) -> int:
        """A concept's own number, or a word's; -1 for a word that no row has."""
        if isinstance(feature, int):
            return feature
        number = self.lexicon.word_numbers.get(feature)
        return self._words.get(feature, -1) if number is None else number

    def _mentions(self, outlines: list[Outline]) -> Iterator[int]:
        """All of them, packed."""
        for row, one in enumerate(outlines):
            for start, part in one.parts:
                offset = shift(row, start)
                for mention in part.mentions:
                    yield mention + offset
                for feature, unit, strength in part.strange:
                    yield packed(self._feature(feature), unit, strength) + offset

    def _weigh(self, outlines: list[Outline]) -> None:
        weights, readings = array("B"), array("B")
        unit_starts, reading_starts = [0], [0]
        for one in outlines:
            for start, part in one.parts:
                weights.extend(round(weight * self._rarity(features) * _FULL) for weight, features in part.units)
                for reading in part.readings:
                    readings.extend((start + reading.start, start + reading.end, reading.is_whole))
            unit_starts.append(len(weights))
            reading_starts.append(len(readings))
        self._weights, self._unit_starts = weights[:], numbers(unit_starts)
        self._readings, self._reading_starts = readings[:], numbers(reading_starts)

    @property
    def items(self) -> tuple[str, ...]:
        """The rows' names."""
        return tuple(row.item for row in self.rows)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Unit vectors of the rows' names (of row `vector_rows[i]` each), then of the rows' whole texts."""
        stacked = np.stack(self._vectors).astype(np.float32)
        unit: NDArray[np.float32] = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
        return unit

    def count(self, word: str) -> int:
        """How many rows have a stem in their names."""
        return self._postings.count(self._feature(word))

    def idf(self, word: str) -> float:
        """The more, the fewer rows have a stem in their names."""
        return math.log((1 + len(self.rows)) / (1 + self.count(word))) + 0.5

    def named(self, words: list[str]) -> tuple[int, ...]:
        """The rows that have a name of these tokens in any order, furniture aside; those in just this order, if any."""
        said = bag(words)
        found = _rows(self._bags, said)
        if said and len(found) < 2:
            return found
        return self._named_exactly(words) or (found if said else ())

    def _named_exactly(self, words: list[str]) -> tuple[int, ...]:
        topic = [at for at, word in enumerate(words) if word not in FRAME]
        first, last = (topic[0], topic[-1] + 1) if topic else (len(words), 0)
        spans = (
            (start, end)
            for start in range(min(first, len(words)) + 1)
            for end in range(max(last, start + 1), len(words) + 1)
        )
        longest_first = sorted(spans, key=lambda span: (span[0] - span[1], span))
        named = (_rows(self._exact, " ".join(words[start:end])) for start, end in longest_first)
        return next(filter(None, named), ())

    def postings(self, feature: int | str) -> Iterable[tuple[int, int, float]]:
        """The rows that mention a feature, each with the unit (ASIDE: not in its name), and how strongly, 0..1."""
        return self._postings.of(self._feature(feature))

    def has_word(self, word: str) -> bool:
        """Whether any row uses a stem."""
        return self._postings.has(self._feature(word))

    def rarity(self, unit: Unit) -> float:
        """0.5 for what every row names to 1 for what a single row, or none, names."""
        return self._rarity((*unit.concepts, *unit.words))

    def _rarity(self, features: Iterable[int | str]) -> float:
        counts = [self._postings.count(self._feature(each)) for each in features]
        return _rarity(max(counts, default=1), len(self.keys))

    def weights(self, row: int) -> list[float]:
        """The weights of the units that a row's names consist of."""
        return [each / _FULL for each in self._weights[self._unit_starts[row] : self._unit_starts[row + 1]]]

    def readings(self, row: int) -> Iterator[tuple[int, int, int]]:
        """Its readings: start, end, is_whole."""
        flat = self._readings[self._reading_starts[row] : self._reading_starts[row + 1]]
        return zip(flat[::3], flat[1::3], flat[2::3], strict=True)

    def read(self, clause: str) -> list[Token]:
        """The tokens of a clause (folded already), spelling repaired, fillers dropped."""
        found: list[Token] = []
        for word in folded_tokens(clause):
            if word not in FILLERS:
                meant = self.repaired(word)
                said = word if meant == word else f"{word} (read as {meant})"
                for each in respelt(meant).split():
                    found.append(Token(stem(each), said))
        return found

    def repaired(self, word: str) -> str:
        """The word that was meant, or `word` itself when it is known or near nothing."""
        known = self.lexicon.spelling
        if word in FRAME or known.knows(word) or self.spelling.knows(word):
            return word
        stemmed = stem(word)
        if stemmed in self.lexicon.words or stemmed in self.lexicon.everyday or stemmed in self._words:
            return word
        found = [repair for repair in (self.spelling.nearest(word), known.nearest(word)) if repair]
        return min(found).word if found else word


@lru_cache(maxsize=4096)
def _rarity(named: int, rows: int) -> float:
    return 1.0 - 0.5 * math.log(max(named, 1)) / math.log(max(rows, 2))


def _add(names: dict[str, int | tuple[int, ...]], name: str, row: int) -> None:
    known = _rows(names, name)
    if row not in known:
        names[name] = (*known, row) if known else row


def _rows(names: dict[str, int | tuple[int, ...]], name: str) -> tuple[int, ...]:
    found = names.get(name, ())
    return (found,) if isinstance(found, int) else found
