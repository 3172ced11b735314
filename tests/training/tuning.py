"""Fine-tunes the encoder's upper layers on questions against the rows of their matrix, and on the vocabulary."""

import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from commands.meanings import knowledge
from commands.rules.matching import Row, ScopeIndex
from commands.rules.matching.features import content, respelt
from commands.rules.matching.meaning import row_texts
from storage.catalog.services import vocabulary
from tests.training import bert, sets

_QUESTIONS, _ROWS, _PHRASES = 24, 40, 16
_RATE, _FLOOR, _WARM_UP, _DECAY = 8e-5, 4e-6, 60, 0.01
_TAKEN_OUT = 0.12
"""So often a covered question loses its rows, and "no row" is right: siblings must not answer for it."""
_PHRASES_COUNT = 0.3
_TEMPERATURE, _NONE = 20.0, 0.4


def tune(
    lower: bert.Lower, names: Iterable[str], steps: int, seed: int, say: Callable[[str], None]
) -> list[bert.Layer]:
    """The upper layers after so many steps over the sets `names`."""
    chance = random.Random(seed)
    material = [_Material(sets.load(name)) for name in names]
    concepts = [
        [each.label, *each.synonyms, *each.brands, *(hint for hint in each.hints if " " in hint)]
        for each in vocabulary().concepts
    ]
    concepts = [each for each in concepts if len(each) > 2]
    lower.learn(text for each in material for text in each.texts)
    lower.learn(text for each in concepts for text in each)
    for each in material:
        each.arrange(lower)
    state: Any = {"layers": lower.top, "none": jnp.asarray(_NONE), "heat": jnp.asarray(np.log(_TEMPERATURE))}
    schedule = optax.warmup_cosine_decay_schedule(0, _RATE, _WARM_UP, steps, _FLOOR)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=_DECAY))
    memory = optimizer.init(state)

    @jax.jit  # type: ignore[untyped-decorator]
    def step(state: Any, memory: Any, texts: Any, at: bert.Places, target: Any, allowed: Any) -> Any:
        (_, parts), gradient = jax.value_and_grad(_loss, has_aux=True)(state, texts, at, target, allowed)
        updates, memory = optimizer.update(gradient, memory, state)
        return optax.apply_updates(state, updates), memory, parts

    started, losses = time.monotonic(), []
    weights = [len(each.questions) ** 0.5 for each in material]
    for number in range(1, steps + 1):
        (chosen,) = chance.choices(material, weights)
        asked, rows, target, allowed = chosen.draw(chance)
        pairs = [chance.sample(each, 2) for each in chance.sample(concepts, _PHRASES)]
        texts = [*asked, *rows, *(pair[0] for pair in pairs), *(pair[1] for pair in pairs)]
        state, memory, parts = step(state, memory, *lower.packed(texts), target, allowed)
        losses.append(float(parts[0]))
        if number % 50 == 0 or number == steps:
            spent = time.monotonic() - started
            left = spent / number * (steps - number)
            say(f"step {number} of {steps}, loss {np.mean(losses[-50:]):.3f}, {spent:.0f} s, about {left:.0f} s left")
    return [{name: np.asarray(value) for name, value in layer.items()} for layer in state["layers"]]


def _loss(state: Any, texts: Any, at: bert.Places, target: Any, allowed: Any) -> Any:
    """Softmax over the rows and a learned "no row"; phrases of one concept find each other among those of others."""
    vectors = bert.upper(state["layers"], texts, at)
    q, r, p = jnp.split(vectors, (_QUESTIONS, _QUESTIONS + _ROWS))
    none = jnp.full((_QUESTIONS, 1), 1.0) * state["none"]
    logits = jnp.concatenate([q @ r.T, none], 1) * jnp.exp(state["heat"]) - (1 - allowed) * 1e4
    right = (jax.nn.softmax(logits, 1) * target).sum(1)
    on_questions = -jnp.log(jnp.clip(right, 1e-9)).mean()
    on_phrases = -jnp.diag(jax.nn.log_softmax(p[:_PHRASES] @ p[_PHRASES:].T * _TEMPERATURE, 1)).mean()
    return on_questions + _PHRASES_COUNT * on_phrases, (on_questions, on_phrases)


class _Material:
    """One set, as it is drawn from."""

    def __init__(self, one: sets.Set) -> None:
        index = ScopeIndex(one.rows, knowledge())
        self.rows: Sequence[Row] = one.rows
        self.names = [row.item for row in one.rows]
        self.wholes = [row_texts(row).whole for row in one.rows]
        repaired = [respelt(index, each.text) for each in one.questions]
        self.questions = [(text, content(text), each.right) for text, each in zip(repaired, one.questions, strict=True)]

    @property
    def texts(self) -> Iterable[str]:
        yield from self.names
        yield from self.wholes
        for text, short, _ in self.questions:
            yield from (text, short)

    def arrange(self, lower: bert.Lower) -> None:
        """Find for each row the three that mean most nearly the same: its siblings, mostly."""
        vectors: Mapping[str, Any] = lower.encode(lower.top, self.names)
        table = np.stack([vectors[name] for name in self.names])
        self.siblings = np.argsort(-table @ table.T, axis=1)[:, 1:4]

    def draw(self, chance: random.Random) -> tuple[list[str], list[str], Any, Any]:
        """Questions, rows, which of them is right (the last column: none), and which may be."""
        asked = chance.sample(self.questions, _QUESTIONS)
        is_without = [bool(right) and chance.random() < _TAKEN_OUT for *_, right in asked]
        rows = list(
            dict.fromkeys(row for (*_, right), gone in zip(asked, is_without, strict=True) if not gone for row in right)
        )[:_ROWS]
        siblings = [int(row) for *_, right in asked if right for row in self.siblings[right[0]]]
        chance.shuffle(siblings)
        for row in siblings + chance.sample(range(len(self.rows)), len(self.rows)):
            if len(rows) < _ROWS and row not in rows:
                rows.append(row)
        target, allowed = np.zeros((_QUESTIONS, _ROWS + 1), np.float32), np.ones((_QUESTIONS, _ROWS + 1), np.float32)
        allowed[:, len(rows) : _ROWS] = 0
        for at, ((*_, right), gone) in enumerate(zip(asked, is_without, strict=True)):
            places = [rows.index(row) for row in right if row in rows]
            if right and not gone:
                target[at, places] = 1
            else:
                target[at, _ROWS] = 1
                allowed[at, places] = 0
        texts = [(self.wholes if chance.random() < 0.5 else self.names)[row] for row in rows]
        questions = [text if chance.random() < 0.75 else short for text, short, _ in asked]
        return questions, texts + texts[:1] * (_ROWS - len(texts)), target, allowed


def to_screen(text: str) -> None:
    """One line that is written over."""
    sys.stderr.write(f"\r{text:<100}" if sys.stderr.isatty() else f"{text}\n")
    sys.stderr.flush()
