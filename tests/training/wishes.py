"""Learns to tell what is asked of the record from questions about scope: python -m tests.training.wishes (minutes).

From the labelled sentences (but for those that are kept out) and from the questions of the sets. Thresholds come from
scores that a model gives for sentences and sets that it has not seen: five parts of each.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from commands.catalog import REGISTRY
from commands.meanings import shipped_meanings
from commands.rules.matching.meaning import Meaning
from commands.rules.questions.utterance import is_small_talk
from commands.rules.wishes.classify import (
    NAMED,
    SURELY_APART,
    Guess,
    grams,
    guess,
    nearness,
    shared_out,
    surely_said,
    words_vector,
)
from commands.rules.wishes.signs import SIGNS, signs
from storage.catalog.sentences import encoder
from storage.catalog.wishes import FILES, as_bytes
from storage.records.wish_model import WishModel
from tests.training import sets

SCOPE = "scope"
NONSENSE, AT_CLIENT, BEGINNINGS = "nonsense", "at client", "sentences.txt"
LEARNED = ("record_questions", "record_questions_voices")
KEPT_OUT = ("record_questions_held_out", "record_questions_voices_held_out", "record_questions_last_held_out")
CATALOG = Path(__file__).parents[2] / "storage" / "catalog"
MOST_TAKEN = 0.006
"""Of the questions about scope that a model has not seen: so many may be taken for something else before the matrix is
asked. Most of them lead to rows of theirs, and stay what they are."""
SURE_FROM = 0.3
"""A less likely command is not taken; up to a half a second one is offered beside it."""
_PARTS, _STEPS, _RATE, _SHRINK, _WISH_COUNTS, _LEAST_GRAMS, _COMMON = 5, 100, 0.1, 3e-5, 6.0, 3, 15
_CROSSED_KINDS = 2
"""So many of the parts are left out once each: what the models without them make of them chooses the thresholds."""
_MOST_KEPT = 5000
"""So many questions about scope stand in the model as they are, for comparison."""
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
            is_nonsense = question.kind == NONSENSE
            if name in names:
                yield whole
            if draw.random() < _SHARE_AT_CLIENT:
                text = draw.choice(_AT_CLIENT).format(question.text.rstrip("?"))
                if name in names:
                    yield replace(whole, text=text, kind=f"{NONSENSE} {AT_CLIENT}" if is_nonsense else AT_CLIENT)


def from_patterns(*, seed: int = 3) -> Iterator[Sentence]:
    """Some of the sentences that each pattern of the file stands for. Raises sets.BadSet."""
    draw, seen = Random(seed), set[str]()
    for number, line, labels in _under_labels("record_patterns.txt"):
        for _ in range(_DRAWN):
            text = re.sub(r"\bthe the\b", "the", _drawn(line, draw).replace("{c}", NAMED))
            if text and text not in seen:
                seen.add(text)
                yield Sentence(text, labels, number % _PARTS, kind="pattern", raw=text.replace(NAMED, "Calder"))


def by_hand() -> Iterator[Sentence]:
    """The sentences of the file that were written one by one. Raises sets.BadSet."""
    for number, line, labels in _under_labels("record_sentences.txt"):
        text = re.sub(r"\bthe the\b", "the", line.replace("{c}", NAMED), flags=re.IGNORECASE)
        yield Sentence(text, labels, number % _PARTS, kind="by hand", raw=line.replace("{c}", "Calder"))


def _under_labels(name: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The lines of a file with their numbers, and the labels in brackets that stand above them. Raises sets.BadSet."""
    path = sets.FOLDER / name
    labels: tuple[str, ...] = ("",)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if _LABELS.fullmatch(line):
            labels = tuple(line[1:-1].split("|"))
        elif line.strip() and not line.startswith("#"):
            if not labels[0]:
                raise sets.BadSet(f"{path}, line {number}: no label stands above it")
            yield number, line.strip(), labels


def _drawn(pattern: str, draw: Random) -> str:
    """One of the sentences that a pattern stands for, its innermost choices first."""
    while (found := _CHOICE.search(pattern)) is not None:
        chosen = draw.choice(found[1].split("|") if found[1] is not None else (found[2], ""))
        pattern = pattern[: found.start()] + chosen + pattern[found.end() :]
    return re.sub(r" +([,?])", r"\1", " ".join(pattern.split()))


