"""Loads what training left for telling wishes from questions about scope: plain numbers in one file."""

import io
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from storage.records.wish_model import WishModel

FILES = {True: "wishes.npz", False: "wishes_by_words.npz"}
_WHOLE = 256
"""Unit vectors of 384 numbers: none of them comes near a half."""


@cache
def wish_model(*, has_meaning: bool) -> WishModel:
    """The shipped numbers, read once per process: for sentences with vectors, or by their words alone."""
    content = files("storage.catalog").joinpath(FILES[has_meaning]).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as raw:
        numbers = {name: raw[name] for name in raw.files}
    rest = [float(each) for each in numbers["rest"]]
    return WishModel(
        grams={str(gram): at for at, gram in enumerate(numbers["grams"])},
        apart=numbers["apart"].astype(np.float32),
        offset=rest[0],
        labels=tuple(map(str, numbers["labels"])),
        weights=numbers["weights"].astype(np.float32),
        biases=numbers["biases"].astype(np.float32),
        apart_from=rest[1],
        sure_from=rest[2],
        most_meaning=rest[3],
        wishes=numbers["wishes"].astype(np.float32) / _WHOLE,
        scope=numbers["scope"].astype(np.float32) / _WHOLE,
    )


def as_bytes(model: WishModel) -> bytes:
    """What `wish_model` reads, the weights in two bytes a number."""
    written: dict[str, Any] = {
        "grams": np.array(list(model.grams)),
        "apart": model.apart.astype(np.float16),
        "labels": np.array(model.labels),
        "weights": model.weights.astype(np.float16),
        "biases": model.biases,
        "wishes": np.round(model.wishes * _WHOLE).astype(np.int8),
        "scope": np.round(model.scope * _WHOLE).astype(np.int8),
        "rest": np.array([model.offset, model.apart_from, model.sure_from, model.most_meaning]),
    }
    file = io.BytesIO()
    np.savez_compressed(file, **written)
    return file.getvalue()
