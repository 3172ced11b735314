"""Learns to tell promises that nobody can keep from harmless sentences: python -m tests.training.promising (a minute).

The threshold comes from scores that a model gives for kinds of sentences that it has not seen. What the rule does, by
patterns and model together, with the sentences that are held out is printed at the end; nothing is chosen by it.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from commands.meanings import Meanings, shipped_meanings
from commands.rules.text.promising import grams, reads_like, score, unit, words_vector
from commands.rules.text.wording import absolutes
from storage.catalog.promising import FILE, as_bytes, promise_model
from storage.records.promise_model import PromiseModel

DATA, CATALOG = Path(__file__).parents[1] / "data", Path(__file__).parents[2] / "storage" / "catalog"
LEARNED, OLDER = ("promising_sentences", "promising_voices"), ("promising_wordings", "promising_wordings_blind")
HELD_OUT = tuple(f"promising_wordings_held_out{which}" for which in ("", "_second", "_third", "_fourth"))
LEAST_PRECISION = 0.91
"""Among the sentences of kinds that a model has not seen: of ten findings nine are right, with a little to spare."""
_OLDER_PARTS, _MOST_DRAWN, _LEAST_GRAMS = 3, 3, 3
_STEPS, _RATE, _SHRINK = 120, 0.05, 1e-3
NEARNESS = 8.0
_KIND = re.compile(r"\[([a-z -]+)\]")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)|\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`counts`: a line that stands for several sentences counts once. `kind`: what is promised in it."""

    text: str
    is_promise: bool
    kind: str
    counts: float = 1.0


