"""The settings that commands obey and the database does not hold: zone, admins, default role, hours."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from commands.rules.agreements.explanation import USUAL_DAYS
from commands.rules.reminders.delivery_time import USUAL_TIME, DeliveryHours
from storage.records import Role


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is what without an assignment, where what has no owner goes, and what papers print.

    `questions_at`: when, local time, a day's open questions are told; `questions_most` that wait are told at once.
    `company` is the provider's legal name, `paper_size` a4 or us-letter. `calendar_url`: where
    calendars are served to the world; None: nowhere. `is_neutral`: answers state what the paper says and tell nobody
    what to do. `reservation` stands under answers that leave the bot. `is_stamped`: a service stamps the audit log's
    heads. `counsel_findings` are marks of findings that nobody below `counsel_role` sees.
    """

    zone: ZoneInfo
    admins: frozenset[str] = frozenset()
    default_role: Role = Role.VIEWER
    managers_channel: str | None = None
    delivery: DeliveryHours = field(default_factory=DeliveryHours)
    explain_within_days: int = USUAL_DAYS
    company: str | None = None
    paper_size: str = "a4"
    calendar_url: str | None = None
    questions_at: time = USUAL_TIME
    questions_most: int = 5
    is_neutral: bool = False
    is_stamped: bool = False
    counsel_findings: tuple[str, ...] = ()
    counsel_role: Role = Role.MANAGER
    reservation: str | None = None

    def role_of(self, user: str, granted: Role | None) -> Role:
        """The role of a person; `granted` is what an admin gave."""
        return Role.ADMIN if user in self.admins else granted or self.default_role


def reservation_of(policy: Policy | None) -> str | None:
    """The workspace's own line under what leaves the bot; None where none is set."""
    return policy.reservation if policy is not None else None


def explain_within(policy: Policy | None) -> timedelta:
    """How long after it is signed, or changed, an agreement is still explained in time."""
    return timedelta(days=policy.explain_within_days if policy is not None else USUAL_DAYS)
