"""Loads what training left for telling promises that nobody can keep from harmless sentences."""

import io
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from storage.records.promise_model import PromiseModel

FILE = "promising.npz"
_WHOLE = 256
"""Unit vectors of 384 numbers: none of them comes near a half."""


@cache
def promise_model() -> PromiseModel:
    """The shipped numbers, read once per process."""
    content = files("storage.catalog").joinpath(FILE).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as raw:
        numbers = {name: raw[name] for name in raw.files}
    rest = [float(each) for each in numbers["rest"]]
    return PromiseModel(
        grams={str(gram): at for at, gram in enumerate(numbers["grams"])},
        weights=numbers["weights"].astype(np.float32),
        offset=rest[0],
        nearness=rest[1],
        found_from=rest[2],
        known=tuple(map(str, numbers["known"])),
        promising=numbers["promising"].astype(np.float32) / _WHOLE,
        harmless=numbers["harmless"].astype(np.float32) / _WHOLE,
    )


def as_bytes(model: PromiseModel) -> bytes:
    """What `promise_model` reads, the weights in two bytes a number."""
    written: dict[str, Any] = {
        "grams": np.array(list(model.grams)),
        "weights": model.weights.astype(np.float16),
        "known": np.array(model.known),
        "promising": np.round(model.promising * _WHOLE).astype(np.int8),
        "harmless": np.round(model.harmless * _WHOLE).astype(np.int8),
        "rest": np.array([model.offset, model.nearness, model.found_from]),
    }
    file = io.BytesIO()
    np.savez_compressed(file, **written)
    return file.getvalue()
