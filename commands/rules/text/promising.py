"""Whether a sentence reads like a promise that nobody can keep, by its words and its meaning.

For those in which no pattern is found. Learned from labelled sentences
(tests/training/promising.py); never certain, and worded so.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storage.records.promise_model import PromiseModel
from storage.records.wish_model import Numbers

Vectors = Callable[[Sequence[str]], Sequence[NDArray[np.int8]]]
"""A sentence encoder: one packed vector a text."""
# A heading or the name of a thing is no sentence.
_LEAST_WORDS = 3
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?![\s\"'\u201d)]|$)[^.!?\n]*)*[.!?]*[\"'\u201d)]*")
_WORD = re.compile(r"[a-z]+(?:['\u2019][a-z]+)?|\d+|%|\?|!")
_SIGNS = {
    "absolute": r"\b(?:never|ever|always|every|each|all|any|everything|anything|nothing|nobody|no one|none|whatever"
    r"|whoever|forever|for good|impossible|cannot|can't|without (?:fail|exception))\b",
    "several absolutes": r"\b(?:never|ever|always|every|all|any|nothing|no|whatever|forever)\b.*\b(?:never|ever|always"
    r"|every|all|any|nothing|no|whatever|forever|again)\b",
    "to you": r"\b(?:you|your|yours)\b",
    "of us": r"\b(?:we|our|us|with us|provider|supplier)\b",
    "to come": r"\b(?:will|shall|you'll|we'll|won't)\b",
    "past": r"\b(?:was|were|had|did|found|failed|last (?:week|month|quarter|year)|yesterday|in (?:january|february"
    r"|march|april|may|june|july|august|september|october|november|december)|in \d{4})\b",
    "number": r"\d",
    "limit": r"\b(?:within|up to|about|at least|at most|most|some|usually|normally|may|might|can still|subject to"
    r"|limited|except|unless|if|but|however|target|aim|aims|on average)\b",
    "denied": r"\b(?:no (?:provider|product|tool|service|one can)|nobody can (?:promise|tell|guarantee)|does not|do not"
    r"|don't|cannot (?:promise|guarantee)|is not|are not|not (?:included|covered|liable|responsible))\b",
    "duty of others": r"\b(?:clients?|customers?|users?|staff|vendors?|insurers?|auditors?|assessors?|landlord"
    r"|subcontractors?|part(?:y|ies))\b.*\b(?:shall|must|should|has to|have to|decides?|(?:is|are) responsible)\b"
    r"|^please\b|^(?:ask|report|send|sign|avoid|never \w+|always \w+)\b",
    "by law": r"\b(?:requires?|required|law|act|article|section|cfr|under)\b",
    "somebody else's words": r"[\"\u201c]|\b(?:says|said|states|stated|told|claims|promises|advert)\b",
    "asked": r"\?\s*$",
    "called out": r"!",
    "strength": r"\b(?:military|bank|pentagon|nsa|government)[- ](?:grade|level|strength)|\w+-?proof\b|\bun\w+able\b"
    r"|\bim\w+able\b|\bfortress\b|\bfort knox\b|\bvault\b|\bperfect\w*|\babsolute\w*|\btotal\w*|\bcomplete\w*",
    "named time": r"\b(?:monthly|weekly|daily|nightly|quarterly|yearly|hours?|days?|minutes?|months?|weeks?|years?)\b",
}
# What has none of these is mostly the name of something, as rows of a matrix are ("24x7 threat monitoring"): more has
# to speak for a promise then.
_SPEAKS = re.compile(
    "|".join(
        f"(?:{_SIGNS[each]})"
        for each in ("absolute", "several absolutes", "to you", "of us", "to come", "strength", "called out")
    )
    + r"|\b(?:no|not|zero|100|gone|ends?|eliminat\w+|removes?|guarantee\w*|promise\w*|immune|safe|secure|perfect|full"
    r"|fully|entire\w*|only|is|are)\b",
    re.IGNORECASE,
)
_OF_A_NAME = 2.5
_SIGN = tuple(re.compile(each, re.IGNORECASE) for each in _SIGNS.values())
SIGNS = tuple(_SIGNS)


def reads_like(model: PromiseModel, vectors: Vectors, text: str | None) -> str | None:
    """The known promise that the most promising sentence of `text` is nearest to; None where none reads like one."""
    best: tuple[float, str] | None = None
    for sentence in sentences(text or ""):
        vector = unit(vectors, sentence)
        apart = score(model, sentence, vector) - (0.0 if _SPEAKS.search(sentence) else _OF_A_NAME)
        if apart >= model.found_from and (best is None or apart > best[0]):
            best = apart, model.known[int((model.promising @ vector).argmax())]
    return best[1] if best is not None else None


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text that are long enough to promise something, but for questions."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if len(_WORD.findall(sentence.lower())) >= _LEAST_WORDS and not sentence.rstrip("\"'\u201d)").endswith("?"):
            yield sentence


def score(model: PromiseModel, sentence: str, vector: Numbers) -> float:
    """How much speaks for a promise that nobody can keep, in log odds."""
    words = words_vector(model.grams, sentence)
    nearer = float((model.promising @ vector).max() - (model.harmless @ vector).max())
    return float(np.concatenate([words, vector]) @ model.weights) + model.offset + model.nearness * nearer


def unit(vectors: Vectors, sentence: str) -> Numbers:
    """The vector of a sentence as it is kept in memory, of length one."""
    whole: Numbers = np.asarray(vectors((sentence,))[0], np.float32)
    return whole / np.float32(np.linalg.norm(whole))


def words_vector(places: Mapping[str, int], sentence: str) -> Numbers:
    """Which signs a sentence shows, and which of the grams with `places` it has, the latter shared out."""
    shown = np.array([each.search(sentence) is not None for each in _SIGN], np.float32)
    named = np.zeros(len(places), np.float32)
    found = [places[each] for each in set(grams(sentence)) if each in places]
    named[found] = 2.0 / max(len(found), 1) ** 0.5
    return np.concatenate([shown, named])


def grams(sentence: str) -> Iterator[str]:
    """The words of a sentence, and each two that follow each other; numbers alike."""
    before = "^"
    for word in _WORD.findall(sentence.lower().replace("\u2019", "'")):
        word = "#" if word.isdigit() else word
        yield word
        yield f"{before} {word}"
        before = word
