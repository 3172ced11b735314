"""Restricted clients: who may see them. Read without concealment, because it decides about the concealment."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import union
from sqlmodel import col, select

from storage.derived_tables import ClientChannelRow
from storage.records.visibility import Visibility
from storage.repositories.repository import Repository
from storage.tables import AgreementRow, ClientRow, PromiseRow, VisibilityRow


class Visibilities(Repository[Visibility]):
    row: ClassVar = VisibilityRow
    noun: ClassVar = Visibility

    def of_client(self, client_id: int) -> Visibility | None:
        found = self._where(client_id=client_id)
        return found[0] if found else None

    def set(self, visibility: Visibility) -> Visibility:
        """Raises StaleRecord when somebody else set it meanwhile."""
        saved: Visibility = self._replace(visibility) if visibility.id else self._add(visibility)
        return saved

    def restricted(self) -> list[Visibility]:
        directory = self._session.directory()
        if directory is not None and not directory.has_restricted_clients:
            return []
        return self._all(select(VisibilityRow).where(col(VisibilityRow.is_restricted).is_(True)))

    def channels(self, client_ids: frozenset[int]) -> Mapping[int, frozenset[str]]:
        """The channels that are linked to each client."""
        statement = select(ClientChannelRow.client_id, ClientChannelRow.channel)
        return self._grouped(statement.where(col(ClientChannelRow.client_id).in_(client_ids)), client_ids)

    def answering_for(self, client_ids: frozenset[int]) -> Mapping[int, frozenset[str]]:
        """Who answers for each client: its owner, its backup, and the owners of its agreements and promises."""
        wanted: Any = union(
            select(ClientRow.id, ClientRow.owner).where(col(ClientRow.id).in_(client_ids)),
            select(ClientRow.id, ClientRow.backup_owner).where(col(ClientRow.id).in_(client_ids)),
            select(AgreementRow.client_id, AgreementRow.owner).where(col(AgreementRow.client_id).in_(client_ids)),
            select(PromiseRow.client_id, PromiseRow.owner).where(
                col(PromiseRow.client_id).in_(client_ids), col(PromiseRow.superseded_at).is_(None)
            ),
        )
        return self._grouped(wanted, client_ids)

    def _grouped(self, statement: Any, client_ids: frozenset[int]) -> Mapping[int, frozenset[str]]:
        found: dict[int, set[str]] = {each: set() for each in client_ids}
        for client_id, text in self._session.execute(statement):
            if text:
                found[client_id].add(text)
        return {client_id: frozenset(texts) for client_id, texts in found.items()}
