"""Whether two questions ask about one thing: by how near they are in the encoder's space.

The bounds were chosen on pairs of questions about one client's matrix: two of one row, and two of different rows.
"""

from enum import StrEnum

SAME_FROM = 0.90
MAYBE_FROM = 0.75
MOST_COMPARED = 100


class Likeness(StrEnum):
    """SAME: joined without asking. MAYBE: whoever asks is asked."""

    SAME = "same"
    MAYBE = "maybe"
    OTHER = "other"


def likeness(nearness: float) -> Likeness:
    """By the cosine of their vectors, between -1 and 1."""
    if nearness >= SAME_FROM:
        return Likeness.SAME
    return Likeness.MAYBE if nearness >= MAYBE_FROM else Likeness.OTHER
