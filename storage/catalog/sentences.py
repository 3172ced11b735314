"""The shipped sentence encoder: texts to vectors, on this machine, nothing is sent anywhere."""

import ctypes
import hashlib
import os
import sys
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FOLDER = "encoder"
_MODEL, _TOKENIZER, _SUMS = "model.onnx", "tokenizer.json", "SHA256SUMS"
_MOST_TOKENS = 64
_KEPT = 2048


class EncoderUnavailable(Exception):
    """The encoder cannot be loaded; the message says why, for people."""


class Encoder:
    """Loaded once. Each text is encoded by itself, so that its vector never depends on other texts. Thread-safe."""

    def __init__(self, session: Any, tokenizer: Any, version: str) -> None:
        """`version` changes with the weights: vectors of different versions must not be compared."""
        self.version = version
        self._session = session
        self._tokenizer = tokenizer
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def vector(self, text: str) -> NDArray[np.float32]:
        """A unit vector of 384 numbers; the newest are kept. The first 64 tokens count."""
        with self._lock:
            if (known := self._kept.get(text)) is not None:
                self._kept.move_to_end(text)
                return known
        found = self.encode(text)
        with self._lock:
            self._kept[text] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def encode(self, text: str) -> NDArray[np.float32]:
        """The same, without keeping it: for texts that are kept elsewhere."""
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        found: NDArray[np.float32] = self._session.run(None, {"ids": ids})[0][0]
        return found

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text."""
        return np.stack([self.vector(text) for text in texts])


def packed(vector: NDArray[np.float32]) -> NDArray[np.int8]:
    """A vector in a byte a number; its direction stays, within a thousandth, its length does not."""
    whole: NDArray[np.int8] = np.round(vector * (127 / np.abs(vector).max())).astype(np.int8)
    return whole


def _give_memory_back() -> None:
    """A third of what loading takes is not needed any more, and glibc alone would keep it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


_loading = Lock()


def encoder() -> Encoder:
    """Load it, or give the one that is loaded; who comes while it is loaded waits. Raises EncoderUnavailable."""
    with _loading:
        return _loaded()


@cache
def _loaded() -> Encoder:
    folder = files("storage.catalog").joinpath(_FOLDER)
    # It would send Microsoft events of its own, and keep an id in the temporary folder. Read once, when it is loaded:
    # https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime  # large, and only needed by processes that answer questions
        from tokenizers import Tokenizer
    except ImportError as error:
        raise EncoderUnavailable(f"{error.name} is not installed for this platform") from error
    try:
        lines = [line.split() for line in folder.joinpath(_SUMS).read_text("ascii").splitlines()]
        sums = {name: digest for digest, name in lines}
        content = {name: folder.joinpath(name).read_bytes() for name in (_MODEL, _TOKENIZER)}
    except OSError as error:
        raise EncoderUnavailable(f"its files cannot be read: {error}") from error
    for name, each in content.items():
        if hashlib.sha256(each).hexdigest() != sums.get(name):
            raise EncoderUnavailable(f"{_FOLDER}/{name} is not the file that was shipped: its SHA-256 differs")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    tokenizer = Tokenizer.from_str(content[_TOKENIZER].decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    session = onnxruntime.InferenceSession(content[_MODEL], options, providers=["CPUExecutionProvider"])
    _give_memory_back()
    return Encoder(session, tokenizer, sums[_MODEL][:16])
