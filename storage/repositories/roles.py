"""Who may do what, by Slack user."""

from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import col, select

from storage.records import Role, RoleAssignment
from storage.repositories.repository import Repository
from storage.tables import RoleAssignmentRow


class Roles(Repository[RoleAssignment]):
    row: ClassVar = RoleAssignmentRow
    noun: ClassVar = RoleAssignment

    def find(self, user: str) -> RoleAssignment | None:  # type: ignore[override]
        if (directory := self._session.directory()) is not None:
            return directory.roles.get(user)
        return self._one(select(RoleAssignmentRow).where(RoleAssignmentRow.user == user))

    def granted(self, user: str) -> Role | None:
        """The role that an admin gave; None where nobody gave one."""
        found = self.find(user)
        return found.role if found is not None else None

    def list(self) -> list[RoleAssignment]:
        return self._all(select(RoleAssignmentRow).order_by(col(RoleAssignmentRow.user)))

    def grant(self, assignment: RoleAssignment) -> RoleAssignment:
        """One role per person: an earlier one is replaced."""
        before = self._remove(assignment.user)
        stored = self._add(assignment)
        if before is not None:
            self._note(f"role_assignment:{assignment.user}", before, None)
        return stored

    def revoke(self, user: str) -> RoleAssignment | None:
        """The assignment that ended; None when there was none."""
        before = self._remove(user)
        if before is not None:
            self._note(f"role_assignment:{user}", before, None)
        return before

    def _remove(self, user: str) -> RoleAssignment | None:
        before = self.find(user)
        if before is not None:
            self._session.execute(delete(RoleAssignmentRow).where(col(RoleAssignmentRow.user) == user))
        return before
