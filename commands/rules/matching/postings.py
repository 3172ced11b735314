"""The small values an index is made of."""

from typing import NamedTuple


class Posting(NamedTuple):
    """`row` mentions something with `strength` 0..1, in its unit number `unit` (_ASIDE: not in the item itself)."""

    row: int
    unit: int
    strength: float


class Reading(NamedTuple):
    """One way to name a row: the whole item, one side of its "and", or an alias. `worth` 0..1."""

    units: tuple[int, ...]
    worth: float


ASIDE = 255
