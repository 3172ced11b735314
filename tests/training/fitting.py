"""Learns from features how likely each row, or none, is what was asked for; then from which chances on to answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from commands.rules.matching.features import (
    BY_WORDS,
    MOST_ROWS,
    QUESTION_BY_WORDS,
    QUESTION_FEATURES,
    ROW_FEATURES,
    Weighed,
)  # fmt: skip
from commands.rules.matching.ranking import inputs, probabilities
from storage.records.ranking import Ranking, Scorer

_UNITS, _STEPS, _BATCH, _RATE, _SHRINK, _SEEDS = 16, 500, 512, 0.01, 1e-3, 3
_OFFERED = 3
_WITHOUT = 0.35
"""What a covered question counts for once more with its rows taken out, as one that no row answers."""
_OF_PART = 0.35
"""What a question counts for that was asked of a few rows of its matrix."""
MOST_WRONG, MOST_SURE_WRONG, MOST_CHOICES, MOST_UNCOVERED = 0.042, 0.013, 0.235, 0.068
"""Of all questions (the first two), of those with one right row, and of those that no row answers."""


class Columns(NamedTuple):
    """Which features of the rows and of the question a ranking looks at."""

    rows: tuple[int, ...]
    question: tuple[int, ...]


WORDS_ONLY = Columns(tuple(range(BY_WORDS)), tuple(range(QUESTION_BY_WORDS)))
ALL = Columns(tuple(range(len(ROW_FEATURES))), tuple(range(len(QUESTION_FEATURES))))


@dataclass(frozen=True, slots=True)
class Example:
    """A question that was weighed: `right` are the rows (as numbers) that answer it; `named`: the row it names.

    `is_of_part`: it was asked of a few rows of its set's matrix.
    """

    set: str
    weighed: Weighed
    right: frozenset[int]
    named: int | None
    is_of_part: bool


def fit(examples: Sequence[Example], columns: Columns) -> Ranking:
    """A ranking by these columns of the features, its thresholds still to be chosen."""
    rows, question, target, allowed, weight = _tables(examples, columns)
    flat = rows[allowed[:, :MOST_ROWS] > 0]
    standards = [(each.mean(axis=0), each.std(axis=0) + 1e-6) for each in (flat, question)]
    rows, question = (
        (each - mean) / deviation for each, (mean, deviation) in zip((rows, question), standards, strict=True)
    )
    found = [_trained(rows, question, target, allowed, weight, seed) for seed in range(_SEEDS)]
    return Ranking(
        columns=columns.rows,
        about=columns.question,
        rows=[_scorer(each["rows"], standards[0]) for each in found],
        none=[_scorer(each["none"], standards[1]) for each in found],
        offsets=tuple(float(each["offset"]) for each in found),
        sure=1.0, near=1.0, offered=1.0,
    )  # fmt: skip


@dataclass(slots=True)
class Figures:
    """Counts over questions; `single`: those with exactly one right row, `choices`: of them were given a choice."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    sure_wrong: int = 0
    single: int = 0
    choices: int = 0
    uncovered: int = 0
    uncovered_answered: int = 0

    def __str__(self) -> str:
        return (
            f"{self.asked} asked, right {self.right / self.asked:.1%}, wrong {self.wrong / self.asked:.1%}"
            f" (sure {self.sure_wrong / self.asked:.1%}), choice {self.choices / max(self.single, 1):.1%},"
            f" uncovered answered {self.uncovered_answered / max(self.uncovered, 1):.1%}"
        )


Chances = Sequence[tuple[Example, Any]]


def chances(ranking: Ranking, examples: Sequence[Example]) -> Chances:
    """Each example with the probabilities that the ranking gives."""
    return [(each, probabilities(ranking, each.weighed)) for each in examples]


def judge(known: Chances, sure: float, near: float, offered: float) -> Figures:
    """What would be right with these thresholds."""
    return _judged(_Likeliest.of(known), sure, near, offered)


@dataclass(frozen=True, slots=True)
class _Likeliest:
    """Of each question the three likeliest rows, as arrays: a row that it names is certain."""

    chances: Any
    is_right: Any
    any_row: Any
    is_named: Any
    right_rows: Any

    @staticmethod
    def of(known: Chances) -> "_Likeliest":
        chances, is_right = np.zeros((len(known), _OFFERED)), np.zeros((len(known), _OFFERED), bool)
        for at, (example, chance) in enumerate(known):
            order = np.argsort(-chance[:-1], kind="stable")[:_OFFERED]
            rows = [example.weighed.rows[place] for place in order]
            chances[at, : len(order)] = chance[order]
            if example.named is not None:
                rows, chances[at] = [example.named], 0.0
            is_right[at, : len(rows)] = [row in example.right for row in rows]
        return _Likeliest(
            chances, is_right, np.array([1.0 - float(chance[-1]) for _, chance in known]),
            np.array([example.named is not None for example, _ in known]),
            np.array([len(example.right) for example, _ in known]),
        )  # fmt: skip


