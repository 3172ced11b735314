"""The vocabulary, compiled for reading text: which words name which concepts, and how near concepts are to each other.

Built once per vocabulary and shared by the indexes of all clients.
"""

import math
from collections import defaultdict
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

from commands.rules.matching.spelling import Spelling
from commands.rules.matching.text import FRAME, FRAME_STEMS, VARIANTS, stem, stems, tokens
from storage.records.vocabulary import Concept, Vocabulary

# How well a question about a narrower (wider) thing fits a row about the wider (narrower) one, per step.
_TO_BROADER = 0.85
_TO_NARROWER = 0.85
_LEAST_NEARNESS = 0.5
# How well a row accounts for a thing that is only often mentioned along with what the row is about.
IN_CONTEXT = 0.6
# A concept of less weight than this is too general to relate what is below it ("device", "security").
_RELATING_WEIGHT = 0.45
_LONGEST_PHRASE = 6
_LEAST_GAPPED = 2
# The file of verbs: what is done to a thing.
_ACTIONS = "actions"
# A word seen in one phrase of a concept tells less of it than one seen in ten.
_SATURATION = 0.6
_EVERYDAY_TELLS = 0.5
_LEAST_TOLD = 0.5
_LEAST_GIST = 0.3
_MOST_TOPICS = 3
_GIST_MARGIN = 0.7


class Sense(NamedTuple):
    """One meaning of a phrase. `is_everyday`: a brand or acronym that is an everyday word too ("Square", "SAT")."""

    concept: int
    is_hint: bool = False
    is_brand: bool = False
    is_everyday: bool = False


class Span(NamedTuple):
    """Stems `start` to `end` (exclusive) of a text that together name something."""

    start: int
    end: int
    senses: tuple[Sense, ...]
    has_gap: bool = False


class Meaning(NamedTuple):
    """What a phrase stands for: `weight` 0..1, and `concepts`, any of which accounts for it.

    A part of a compound service has the compound as its first concept.
    """

    weight: float
    concepts: tuple[int, ...]
    is_brand: bool
    is_part: bool = False


