"""A reminder as a person reads it: what is due, how long is left, what can be done, what became of it."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commands.grammar.words import command_line
from commands.reckoning import DECIDED_WORDS
from commands.reply import Choice, Emphasis, Reply
from commands.rules.reminders.kinds import KINDS, Step
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records import Decision, Reminder, ReminderKind, ReminderState
from storage.unit_of_work import UnitOfWork

_COMMANDS = {
    Step.EDIT_AGREEMENT: ("Record the review", "agreement edit", {"reviewed": BLANK}),
    Step.SIGN: ("Record signature", "agreement sign", SIGNED),
    Step.WALKTHROUGH: ("Record walkthrough", "walkthrough record", EXPLAINED),
}
_WAITS_FOR_AN_ANSWER = (ReminderState.SENDING, ReminderState.SENT, ReminderState.ESCALATED)


def reminder_reply(uow: UnitOfWork, reminder: Reminder, now: datetime) -> Reply:
    """The reminder as a message: buttons while it waits for an answer, afterwards what became of it."""
    waits = reminder.state in _WAITS_FOR_AN_ANSWER
    return Reply(
        headline=reminder.headline,
        lines=tuple(_lines(uow, reminder, now)),
        choices=tuple(_choices(uow, reminder)) if waits else (),
    )


def reassignment_words(reminder: Reminder) -> str | None:
    """What somebody else answers for once the reminder is reassigned; None where that is nothing single."""
    if reminder.agreement_id is not None:
        return "agreement"
    if reminder.kind is ReminderKind.PROMISE_DUE:
        return "promise"
    return "client" if reminder.client_id is not None else None


def days_left(deadline: date, today: date) -> str:
    """12 days left, today is the last day, 3 days late."""
    left = (deadline - today).days
    if left == 0:
        return "today is the last day"
    count = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return f"{count} left" if left > 0 else f"{count} late"


def became_of(reminder: Reminder, decision: Decision | None = None) -> str | None:
    """What became of it, as a sentence; None while nothing has."""
    by = f"<@{reminder.acked_by}>" if reminder.acked_by else "somebody"
    on = f" on {reminder.acked_at.date()}" if reminder.acked_at else ""
    match reminder.state:
        case ReminderState.ACKED if decision is not None:
            return f"{by} decided{on}: {DECIDED_WORDS[decision.decided]}. Reason: {decision.reason}"
        case ReminderState.ACKED:
            return f"Acknowledged by {by}{on}."
        case ReminderState.SNOOZED:
            return f"Put off by {by} until {reminder.snoozed_until}."
        case ReminderState.ESCALATED:
            return "Nobody answered in time: the next person was told, too."
        case ReminderState.REPLACED:
            return "A later reminder takes the place of this one."
        case ReminderState.CANCELLED:
            return "This no longer applies: it was dealt with, or the records changed."
    return None


def _lines(uow: UnitOfWork, reminder: Reminder, now: datetime) -> Iterable[str]:
    if reminder.state in _WAITS_FOR_AN_ANSWER:
        today = now.astimezone(ZoneInfo(reminder.zone)).date()
        kind = KINDS[reminder.kind]
        is_today = reminder.deadline == today and not kind.is_deadline
        yield f"{kind.title}: {'due today' if is_today else days_left(reminder.deadline, today)}."
        if reminder.step:
            yield "You are told because nobody has answered so far."
    if (outcome := became_of(reminder, _decision(uow, reminder))) is not None:
        yield outcome


def _decision(uow: UnitOfWork, reminder: Reminder) -> Decision | None:
    """The decision that answered the reminder."""
    if reminder.client_id is None or reminder.state is not ReminderState.ACKED:
        return None
    made = [each for each in uow.decisions.of_client(reminder.client_id) if each.decided_at == reminder.acked_at]
    return made[-1] if made else None


def _choices(uow: UnitOfWork, reminder: Reminder) -> Iterable[Choice]:
    steps = KINDS[reminder.kind].steps
    first = Emphasis.PRIMARY if steps[0] is Step.REASSIGN else Emphasis.PLAIN
    if Step.DECIDE in steps:
        yield Choice("Decide", f"reminder decide {reminder.id}", Emphasis.PRIMARY, opens_form=True)
    for step in steps:
        if (choice := _step_choice(uow, step, reminder)) is not None:
            yield choice
    yield Choice("Acknowledge", f"reminder ack {reminder.id}", first)
    yield Choice("Snooze", f"reminder snooze {reminder.id}", opens_form=True)
    if Step.REASSIGN in steps and (whole := reassignment_words(reminder)) is not None:
        yield Choice(f"Reassign the {whole}", f"reminder reassign {reminder.id}", opens_form=True)


def _step_choice(uow: UnitOfWork, step: Step, reminder: Reminder) -> Choice | None:
    """The button for what the kind asks for; its form is filled in as far as the reminder knows."""
    if step is Step.SETTLE:
        number = reminder.subject.partition(":")[2]
        return Choice("Settle", f"scope settle {number}", Emphasis.PRIMARY, opens_form=True)
    if step is not Step.DISCLOSE and step not in _COMMANDS:
        return None
    client = uow.clients.find(reminder.client_id) if reminder.client_id else None
    if client is None:
        return None
    if step is Step.DISCLOSE:
        regulation = reminder.subject.rpartition(":")[2]
        line = command_line("disclosure record", client.name, regulation, answer=BLANK, by=BLANK, on=BLANK)
        return Choice("Record the answer", line, Emphasis.PRIMARY, opens_form=True)
    agreement = uow.agreements.find(reminder.agreement_id) if reminder.agreement_id else None
    if agreement is None:
        return None
    label, command, blanks = _COMMANDS[step]
    line = command_line(command, client.name, agreement.reference, **blanks)
    return Choice(label, line, Emphasis.PRIMARY, opens_form=True)
