"""The sheet of an incident on paper: what is on record, who must tell whom by when, who was told, what is not known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from commands.incidents.sheet import by_words, discovered_words, moment, place_words
from commands.papers.blocks import PAIR, about, blank_signatures, closing, empty_paper, paragraphs
from commands.papers.content import Column, PaperContent, Section
from commands.papers.facts import PaperFacts, day_words
from commands.rules.incidents.clocks import Clock, ClockState
from storage.records import ClockMark, Hold, Incident, MarkState, PaperKind

_CLOCKS = (
    Column("clock", "Whom to tell, and who must", 5), Column("by", "By when", 3), Column("job", "Whose job", 4),
    Column("state", "State", 2), Column("source", "Clause, and who verified it", 4),
)  # fmt: skip
_TOLD = (
    Column("clock", "Of which clock", 4), Column("whom", "Who was told", 3), Column("on", "When", 3),
    Column("by", "By whom", 3), Column("proof", "Proof", 4),
)  # fmt: skip
_LEFT = (Column("clock", "Clock", 4), Column("why", "Why", 5))
_OPEN_POINTS = (Column("about", "About", 3), Column("unknown", "What is not known", 6))


@dataclass(frozen=True, slots=True)
class IncidentSubject:
    """An incident as it stands. `first` is its first version, `job` whose job telling is by our records at the
    discovery, `since` what was recorded about that later, `then` what our records had at the discovery.
    `insurers`: the client's contracts with insurers.
    """

    incident: Incident
    first: Incident
    clocks: tuple[Clock, ...]
    unknown: tuple[str, ...]
    job: str
    then: str
    since: str = ""
    hold: Hold | None = None
    insurers: tuple[str, ...] = ()


def incident_sheet(facts: PaperFacts, texts: dict[str, str], subject: IncidentSubject | None) -> PaperContent:
    """`subject` is None for the template alone."""
    clocks = subject.clocks if subject else ()
    told = tuple(_told(facts, each, mark) for each, mark in _marked(clocks, MarkState.TOLD))
    return replace(
        empty_paper(facts, PaperKind.INCIDENT, "Incident sheet"),
        sections=(
            about(facts, texts, *([("Incident", subject.incident.what)] if subject else ())),
            Section("facts", "What is on record of it", paragraphs(texts, "facts"), PAIR,
                    tuple(_facts(facts, subject)) if subject else (), is_list=True),
            Section("clocks", "Who must be told by when", paragraphs(texts, "clocks"), _CLOCKS,
                    tuple(_clock(each, subject.job) for each in clocks) if subject else (),
                    "No clock follows from what is recorded. That means nothing was recorded, not that none runs."),
            Section("told", "Who was told", paragraphs(texts, "told"), _TOLD, told, "Nobody is recorded as told."),
            Section("left", "Clocks that are not due, and why", (), _LEFT, tuple(_left(clocks)),
                    "No clock is recorded as not due."),
            Section("unknown", "What is not known", paragraphs(texts, "unknown"), _OPEN_POINTS,
                    tuple(_unknown(subject)) if subject else (), "Nothing is listed as not known."),
            closing(texts),
        ),
        signatures=blank_signatures(f"Checked for the provider, {facts.provider_name}", "Given to"),
    )  # fmt: skip


def _facts(facts: PaperFacts, subject: IncidentSubject) -> Iterator[tuple[str, str]]:
    incident, hold = subject.incident, subject.hold
    yield "Number", str(incident.number)
    yield "Discovered", discovered_words(incident)
    yield "Recorded", moment(subject.first.recorded_at, ZoneInfo(incident.zone))
    yield "Recorded by", facts.person(subject.first.recorded_by)
    yield "Determined to be a breach", day_words(incident.determined_on)
    yield "Data", ", ".join(incident.data) or "not recorded"
    yield "Residents of", place_words(incident) or "not recorded"
    yield "People", f"{incident.people:,}" if incident.people is not None else "not recorded"
    yield "Reported by", incident.reported_by or "not recorded"
    yield "Watched by", facts.person(incident.owner, "the client's owner")
    yield "Whose job telling is", f"{subject.job} (by our records at the discovery)"
    if subject.since:
        yield "Recorded since, not counted", subject.since
    yield "Our records then", subject.then
    for each in subject.insurers or ("no contract is recorded",):
        yield "Insurer", each
    yield "Legal hold", f"since {day_words(hold.placed_on)}: {hold.reason}" if hold else "none"
    if incident.notes:
        yield "Notes", incident.notes
    if incident.ended_on:
        yield "Closed", f"{day_words(incident.ended_on)}: {incident.end_reason or 'no reason is recorded'}"


def _clock(each: Clock, job: str) -> tuple[str, ...]:
    counted = f"\ncounted from {each.counts_from}" if each.by else ""
    return (
        f"{each.name}\nto be told by {each.duty.tells.in_words}", f"{by_words(each)}{counted}", job,
        each.state.in_words, ": ".join(filter(None, (each.duty.citation, each.duty.verified))),
    )  # fmt: skip


def _marked(clocks: tuple[Clock, ...], state: MarkState) -> Iterator[tuple[Clock, ClockMark]]:
    for each in clocks:
        if each.mark is not None and each.mark.state is state:
            yield each, each.mark


def _told(facts: PaperFacts, each: Clock, mark: ClockMark) -> tuple[str, ...]:
    at = f", {mark.told_time:%H:%M} ({each.zone})" if mark.told_time else ""
    late = "\nafter its time" if each.state is ClockState.TOLD_LATE else ""
    return (
        each.name, mark.told_to or "not recorded", f"{day_words(mark.told_on)}{at}{late}", facts.person(mark.told_by),
        mark.told_proof or "no proof is recorded",
    )  # fmt: skip


def _left(clocks: tuple[Clock, ...]) -> Iterator[tuple[str, str]]:
    for each, mark in _marked(clocks, MarkState.NOT_APPLICABLE):
        yield each.name, mark.reason or "no reason is recorded"
    for each in clocks:
        if each.state is ClockState.BELOW:
            yield each.name, f"{each.state.in_words} (due with: {each.duty.condition})"


def _unknown(subject: IncidentSubject) -> Iterator[tuple[str, str]]:
    for said in subject.unknown:
        yield "The incident", said
    for each in subject.clocks:
        for said in each.unknown if each.state.is_open else ():
            yield each.name, said
