"""What the engagement check found, kept per client until something that it was found from may have changed.

Every change is in the audit log, in the transaction of the change and with the clients that it is about. So the entries
since the last look tell whose findings are out of date, whichever process made the change.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from commands.rules.checks.finding import Finding
from storage.records import Absence
from storage.unit_of_work import UnitOfWork

# About 1 KB each; a client has 10 to 60.
MOST_FINDINGS = 50_000


@dataclass(frozen=True, slots=True)
class Kept:
    """`absent` are those of `people` who could not answer for anything."""

    day: date
    people: frozenset[str]
    absent: Mapping[str, Absence]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Workspace:
    """As of the audit entry `seq`; by the client's id."""

    seq: int = 0
    kept: dict[int, Kept] = field(default_factory=dict)
    count: int = 0

    def forget(self, client_id: int) -> None:
        if (gone := self.kept.pop(client_id, None)) is not None:
            self.count -= len(gone.findings)

    def forget_all(self) -> None:
        self.kept.clear()
        self.count = 0


class FindingsCache:
    """Of all workspaces that this process works for. Holds at most `most` findings a workspace."""

    def __init__(self, most: int = MOST_FINDINGS) -> None:
        self._most = most
        self._workspaces: dict[int, _Workspace] = {}
        self._lock = threading.Lock()

    def current(self, uow: UnitOfWork) -> "CurrentFindings":
        """What still holds. Ask for it before anything that findings are made from is read in `uow`, which only reads:
        what is read later may be newer than it was looked for here, never older.
        """
        with self._lock:
            known = self._workspaces.setdefault(uow.workspace_id, _Workspace())
            seq, changed = uow.audit.changed_since(known.seq)
            if changed is None:
                known.forget_all()
            for client_id in changed or ():
                known.forget(client_id)
            known.seq = max(known.seq, seq)
            return CurrentFindings(self, uow.workspace_id, seq, dict(known.kept))

    def keep(self, workspace_id: int, seq: int, client_id: int, found: Kept) -> None:
        """Unless somebody has looked meanwhile who saw later changes than those up to `seq`."""
        with self._lock:
            known = self._workspaces[workspace_id]
            if known.seq != seq:
                return
            known.forget(client_id)
            if known.count + len(found.findings) <= self._most:
                known.kept[client_id] = found
                known.count += len(found.findings)


@dataclass(frozen=True, slots=True)
class CurrentFindings:
    """What holds within one unit of work."""

    cache: FindingsCache
    workspace_id: int
    seq: int
    kept: Mapping[int, Kept]

    @property
    def people(self) -> frozenset[str]:
        """Whose absence the findings depend on."""
        return frozenset().union(*(each.people for each in self.kept.values()))

    def find(self, client_id: int, day: date, absent: Mapping[str, Absence]) -> tuple[Finding, ...] | None:
        """The client's findings on a day, if they are kept and those who were absent still are, and nobody else."""
        found = self.kept.get(client_id)
        if found is None or found.day != day:
            return None
        now = {user: absent[user] for user in found.people if user in absent}
        return found.findings if now == found.absent else None

    def keep(self, client_id: int, found: Kept) -> None:
        self.cache.keep(self.workspace_id, self.seq, client_id, found)
