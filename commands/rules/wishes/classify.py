"""What a sentence is about, by its words and by its meaning; a question about scope wherever that is not clear."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from commands.rules.matching.meaning import Meaning
from commands.rules.matching.text import FRAME, fold, stem
from commands.rules.wishes.nouns import noun_said
from commands.rules.wishes.phrases import phrase_said, plainly_said
from commands.rules.wishes.signs import signs
from storage.records.wish_model import Numbers, WishModel

NAMED = "the client"
"""Stands in sentences for the name of a client."""
SURELY_APART = 6.0
"""How far a sentence whose words leave no doubt is from questions about scope, in log odds."""
FAR_APART = 4.0
"""From here on a sentence is not about rows of the matrix, whatever these are called; in log odds, too."""
PHRASE_APART = 3.9
"""How far one is whose words rows may have, too: "report an incident" is a wish unless it leads to a row."""
_NEITHER = "other"
# What asks whose something is, is not neither.
_ASKS_WHOSE = re.compile(
    r"\b(?:us or|or us|or them|ours|or theirs|whose|responsib\w+|our (?:job|problem|work|duty|side)"
    r"|their (?:job|problem)"
    r"|or (?:do|does|is|are|must|should|has) (?:the client|they|we)"
    r"|(?:we|us|ourselves) or (?:they|them|the client)|(?:may|must|should|shall) we"
    r"|are we (?:allowed|supposed|expected|meant|obliged|responsible)"
    r"|can we (?:reboot|restart|patch|update|install|change|reset|replace|delete|restore|touch|upgrade|wipe))\b"
    r"|^\W*(?:and |so |ok )?(?:what|how) about\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z]+|\d+|\?")
_WORD = re.compile(r"[\w&][\w&'’-]*|[^\w\s]")
_OF_SOMEBODY = re.compile(r"['’]s?$")
_GRAMS_COUNT = 2.0
_NEARNESS_COUNTS = 8.0
# Below this chance the second label may be meant as well, where it is nearly as likely.
_CLEAR, _AS_LIKELY = 0.5, 0.4
# "delete" says less than a sentence: below this the commands that have the word are offered instead.
_CLEAR_OF_ONE_WORD = 0.4
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
    """`label` is a command's name, "billing" or "other"; `apart` the log odds that it is no question about scope.

    `or_else`: what it may as well be, where that is not clear.
    """

    label: str
    chance: float
    apart: float
    or_else: str | None = None


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
        if (root := stem(word)) != word:
            yield f"~{root}"
        yield f"{before} {kind}"
        before = kind


def unheard(model: WishModel, text: str) -> Iterator[str]:
    """Two or more words in a row, as written, that none of the sentences has by which wishes are known: a name."""
    run: list[str] = []
    for word in (*_WORD.findall(text), ""):
        plain = _OF_SOMEBODY.sub("", word)
        folded = fold(plain)
        if folded[:1].isalpha() and folded not in FRAME and not {folded, f"~{stem(folded)}"} & model.grams.keys():
            run.append(plain)
            if plain == word:
                continue
        if len(run) > 1:
            yield " ".join(run)
        run = []


def words_vector(places: Mapping[str, int], text: str) -> Numbers:
    """Which signs a sentence shows, and which of the grams with `places` it has, the latter shared out."""
    found = np.zeros(len(places), np.float32)
    found[[places[gram] for gram in set(grams(text)) if gram in places]] = 1.0
    shared = found * np.float32(shared_out(int(found.sum())))
    return np.concatenate([np.array(signs(text), np.float32), shared])


def shared_out(many: int) -> float:
    """How much each of so `many` grams counts."""
    return float(_GRAMS_COUNT / max(many, 1) ** 0.5)


def nearness(wishes: Numbers, scope: Numbers, vector: Numbers) -> float:
    """How much nearer the nearest of the `wishes` is than the nearest question about scope, as log odds."""
    if not len(wishes) or not len(scope):
        return 0.0
    return _NEARNESS_COUNTS * float((wishes @ vector).max() - (scope @ vector).max())


def surely_said(text: str) -> str | None:
    """The label of a noun of ours that is all it says, or of a phrase that leaves no doubt; None for neither."""
    guessed = _surely(text)
    return guessed.label if guessed else None


def _surely(text: str) -> Guess | None:
    if (plain := noun_said(text) or plainly_said(text)) is not None:
        return Guess(plain, 1.0, SURELY_APART)
    phrase = phrase_said(text)
    return Guess(phrase, 1.0, PHRASE_APART) if phrase is not None else None


def most_apart(model: WishModel, text: str) -> float:
    """How far its words leave it from a question about scope at most, in log odds; no encoder is asked."""
    if (said := _surely(text)) is not None:
        return said.apart
    words = words_vector(model.grams, text)
    return float(words @ model.apart[: len(words)]) + model.offset + model.most_meaning


def guess(model: WishModel, meaning: Meaning | None, text: str) -> Guess | None:
    """What the sentence is about; None for scope. The encoder is not asked where the words alone are clear."""
    if (said := _surely(text)) is not None:
        return said
    words = words_vector(model.grams, text)
    count = len(words)
    apart = float(words @ model.apart[:count]) + model.offset
    if apart + model.most_meaning < model.apart_from:
        return None
    whole = words
    if meaning is not None:
        vector = meaning.vectors((text,))[0]
        whole = np.concatenate([words, vector])
        apart += float(vector @ model.apart[count:]) + nearness(model.wishes, model.scope, vector)
    if apart < model.apart_from:
        return None
    scores = model.weights @ whole + model.biases
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    second, best = map(int, chances.argsort()[-2:])
    chance = float(chances[best])
    if chance < model.sure_from:
        return None
    if model.labels[best] == _NEITHER and _ASKS_WHOSE.search(text):
        return None
    is_clear = chance >= _CLEAR or chances[second] < _AS_LIKELY * chance
    if chance < _CLEAR_OF_ONE_WORD and len(text.split()) == 1:
        return None
    return Guess(model.labels[best], chance, apart, None if is_clear else model.labels[second])
