"""Which rows mention which features, how strongly and where: flat arrays, so that a 200-row matrix takes 10 KB."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby

# A mention as one number: the feature, 24 bits of row, 8 of unit, 8 of strength.
_FEATURE, _ROW, _UNIT = 40, 16, 8
_BYTE, _ROWS = 0xFF, 0xFFFFFF
_MOST_SMALL = 0xFFFF
_FULL = 255
_SHARES = tuple(strength / _FULL for strength in range(_FULL + 1))
# The unit of what a row mentions, but not in its name.
ASIDE = 255


def packed(feature: int, unit: int, strength: float) -> int:
    """The mention of a feature with `strength` 0..1 in unit number `unit` (ASIDE: not in the name) of row 0."""
    return feature << _FEATURE | unit << _UNIT | round(strength * _FULL)


def shift(row: int, units: int) -> int:
    """What to add to a mention of row 0, so that it is of this `row` and `units` further on."""
    return row << _ROW | units << _UNIT


def numbers(values: Sequence[int]) -> "array[int]":
    """Numbers from 0 on, in two bytes each if all are small enough."""
    return array("H" if max(values, default=0) <= _MOST_SMALL else "I", values)


class Postings:
    """Immutable."""

    __slots__ = ("_counts", "_features", "_rows", "_starts", "_strengths", "_units")

    def __init__(self, mentions: Iterable[int]) -> None:
        """`mentions` are packed; of several of a feature in one unit, the strongest counts."""
        strongest = {mention >> _UNIT: mention & _BYTE for mention in sorted(mentions)}
        self._rows = numbers([place >> _UNIT & _ROWS for place in strongest])
        self._units = array("B", [place & _BYTE for place in strongest])
        self._strengths = array("B", strongest.values())
        features, counts, starts = [], [], [0]
        for feature, found in groupby(strongest, lambda place: place >> _FEATURE - _UNIT):
            places = list(found)
            features.append(feature)
            starts.append(starts[-1] + len(places))
            counts.append(len({place >> _UNIT for place in places if place & _BYTE != ASIDE}))
        self._features, self._counts, self._starts = numbers(features), numbers(counts), numbers(starts)

    def of(self, feature: int) -> Iterable[tuple[int, int, float]]:
        """The row, unit and strength of each mention, by row."""
        at = bisect_left(self._features, feature)
        if at == len(self._features) or self._features[at] != feature:
            return ()
        start, end = self._starts[at], self._starts[at + 1]
        strengths = [_SHARES[strength] for strength in self._strengths[start:end]]
        return zip(self._rows[start:end], self._units[start:end], strengths, strict=True)

    def has(self, feature: int) -> bool:
        """Whether any row mentions it."""
        at = bisect_left(self._features, feature)
        return at < len(self._features) and self._features[at] == feature

    def count(self, feature: int) -> int:
        """How many rows mention it in their names."""
        at = bisect_left(self._features, feature)
        return self._counts[at] if at < len(self._features) and self._features[at] == feature else 0
