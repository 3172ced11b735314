"""What is asked about one client after another, read for many clients at once.

`check all`, the home tab, imports and planning go from client to client and ask a dozen things about each. Within
`UnitOfWork.in_turn` the first to ask reads for the whole batch, with the same conditions; the others find it here.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
AT_ONCE = 25
"""How many clients are read together. With 200 matrix rows each, that is some 10 MB for a while."""

Read = Callable[[Sequence[int]], Iterable[tuple[int, T]]]
"""From ids of clients to what was found, each with its client's id, in the order in which one client's are wanted."""


class Together:
    """Of one session and one batch of clients. What was read of a table is forgotten when that table changes."""

    def __init__(self, client_ids: Collection[int]) -> None:
        self._ids = tuple(client_ids)
        self._members = frozenset(client_ids)
        self._read: dict[type, dict[Hashable, dict[int, list[Any]]]] = {}

    def __contains__(self, client_id: object) -> bool:
        return client_id in self._members

    def of(self, table: type, what: Hashable, client_id: int, read: Read[T]) -> list[T]:
        """What `read` finds about the client; `what` tells it from whatever else is read of `table`."""
        known = self._read.setdefault(table, {})
        if what not in known:
            by_client: dict[int, list[Any]] = {}
            for found_id, found in read(self._ids):
                by_client.setdefault(found_id, []).append(found)
            known[what] = by_client
        return known[what].get(client_id, [])

    def forget(self, table: type) -> None:
        self._read.pop(table, None)
