"""Learns to tell what is asked of the record from questions about scope: python -m tests.training.wishes (minutes).

From the labelled sentences (but for those that are kept out) and from the questions of the sets. Thresholds come from
scores that a model gives for sentences and sets that it has not seen: five parts of each.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from commands.meanings import shipped_meanings
from commands.rules.matching.meaning import Meaning
from commands.rules.questions.utterance import is_small_talk
from commands.rules.wishes.classify import NAMED, grams, guess, words_vector
from commands.rules.wishes.signs import SIGNS
from storage.catalog.sentences import encoder
from storage.catalog.wishes import FILES, as_bytes
from storage.records.wish_model import WishModel
from tests.training import sets

SCOPE = "scope"
LEARNED, KEPT_OUT = "record_questions", "record_questions_held_out"
CATALOG = Path(__file__).parents[2] / "storage" / "catalog"
MOST_TAKEN = 0.004
"""Of the questions about scope that a model has not seen: so many may be taken for something else."""
_PARTS, _STEPS, _RATE, _SHRINK, _KINDS_SHRINK, _WISH_COUNTS, _LEAST_GRAMS, _COMMON = (
    5,
    200,
    0.05,
    3e-5,
    3e-5,
    6.0,
    2,
    15,
)
_AT_CLIENT = ("{} for the client?", "the client: {}", "{} at the client", "the client {}")
_SHARE_AT_CLIENT = 0.4
_NEVER, _WRONG_COSTS = 99.0, 0.5
_DRAWN, _PATTERN_COUNTS, _MOST_SCOPE = 14, 0.5, 7000
_LABELS = re.compile(r"\[[a-z]+(?: [a-z]+)?(?:\|[a-z]+(?: [a-z]+)?)*\]")
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_NAME = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`labels`: the names of the commands that are right, or scope, billing, other; the first is learned.

    `part`: which fifth it belongs to. `set`: whose question it is; empty for the labelled sentences. `raw`: with the
    name of the client that `text` hides.
    """

    text: str
    labels: tuple[str, ...]
    part: int
    set: str = ""
    kind: str = ""
    raw: str = ""


def labelled(name: str) -> list[Sentence]:
    """The sentences of a file, with the names of clients (in braces there) hidden. Raises sets.BadSet."""
    path, seen, found = sets.FOLDER / f"{name}.csv", set(), []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for at, row in enumerate(reader):
            text = re.sub(r"\bthe the\b", "the", _NAME.sub(NAMED, row["sentence"] or "")).strip()
            if not text or not row["command"] or text in seen:
                raise sets.BadSet(f"{path}, line {reader.line_num}: no sentence, no command, or one that came before")
            seen.add(text)
            raw = row["sentence"].translate({ord("{"): None, ord("}"): None})
            found.append(Sentence(text, tuple(row["command"].split("|")), at % _PARTS, raw=raw))
    return found


def asked_about_scope(names: Sequence[str], *, seed: int = 3) -> Iterator[Sentence]:
    """The questions of the sets; some once more with the client named."""
    draw = Random(seed)
    for number, name in enumerate(sets.names()):
        for question in sets.load(name).questions:
            whole = Sentence(question.text, (SCOPE,), number % _PARTS, name, question.kind)
            if name in names:
                yield whole
            if draw.random() < _SHARE_AT_CLIENT:
                text = draw.choice(_AT_CLIENT).format(question.text.rstrip("?"))
                if name in names:
                    yield replace(whole, text=text, kind="at client")


def from_patterns(*, seed: int = 3) -> Iterator[Sentence]:
    """Some of the sentences that each pattern of the file stands for. Raises sets.BadSet."""
    path = sets.FOLDER / "record_patterns.txt"
    labels: tuple[str, ...] = ("",)
    draw, seen = Random(seed), set[str]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if _LABELS.fullmatch(line):
            labels = tuple(line[1:-1].split("|"))
        elif line.strip() and not line.startswith("#"):
            if not labels[0]:
                raise sets.BadSet(f"{path}, line {number + 1}: no label stands above it")
            for _ in range(_DRAWN):
                text = re.sub(r"\bthe the\b", "the", _drawn(line, draw).replace("{c}", NAMED))
                if text and text not in seen:
                    seen.add(text)
                    yield Sentence(text, labels, number % _PARTS, kind="pattern", raw=text.replace(NAMED, "Calder"))


def _drawn(pattern: str, draw: Random) -> str:
    """One of the sentences that a pattern stands for, its innermost choices first."""
    while (found := _CHOICE.search(pattern)) is not None:
        chosen = draw.choice(found[1].split("|") if found[1] is not None else (found[2], ""))
        pattern = pattern[: found.start()] + chosen + pattern[found.end() :]
    return re.sub(r" +([,?])", r"\1", " ".join(pattern.split()))


