"""What was worked out about clients, kept until something that it came from may have changed.

Every change is in the audit log, in the transaction of the change and with the clients that it is about. So the entries
since the last look tell for whom it is out of date, whichever process made the change.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from storage.records import Absence
from storage.unit_of_work import UnitOfWork

# What is found is sentences with their facts: about 1 KB each. A client has 10 to 60.
MOST_VALUES = 50_000


@dataclass(frozen=True, slots=True)
class Kept:
    """As of a day; `absent` are those of `people` who could not answer for anything."""

    day: date
    values: tuple[Any, ...]
    people: frozenset[str] = frozenset()
    absent: Mapping[str, Absence] = field(default_factory=dict)


@dataclass(slots=True)
class _Workspace:
    """As of the audit entry `seq`; by the client's id, then by what it is."""

    seq: int = 0
    kept: dict[int, dict[str, Kept]] = field(default_factory=dict)
    count: int = 0

    def forget(self, client_id: int) -> None:
        gone = self.kept.pop(client_id, {})
        self.count -= sum(1 + len(each.values) for each in gone.values())

    def forget_all(self) -> None:
        self.kept.clear()
        self.count = 0


class ClientCache:
    """Of all workspaces that this process works for. Holds at most `most` values a workspace."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self._most = most
        self._workspaces: dict[int, _Workspace] = {}
        self._lock = threading.Lock()

    def current(self, uow: UnitOfWork) -> "CurrentValues":
        """What still holds. Ask for it before anything that is kept later is read in `uow`: what is read then may be
        newer than what was looked at here, never older. Nothing is kept of a unit that sees what may be undone.
        """
        if not uow.reads_committed:
            return CurrentValues(self, uow.workspace_id, None, {})
        with self._lock:
            known = self._workspaces.setdefault(uow.workspace_id, _Workspace())
            seq, changed = uow.audit.changed_since(known.seq)
            if changed is None:
                known.forget_all()
            for client_id in changed or ():
                known.forget(client_id)
            known.seq = max(known.seq, seq)
            return CurrentValues(self, uow.workspace_id, seq, {id: dict(each) for id, each in known.kept.items()})

    def keep(self, workspace_id: int, seq: int, client_id: int, what: str, found: Kept) -> None:
        """Unless somebody has looked meanwhile who saw later changes than those up to `seq`."""
        with self._lock:
            known = self._workspaces[workspace_id]
            if known.seq != seq:
                return
            of_client = known.kept.setdefault(client_id, {})
            before = of_client.pop(what, None)
            known.count -= 1 + len(before.values) if before else 0
            if known.count + 1 + len(found.values) <= self._most:
                of_client[what] = found
                known.count += 1 + len(found.values)


@dataclass(frozen=True, slots=True)
class CurrentValues:
    """What holds within one unit of work; `seq` is None in one of which nothing may be kept."""

    cache: ClientCache
    workspace_id: int
    seq: int | None
    kept: Mapping[int, Mapping[str, Kept]]

    @property
    def people(self) -> frozenset[str]:
        """Those whose absence would change something."""
        return frozenset[str]().union(*(each.people for found in self.kept.values() for each in found.values()))

    def find(
        self, client_id: int, what: str, day: date, absent: Mapping[str, Absence] | None = None
    ) -> tuple[Any, ...] | None:
        """The values as of a day, if they are kept, and exactly those of `people` are absent who were."""
        found = self.kept.get(client_id, {}).get(what)
        if found is None or found.day != day:
            return None
        now = {user: absent[user] for user in found.people if user in absent} if absent else {}
        return found.values if now == found.absent else None

    def keep(self, client_id: int, what: str, found: Kept) -> None:
        if self.seq is not None:
            self.cache.keep(self.workspace_id, self.seq, client_id, what, found)
