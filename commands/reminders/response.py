"""What people do about a reminder. Every button of a reminder is one of these commands."""

from datetime import date

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import NotAllowed, UsageError
from commands.grammar.words import command_line
from commands.history import versions
from commands.parameters import FormLayout, Kind, Parameter
from commands.reminders.facts import promise_of
from commands.reminders.listing import REMINDER, STATES, person, reminder_numbered, today_of
from commands.reminders.message import WAITING, act_by, became_of, reassignment_words, whose_answer
from commands.reminders.renewal_decision import DECISION, record_decision
from commands.reply import Reply
from commands.rules.dates.format import format_date
from commands.rules.dates.periods import shift
from commands.rules.reminders.kinds import KINDS
from commands.rules.reminders.targets import latest_snooze
from commands.rules.text.people import as_person
from commands.rules.text.placeholders import BLANK
from storage.records import Period, PeriodUnit, Reminder, ReminderState, Role

_DECIDER = Role.MANAGER


def ack(ctx: Context, args: Arguments) -> Reply:
    reminder = _mine(ctx, args.id)
    if not _counts(ctx, ended_by := KINDS[reminder.kind].ended_by):
        return _see(ctx, reminder, "Seen", f"Only the answer of a {whose_answer(ended_by)} ends it")
    if not _answer(ctx, reminder, ReminderState.ACKED):
        return _as_it_is(reminder)
    return Reply(
        f"Acknowledged: {reminder.headline}",
        lines=("Nobody else is told because of this one. The next reminders about it come as planned.",),
        data={"reminder": reminder.id},
    )


def _counts(ctx: Context, needed: Role | None) -> bool:
    return needed is None or ctx.actor.role.may_act_as(needed)


def _see(ctx: Context, reminder: Reminder, done: str, why: str) -> Reply:
    """What somebody else has to answer goes on as planned; its messages show who has seen it."""
    changes = {"acked_by": ctx.actor.user, "acked_at": ctx.now, "is_stale": True}
    if reminder.state is ReminderState.PENDING:
        raise NotAllowed(f"{why}: it goes out as planned.")
    told = [each for each in ctx.uow.reminders.cycle(reminder) if each.state in WAITING]
    if not ctx.uow.reminders.change_all((each, changes) for each in told):
        return _as_it_is(reminder)
    ctx.uow.note(f"reminder:{reminder.id}", reminder, reminder.model_copy(update=changes))
    return Reply(
        f"{done}: {reminder.headline}",
        lines=(f"{why}: until there is one, everybody is told as planned.",),
        data={"reminder": reminder.id},
    )


def snooze(ctx: Context, args: Arguments) -> Reply:
    reminder = _mine(ctx, args.id)
    if not _counts(ctx, put_off_by := KINDS[reminder.kind].put_off_by):
        return _see(ctx, reminder, "Seen, not put off", f"Only the answer of a {whose_answer(put_off_by)} puts it off")
    today = today_of(ctx, reminder)
    until = args.until or _day_after(today, args.days)
    last = latest_snooze(reminder.kind, reminder.deadline, today, act_by(ctx.uow, reminder, today))
    if until is None:
        raise UsageError(
            "Until when? Give a number of days or a day.",
            fields={"days": "or a day is needed."},
            next_steps=(f"/engagement reminder snooze {reminder.id} 3d",),
        )
    if not today < until <= last:
        room = (
            f"choose a day after today and not after {format_date(last)}."
            if last > today
            else "it is too late to put it off."
        )
        raise UsageError(
            f"It cannot be put off until {format_date(until)}: {room}", fields={"until": f"does not do: {room}"}
        )
    if not _answer(ctx, reminder, ReminderState.SNOOZED, until):
        return _as_it_is(reminder)
    return Reply(
        f"Put off until {format_date(until)}: {reminder.headline}", data={"reminder": reminder.id, "until": str(until)}
    )