def _judged(best: _Likeliest, sure: float, near: float, offered: float) -> Figures:
    first = best.chances[:, 0]
    is_sure = best.is_named | (first >= sure)
    is_choice = ~is_sure & (first > 0) & (best.any_row >= offered)
    is_among = best.chances >= near * first[:, None]
    hits = np.where(is_choice, (best.is_right & is_among).any(axis=1), is_sure & best.is_right[:, 0])
    answered, covered, single = is_sure | is_choice, best.right_rows > 0, best.right_rows == 1
    right, wrong = np.where(covered, hits, ~answered), answered & ~hits
    counts = (right, wrong, wrong & is_sure, single, single & is_choice, ~covered, ~covered & answered)
    return Figures(len(first), *(int(each.sum()) for each in counts))


def choose(ranking: Ranking, known: Chances) -> Ranking:
    """The thresholds with most right answers, where few are wrong, few sure and wrong, and few are choices."""
    best, most, table = (0.9, 0.5, 0.9), -1, _Likeliest.of(known)
    for sure in np.arange(0.5, 0.95, 0.02):
        for near in (0.1, 0.15, 0.2, 0.3):
            for offered in np.arange(0.3, 0.9, 0.03):
                found = _judged(table, float(sure), near, float(offered))
                if (
                    found.wrong <= MOST_WRONG * found.asked
                    and found.sure_wrong <= MOST_SURE_WRONG * found.asked
                    and found.choices <= MOST_CHOICES * found.single
                    and found.uncovered_answered <= MOST_UNCOVERED * found.uncovered
                    and found.right > most
                ):
                    best, most = (float(sure), near, float(offered)), found.right
    return replace(ranking, sure=round(best[0], 3), near=best[1], offered=round(best[2], 3))


def _tables(examples: Sequence[Example], columns: Columns) -> tuple[Any, Any, Any, Any, Any]:
    found: list[tuple[Any, Any, Any, Any, float]] = []
    for each in examples:
        is_right = np.array([row in each.right for row in each.weighed.rows])
        features = each.weighed.features[:, list(columns.rows)]
        question = each.weighed.question[list(columns.question)]
        if each.named is None:
            found.append(_table(features, question, is_right, _OF_PART if each.is_of_part else 1.0))
            if is_right.any() and not is_right.all() and not each.is_of_part:
                found.append(_table(features[~is_right], question, is_right[~is_right], _WITHOUT))
    rows, question, target, allowed = (np.stack([each[at] for each in found]) for at in range(4))
    return rows, question, target, allowed, np.array([each[4] for each in found])


def _table(features: Any, question: Any, is_right: Any, weight: float) -> tuple[Any, Any, Any, Any, float]:
    rows, about = inputs(features, question)
    padded = np.zeros((MOST_ROWS, rows.shape[1]), np.float32)
    padded[: len(rows)] = rows
    target, allowed = np.zeros(MOST_ROWS + 1, np.float32), np.zeros(MOST_ROWS + 1, np.float32)
    target[: len(rows)] = is_right
    target[MOST_ROWS] = not is_right.any()
    allowed[: len(rows)] = allowed[MOST_ROWS] = 1
    return padded, about, target, allowed, weight


def _trained(rows: Any, question: Any, target: Any, allowed: Any, weight: Any, seed: int) -> Any:
    keys = jax.random.split(jax.random.PRNGKey(seed), 4)

    def scorer(width: int, first: Any, second: Any) -> dict[str, Any]:
        return {
            "linear": jnp.zeros(width), "inner": jax.random.normal(first, (width, _UNITS)) / np.sqrt(width),
            "bias": jnp.zeros(_UNITS), "outer": jax.random.normal(second, (_UNITS,)) * 0.01,
        }  # fmt: skip

    state: Any = {
        "rows": scorer(rows.shape[-1], *keys[:2]),
        "none": scorer(question.shape[-1], *keys[2:]),
        "offset": jnp.zeros(()),
    }  # fmt: skip
    optimizer = optax.adam(optax.cosine_decay_schedule(_RATE, _STEPS))
    memory = optimizer.init(state)

    def score(part: Any, given: Any) -> Any:
        return given @ part["linear"] + jnp.tanh(given @ part["inner"] + part["bias"]) @ part["outer"]

    def loss(state: Any, rows: Any, question: Any, target: Any, allowed: Any, weight: Any) -> Any:
        none = score(state["none"], question) + state["offset"]
        logits = jnp.concatenate([score(state["rows"], rows), none[:, None]], 1) - (1 - allowed) * 1e4
        right = (jax.nn.softmax(logits, 1) * target).sum(1)
        size = sum((value**2).sum() for part in ("rows", "none") for value in state[part].values())
        return -(weight * jnp.log(jnp.clip(right, 1e-9))).sum() / weight.sum() + _SHRINK * size

    @jax.jit  # type: ignore[untyped-decorator]
    def step(state: Any, memory: Any, *given: Any) -> Any:
        updates, memory = optimizer.update(jax.grad(loss)(state, *given), memory)
        return optax.apply_updates(state, updates), memory

    draw = np.random.default_rng(seed)
    for _ in range(_STEPS):
        at = draw.choice(len(rows), min(_BATCH, len(rows)), replace=False)
        state, memory = step(state, memory, *(each[at] for each in (rows, question, target, allowed, weight)))
    return jax.tree.map(np.asarray, state)


def _scorer(part: Any, standard: tuple[Any, Any]) -> Scorer:
    mean, deviation = standard
    return Scorer(mean, deviation, part["linear"], part["inner"], part["bias"], part["outer"])
