"""The open clocks of a client's incidents, as the reminders look at them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from commands.incidents.sheet import by_words, open_sheets, sheet_of
from commands.rules.incidents.clocks import Clock, ClockState
from commands.rules.incidents.moments import hours_before, reminder_moments
from commands.rules.reminders.facts import Moment, RunningClock
from storage.records import Client, Incident
from storage.unit_of_work import UnitOfWork


def running_clocks(uow: UnitOfWork, client: Client, now: datetime) -> tuple[RunningClock, ...]:
    """Of every incident that is not closed: what nobody is recorded as told, and nobody dismissed."""
    found = []
    for sheet in open_sheets(uow, client, now):
        first = uow.incidents.find(sheet.incident.number) or sheet.incident
        found += [_running(sheet.incident, each, first.recorded_at, now) for each in sheet.clocks if each.state.is_open]
    return tuple(found)


def incident_of(uow: UnitOfWork, client: Client, subject: str) -> Incident | None:
    """The incident that a reminder is about, by its subject."""
    kind, _, rest = subject.partition(":")
    number = rest.partition(":")[0]
    known = uow.incidents.current(client.id) if kind == "incident" else ()
    return next((each for each in known if str(each.number) == number), None)


def clock_of(uow: UnitOfWork, client: Client, subject: str, now: datetime) -> tuple[Incident, Clock] | None:
    """The clock that a reminder is about, as it stands at `now`, with its incident."""
    incident = incident_of(uow, client, subject)
    clocks = sheet_of(uow, client, incident, now).clocks if incident is not None else ()
    return next(((incident, each) for each in clocks if incident and _subject(incident, each) == subject), None)


def clock_words(clock: Clock) -> str:
    """HIPAA: the people concerned, by 30 April 2026."""
    passed = ", has passed" if clock.state is ClockState.OVERDUE else ""
    until = f"by {by_words(clock)}{passed}" if clock.by else by_words(clock)
    return f"{clock.name}, {until}."


def _subject(incident: Incident, clock: Clock) -> str:
    return f"incident:{incident.number}:{clock.duty.key}"[:80]


def _running(incident: Incident, clock: Clock, recorded_at: datetime, now: datetime) -> RunningClock:
    moments = tuple(Moment(at, hours_before(clock, at, recorded_at)) for at in reminder_moments(clock, recorded_at))
    act_by = None if clock.by else now.astimezone(ZoneInfo(incident.zone)).date()
    deadline = clock.by.astimezone(ZoneInfo(incident.zone)).date() if clock.by else incident.discovered_on
    label = f"{clock_words(clock)} Incident: {incident.what}"
    bundle = f"incident:{incident.number}"
    return RunningClock(_subject(incident, clock), label, deadline, bundle, moments, act_by, incident.owner)
