"""The sheet of an incident: its facts, its clocks with whose job each is, and what is not known.

Whose job it is comes from the matrix as our records stood at the discovery, by a sure match only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from commands.command import Context
from commands.grammar.words import command_line
from commands.history.known_at import matrix_at
from commands.holds import hold_on
from commands.incidents.duties import Duties, duties_of, insurers_of
from commands.incidents.naming import called
from commands.reckoning import reckoning_as_known
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.dates.business_days import business_calendar
from commands.rules.dates.format import format_date
from commands.rules.incidents.clocks import Clock, ClockState, IncidentFacts, clocks_of, discovered_at
from commands.rules.incidents.places import kept_places
from commands.rules.matrix.row_basis import with_clause
from commands.rules.scope.replaced import standings
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first, counted, join_names, plain
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Incident, MarkState, Verdict
from storage.unit_of_work import UnitOfWork

NOT_ADVICE = (
    "This is no legal advice and no complete list: it says what our records and the catalogue say. Ask counsel which "
    "of these clocks run."
)
_ASKED = ("breach notification", "incident notification", "notification of a data breach", "incident response")
_WHOSE = {
    Verdict.MSP: "ours", Verdict.CLIENT: "the client's", Verdict.SHARED: "shared",
    Verdict.THIRD_PARTY: "a third party's", Verdict.OUT_OF_SCOPE: "out of scope",
}  # fmt: skip
_NOT_DOCUMENTED = "not documented, do not assume"


@dataclass(frozen=True, slots=True)
class Job:
    """Whose job telling is, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    incident: Incident
    clocks: tuple[Clock, ...]
    unknown: tuple[str, ...]


def sheet_of(uow: UnitOfWork, client: Client, incident: Incident, now: datetime) -> Sheet:
    duties: Duties = duties_of(uow, client, incident)
    calendar = business_calendar(client.country, client.subdivision)
    marks = tuple(uow.clock_marks.current(client.id))
    return Sheet(incident, clocks_of(IncidentFacts(incident, duties.known, marks, calendar, now)), duties.unknown)


def job_at(ctx: Context, client: Client, incident: Incident, at: datetime) -> Job:
    """Whose job telling is, by what was on record at that instant about the day of the discovery."""
    matrix = matrix_at(ctx, client, incident.discovered_on, at)
    for question in _ASKED:
        answer = matrix.answer(question)
        if answer.source is None or answer.verdict not in _WHOSE or answer.is_doubtful:
            continue
        row, paper = answer.source.row, answer.source.agreement
        third = f" ({row.third_party})" if row.third_party else ""
        parts = [f"we: {row.msp_part}"] if row.msp_part else []
        parts += [f"the client: {row.client_part}"] if row.client_part else []
        where = with_clause(answer.source.paper.reference, row.clause)
        said = f"{_WHOSE[answer.verdict]}{third}, by the row “{row.item}” of {where}"
        unsigned = "" if paper.is_signed and not answer.source.is_proposed else "; not signed, do not rely on it"
        return Job(f"{said}{'; ' + '; '.join(parts) if parts else ''}{unsigned}")
    return Job(_NOT_DOCUMENTED)


def known_then(ctx: Context, client: Client, incident: Incident) -> str:
    """What our records said at the discovery: the agreements and how each stood, and how much of the matrix."""
    at = discovered_at(incident)
    papers = ctx.uow.agreements.of_client_as_known(client.id, at)
    reckoning, day = reckoning_as_known(ctx.uow, client, at), incident.discovered_on
    known = ctx.uow.responsibilities.as_known(client.id, at)
    found = standings(known, {paper.id: paper for paper in papers}, day, reckoning.force)
    rows = [each.row for each in found.values() if each.row.in_force_on(day) and each.replaced is None]
    standing = [
        f"{each.reference} ({plain(reckoning.standing(each, incident.discovered_on).status)})" for each in papers
    ]
    when = moment(at, ZoneInfo(incident.zone))
    if not papers:
        return f"At the discovery, {when}, no agreement with the client was on record."
    matrix = counted(len(rows), "matrix row")
    return f"At the discovery, {when}, our records had {join_names(standing, 12)} and {matrix}."


