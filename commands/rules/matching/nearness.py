"""Which of several questions is nearest to another in meaning."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from commands.rules.matching.text import FRAME, tokens

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""From texts to one unit vector each."""
_WORD = re.compile(r"[\w'&+./-]+")


def nearest(vectors: Vectors, question: str, others: Sequence[str]) -> tuple[int, float]:
    """The place of the nearest of `others`, at least one, and the cosine of what both are about, between -1 and 1."""
    asked, *known = vectors([content(each) for each in (question, *others)])
    near = np.stack(known) @ asked
    best = int(np.argmax(near))
    return best, float(near[best])


def content(question: str) -> str:
    """The question without its furniture ("who is responsible for"); whole where nothing else is in it."""
    kept = [word for word in _WORD.findall(question) if any(each not in FRAME for each in tokens(word))]
    return " ".join(kept) or question