def beginning_with_nouns() -> Iterator[Sentence]:
    """Questions about scope that begin as a command does."""
    lines = (sets.FOLDER / BEGINNINGS).read_text(encoding="utf-8").splitlines()
    questions = [line.strip() for line in lines if line.strip() and line[0] not in "#["]
    return (Sentence(text, (SCOPE,), at % _PARTS, BEGINNINGS) for at, text in enumerate(questions))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Sentences as numbers, a line each: `dense` ones, and of the grams only those that are there.

    `at` says in which line each gram stands, `gram` which it is, `share` how much it counts; ordered by line.
    """

    dense: Any
    at: Any
    gram: Any
    share: Any
    grams: int

    def scores(self, dense: Any, grams: Any) -> Any:
        """What weights make of each line."""
        return self.dense @ dense + np.add.reduceat(grams[self.gram] * self.share[:, None], self._starts(self.at))

    def slopes(self, wrong: Any) -> tuple[Any, Any]:
        """The same the other way round: by dense number, and by gram."""
        order = np.argsort(self.gram, kind="stable")
        kinds = self.gram[order]
        starts = self._starts(kinds)
        by_gram = np.zeros((self.grams, wrong.shape[1]), np.float32)
        by_gram[kinds[starts]] = np.add.reduceat(wrong[self.at[order]] * self.share[order][:, None], starts)
        return self.dense.T @ wrong, by_gram

    def whole(self, signs: int) -> Any:
        """All numbers of each line: signs, grams, meaning."""
        named = np.zeros((len(self.dense), self.grams), np.float32)
        named[self.at, self.gram] = self.share
        return np.concatenate([self.dense[:, :signs], named, self.dense[:, signs:]], axis=1)

    @staticmethod
    def _starts(ordered: Any) -> Any:
        return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


class Vectors:
    """Sentences as vectors: of signs, grams, and of meaning if there is any; each is made once."""

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
        self._signs = {text: np.array(signs(text), np.float32) for text in texts}
        self.grams = {text: frozenset(grams(text)) for text in texts}

    def stacked(self, sentences: Sequence[Sentence]) -> Any:
        """The vectors of their meaning, a line each."""
        return np.stack([self._known[each.text] for each in sentences])

    def of(self, places: Mapping[str, int], sentences: Sequence[Sentence], *, has_meaning: bool) -> Inputs:
        texts = [each.text for each in sentences]
        dense = np.stack([self._signs[text] for text in texts])
        if has_meaning:
            dense = np.concatenate([dense, np.stack([self._known[text] for text in texts])], axis=1)
        at, gram, share = [], [], []
        for line, text in enumerate(texts):
            found = [places[each] for each in self.grams[text] if each in places] or [0]
            weight = shared_out(len(found)) if any(each in places for each in self.grams[text]) else 0.0
            at += [line] * len(found)
            gram += found
            share += [weight] * len(found)
        return Inputs(dense, np.array(at), np.array(gram), np.array(share, np.float32), max(len(places), 1))


def named_grams(wishes: Sequence[Sentence], scope: Sequence[Sentence], vectors: Vectors) -> dict[str, int]:
    """The grams that are common enough to weigh, with their places."""
    counted, common = (Counter(gram for each in some for gram in vectors.grams[each.text]) for some in (wishes, scope))
    return {
        gram: at
        for at, gram in enumerate(sorted(g for g, n in counted.items() if n >= _LEAST_GRAMS or common[g] >= _COMMON))
    }


def fit_apart(
    places: Mapping[str, int], wishes: Sequence[Sentence], scope: Sequence[Sentence], vectors: Vectors,
    *, has_meaning: bool,
) -> WishModel:  # fmt: skip
    """A model that tells how far a sentence is from questions about scope, and nothing else yet."""
    every = [*wishes, *Random(1).sample(list(scope), min(_MOST_SCOPE, len(scope)))]
    inputs = vectors.of(places, every, has_meaning=has_meaning)
    is_wish = np.array([each.labels[0] != SCOPE for each in every], np.float32)
    counts = np.array([_counts(each) for each in every], np.float32)
    weight = counts * np.where(is_wish > 0, _WISH_COUNTS, 1.0).astype(np.float32)
    dense, by_gram, offset = _descend(inputs, is_wish[:, None], weight)
    named = len(SIGNS)
    whole = np.concatenate([dense[:named], by_gram, dense[named:]])[:, 0]
    none = np.zeros((1, len(whole)), np.float32)
    model = WishModel(places, whole, float(offset[0]), ("",), none, np.zeros(1, np.float32), 0.0, 0.0, 0.0)
    if not has_meaning:
        return model
    near = [each for each in wishes if each.labels[0] != SCOPE and each.kind != "pattern"]
    kept = [each for each in scope if each.set == BEGINNINGS] + [each for each in wishes if each.labels[0] == SCOPE]
    far = [each for each in scope if not each.kind.endswith(AT_CLIENT) and each.set != BEGINNINGS]
    far = kept + Random(2).sample(far, min(_MOST_KEPT, len(far)))
    return replace(model, wishes=vectors.stacked(near), scope=vectors.stacked(far))


def fit_kinds(
    places: Mapping[str, int], wishes: Sequence[Sentence], vectors: Vectors, *, has_meaning: bool
) -> dict[str, Any]:
    """What is new in a model that tells which command a sentence stands for, as fields of it."""
    meant = [each for each in wishes if each.labels[0] != SCOPE]
    labels = sorted({each.labels[0] for each in meant})
    target = np.array([[each.labels[0] == label for label in labels] for each in meant], np.float32)
    counts = np.array([_counts(each) for each in meant], np.float32)
    dense, by_gram, biases = _descend(vectors.of(places, meant, has_meaning=has_meaning), target, counts)
    named = len(SIGNS)
    weights = np.concatenate([dense[:named], by_gram, dense[named:]])
    return {"labels": labels, "weights": weights.T.copy(), "biases": biases}


def _counts(sentence: Sentence) -> float:
    return _PATTERN_COUNTS if sentence.kind == "pattern" else 1.0


def _descend(inputs: Inputs, target: Any, weight: Any) -> tuple[Any, Any, Any]:
    """Logistic regression, by one yes or no, or by one of several kinds: weights of numbers, of grams, and offsets."""
    columns = target.shape[1]
    state = [np.zeros((many, columns), np.float32) for many in (inputs.dense.shape[1], inputs.grams, 1)]
    first, second = ([np.zeros_like(each) for each in state] for _ in range(2))
    share = (weight / weight.sum())[:, None]
    for step in range(1, _STEPS + 1):
        scores = inputs.scores(*state[:2]) + state[2]
        chances = 1 / (1 + np.exp(-scores)) if columns == 1 else softmax(scores)
        wrong = ((chances - target) * share).astype(np.float32)
        dense, by_gram = inputs.slopes(wrong)
        slopes = (dense + _SHRINK * state[0], by_gram + _SHRINK * state[1], wrong.sum(axis=0, keepdims=True))
        for at, slope in enumerate(slopes):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.999 * second[at] + 0.001 * slope**2
            by = (first[at] / (1 - 0.9**step)) / (np.sqrt(second[at] / (1 - 0.999**step)) + 1e-8)
            state[at] -= (_RATE * by).astype(np.float32)
    return state[0], state[1], state[2][0]


Scored = list[tuple[Sentence, float, str, float]]
"""A sentence, its log odds to be no question about scope, what it is else, and how sure that is."""


def scored(model: WishModel, sentences: Sequence[Sentence], vectors: Vectors, *, has_meaning: bool) -> Scored:
    """What a model makes of each sentence; one that only names a noun of ours needs none."""
    given, named = vectors.of(model.grams, sentences, has_meaning=has_meaning), len(SIGNS)
    ends = named + len(model.grams)
    apart, scores = (
        given.scores(np.concatenate([by[:named], by[ends:]]), np.ascontiguousarray(by[named:ends]))
        for by in (model.apart[:, None], model.weights.T)
    )
    chances = softmax(scores + model.biases)
    if has_meaning:
        apart = apart + np.array([[nearness(model.wishes, model.scope, each)] for each in vectors.stacked(sentences)])
    found: Scored = []
    for line, (each, far) in enumerate(zip(sentences, apart[:, 0] + model.offset, strict=True)):
        best = int(chances[line].argmax())
        noun = surely_said(each.text)
        found.append(
            (each, SURELY_APART, noun, 1.0)
            if noun
            else (each, float(far), model.labels[best], float(chances[line, best]))
        )
    return found


def softmax(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def most_meaning(found: Scored, model: WishModel) -> float:
    """What a vector may still add where words alone are looked at first: enough for all but two in a thousand of the
    labelled sentences that are taken for something else than a question about scope.
    """
    lacking = []
    for each, apart, _, chance in found:
        is_learned = not each.set and each.kind != "pattern"
        if is_learned and SURELY_APART != apart >= model.apart_from and chance >= SURE_FROM:
            words = words_vector(model.grams, each.text)
            lacking.append(model.apart_from - float(words @ model.apart[: len(words)]) - model.offset)
    return max(float(np.quantile(lacking, 0.998)), 0.0)


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
    """The threshold with most right sentences, where few questions about scope are taken."""
    best, most = _NEVER, -1.0
    apart = np.array([each[1] for each in found])
    is_sure = np.array([each[3] >= SURE_FROM for each in found])
    is_set = np.array([bool(each.set) for each, *_ in found])
    is_labelled = np.array([not each.set and each.kind != "pattern" for each, *_ in found])
    if_taken = np.array([label in each.labels for each, _, label, _ in found])
    if_not = np.array([_otherwise(each) in each.labels for each, *_ in found])
    for apart_from in np.arange(-2.0, 5.0, 0.25):
        is_taken = (apart >= apart_from) & is_sure
        right = np.where(is_taken, if_taken, if_not)
        wrong = is_taken & ~if_taken
        worth = (right & is_labelled).sum() - _WRONG_COSTS * (wrong & is_labelled).sum()
        if (is_taken & is_set).sum() <= MOST_TAKEN * is_set.sum() and worth > most:
            best, most = float(apart_from), worth
    return replace(model, apart_from=round(best, 3), sure_from=SURE_FROM)


def train(keep: Path, say: Any, dump: Any = None) -> None:
    """Write both models, with and without meaning, and say how good they are."""
    kept_out = {name: labelled(name) for name in KEPT_OUT}
    never = {each.text.lower() for group in kept_out.values() for each in group}
    written = [each for name in LEARNED for each in labelled(name)]
    learned = written + [each for each in (*by_hand(), *from_patterns()) if each.text.lower() not in never]
    # Of every second set: with several times as many questions about scope as sentences it takes too few for wishes.
    names = [name for name in sets.names() if name not in sets.HELD_OUT][::2]
    # What is nonsense there is neither scope nor record: it teaches nothing here.
    scope = [each for each in asked_about_scope(names) if each.kind != NONSENSE] + list(beginning_with_nouns())
    unseen = list(asked_about_scope(sets.HELD_OUT))
    vectors = Vectors([*learned, *(each for group in kept_out.values() for each in group), *scope, *unseen], keep)
    for has_meaning, file in FILES.items():
        given = learned, scope
        places = named_grams(*given, vectors)
        crossed: Scored = []
        for part in range(_CROSSED_KINDS):
            ins, outs = (
                [[each for each in some if (each.part == part) is is_out] for some in given] for is_out in (False, True)
            )
            some_wishes, some_scope = ins
            model = fit_apart(places, some_wishes, some_scope, vectors, has_meaning=has_meaning)
            model = replace(model, **fit_kinds(places, some_wishes, vectors, has_meaning=has_meaning))
            crossed += scored(model, [*outs[0], *outs[1]], vectors, has_meaning=has_meaning)
            say(f"part {part} of {file}")
        model = fit_apart(places, *given, vectors, has_meaning=has_meaning)
        model = replace(model, **fit_kinds(places, learned, vectors, has_meaning=has_meaning))
        model = choose(model, crossed)
        if has_meaning:
            model = replace(model, most_meaning=most_meaning(crossed, model))
        limits = model.apart_from, model.sure_from
        say(f"{file}: cross-fitted {dict(judge(crossed, *limits))} from {limits}")
        for name, group in kept_out.items():
            say(f"  {name} {dict(judge(scored(model, group, vectors, has_meaning=has_meaning), *limits))}")
        say(f"  held out sets {dict(judge(scored(model, unseen, vectors, has_meaning=has_meaning), *limits))}")
        if dump is not None:
            dump(has_meaning, model, crossed)
        (CATALOG / file).write_bytes(as_bytes(model))


def measure(model: WishModel, meaning: Meaning | None, sentences: Sequence[Sentence]) -> list[tuple[Sentence, str]]:
    """Each sentence with what it is taken for: of two that are offered as buttons the right one, if it is there."""
    found = []
    for each in sentences:
        made = guess(model, meaning, each.text)
        offered = made is not None and made.or_else in each.labels and both_read(made)
        found.append((each, made.or_else if made and made.or_else and offered else made.label if made else SCOPE))
    return found


def both_read(made: Guess) -> bool:
    """Whether two buttons are offered: for commands that change nothing."""
    commands = [REGISTRY.find(*label.partition(" ")[::2]) for label in (made.label, made.or_else or "")]
    return all(command is not None and not command.changes for command in commands)


def main() -> None:
    assert shipped_meanings() is not None, "the encoder cannot be loaded"
    train(Path(".train"), lambda words: sys.stdout.write(f"{words}\n"))


if __name__ == "__main__":
    main()