def _then(ctx: Context, client: Client, incident: Incident) -> Iterator[str]:
    yield known_then(ctx, client, incident)
    if ctx.uow.agreements.of_client_as_known(client.id, discovered_at(incident)):
        yield (
            f"The matrix as it was then: /engagement matrix show with as-of:{incident.discovered_on} and "
            f"known-at:{incident.discovered_on}."
        )


def sheet_reply(ctx: Context, client: Client, incident: Incident, headline: str) -> Reply:
    """The incident with its clocks, and what was on record when it was discovered."""
    sheet = sheet_of(ctx.uow, client, incident, ctx.now)
    job = job_at(ctx, client, incident, discovered_at(incident))
    cautions = [NOT_ADVICE, *sheet.unknown]
    now_job = job_at(ctx, client, incident, ctx.now)
    if now_job != job:
        cautions.append(f"Recorded since the discovery, so not counted: telling is {now_job.words}.")
    hold = hold_on(ctx.uow, client.id)
    if hold is None and incident.ended_on is None:
        cautions.append("The client is not on legal hold any more.")
    overdue = [each for each in sheet.clocks if each.state is ClockState.OVERDUE]
    if overdue:
        cautions.insert(0, f"{counted(len(overdue), 'clock')} passed and nobody is recorded as told.")
    rows = tuple(_row(each, job) for each in sheet.clocks)
    facts = _facts(ctx, incident, job, insurers_of(ctx.uow, client, incident), hold is not None)
    about = (client.name, called(ctx.uow, incident))
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        lines=tuple(_then(ctx, client, incident)),
        cautions=tuple(cautions),
        table=Table(("Who must tell", "Whom", "By", "Counted from", "Whose job", "State", "Source"), rows)
        if rows
        else None,
        groups=tuple(_groups(about, sheet)),
        choices=_choices(about, incident),
        data={
            "incident": incident.model_dump(mode="json") | {"number": incident.number},
            "clocks": [_as_data(each, job) for each in sheet.clocks],
            "unknown": list(sheet.unknown),
            "job": job.words,
        },
    )  # fmt: skip


def by_words(clock: Clock) -> str:
    """30 December 2026; 27 November 2026, 14:30 CST; or what the source says where it has no number."""
    if clock.by is None:
        return clock.duty.span
    zone = ZoneInfo(clock.zone)
    return format_date(clock.by.astimezone(zone).date()) if clock.by_day else moment(clock.by, zone)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """27 November 2026, 14:30 CST"""
    local = at.astimezone(zone)
    return f"{format_date(local.date())}, {local:%H:%M} {local.tzname()}"


def discovered_words(incident: Incident) -> str:
    """27 November 2026, 14:30 (America/Chicago)"""
    at = f", {incident.discovered_time:%H:%M}" if incident.discovered_time else ""
    return f"{format_date(incident.discovered_on)}{at} ({incident.zone})"


def place_words(incident: Incident) -> str:
    """US-TX (1,200), US-CA"""
    return ", ".join(
        each.code if each.count is None else f"{each.code} ({each.count:,})" for each in kept_places(incident.residents)
    )


def told_words(clock: Clock) -> str:
    """What became of it."""
    mark = clock.mark
    if mark is None:
        return clock.state.in_words
    if mark.state is MarkState.NOT_APPLICABLE:
        return f"{clock.state.in_words}: {mark.reason}"
    at = f", {mark.told_time:%H:%M}" if mark.told_time else ""
    on = f" on {format_date(mark.told_on)}{at}" if mark.told_on else ""
    by = f" by {as_person(mark.told_by)}" if mark.told_by else ""
    whom = f": {mark.told_to}" if mark.told_to else ""
    proof = f"; proof: {mark.told_proof}" if mark.told_proof else "; no proof is recorded"
    return f"{clock.state.in_words}{whom}{on}{by}{proof}"


def source_words(clock: Clock) -> str:
    """HIPAA, 45 CFR 164.404(b): never verified"""
    duty = clock.duty
    return ", ".join(filter(None, (duty.source, duty.citation))) + f" ({duty.verified})"


