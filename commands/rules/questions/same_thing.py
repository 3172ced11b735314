"""Whether two questions ask about one thing: by how near they are in the encoder's space.

Chosen on the questions of half of the labelled matrices: one new question beside eight open ones, half of the time with
one about the same row among them. From MAYBE_FROM on, 83 of 100 that are found are about the same row, and 44 of 100
that are there are found; on the other half 89 and 37. That is good enough to ask and not to join. What is joined
unasked are the same words in another order, and what is all but the same.
"""

from enum import StrEnum

SAME_FROM = 0.95
MAYBE_FROM = 0.45
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
