"""Who has which name and which role in a workspace: read on every question, changed seldom, so kept by version.

Triggers count `directory_version` up with every change of a client's names and channels, of a role and of a client's
visibility, whoever makes it. The version is read in the transaction that uses the directory, so a change in any process
counts from the next command on.
"""

import threading
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, Table, bindparam, select

from storage.derived_tables import ClientChannelRow, ClientKeyRow
from storage.engine.compiled_statements import CompiledStatement
from storage.records import RoleAssignment
from storage.records.client import joined_key, resemblance
from storage.table_base import TenantTable
from storage.tables import ClientRow, RoleAssignmentRow, VisibilityRow

CONTENT = (ClientRow, ClientKeyRow, ClientChannelRow, RoleAssignmentRow, VisibilityRow)
"""The tables that a directory is read from."""

_AFTER_ANY_LETTER = "\U0010ffff"
_tables: Mapping[str, Table] = TenantTable.metadata.tables
_key, _channel, _client = (_tables[name].c for name in ("client_key", "client_channel", "client"))
_role, _visibility = _tables["role_assignment"].c, _tables["client_visibility"].c
_version = _tables["directory_version"].c
_OURS: BindParameter[int] = bindparam("workspace_id")
_VERSION = CompiledStatement(select(_version.version).where(_version.workspace_id == _OURS))
_NAMES = (
    select(_key.key, _key.client_id, _client.name)
    .join_from(_tables["client_key"], _tables["client"], _key.client_id == _client.id)
    .where(_key.workspace_id == _OURS)
)
_CHANNELS = select(_channel.channel, _channel.client_id).where(_channel.workspace_id == _OURS)
_ROLES = select(*(_role[name] for name in RoleAssignment.model_fields)).where(_role.workspace_id == _OURS)
_RESTRICTED = select(_visibility.id).where(_visibility.workspace_id == _OURS, _visibility.is_restricted).limit(1)


class Joined(NamedTuple):
    """A client's name that some words are or begin: of how many words, and whether they are all of it."""

    name: str
    words: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """As of one version. `names` and `client_ids` are by key, as names are compared, in the order of `keys`."""

    version: int
    keys: Sequence[str]
    names: Mapping[str, str]
    client_ids: Mapping[str, int]
    channels: Mapping[str, int]
    roles: Mapping[str, RoleAssignment]
    has_restricted_clients: bool
    first_words: frozenset[str]
    _beginnings: dict[int, Mapping[str, str]] = field(default_factory=dict)
    _resembling: dict[str, str] = field(default_factory=dict)
    _joined: dict[str, tuple[Joined, ...]] = field(default_factory=dict)

    def starting_with(self, start: str) -> Sequence[str]:
        """The keys that begin with `start`."""
        first = bisect_left(self.keys, start)
        return self.keys[first : bisect_left(self.keys, start + _AFTER_ANY_LETTER, lo=first)]

    def beginnings(self, count: int) -> Mapping[str, str]:
        """See `beginnings_of`: worked out when it is first asked for."""
        if count not in self._beginnings:
            self._beginnings[count] = beginnings_of(self.keys, count)
        return self._beginnings[count]

    def resembling(self) -> Mapping[str, str]:
        """See `resembling_of`: worked out when it is first asked for."""
        if not self._resembling:
            self._resembling.update(resembling_of(self.names))
        return self._resembling

    def joined(self) -> Mapping[str, Sequence[Joined]]:
        """See `joined_of`: worked out when it is first asked for."""
        if not self._joined:
            self._joined.update(joined_of(self.names))
        return self._joined


def beginnings_of(keys: Iterable[str], count: int) -> Mapping[str, str]:
    """The first `count` words of every key that has more of them."""
    return {key: " ".join(words[:count]) for key in keys if len(words := key.split()) > count}


def resembling_of(names: Mapping[str, str]) -> Mapping[str, str]:
    """The clients' names by what is left of every key without accents, punctuation and legal form."""
    return {resemblance(key): name for key, name in names.items()}


def joined_of(names: Mapping[str, str]) -> Mapping[str, tuple[Joined, ...]]:
    """By every key, and every beginning of one, written without spaces: whose it is."""
    found: dict[str, list[Joined]] = defaultdict(list)
    for key, name in names.items():
        words = key.split()
        joined = ""
        for count, word in enumerate(words, 1):
            joined += joined_key(word)
            found[joined].append(Joined(name, count, count == len(words)))
    return {joined: tuple(each) for joined, each in found.items()}


def first_words_of(keys: Iterable[str]) -> frozenset[str]:
    """The words that keys begin with."""
    return frozenset(word for key in keys for word in key.split(maxsplit=1)[:1])


class Directories:
    """The directories of at most `capacity` workspaces, the least recently used forgotten first."""

    def __init__(self, capacity: int = 64) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[tuple[int, int], Directory] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def of(self, workspace_id: int, epoch: int, connection: Connection) -> Directory:
        """The directory as the transaction of `connection` sees it, which must not have changed it itself.

        `epoch`: what was read in another one may never have been committed.
        """
        key = (workspace_id, epoch)
        given = {"workspace_id": workspace_id}
        version = next((row["version"] for row in _VERSION.rows(connection, given)), 0)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.version == version:
                self._kept.move_to_end(key)
                self.hits += 1
                return kept
        read = _read(connection, version, given)
        with self._lock:
            self.misses += 1
            self._kept[key] = read
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return read


def _read(connection: Connection, version: int, given: Mapping[str, int]) -> Directory:
    """`version` was read first: what changes in between has a newer one, and is read again."""
    names = sorted(connection.execute(_NAMES, given).all(), key=lambda row: str(row.key))
    roles = (RoleAssignment.model_construct(**row) for row in connection.execute(_ROLES, given).mappings())
    keys = tuple(row.key for row in names)
    return Directory(
        version,
        keys,
        {row.key: row.name for row in names},
        {row.key: row.client_id for row in names},
        {row.channel: row.client_id for row in connection.execute(_CHANNELS, given)},
        {each.user: each for each in roles},
        connection.execute(_RESTRICTED, given).first() is not None,
        first_words_of(keys),
    )
