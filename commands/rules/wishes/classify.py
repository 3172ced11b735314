"""What a sentence is about, by its words and by its meaning; a question about scope wherever that is not clear."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from commands.rules.matching.meaning import Meaning
from commands.rules.matching.text import fold
from commands.rules.wishes.signs import signs
from storage.records.wish_model import Numbers, WishModel

NAMED = "the client"
"""Stands in sentences for the name of a client."""
_TOKEN = re.compile(r"[a-z]+|\d+|\?")
_GRAMS_COUNT = 2.0
# Words of one kind count as that, too: what is said of one regulation or paper is said of each.
_KINDS_OF_WORDS = {
    "regulation": "hipaa pci gdpr ferpa glba sox cmmc ccpa dss hitech nydfs fisma itar dora nis phi",
    "paper": "msa sow nda dpa baa agreement agreements contract contracts addendum addenda amendment paper papers deal",
    "ends": "end ends ending expire expires expiring expiry renew renews renewal renewals lapse cancel notice",
    "somebody": "dana sam lee tom anna maria john",
    "insurer": "insurer insurance carrier policy insurers",
    "recorded": "record recorded note log logged document add enter mark put write",
    "shown": "show list give display pull open see view",
    "control": "mfa edr backup backups training encryption firewall",
}
_KIND_OF_WORD = {word: f"<{kind}>" for kind, words in _KINDS_OF_WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Guess:
    """`label` is a command's name, "billing" or "other"; `apart` the log odds that it is no question about scope."""

    label: str
    chance: float
    apart: float


def with_name_hidden(text: str, called: str | None) -> str:
    """`text` with `NAMED` where a client is `called` by its name."""
    words = [word for word in (called or "").split() if any(map(str.isalnum, word))]
    if not words:
        return text
    name = r"\W+".join(map(re.escape, words))
    hidden = re.sub(rf"(?<!\w){name}(?!\w)", NAMED, text, count=1, flags=re.IGNORECASE)
    return re.sub(r"\bthe the\b", "the", hidden)


def grams(text: str) -> Iterator[str]:
    """The words of a sentence, their kinds, and each two that follow each other; numbers alike."""
    before = "^"
    for word in _TOKEN.findall(fold(text)):
        word = "#" if word.isdigit() else word
        yield word
        kind = _KIND_OF_WORD.get(word, word)
        if kind != word:
            yield kind
        yield f"{before} {kind}"
        before = kind


def words_vector(places: Mapping[str, int], text: str) -> Numbers:
    """Which signs a sentence shows, and which of the grams with `places` it has, the latter shared out."""
    found = np.zeros(len(places), np.float32)
    found[[places[gram] for gram in set(grams(text)) if gram in places]] = 1.0
    shared = found * np.float32(_GRAMS_COUNT / max(found.sum(), 1.0) ** 0.5)
    return np.concatenate([np.array(signs(text), np.float32), shared])


def most_apart(model: WishModel, text: str) -> float:
    """How far its words leave it from a question about scope at most, in log odds; no encoder is asked."""
    words = words_vector(model.grams, text)
    return float(words @ model.apart[: len(words)]) + model.offset + model.most_meaning


def guess(model: WishModel, meaning: Meaning | None, text: str) -> Guess | None:
    """What the sentence is about; None for scope. The encoder is not asked where the words alone are clear."""
    words = words_vector(model.grams, text)
    count = len(words)
    apart = float(words @ model.apart[:count]) + model.offset
    if apart + model.most_meaning < model.apart_from:
        return None
    whole = words
    if meaning is not None:
        vector = meaning.vectors((text,))[0]
        whole = np.concatenate([words, vector])
        apart += float(vector @ model.apart[count:])
    if apart < model.apart_from:
        return None
    scores = model.weights @ whole + model.biases
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    best = int(chances.argmax())
    found = Guess(model.labels[best], float(chances[best]), apart)
    return found if found.chance >= model.sure_from else None
