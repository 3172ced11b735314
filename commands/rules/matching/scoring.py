"""How well each row fits a question: the share of the question that it accounts for, and of its own name.

Each unit of a question is fitted to every row. A row's score is the share of the question that it accounts for, times
how much of the row's own name the question accounts for. What no row covers counts against all of them, so that a
question about something else is not answered with the nearest row.
"""

from collections import defaultdict
from typing import NamedTuple

from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.lexicon import IN_CONTEXT
from commands.rules.matching.postings import ASIDE
from commands.rules.matching.reading import NAMING, SUGGESTING, Kind, Unit

# By units at least so near is a name said outright.
_DIRECT = 0.95
# What the row's own name counts for in its score, next to how much of the question it accounts for.
_ITEM_SHARE = 0.35
# How well shared words alone account for a phrase: when the row names its concept otherwise, and when no row does.
_PHRASE_WORD = 0.5
_FOREIGN_WORD = 0.8
_SEGMENT_WORTH = 0.9
# A question that says next to nothing must not be answered as if it said everything.
_LEAST_MASS = 0.9
MOST_UNKNOWN = 1.0
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
_WORTH_A_LOOK = 0.05
_CONFLICT = 0.75
_CONFLICT_LEAST = 0.8

# A row, its unit, and how well that accounts for a unit of the question.
Fit = tuple[int, int, float]
# Each unit of a question, with how well each row accounts for it.
Fits = list[tuple[Unit, dict[int, float]]]
Covered = defaultdict[int, dict[int, float]]


class Scored(NamedTuple):
    """`share` of the question that a row accounts for, and with how much of its name is asked for the `score`, 0..1."""

    score: float
    share: float
    row: int


class Fitting:
    """Fits the units of one question to the rows. `covered`: which units of each row they account for, and how well."""

    def __init__(self, index: ScopeIndex) -> None:
        self._index = index
        self._named: dict[tuple[int, bool], list[Fit]] = {}
        self.covered: Covered = defaultdict(dict)

    def fits(self, unit: Unit) -> dict[int, float]:
        """How well each row accounts for a unit, 0..1."""
        found: list[Fit] = []
        for place, concept in enumerate(unit.concepts):
            found += self._naming(concept, is_exact=unit.is_part and place == 0)
        if unit.kind not in SUGGESTING:
            found += _by_words(self._index, unit, is_named=bool(found))
        best: dict[int, float] = {}
        for row, at, value in found:
            if value > best.get(row, 0.0):
                best[row] = value
            if at != ASIDE:
                units = self.covered[row]
                if value > units.get(at, 0.0):
                    units[at] = value
        return best

    def _naming(self, concept: int, *, is_exact: bool) -> list[Fit]:
        """The rows that name a concept, or unless `is_exact` one near it: a question often says one thing twice."""
        key = (concept, is_exact)
        if key not in self._named:
            self._named[key] = [
                (row, at, strength * nearness)
                for other, nearness in (((concept, 1.0),) if is_exact else self._index.lexicon.near[concept])
                for row, at, strength in self._index.postings(other)
            ]
        return self._named[key]


def _by_words(index: ScopeIndex, unit: Unit, *, is_named: bool) -> list[Fit]:
    """How well rows account for a unit by having its words, too; `is_named`: some row has its concept."""
    if unit.kind in (Kind.WORD, Kind.BRAND) or not unit.concepts:
        share = 1.0
    else:
        share = _PHRASE_WORD if is_named else _FOREIGN_WORD
    if len(unit.words) == 1:
        return [(row, at, strength * share) for row, at, strength in index.postings(unit.words[0])]
    words: defaultdict[tuple[int, int], float] = defaultdict(float)
    for word in unit.words:
        for row, at, strength in index.postings(word):
            words[row, at] += strength * share / len(unit.words)
    return [(row, at, min(value, 1.0)) for (row, at), value in words.items()]


def scored(index: ScopeIndex, fits: Fits, unknown: float, covered: Covered) -> list[Scored]:
    """The rows that fit, the best first. `unknown`: the weight of the words that no row has; `covered`: which units the
    names of a row cover.
    """
    solid: defaultdict[int, float] = defaultdict(float)
    hints = [(unit, fit) for unit, fit in fits if unit.kind is Kind.HINT and fit]
    is_short = sum(unit.kind not in SUGGESTING for unit, _ in fits) <= _SHORT
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
            fit = _explained(unit, fit, hints) if hints else fit
        is_solid = _is_solid(index, unit)
        for row, value in fit.items():
            gain = weight * value
            gained[row] += gain
            if is_solid and value > IN_CONTEXT:
                solid[row] += gain
    conflicting = _conflicting(index, fits)
    shares = {
        row: min(1.0, value / max(total + spared.get(row, 0.0), _LEAST_MASS))
        * (1.0 if solid.get(row, 0.0) >= _LEAST_SOLID else _WITHOUT_SOLID)
        * (_CONFLICT if row in conflicting else 1.0)
        for row, value in gained.items()
    }
    least = max(shares.values(), default=0.0) * _WORTH_A_LOOK
    ranked = [
        Scored(share * (1 - _ITEM_SHARE + _ITEM_SHARE * item_share(index, row, covered[row])), share, row)
        for row, share in shares.items()
        if share >= least
    ]
    return sorted(ranked, key=lambda each: (-each.score, each.row))


def _conflicting(index: ScopeIndex, fits: Fits) -> set[int]:
    """Rows that name what the question's subject is said not to be: a server's row, for a question on workstations."""
    subjects = [(unit.concepts, fit) for unit, fit in fits if unit.kind in NAMING]
    named = {concept for concepts, _ in subjects for concept in concepts}
    found: set[int] = set()
    for concepts, fit in subjects:
        for other in {each for concept in concepts for each in index.lexicon.excludes[concept]} - named:
            found.update(
                row
                for row, at, strength in index.postings(other)
                if at != ASIDE and strength > _CONFLICT_LEAST and fit.get(row, 0.0) < _CONFLICT_LEAST
            )
    return found


def _is_solid(index: ScopeIndex, unit: Unit) -> bool:
    """Whether a unit can carry an answer alone. Everyday words and general verbs can only add to one."""
    if unit.kind in SUGGESTING:
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


def item_share(index: ScopeIndex, row: int, covered: dict[int, float]) -> float:
    """How much of the row's name the question accounts for, 0..1."""
    if not covered:
        return 0.0
    weights = index.weights(row)
    gained = [weight * covered.get(at, 0.0) for at, weight in enumerate(weights)]
    whole = part = 0.0
    for start, end, is_whole in index.readings(row):
        mass = sum(weights[start:end])
        if mass:
            got = sum(gained[start:end]) / mass
            if is_whole:
                whole = max(whole, got)
            else:
                part = max(part, got * _SEGMENT_WORTH)
    return max(whole, (whole + part) / 2)


def direct_share(index: ScopeIndex, row: int, covered: dict[int, float]) -> float:
    """How much of the row's name the question says itself, not only something akin: ISP outages are not the circuit."""
    return item_share(index, row, {at: value for at, value in covered.items() if value >= _DIRECT})
