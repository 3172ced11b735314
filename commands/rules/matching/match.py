"""Decides which row a question is about: one, a choice of a few, or none; and says which words led there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from commands.rules.matching.features import NEARNESS, Numbers, Weighed, row_stems, weigh
from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.ranking import probabilities
from commands.rules.matching.reading import NAMING, Kind, Unit
from commands.rules.matching.scoring import Fits
from commands.rules.matching.text import tokens


class Outcome(StrEnum):
    SURE = "sure"
    CHOICE = "choice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row the question may be about: `score` is how likely, 0..1, and `because` which words led to it."""

    key: int
    item: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """`candidates` best first: one if sure, up to three to choose from, or (none) the nearest, which do not answer.

    A choice of one is a row to be confirmed: it is near, and nothing else is, but the question does not quite name it.

    `confidence` 0..1 is in the outcome, not in the first candidate: that of "none" is high when nothing comes near.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    confidence: float
    because: tuple[str, ...]


MOST_CHOICES = 3
_MOST_OF_ONE_NAME = 5
_NEAREST = 3
_NEAR_LEAST = 0.1
# A cosine from which on the row's text is called close, and a chance that is worth telling.
_CLOSE = 0.5
_NEXT_LEAST = 0.02
_MOST_REASONS = 4
_SAYS = 'the row says "{said}"'
_BECAUSE = {
    Kind.HINT: '"{said}" suggests {labels}',
    Kind.GIST: "the words together suggest {labels}",
    Kind.BRAND: '"{said}" is a product of {labels}',
    Kind.NAME: '"{said}" means {labels}',
}


def match(index: ScopeIndex, question: str) -> Match:
    """Which row `question` is about. A row's own name is always a sure answer. Never raises, whatever the text."""
    if exact := index.named(tokens(question)):
        because = ("asked by its own name",)
        candidates = tuple(Candidate(index.keys[row], index.rows[row].item, 1.0, because) for row in exact)
        outcome = Outcome.SURE if len(exact) == 1 else Outcome.CHOICE
        return Match(outcome, candidates[:_MOST_OF_ONE_NAME], 1.0, because)
    weighed = weigh(index, question)
    return _decide(index, weighed, probabilities(index.ranking, weighed))


def _decide(index: ScopeIndex, weighed: Weighed, chances: Numbers) -> Match:
    ranking = index.ranking
    order = [int(at) for at in np.argsort(-chances[:-1], kind="stable")]
    first = float(chances[order[0]]) if order else 0.0

    def candidates(places: Sequence[int]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                index.keys[weighed.rows[at]], index.rows[weighed.rows[at]].item, float(chances[at]),
                _reasons(index, weighed, at),
            )
            for at in places
        )  # fmt: skip

    alike = _alike(index, weighed, order)
    if len(alike) > 1:
        rows = candidates(alike[:MOST_CHOICES])
        because = ("these rows have the words of the question alike",)
        return Match(Outcome.CHOICE, rows, min(1.0, float(sum(chances[at] for at in alike))), because)
    if first >= ranking.sure and not _is_broader(index, weighed, order[0]):
        (only,) = candidates(order[:1])
        return Match(Outcome.SURE, (only,), first, only.because + _runner_up(index, weighed, chances, order))
    offered = [at for at in order[:MOST_CHOICES] if chances[at] >= ranking.near * first]
    together = float(sum(chances[at] for at in offered))
    if order and 1.0 - float(chances[-1]) >= ranking.offered:
        rows = candidates(offered)
        return Match(Outcome.CHOICE, rows, together, rows[0].because if len(rows) == 1 else _of_several(rows))
    near = [at for at in order[:_NEAREST] if chances[at] >= _NEAR_LEAST]
    return Match(Outcome.NONE, candidates(near), float(chances[-1]), _unanswered(index, weighed.fits))


def _of_several(rows: Sequence[Candidate]) -> tuple[str, ...]:
    return (f"may be about several rows: {', '.join(each.item for each in rows)}",)


def _alike(index: ScopeIndex, weighed: Weighed, order: Sequence[int]) -> list[int]:
    """The rows whose names have all the words of the question: where there are several, words cannot choose."""
    if not weighed.stems:
        return []
    return [at for at in order if weighed.stems <= row_stems(index.rows[weighed.rows[at]])[0]]


def _is_broader(index: ScopeIndex, weighed: Weighed, at: int) -> bool:
    """Whether the question is a single word of the row's name ("backup" for "Server backup"): it may mean more."""
    return len(weighed.stems) == 1 and weighed.stems < row_stems(index.rows[weighed.rows[at]])[0]


def _runner_up(index: ScopeIndex, weighed: Weighed, chances: Numbers, order: Sequence[int]) -> tuple[str, ...]:
    how_sure = f"{chances[order[0]]:.0%} sure"
    if len(order) < 2 or chances[order[1]] < _NEXT_LEAST:
        return (how_sure,)
    return (f"{how_sure}; next nearest: {index.rows[weighed.rows[order[1]]].item} ({chances[order[1]]:.0%})",)


def _reasons(index: ScopeIndex, weighed: Weighed, at: int) -> tuple[str, ...]:
    """What in the question led to a row, the weightiest first, then what it means."""
    row = weighed.rows[at]
    gains = sorted(
        ((unit.weight * fit[row], unit) for unit, fit in weighed.fits if fit.get(row)), key=lambda each: -each[0]
    )
    said = list(dict.fromkeys(_reason(index, unit) for _, unit in gains))[:_MOST_REASONS]
    if index.meaning is not None and weighed.features[at, NEARNESS].max() >= _CLOSE:
        said.append(f'the question is close in meaning to "{index.rows[row].item}"')
    return tuple(said)


def _reason(index: ScopeIndex, unit: Unit) -> str:
    named = unit.concepts[: 1 if unit.is_part else 2]
    labels = " or ".join(dict.fromkeys([index.lexicon.concepts[each].label for each in named]))
    wording = _BECAUSE.get(unit.kind, _SAYS) if labels else _SAYS
    return wording.format(said=unit.said, labels=labels)


def _unanswered(index: ScopeIndex, fits: Fits) -> tuple[str, ...]:
    """What was understood although no row covers it."""
    foreign = [unit for unit, fit in fits if not fit and unit.kind in NAMING and unit.concepts]
    reasons = tuple(dict.fromkeys(f"{_reason(index, unit)}, which no row covers" for unit in foreign))
    return reasons[:_MOST_REASONS] or ("no row comes near enough to what was asked",)