def load(name: str) -> list[Sentence]:
    """The sentences of a file; of one that names no kinds, parts stand for them. Raises ValueError."""
    draw, kind, found = Random(3), "", list[Sentence]()
    for number, line in enumerate((DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if heading := _KIND.fullmatch(line):
            kind = heading[1]
        elif line[:2] in ("! ", ". "):
            drawn = list(_stood_for(line[2:]))
            drawn = draw.sample(drawn, min(_MOST_DRAWN, len(drawn)))
            whose = kind or f"{name} {number % _OLDER_PARTS}"
            found += [Sentence(text, line[0] == "!", whose, 1 / len(drawn)) for text in drawn]
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f'{name}.txt, line {number}: neither "! ", ". ", "[kind]" nor "# "')
    return found


def _stood_for(pattern: str) -> Iterator[str]:
    """The sentences that a line stands for: (one|the other), [with or without]."""
    parts, position = list[tuple[str, ...]](), 0
    for match in _CHOICE.finditer(pattern):
        choices = tuple(match[1].split("|")) if match[1] is not None else (match[2], "")
        parts += [(pattern[position : match.start()],), choices]
        position = match.end()
    for each in product(*parts, (pattern[position:],)):
        yield re.sub(r" +([.,!?:;])", r"\1", " ".join("".join(each).split()))


def fit(learned: Sequence[Sentence], meanings: Meanings) -> PromiseModel:
    """A model with no threshold yet."""
    counted = Counter(gram for each in learned for gram in set(grams(each.text)))
    places = {gram: at for at, gram in enumerate(sorted(g for g, n in counted.items() if n >= _LEAST_GRAMS))}
    vectors = np.stack([unit(meanings.row_vectors, each.text) for each in learned])
    inputs = np.concatenate([np.stack([words_vector(places, each.text) for each in learned]), vectors], axis=1)
    target = np.array([each.is_promise for each in learned], np.float32)
    counts = np.array([each.counts for each in learned], np.float32)
    weights, offset = _descend(inputs, target, counts)
    known = [each.text for each in learned if each.is_promise]
    return PromiseModel(places, weights, offset, NEARNESS, 0.0, known, vectors[target > 0], vectors[target == 0])


def _descend(inputs: Any, target: Any, counts: Any) -> tuple[Any, float]:
    """Logistic regression, by Adam over all sentences at once."""
    inputs = np.concatenate([inputs, np.ones((len(inputs), 1), np.float32)], axis=1)
    weights, first, second = (np.zeros(inputs.shape[1], np.float32) for _ in range(3))
    for step in range(1, _STEPS + 1):
        wrong = (1 / (1 + np.exp(-(inputs @ weights))) - target) * counts
        slope = inputs.T @ wrong / counts.sum() + _SHRINK * np.append(weights[:-1], 0.0)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights = weights - _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights[:-1].astype(np.float32), float(weights[-1])


def crossed(learned: Sequence[Sentence], meanings: Meanings) -> Iterator[tuple[Sentence, float]]:
    """Each sentence with what a model makes of it that has seen none of its kind."""
    for kind in dict.fromkeys(each.kind for each in learned):
        model = fit([each for each in learned if each.kind != kind], meanings)
        for each in learned:
            if each.kind == kind:
                yield each, score(model, each.text, unit(meanings.row_vectors, each.text))


def lowest(scored: Sequence[tuple[Sentence, float]]) -> float:
    """The lowest threshold from which on so many of what is found are promises."""
    best, right, every = float("inf"), 0.0, 0.0
    for each, apart in sorted(scored, key=lambda pair: -pair[1]):
        right, every = right + each.counts * each.is_promise, every + each.counts
        if right / every >= LEAST_PRECISION:
            best = apart
    return best


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `promises` promising sentences `right` are found, among `found` altogether."""

    right: int
    found: int
    promises: int

    @property
    def precision(self) -> float:
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.promises, 1)

    def __str__(self) -> str:
        found = f"precision {self.precision:.3f} ({self.right}/{self.found})"
        return f"{found}, recall {self.recall:.3f} ({self.right}/{self.promises})"


def measure(judged: Sequence[tuple[bool, bool]]) -> Figures:
    """From pairs of whether it is a promise, and whether it was found."""
    return Figures(
        sum(is_one and found for is_one, found in judged), sum(f for _, f in judged), sum(p for p, _ in judged)
    )


def train(say: Any) -> None:
    """Write the model, and say how good it is."""
    meanings = shipped_meanings()
    assert meanings is not None, "the encoder cannot be loaded"
    never = {each.text.lower() for name in HELD_OUT for each in load(name)}
    learned = [each for name in (*LEARNED, *OLDER) for each in load(name) if each.text.lower() not in never]
    scored = list(crossed(learned, meanings))
    model = replace(fit(learned, meanings), found_from=lowest(scored))
    say(f"{FILE}: {len(learned)} sentences, found from {model.found_from:.3f}")
    say(f"  kinds not seen: {measure([(each.is_promise, apart >= model.found_from) for each, apart in scored])}")
    for kind in dict.fromkeys(each.kind for each, _ in scored):
        some = [(each.is_promise, apart >= model.found_from) for each, apart in scored if each.kind == kind]
        say(f"    {kind}: {measure(some)}")
    (CATALOG / FILE).write_bytes(as_bytes(model))


def held_out(say: Any) -> None:
    """Say what patterns alone, the model alone and both make of the sentences that are held out."""
    meanings, model = shipped_meanings(), promise_model()
    assert meanings is not None, "the encoder cannot be loaded"
    for name in HELD_OUT:
        _judge(name, meanings, model, say)


def _judge(file: str, meanings: Meanings, model: PromiseModel, say: Any) -> None:
    group = load(file)
    patterns = [bool(absolutes(each.text)) for each in group]
    learned = [reads_like(model, meanings.row_vectors, each.text) is not None for each in group]
    by = {"patterns": patterns, "model": learned, "both": [a or b for a, b in zip(patterns, learned, strict=True)]}
    for name, found in by.items():
        say(f"  {file}, {name}: {measure([(each.is_promise, f) for each, f in zip(group, found, strict=True)])}")


def main() -> None:
    def say(words: str) -> None:
        sys.stdout.write(f"{words}\n")

    train(say)
    held_out(say)


if __name__ == "__main__":
    main()
