"""What training leaves: plain numbers and texts in one compressed file, and back."""

import io
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WHOLE = 256
"""Unit vectors of 384 numbers: none of them comes near a half."""


def read_numbers(name: str) -> dict[str, Any]:
    """The arrays of the shipped file of that name."""
    content = files("storage.catalog").joinpath(name).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as raw:
        return {each: raw[each] for each in raw.files}


def as_file(arrays: Mapping[str, Any]) -> bytes:
    """What `read_numbers` reads."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def small(units: NDArray[np.float32]) -> NDArray[np.int8]:
    """Unit vectors in a byte a number."""
    return np.round(units * _WHOLE).astype(np.int8)


def units(kept: NDArray[np.int8]) -> NDArray[np.float32]:
    """Unit vectors, nearly as they were before `small`."""
    return kept.astype(np.float32) / np.float32(_WHOLE)
