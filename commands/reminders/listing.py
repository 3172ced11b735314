"""Looking at reminders: what is coming, and what each was worked out from."""

from collections.abc import Sequence
from datetime import date, timedelta

from commands.agreements.standing import standing_of
from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import NotFound
from commands.parameters import Kind, Parameter
from commands.reminders import message
from commands.reminders.message import became_of, day_to_act, has_no_number
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.dates.time_left import days_left
from commands.rules.dates.window import FARTHEST
from commands.rules.reminders.kinds import KINDS
from commands.rules.text.people import as_recipient
from commands.rules.text.phrases import count_days, counted
from storage.records import UNANSWERED, Reminder, ReminderState, Role

_DAYS = 90
STATES = {
    ReminderState.PENDING: "planned",
    ReminderState.SENDING: "being sent",
    ReminderState.SENT: "sent, not answered",
    ReminderState.ACKED: "acknowledged",
    ReminderState.SNOOZED: "put off",
    ReminderState.ESCALATED: "not answered, passed on",
    ReminderState.REPLACED: "replaced by a later one",
    ReminderState.CANCELLED: "no longer applies",
    ReminderState.FAILED: "cannot be delivered",
}
_OVERDUE = "Overdue"
_GROUPS = ("Cannot be delivered", "Waiting for an answer", _OVERDUE, "In the next 7 days", "Later")
_SOON = 7


def list_reminders(ctx: Context, args: Arguments) -> Reply:
    """One row a matter: what is open, else what comes next. What cannot be delivered is first, because nobody is
    warned by it; then by the day it goes out.
    """
    days = args.days or _DAYS
    coming = ctx.uow.reminders.coming(ctx.now + timedelta(days=days))
    if args.client:
        coming = [each for each in coming if each.client_id == args.client.id]
    if not coming:
        return Reply(f"No reminder is planned or open in the next {days} days.")
    matters: dict[tuple[str, str, date], list[Reminder]] = {}
    for each in coming:
        matters.setdefault((each.kind, each.subject, each.deadline), []).append(each)
    shown = [(_foremost(each), each) for each in matters.values()]
    shown.sort(key=lambda each: (each[0].problem is None, each[0].due_at))
    wrong = sum(1 for each, _ in shown if each.problem)
    waiting = sum(1 for each, _ in shown if each.state in UNANSWERED)
    by_state = _by_state(ctx, shown)
    late = len(by_state[_OVERDUE])
    counts = [f"{late} overdue"] * bool(late) + [f"{waiting} waiting for an answer"] * bool(waiting)
    return Reply(
        f"{counted(len(shown), 'deadline')} with reminders in the next {days} days"
        f"{': ' + ', '.join(counts) if counts else ''}.",
        cautions=(f"{wrong} cannot be delivered as planned; the reason is beside each.",) if wrong else (),
        table=Table(
            ("No.", "What", "Deadline", "Left", "To", "State", "Next"),
            tuple(_row(ctx, each, matter) for each, matter in shown),
        ),
        groups=tuple(Group(f"{title} ({len(found)})", tuple(found)) for title, found in by_state.items() if found),
        next_steps=(f"/engagement reminder why {shown[0][0].id}",),
        data={"reminders": [each.model_dump(mode="json") for each in coming]},
    )


def _by_state(ctx: Context, shown: Sequence[tuple[Reminder, Sequence[Reminder]]]) -> dict[str, list[Item]]:
    """What cannot be delivered, what waits for an answer, and what is planned, by how soon it has to be done: by the
    titles of their groups.
    """
    found: dict[str, list[Item]] = {title: [] for title in _GROUPS}
    wrong, waiting, late, soon, later = found.values()
    for each, matter in sorted(shown, key=lambda one: one[0].deadline):
        number, what, _, left, to, state, following = _row(ctx, each, matter)
        goes_out = f"; next on {following}" if following else ""
        detail = f"No. {number}, {left}; to {to}, {state}{goes_out}."
        waits = each.state in UNANSWERED
        choices = (Choice("Got it", f"reminder ack {number}"), Choice("Why?", f"reminder why {number}"))
        entry = Item(what, detail, choices if waits or each.problem else ())
        days = 0 if has_no_number(each) else (day_to_act(ctx.uow, each, today_of(ctx, each)) - today_of(ctx, each)).days
        planned = late if days < 0 else soon if days <= _SOON else later
        (wrong if each.problem else waiting if waits else planned).append(entry)
    return found


def _foremost(matter: Sequence[Reminder]) -> Reminder:
    """Of one matter: what nobody can be told, else what was said last and is open, else what is said next."""
    wrong = [each for each in matter if each.problem]
    said = [each for each in matter if each.state is not ReminderState.PENDING]
    return wrong[0] if wrong else said[-1] if said else matter[0]


