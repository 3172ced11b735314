"""What is asked about one client after another, read for many clients at once.

`check all`, the home tab, imports and planning go from client to client and ask a dozen things about each. Within
`UnitOfWork.prefetching` or `prefetch` the first to ask reads for a whole batch, with the same conditions; the others
find it here.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
AT_ONCE = 25
"""How many clients are read together. With 200 matrix rows each, that is some 10 MB for a while."""

Read = Callable[[Sequence[int]], Iterable[tuple[int, T]]]
"""From ids of clients to what was found, each with its client's id, in the order in which one client's are wanted."""


class Prefetch:
    """Of one session and some clients. A table that changes is asked about one client at a time from then on."""

    def __init__(self, client_ids: Sequence[int]) -> None:
        batches = (tuple(client_ids[at : at + AT_ONCE]) for at in range(0, len(client_ids), AT_ONCE))
        self._batch_of = {id: batch for batch in batches for id in batch}
        self._read: dict[Hashable, dict[int, list[Any]]] = {}
        self._changed: set[type] = set()

    def has(self, table: type, client_id: int | None) -> bool:
        """Whether what is asked of `table` about the client is read for others, too."""
        return client_id in self._batch_of and table not in self._changed

    def of(self, table: type, what: Hashable, client_id: int, read: Read[T]) -> list[T]:
        """What `read` finds about the client; `what` tells it from whatever else is read of `table`."""
        batch = self._batch_of[client_id]
        key = (table, what, batch[0])
        if key not in self._read:
            by_client: dict[int, list[Any]] = {}
            for found_id, found in read(batch):
                by_client.setdefault(found_id, []).append(found)
            self._read[key] = by_client
        return self._read[key].get(client_id, [])

    def changed(self, table: type) -> None:
        self._changed.add(table)
