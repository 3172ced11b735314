"""The rows of one client's matrix, arranged for fast matching. Built once per version of the matrix; never changed.

Everything per client is kept in flat arrays (a 200-row matrix takes some tens of kilobytes); what the vocabulary
knows is shared by all indexes.
"""

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from commands.rules.matching.lexicon import Lexicon, compiled
from commands.rules.matching.match import Match, match
from commands.rules.matching.outline import ASIDE, Outline, Reading, Row, outline
from commands.rules.matching.reading import Token, Unit
from commands.rules.matching.spelling import Spelling
from commands.rules.matching.text import FILLERS, FRAME, folded_tokens, respelt, stem, tokens
from storage.records.vocabulary import Vocabulary

_FULL = 255


class Posting(NamedTuple):
    """Row number `row` mentions a feature with `strength` 0..1, in its unit number `unit` (ASIDE: not in its name)."""

    row: int
    unit: int
    strength: float


class ScopeIndex:
    """Equal rows and vocabulary give equal answers, always."""

    __slots__ = (
        "_bags",
        "_counts",
        "_exact",
        "_features",
        "_posted_rows",
        "_posted_strengths",
        "_posted_units",
        "_reading_starts",
        "_readings",
        "_starts",
        "_unit_starts",
        "_weights",
        "_words",
        "items",
        "keys",
        "lexicon",
        "spelling",
    )

    def __init__(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        self.lexicon: Lexicon = compiled(vocabulary)
        self.keys = tuple(row.key for row in rows)
        self.items = tuple(row.item for row in rows)
        outlines = [outline(row, self.lexicon) for row in rows]
        self._words = self._number_words(outlines)
        self._post(outlines)
        self._weigh(outlines)
        self._exact: dict[str, int | tuple[int, ...]] = {}
        self._bags: dict[str, int | tuple[int, ...]] = {}
        words: set[str] = set()
        for number, row in enumerate(rows):
            for name in (row.item, *row.aliases):
                spelt = tokens(name)
                words.update(word for word in spelt if not self.lexicon.spelling.knows(word))
                _add(self._exact, " ".join(spelt), number)
                _add(self._bags, _bag(spelt), number)
        self.spelling = Spelling(words)

    def match(self, question: str) -> Match:
        """Which row `question` is about. Never raises, whatever the text."""
        return match(self, question)

    def _number_words(self, outlines: list[Outline]) -> dict[str, int]:
        """Numbers for the stems that the vocabulary has none for; they follow on its own numbers."""
        known = self.lexicon.word_numbers
        mentioned = {each.feature for one in outlines for each in one.mentions if isinstance(each.feature, str)}
        first = self.lexicon.features
        return {word: first + at for at, word in enumerate(sorted(mentioned - known.keys()))}

    def _feature(self, feature: int | str) -> int:
        """A concept's own number, or a word's; -1 for a word that no row has."""
        if isinstance(feature, int):
            return feature
        number = self.lexicon.word_numbers.get(feature)
        return self._words.get(feature, -1) if number is None else number

    def _post(self, outlines: list[Outline]) -> None:
        posted: defaultdict[int, dict[tuple[int, int], float]] = defaultdict(dict)
        for row, one in enumerate(outlines):
            for feature, unit, strength in one.mentions:
                place = posted[self._feature(feature)]
                place[row, unit] = max(place.get((row, unit), 0.0), strength)
        self._features = array("H", sorted(posted))
        self._starts, self._counts = array("H", [0]), array("H")
        self._posted_rows, self._posted_units, self._posted_strengths = array("H"), array("B"), array("B")
        for feature in self._features:
            for (row, unit), strength in posted[feature].items():
                self._posted_rows.append(row)
                self._posted_units.append(unit)
                self._posted_strengths.append(round(strength * _FULL))
            self._starts.append(len(self._posted_rows))
            self._counts.append(len({row for row, unit in posted[feature] if unit != ASIDE}))

    def _weigh(self, outlines: list[Outline]) -> None:
        self._weights, self._unit_starts = array("B"), array("H", [0])
        self._readings, self._reading_starts = array("B"), array("H", [0])
        for one in outlines:
            self._weights.extend(round(unit.weight * self.rarity(unit) * _FULL) for unit in one.units)
            self._unit_starts.append(len(self._weights))
            for reading in one.readings:
                self._readings.extend((reading.start, reading.end, reading.is_whole))
            self._reading_starts.append(len(self._readings))

    def named(self, name: str) -> tuple[int, ...]:
        """The rows whose item or alias is exactly `name` (tokens joined by a space)."""
        return _rows(self._exact, name)

    def named_by(self, words: list[str]) -> tuple[int, ...]:
        """The rows whose item or alias consists of these tokens in any order, furniture aside."""
        bag = _bag(words)
        return _rows(self._bags, bag) if bag else ()

    def postings(self, feature: int | str) -> Iterator[Posting]:
        number = self._feature(feature)
        at = bisect_left(self._features, number) if number >= 0 else len(self._features)
        if at < len(self._features) and self._features[at] == number:
            for place in range(self._starts[at], self._starts[at + 1]):
                yield Posting(
                    self._posted_rows[place], self._posted_units[place], self._posted_strengths[place] / _FULL
                )

    def has_word(self, word: str) -> bool:
        """Whether any row uses a stem."""
        return next(self.postings(word), None) is not None

    def rarity(self, unit: Unit) -> float:
        """0.5 for what every row names to 1 for what a single row, or none, names."""
        features: tuple[int | str, ...] = (*unit.concepts, *unit.words)
        most = max((self._count(feature) for feature in features), default=1)
        return 1.0 - 0.5 * math.log(max(most, 1)) / math.log(max(len(self.keys), 2))

    def _count(self, feature: int | str) -> int:
        number = self._feature(feature)
        at = bisect_left(self._features, number) if number >= 0 else len(self._features)
        return self._counts[at] if at < len(self._features) and self._features[at] == number else 0

    def weights(self, row: int) -> list[float]:
        """The weights of the units that a row's names consist of."""
        return [each / _FULL for each in self._weights[self._unit_starts[row] : self._unit_starts[row + 1]]]

    def readings(self, row: int) -> list[Reading]:
        flat = self._readings[self._reading_starts[row] : self._reading_starts[row + 1]]
        return [Reading(flat[at], flat[at + 1], bool(flat[at + 2])) for at in range(0, len(flat), 3)]

    def read(self, clause: str) -> list[Token]:
        """The tokens of a clause (folded already), spelling repaired, fillers dropped."""
        found: list[Token] = []
        for word in folded_tokens(clause):
            if word not in FILLERS:
                meant = self.repaired(word)
                said = word if meant == word else f"{word} (read as {meant})"
                found.extend(Token(stem(each), said) for each in respelt(meant).split())
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


def _bag(words: list[str]) -> str:
    return " ".join(sorted(stem(word) for word in words if word not in FRAME))


def _add(names: dict[str, int | tuple[int, ...]], name: str, row: int) -> None:
    known = _rows(names, name)
    if row not in known:
        names[name] = (*known, row) if known else row


def _rows(names: dict[str, int | tuple[int, ...]], name: str) -> tuple[int, ...]:
    found = names.get(name, ())
    return (found,) if isinstance(found, int) else found
