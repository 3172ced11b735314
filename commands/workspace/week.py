"""What somebody has to do: overdue, today, in the next seven days; what was decided; what no date can be told for.

The start page, `/engagement week` and Monday's digest are made of the same sections, so that they agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commands.agreements.unclear import unclear_section
from commands.arguments import Arguments
from commands.choices import available
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.incidents.duties import contract_name
from commands.incidents.naming import called
from commands.incidents.running import incident_of
from commands.of_each_client import of_each_client
from commands.parameters import Kind, Parameter
from commands.policy import Policy
from commands.reckoning import decision_words, reckon
from commands.reminders.facts import contract_of
from commands.reminders.message import ITEM_LABELS
from commands.reminders.planner import EVERYBODY, planner_for
from commands.reply import Choice, Item, Reply, Section
from commands.rules.dates.time_left import due_in, last_day_to_act
from commands.rules.reminders.facts import Due
from commands.rules.reminders.kinds import KINDS, Step, dues
from commands.rules.text.people import as_person
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records import Agreement, Client, ReminderKind, Role

_WEEK = timedelta(days=7)
_MOST = 15
_KEPT = {
    ReminderKind.ACCESS_REVIEW: (ITEM_LABELS[Step.REVIEW_ACCESS], "access review"),
    ReminderKind.PROMISE_DUE: (ITEM_LABELS[Step.KEEP_PROMISE], "promise kept"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is due, for a client whose today it is. `act_on`: the last day on which acting is in time."""

    client: Client
    due: Due
    today: date

    @property
    def act_on(self) -> date:
        if self.due.moments and self.due.act_by is not None:
            return self.due.act_by  # it has no number: as soon as may be
        days = (self.due.act_by, self.due.arrive_by)
        act_by = next((day for day in days if day is not None and day >= self.today), None)
        return last_day_to_act(self.due.deadline, act_by, self.today)


def show(ctx: Context, args: Arguments) -> Reply:
    clients = [args.client] if args.client else ctx.uow.clients.list()
    return week(ctx, {each.id: each for each in clients}, args.owner)


def week(ctx: Context, clients: Mapping[int, Client], owner: str | None = None, *, greeting: str = "") -> Reply:
    """The week as a reply. With `owner`, only what that person is the first to answer for."""
    found = matters(ctx, clients, _WEEK, owner)
    decided = decision_sections(ctx, clients, _MOST, owner)
    unclear = unclear_section(ctx, clients.values(), owner)
    now = [each for each in found if each.act_on <= each.today]
    counts = _counts(now)
    things = "1 thing needs" if len(found) == 1 else f"{len(found)} things need"
    whose = as_person(owner) if owner and owner != ctx.actor.user else "you"
    when = "" if greeting else " this week"
    said = f"{things} {whose}{when}{': ' + ', '.join(counts) if counts else ''}."
    return Reply(
        greeting + (said if found else "Nothing is due in the next 7 days."),
        sections=(*_by_time(ctx, found, _MOST), *decided, *unclear),
        choices=available(ctx, [("The year as a picture", "renewal year", owner or "", False)]),
        next_steps=("/renewals 90d",) if len(found) <= _MOST else ("/engagement home",),
        data={
            "due": [
                {
                    "client": each.client.name,
                    "kind": each.due.kind.value,
                    "what": each.due.headline,
                    "act_on": each.act_on.isoformat(),
                    "days_left": (each.act_on - each.today).days,
                }
                for each in found
            ]
        },
    )


def matters(
    ctx: Context, clients: Mapping[int, Client], ahead: timedelta, owner: str | None = None, *, questions: bool = True
) -> list[Matter]:
    """What has to be done up to so far ahead, the most urgent first."""
    planner = planner_for(ctx.policy or Policy(ctx.zone, managers_channel=ctx.managers_channel))
    found = []
    several = [*clients.values(), *([EVERYBODY] if _is_all(ctx, clients) else [])]
    for client, what in of_each_client(
        ctx, several, "due", lambda client: dues(planner.facts(ctx.uow, client, ctx.now))
    ):
        today = ctx.today_for(client)
        each = [Matter(client, due, today) for due in what if not due.is_over]
        found += [one for one in each if one.act_on <= today + ahead and (questions or not _is_question(one))]
    if owner:
        found = [one for one in found if one.due.ladder[:1] == (owner,)]
    return sorted(found, key=lambda one: (one.act_on, one.due.headline))


