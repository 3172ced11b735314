"""Agreements to look at: a client's timeline as a picture, and the deadlines as a calendar file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commands.agreements.timeline_picture import draw_timeline
from commands.agreements.unclear import is_given_up
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.pictures.drawing import Theme
from commands.reckoning import reckon, reckoning_of
from commands.reply import Choice, File, Reply, Table
from commands.rules.agreements.standing import OVER, Standing
from commands.rules.agreements.timeline import describe_lanes, lane_in_words, timeline
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import counted
from storage.records import Agreement, Client, ClientStatus, Role

_DAY = timedelta(days=1)


def show_timeline(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreements = ctx.uow.agreements.of_client(client.id)
    reckoning, today = reckoning_of(ctx.uow, client), ctx.today_for(client)
    line = timeline(((each, reckoning.standing(each, today)) for each in agreements), today)
    if not line.lanes:
        return Reply(f"{client.name} has no agreement between {format_date(line.first)} and {format_date(line.last)}.")
    title = f"{client.name}: agreements from {format_date(line.first)} to {format_date(line.last)}"
    rows = tuple((lane.label, lane_in_words(lane)) for lane in line.lanes)
    picture = File(
        f"{client.name.replace(' ', '-')}-timeline.png",
        draw_timeline(line, client.name, args.theme),
        title,
        describe_lanes(line.lanes),
    )
    return Reply(
        f"{title}.",
        table=Table(("Agreement", "Stands"), rows),
        files=(picture,),
        choices=(Choice("In dark colors", command_line("agreement timeline", client.name, theme=Theme.DARK.value)),),
        data={"lanes": [{"agreement": lane.label, "notice_by": lane.deadline} for lane in line.lanes]},
    )


def calendar(ctx: Context, args: Arguments) -> Reply:
    """All-day events with identifiers that stay the same, so that importing a newer file replaces the older."""
    chosen = [args.client] if args.client else ctx.uow.clients.list()
    clients = [client for client in chosen if client.status is ClientStatus.ACTIVE]
    days = list(_agreement_days(ctx, clients))
    count = len(days)
    if not count:
        return Reply("No agreement has a deadline that can be computed.")
    file = File("agreement-deadlines.ics", _as_file(ctx, days), "Agreement deadlines")
    return Reply(
        f"{counted(count, 'deadline')} as a calendar file.",
        lines=("Import it into your calendar. It is a copy: import it again after changes, and events are replaced.",),
        files=(file,),
        data={"events": count, "file": file.name},
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day in a calendar. `uid` stays the same as long as it is the same thing on the same day."""

    uid: str
    day: date
    words: str


def calendar_file(ctx: Context, clients: Sequence[Client], more: Iterable[Deadline]) -> bytes:
    """The agreements' days and `more`, as iCalendar."""
    return _as_file(ctx, [*_agreement_days(ctx, clients), *more])


def _as_file(ctx: Context, days: Iterable[Deadline]) -> bytes:
    from icalendar import Calendar, Event  # large, and only needed here

    found = Calendar()
    found.add("prodid", "-//Engagement Checks//Deadlines//EN")
    found.add("version", "2.0")
    found.add("name", "Agreement deadlines")
    for each in days:
        event, day = Event(), each.day
        event.add("uid", f"{each.uid}@engagement-checks")
        event.add("summary", each.words)
        event.add("dtstamp", ctx.now)
        event.add("dtstart", day)
        event.add("dtend", day + _DAY if day < date.max else day)  # iCalendar's end is exclusive
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())


def _agreement_days(ctx: Context, clients: Sequence[Client]) -> Iterator[Deadline]:
    """The days that matter of every agreement of these clients."""
    for client, agreement, reckoning in reckon(ctx.uow, clients):
        if is_given_up(agreement):
            continue
        stands = reckoning.standing(agreement, ctx.today_for(client))
        for name, day, words in _events(client, agreement, stands):
            yield _deadline(agreement, name, day, words)


def _events(client: Client, agreement: Agreement, stands: Standing) -> Iterator[tuple[str, date, str]]:
    if stands.status in OVER:
        return
    whose = f"{agreement.reference} of {client.name}"
    if stands.send_by and stands.send_by != stands.notice_deadline:
        yield "send-by", stands.send_by, f"Send notice for {whose}, if it is to be given"
    if stands.arrive_by and stands.arrive_by not in (stands.send_by, stands.notice_deadline):
        yield "arrive-by", stands.arrive_by, f"Last business day on which notice can arrive: {whose}"
    if stands.notice_deadline:
        yield "notice", stands.notice_deadline, f"Last day for notice: {whose}"
    if stands.extension_deadline and stands.ends_on is None:
        yield "extend", stands.extension_deadline, f"Last day to say that it is extended: {whose}"
    if stands.ends_on:
        yield "ends", stands.ends_on, f"Last day: {whose}"
    elif stands.term_end:
        yield "term-end", stands.term_end, f"Term ends: {whose}"
    if stands.next_review:
        yield "review", stands.next_review, f"Review {whose}"


def _deadline(agreement: Agreement, name: str, day: date, words: str) -> Deadline:
    return Deadline(f"agreement-{agreement.id}-{name}-{day}", day, words)


COMMANDS = (
    Command(
        "agreement", "timeline", show_timeline, Role.VIEWER, "A client's agreements as a picture", changes=False,
        parameters=(CLIENT, Parameter("theme", "light or dark", Kind.CHOICE, choices=Theme)),
        example="/engagement agreement timeline calder", is_slow=True,
    ),
    Command(
        "calendar", "", calendar, Role.VIEWER, "The deadlines as an iCalendar file", changes=False,
        parameters=(Parameter("client", "only this client", Kind.CLIENT, positional=True),),
        example="/engagement calendar calder", is_slow=True,
    ),
)  # fmt: skip
