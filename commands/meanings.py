"""The vectors of rows' texts: kept in memory and in the database, so that no text is encoded twice."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from commands.rules.matching.knowledge import Knowledge
from storage.catalog.rankings import rankings
from storage.catalog.sentences import Encoder, EncoderUnavailable, encoder, packed
from storage.catalog.services import vocabulary
from storage.unit_of_work import UnitOfWork

# Half a kilobyte each.
_KEPT = 60_000
# A matrix with more new texts than these is answered by its words alone until they are encoded: 4 ms each.
MOST_AT_ONCE = 300


class Meanings:
    """A sentence encoder with its memory; what the rules know as `Meaning`. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, NDArray[np.int8]] = OrderedDict()
        self._new: dict[str, None] = {}
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text: for questions."""
        return self._encoder.vectors(texts)

    def row_vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.int8]]:
        """One packed vector a text; those that are not in memory are encoded."""
        return [self._known(text) for text in texts]

    def knows(self, text: str) -> bool:
        """Whether its vector is in memory."""
        return text in self._kept

    def load(self, uow: UnitOfWork, texts: Iterable[str]) -> list[str]:
        """Bring what the database has of these texts into memory; the texts that neither has."""
        keys = {text: self._key(text) for text in dict.fromkeys(texts) if not self.knows(text)}
        found = uow.text_vectors.find(keys.values()) if keys else {}
        for text, key in keys.items():
            if key in found:
                self._keep(text, np.frombuffer(found[key], np.int8))
        return [text for text, key in keys.items() if key not in found]

    def new(self) -> list[str]:
        """The texts that were encoded here and are not kept in the database yet, as far as they are in memory."""
        with self._lock:
            return list(self._new)

    def store(self, uow: UnitOfWork, texts: Sequence[str]) -> None:
        """Keep the vectors of these texts in the database."""
        uow.text_vectors.add({self._key(text): self._known(text).tobytes() for text in texts})
        with self._lock:
            for text in texts:
                self._new.pop(text, None)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._encoder.version} {text}".encode()).hexdigest()

    def _known(self, text: str) -> NDArray[np.int8]:
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
        return self._encoded(text) if found is None else found

    def _encoded(self, text: str) -> NDArray[np.int8]:
        vector = self._keep(text, packed(self._encoder.encode(text)))
        with self._lock:
            self._new[text] = None
            while len(self._new) > _KEPT:
                del self._new[next(iter(self._new))]
        return vector

    def _keep(self, text: str, vector: NDArray[np.int8]) -> NDArray[np.int8]:
        with self._lock:
            self._kept[text] = vector
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return vector


def shipped_meanings() -> Meanings | None:
    """With the shipped encoder; None where it cannot be loaded (`engagement-bot check` says why)."""
    try:
        return Meanings(encoder())
    except EncoderUnavailable:
        return None


def no_meanings() -> Meanings | None:
    """For those who ask for no encoder."""
    return None


def knowledge(meanings: Meanings | None = None) -> Knowledge:
    """What ships with this release; without `meanings` the words alone decide."""
    return Knowledge(vocabulary(), rankings(), meanings)
