"""The settings that commands obey and the database does not hold: zone, admins, default role, hours."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from commands.rules.reminders.delivery_time import DeliveryHours
from storage.records import Role


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is what without an assignment, and where what has no owner goes."""

    zone: ZoneInfo
    admins: frozenset[str] = frozenset()
    default_role: Role = Role.VIEWER
    managers_channel: str | None = None
    delivery: DeliveryHours = field(default_factory=DeliveryHours)