def today_and_week(ctx: Context, clients: Mapping[int, Client], most: int) -> tuple[Section, Section]:
    """For the start page, where questions have a section of their own: what to do by today, then by the week's end."""
    found = matters(ctx, clients, _WEEK, questions=False)
    now = [each for each in found if each.act_on <= each.today]
    soon = [each for each in found if each.act_on > each.today]
    papers = {agreement.id: agreement for agreement in ctx.uow.agreements.list()} if found else {}
    today = Section("Today", lines=("Nothing is due today.",))
    if now:
        rest = len(now) - most
        today = Section(
            f"Today: {', '.join(_counts(now))}", tuple(_item(ctx, each, papers) for each in now[:most]),
            (f"The first {most} of {len(now)}:",) if rest > 0 else (),
            available(ctx, [("The whole week", "week", "", False)] if rest > 0 else []),
        )  # fmt: skip
    left = len(soon) - most
    hidden = (f"The first {most} of {len(soon)}:",) if left > 0 else ()
    lines = hidden if soon else ("Nothing else is due this week.",)
    ahead = [("All reminders", "reminder list", "", False), ("Renewals", "renewal list", "90d", False)]
    items = tuple(_item(ctx, each, papers) for each in soon[:most])
    title = f"The next 7 days ({len(soon)})" if soon else "The next 7 days"
    return today, Section(title, items, lines, available(ctx, ahead))


def _counts(now: Sequence[Matter]) -> list[str]:
    """How many of these are overdue and how many are due today."""
    overdue = sum(1 for each in now if each.act_on < each.today)
    return [f"{overdue} overdue"] * bool(overdue) + [f"{len(now) - overdue} due today"] * (len(now) > overdue)


def _by_time(ctx: Context, found: Sequence[Matter], most: int) -> list[Section]:
    papers = {agreement.id: agreement for agreement in ctx.uow.agreements.list()} if found else {}
    groups: dict[str, list[Matter]] = {"Overdue": [], "Today": [], "In the next 7 days": [], "Later": []}
    for each in found:
        left = each.act_on - each.today
        title = "Later" if left > _WEEK else "In the next 7 days" if left > timedelta() else "Today"
        groups["Overdue" if left < timedelta() else title].append(each)
    sections, room = [], most
    for title, several in groups.items():
        if several:
            items = tuple(_item(ctx, each, papers) for each in several[: max(room, 0)])
            rest = len(several) - len(items)
            lines = (f"{rest} more: /engagement reminder list",) if rest else ()
            sections.append(Section(f"{title} ({len(several)})", items, lines))
            room -= len(items)
    return sections


def decision_sections(
    ctx: Context, clients: Mapping[int, Client], most: int, owner: str | None = None
) -> list[Section]:
    """What was decided about the end of a term, and by whom, until it has happened; the next end first."""
    found = []
    for client, decided in of_each_client(ctx, clients.values(), "decided", lambda client: _decided(ctx, client)):
        for agreement, words, end in decided:
            if not owner or owner in (agreement.owner or client.owner, client.owner):
                item = Item(f"{client.name}: {agreement.reference}", words, _about_decided(ctx, client, agreement))
                found.append((end, item.text, item))
    if not found:
        return []
    items = tuple(item for _, _, item in sorted(found, key=lambda each: each[:2])[:most])
    rest = len(found) - len(items)
    return [Section(f"Decided ({len(found)})", items, (f"{rest} more: /renewals",) if rest else ())]


def _decided(ctx: Context, client: Client) -> tuple[tuple[Agreement, str, date], ...]:
    """The agreements about which something was decided, in words, and when they end."""
    today, zone = ctx.today_for(client), ctx.zone_of(client)
    reckoned = ((agreement, reckoning) for _, agreement, reckoning in reckon(ctx.uow, [client]))
    return tuple(
        (agreement, words, stands.ends_on or stands.term_end or date.max)
        for agreement, reckoning in reckoned
        if (words := decision_words(reckoning, agreement, today, zone))
        and (stands := reckoning.standing(agreement, today))
    )


