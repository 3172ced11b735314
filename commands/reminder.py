"""Reminders: what is coming, and what people do about it. Every button of a reminder is one of these commands."""

from datetime import date, timedelta
from enum import StrEnum

from commands.agreement import standing_of
from commands.arguments import Arguments
from commands.context import Context
from commands.errors import NotAllowed, NotFound, UsageError
from commands.registry import Command, Kind, Parameter
from commands.reminder_words import DECIDED_WORDS, became_of, days_left
from commands.reply import Field, Reply, Table
from commands.rules.business_days import business_calendar
from commands.rules.reminder_kinds import KINDS
from commands.rules.reminders import latest_snooze
from commands.rules.renewals import standing
from commands.rules.terms import shifted
from commands.words import command_line
from storage.records import (
    Agreement,
    Client,
    Decision,
    DecisionChoice,
    NoticeMethod,
    Period,
    PeriodUnit,
    Reminder,
    ReminderKind,
    ReminderState,
    Role,
)

_DAYS = 90
_STATES = {
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
_OPEN = (ReminderState.PENDING, ReminderState.SENDING, ReminderState.SENT, ReminderState.ESCALATED)


class Course(StrEnum):
    """What can be decided about the end of a term."""

    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    GIVE_NOTICE = "give_notice"
    LET_LAPSE = "let_lapse"


def list_reminders(ctx: Context, args: Arguments) -> Reply:
    """By the day they go out; what cannot be delivered comes first, because nobody is warned by it."""
    days = args.days or _DAYS
    found = ctx.uow.reminders.coming(ctx.now + timedelta(days=days))
    if args.client:
        found = [each for each in found if each.client_id == args.client.id]
    if not found:
        return Reply(f"No reminder is planned or open in the next {days} days.")
    found.sort(key=lambda each: (each.problem is None, each.due_at))
    rows = tuple(
        (
            str(each.id), each.headline, str(each.deadline), str(each.local_date), _person(each.recipient),
            each.problem or _STATES[each.state],
        )
        for each in found
    )  # fmt: skip
    wrong = sum(1 for each in found if each.problem)
    return Reply(
        f"{len(found)} reminder{' is' if len(found) == 1 else 's are'} planned or open in the next {days} days.",
        cautions=(f"{wrong} cannot be delivered as planned; the reason is beside each.",) if wrong else (),
        table=Table(("No.", "What", "Deadline", "Goes out", "To", "State"), rows),
        data={"reminders": [each.model_dump(mode="json") for each in found]},
    )


def ack(ctx: Context, args: Arguments) -> Reply:
    reminder = _mine(ctx, args.id)
    if not _answer(ctx, reminder, ReminderState.ACKED):
        return _as_it_is(reminder)
    return Reply(
        f"Acknowledged: {reminder.headline}",
        lines=("Nobody else is told because of this one. The next reminders about it come as planned.",),
        data={"reminder": reminder.id},
    )


def snooze(ctx: Context, args: Arguments) -> Reply:
    reminder = _mine(ctx, args.id)
    today = _today(ctx, reminder)
    until = args.until or _day_after(today, args.days)
    last = latest_snooze(reminder.kind, reminder.deadline, today, _act_by(ctx, reminder))
    if until is None:
        raise UsageError(
            "Until when? Give a number of days or a day.",
            fields={"days": "or a day is needed."},
            next_steps=(f"/engagement reminder snooze {reminder.id} 3d",),
        )
    if not today < until <= last:
        room = f"after today and not after {last}" if last > today else "any more: it is too late to put it off"
        raise UsageError(f"It cannot be put off until {until}: only until a day {room}.", fields={"until": room})
    if not _answer(ctx, reminder, ReminderState.SNOOZED, until):
        return _as_it_is(reminder)
    return Reply(f"Put off until {until}: {reminder.headline}", data={"reminder": reminder.id, "until": str(until)})


def decide(ctx: Context, args: Arguments) -> Reply:
    """Record what is done at the end of the term. A decision that settles it ends the reminders about that term."""
    reminder = _found(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    client = ctx.uow.clients.find(reminder.client_id) if reminder.client_id else None
    if agreement is None or client is None or not KINDS[reminder.kind].is_deadline:
        raise UsageError(f"Reminder {reminder.id} is not about the end of an agreement: there is nothing to decide.")
    calendar = business_calendar(client.country, client.subdivision)
    term = standing(agreement, max(reminder.deadline, ctx.today_for(client)), calendar)
    decision = ctx.uow.decisions.record(
        Decision(
            agreement_id=agreement.id,
            agreement_version=agreement.version,
            term_start=term.term_start,
            term_end=term.term_end,
            decided=DecisionChoice(args.decision.value),
            reason=args.reason,
            decided_by=ctx.actor.user,
            decided_at=ctx.now,
            notice_on=args.notice_on,
            notice_method=args.method,
            proof_url=args.proof,
        )
    )
    _answer(ctx, reminder, ReminderState.ACKED)
    return decided_reply(client, agreement, decision)


def reassign(ctx: Context, args: Arguments) -> Reply:
    """Somebody else answers for it from now on: for the agreement, else for the client."""
    reminder = _found(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    client = ctx.uow.clients.find(reminder.client_id) if reminder.client_id else None
    if client is None:
        raise UsageError("It is about no single client: change its owner where it is recorded.")
    if agreement is not None:
        ctx.uow.agreements.save(agreement.changed(owner=args.to), at=ctx.now)
        what = f"{agreement.reference} of {client.name}"
    else:
        ctx.uow.clients.save(client.changed(owner=args.to))
        what = client.name
    return Reply(
        f"<@{args.to}> answers for {what} from now on and gets its reminders.",
        data={"reminder": reminder.id, "owner": args.to},
    )


def why(ctx: Context, args: Arguments) -> Reply:
    """What it was worked out from, and everything that was said about the same thing."""
    reminder = _found(ctx, args.id)
    agreement = ctx.uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    kind = KINDS[reminder.kind]
    facts = (
        ("Kind", kind.title),
        ("Deadline", f"{reminder.deadline} ({days_left(reminder.deadline, _today(ctx, reminder))})"),
        ("Planned for", f"{reminder.local_date} {reminder.local_time:%H:%M}, {reminder.zone}"),
        ("Lead", _lead_words(reminder.lead_days)),
        ("To", _person(reminder.recipient)),
        ("Told as", ("whoever answers for it", "the backup owner", "the managers")[min(reminder.step, 2)]),
        ("Agreement", agreement.reference if agreement else None),
        ("Its record", f"version {reminder.agreement_version}" if reminder.agreement_version is not None else None),
        ("Term began", reminder.term_start),
        ("State", _STATES[reminder.state]),
        ("Outcome", became_of(reminder)),
        ("Problem", reminder.problem),
    )
    cycle = ctx.uow.reminders.cycle(reminder)
    rows = tuple(
        (str(each.id), str(each.local_date), _lead_words(each.lead_days), _person(each.recipient), _STATES[each.state])
        for each in cycle
    )
    return Reply(
        reminder.headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value is not None),
        cautions=standing_of(ctx, _client(ctx, agreement), agreement).assumptions if agreement else (),
        table=Table(("No.", "Goes out", "Lead", "To", "State"), rows, caption="Everything about this deadline"),
        data={"reminder": reminder.model_dump(mode="json"), "cycle": [each.id for each in cycle]},
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
    return Reply(became_of(reminder) or f"Nothing to do: it is {_STATES[reminder.state]}.", lines=(reminder.headline,))


def decided_reply(client: Client, agreement: Agreement, decision: Decision) -> Reply:
    names = (client.name, agreement.reference)
    cautions, steps = [], []
    if decision.decided is DecisionChoice.GIVE_NOTICE:
        if decision.notice_on is None:
            cautions.append("Notice is decided but not recorded as given: reminders go on until it is.")
        elif decision.proof_url is None:
            cautions.append("No proof of the notice is recorded: keep the receipt, and add a link to it.")
        end = str(decision.term_end) if decision.term_end else None
        steps.append(command_line("/engagement agreement terminate", *names, on=end, reason=decision.reason[:100]))
    elif decision.decided is DecisionChoice.RENEGOTIATE:
        cautions.append("The deadline stands while you negotiate: reminders go on.")
    elif decision.decided is DecisionChoice.RENEW:
        steps.append(command_line("/engagement agreement edit", *names))
    facts = (
        ("Reason", decision.reason),
        ("Term ends", decision.term_end),
        ("Notice given on", decision.notice_on),
        ("Method", decision.notice_method.value.replace("_", " ") if decision.notice_method else None),
        ("Proof", decision.proof_url),
    )
    return Reply(
        f"{agreement.reference} of {client.name}: decided to {DECIDED_WORDS[decision.decided]}.",
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        next_steps=tuple(steps),
        data={"decision": decision.model_dump(mode="json")},
    )


def _found(ctx: Context, id: int) -> Reminder:
    reminder = ctx.uow.reminders.find(id)
    if reminder is None:
        raise NotFound(f"There is no reminder no. {id}.", next_steps=("/engagement reminder list",))
    return reminder


def _mine(ctx: Context, id: int) -> Reminder:
    """For whoever was told of it, and for technicians. Raises NotFound, NotAllowed."""
    reminder = _found(ctx, id)
    told = {each.recipient for each in ctx.uow.reminders.cycle(reminder)}
    if ctx.actor.user not in told and not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        raise NotAllowed("Only whoever was reminded, or a technician, can answer a reminder.")
    return reminder


def _client(ctx: Context, agreement: Agreement) -> Client:
    client = ctx.uow.clients.find(agreement.client_id)
    assert client is not None, "an agreement's client is never deleted"
    return client


def _act_by(ctx: Context, reminder: Reminder) -> date | None:
    """The last day to send notice, where that is what the reminder is about."""
    if reminder.kind is not ReminderKind.NOTICE_DEADLINE or reminder.agreement_id is None:
        return None
    agreement = ctx.uow.agreements.find(reminder.agreement_id)
    if agreement is None:
        return None
    found = standing_of(ctx, _client(ctx, agreement), agreement)
    return found.send_by if found.notice_deadline == reminder.deadline else None


def _today(ctx: Context, reminder: Reminder) -> date:
    client = ctx.uow.clients.find(reminder.client_id) if reminder.client_id else None
    return ctx.today_for(client) if client is not None else ctx.today


def _day_after(today: date, period: Period | None) -> date | None:
    if period is None:
        return None
    if period.unit is PeriodUnit.BUSINESS_DAYS:
        raise UsageError("days: write days, weeks or months.", fields={"days": "write days, weeks or months."})
    return shifted(today, period)


def _lead_words(lead: int) -> str:
    return "on the day" if lead == 0 else f"{abs(lead)} days {'before' if lead > 0 else 'after'}"


def _person(recipient: str) -> str:
    if not recipient:
        return "nobody"
    return f"<#{recipient}>" if recipient.startswith(("C", "G")) else f"<@{recipient}>"


_ID = Parameter("id", "the reminder's number", Kind.INTEGER, positional=True, required=True)
_CLIENT = Parameter("client", "only this client", Kind.CLIENT, positional=True)
COMMANDS = (
    Command(
        "reminder", "list", list_reminders, Role.VIEWER, "Reminders that are planned, sent or cannot be delivered",
        parameters=(_CLIENT, Parameter("days", "how far ahead; 90 if left out", Kind.INTEGER)), changes=False,
        example="/engagement reminder list calder",
    ),
    Command(
        "reminder", "ack", ack, Role.VIEWER, "Say that you have seen a reminder, so that nobody else is told",
        parameters=(_ID,), example="/engagement reminder ack 12",
    ),
    Command(
        "reminder", "snooze", snooze, Role.VIEWER, "Put a reminder off, never past its deadline",
        parameters=(
            _ID,
            Parameter("days", "for how long, such as 3d or 2w", Kind.PERIOD, positional=True),
            Parameter("until", "or until which day", Kind.DATE),
        ),
        example="/engagement reminder snooze 12 3d",
    ),
    Command(
        "reminder", "decide", decide, Role.MANAGER, "Record what is done at the end of an agreement's term, and why",
        parameters=(
            _ID,
            Parameter("decision", "what is done", Kind.CHOICE, positional=True, required=True, choices=Course),
            Parameter("reason", "why", Kind.LONG_TEXT, required=True),
            Parameter("notice-on", "the day notice was given", Kind.DATE),
            Parameter("method", "how notice was given", Kind.CHOICE, choices=NoticeMethod),
            Parameter("proof", "a link to the proof that notice was given", Kind.URL),
        ),
        example='/engagement reminder decide 12 renew reason:"service is good, price is fair"',
    ),
    Command(
        "reminder", "reassign", reassign, Role.MANAGER, "Have somebody else answer for what a reminder is about",
        parameters=(_ID, Parameter("to", "who", Kind.PERSON, positional=True, required=True)),
        example="/engagement reminder reassign 12 @priya",
    ),
    Command(
        "reminder", "why", why, Role.VIEWER, "What a reminder was worked out from, and what was said before",
        parameters=(_ID,), changes=False, example="/engagement reminder why 12",
    ),
)  # fmt: skip
