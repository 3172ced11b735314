"""The numbers that tell whether a sentence reads like a promise that nobody can keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.records.wish_model import Numbers


@dataclass(frozen=True, slots=True, eq=False)
class PromiseModel:
    """`weights` @ x + `offset`, where x is the signs that a sentence shows, the grams that it has, and its vector: log
    odds. How much nearer the nearest of the sentences that were learned from is among the `promising` than among the
    `harmless` ones (a vector a line) counts `nearness` times. Taken for a promise from `found_from` on.

    `known`: the promising sentences, in words.
    """

    grams: Mapping[str, int]
    weights: Numbers
    offset: float
    nearness: float
    found_from: float
    known: Sequence[str]
    promising: Numbers
    harmless: Numbers