class Lexicon:
    """Reads stems into concepts. Concepts are numbers here; `concepts[number]` is the record."""

    __slots__ = (
        "_hint_ends",
        "_hint_lengths",
        "_hints",
        "_meanings",
        "_name_lengths",
        "_names",
        "concepts",
        "everyday",
        "excludes",
        "features",
        "near",
        "number",
        "parts",
        "spelling",
        "told",
        "topics",
        "word_numbers",
        "words",
    )

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.concepts: tuple[Concept, ...] = vocabulary.concepts
        self.number = {concept.key: number for number, concept in enumerate(self.concepts)}
        self.parts = tuple(tuple(self.number[key] for key in each.parts) for each in self.concepts)
        self.excludes = self._exclusions()
        self.near = self._nearness()
        self._names: dict[tuple[str, ...], tuple[Sense, ...]] = {}
        self._hints: dict[tuple[str, ...], tuple[Sense, ...]] = {}
        self._meanings: dict[tuple[Sense, ...], tuple[Meaning, ...]] = {}
        self.everyday = frozenset(stem(word) for word in vocabulary.everyday)
        words = self._read_phrases(vocabulary)
        self._name_lengths, self._hint_lengths = _lengths(self._names), _lengths(self._hints)
        self._hint_ends = frozenset((hint[0], hint[-1]) for hint in self._hints)
        self.words = frozenset(stem(word) for word in words)
        stemmed = sorted(self.words.union(*self._names, *self._hints))
        self.word_numbers = {word: len(self.concepts) + at for at, word in enumerate(stemmed)}
        self.features = len(self.concepts) + len(stemmed)
        self.told: dict[str, float] = {}
        self.topics: dict[str, dict[int, float]] = {}
        self._read_topics()
        self.spelling = Spelling(preferred=words | VARIANTS, others=FRAME | set(vocabulary.everyday))

    def _exclusions(self) -> tuple[frozenset[int], ...]:
        found: list[set[int]] = [set() for _ in self.concepts]
        for number, concept in enumerate(self.concepts):
            for key in concept.excludes:
                found[number].add(self.number[key])
                found[self.number[key]].add(number)
        return tuple(frozenset(each) for each in found)

    def _nearness(self) -> tuple[tuple[tuple[int, float], ...], ...]:
        """For each concept: itself, what is above and below it, but for what it is said not to be; nearness 0..1."""
        above = [self._above(number) for number in range(len(self.concepts))]
        below: list[dict[int, float]] = [{} for _ in self.concepts]
        for number, wider in enumerate(above):
            for other, (steps, _) in wider.items():
                below[other][number] = _TO_NARROWER**steps
        in_context: list[set[int]] = [set() for _ in self.concepts]
        for number, concept in enumerate(self.concepts):
            for key in concept.context:
                in_context[self.number[key]].add(number)
        found = []
        for number in range(len(self.concepts)):
            near = {number: 1.0}
            near.update({other: nearness for other, (_, nearness) in above[number].items()})
            near.update(below[number])
            for other in in_context[number]:
                near.setdefault(other, IN_CONTEXT)
            found.append(
                tuple(
                    (other, value)
                    for other, value in near.items()
                    if value >= _LEAST_NEARNESS and other not in self.excludes[number]
                )
            )
        return tuple(found)

    def _above(self, number: int) -> dict[int, tuple[int, float]]:
        found: dict[int, tuple[int, float]] = {}
        level, steps = [number], 0
        while level:
            steps += 1
            level = [self.number[key] for each in level for key in self.concepts[each].broader]
            level = [each for each in level if self.concepts[each].weight >= _RELATING_WEIGHT and each not in found]
            found.update({each: (steps, _TO_BROADER**steps) for each in level if each != number})
        return found

    def _read_phrases(self, vocabulary: Vocabulary) -> set[str]:
        """Fills the phrase tables; returns every word that occurs in them, as written."""
        names: defaultdict[tuple[str, ...], list[Sense]] = defaultdict(list)
        hints: defaultdict[tuple[str, ...], list[Sense]] = defaultdict(list)
        words: set[str] = set()
        for number, concept in enumerate(self.concepts):
            plain = (concept.label, *concept.synonyms)
            for phrases, is_hint, is_brand in (
                (plain, False, False),
                (concept.acronyms, False, False),
                (concept.brands, False, True),
                (concept.hints, True, False),
            ):
                for phrase in phrases:
                    words.update(tokens(phrase))
                    key = tuple(stems(phrase))[:_LONGEST_PHRASE]
                    if len(key) == 1 and key[0] in FRAME_STEMS:
                        continue
                    is_everyday = phrases is not plain and len(key) == 1 and key[0] in self.everyday
                    table = hints if is_hint or is_everyday else names
                    if key and all(known.concept != number for known in table[key]):
                        table[key].append(Sense(number, is_hint or is_everyday, is_brand, is_everyday and not is_hint))
        self._names = {key: self._without_parts(senses) for key, senses in names.items() if senses}
        self._hints = {key: tuple(senses) for key, senses in hints.items() if senses}
        self._names.update((tuple(stems(idiom)), ()) for idiom in vocabulary.idioms)
        return words

    def _without_parts(self, senses: list[Sense]) -> tuple[Sense, ...]:
        """A phrase that names a compound service and also a part of it names the compound."""
        parts = {part for sense in senses for part in self.parts[sense.concept]}
        return tuple(sense for sense in senses if sense.concept not in parts)

    def _read_topics(self) -> None:
        """For each word of the phrases: what it tells in all, 0..1, and of that for each concept with such a phrase."""
        counts: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        for table in (self._names, self._hints):
            for key, senses in table.items():
                for word in set(key):
                    for sense in senses:
                        if not self.concepts[sense.concept].is_bag:
                            counts[word][sense.concept] += 1.0
        for word, concepts in counts.items():
            if word not in FRAME_STEMS and not word.isdigit() and len(word) > 1:
                told = math.log(len(self.concepts) / len(concepts)) / math.log(len(self.concepts) or 2)
                told *= _EVERYDAY_TELLS if word in self.everyday else 1.0
                self.told[word] = told
                self.topics[word] = {number: told * count / (count + _SATURATION) for number, count in concepts.items()}

    def gist(self, words: Iterable[str]) -> list[tuple[int, float]]:
        """The concepts whose phrases share most of what `words` tell, best first, each with that share 0..1.

        Takes words together where the phrase tables need them side by side. Needs two words that agree, one of which is
        not an everyday word.
        """
        told = 0.0
        topics: list[dict[int, float]] = []
        named: set[int] = set()
        agreeing: set[int] = set()
        telling: set[int] = set()
        for word in dict.fromkeys(words):
            if (concepts := self.topics.get(word)) is not None:
                told += self.told[word]
                topics.append(concepts)
                agreeing.update(named & concepts.keys())
                named.update(concepts)
                if word not in self.everyday:
                    telling.update(concepts)
        if told < _LEAST_TOLD:
            return []
        shares = {number: sum(each.get(number, 0.0) for each in topics) / told for number in agreeing & telling}
        found = [each for each in shares.items() if each[1] >= _LEAST_GIST]
        found.sort(key=lambda each: (-each[1], each[0]))
        return [each for each in found[:_MOST_TOPICS] if each[1] >= found[0][1] * _GIST_MARGIN]

    def is_word(self, stemmed: str) -> bool:
        """Whether a single stem is a whole name in the vocabulary."""
        return (stemmed,) in self._names

    def names(self, text: list[str]) -> list[Span]:
        """The concepts that a text names: longest phrase first from the left, not overlapping."""
        found, at, end = [], 0, len(text)
        while at < end:
            for length in self._name_lengths.get(text[at], ()):
                if length > end - at:
                    continue
                senses = self._names.get(tuple(text[at : at + length]))
                if senses is not None:
                    found.append(Span(at, at + length, senses))
                    at += length
                    break
            else:
                at += 1
        return found

    def meanings(self, senses: tuple[Sense, ...]) -> tuple[Meaning, ...]:
        """What a phrase of these senses stands for: a compound service for each of its parts."""
        found = self._meanings.get(senses)
        if found is None:
            found = self._meanings[senses] = self._mean(senses)
        return found

    def _mean(self, senses: tuple[Sense, ...]) -> tuple[Meaning, ...]:
        if not senses:
            return ()
        is_brand = any(sense.is_brand for sense in senses)
        concepts = tuple(sense.concept for sense in senses)
        if len(concepts) == 1 and (parts := self.parts[concepts[0]]):
            return tuple(Meaning(self.concepts[part].weight, (concepts[0], part), is_brand, True) for part in parts)
        weight = max(self.concepts[each].weight for each in concepts)
        return (Meaning(weight, tuple(each for each in concepts if not self.concepts[each].is_bag), is_brand),)

    def actions_inside(self, text: list[str], named: Container[int]) -> list[int]:
        """The actions in the words of a longer name, unless it says it is not those: renewal in "SSL renewal"."""
        found = []
        for length in range(1, len(text)):
            for at in range(len(text) - length + 1):
                for sense in self._names.get(tuple(text[at : at + length]), ()):
                    if self.concepts[sense.concept].area == _ACTIONS and sense.concept not in named:
                        found.append(sense.concept)
        return found

    def hints(self, text: list[str]) -> list[Span]:
        """The concepts that a text hints at; these may overlap, and may have one word too many in between."""
        found = []
        for at, first in enumerate(text):
            left = len(text) - at
            for length in self._hint_lengths.get(first, ()):
                if length > left:
                    continue
                if senses := self._hints.get(tuple(text[at : at + length])):
                    found.append(Span(at, at + length, senses))
                    break
                if _LEAST_GAPPED <= length < left and (senses := self._hint_with_gap(text[at : at + length + 1])):
                    found.append(Span(at, at + length + 1, senses, has_gap=True))
                    break
        return found

    def _hint_with_gap(self, window: list[str]) -> tuple[Sense, ...]:
        if (window[0], window[-1]) not in self._hint_ends:
            return ()
        for gap in range(1, len(window) - 1):
            if senses := self._hints.get((*window[:gap], *window[gap + 1 :])):
                return senses
        return ()


def _lengths(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """How many words the phrases have that begin with a word, the most first."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        found[phrase[0]].add(len(phrase))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


@lru_cache(maxsize=4)
def compiled(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of a vocabulary: built at the first call, shared after."""
    return Lexicon(vocabulary)
