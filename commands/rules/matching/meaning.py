"""Texts as vectors: what the encoder is asked for, and which texts of a row it is asked about."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from commands.rules.matching.outline import Row


class Meaning(Protocol):
    """A sentence encoder. Vectors of texts that mean the same point the same way."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text."""
        ...

    def row_vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        """The same for texts of rows, as small integers of whatever length."""
        ...


class RowTexts(NamedTuple):
    """What a row is called, by item and aliases, and all that it says."""

    names: tuple[str, ...]
    whole: str


def row_texts(row: Row) -> RowTexts:
    """The texts of a row that are compared with a question."""
    name = f"{row.category}: {row.item}" if row.category else row.item
    beside = ". ".join(filter(None, (", ".join(row.aliases), row.notes)))
    return RowTexts((row.item, *row.aliases), f"{name}. {beside}" if beside else name)
