"""What Slack said about people. Not part of the history, and not of the audit trail."""

from collections.abc import Collection
from typing import ClassVar

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from storage.records import Person
from storage.repositories.repository import Repository, columns_of
from storage.tables import PersonRow

# Several replicas may learn of somebody at the same moment.
_LEARN = text(
    'INSERT INTO person (workspace_id, "user", name, absence, seen_at, email) '
    "VALUES (:workspace_id, :user, :name, :absence, :seen_at, :email) "
    'ON CONFLICT (workspace_id, "user") DO UPDATE '
    "SET name = excluded.name, absence = excluded.absence, seen_at = excluded.seen_at, "
    "email = COALESCE(excluded.email, person.email)"
).bindparams(bindparam("seen_at", type_=PersonRow.__table__.c.seen_at.type))  # type: ignore[attr-defined]


class People(Repository[Person]):
    row: ClassVar = PersonRow
    noun: ClassVar = Person

    def list(self) -> list[Person]:
        return self._all(select(PersonRow).order_by(col(PersonRow.user)))

    def of(self, users: Collection[str]) -> dict[str, Person]:
        """Those of `users` who are known, by user id."""
        found = self._all(select(PersonRow).where(col(PersonRow.user).in_(users))) if users else []
        return {each.user: each for each in found}

    def learn(self, person: Person) -> None:
        """One record per person: an earlier one is replaced, but for a mail address that is not told again."""
        given = {"workspace_id": self._session.workspace_id, **columns_of(person)}
        self._session.open.execute(_LEARN, given)
