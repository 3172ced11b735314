"""The clocks of an incident: who must tell whom by when, by what source, and what is not known about it.

A clock is what a recorded source says; whether it applies is for counsel. Nothing here makes a number out of "without
unreasonable delay". What was discovered without a time of day counts from the beginning of that day: earlier, never
later.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from commands.rules.dates.business_days import BusinessCalendar, plus_business_days
from commands.rules.dates.format import format_date
from storage.records.incident import ClockMark, Incident, MarkState

_THRESHOLD = re.compile(
    r"(?:(?P<more>more than)|(?P<fewer>fewer than))? ?(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<least> or more)? "
    r"(?:residents|individuals|consumers|people)(?: of one state)?"
)
_BEFORE_MIDNIGHT = time(23, 59, 59)


class Tells(StrEnum):
    """Whose duty it is, as the source has it."""

    OWNER = "owner"
    KEEPER = "keeper"
    CLIENT = "client"
    US = "us"

    @property
    def in_words(self) -> str:
        return _TELLS[self]


_TELLS = {
    Tells.OWNER: "whoever owns the data (the client, where it does)",
    Tells.KEEPER: "whoever keeps the data for its owner (we, where we do)",
    Tells.CLIENT: "the client",
    Tells.US: "we",
}


class Start(StrEnum):
    """What the time is counted from."""

    DISCOVERY = "discovery"
    DETERMINATION = "determination"
    NOTICE_TO_PEOPLE = "notice_to_people"
    YEAR_END = "year_end"
    POLICY_END = "policy_end"


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True, slots=True)
class Duty:
    """What one source says. `within` None: it has words only, which are `span`, or its time is not recorded.

    `condition`: when there is the duty at all; of those it counts there are `at_least` and `at_most` so many (None: not
    known). `anchor`: the day that POLICY_END counts from. `checked_on`: when somebody last compared the entry with
    `checked_with`; `is_ours`: it is the workspace's own record and not the catalogue's.
    """

    key: str
    source: str
    whom: str
    tells: Tells
    span: str
    within: int | None = None
    unit: Unit | None = None
    start: Start = Start.DISCOVERY
    tells_people: bool = False
    condition: str | None = None
    at_least: int = 0
    at_most: int | None = None
    anchor: date | None = None
    citation: str | None = None
    source_url: str | None = None
    checked_on: date | None = None
    checked_with: str | None = None
    is_ours: bool = False
    notes: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The duties of one source."""
        return self.key.partition(":")[0]

    @property
    def verified(self) -> str:
        """Who stands behind what it says."""
        if self.is_ours:
            return "our own record: read the paper"
        if self.checked_on is None:
            return "never verified: read the source"
        return f"last verified on {format_date(self.checked_on)}"


class ClockState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    TOLD = "told"
    TOLD_LATE = "told_late"
    NOT_APPLICABLE = "not_applicable"
    BELOW = "below"

    @property
    def is_open(self) -> bool:
        return self in (ClockState.OPEN, ClockState.OVERDUE)

    @property
    def in_words(self) -> str:
        return _STATES[self]


