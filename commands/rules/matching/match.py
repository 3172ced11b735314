"""Decides which row a question is about: one, a choice of a few, or none."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.rules.matching.postings import ASIDE
from commands.rules.matching.reading import Kind, Unit, question_units
from commands.rules.matching.text import FRAME, tokens

if TYPE_CHECKING:
    from commands.rules.matching.index import ScopeIndex


class Outcome(StrEnum):
    SURE = "sure"
    CHOICE = "choice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row the question may be about: `score` 0..1, and which words led to it."""

    key: int
    item: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """`candidates` best first: one if sure, two to five to choose from, or (none) the nearest rows, which do not answer.

    `confidence` 0..1 is in the outcome, not in the first candidate: a sure "none" is a high confidence too.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    because: tuple[str, ...]


SURE_LEAST = 0.5
CHOICE_LEAST = 0.36
MARGIN = 0.88
CHOICES = 3
MOST_CHOICES = 5
_NEAREST = 3
_EXCLUDED = 0.6
_ITEM_SHARE = 0.45
_PHRASE_WORD = 0.35
_LOOKED_AT = 12


def match(index: "ScopeIndex", question: str) -> Match:
    if exact := _exact(index, question):
        candidates = tuple(
            Candidate(index.rows[n].key, index.rows[n].item, 1.0, ("asked by its own name",)) for n in exact
        )
        outcome = Outcome.SURE if len(candidates) == 1 else Outcome.CHOICE
        return Match(outcome, candidates[:MOST_CHOICES], 1.0, candidates[0].because)
    units = question_units(question, index.lexicon, index.stems, index.read)
    ranked = score(index, units)
    return decide(index, units, ranked)


def _exact(index: "ScopeIndex", question: str) -> list[int]:
    words = tokens(question)
    best: tuple[str, ...] = ()
    for name in index.exact:
        if len(name) > len(best) and len(name) <= len(words):
            for at in range(len(words) - len(name) + 1):
                if tuple(words[at : at + len(name)]) == name:
                    rest = words[:at] + words[at + len(name) :]
                    if all(word in FRAME for word in rest):
                        best = name
                    break
    return list(dict.fromkeys(index.exact[best])) if best else []


def score(index: "ScopeIndex", units: list[Unit]) -> list[tuple[float, int]]:
    gained: defaultdict[int, float] = defaultdict(float)
    hinted: defaultdict[int, float] = defaultdict(float)
    covered: dict[tuple[int, int], float] = {}
    total = 0.0
    unknown = 0.0
    lexicon = index.lexicon
    for unit in units:
        if unit.kind is Kind.UNKNOWN:
            unknown += unit.weight
            continue
        best: dict[int, float] = {}
        is_compound = len(unit.concepts) > 1 and lexicon.parts[unit.concepts[0]]
        for place, concept in enumerate(unit.concepts):
            near = ((concept, 1.0),) if is_compound and place == 0 else lexicon.near[concept]
            for other, nearness in near:
                for row, at, strength in index.postings.get(other, ()):
                    value = strength * nearness
                    if value > best.get(row, 0.0):
                        best[row] = value
                    if at != ASIDE and value > covered.get((row, at), 0.0):
                        covered[row, at] = value
        share = 1.0 if unit.kind in (Kind.WORD, Kind.BRAND) else _PHRASE_WORD
        words: defaultdict[int, float] = defaultdict(float)
        for word in unit.words:
            for row, at, strength in index.postings.get(word, ()):
                value = strength * share / len(unit.words)
                words[row] += value
                if at != ASIDE and value > covered.get((row, at), 0.0):
                    covered[row, at] = value
        for row, value in words.items():
            best[row] = max(best.get(row, 0.0), min(value, 1.0))
        weight = unit.weight * (index.rarity(unit) if best else 1.0)
        if unit.kind is not Kind.HINT:
            total += weight
        for row, value in best.items():
            gained[row] += weight * value
            if unit.kind is Kind.HINT:
                hinted[row] += weight
    unknown = min(unknown, 1.0)
    ranked = []
    for row, value in gained.items():
        share = value / max(total + hinted[row] + unknown, 0.5)
        item = 0.0
        for reading in index.readings[row]:
            weights = [index.unit_weights[row][at] for at in reading.units]
            if sum(weights):
                got = sum(w * covered.get((row, at), 0.0) for w, at in zip(weights, reading.units, strict=True))
                item = max(item, reading.worth * got / sum(weights))
        ranked.append((share * (1 - _ITEM_SHARE + _ITEM_SHARE * item), row))
    ranked.sort(key=lambda each: (-each[0], each[1]))
    return ranked[:_LOOKED_AT]


def decide(index: "ScopeIndex", units: list[Unit], ranked: list[tuple[float, int]]) -> Match:
    def candidates(count: int) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(index.rows[row].key, index.rows[row].item, min(value, 1.0), ()) for value, row in ranked[:count]
        )

    top = ranked[0][0] if ranked else 0.0
    if top < CHOICE_LEAST:
        return Match(Outcome.NONE, candidates(_NEAREST), 1.0 - top, ())
    rivals = sum(1 for value, _ in ranked if value >= top * MARGIN)
    if rivals == 1 and top >= SURE_LEAST:
        return Match(Outcome.SURE, candidates(1), top, ())
    return Match(Outcome.CHOICE, candidates(max(2, min(rivals, MOST_CHOICES))), top, ())