def decide(ctx: Context, args: Arguments) -> Reply:
    """Record what is done at the end of the term. A decision that settles it ends the reminders about that term."""
    reminder = reminder_numbered(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    client = ctx.uow.clients.find(reminder.client_id) if reminder.client_id else None
    if agreement is None or client is None or not KINDS[reminder.kind].is_deadline:
        raise UsageError(f"Reminder {reminder.id} is not about the end of an agreement: there is nothing to decide.")
    reply = record_decision(ctx, client, agreement, args, max(reminder.deadline, ctx.today_for(client)))
    _answer(ctx, reminder, ReminderState.ACKED)
    return reply


def reassign(ctx: Context, args: Arguments) -> Reply:
    """Somebody else answers from now on for the agreement or the promise, else for the client as a whole."""
    reminder = reminder_numbered(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    client = ctx.uow.clients.find(reminder.client_id) if reminder.client_id else None
    promise = promise_of(ctx.uow, reminder, ctx.today_for(client) if client else ctx.today)
    whose = client.name if client is not None else "everybody"
    lines: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    if agreement is not None:
        ctx.uow.agreements.save(agreement.changed(owner=args.to), at=ctx.now)
        what = f"{agreement.reference} of {whose}"
    elif promise is not None:
        versions.replace_version(ctx, ctx.uow.promises, promise, {"owner": args.to})
        what = f'the promise to {whose}, "{promise.what}",'
    elif client is not None and reassignment_words(reminder) == "client":
        was_backup = args.to == client.backup_owner
        ctx.uow.clients.save(client.changed(owner=args.to, **{"backup_owner": None} if was_backup else {}))
        what = f"the whole client {whose}"
        lines = (
            f"Before, {person(client.owner or '')} did. Agreements and promises with an owner of their own keep it.",
            *(["Nobody stands in any more: this was the backup."] if was_backup else []),
        )
        steps = (command_line("/engagement client edit", client.name, backup=BLANK),) if was_backup else ()
    else:
        raise UsageError(f"Reminder {reminder.id} is about nothing that somebody could answer for any more.")
    return Reply(
        f"{as_person(args.to)} answers for {what} from now on and gets the reminders about it.",
        lines=lines,
        next_steps=steps,
        data={"reminder": reminder.id, "owner": args.to},
    )


def _answer(ctx: Context, reminder: Reminder, state: ReminderState, until: date | None = None) -> bool:
    """Everything said about the same deadline is answered; whether anything was still open."""
    changes = {"acked_by": ctx.actor.user, "acked_at": ctx.now, "snoozed_until": until}
    answered = ctx.uow.reminders.answer(reminder, state, **changes)
    if not answered and reminder.state in (ReminderState.PENDING, ReminderState.FAILED):
        answered = ctx.uow.reminders.change(reminder, {"state": state, **changes})
    if answered:
        ctx.uow.note(f"reminder:{reminder.id}", reminder, reminder.model_copy(update={"state": state, **changes}))
    return bool(answered)


def _as_it_is(reminder: Reminder) -> Reply:
    return Reply(became_of(reminder) or f"Nothing to do: it is {STATES[reminder.state]}.", lines=(reminder.headline,))


def _mine(ctx: Context, id: int) -> Reminder:
    """For whoever was told of it, and for technicians. Raises NotFound, NotAllowed."""
    reminder = reminder_numbered(ctx, id)
    told = {each.recipient for each in ctx.uow.reminders.cycle(reminder)}
    if ctx.actor.user not in told and not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        raise NotAllowed("Only whoever was reminded, or a technician, can answer a reminder.")
    return reminder


def _day_after(today: date, period: Period | None) -> date | None:
    if period is None:
        return None
    if period.unit is PeriodUnit.BUSINESS_DAYS:
        raise UsageError("days: write days, weeks or months.", fields={"days": "write days, weeks or months."})
    return shift(today, period)


COMMANDS = (
    Command(
        "reminder", "ack", ack, Role.VIEWER,
        "Say that you have seen a reminder: nobody else is told, where you may record what it asks for",
        parameters=(REMINDER,), example="/engagement reminder ack 12",
    ),
    Command(
        "reminder", "snooze", snooze, Role.VIEWER,
        "Put a reminder off, where you may record what it asks for; never past its deadline",
        parameters=(
            REMINDER,
            Parameter("days", "for how long, such as 3d or 2w", Kind.PERIOD, positional=True),
            Parameter("until", "or until which day", Kind.DATE, has_happened=False),
        ),
        example="/engagement reminder snooze 12 3d",
    ),
    Command(
        "reminder", "decide", decide, _DECIDER, "Record what is done at the end of an agreement's term, and why",
        form=FormLayout(first=("decision", "reason", "notice-on", "method", "to", "proof")),
        parameters=(
            REMINDER,
            *DECISION,
        ),
        example='/engagement reminder decide 12 renew reason:"service is good, price is fair"',
    ),
    Command(
        "reminder", "reassign", reassign, Role.MANAGER,
        "Have somebody else answer for the agreement or promise that a reminder is about, else for the client",
        parameters=(
            REMINDER,
            Parameter(
                "to", "who answers from now on for the agreement or promise it is about, else for the whole client",
                Kind.PERSON, positional=True, required=True,
            ),
        ),
        example="/engagement reminder reassign 12 @priya",
    ),
)  # fmt: skip
