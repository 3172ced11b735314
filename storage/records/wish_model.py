"""The numbers that tell what a sentence is about: scope, the record, a change to it, billing, or none of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class WishModel:
    """Over what `grams` a sentence has and its vector. `apart` @ x + `offset`: how far it is from questions about scope
    (log odds); `weights` @ x + `biases`: what it is otherwise, one of `labels`.

    `wishes` and `scope`: the vectors of sentences of either kind that were learned from, a line each: how much nearer
    the nearest of the ones is than the nearest of the others counts for `apart`, too. Without lines they count nothing.

    `apart_from`, `sure_from`: from which of both on (a probability for the second) it is taken for anything else than
    a question about scope. `most_meaning`: what a vector adds to the first at most, but for rare ones.
    """

    grams: Mapping[str, int]
    apart: Numbers
    offset: float
    labels: Sequence[str]
    weights: Numbers
    biases: Numbers
    apart_from: float
    sure_from: float
    most_meaning: float
    wishes: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    scope: Numbers = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def looser(self, by: float) -> Self:
        """The same, taking more sentences for something else, and whatever they are."""
        return replace(self, apart_from=self.apart_from - by, sure_from=0.0)
