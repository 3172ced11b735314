"""A matrix row taken apart: what its item, aliases, category and notes name, and how strongly.

Clients of one MSP have most of their texts in common: what a text says is kept, and shared by their indexes.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from commands.rules.matching.lexicon import Lexicon
from commands.rules.matching.postings import ASIDE, packed
from commands.rules.matching.reading import Kind, Token, Unit, gist_units, named_units
from commands.rules.matching.text import FILLERS, FRAME_STEMS, bag, fold, folded_tokens, stem


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


class Mention(NamedTuple):
    """A concept number or a stem that a row mentions with `strength` 0..1, in its unit `unit` (ASIDE: not its name)."""

    feature: int | str
    unit: int
    strength: float


class Reading(NamedTuple):
    """One way to name a row, units `start` to `end` (exclusive): the item, one side of its "and", an alias."""

    start: int
    end: int
    is_whole: bool


class Part(NamedTuple):
    """What one text says of its row. Units count from 0, the first of the text.

    `mentions` are packed; in `strange` are those of stems that the vocabulary has no number for.
    `units` are the weight of each, and its features: concepts, numbers of stems, or stems.
    """

    mentions: "array[int]"
    strange: tuple[Mention, ...]
    units: tuple[tuple[float, tuple[int | str, ...]], ...]
    readings: tuple[Reading, ...]


class Name(NamedTuple):
    """An item or alias: as written, its tokens joined by a space, its bag, and the tokens no vocabulary has."""

    text: str
    exact: str
    bag: str
    strange: tuple[str, ...]
    part: Part


class Outline(NamedTuple):
    """The names of a row, and all its parts, each with the number of its first unit."""

    names: tuple[Name, ...]
    parts: tuple[tuple[int, Part], ...]


# Names and categories whose parts are kept, a kilobyte each; and texts beside them, one to ten kilobytes each.
_KEPT = 2048
_KEPT_NOTES = 1024
_MOST_UNITS = 250
_CUT = re.compile(r"([/&,;]|\band\b|\bor\b)")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_IN_PARENTHESES = 0.6
_CATEGORY = 0.15
# Notes: a brand or company name identifies a row nearly as its own name does; their other words hardly do.
_NOTE_NAME = 0.8
_NOTE_CONCEPT = 0.3
_SUGGESTED = 0.85
_SHORT_NOTE = 3
_SHORT_NOTE_NAME = re.compile(r"\b[A-Z][a-z]+\b")
_NOTE_NAME_INSIDE = re.compile(r"(?<=[a-z0-9,] )[A-Z][a-z]+\b")
_HINTED = 0.7
_ACTION_INSIDE = 0.8
# A word inside a longer phrase says less about the row: "server" in "server room". The words of a brand stand for it.
_INSIDE_PHRASE = 0.4
_INSIDE_BRAND = 0.9
_WORD_WEIGHT = 0.8
_EVERYDAY_WORD_WEIGHT = 0.35


def outline(row: Row, lexicon: Lexicon) -> Outline:
    """Of a row with more than 250 units the last ones are left out."""
    names: list[Name] = []
    parts: list[tuple[int, Part]] = []
    start = 0
    for text in (row.item, *row.aliases):
        name = _name(text, lexicon)
        if start + len(name.part.units) > _MOST_UNITS:
            name = _name(text, lexicon, _MOST_UNITS - start)
        names.append(name)
        parts.append((start, name.part))
        start += len(name.part.units)
    texts = (row.notes, row.third_party, row.msp_part, row.client_part)
    notes, known_by = _notes(texts, row.third_party, lexicon)
    parts += (0, _category(row.category or "", lexicon)), (0, notes)
    if start < _MOST_UNITS:
        parts.append((start, known_by))
    return Outline(tuple(names), tuple(parts))


@lru_cache(maxsize=_KEPT)
def _name(text: str, lexicon: Lexicon, most_units: int = _MOST_UNITS) -> Name:
    folded = fold(text)
    spelt = folded_tokens(folded)
    strange = tuple(word for word in spelt if not lexicon.spelling.knows(word))
    return Name(text, " ".join(spelt), bag(spelt), strange, _Outliner(lexicon, most_units).name(folded))


@lru_cache(maxsize=_KEPT)
def _category(text: str, lexicon: Lexicon) -> Part:
    return _Outliner(lexicon).category(fold(text))


@lru_cache(maxsize=_KEPT_NOTES)
def _notes(texts: tuple[str | None, ...], third_party: str | None, lexicon: Lexicon) -> tuple[Part, Part]:
    """What the texts beside its name mention of a row, and the names in them that it is known by."""
    outliner = _Outliner(lexicon)
    names = outliner.notes(filter(None, texts), third_party or "")
    return outliner.part(), _Outliner(lexicon).known_by(names)


def plain_tokens(text: str) -> list[Token]:
    """The tokens of a text that is folded already, fillers dropped."""
    return [Token(stem(word), word) for word in folded_tokens(text) if word not in FILLERS]


def _cut(text: str) -> tuple[list[Token], list[int]]:
    """The tokens of a name, and the places before which its "and", "/" and commas part it."""
    words: list[Token] = []
    cuts: list[int] = []
    for piece in _CUT.split(text):
        if _CUT.fullmatch(piece):
            cuts.append(len(words))
        words.extend(plain_tokens(piece))
    return words, cuts


def _stretches(units: list[Unit], cuts: list[int], length: int) -> list[tuple[int, int]]:
    """The sides of a name's cuts, but for cuts inside a phrase ("detection and response"). Empty if it is one side."""
    places = [cut for cut in cuts if not any(unit.start < cut < unit.end for unit in units)]
    bounds = [0, *places, length]
    return [(first, last) for first, last in pairwise(bounds) if first < last] if places else []


