"""Decides which row a question is about: one, a choice of a few, or none.

Each unit of a question is fitted to every row. A row's score is the share of the question that it accounts for, times
how much of the row's own name the question accounts for. What no row covers counts against all of them, so that a
question about something else is not answered with the nearest row.
"""

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
    """`candidates` best first: one if sure, up to five to choose from, or (none) the nearest, which do not answer.

    A choice of one is a row to be confirmed: it is near, and nothing else is, but the question does not quite name it.

    `confidence` 0..1 is in the outcome, not in the first candidate: that of "none" is high when nothing comes near.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    because: tuple[str, ...]


# Thresholds on the score (0..1), chosen on questions that the vocabulary had not been written for. Around these values
# the figures are flat: moving any of them by a tenth changes less than one question in a hundred on `scope_dev`.
# Below CHOICE_LEAST the best row is wrong more often than right, so nothing is answered.
CHOICE_LEAST = 0.36
# From SURE_LEAST on, a row that leads its rivals by more than MARGIN is right in more than nine of ten cases.
SURE_LEAST = 0.56
# Rows within this share of the best are its rivals: 0.88 would ask back less and be wrong more, 0.78 the other way.
MARGIN = 0.82
# A row that nothing rivals needs less: there is nothing it could be mistaken for.
LONE_LEAST = 0.46
# A sure answer needs a row whose name the question itself accounts for: this much of it, by units at least so near.
_NAMED_LEAST = 0.5
_DIRECT = 0.95
_DOUBTFUL_MARGIN = 0.5
_DOUBTFUL_CHOICES = 3
MOST_CHOICES = 5
_NEAREST = 3
_NEAR_LEAST = 0.1
_MOST_REASONS = 4
# What the row's own name counts for in its score, next to how much of the question it accounts for.
_ITEM_SHARE = 0.35
# How well shared words alone account for a phrase: when the row names its concept otherwise, and when no row does.
_PHRASE_WORD = 0.5
_FOREIGN_WORD = 0.8
_SEGMENT_WORTH = 0.9
# A question that says next to nothing must not be answered as if it said everything.
_LEAST_MASS = 0.9
_MOST_UNKNOWN = 1.0
# What a hint counts for against the rows that it does not point to: if it points to others, if it points to none.
_RIVAL_HINT = 0.8
_FOREIGN_HINT = 0.4
_EXPLAINED = 0.8
# In a short question, what no row covers is probably what is asked about.
_FOREIGN = 1.5
_SHORT = 3
_SOLID_WEIGHT = 0.5
_LEAST_SOLID = 0.2
_WITHOUT_SOLID = 0.6
_WORTH_A_LOOK = 0.4

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
    return _decide(index, fits, _scored(index, fits, unknown, covered), covered)


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
        is_solid = _is_solid(index, unit)
        for row, value in fit.items():
            gained[row] += weight * value
            if is_solid and value > IN_CONTEXT:
                solid[row] += weight * value
    shares = {
        row: min(1.0, value / max(total + spared[row], _LEAST_MASS))
        * (1.0 if solid[row] >= _LEAST_SOLID else _WITHOUT_SOLID)
        for row, value in gained.items()
    }
    least = max(shares.values(), default=0.0) * _WORTH_A_LOOK
    ranked = [
        _Scored(share * (1 - _ITEM_SHARE + _ITEM_SHARE * _item_share(index, row, covered[row])), row)
        for row, share in shares.items()
        if share >= least
    ]
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


def _is_named(index: "ScopeIndex", row: int, covered: dict[int, float]) -> bool:
    """Whether the question names the row itself, not only something akin: ISP outages are not the ISP's circuit.

    Without this, a question about a row that the matrix lacks was answered from its sibling in 24 % of the cases
    (leaving one row out at a time); with it, in 9 %, and one sure right answer in 25 became a choice that has it.
    """
    direct = {at: value for at, value in covered.items() if value >= _DIRECT}
    return _item_share(index, row, direct) >= _NAMED_LEAST


def _decide(
    index: "ScopeIndex", fits: Fits, ranked: list[_Scored], covered: defaultdict[int, dict[int, float]]
) -> Match:
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
    is_named = _is_named(index, ranked[0].row, covered[ranked[0].row])
    if rivals == 1 and is_named and top >= SURE_LEAST:
        (only,) = candidates(1)
        return Match(Outcome.SURE, (only,), only.score, only.because)
    if rivals == 1:
        rivals = sum(1 for each in ranked[:_DOUBTFUL_CHOICES] if each.score >= top * _DOUBTFUL_MARGIN)
    if rivals == 1 and top < LONE_LEAST:
        return Match(Outcome.NONE, candidates(1), 1.0 - top, _unanswered(index, fits))
    offered = candidates(min(rivals, MOST_CHOICES))
    names = ", ".join(each.item for each in offered)
    because = (f"fits several rows about equally: {names}",) if rivals > 1 else offered[0].because
    return Match(Outcome.CHOICE, offered, min(top, 1.0), because)


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
