"""What a text says, as weighted units of evidence: named services, brands, hints, and words that only the matrix knows."""

import re
from collections.abc import Callable, Container
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
    """One piece of evidence of `weight` 0..1. `concepts` are alternatives: any of them accounts for the unit."""

    kind: Kind
    weight: float
    concepts: tuple[int, ...]
    words: tuple[str, ...]


_HINT_WEIGHT = 0.55
_EVERYDAY_HINT_WEIGHT = 0.25
_ASSOCIATION_WEIGHT = 0.5
_EVERYDAY_ASSOCIATION_WEIGHT = 0.25
_WORD_WEIGHT = 0.9
_EVERYDAY_WORD_WEIGHT = 0.4
_UNKNOWN_WEIGHT = 0.35
_VOCABULARY_WORD_WEIGHT = 0.15
# What a clause counts for that does not ask, when another clause of the message does ("the auditors are in. who does X?").
_BACKGROUND = 0.6
_TOPIC_LEAST = 0.5

_CLAUSE = re.compile(r"[.?!;,:\n]+(?=\s|$)|\s[-–—]+\s|\bbut\b|\bso\b|\bbecause\b")
_ASKS = re.compile(
    r"\b(who|whos|whose|us|ours|our (job|side|thing)|(do|did|does|can|should|are|were|is|was) (we|i|that|this|it|they|our)|"
    r"in scope|responsib\w+|on the hook|covered|part of|whether|if)\b"
)


def question_units(text: str, lexicon: Lexicon, items: Container[str], read: Callable[[str], list[str]]) -> list[Unit]:
    """The units of a question. `items` are the stems that the matrix itself uses; `read` gives the stems of a clause."""
    asking: list[Unit] = []
    telling: list[Unit] = []
    for clause in _CLAUSE.split(fold(text)):
        if clause and clause.strip():
            units = clause_units(read(clause), lexicon, items)
            (asking if _ASKS.search(clause) else telling).extend(units)
    if sum(unit.weight for unit in asking if unit.kind is not Kind.UNKNOWN) >= _TOPIC_LEAST:
        telling = [unit._replace(weight=unit.weight * _BACKGROUND) for unit in telling]
    return asking + telling


def clause_units(text: list[str], lexicon: Lexicon, items: Container[str]) -> list[Unit]:
    units: list[Unit] = []
    taken: set[int] = set()
    for span in lexicon.names(text):
        taken.update(range(span.start, span.end))
        units.extend(named_units(span.senses, tuple(text[span.start : span.end]), lexicon))
    for span in lexicon.hints(text):
        taken.update(range(span.start, span.end))
        words = tuple(text[span.start : span.end])
        weight = _EVERYDAY_HINT_WEIGHT if len(words) == 1 and words[0] in lexicon.everyday else _HINT_WEIGHT
        units.extend(unit._replace(kind=Kind.HINT, weight=weight) for unit in named_units(span.senses, words, lexicon))
    for at, word in enumerate(text):
        if at not in taken and word not in FRAME_STEMS and not word.isdigit():
            units.append(_word_unit(word, lexicon, items))
            units.extend(associated_units(word, lexicon))
    return [unit for unit in units if unit.weight]


def associated_units(word: str, lexicon: Lexicon) -> list[Unit]:
    """What a word suggests by the phrases it usually occurs in."""
    weight = _EVERYDAY_ASSOCIATION_WEIGHT if word in lexicon.everyday else _ASSOCIATION_WEIGHT
    return [
        unit._replace(kind=Kind.HINT, weight=weight * share)
        for number, share in lexicon.associated.get(word, ())
        for unit in named_units((Sense(number, True, False),), (word,), lexicon)
    ]


def _word_unit(word: str, lexicon: Lexicon, items: Container[str]) -> Unit:
    if word in items:
        return Unit(Kind.WORD, _EVERYDAY_WORD_WEIGHT if word in lexicon.everyday else _WORD_WEIGHT, (), (word,))
    if word in lexicon.everyday or len(word) < 2:
        return Unit(Kind.UNKNOWN, 0.0, (), (word,))
    return Unit(Kind.UNKNOWN, _VOCABULARY_WORD_WEIGHT if word in lexicon.words else _UNKNOWN_WEIGHT, (), (word,))


def named_units(senses: tuple[Sense, ...], words: tuple[str, ...], lexicon: Lexicon) -> list[Unit]:
    """A compound service becomes one unit per part, each of which the compound itself accounts for too."""
    kind = Kind.BRAND if any(sense.is_brand for sense in senses) else Kind.NAME
    concepts = tuple(sense.concept for sense in senses)
    parts = lexicon.parts[concepts[0]] if len(concepts) == 1 else ()
    if parts:
        return [Unit(kind, lexicon.concepts[part].weight, (concepts[0], part), words) for part in parts]
    return [Unit(kind, max(lexicon.concepts[number].weight for number in concepts), concepts, words)]
