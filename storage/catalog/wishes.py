"""Loads what training left for telling wishes from questions about scope: plain numbers in one file."""

from functools import cache
from typing import Any

import numpy as np

from storage.catalog.numbers_file import as_file, read_numbers, small, units
from storage.records.wish_model import WishModel

FILES = {True: "wishes.npz", False: "wishes_by_words.npz"}


@cache
def wish_model(*, has_meaning: bool) -> WishModel:
    """The shipped numbers, read once per process: for sentences with vectors, or by their words alone."""
    numbers = read_numbers(FILES[has_meaning])
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
        wishes=units(numbers["wishes"]),
        scope=units(numbers["scope"]),
    )


def as_bytes(model: WishModel) -> bytes:
    """What `wish_model` reads, the weights in two bytes a number."""
    written: dict[str, Any] = {
        "grams": np.array(list(model.grams)),
        "apart": model.apart.astype(np.float16),
        "labels": np.array(model.labels),
        "weights": model.weights.astype(np.float16),
        "biases": model.biases,
        "wishes": small(model.wishes),
        "scope": small(model.scope),
        "rest": np.array([model.offset, model.apart_from, model.sure_from, model.most_meaning]),
    }
    return as_file(written)
