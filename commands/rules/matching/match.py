"""Decides which row a question is about: one, a choice of a few, or none."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.rules.matching.lexicon import IN_CONTEXT
from commands.rules.matching.outline import ASIDE
from commands.rules.matching.reading import Kind, QuestionReader, Unit
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
    """`candidates` best first: one if sure, two to five to choose from, or (none) the nearest, which do not answer.

    `confidence` 0..1 is in the outcome, not in the first candidate: that of "none" is high when nothing comes near.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    because: tuple[str, ...]


SURE_LEAST = 0.5
CHOICE_LEAST = 0.36
MARGIN = 0.88
MOST_CHOICES = 5
_NEAREST = 3
_NEAR_LEAST = 0.1
_MOST_REASONS = 4
_ITEM_SHARE = 0.45
_PHRASE_WORD = 0.35
_FOREIGN_WORD = 0.8
_SEGMENT_WORTH = 0.9
_LEAST_MASS = 0.7
_MOST_UNKNOWN = 1.0
_RIVAL_HINT = 0.6
_FOREIGN_HINT = 0.4
_EXPLAINED = 0.8
_FOREIGN = 1.25
_SHORT = 3
_SOLID_WEIGHT = 0.5
_LEAST_SOLID = 0.2
_WITHOUT_SOLID = 0.6


Fits = list[tuple[Unit, dict[int, float]]]


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    row: int


def match(index: "ScopeIndex", question: str) -> Match:
    if exact := _exact(index, question):
        because = ("asked by its own name",)
        candidates = tuple(Candidate(index.keys[row], index.items[row], 1.0, because) for row in exact[:MOST_CHOICES])
        return Match(Outcome.SURE if len(exact) == 1 else Outcome.CHOICE, candidates, 1.0, because)
    units = QuestionReader(index.lexicon, index.has_word, index.read).units(question)
    covered: defaultdict[int, dict[int, float]] = defaultdict(dict)
    fits = [(unit, _fits(index, unit, covered)) for unit in units if unit.kind is not Kind.UNKNOWN]
    unknown = min(sum(unit.weight for unit in units if unit.kind is Kind.UNKNOWN), _MOST_UNKNOWN)
    return _decide(index, fits, _scored(index, fits, unknown, covered))


def _exact(index: "ScopeIndex", question: str) -> tuple[int, ...]:
    """The rows asked for by their very name, with nothing around it but the furniture of a question."""
    words = tokens(question)
    topic = [at for at, word in enumerate(words) if word not in FRAME]
    first, last = (topic[0], topic[-1] + 1) if topic else (len(words), 0)
    spans = (
        (start, end)
        for start in range(min(first, len(words)) + 1)
        for end in range(max(last, start + 1), len(words) + 1)
    )
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if rows := index.named(" ".join(words[start:end])):
            return rows
    return ()


def _scored(
    index: "ScopeIndex", fits: Fits, unknown: float, covered: defaultdict[int, dict[int, float]]
) -> list[_Scored]:
    solid: defaultdict[int, float] = defaultdict(float)
    hints = [(unit, fit) for unit, fit in fits if unit.kind is Kind.HINT and fit]
    is_short = sum(unit.kind not in (Kind.HINT, Kind.GIST) for unit, _ in fits) <= _SHORT
    gained: defaultdict[int, float] = defaultdict(float)
    spared: defaultdict[int, float] = defaultdict(float)
    total = unknown
    for unit, fit in fits:
        if unit.kind is Kind.GIST:
            weight = unit.weight
            for row in fit:
                spared[row] += weight
        elif unit.kind is Kind.HINT:
            weight = unit.weight
            against = _RIVAL_HINT if len(unit.words) > 1 and fit else _FOREIGN_HINT if len(unit.words) > 1 else 0.0
            total += weight * against
            for row in fit:
                spared[row] += weight * (1 - against)
        else:
            weight = unit.weight * (index.rarity(unit) if fit else _FOREIGN if is_short else 1.0)
            total += weight
            fit = _explained(unit, fit, hints)
        for row, value in fit.items():
            gained[row] += weight * value
            if _is_solid(index, unit) and value > IN_CONTEXT:
                solid[row] += weight * value
    ranked = []
    for row, value in gained.items():
        share = min(1.0, value / max(total + spared[row], _LEAST_MASS))
        share *= 1.0 if solid[row] >= _LEAST_SOLID else _WITHOUT_SOLID
        ranked.append(_Scored(share * (1 - _ITEM_SHARE + _ITEM_SHARE * _item_share(index, row, covered[row])), row))
    return sorted(ranked, key=lambda each: (-each.score, each.row))


def _is_solid(index: "ScopeIndex", unit: Unit) -> bool:
    """Whether a unit can carry an answer alone. Everyday words and general verbs can only add to one."""
    if unit.kind in (Kind.HINT, Kind.GIST):
        return len(unit.words) > 1
    if unit.kind is Kind.WORD:
        return unit.words[0] not in index.lexicon.everyday
    if not unit.concepts:
        return True
    return any(index.lexicon.concepts[concept].weight >= _SOLID_WEIGHT for concept in unit.concepts)