class _Outliner:
    """Takes one text apart."""

    def __init__(self, lexicon: Lexicon, most_units: int = _MOST_UNITS) -> None:
        self.lexicon = lexicon
        self.most_units = most_units
        self.mentions: list[Mention] = []
        self.units: list[Unit] = []
        self.readings: list[Reading] = []

    def part(self) -> Part:
        """What was found."""
        numbers = self.lexicon.word_numbers
        known: list[int] = []
        strange: list[Mention] = []
        for mention in self.mentions:
            number = numbers.get(mention.feature, -1) if isinstance(mention.feature, str) else mention.feature
            if number < 0:
                strange.append(mention)
            else:
                known.append(packed(number, mention.unit, mention.strength))
        units = (
            (unit.weight, (*unit.concepts, *(numbers.get(word, word) for word in unit.words))) for unit in self.units
        )
        return Part(array("Q", known), tuple(strange), tuple(units), tuple(self.readings))

    def category(self, text: str) -> Part:
        for unit in self._units_of(plain_tokens(text)):
            self._mention(unit, ASIDE, _CATEGORY)
        return self.part()

    def known_by(self, names: tuple[str, ...]) -> Part:
        if names:
            self.units.append(Unit(Kind.BRAND, 1.0, (), names))
            self.readings.append(Reading(0, 1, True))
            self.mentions.extend(Mention(name, 0, _NOTE_NAME) for name in names)
        return self.part()

    def name(self, text: str) -> Part:
        words, cuts = _cut(_PARENTHESES.sub(" ", text))
        self._add(words, 1.0)
        for first, last in _stretches(self.units, cuts, len(words)):
            at = [place for place, unit in enumerate(self.units) if first <= unit.start < last]
            if any(self.units[place].weight >= 0.5 for place in at):
                self.readings.append(Reading(at[0], at[-1] + 1, False))
        self.readings.append(Reading(0, len(self.units), True))
        for inside in _PARENTHESES.findall(text):
            words = plain_tokens(inside)
            first = len(self.units)
            self._add(words, 1.0 if len(words) == 1 else _IN_PARENTHESES)
            if len(words) == 1:
                self.readings.append(Reading(first, len(self.units), True))
        return self.part()

    def _add(self, text: list[Token], strength: float) -> None:
        first = len(self.units)
        self._add_units(text, strength)
        is_named = all(unit.kind is not Kind.WORD for unit in self.units[first:])
        for unit in [] if is_named else gist_units(text, self.lexicon):
            for at in range(first, len(self.units)):
                self.mentions.extend(
                    Mention(concept, at, strength * min(1.0, unit.weight * _SUGGESTED)) for concept in unit.concepts
                )
        for span in self.lexicon.hints([token.stem for token in text]):
            within = [at for at in range(first, len(self.units)) if span.start <= self.units[at].start < span.end]
            for meaning in self.lexicon.meanings(span.senses) if span.end - span.start > 1 else ():
                for at in within:
                    self.mentions.extend(Mention(concept, at, strength * _HINTED) for concept in meaning.concepts)

    def _add_units(self, text: list[Token], strength: float) -> None:
        for unit in self._units_of(text):
            if len(self.units) < self.most_units:
                self._mention(unit, len(self.units), strength)
                self.units.append(unit)

    def _units_of(self, text: list[Token]) -> list[Unit]:
        units: list[Unit] = []
        taken: set[int] = set()
        for span in self.lexicon.names([token.stem for token in text]):
            taken.update(range(span.start, span.end))
            units.extend(named_units(span, text, self.lexicon))
        for at, token in enumerate(text):
            if at not in taken and token.stem not in FRAME_STEMS:
                weight = _EVERYDAY_WORD_WEIGHT if token.stem in self.lexicon.everyday else _WORD_WEIGHT
                units.append(Unit(Kind.WORD, weight, (), (token.stem,), token.said, start=at, end=at + 1))
        return sorted(units, key=lambda unit: unit.start)

    def _mention(self, unit: Unit, at: int, strength: float) -> None:
        self.mentions.extend(Mention(concept, at, strength) for concept in unit.concepts)
        inside = _INSIDE_BRAND if unit.kind is Kind.BRAND else _INSIDE_PHRASE if len(unit.words) > 1 else 1.0
        for word in unit.words:
            self.mentions.append(
                Mention(word, at, strength * (inside if word.isalpha() else max(inside, _INSIDE_BRAND)))
            )
        excluded = {other for concept in unit.concepts for other in self.lexicon.excludes[concept]}
        for action in self.lexicon.actions_inside(list(unit.words), excluded):
            self.mentions.append(Mention(action, at, strength * _ACTION_INSIDE))

    def notes(self, texts: Iterable[str], third_party: str) -> tuple[str, ...]:
        """The stems of the names in them."""
        parties = {token.stem for token in plain_tokens(fold(third_party))}
        names: list[str] = []
        for text in texts:
            words = plain_tokens(fold(text))
            spans = self.lexicon.names([token.stem for token in words])
            taken = {place for span in spans for place in range(span.start, span.end)}
            for span in spans:
                for meaning in self.lexicon.meanings(span.senses):
                    self.mentions.extend(Mention(concept, ASIDE, _NOTE_CONCEPT) for concept in meaning.concepts)
                if any(sense.is_brand for sense in span.senses):
                    names.extend(token.stem for token in words[span.start : span.end])
            capitals = _capitals(text, len(words))
            for place, token in enumerate(words):
                if place not in taken and self._is_name(token, parties, capitals):
                    names.append(token.stem)
        return tuple(dict.fromkeys(names))

    def _is_name(self, token: Token, parties: set[str], capitals: frozenset[str]) -> bool:
        word = token.stem
        if word in FRAME_STEMS or word in self.lexicon.everyday or word.isdigit() or len(word) < 3:
            return False
        return word in parties or token.said in capitals or word not in self.lexicon.words


def _capitals(text: str, length: int) -> frozenset[str]:
    """The words that a note capitalises as names: not because a sentence begins, unless the note is hardly more."""
    found = _SHORT_NOTE_NAME.findall(text) if length <= _SHORT_NOTE else _NOTE_NAME_INSIDE.findall(text)
    return frozenset(fold(word) for word in found)
