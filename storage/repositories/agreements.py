"""Agreements, with every earlier version of what we knew about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, func, inspect, update
from sqlmodel import col, select

from storage.records import Agreement
from storage.records.agreement import reference_key
from storage.repositories.repository import Repository, columns_of
from storage.table_base import TenantTable
from storage.tables import AgreementRow, AgreementVersionRow, ReminderRow


class Agreements(Repository[Agreement]):
    row: ClassVar = AgreementRow
    noun: ClassVar = Agreement

    def add(self, agreement: Agreement, *, at: datetime) -> Agreement:
        [stored] = self.add_all([agreement], at=at)
        return stored

    def add_all(self, agreements: Sequence[Agreement], *, at: datetime) -> Sequence[Agreement]:
        """Store new ones; they come back with their ids."""
        stored = self._add_all(agreements, lambda each: {"reference_key": reference_key(each.reference)})
        self._keep_versions(stored, at)
        return stored

    def save(self, agreement: Agreement, *, at: datetime) -> Agreement:
        """Raises StaleRecord when it was changed since it was read."""
        after: Agreement = self._replace(agreement, reference_key=reference_key(agreement.reference))
        self._session.execute(
            update(AgreementVersionRow)
            .where(
                col(AgreementVersionRow.agreement_id) == agreement.id,
                col(AgreementVersionRow.superseded_at).is_(None),
            )
            .values(superseded_at=at)
        )
        self._keep_versions([after], at)
        return after

    def of_client(self, client_id: int) -> list[Agreement]:
        """In the order they were added."""
        return self._where(client_id=client_id)

    def list(self) -> list[Agreement]:
        return self._all(select(AgreementRow).order_by(col(AgreementRow.client_id), col(AgreementRow.id)))

    def owners(self) -> set[str]:
        """Everybody who answers for an agreement."""
        return {owner for owner in self._session.exec(select(AgreementRow.owner).distinct()) if owner}

    def as_known(self, agreement_id: int, at: datetime) -> Agreement | None:
        """What our record of it said at that instant; None before it was recorded."""
        row = self._session.exec(
            select(AgreementVersionRow)
            .where(
                AgreementVersionRow.agreement_id == agreement_id,
                AgreementVersionRow.recorded_at <= at,
            )
            .order_by(col(AgreementVersionRow.version).desc())
        ).first()
        return self._as_noun(row).model_copy(update={"id": agreement_id}) if row is not None else None

    def of_client_as_known(self, client_id: int, at: datetime) -> Sequence[Agreement]:
        """What our records of the client's agreements said at that instant, in the order they were added."""
        versions = select(AgreementVersionRow).where(
            AgreementVersionRow.client_id == client_id, AgreementVersionRow.recorded_at <= at
        )
        newest: dict[int, AgreementVersionRow] = {}
        for row in self._session.exec(versions.order_by(col(AgreementVersionRow.version))):
            newest[row.agreement_id] = row
        return [self._as_noun(row).changed(id=id) for id, row in sorted(newest.items())]

    def versions(self, agreement_id: int) -> Sequence[tuple[datetime, Agreement]]:
        """Each version of our record of it with when it was recorded, oldest first."""
        found = select(AgreementVersionRow).where(AgreementVersionRow.agreement_id == agreement_id)
        rows = self._session.exec(found.order_by(col(AgreementVersionRow.version)))
        return [(row.recorded_at, self._as_noun(row).changed(id=agreement_id)) for row in rows]

    def version(self, agreement_id: int, version: int) -> Agreement | None:
        """What that version of our record of it said."""
        chosen = (AgreementVersionRow.agreement_id == agreement_id, AgreementVersionRow.version == version)
        found = self._one(select(AgreementVersionRow).where(*chosen))
        return found.model_copy(update={"id": agreement_id}) if found is not None else None

    def resting_on(self, agreement_id: int) -> dict[str, int]:
        """How many records of each table refer to it; empty when it could be removed."""
        counted = {}
        for table in TenantTable.__subclasses__():
            columns = inspect(table).columns
            own = (AgreementVersionRow, ReminderRow)
            name = "parent_id" if table is AgreementRow else "agreement_id"
            if table in own or name not in columns:
                continue
            found = self._session.exec(
                select(func.count()).select_from(table).where(columns[name] == agreement_id)
            ).one()
            counted[str(table.__tablename__)] = found
        return {table: count for table, count in counted.items() if count}

    def remove(self, agreement: Agreement) -> None:
        """It was recorded by mistake: only the audit log keeps it. Nothing may rest on it."""
        id = agreement.id
        self._session.execute(
            delete(ReminderRow).where(col(ReminderRow.agreement_id) == id, col(ReminderRow.message_key).is_(None))
        )
        self._session.execute(update(ReminderRow).where(col(ReminderRow.agreement_id) == id).values(agreement_id=None))
        self._session.execute(delete(AgreementVersionRow).where(col(AgreementVersionRow.agreement_id) == id))
        self._session.execute(delete(AgreementRow).where(col(AgreementRow.id) == id))
        self._session.expire_all()
        self._note(self._subject(agreement), agreement, None)

    def first_recorded(self, client_id: int) -> dict[int, datetime]:
        """When each of the client's agreements was written down first, by its id."""
        client, agreement = col(AgreementVersionRow.client_id), col(AgreementVersionRow.agreement_id)

        def read(ids: Sequence[int]) -> list[tuple[int, tuple[int, datetime]]]:
            first = select(client, agreement, func.min(AgreementVersionRow.recorded_at)).where(client.in_(ids))
            found = self._session.exec(first.group_by(client, agreement))
            return [(client_id, (agreement_id, at)) for client_id, agreement_id, at in found]

        return dict(self._session.of_client(AgreementVersionRow, "first", client_id, read))

    def _keep_versions(self, agreements: Sequence[Agreement], at: datetime) -> None:
        versions = [columns_of(each) | {"agreement_id": each.id, "recorded_at": at} for each in agreements]
        self._session.insert(AgreementVersionRow, versions)
