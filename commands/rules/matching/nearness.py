"""Which of several questions is nearest to another in meaning."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""From texts to one unit vector each."""


def nearest(vectors: Vectors, question: str, others: Sequence[str]) -> tuple[int, float]:
    """The place of the nearest of `others`, at least one, and its cosine, between -1 and 1."""
    asked, *known = vectors([question, *others])
    near = np.stack(known) @ asked
    best = int(np.argmax(near))
    return best, float(near[best])
