"""From the labelled sets to the encoder and the rankings: python -m tests.training (about an hour on two cores).

The ranking learns from what an encoder says that has not seen the set: two encoders are tuned on a half of the sets
each, and the third, which is shipped, on all but those that are held out for good.
"""

import argparse
import hashlib
import math
import pickle
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commands.meanings import knowledge
from commands.rules.matching import Knowledge, ScopeIndex
from commands.rules.matching.features import respelt, said, weigh
from commands.rules.matching.meaning import row_texts
from commands.rules.matching.text import tokens
from storage.catalog.rankings import as_json
from storage.catalog.sentences import packed
from storage.records.ranking import Rankings
from tests.training import bert, fitting, graph, promising, sets, tuning, wishes

CATALOG = Path(__file__).parents[2] / "storage" / "catalog"
HALF_STEPS, WHOLE_STEPS = 2000, 4000
_MOST_OF_PART, _ASKED_OF_PART = 40, 20
"""Of the rows in a part of a matrix, and of the questions of either kind that it is asked."""


class Known:
    """An encoder's vectors of the texts that are needed, made beforehand."""

    def __init__(self, vectors: Mapping[str, Any]) -> None:
        self._vectors = vectors

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[text] for text in texts])

    def row_vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        return [packed(self._vectors[text]) for text in texts]


def weighed(names: Iterable[str], lower: bert.Lower, layers: Sequence[bert.Layer]) -> list[fitting.Example]:
    """Every question of these sets with its features, as an encoder with these layers has them; then a part of them
    asked of a few rows of the matrix, for a client's own may be small.
    """
    found = []
    for name in names:
        one, chance = sets.load(name), random.Random(name)
        few = chance.sample(range(len(one.rows)), round(math.exp(chance.uniform(0, math.log(_MOST_OF_PART)))))
        some = _asked_of_part(sets.part(one, few), chance)
        known = replace(knowledge(), meaning=Known(lower.encode(layers, [*_texts(one), *_texts(some)])))
        found += [each for which in (one, some) for each in _examples(which, known, is_of_part=which is some)]
    return found


def _texts(one: sets.Set) -> Iterator[str]:
    """All texts of a set that are compared."""
    for row in one.rows:
        names, whole = row_texts(row)
        yield from (*names, whole)
    by_words = ScopeIndex(one.rows, knowledge())
    for each in one.questions:
        yield from said(respelt(by_words, each.text)).texts


def _asked_of_part(one: sets.Set, chance: random.Random) -> sets.Set:
    """As many questions that its rows cover as others: of a few rows, most would be uncovered."""
    covered = [each for each in one.questions if each.right]
    others = [each for each in one.questions if not each.right]
    many = min(len(covered), len(others), _ASKED_OF_PART)
    return replace(one, questions=(*chance.sample(covered, many), *chance.sample(others, many)))


def _examples(one: sets.Set, known: Knowledge, *, is_of_part: bool) -> Iterator[fitting.Example]:
    index = ScopeIndex(one.rows, known)
    for each in one.questions:
        exact = index.named(tokens(each.text))
        named = exact[0] if len(exact) == 1 else None
        yield fitting.Example(one.name, weigh(index, each.text), frozenset(each.right), named, is_of_part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, default=Path(".train"), help="where the tuned layers are kept")
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    every = [name for name in sets.names() if sets.load(name) and name not in sets.HELD_OUT]
    lower, started = bert.Lower(), time.monotonic()

    def step(words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:6.0f} s  {words}\n")
        sys.stdout.flush()

    def tuned(name: str, of: Sequence[str], steps: int) -> list[bert.Layer]:
        path = arguments.keep / f"{name}.pickle"
        if not path.exists():
            step(f"tune the encoder on {len(of)} sets: {name}")
            layers = tuning.tune(lower, of, steps, arguments.seed, tuning.to_screen)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(pickle.dumps(layers))
        found: list[bert.Layer] = pickle.loads(path.read_bytes())
        return found

    halves = (every[0::2], every[1::2])
    examples: list[fitting.Example] = []
    for number, half in enumerate(halves):
        layers = tuned(f"half-{number}", halves[1 - number], HALF_STEPS)
        honest = [name for name in half if name not in sets.MENDED_BY]
        step(f"weigh the questions of {len(honest)} sets that it has not seen")
        examples += weighed(honest, lower, layers)
    full, words = (_ranking(examples, columns, step) for columns in (fitting.ALL, fitting.WORDS_ONLY))
    (CATALOG / "rankings.json").write_text(as_json(Rankings(full, words)), encoding="utf-8")
    layers = tuned("whole", every, WHOLE_STEPS)
    _write_encoder(layers)
    step("tell what is asked of the record from questions about scope")
    wishes.train(arguments.keep, step)
    step("tell promises that nobody can keep from harmless sentences")
    promising.train(step)
    promising.held_out(step)
    held_out = weighed(sets.HELD_OUT, lower, layers)
    for name, ranking in (("full", full), ("words", words)):
        figures = fitting.judge(fitting.chances(ranking, held_out), ranking.sure, ranking.near, ranking.offered)
        step(f"held out, {name}: {figures}")


def _ranking(examples: Sequence[fitting.Example], columns: fitting.Columns, step: Callable[[str], None]) -> Any:
    """Thresholds come from chances that a ranking gives for sets that it was not fitted on: five parts by set."""
    names = sorted({each.set for each in examples})
    unseen: list[Any] = []
    for part in range(5):
        out = set(names[part::5])
        ranking = fitting.fit([each for each in examples if each.set not in out], columns)
        unseen += fitting.chances(ranking, [each for each in examples if each.set in out])
    ranking = fitting.choose(fitting.fit(examples, columns), unseen)
    step(f"{len(columns.rows)} features: {fitting.judge(unseen, ranking.sure, ranking.near, ranking.offered)}")
    step(f"  answer from {ranking.sure}, offer what is at least {ranking.near} of the first from {ranking.offered} on")
    return ranking


def _write_encoder(layers: Sequence[bert.Layer]) -> None:
    embeddings, frozen = bert.pretrained()
    files = {
        "model.onnx": graph.model(embeddings, [*frozen[: bert.FROZEN], *layers]),
        "tokenizer.json": bert.tokenizer_json().encode(),
    }
    for name, content_ in files.items():
        (CATALOG / "encoder" / name).write_bytes(content_)
    sums = "".join(f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in files.items())
    (CATALOG / "encoder" / "SHA256SUMS").write_text(sums, encoding="ascii")


if __name__ == "__main__":
    main()
