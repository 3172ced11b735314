"""Questions that a manager settled with a row: asked again in the same words, they have their answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from commands.rules.matching.text import tokens

# Said around a question; without them it is the same question. Everything else counts, in its order.
_FILLERS_WORDS = """
a an the please pls plz hi hey hello hiya morning afternoon evening thanks thank you cheers ta ok okay so just quick
question q again btw fyi team folks guys all
"""
_FILLERS = frozenset(_FILLERS_WORDS.split())


class Settled(NamedTuple):
    """`row_id` is the row version that settled the question, `item` what that was called."""

    question: str
    row_id: int
    item: str
    by: str
    at: datetime


def wording_key(question: str) -> str:
    """Equal for two spellings of one wording: case, punctuation and courtesies do not count."""
    said = tokens(question)
    return " ".join([word for word in said if word not in _FILLERS] or said)


def by_wording(settled: Iterable[Settled]) -> Mapping[str, Settled]:
    """`settled` from the oldest to the newest, which counts."""
    return {key: each for each in settled if (key := wording_key(each.question))}
