"""What a text says, as weighted units of evidence: named services, brands, hints, words that only the matrix knows."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from commands.rules.matching.lexicon import Lexicon, Sense, Span
from commands.rules.matching.text import FRAME_STEMS, fold


class Kind(StrEnum):
    NAME = "name"
    BRAND = "brand"
    HINT = "hint"
    GIST = "gist"
    WORD = "word"
    UNKNOWN = "unknown"


NAMING = frozenset((Kind.NAME, Kind.BRAND))
SUGGESTING = frozenset((Kind.HINT, Kind.GIST))


class Unit(NamedTuple):
    """One piece of evidence of `weight` 0..1. `concepts` are alternatives: any of them accounts for the unit.

    `words` are its stems, `said` how they were written, `start` to `end` (exclusive) where in the text.
    A part of a compound service has the compound as its first concept.
    """

    kind: Kind
    weight: float
    concepts: tuple[int, ...]
    words: tuple[str, ...]
    said: str = ""
    is_part: bool = False
    start: int = 0
    end: int = 0


class Token(NamedTuple):
    """A word as compared (stem) and as written."""

    stem: str
    said: str


# Words of the matrix that the vocabulary does not know, and everyday words that the matrix happens to use.
_WORD_WEIGHT = 0.9
_EVERYDAY_WORD_WEIGHT = 0.25
# Hints by their number of words: "fired" may be a gun, "locked herself out" is what it says.
_HINT_WEIGHTS = (0.4, 0.7, 0.9)
_EVERYDAY_HINT_WEIGHT = 0.25
_GAP = 0.7
_GIST_WEIGHT = 1.0
# A single word that only one or two services are spoken of with.
_LONE_WEIGHT = 0.4
_LONE_TOPICS = 2
# Against every row: a rare word that nobody knows is probably the very thing that is asked about.
_UNKNOWN_WEIGHT = 0.25
_VOCABULARY_WORD_WEIGHT = 0.15
_PLAIN_WORD_WEIGHT = 0.08
# What a clause counts for that does not ask, when another clause of the message does.
_BACKGROUND = 0.75
_TOPIC_LEAST = 0.5
_CIRCUMSTANCE = 0.25

_CLAUSE = re.compile(r"[.?!;,:\n]+(?=\s|$)|\s[-–—]+\s|\bbut\b|\bso\b|\bbecause\b")
_ASKS = re.compile(
    r"\b(who|whos|whose|us|ours|our (job|side|thing)"
    r"|(do|did|does|can|should|are|were|is|was) (we|i|that|this|it|they|our)"
    r"|in scope|responsib\w+|on the hook|covered|part of|whether|if)\b"
)
# Capitals where a sentence does not call for them mark a name: "the Square at the till", "SAT programme".
_CAPITALISED = re.compile(r"(?<=[a-z0-9,] )[A-Z][a-z]+\b|\b[A-Z]{2,}\b")


class QuestionReader:
    """Reads questions for one index: `is_item_word` says which stems the matrix itself uses, `read` makes tokens."""

    def __init__(
        self, lexicon: Lexicon, is_item_word: Callable[[str], bool], read: Callable[[str], list[Token]]
    ) -> None:
        self._lexicon = lexicon
        self._is_item_word = is_item_word
        self._read = read

    def units(self, text: str) -> list[Unit]:
        names = frozenset(fold(each) for each in _CAPITALISED.findall(text)) if not text.isupper() else frozenset()
        asking: list[Unit] = []
        telling: list[Unit] = []
        offset = 0
        for clause in _CLAUSE.split(fold(text)):
            if clause and clause.strip():
                tokens = self._read(clause)
                units = self._clause(tokens, names)
                if offset:
                    units = [unit._replace(start=unit.start + offset, end=unit.end + offset) for unit in units]
                offset += len(tokens)
                (asking if _ASKS.search(clause) else telling).extend(units)
        if sum(unit.weight for unit in asking if unit.kind is not Kind.UNKNOWN) >= _TOPIC_LEAST:
            telling = [unit._replace(weight=unit.weight * _BACKGROUND) for unit in telling]
        return _without_circumstances([unit for unit in asking + telling if unit.weight], self._lexicon)

    def _clause(self, text: list[Token], names: frozenset[str]) -> list[Unit]:
        words = [token.stem for token in text]
        units: list[Unit] = []
        taken: set[int] = set()
        for span in self._lexicon.names(words):
            taken.update(range(span.start, span.end))
            units.extend(named_units(span, text, self._lexicon))
        hinted: set[int] = set()
        for span in _longest(self._lexicon.hints(words)):
            hinted.update(range(span.start, span.end))
            units.extend(self._hint_units(span, text, names))
        for at, token in enumerate(text):
            if at in taken or token.stem in FRAME_STEMS or token.stem.isdigit():
                continue
            if at not in hinted or self._is_item_word(token.stem):
                units.append(self._word_unit(token, at))
            if at not in hinted:
                units.extend(_lone_units(text, at, self._lexicon))
        units.extend(gist_units(text, self._lexicon))
        return units

    def _hint_units(self, span: Span, text: list[Token], names: frozenset[str]) -> list[Unit]:
        first = text[span.start]
        is_word = span.end - span.start == 1
        if is_word and first.said in names and any(sense.is_everyday for sense in span.senses):
            return named_units(span, text, self._lexicon)
        if is_word and first.stem in self._lexicon.everyday:
            weight = _EVERYDAY_HINT_WEIGHT
        else:
            length = span.end - span.start - span.has_gap
            weight = _HINT_WEIGHTS[min(length, len(_HINT_WEIGHTS)) - 1] * (_GAP if span.has_gap else 1.0)
        return named_units(span, text, self._lexicon, Kind.HINT, weight)

    def _word_unit(self, token: Token, at: int) -> Unit:
        word, kind = token.stem, Kind.UNKNOWN
        is_everyday = word in self._lexicon.everyday
        if self._is_item_word(word):
            kind, weight = Kind.WORD, _EVERYDAY_WORD_WEIGHT if is_everyday else _WORD_WEIGHT
        elif is_everyday or len(word) < 2:
            weight = _PLAIN_WORD_WEIGHT if len(word) > 2 else 0.0
        else:
            weight = _VOCABULARY_WORD_WEIGHT if word in self._lexicon.words else _UNKNOWN_WEIGHT
        return Unit(kind, weight, (), (word,), token.said, start=at, end=at + 1)


def _without_circumstances(units: list[Unit], lexicon: Lexicon) -> list[Unit]:
    """Beside a word that nobody knows, which is probably what is asked about, a weekend or a holiday says little."""
    if not any(unit.kind is Kind.UNKNOWN and unit.weight >= _PLAIN_WORD_WEIGHT * _BACKGROUND for unit in units):
        return units
    return [
        unit._replace(weight=unit.weight * _CIRCUMSTANCE)
        if unit.concepts and all(lexicon.concepts[each].is_circumstance for each in unit.concepts)
        else unit
        for unit in units
    ]


def _longest(spans: list[Span]) -> list[Span]:
    """Drops a hint that lies within a longer one at the same concepts: it would count the same words twice."""
    if len(spans) < 2:
        return spans
    return [
        span
        for span in spans
        if not any(
            other.start <= span.start
            and span.end <= other.end
            and other.end - other.start > span.end - span.start
            and {sense.concept for sense in span.senses} <= {sense.concept for sense in other.senses}
            for other in spans
        )
    ]


def named_units(
    span: Span, text: Sequence[Token], lexicon: Lexicon, kind: Kind | None = None, weight: float | None = None
) -> list[Unit]:
    """A compound service becomes one unit per part, each of which the compound itself accounts for too.

    `kind` and `weight`: instead of those of what is named.
    """
    tokens = text[span.start : span.end]
    words = tuple([token.stem for token in tokens])
    said = " ".join([token.said for token in tokens])
    return [
        Unit(
            kind or (Kind.BRAND if is_brand else Kind.NAME),
            own_weight if weight is None else weight,
            concepts,
            words,
            said,
            is_part,
            span.start,
            span.end,
        )
        for own_weight, concepts, is_brand, is_part in lexicon.meanings(span.senses)
    ]


def _lone_units(text: Sequence[Token], at: int, lexicon: Lexicon) -> list[Unit]:
    word = text[at].stem
    topics = lexicon.topics.get(word)
    if topics is None or len(topics) > _LONE_TOPICS or word in lexicon.everyday:
        return []
    spans = [Span(at, at + 1, (Sense(concept, True),)) for concept in topics]
    return [unit for span in spans for unit in named_units(span, text, lexicon, Kind.GIST, _LONE_WEIGHT / len(topics))]


def gist_units(text: Sequence[Token], lexicon: Lexicon) -> list[Unit]:
    """What the words of a text suggest together, where no phrase says it."""
    suggested = lexicon.gist([token.stem for token in text if token.stem not in FRAME_STEMS])
    spans = [(Span(0, len(text), (Sense(number, True),)), share) for number, share in suggested]
    return [unit for span, share in spans for unit in named_units(span, text, lexicon, Kind.GIST, _GIST_WEIGHT * share)]
