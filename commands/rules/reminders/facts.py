"""What the registry of reminder kinds looks at: one client, what is on record for it, and who answers for what."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from commands.rules.agreements.explanation import USUAL_DAYS
from commands.rules.agreements.paper_need import PaperNeed
from commands.rules.agreements.standing import Standing
from commands.rules.dates.business_days import WEEKENDS_ONLY, BusinessCalendar
from storage.records.agreement import Agreement
from storage.records.client import Client
from storage.records.disclosure import Disclosure
from storage.records.question import ScopeQuestion
from storage.records.reminder import ReminderKind


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """`recorded_on`: the day it was first written down. `is_settled`: what happens at the end of the current term is
    decided, in a way that takes effect. `explained_partly`: what was not explained of it, in words. `terms_changed`:
    how its linked terms changed since they were last looked at.
    """

    agreement: Agreement
    standing: Standing
    recorded_on: date
    is_explained: bool = False
    is_settled: bool = False
    explained_partly: str | None = None
    terms_changed: str | None = None


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """`binds_from`: the first day the regulation is in force, where that is known. `binds`: it is law, and not over."""

    disclosure: Disclosure
    title: str
    needs: tuple[PaperNeed, ...] = ()
    binds_from: date | None = None
    binds: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """Something of any other kind that is due on a day: an access grant, a promise, a framework to look at again.

    `subject` is such as "access_grant:7". `owner` answers for it; None leaves it to the client's owner.
    `is_unmet`: a duty that nobody set that day for; it is the day since which it is known not to be met.
    """

    kind: ReminderKind
    subject: str
    label: str
    due_on: date
    owner: str | None = None
    agreement_id: int | None = None
    is_unmet: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, aware UTC, at which to remind at any hour of the day, and how many hours that is before the end."""

    at: datetime
    hours_before: int


@dataclass(frozen=True, slots=True)
class RunningClock:
    """An open clock of an incident. `moments` are when to remind, each with its hours before the end.

    `deadline`: the day it ends, for one without a number the day of the discovery, to be acted on by `act_by`. `bundle`
    names the incident.
    """

    subject: str
    label: str
    deadline: date
    bundle: str
    moments: tuple[Moment, ...]
    act_by: date | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """All of one client. `today` is the calendar day in its `zone`. A client without an id stands for all of them.

    `questions_at`: the local time at which a day's open questions are told. `settlers`: who may settle them, in the
    order of the ladder; None: everybody on it.
    """

    client: Client
    today: date
    calendar: BusinessCalendar = WEEKENDS_ONLY
    agreements: tuple[AgreementFacts, ...] = ()
    disclosures: tuple[DisclosureFacts, ...] = ()
    questions: tuple[ScopeQuestion, ...] = ()
    items: tuple[Item, ...] = ()
    clocks: tuple[RunningClock, ...] = ()
    managers_channel: str | None = None
    explain_within: timedelta = timedelta(days=USUAL_DAYS)
    questions_at: time = time(9)
    settlers: tuple[str, ...] | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class FirstTelling:
    """When something is told first, where that does not follow from its deadline: at the next `at` (local time, a
    business day) from `since` on; at `since` itself where that is None. Outside of the office's hours, when it opens.

    `lead_days` marks it among the reminders of its cycle. `presses`: how often somebody asked for it to be told anew.
    """

    lead_days: int
    since: datetime
    at: time | None = None
    presses: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is, or will be, due: the cycle (kind, subject, deadline) that reminders are planned for.

    `ladder`: who is told, in this order of escalation; never empty strings, may be empty. `act_by`: the last day on
    which acting is still in time, where that is before the deadline; `arrive_by`: once that has passed, the last on
    which a notice can arrive, where that is before the deadline, too. `leads` replace the kind's, for this one.
    `label`: what it is about as it is recorded, where that is neither an agreement nor a regulation.
    `first`: when it is told first, before the leads count.
    `is_over`: the deadline has passed and cannot be met any more; nothing new is planned, what is planned still goes.
    `moments`: the instants to remind at, in the place of leads in days; those of one `bundle` go into one message.
    """

    kind: ReminderKind
    subject: str
    deadline: date
    headline: str
    client_id: int | None
    ladder: tuple[str, ...] = ()
    agreement_id: int | None = None
    agreement_version: int | None = None
    term_start: date | None = None
    act_by: date | None = None
    arrive_by: date | None = field(default=None, compare=False)
    leads: tuple[int, ...] | None = None
    is_over: bool = False
    details: tuple[str, ...] = field(default=(), compare=False)
    label: str | None = field(default=None, compare=False)
    first: FirstTelling | None = None
    moments: tuple[Moment, ...] = ()
    bundle: str | None = None

    @property
    def cycle(self) -> tuple[ReminderKind, str, date]:
        return self.kind, self.subject, self.deadline


def ladder(facts: ClientFacts, owner: str | None = None) -> tuple[str, ...]:
    """Whoever answers for it, else the client's owner; then the backup owner; then the managers. Each once."""
    client = facts.client
    first = owner or client.owner
    return tuple(dict.fromkeys(one for one in (first, client.backup_owner, facts.managers_channel) if one))
