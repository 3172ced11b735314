"""Each client's matrix, arranged once per version and day and kept in bounded memory."""

import threading
from collections import OrderedDict
from datetime import date

from commands.rules.scope import ClientMatrix
from storage.catalog.services import vocabulary
from storage.records import Client
from storage.unit_of_work import UnitOfWork

_Key = tuple[int, int, int, date]


class Matrices:
    """Least recently used first out.

    The client's `matrix_version` is part of the key, so a change in any process counts from the next question on.
    """

    def __init__(self, capacity: int = 1000) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[_Key, ClientMatrix] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, uow: UnitOfWork, client: Client, as_of: date) -> ClientMatrix:
        """The client's matrix as of a day, as it stands in this unit of work."""
        key = (uow.workspace_id, client.id, client.matrix_version, as_of)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        built = ClientMatrix(
            uow.agreements.of_client(client.id),
            uow.responsibilities.current(client.id),
            (walkthrough.agreement_id for walkthrough in uow.walkthroughs.of_client(client.id)),
            as_of,
            vocabulary(),
            uow.phrases.known(client.id),
        )
        with self._lock:
            self._kept[key] = built
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return built
