"""Who may do what."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.records.base import Record, choice


class Role(StrEnum):
    """In rising order: each may do what those before it may."""

    VIEWER = "viewer"
    TECHNICIAN = "technician"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def may_act_as(self, needed: "Role") -> bool:
        return self.rank >= needed.rank


_RANKS = {role: rank for rank, role in enumerate(Role)}


class RoleAssignment(Record):
    """`user` is a Slack user id."""

    user: str = Field(min_length=1, max_length=64)
    role: Role = choice(Role)
    granted_by: str = Field(max_length=64)
    granted_at: datetime
