"""Whether two questions ask about one thing: by how near they are in the encoder's space.

Chosen on the questions of half of the labelled matrices: one new question beside eight open ones, half of the time with
one about the same row among them. From MAYBE_FROM on, 83 of 100 that are found are about the same row, and 44 of 100
that are there are found; on the other half 89 and 37. That is good enough to ask and not to join. What is joined
unasked are the same words in another order, and what is all but the same, numbers apart: those have to be the same.
"""

import re
from enum import StrEnum

SAME_FROM = 0.95
MAYBE_FROM = 0.45
MOST_COMPARED = 100
_WORDS = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty"""
_WRITTEN = {word: str(number) for number, word in enumerate(_WORDS.split(), 2)}
_NUMBER = re.compile(rf"\d+(?:[a-z](?![a-z]))?|\b(?:{'|'.join(_WRITTEN)})\b")
_MENTION = re.compile(r"<[@#!][^>]*>")


class Likeness(StrEnum):
    """SAME: joined without asking. MAYBE: whoever asks is asked."""

    SAME = "same"
    MAYBE = "maybe"
    OTHER = "other"


def likeness(nearness: float, *, has_same_numbers: bool = True) -> Likeness:
    """By the cosine of their vectors, between -1 and 1."""
    if nearness >= SAME_FROM and has_same_numbers:
        return Likeness.SAME
    return Likeness.MAYBE if nearness >= MAYBE_FROM else Likeness.OTHER


def numbers_said(text: str) -> tuple[str, ...]:
    """The numbers of a question, sorted; with a letter that belongs to one, "3b", and those that are written out."""
    said = _MENTION.sub(" ", text).casefold()
    found = (_WRITTEN.get(each, each.lstrip("0") or "0") for each in _NUMBER.findall(said))
    return tuple(sorted(found))


def is_about_another(one: str, other: str) -> bool:
    """Whether two questions name different numbers: organ pipe 3 is another thing than organ pipe 13."""
    numbers = numbers_said(one), numbers_said(other)
    return numbers[0] != numbers[1] and all(numbers)
