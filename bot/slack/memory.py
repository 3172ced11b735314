"""What the process remembers for a while: bounded in number and age, safe to share between threads."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """At most `most` entries, the oldest forgotten first, each for `seconds`. `clock` counts seconds, monotonic."""

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, key: K) -> V | None:
        with self._lock:
            entry = self._entries.get(key)
            return entry[1] if entry is not None and self._clock() - entry[0] < self._seconds else None

    def keep(self, key: K, value: V) -> None:
        with self._lock:
            self._put(key, value)

    def forget(self, key: K) -> None:
        with self._lock:
            self._entries.pop(key, None)

    def is_new(self, key: K, value: V) -> bool:
        """Keep `value` unless the key is remembered already; whether it was new. One step, so only one thread wins."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and self._clock() - entry[0] < self._seconds:
                return False
            self._put(key, value)
            return True

    def keys(self) -> list[K]:
        """What is remembered, the oldest first."""
        with self._lock:
            return [key for key, (at, _) in self._entries.items() if self._clock() - at < self._seconds]

    def __len__(self) -> int:
        return len(self._entries)

    def _put(self, key: K, value: V) -> None:
        self._entries.pop(key, None)
        self._entries[key] = (self._clock(), value)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)