def _explained(unit: Unit, fit: dict[int, float], hints: list[tuple[Unit, dict[int, float]]]) -> dict[int, float]:
    """A row that a turn of phrase points to also accounts for the words inside it: "gets rid of old computers"."""
    within = [rows for hint, rows in hints if hint.start <= unit.start and unit.end <= hint.end and len(hint.words) > 1]
    if not within:
        return fit
    explained = dict(fit)
    for rows in within:
        for row, value in rows.items():
            explained[row] = max(explained.get(row, 0.0), value * _EXPLAINED)
    return explained


def _fits(index: "ScopeIndex", unit: Unit, covered: defaultdict[int, dict[int, float]]) -> dict[int, float]:
    """How well each row accounts for a unit, 0..1; notes in `covered` which units of the row it accounts for."""
    best: dict[int, float] = {}

    def fit(row: int, at: int, value: float) -> None:
        if value > best.get(row, 0.0):
            best[row] = value
        if at != ASIDE and value > covered[row].get(at, 0.0):
            covered[row][at] = value

    for place, concept in enumerate(unit.concepts):
        near = ((concept, 1.0),) if unit.is_part and place == 0 else index.lexicon.near[concept]
        for other, nearness in near:
            for row, at, strength in index.postings(other):
                fit(row, at, strength * nearness)
    if unit.kind in (Kind.HINT, Kind.GIST):
        return best
    share = (
        1.0 if unit.kind in (Kind.WORD, Kind.BRAND) or not unit.concepts else _PHRASE_WORD if best else _FOREIGN_WORD
    )
    words: defaultdict[tuple[int, int], float] = defaultdict(float)
    for word in unit.words:
        for row, at, strength in index.postings(word):
            words[row, at] += strength * share / len(unit.words)
    for (row, at), value in words.items():
        fit(row, at, min(value, 1.0))
    return best


def _item_share(index: "ScopeIndex", row: int, covered: dict[int, float]) -> float:
    """How much of the row's name the question accounts for, 0..1."""
    weights = index.weights(row)
    whole = part = 0.0
    for reading in index.readings(row):
        mass = sum(weights[reading.start : reading.end])
        if mass:
            got = sum(weights[at] * covered.get(at, 0.0) for at in range(reading.start, reading.end)) / mass
            if reading.is_whole:
                whole = max(whole, got)
            else:
                part = max(part, got * _SEGMENT_WORTH)
    return max(whole, (whole + part) / 2)


def _decide(index: "ScopeIndex", fits: Fits, ranked: list[_Scored]) -> Match:
    def candidates(count: int) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                index.keys[each.row], index.items[each.row], min(each.score, 1.0), _reasons(index, fits, each.row)
            )
            for each in ranked[:count]
        )

    top = ranked[0].score if ranked else 0.0
    if top < CHOICE_LEAST:
        near = sum(1 for each in ranked[:_NEAREST] if each.score >= _NEAR_LEAST)
        return Match(Outcome.NONE, candidates(near), 1.0 - top, _unanswered(index, fits))
    rivals = sum(1 for each in ranked if each.score >= top * MARGIN)
    if rivals == 1 and top >= SURE_LEAST:
        (only,) = candidates(1)
        return Match(Outcome.SURE, (only,), only.score, only.because)
    offered = candidates(max(2, min(rivals, MOST_CHOICES)))
    names = ", ".join(each.item for each in offered)
    return Match(Outcome.CHOICE, offered, min(top, 1.0), (f"fits several rows about equally: {names}",))


def _reasons(index: "ScopeIndex", fits: Fits, row: int) -> tuple[str, ...]:
    """What in the question led to a row, the weightiest first."""
    gains = sorted(((unit.weight * fit[row], unit) for unit, fit in fits if fit.get(row)), key=lambda each: -each[0])
    return tuple(dict.fromkeys(_reason(index, unit) for _, unit in gains))[:_MOST_REASONS]


def _reason(index: "ScopeIndex", unit: Unit) -> str:
    labels = " or ".join(dict.fromkeys(index.lexicon.concepts[each].label for each in unit.concepts[:2]))
    if unit.is_part:
        labels = index.lexicon.concepts[unit.concepts[0]].label
    if unit.kind is Kind.WORD or not labels:
        return f'the row says "{unit.said}"'
    if unit.kind is Kind.HINT:
        return f'"{unit.said}" suggests {labels}'
    if unit.kind is Kind.GIST:
        return f"the words together suggest {labels}"
    if unit.kind is Kind.BRAND:
        return f'"{unit.said}" is a product of {labels}'
    return f'"{unit.said}" means {labels}'


def _unanswered(index: "ScopeIndex", fits: Fits) -> tuple[str, ...]:
    """What was understood although no row covers it."""
    foreign = [unit for unit, fit in fits if not fit and unit.kind in (Kind.NAME, Kind.BRAND) and unit.concepts]
    reasons = tuple(dict.fromkeys(f"{_reason(index, unit)}, which no row covers" for unit in foreign))
    return reasons[:_MOST_REASONS] or ("no row comes near enough to what was asked",)
