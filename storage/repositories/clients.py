"""Clients and the many ways people name them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import delete, func, inspect, update
from sqlmodel import col, select

from storage.derived_tables import ClientChannelRow, ClientKeyRow
from storage.engine.directory import Joined, beginnings_of, first_words_of, joined_of, resembling_of
from storage.engine.session import TenantSession
from storage.errors import StaleRecord
from storage.records import Client, ClientStatus
from storage.records.client import client_key
from storage.repositories.repository import Note, Repository
from storage.table_base import TenantTable
from storage.tables import AgreementVersionRow, CheckResultRow, ClientRow, ReminderRow

NOBODY = 0
"""What a client that was taken back is merged into: it is no client's id."""
_NOT_RECORDED = (ClientKeyRow, ClientChannelRow, AgreementVersionRow, CheckResultRow)
"""What follows from the records of a client by itself."""
_AT_ONCE = 500
_AFTER_ANY_LETTER = "\U0010ffff"


class Clients(Repository[Client]):
    row: ClassVar = ClientRow
    noun: ClassVar = Client

    def __init__(self, session: TenantSession, note: Note) -> None:
        super().__init__(session, note)
        self._found: dict[int, Client | None] = {}
        self._visible: tuple[tuple[Any, ...], Mapping[str, str]] | None = None  # to whom these are concealed
        self._joined: tuple[Mapping[str, str], Mapping[str, Sequence[Joined]]] | None = None

    def find(self, id: int) -> Client | None:
        if self._session.directory() is None:
            return super().find(id)
        if id not in self._found:  # asked for again and again within one command, which has not changed any
            self._found[id] = super().find(id)
        elif self._found[id] is not None:
            self._note_read(id)
        return self._found[id]

    def get(self, id: int) -> Client:
        """The client that a record belongs to. Raises LookupError where there is none: clients are never deleted."""
        found = self.find(id)
        if found is None:
            raise LookupError(f"there is no client no. {id}")
        return found

    def add(self, client: Client) -> Client:
        """Raises StaleRecord (on flush) when a name, alias or channel is taken meanwhile."""
        [stored] = self.add_all([client])
        return stored

    def add_all(self, clients: Sequence[Client]) -> Sequence[Client]:
        """The same of several."""
        stored = self._add_all(clients)
        self._index(stored)
        return stored

    def save(self, client: Client) -> Client:
        """Raises StaleRecord when it was changed since it was read, or a name, alias or channel is taken meanwhile."""
        after: Client = self._replace(client)
        self._session.execute(delete(ClientKeyRow).where(col(ClientKeyRow.client_id) == client.id))
        self._session.execute(delete(ClientChannelRow).where(col(ClientChannelRow.client_id) == client.id))
        self._index([after])
        return after

    def recorded_for(self, client_id: int) -> dict[str, int]:
        """How many records of each table are about it, whoever may see them; empty when nothing was recorded for it."""
        counts = {}
        for table in TenantTable.__subclasses__():
            columns: Any = inspect(table).columns
            if table in _NOT_RECORDED or "client_id" not in columns:
                continue
            ours = columns["client_id"] == client_id
            if table is ReminderRow:
                ours &= columns["message_key"].is_not(None)
            counts[str(table.__tablename__)] = self._session.exec(
                select(func.count()).select_from(table).where(ours)
            ).one()
        return {table: count for table, count in counts.items() if count}

    def take_back(self, client: Client, *, on: date) -> None:
        """It was added by mistake, and nothing is recorded for it: only the audit log keeps what it was called.

        Its row stays, without names: SQLite would give its id, which the audit log has, to the next client.
        """
        unsent = delete(ReminderRow).where(col(ReminderRow.client_id) == client.id)
        self._session.execute(unsent)
        self.save(
            Client(
                id=client.id, version=client.version, matrix_version=client.matrix_version, merged_into=NOBODY,
                name=f"Client {client.id}, taken back", status=ClientStatus.OFFBOARDED, offboarded_on=on,
            )
        )  # fmt: skip

    def matrix_changed(self, client_id: int) -> None:
        """Count a change to the matrix or its agreements; holds other such changes of this client until commit."""
        self.matrices_changed((client_id,))

    def matrices_changed(self, client_ids: Collection[int]) -> None:
        """The same of several."""
        ordered = sorted(client_ids)
        for start in range(0, len(ordered), _AT_ONCE):
            ids = ordered[start : start + _AT_ONCE]
            counted = update(ClientRow).values(matrix_version=col(ClientRow.matrix_version) + 1)
            unseen = counted.where(col(ClientRow.id).in_(ids)).execution_options(synchronize_session=False)
            if self._session.execute(unseen).rowcount != len(ids):  # type: ignore[attr-defined]
                raise StaleRecord("a client was changed meanwhile")
        self._session.expire_all()

    def list(self, *, offboarded: bool = False) -> list[Client]:
        statement = select(ClientRow).where(col(ClientRow.merged_into).is_(None)).order_by(col(ClientRow.name))
        return self._all(statement if offboarded else statement.where(ClientRow.status == ClientStatus.ACTIVE))

    def find_by_key(self, text: str) -> Client | None:
        """The client with that name or alias, spelled with any case, spacing and punctuation."""
        key = client_key(text)
        if not key:
            return None
        if (directory := self._session.directory()) is not None:
            return self._known(directory.client_ids.get(key))
        return self._known(self._id_in(ClientKeyRow, key=key))

    def starting_with(self, text: str, limit: int = 6) -> Sequence[Client]:
        """Clients with a name or alias that starts so; at most `limit`."""
        key = client_key(text)
        if not key:
            return []
        if (directory := self._session.directory()) is not None:
            found = {directory.client_ids[each]: directory.names[each] for each in directory.starting_with(key)}
            first = sorted(found, key=lambda id: found[id])[:limit]
            return [client for client in map(self.find, first) if client is not None]
        begun = select(ClientKeyRow.client_id).where(
            ClientKeyRow.key >= key, ClientKeyRow.key < key + _AFTER_ANY_LETTER
        )
        return self._all(
            select(ClientRow).where(col(ClientRow.id).in_(begun)).order_by(col(ClientRow.name)).limit(limit)
        )

    def merged_into(self, client_id: int) -> tuple[int, ...]:
        """Ids of the clients that became part of this one."""
        found = self._session.exec(select(ClientRow.id).where(col(ClientRow.merged_into) == client_id))
        return tuple(each for each in found if each is not None)

    def for_channel(self, channel: str) -> Client | None:
        if (directory := self._session.directory()) is not None:
            return self._known(directory.channels.get(channel))
        return self._known(self._id_in(ClientChannelRow, channel=channel))

    def keys(self) -> Mapping[str, str]:
        """Every name and alias as it is compared, with the client's name: for finding near misses."""
        if (directory := self._session.directory()) is not None:
            return directory.names
        concealed = self._session.concealed
        if self._visible is not None and self._visible[0] is concealed and not self._session.changed_directory:
            return self._visible[1]
        statement = select(ClientKeyRow.key, ClientRow.name).join(
            ClientRow, col(ClientKeyRow.client_id) == col(ClientRow.id)
        )
        names = dict(self._session.exec(statement).all())
        self._visible = concealed, names
        return names

    def beginnings(self, count: int) -> Mapping[str, str]:
        """The first `count` words of every name and alias that has more of them, by the whole of it, as compared."""
        directory = self._session.directory()
        return directory.beginnings(count) if directory is not None else beginnings_of(self.keys(), count)

    def resembling(self) -> Mapping[str, str]:
        """The clients' names by every name and alias without accents, punctuation and legal form."""
        directory = self._session.directory()
        return directory.resembling() if directory is not None else resembling_of(self.keys())

    def joined(self) -> Mapping[str, Sequence[Joined]]:
        """Whose name or alias, or beginning of one, it is, by what is left of it without spaces and punctuation."""
        if (directory := self._session.directory()) is not None:
            return directory.joined()
        keys = self.keys()
        if self._joined is None or self._joined[0] is not keys:  # asked for several times within one command
            self._joined = keys, joined_of(keys)
        return self._joined[1]

    def first_words(self) -> frozenset[str]:
        """The words that names and aliases begin with, as they are compared."""
        directory = self._session.directory()
        return directory.first_words if directory is not None else first_words_of(self.keys())

    def _id_in(self, table: type[ClientKeyRow | ClientChannelRow], **equal: str) -> int | None:
        """Of one table, not joined: in the middle of an import PostgreSQL does not know how many clients there are, and
        would try them one by one.
        """
        if not self._session.concealed:
            return next((row["client_id"] for row in self._session.rows(table, **equal)), None)
        statement = select(table.client_id).where(*(getattr(table, name) == value for name, value in equal.items()))
        return self._session.exec(statement).first()

    def _known(self, id: int | None) -> Client | None:
        return None if id is None else self.find(id)

    def _index(self, clients: Sequence[Client]) -> None:
        clients = [each for each in clients if each.merged_into is None]
        keys = [(client, _keys(client)) for client in clients]
        self._session.insert(
            ClientKeyRow, [{"key": key, "client_id": each.id} for each, found in keys for key in found]
        )
        channels = [{"channel": channel, "client_id": each.id} for each in clients for channel in each.channels]
        self._session.insert(ClientChannelRow, channels)


def _keys(client: Client) -> Iterable[str]:
    return dict.fromkeys(map(client_key, (client.name, *client.aliases, *client.former_names)))
