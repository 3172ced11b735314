"""The rows of one client's matrix, arranged for fast matching. Built once per version of the matrix; never changed."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from commands.rules.matching.lexicon import Lexicon, compiled
from commands.rules.matching.match import Match, match
from commands.rules.matching.postings import ASIDE, Posting, Reading
from commands.rules.matching.reading import Kind, Unit, named_units
from commands.rules.matching.spelling import Spelling
from commands.rules.matching.text import FILLERS, FRAME, FRAME_STEMS, fold, stem, stems, tokens
from storage.records.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Row:
    """What matching needs of a matrix row; `key` is whatever the caller knows the row by."""

    key: int
    item: str
    category: str | None = None
    aliases: tuple[str, ...] = ()
    notes: str | None = None
    third_party: str | None = None
    msp_part: str | None = None
    client_part: str | None = None


_SEGMENT = re.compile(r"\band\b|[/&,;()]|\bor\b")
_SEGMENT_WORTH = 0.9
_NOTE_BRAND = 0.75
_NOTE_CONCEPT = 0.3
_NOTE_READING_WORTH = 0.6
_CATEGORY = 0.3
# A word inside a longer phrase says little about the row: "server" in "server room".
_INSIDE_PHRASE = 0.35
_WORD_WEIGHT = 0.8
_EVERYDAY_WORD_WEIGHT = 0.35


class ScopeIndex:
    """Rows and postings. Equal rows and vocabulary give equal answers, always."""

    __slots__ = ("exact", "lexicon", "postings", "readings", "rows", "spelling", "stems", "unit_weights")

    def __init__(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        self.rows = tuple(rows)
        self.lexicon: Lexicon = compiled(vocabulary)
        self.postings: defaultdict[int | str, list[Posting]] = defaultdict(list)
        self.readings: list[tuple[Reading, ...]] = []
        self.unit_weights: list[tuple[float, ...]] = []
        self.exact: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        units = [self._add(number, row) for number, row in enumerate(self.rows)]
        self.stems = frozenset(feature for feature in self.postings if isinstance(feature, str))
        words = {word for row in self.rows for name in (row.item, *row.aliases) for word in tokens(name)}
        self.spelling = Spelling(word for word in words if not self.lexicon.spelling.knows(word))
        self.unit_weights = [tuple(unit.weight * self.rarity(unit) for unit in each) for each in units]

    def match(self, question: str) -> Match:
        """Which row `question` is about. Never raises, whatever the text."""
        return match(self, question)

    def _add(self, number: int, row: Row) -> list[Unit]:
        units: list[Unit] = []
        readings: list[Reading] = []
        for name in (row.item, *row.aliases):
            self.exact[tuple(tokens(name))].append(number)
            segments = [part for part in _SEGMENT.split(fold(name)) if part.strip()]
            whole: list[int] = []
            for segment in segments:
                at = len(units)
                units.extend(self._name_units(segment))
                positions = tuple(range(at, len(units)))
                whole.extend(positions)
                if len(segments) > 1 and any(units[each].weight >= 0.5 for each in positions):
                    readings.append(Reading(positions, _SEGMENT_WORTH))
            readings.append(Reading(tuple(whole), 1.0))
        for at, unit in enumerate(units[:ASIDE]):
            self._post(number, at, unit, 1.0)
        if row.category:
            for unit in self._name_units(row.category):
                self._post(number, ASIDE, unit, _CATEGORY)
        if self._add_asides(number, row, len(units)):
            units.append(Unit(Kind.BRAND, 1.0, (), ()))
            readings.append(Reading((len(units) - 1,), _NOTE_READING_WORTH))
        self.readings.append(tuple(readings))
        return units

    def _name_units(self, text: str) -> list[Unit]:
        words = stems(text)
        units: list[Unit] = []
        taken: set[int] = set()
        for span in self.lexicon.names(words):
            taken.update(range(span.start, span.end))
            units.extend(named_units(span.senses, tuple(words[span.start : span.end]), self.lexicon))
        for at, word in enumerate(words):
            if at not in taken and word not in FRAME_STEMS:
                weight = _EVERYDAY_WORD_WEIGHT if word in self.lexicon.everyday else _WORD_WEIGHT
                units.append(Unit(Kind.WORD, weight, (), (word,)))
        return units

    def _add_asides(self, number: int, row: Row, at: int) -> bool:
        """Notes and parts name brands and companies; their other words are weak. Returns whether a name was found."""
        found = False
        third_party = set(stems(row.third_party or ""))
        for text in (row.notes, row.third_party, row.msp_part, row.client_part):
            words = stems(text or "")
            spans = self.lexicon.names(words)
            taken = {at for span in spans for at in range(span.start, span.end)}
            names = [words[span.start : span.end] for span in spans if any(sense.is_brand for sense in span.senses)]
            names += [
                [word] for place, word in enumerate(words) if place not in taken and self._is_proper(word, third_party)
            ]
            for span in spans:
                for unit in named_units(span.senses, (), self.lexicon):
                    self._post(number, ASIDE, unit, _NOTE_CONCEPT)
            for name in names:
                found = True
                for word in name:
                    self.postings[word].append(Posting(number, at, _NOTE_BRAND))
        return found

    def _is_proper(self, word: str, third_party: set[str]) -> bool:
        if word in FRAME_STEMS or word in self.lexicon.everyday or not word.isalpha() or len(word) < 3:
            return False
        return word in third_party or word not in self.lexicon.words

    def _post(self, row: int, at: int, unit: Unit, strength: float) -> None:
        for concept in unit.concepts:
            self.postings[concept].append(Posting(row, at, strength))
        inside = 1.0 if len(unit.words) == 1 else _INSIDE_PHRASE
        for word in unit.words:
            self.postings[word].append(Posting(row, at, strength * inside))

    def rarity(self, unit: Unit) -> float:
        """0.5 for what every row mentions to 1 for what a single row, or none, mentions."""
        counts = [
            len({each.row for each in self.postings.get(feature, ()) if each.unit != ASIDE})
            for feature in (*unit.concepts, *unit.words)
        ]
        rows = max(len(self.rows), 2)
        return 1.0 - 0.5 * math.log(max(max(counts, default=1), 1)) / math.log(rows)

    def read(self, clause: str) -> list[str]:
        """The stems of a clause, spelling repaired, fillers dropped."""
        return [stem(self.repaired(word)) for word in tokens(clause) if word not in FILLERS]

    def repaired(self, word: str) -> str:
        known = self.lexicon.spelling
        if word in FRAME or known.knows(word) or self.spelling.knows(word):
            return word
        stemmed = stem(word)
        if stemmed in self.lexicon.words or stemmed in self.stems or stemmed in self.lexicon.everyday:
            return word
        found = [repair for repair in (self.spelling.nearest(word), known.nearest(word)) if repair]
        return min(found).word if found else word