def _facts(
    ctx: Context, incident: Incident, job: Job, insurers: Sequence[str], is_held: bool
) -> Iterator[tuple[str, object]]:
    recorded = _first(ctx, incident).recorded_at
    yield "Number", incident.number
    yield "Discovered", discovered_words(incident)
    yield "Recorded", moment(recorded, ZoneInfo(incident.zone))
    yield "Determined to be a breach", format_date(incident.determined_on) if incident.determined_on else "not recorded"
    yield "Data", ", ".join(incident.data) or "not recorded"
    yield "Residents of", place_words(incident) or "not recorded"
    yield "People", f"{incident.people:,}" if incident.people is not None else "not recorded"
    yield "Reported by", incident.reported_by
    yield "Watched by", as_person(incident.owner) if incident.owner else None
    yield "Whose job telling is", f"{job.words} (by our records at the discovery)"
    yield "Insurer", "\n".join(insurers) or "no contract is recorded"
    yield "Legal hold", "stands" if is_held else "none"
    yield "Notes", incident.notes
    yield "Closed", f"{format_date(incident.ended_on)}: {incident.end_reason}" if incident.ended_on else None


def _first(ctx: Context, incident: Incident) -> Incident:
    return ctx.uow.incidents.find(incident.number) or incident


def _row(each: Clock, job: Job) -> tuple[str, ...]:
    return (
        each.duty.tells.in_words, each.name, by_words(each), each.counts_from, job.words, told_words(each),
        source_words(each),
    )  # fmt: skip


def _groups(about: tuple[str, str], sheet: Sheet) -> Iterator[Group]:
    """`about` names the client and the incident."""
    timed = [each for each in sheet.clocks if each.state.is_open and each.by is not None]
    untimed = [each for each in sheet.clocks if each.state.is_open and each.by is None]
    settled = [each for each in sheet.clocks if not each.state.is_open]
    for title, several in (("With a time", timed), ("Without a number", untimed), ("Done, or not due", settled)):
        if several:
            entries = tuple(_entry(about, each) for each in several)
            yield Group(f"{title} ({len(several)})", entries, len(entries))


def _entry(about: tuple[str, str], each: Clock) -> Item:
    """Whose job it is stands above: it is the same for all clocks."""
    choices = (
        Choice("Told", command_line("incident told", *about, clock=each.name, to=BLANK, on=BLANK), opens_form=True),
        Choice(
            "Does not apply", command_line("incident dismiss", *about, clock=each.name, reason=BLANK), opens_form=True
        ),
    )
    late = "" if each.state is not ClockState.OVERDUE else "Passed: "
    until = f"by {by_words(each)}" if each.by else by_words(each)
    detail = [each.duty.tells.in_words, source_words(each), *each.unknown]
    if not each.state.is_open:
        detail.insert(0, told_words(each))
    text = f"{late}{each.name}, {until}" if each.by or each.duty.span not in each.name else each.name
    said = ". ".join(capitalize_first(part).rstrip(".") for part in detail) + "."
    return Item(text, said, choices if each.state.is_open else ())


def _choices(about: tuple[str, str], incident: Incident) -> tuple[Choice, ...]:
    edit = Choice("Facts became known", command_line("incident edit", *about, residents=BLANK), opens_form=True)
    paper = Choice("Print the sheet", command_line("paper incident", about[0], incident.number))
    if incident.ended_on is not None:
        return Choice("Reopen", command_line("incident reopen", *about)), paper
    return edit, Choice("Close", command_line("incident close", *about, reason=BLANK), opens_form=True), paper


def _as_data(each: Clock, job: Job) -> dict[str, object]:
    return {
        "key": each.duty.key,
        "name": each.name,
        "tells": each.duty.tells.value,
        "by": each.by.isoformat() if each.by else None,
        "words": by_words(each),
        "state": each.state.value,
        "condition": each.duty.condition,
        "citation": each.duty.citation,
        "source": each.duty.source_url,
        "verified": each.duty.verified,
        "unknown": list(each.unknown),
        "job": job.words,
    }


def open_sheets(uow: UnitOfWork, client: Client, now: datetime) -> Sequence[Sheet]:
    """Of every incident of the client that is not closed."""
    return [sheet_of(uow, client, each, now) for each in uow.incidents.current(client.id) if each.ended_on is None]
