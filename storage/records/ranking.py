"""The numbers that training leaves: how features become probabilities, and from which ones on a row answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A line and a layer of tanh units over standardized features: `linear @ x + outer @ tanh(inner @ x + bias)`."""

    mean: Numbers
    deviation: Numbers
    linear: Numbers
    inner: Numbers
    bias: Numbers
    outer: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Several pairs of scorers, of rows and of "no row", whose probabilities are averaged.

    `columns` of the rows' features and `about`, of the question's, are looked at. `sure`: a row of this probability
    answers. Otherwise up to three rows are offered that are at least `near` as probable as the first, if it is as
    probable as `offered` that any row is meant. Chosen on questions that had no part in the training.
    """

    columns: tuple[int, ...]
    about: tuple[int, ...]
    rows: Sequence[Scorer]
    none: Sequence[Scorer]
    offsets: Sequence[float]
    sure: float
    near: float
    offered: float


@dataclass(frozen=True, slots=True)
class Rankings:
    """`full` for features from words and meaning, `words` where there is no encoder."""

    full: Ranking
    words: Ranking
