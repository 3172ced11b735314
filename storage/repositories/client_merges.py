"""Merging a client into another: every row about it moves, over all tables by their columns; and the way back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import inspect, update
from sqlmodel import col, select

from storage.derived_tables import ClientChannelRow, ClientKeyRow
from storage.records.client_merge import ClientMerge
from storage.repositories.repository import Repository
from storage.table_base import TenantTable
from storage.tables import AgreementRow, ClientMergeRow, ClientRow, DisclosureRow, LeadTimesRow, VisibilityRow

NOT_MOVED: Mapping[type[TenantTable], str] = {
    ClientKeyRow: "derived from the client's names",
    ClientChannelRow: "derived from the client's channels",
    VisibilityRow: "the survivor's restriction stands; both are the same",
    ClientMergeRow: "an earlier merge is taken back after the later one",
}
"""The tables with a client's id whose rows a merge leaves where they are, and why. All others move."""
_AT_ONCE = 500


def moving() -> Iterator[Any]:
    """The tables whose rows move with their client."""
    for table in TenantTable.__subclasses__():
        if "client_id" in inspect(table).columns and table not in NOT_MOVED:
            yield table


class ClientMerges(Repository[ClientMerge]):
    row: ClassVar = ClientMergeRow
    noun: ClassVar = ClientMerge

    def into(self, client_id: int) -> list[ClientMerge]:
        """The merges into the client that were not taken back, oldest first."""
        return self._where(client_id=client_id, retracted_at=None)

    def absorbed_by(self, client_ids: frozenset[int]) -> frozenset[int]:
        """The clients that were merged into one of these, directly or through another."""
        found: frozenset[int] = frozenset()
        wanted = client_ids
        while wanted:
            merged = select(ClientRow.id).where(col(ClientRow.merged_into).in_(sorted(wanted)))
            wanted = frozenset(id for id in self._session.exec(merged) if id is not None) - found - client_ids
            found |= wanted
        return found

    def rows_of(self, client_id: int) -> dict[str, list[int]]:
        """The ids of the rows that would move, by table, and those of its lead times; tables without any left out."""
        found = {str(table.__tablename__): self._ids(table, table.client_id == client_id) for table in moving()}
        found["lead_times"] = self._ids(LeadTimesRow, col(LeadTimesRow.scope) == f"client:{client_id}")
        return {table: ids for table, ids in found.items() if ids}

    def record(self, merge: ClientMerge) -> ClientMerge:
        """Move the rows that `merge.moved` names to the survivor."""
        self._move(merge.moved, merge.client_id)
        return self._add(merge)

    def retract(self, merge: ClientMerge, *, at: datetime, by: str) -> ClientMerge:
        """Move the rows back, with what was recorded since under the agreements and incidents that moved."""
        self._move(merge.moved, merge.merged_id)
        for table in moving():
            for column, owners in _owners(table, merge):
                for ids in _batches(owners):
                    self._update(table, column.in_(ids), client_id=merge.merged_id)
        after = merge.model_copy(update={"retracted_at": at, "retracted_by": by})
        self._update_one(
            update(ClientMergeRow)
            .where(col(ClientMergeRow.id) == merge.id, col(ClientMergeRow.retracted_at).is_(None))
            .values(retracted_at=at, retracted_by=by)
        )
        self._note(self._subject(after), merge, after)
        self._session.expire_all()
        return after

    def restore_disclosures(self, ids: Sequence[int]) -> None:
        """Let answers that a merge superseded count again."""
        self._update(DisclosureRow, col(DisclosureRow.id).in_(ids), superseded_at=None, superseded_by=None)

    def changed_since(self, merge: ClientMerge) -> dict[str, int]:
        """How many rows that moved were replaced since by others that would stay with the survivor, by table."""
        found = {}
        for table in moving():
            columns = inspect(table).columns
            if "superseded_at" not in columns or table.__tablename__ not in merge.moved:
                continue
            condition = col(table.superseded_at) > merge.recorded_at
            ids = self._ids(table, condition, table.client_id == merge.client_id)
            ids = sorted(set(ids) & set(merge.moved[table.__tablename__]))
            for column, owners in _owners(table, merge):
                ids = sorted(set(ids) - set(self._ids(table, column.in_(owners), condition)))
            if ids:
                found[str(table.__tablename__)] = len(ids)
        return found

    def entangled(self, merge: ClientMerge) -> list[str]:
        """The references of agreements that are linked across: one moved, its parent or child did not."""
        papers = set(merge.moved.get("agreement", ()))
        links = select(AgreementRow.id, AgreementRow.parent_id, AgreementRow.reference).where(
            col(AgreementRow.client_id) == merge.client_id, col(AgreementRow.parent_id).is_not(None)
        )
        return [
            reference for id, parent, reference in self._session.execute(links) if (id in papers) != (parent in papers)
        ]

    def added_since(self, merge: ClientMerge) -> dict[str, int]:
        """How many rows were added to the survivor since and stay with it, by table."""
        found = {}
        for table in moving():
            columns = inspect(table).columns
            when = next(
                (name for name in ("recorded_at", "asked_at", "learned_at", "checked_at") if name in columns), None
            )
            if when is None or table.__tablename__ == "agreement_version":
                continue
            ids = set(self._ids(table, table.client_id == merge.client_id, columns[when] > merge.recorded_at))
            ids -= set(merge.moved.get(str(table.__tablename__), ()))
            for column, owners in _owners(table, merge):
                ids -= set(self._ids(table, column.in_(owners)))
            if ids:
                found[str(table.__tablename__)] = len(ids)
        return found

    def _move(self, moved: Mapping[str, Sequence[int]], client_id: int) -> None:
        for table in moving():
            for ids in _batches(moved.get(str(table.__tablename__), ())):
                self._update(table, col(table.id).in_(ids), client_id=client_id)
        for ids in _batches(moved.get("lead_times", ())):
            self._update(LeadTimesRow, col(LeadTimesRow.id).in_(ids), scope=f"client:{client_id}")
        self._session.expire_all()

    def _ids(self, table: Any, *conditions: Any) -> list[int]:
        return list(self._session.exec(select(table.id).where(*conditions).order_by(table.id)))

    def _update(self, table: Any, condition: Any, **values: Any) -> None:
        statement = update(table).where(condition).values(**values)
        self._session.execute(statement.execution_options(synchronize_session=False))


def _owners(table: Any, merge: ClientMerge) -> Iterator[tuple[Any, Sequence[int]]]:
    """The columns of `table` that name what it belongs to, each with those of them that moved."""
    for name, owner in (("agreement_id", "agreement"), ("incident_id", "incident")):
        if name in inspect(table).columns:
            yield col(getattr(table, name)), merge.moved.get(owner, ())


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