def beginning_with_nouns() -> Iterator[Sentence]:
    """Questions about scope that begin as a command does."""
    lines = (sets.FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines()
    questions = [line.strip() for line in lines if line.strip() and line[0] not in "#["]
    return (Sentence(text, (SCOPE,), at % _PARTS, "sentences.txt") for at, text in enumerate(questions))


class Vectors:
    """Sentences as vectors: of grams, and of meaning if there is any; the latter are made once."""

    def __init__(self, sentences: Sequence[Sentence], keep: Path) -> None:
        path = keep / f"wishes-{encoder().version}.npz"
        texts = list(dict.fromkeys(each.text for each in sentences))
        known: dict[str, Any] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as raw:
                known = dict(zip(map(str, raw["texts"]), raw["vectors"], strict=True))
        if missing := [text for text in texts if text not in known]:
            known |= {text: encoder().encode(text) for text in missing}
            path.parent.mkdir(exist_ok=True)
            np.savez(path, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
        self._known = known

    def of(self, places: dict[str, int], sentences: Sequence[Sentence], *, has_meaning: bool) -> Any:
        words = np.stack([words_vector(places, each.text) for each in sentences])
        if not has_meaning:
            return words
        return np.concatenate([words, np.stack([self._known[each.text] for each in sentences])], axis=1)


def fit(wishes: Sequence[Sentence], scope: Sequence[Sentence], vectors: Vectors, *, has_meaning: bool) -> WishModel:
    """A model whose thresholds are still to be chosen."""
    scope = Random(1).sample(list(scope), min(_MOST_SCOPE, len(scope)))
    counted, common = (Counter(gram for each in some for gram in set(grams(each.text))) for some in (wishes, scope))
    places = {
        gram: at
        for at, gram in enumerate(sorted(g for g, n in counted.items() if n >= _LEAST_GRAMS or common[g] >= _COMMON))
    }
    given, other = (vectors.of(places, each, has_meaning=has_meaning) for each in (wishes, scope))
    is_wish = np.array([each.labels[0] != SCOPE for each in wishes], np.float32)
    inputs, target = np.concatenate([given, other]), np.concatenate([is_wish, np.zeros(len(other), np.float32)])
    counts = np.array([_counts(each) for each in wishes], np.float32)
    weight = np.concatenate([counts * np.where(is_wish > 0, _WISH_COUNTS, 1.0), np.ones(len(other))]).astype(np.float32)
    apart, offset = _descend(inputs, target[:, None], weight, _SHRINK)
    labels = sorted({each.labels[0] for each in wishes} - {SCOPE})
    kinds = np.array([[each.labels[0] == label for label in labels] for each in wishes], np.float32)[is_wish > 0]
    weights, biases = _descend(given[is_wish > 0], kinds, counts[is_wish > 0], _KINDS_SHRINK)
    words = len(SIGNS) + len(places)
    meant = inputs[:, words:] @ apart[words:, 0]
    most = float(meant.max()) if has_meaning else 0.0
    return WishModel(places, apart[:, 0], float(offset[0]), labels, weights.T.copy(), biases, 0.0, 0.0, most)


def _counts(sentence: Sentence) -> float:
    return _PATTERN_COUNTS if sentence.kind == "pattern" else 1.0


def _descend(inputs: Any, target: Any, weight: Any, shrink: float) -> tuple[Any, Any]:
    """Logistic regression, by one yes or no, or by one of several kinds."""
    columns = target.shape[1]
    state = np.zeros((inputs.shape[1] + 1, columns), np.float32)
    first, second, share = np.zeros_like(state), np.zeros_like(state), (weight / weight.sum())[:, None]
    for step in range(1, _STEPS + 1):
        scores = inputs @ state[:-1] + state[-1]
        if columns == 1:
            chances = 1 / (1 + np.exp(-scores))
        else:
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            chances = powers / powers.sum(axis=1, keepdims=True)
        wrong = (chances - target) * share
        slope = np.concatenate([inputs.T @ wrong + shrink * state[:-1], wrong.sum(axis=0, keepdims=True)])
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        state -= (_RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)).astype(np.float32)
    return state[:-1], state[-1]


Scored = list[tuple[Sentence, float, str, float]]
"""A sentence, its log odds to be no question about scope, what it is else, and how sure that is."""


def scored(model: WishModel, sentences: Sequence[Sentence], vectors: Vectors, *, has_meaning: bool) -> Scored:
    given = vectors.of(dict(model.grams), sentences, has_meaning=has_meaning)
    apart = given @ model.apart + model.offset
    scores = given @ model.weights.T + model.biases
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = powers / powers.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    return [
        (each, float(apart[at]), model.labels[best[at]], float(chances[at, best[at]]))
        for at, each in enumerate(sentences)
    ]


def judge(found: Scored, apart_from: float, sure_from: float) -> Counter[str]:
    """Counts: `taken`: questions about scope that were taken for something else; `right` of the labelled ones."""
    counted: Counter[str] = Counter()
    for each, apart, label, chance in found:
        said = label if apart >= apart_from and chance >= sure_from else _otherwise(each)
        whose = "set" if each.set else each.kind or "labelled"
        counted[whose] += 1
        counted[f"{whose} right"] += said in each.labels
        counted["taken"] += bool(each.set) and said != SCOPE
        counted["wrong command"] += whose == "labelled" and said not in (*each.labels, SCOPE)
    return counted


def _otherwise(sentence: Sentence) -> str:
    """What is told without a model: small talk, and else a question about scope."""
    return "other" if not sentence.set and is_small_talk(sentence.raw) else SCOPE


def choose(model: WishModel, found: Scored) -> WishModel:
    """The thresholds with most right sentences, where few questions about scope are taken."""
    best, most = (_NEVER, 1.0), -1.0
    apart, chance = (np.array([each[at] for each in found]) for at in (1, 3))
    is_set = np.array([bool(each.set) for each, *_ in found])
    is_labelled = np.array([not each.set and each.kind != "pattern" for each, *_ in found])
    if_taken = np.array([label in each.labels for each, _, label, _ in found])
    if_not = np.array([_otherwise(each) in each.labels for each, *_ in found])
    for apart_from in np.arange(-2.0, 5.0, 0.25):
        for sure_from in np.arange(0.1, 0.8, 0.05):
            is_taken = (apart >= apart_from) & (chance >= sure_from)
            right = np.where(is_taken, if_taken, if_not)
            wrong = is_taken & ~if_taken
            worth = (right & is_labelled).sum() - _WRONG_COSTS * (wrong & is_labelled).sum()
            if (is_taken & is_set).sum() <= MOST_TAKEN * is_set.sum() and worth > most:
                best, most = (float(apart_from), float(sure_from)), worth
    return replace(model, apart_from=round(best[0], 3), sure_from=round(best[1], 3))


def train(keep: Path, say: Any) -> None:
    """Write both models, with and without meaning, and say how good they are."""
    kept_out = labelled(KEPT_OUT)
    never = {each.text.lower() for each in kept_out}
    learned = labelled(LEARNED) + [each for each in from_patterns() if each.text.lower() not in never]
    names = [name for name in sets.names() if name not in sets.HELD_OUT]
    # What is nonsense there is neither scope nor record: it teaches nothing here.
    scope = [each for each in asked_about_scope(names) if each.kind != "nonsense"] + list(beginning_with_nouns())
    unseen = list(asked_about_scope(sets.HELD_OUT))
    vectors = Vectors([*learned, *kept_out, *scope, *unseen], keep)
    for has_meaning, file in FILES.items():
        crossed: Scored = []
        for part in range(_PARTS):
            ins, outs = (
                [[each for each in group if (each.part == part) is is_out] for group in (learned, scope)]
                for is_out in (False, True)
            )
            model = fit(ins[0], ins[1], vectors, has_meaning=has_meaning)
            crossed += scored(model, [*outs[0], *outs[1]], vectors, has_meaning=has_meaning)
        model = choose(fit(learned, scope, vectors, has_meaning=has_meaning), crossed)
        limits = model.apart_from, model.sure_from
        say(f"{file}: cross-fitted {dict(judge(crossed, *limits))} from {limits}")
        say(f"  kept out {dict(judge(scored(model, kept_out, vectors, has_meaning=has_meaning), *limits))}")
        say(f"  held out sets {dict(judge(scored(model, unseen, vectors, has_meaning=has_meaning), *limits))}")
        (CATALOG / file).write_bytes(as_bytes(model))


def measure(model: WishModel, meaning: Meaning | None, sentences: Sequence[Sentence]) -> list[tuple[Sentence, str]]:
    """Each sentence with what it is taken for."""
    return [(each, found.label if (found := guess(model, meaning, each.text)) else SCOPE) for each in sentences]


def main() -> None:
    assert shipped_meanings() is not None, "the encoder cannot be loaded"
    train(Path(".train"), lambda words: sys.stdout.write(f"{words}\n"))


if __name__ == "__main__":
    main()
