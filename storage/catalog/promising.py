"""Loads what training left for telling promises that nobody can keep from harmless sentences."""

from functools import cache
from typing import Any

import numpy as np

from storage.catalog.numbers_file import as_file, read_numbers, small, units
from storage.records.promise_model import PromiseModel

FILE = "promising.npz"


@cache
def promise_model() -> PromiseModel:
    """The shipped numbers, read once per process."""
    numbers = read_numbers(FILE)
    rest = [float(each) for each in numbers["rest"]]
    return PromiseModel(
        grams={str(gram): at for at, gram in enumerate(numbers["grams"])},
        weights=numbers["weights"].astype(np.float32),
        offset=rest[0],
        nearness=rest[1],
        found_from=rest[2],
        known=tuple(map(str, numbers["known"])),
        promising=units(numbers["promising"]),
        harmless=units(numbers["harmless"]),
    )


def as_bytes(model: PromiseModel) -> bytes:
    """What `promise_model` reads, the weights in two bytes a number."""
    written: dict[str, Any] = {
        "grams": np.array(list(model.grams)),
        "weights": model.weights.astype(np.float16),
        "known": np.array(model.known),
        "promising": small(model.promising),
        "harmless": small(model.harmless),
        "rest": np.array([model.offset, model.nearness, model.found_from]),
    }
    return as_file(written)
