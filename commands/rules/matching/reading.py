"""What a text says, as weighted units of evidence: named services, brands, hints, words that only the matrix knows."""

import re
from collections.abc import Callable, Container, Sequence
from enum import StrEnum
from typing import NamedTuple

from commands.rules.matching.lexicon import Lexicon, Sense
from commands.rules.matching.text import FRAME_STEMS, fold


class Kind(StrEnum):
    NAME = "name"
    BRAND = "brand"
    HINT = "hint"
    WORD = "word"
    UNKNOWN = "unknown"


class Unit(NamedTuple):
    """One piece of evidence of `weight` 0..1. `concepts` are alternatives: any of them accounts for the unit.

    `words` are its stems, `said` how they were written. A part of a compound service has the compound as first concept.
    """

    kind: Kind
    weight: float
    concepts: tuple[int, ...]
    words: tuple[str, ...]
    said: str = ""
    is_part: bool = False


class Token(NamedTuple):
    """A word as compared (stem) and as written."""

    stem: str
    said: str


# Words of the matrix that the vocabulary does not know, and everyday words that the matrix happens to use.
_WORD_WEIGHT = 0.9
_EVERYDAY_WORD_WEIGHT = 0.4
# Hints count for a row that they fit, and never against one that they do not.
_HINT_WEIGHT = 0.55
_EVERYDAY_HINT_WEIGHT = 0.25
_ASSOCIATION_WEIGHT = 0.5
_EVERYDAY_ASSOCIATION_WEIGHT = 0.25
# Against every row: a rare word that nobody knows is probably the very thing that is asked about.
_UNKNOWN_WEIGHT = 0.35
_VOCABULARY_WORD_WEIGHT = 0.15
# What a clause counts for that does not ask, when another clause of the message does.
_BACKGROUND = 0.6
_TOPIC_LEAST = 0.5

_CLAUSE = re.compile(r"[.?!;,:\n]+(?=\s|$)|\s[-–—]+\s|\bbut\b|\bso\b|\bbecause\b")
_ASKS = re.compile(
    r"\b(who|whos|whose|us|ours|our (job|side|thing)|(do|did|does|can|should|are|were|is|was) (we|i|that|this|it|they|our)"
    r"|in scope|responsib\w+|on the hook|covered|part of|whether|if)\b"
)


def question_units(
    text: str, lexicon: Lexicon, items: Container[str], read: Callable[[str], list[Token]]
) -> list[Unit]:
    """The units of a question. `items` are the stems that the matrix itself uses; `read` gives a clause's tokens."""
    asking: list[Unit] = []
    telling: list[Unit] = []
    for clause in _CLAUSE.split(fold(text)):
        if clause and clause.strip():
            units = _clause_units(read(clause), lexicon, items)
            (asking if _ASKS.search(clause) else telling).extend(units)
    if sum(unit.weight for unit in asking if unit.kind is not Kind.UNKNOWN) >= _TOPIC_LEAST:
        telling = [unit._replace(weight=unit.weight * _BACKGROUND) for unit in telling]
    return [unit for unit in asking + telling if unit.weight]


def _clause_units(text: list[Token], lexicon: Lexicon, items: Container[str]) -> list[Unit]:
    words = [token.stem for token in text]
    units: list[Unit] = []
    taken: set[int] = set()
    for span in lexicon.names(words):
        taken.update(range(span.start, span.end))
        units.extend(named_units(span.senses, text[span.start : span.end], lexicon))
    hinted: set[int] = set()
    for span in lexicon.hints(words):
        hinted.update(range(span.start, span.end))
        is_everyday = span.end - span.start == 1 and words[span.start] in lexicon.everyday
        weight = _EVERYDAY_HINT_WEIGHT if is_everyday else _HINT_WEIGHT
        for unit in named_units(span.senses, text[span.start : span.end], lexicon):
            units.append(unit._replace(kind=Kind.HINT, weight=weight))
    for at, token in enumerate(text):
        if at not in taken and token.stem not in FRAME_STEMS and not token.stem.isdigit():
            if at not in hinted or token.stem in items:
                units.append(_word_unit(token, lexicon, items))
            if at not in hinted:
                units.extend(associated_units(token, lexicon))
    return units


def _word_unit(token: Token, lexicon: Lexicon, items: Container[str]) -> Unit:
    word = token.stem
    if word in items:
        weight = _EVERYDAY_WORD_WEIGHT if word in lexicon.everyday else _WORD_WEIGHT
        return Unit(Kind.WORD, weight, (), (word,), token.said)
    if word in lexicon.everyday or len(word) < 2:
        return Unit(Kind.UNKNOWN, 0.0, (), (word,), token.said)
    weight = _VOCABULARY_WORD_WEIGHT if word in lexicon.words else _UNKNOWN_WEIGHT
    return Unit(Kind.UNKNOWN, weight, (), (word,), token.said)


def named_units(senses: tuple[Sense, ...], text: Sequence[Token], lexicon: Lexicon) -> list[Unit]:
    """A compound service becomes one unit per part, each of which the compound itself accounts for too."""
    if not senses:
        return []
    kind = Kind.BRAND if any(sense.is_brand for sense in senses) else Kind.NAME
    words = tuple(token.stem for token in text)
    said = " ".join(token.said for token in text)
    concepts = tuple(sense.concept for sense in senses)
    if len(concepts) == 1 and (parts := lexicon.parts[concepts[0]]):
        return [Unit(kind, lexicon.concepts[each].weight, (concepts[0], each), words, said, True) for each in parts]
    return [Unit(kind, max(lexicon.concepts[each].weight for each in concepts), concepts, words, said)]


def associated_units(token: Token, lexicon: Lexicon) -> list[Unit]:
    """What a word suggests by the phrases that it usually occurs in."""
    weight = _EVERYDAY_ASSOCIATION_WEIGHT if token.stem in lexicon.everyday else _ASSOCIATION_WEIGHT
    return [
        unit._replace(kind=Kind.HINT, weight=weight * share)
        for number, share in lexicon.associated.get(token.stem, ())
        for unit in named_units((Sense(number, True, False),), (token,), lexicon)
    ]