def _item(ctx: Context, each: Matter, papers: Mapping[int, Agreement]) -> Item:
    """The first button settles it."""
    client, due = each.client, each.due
    agreement = papers.get(due.agreement_id or 0)
    choices: list[tuple[str, str, str, bool]] = []
    if agreement is not None:
        names = command_line("", client.name, agreement.reference).strip()
        sign, explain = (command_line(names, **blanks) for blanks in (SIGNED, EXPLAINED))
        steps = {
            ReminderKind.NOTICE_DEADLINE: ("Decide", "renewal decide", names, True),
            ReminderKind.RENEWAL: ("Decide", "renewal decide", names, True),
            ReminderKind.EXTENSION_DEADLINE: ("Decide", "renewal decide", names, True),
            ReminderKind.UNSIGNED_AGREEMENT: ("Record signature", "agreement sign", sign, True),
            ReminderKind.MISSING_WALKTHROUGH: ("Record walkthrough", "walkthrough record", explain, True),
            ReminderKind.AGREEMENT_REVIEW: ("Reviewed", "agreement edit", f"{names} reviewed:{BLANK}", True),
        }
        choices += [steps[due.kind]] if due.kind in steps else []
        choices.append(("Show", "agreement show", names, False))
    elif due.kind is ReminderKind.DISCLOSURE_REASK and due.label is not None:
        contract = contract_of(ctx.uow, client, due.subject)
        edit = command_line("", client.name, contract_name(contract), on=BLANK, by=BLANK).strip() if contract else ""
        choices += [("Record answer", "contract edit", edit, True)] if contract else []
    elif due.kind is ReminderKind.DISCLOSURE_REASK:
        regulation = due.subject.rpartition(":")[2]
        choices.append(("Record answer", "disclosure record", _reask_choice(client, regulation), True))
    elif due.kind is ReminderKind.MISSING_PAPER:
        kind = due.subject.split(":")[2]
        blanks = command_line("", client.name, reference=BLANK, kind=kind).strip()
        choices.append((ITEM_LABELS[Step.ADD_PAPER], "agreement add", blanks, True))
    elif due.kind is ReminderKind.SCOPE_QUESTION:
        choices.append(("Settle", "scope settle", due.subject.partition(":")[2], True))
    elif due.kind is ReminderKind.INCIDENT_CLOCK:
        found = incident_of(ctx.uow, client, due.subject)
        choices += (
            [("Show", "incident show", command_line("", client.name, called(ctx.uow, found)).strip(), False)]
            if found
            else []
        )
    elif due.kind in _KEPT and due.label is not None:
        label, name = _KEPT[due.kind]
        given = (client.name, due.label) if client.id else ()
        everybody = {} if client.id else {"everybody": "yes", "what": due.label}
        choices.append((label, name, command_line("", *given, **everybody, on=BLANK).strip(), True))
    return Item(due.headline, f"{KINDS[due.kind].title}, {due_in(each.act_on, each.today)}", available(ctx, choices))


def _reask_choice(client: Client, regulation: str) -> str:
    return command_line("", client.name, regulation, answer=BLANK, by=BLANK, on=BLANK).strip()


def _about_decided(ctx: Context, client: Client, agreement: Agreement) -> tuple[Choice, ...]:
    names = command_line("", client.name, agreement.reference).strip()
    back = command_line(names, reason=BLANK)
    return available(ctx, [("Show", "agreement show", names, False), ("Take it back", "renewal retract", back, True)])


def _is_question(one: Matter) -> bool:
    return one.due.kind is ReminderKind.SCOPE_QUESTION


def _is_all(ctx: Context, clients: Mapping[int, Client]) -> bool:
    """Promises to everybody are nobody's in particular: they are listed where every client is."""
    return len(clients) != 1 or len(ctx.uow.clients.list()) == 1


COMMANDS = (
    Command(
        "week", "", show, Role.TECHNICIAN, "What is overdue, due today and this week, and what was decided",
        parameters=(
            Parameter(
                "owner", "only what this person answers for: me, or @dana", Kind.PERSON, positional=True,
                hint="only what this person answers for",
            ),
            Parameter("client", "only this client", Kind.CLIENT, positional=True),
        ),
        changes=False, example="/engagement week me",
    ),
)  # fmt: skip
