"""All that a handler may touch: who asks, where, when, and the one unit of work of this command."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands.matrices import Matrices
from commands.seen import LookUp
from storage.records import Client, Role
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from commands.dispatch import Policy
    from commands.registry import Registry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `user` is a Slack user id, or "console" for somebody with a shell on the machine."""

    user: str
    role: Role


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the command."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is aware UTC; `zone` is the workspace's, for "today". `channel` and `thread` are where it was typed.

    `managers_channel` gets what has no owner; `policy` are the settings that are not in the database. Everything stored
    goes through `uow`, which belongs to one workspace. `is_confirmed`: the person said yes to what cannot simply be
    undone. `look_up` asks Slack about a person; None where there is no Slack.
    """

    actor: Actor
    uow: UnitOfWork
    now: datetime
    zone: ZoneInfo
    registry: "Registry"
    channel: str | None = None
    thread: str | None = None
    managers_channel: str | None = None
    uploads: tuple[Upload, ...] = ()
    matrices: Matrices = field(default_factory=Matrices)
    policy: "Policy | None" = None
    look_up: LookUp | None = None
    is_confirmed: bool = False

    def role_of(self, user: str) -> Role:
        """The role that `user` has, or would have."""
        if self.policy is not None and user in self.policy.admins:
            return Role.ADMIN
        granted = self.uow.roles.find(user)
        return granted.role if granted else self.policy.default_role if self.policy is not None else Role.VIEWER

    @property
    def today(self) -> date:
        """The workspace's calendar day."""
        return self.day_of(self.now)

    def today_for(self, client: Client) -> date:
        """The client's calendar day; the workspace's where the client has no zone."""
        return self.day_of(self.now, client)

    def day_of(self, moment: datetime, client: Client | None = None) -> date:
        """The calendar day of `moment` at the client; the workspace's without one, or where it has no zone."""
        return moment.astimezone(self.zone_of(client)).date()

    def zone_of(self, client: Client | None) -> ZoneInfo:
        """The client's time zone; the workspace's without one, or where it has none."""
        return (client.zone if client else None) or self.zone
