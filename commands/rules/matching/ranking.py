"""From features to probabilities: how likely each row, or none, is what was asked for."""

from typing import Any

import numpy as np

from commands.rules.matching.features import Numbers, Weighed
from storage.records.ranking import Ranking, Scorer


def probabilities(ranking: Ranking, weighed: Weighed) -> Numbers:
    """One number for each of `weighed.rows` and, last, for "no row". They add up to 1."""
    if not weighed.rows:
        return np.ones(1, np.float32)
    rows, question = inputs(weighed.features[:, list(ranking.columns)], weighed.question[list(ranking.about)])
    found = np.zeros(len(rows) + 1)
    for row_scorer, none_scorer, offset in zip(ranking.rows, ranking.none, ranking.offsets, strict=True):
        none = _scores(none_scorer, question[None]) + offset
        found += _shares(np.concatenate([_scores(row_scorer, rows), none]))
    return np.asarray(found / len(ranking.rows), np.float32)


def _shares(logits: Any) -> Any:
    """Positive numbers that add up to 1."""
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def inputs(features: Numbers, question: Numbers) -> tuple[Numbers, Numbers]:
    """What the scorers take: each feature and how far it is behind the best row's; for "no row" the best, its lead, and
    the question's own features.
    """
    best = features.max(axis=0)
    second = np.sort(features, axis=0)[-2] if len(features) > 1 else np.zeros_like(best)
    return np.concatenate([features, features - best], axis=1), np.concatenate([best, best - second, question])


def _scores(scorer: Scorer, given: Numbers) -> Any:
    standard = (given - scorer.mean) / scorer.deviation
    return standard @ scorer.linear + np.tanh(standard @ scorer.inner + scorer.bias) @ scorer.outer
