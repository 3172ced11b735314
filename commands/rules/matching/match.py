"""Decides which row a question is about: one, a choice of a few, or none; and says which words led there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from commands.rules.matching.reading import NAMING, Kind, QuestionReader, Unit
from commands.rules.matching.scoring import MOST_UNKNOWN, Covered, Fits, Fitting, Scored, is_named, scored
from commands.rules.matching.text import tokens

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


# Thresholds on the score (0..1), by evidence from 1,563 questions on ten matrices of different trades. Around these
# values the figures are flat: what decides is what the vocabulary knows, not where exactly the lines are drawn.
# Below CHOICE_LEAST the best row was the right one in at most half of the cases, so nothing is answered.
CHOICE_LEAST = 0.36
# From SURE_LEAST on, a row that the question names and that leads by more than MARGIN was right in 99 of 100 cases,
# where the matrix has a row for the question at all (see `is_named` for where it has not).
SURE_LEAST = 0.56
# Rows within this share of the best are its rivals. Choices offered / wrong answers at 0.78: 200 / 18; at 0.82:
# 173 / 20; at 0.88: 148 / 23.
MARGIN = 0.82
# A row that nothing rivals needs less to be offered: there is nothing it could be mistaken for.
LONE_LEAST = 0.46
# Where the best row leads but is not named, up to this many rows are offered that come at least half as near.
_DOUBTFUL_MARGIN = 0.5
_DOUBTFUL_CHOICES = 3
MOST_CHOICES = 5
_NEAREST = 3
_NEAR_LEAST = 0.1
_MOST_REASONS = 4
_SAYS = 'the row says "{said}"'
_BECAUSE = {
    Kind.HINT: '"{said}" suggests {labels}',
    Kind.GIST: "the words together suggest {labels}",
    Kind.BRAND: '"{said}" is a product of {labels}',
    Kind.NAME: '"{said}" means {labels}',
}


def match(index: "ScopeIndex", question: str) -> Match:
    if exact := index.named(tokens(question)):
        because = ("asked by its own name",)
        candidates = tuple(Candidate(index.keys[row], index.items[row], 1.0, because) for row in exact[:MOST_CHOICES])
        return Match(Outcome.SURE if len(exact) == 1 else Outcome.CHOICE, candidates, 1.0, because)
    units = QuestionReader(index.lexicon, index.has_word, index.read).units(question)
    fitting = Fitting(index)
    fits = [(unit, fitting.fits(unit)) for unit in units if unit.kind is not Kind.UNKNOWN]
    unknown = min(sum(unit.weight for unit in units if unit.kind is Kind.UNKNOWN), MOST_UNKNOWN)
    return _decide(index, fits, scored(index, fits, unknown, fitting.covered), fitting.covered)


def _decide(index: "ScopeIndex", fits: Fits, ranked: list[Scored], covered: Covered) -> Match:
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
    is_sure = is_named(index, ranked[0].row, covered[ranked[0].row])
    rivals = sum(1 for each in ranked if each.score >= top * MARGIN)
    if rivals == 1 and is_sure and top >= SURE_LEAST:
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
    named = unit.concepts[: 1 if unit.is_part else 2]
    labels = " or ".join(dict.fromkeys([index.lexicon.concepts[each].label for each in named]))
    wording = _BECAUSE.get(unit.kind, _SAYS) if labels else _SAYS
    return wording.format(said=unit.said, labels=labels)


def _unanswered(index: "ScopeIndex", fits: Fits) -> tuple[str, ...]:
    """What was understood although no row covers it."""
    foreign = [unit for unit, fit in fits if not fit and unit.kind in NAMING and unit.concepts]
    reasons = tuple(dict.fromkeys(f"{_reason(index, unit)}, which no row covers" for unit in foreign))
    return reasons[:_MOST_REASONS] or ("no row comes near enough to what was asked",)