def _row(ctx: Context, shown: Reminder, matter: Sequence[Reminder]) -> tuple[str, ...]:
    following = next((str(each.local_date) for each in matter if each.state is ReminderState.PENDING), "")
    return (
        str(shown.id), shown.headline, str(shown.deadline), _left(ctx, shown),
        person(shown.recipient), shown.problem or STATES[shown.state], following,
    )  # fmt: skip


def why(ctx: Context, args: Arguments) -> Reply:
    """What it was worked out from, and everything that was said about the same thing."""
    reminder = reminder_numbered(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    kind = KINDS[reminder.kind]
    facts = (
        ("Kind", kind.title),
        ("Deadline", _deadline_words(ctx, reminder)),
        ("Planned for", f"{format_date(reminder.local_date)}, {reminder.local_time:%H:%M}, {reminder.zone}"),
        ("Lead", _lead_words(reminder)),
        ("To", person(reminder.recipient)),
        ("Told as", ("the owner", "the backup owner", "the managers")[min(reminder.step, 2)]),
        ("Agreement", agreement.reference if agreement else None),
        ("Its terms", _version_words(reminder.agreement_version)),
        ("Term began", format_date(reminder.term_start) if reminder.term_start else None),
        ("State", STATES[reminder.state]),
        ("Outcome", became_of(reminder)),
        ("Problem", reminder.problem),
    )
    cycle = ctx.uow.reminders.cycle(reminder)
    rows = tuple(
        (str(each.id), str(each.local_date), _lead_words(each), person(each.recipient), STATES[each.state])
        for each in cycle
    )
    return Reply(
        reminder.headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value is not None),
        cautions=standing_of(ctx, ctx.uow.clients.get(agreement.client_id), agreement).assumptions if agreement else (),
        table=Table(("No.", "Goes out", "Lead", "To", "State"), rows, caption="Everything about this deadline"),
        today=today_of(ctx, reminder),
        data={"reminder": reminder.model_dump(mode="json"), "cycle": [each.id for each in cycle]},
    )


def reminder_numbered(ctx: Context, id: int) -> Reminder:
    reminder = ctx.uow.reminders.find(id)
    if reminder is None:
        raise NotFound(f"There is no reminder no. {id}.", next_steps=("/engagement reminder list",))
    return reminder


def today_of(ctx: Context, reminder: Reminder) -> date:
    return message.today_of(ctx.uow, reminder, ctx.now, ctx.zone)


def _left(ctx: Context, reminder: Reminder) -> str:
    if has_no_number(reminder):
        return "no number of days is set"
    today = today_of(ctx, reminder)
    return days_left(day_to_act(ctx.uow, reminder, today), today)


def _deadline_words(ctx: Context, reminder: Reminder) -> str:
    """The day, and how much time is left; to the day by which something has to be done, where that is earlier."""
    said, left = format_date(reminder.deadline), _left(ctx, reminder)
    if has_no_number(reminder):
        return f"{said} ({left})"
    to_act = day_to_act(ctx.uow, reminder, today_of(ctx, reminder))
    return f"{said} ({left})" if to_act == reminder.deadline else f"{said} (act by {format_date(to_act)}: {left})"


def _lead_words(reminder: Reminder) -> str:
    lead = reminder.lead_days
    if KINDS[reminder.kind].is_urgent:
        hours = lead if lead >= 0 else -1 - lead
        return f"{hours} hour{'' if hours == 1 else 's'} {'before its end' if lead >= 0 else 'after it was recorded'}"
    if lead == 0:
        return "on the day"
    return f"{count_days(abs(lead))} {'before' if lead > 0 else 'after'}"


def _version_words(version: int | None) -> str | None:
    if version is None:
        return None
    return "as first recorded" if version == 0 else f"as changed {version} time{'' if version == 1 else 's'}"


def person(recipient: str) -> str:
    if not recipient:
        return "nobody"
    return as_recipient(recipient)


REMINDER = Parameter("id", "the reminder's number", Kind.REMINDER, positional=True, required=True, hint="")
_CLIENT = Parameter("client", "only this client", Kind.CLIENT, positional=True)
COMMANDS = (
    Command(
        "reminder", "list", list_reminders, Role.VIEWER, "Reminders that are planned, sent or cannot be delivered",
        parameters=(_CLIENT, Parameter("days", "how far ahead; 90 if left out", Kind.INTEGER, most=FARTHEST)),
        changes=False,
        example="/engagement reminder list calder",
    ),
    Command(
        "reminder", "why", why, Role.VIEWER, "What a reminder was worked out from, and what was said before",
        parameters=(REMINDER,), changes=False, example="/engagement reminder why 12",
    ),
)  # fmt: skip