_STATES = {
    ClockState.OPEN: "open", ClockState.OVERDUE: "open, its time has passed", ClockState.TOLD: "told",
    ClockState.TOLD_LATE: "told, after its time", ClockState.NOT_APPLICABLE: "recorded as not applicable",
    ClockState.BELOW: "not due, by the number of people on record",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """`by`: the last instant, aware; None where the source has no number, or what it counts from is not on record.

    `by_day`: it ends with that day. `counts_from`: in words. `unknown`: what is not known about it.
    """

    duty: Duty
    name: str
    by: datetime | None
    by_day: bool
    began: datetime
    counts_from: str
    state: ClockState
    zone: str
    mark: ClockMark | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What the clocks are worked out from. `zone` is the incident's; `calendar` the client's holidays."""

    incident: Incident
    duties: tuple[Duty, ...]
    marks: tuple[ClockMark, ...]
    calendar: BusinessCalendar
    now: datetime


def discovered_at(incident: Incident) -> datetime:
    """The instant of discovery, in UTC; the beginning of the day where no time of day is recorded."""
    return _instant(incident.discovered_on, incident.discovered_time or time(), ZoneInfo(incident.zone))


def clocks_of(facts: IncidentFacts) -> tuple[Clock, ...]:
    """Every clock: what is open first, the earliest end before the later ones; what has no number after those."""
    marks = {each.clock: each for each in facts.marks if each.incident_id == facts.incident.number}
    told_people = _told_people(facts, marks)
    found = [_clock(facts, duty, marks.get(duty.key), told_people) for duty in facts.duties]
    return tuple(sorted(_distinctly_named(found), key=_urgency))


def is_reached(condition: str | None, at_least: int, at_most: int | None) -> bool | None:
    """Whether a condition about a number of people is met, of whom there are so many; None where it is about something
    else, or that is not known.
    """
    matched = _THRESHOLD.fullmatch(condition.strip()) if condition else None
    if matched is None:
        return None
    number = int(matched["number"].replace(",", ""))
    first = number + 1 if matched["more"] else number
    if at_least >= first:
        return not matched["fewer"]
    if at_most is not None and at_most < first:
        return bool(matched["fewer"])
    return None


def _clock(facts: IncidentFacts, duty: Duty, mark: ClockMark | None, told_people: Mapping[str, date]) -> Clock:
    incident = facts.incident
    zone = ZoneInfo(incident.zone)
    began = discovered_at(incident)
    unknown = [*duty.notes]
    reached = is_reached(duty.condition, duty.at_least, duty.at_most)
    if duty.condition and reached is None:
        unknown.append(f"It is due only if: {duty.condition}. That is not known from the record.")
    first, counts_from, note = _first_day(facts, duty, told_people)
    if note:
        unknown.append(note)
    by, by_day = None, False
    if duty.within is not None and first is not None:
        if duty.unit is Unit.HOURS:
            start = began if duty.start is Start.DISCOVERY else _instant(first, time(), zone)
            by = start + timedelta(hours=duty.within)
            if duty.start is Start.DISCOVERY and incident.discovered_time is None:
                unknown.append("The time of day of the discovery is not recorded: it counts from 00:00.")
        else:
            is_business = duty.unit is Unit.BUSINESS_DAYS
            last = (
                plus_business_days(first, duty.within, facts.calendar)
                if is_business
                else first + timedelta(days=duty.within)
            )
            by, by_day = _instant(last, _BEFORE_MIDNIGHT, zone), True
            if is_business and facts.calendar.gap:
                unknown.append(facts.calendar.gap)
    state = _state(facts, mark, by, reached, zone)
    name = f"{duty.source}: {duty.whom}"
    return Clock(duty, name, by, by_day, began, counts_from, state, incident.zone, mark, tuple(unknown))


def _first_day(
    facts: IncidentFacts, duty: Duty, told_people: Mapping[str, date]
) -> tuple[date | None, str, str | None]:
    """The day that is counted from, what that is in words, and what is not known of it."""
    incident = facts.incident
    discovered = incident.discovered_on
    match duty.start:
        case Start.DETERMINATION if incident.determined_on is not None:
            return incident.determined_on, "determining that it was one", None
        case Start.DETERMINATION:
            return discovered, "its discovery", (
                "It counts from determining that it was one. When that was is not recorded: it is counted from the "
                "discovery, which is no later."
            )  # fmt: skip
        case Start.NOTICE_TO_PEOPLE:
            day = told_people.get(duty.group)
            note = None if day else "It counts from telling the people, which is not recorded yet."
            return day, "telling the people", note
        case Start.YEAR_END:
            return date(discovered.year, 12, 31), "the end of the calendar year of the discovery", None
        case Start.POLICY_END:
            return duty.anchor, "the end of the policy", None
    return discovered, "its discovery", None


def _told_people(facts: IncidentFacts, marks: Mapping[str, ClockMark]) -> dict[str, date]:
    """By source: the day on which the people were told."""
    found = {}
    for duty in facts.duties:
        mark = marks.get(duty.key)
        if duty.tells_people and mark is not None and mark.state is MarkState.TOLD and mark.told_on is not None:
            found[duty.group] = mark.told_on
    return found


def _state(
    facts: IncidentFacts, mark: ClockMark | None, by: datetime | None, reached: bool | None, zone: ZoneInfo
) -> ClockState:
    if mark is not None and mark.state is MarkState.NOT_APPLICABLE:
        return ClockState.NOT_APPLICABLE
    if mark is not None:
        # Without a time of day, it was told some time that day: late only where the whole day is.
        told = _instant(mark.told_on, mark.told_time or time(), zone) if mark.told_on else None
        return ClockState.TOLD_LATE if by is not None and told is not None and told > by else ClockState.TOLD
    if reached is False:
        return ClockState.BELOW
    return ClockState.OVERDUE if by is not None and facts.now > by else ClockState.OPEN


def _distinctly_named(found: list[Clock]) -> Iterable[Clock]:
    """Each with a name of its own: where two are alike, with the time, and if need be the citation."""
    for extra in ("span", "citation"):
        names = [each.name for each in found]
        found = [
            replace(each, name=f"{each.name}, {said}")
            if names.count(each.name) > 1 and (said := getattr(each.duty, extra))
            else each
            for each in found
        ]
    return found


def _urgency(clock: Clock) -> tuple[bool, bool, datetime, str]:
    last = datetime.max.replace(tzinfo=UTC)
    return not clock.state.is_open, clock.by is None, clock.by or last, clock.name


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
