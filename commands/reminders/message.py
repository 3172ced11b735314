"""A reminder as a person reads it: what is due, how long is left, what can be done, what became of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commands.grammar.words import command_line
from commands.incidents.duties import contract_name
from commands.incidents.naming import called
from commands.incidents.running import clock_of, clock_words, incident_of
from commands.reckoning import DECIDED_WORDS, reckoning_of
from commands.reminders.facts import CONTRACT_REASK, access_of, contract_of, promise_of
from commands.reply import Choice, Emphasis, Reply
from commands.rules.dates.format import format_date
from commands.rules.dates.time_left import days_left, last_day_to_act
from commands.rules.reminders.kinds import KINDS, Step
from commands.rules.text.people import as_person, naming_who_pressed
from commands.rules.text.phrases import join_names, quote_names, shorten
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from commands.settling import settling_choices
from storage.records import (
    UNANSWERED,
    Client,
    Decision,
    Reminder,
    ReminderKind,
    ReminderState,
    Role,
    ScopeQuestion,
)
from storage.unit_of_work import UnitOfWork

_COMMANDS = {
    Step.EDIT_AGREEMENT: ("Record the review", "agreement edit", {"reviewed": BLANK}),
    Step.SIGN: ("Record signature", "agreement sign", SIGNED),
    Step.WALKTHROUGH: ("Record walkthrough", "walkthrough record", EXPLAINED),
}
ITEM_LABELS = {
    Step.ADD_PAPER: "Add the agreement",
    Step.REVIEW_ACCESS: "Review access",
    Step.KEEP_PROMISE: "Promise kept",
}
_FEW = 3
WAITING = (ReminderState.SENDING, *UNANSWERED)


def reminder_reply(uow: UnitOfWork, reminder: Reminder, now: datetime, zone: ZoneInfo) -> Reply:
    """The reminder as a message: buttons while it waits for an answer, afterwards what became of it. `zone` is the
    workspace's.

    Its data say for a message of several how many days are left, and what is said once of all that are about the same.
    """
    waits = reminder.state in WAITING
    left = (day_to_act(uow, reminder, today := today_of(uow, reminder, now, zone)) - today).days
    return Reply(
        headline=reminder.headline,
        lines=tuple(_lines(uow, reminder, now, zone)),
        choices=tuple(_choices(uow, reminder)) if waits else (),
        data={"days_left": left if waits and not has_no_number(reminder) else None, **_matter(uow, reminder, now)},
    )


def _matter(uow: UnitOfWork, reminder: Reminder, now: datetime) -> Mapping[str, str]:
    """Of the clock of an incident: the client with the incident, and which clock it is."""
    client = uow.clients.find(reminder.client_id) if reminder.client_id else None
    if client is None or reminder.kind is not ReminderKind.INCIDENT_CLOCK:
        return {}
    if (found := clock_of(uow, client, reminder.subject, now)) is None:
        return {}
    incident, clock = found
    return {"matter": f"{client.name}: incident “{incident.what}”", "item": clock_words(clock)}


def reassignment_words(reminder: Reminder) -> str | None:
    """What somebody else answers for once the reminder is reassigned; None where that is nothing single."""
    if reminder.agreement_id is not None:
        return "agreement"
    if reminder.kind is ReminderKind.PROMISE_DUE:
        return "promise"
    return "client" if reminder.client_id is not None else None


def has_no_number(reminder: Reminder) -> bool:
    """Whether it is of a clock whose source names no number of hours or days."""
    return KINDS[reminder.kind].is_urgent and reminder.lead_days < 0


def today_of(uow: UnitOfWork, reminder: Reminder, now: datetime, zone: ZoneInfo) -> date:
    """The calendar day of the client that it is about; of the workspace where that has no zone."""
    client = uow.clients.find(reminder.client_id) if reminder.client_id else None
    return now.astimezone((client.zone if client is not None else None) or zone).date()


def day_to_act(uow: UnitOfWork, reminder: Reminder, today: date) -> date:
    """The last day on which acting on it is in time."""
    return last_day_to_act(reminder.deadline, act_by(uow, reminder, today), today)


def act_by(uow: UnitOfWork, reminder: Reminder, today: date) -> date | None:
    """The last day to send notice, or for it to arrive, where that is what the reminder is about."""
    if reminder.kind is not ReminderKind.NOTICE_DEADLINE or reminder.agreement_id is None:
        return None
    agreement = uow.agreements.find(reminder.agreement_id)
    client = uow.clients.find(agreement.client_id) if agreement is not None else None
    if agreement is None or client is None:
        return None
    found = reckoning_of(uow, client).standing(agreement, today)
    return found.act_by(today) if found.notice_deadline == reminder.deadline else None


def whose_answer(ended_by: Role | None) -> str:
    """Whose answer counts, such as "manager"."""
    return " or ".join(role.value for role in (Role.TECHNICIAN, Role.MANAGER) if ended_by and role.may_act_as(ended_by))


def became_of(reminder: Reminder, decision: Decision | None = None) -> str | None:
    """What became of it, in words; None while nothing has."""
    by = as_person(reminder.acked_by) if reminder.acked_by else "somebody"
    who = whose_answer(KINDS[reminder.kind].ended_by)
    acked = reminder.acked_at.astimezone(ZoneInfo(reminder.zone)) if reminder.acked_at else None
    on = f" on {format_date(acked.date())}" if acked else ""
    seen = f"Seen by {by}{on}. " if acked else ""
    match reminder.state:
        case ReminderState.ACKED if decision is not None:
            return f"{by} decided{on}: {DECIDED_WORDS[decision.decided]}. Reason: {decision.reason}"
        case ReminderState.ACKED:
            return f"Acknowledged by {by}{on}."
        case ReminderState.SNOOZED:
            until = f" until {format_date(reminder.snoozed_until)}" if reminder.snoozed_until else ""
            return f"Put off by {by}{until}."
        case ReminderState.ESCALATED:
            return f"{seen}{f'No {who}' if seen else 'Nobody'} answered in time: the next person was told, too."
        case ReminderState.SENT | ReminderState.SENDING if seen:
            return f"{seen}A {who} has yet to answer."
        case ReminderState.REPLACED:
            return "A later reminder takes the place of this one."
        case ReminderState.CANCELLED:
            return "This no longer applies: it was dealt with, or the records changed."
    return None


def _lines(uow: UnitOfWork, reminder: Reminder, now: datetime, zone: ZoneInfo) -> Iterable[str]:
    if reminder.state in WAITING:
        today = today_of(uow, reminder, now, zone)
        kind = KINDS[reminder.kind]
        if (question := _question(uow, reminder)) is not None:
            yield from filter(None, _about_question(uow, question, zone))
        is_today = reminder.deadline == today and not kind.is_deadline
        if has_no_number(reminder):
            yield f"{kind.title}: no number of days is set."
        else:
            yield f"{kind.title}: {'due today' if is_today else days_left(day_to_act(uow, reminder, today), today)}."
        if reminder.step:
            nobody = f"no {whose_answer(kind.ended_by)}" if kind.ended_by else "nobody"
            yield f"You are told because {nobody} has answered so far."
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
    if Step.SETTLE in steps:
        yield from _settle_choices(uow, reminder)
    for step in steps:
        if (choice := _step_choice(uow, step, reminder) or _item_choice(uow, step, reminder)) is not None:
            yield choice
    if reminder.acked_by != reminder.recipient:
        yield Choice("Acknowledge", f"reminder ack {reminder.id}", first)
    yield Choice("Snooze", f"reminder snooze {reminder.id}", opens_form=True, role=KINDS[reminder.kind].put_off_by)
    if Step.REASSIGN in steps and (whole := reassignment_words(reminder)) is not None:
        yield Choice(f"Reassign the {whole}", f"reminder reassign {reminder.id}", opens_form=True)


def _settle_choices(uow: UnitOfWork, reminder: Reminder) -> Iterable[Choice]:
    question = _question(uow, reminder)
    return settling_choices(question.id, question.suggested_item) if question is not None else ()


def _question(uow: UnitOfWork, reminder: Reminder) -> ScopeQuestion | None:
    """The open question that the reminder is about."""
    if reminder.kind is not ReminderKind.SCOPE_QUESTION:
        return None
    return uow.questions.find(int(reminder.subject.partition(":")[2]))


def _about_question(uow: UnitOfWork, question: ScopeQuestion, zone: ZoneInfo) -> Iterable[str]:
    """Who asked it, in which other words, and what whoever pressed for an answer says."""
    others = uow.questions.joined_to(question)
    names = dict.fromkeys(as_person(each.asked_by) for each in (question, *others))
    yield f"Asked by {join_names(names, _FEW)} on {format_date(question.asked_at.astimezone(zone).date())}."
    if others:
        also = dict.fromkeys(each.question for each in others if each.question != question.question)
        yield f"Also asked as: {join_names(quote_names(shorten(each, 150) for each in also), _FEW)}." if also else ""
    if question.presses and question.cautions:
        yield naming_who_pressed(question.cautions[-1])


def _incident_choice(uow: UnitOfWork, client: Client, reminder: Reminder) -> Choice | None:
    """Shows the sheet, where each clock can be marked."""
    found = incident_of(uow, client, reminder.subject)
    if found is None:
        return None
    return Choice("Show the incident", command_line("incident show", client.name, called(uow, found)), Emphasis.PRIMARY)


def _item_choice(uow: UnitOfWork, step: Step, reminder: Reminder) -> Choice | None:
    """The button for what is recorded of the thing itself: a paper, an access, a promise."""
    client = uow.clients.find(reminder.client_id) if reminder.client_id else None
    name = (client.name,) if client is not None else ()
    line = ""
    if step is Step.ADD_PAPER and client is not None:
        line = command_line("agreement add", *name, reference=BLANK, kind=reminder.subject.split(":")[2])
    elif step is Step.REVIEW_ACCESS and (grant := access_of(uow, reminder, reminder.deadline)) is not None:
        line = command_line("access review", *name, grant.system, on=BLANK)
    elif step is Step.KEEP_PROMISE and (promise := promise_of(uow, reminder, reminder.deadline)) is not None:
        everybody = {} if client is not None else {"everybody": "yes", "what": promise.what}
        line = command_line("promise kept", *name, *((promise.what,) if name else ()), **everybody, on=BLANK)
    return Choice(ITEM_LABELS[step], line, Emphasis.PRIMARY, opens_form=True) if line else None


def _step_choice(uow: UnitOfWork, step: Step, reminder: Reminder) -> Choice | None:
    """The button for what the kind asks for; its form is filled in as far as the reminder knows."""
    if step not in (Step.DISCLOSE, Step.INCIDENT) and step not in _COMMANDS:
        return None
    client = uow.clients.find(reminder.client_id) if reminder.client_id else None
    if client is None:
        return None
    if step is Step.INCIDENT:
        return _incident_choice(uow, client, reminder)
    if step is Step.DISCLOSE and reminder.subject.startswith(CONTRACT_REASK):
        contract = contract_of(uow, client, reminder.subject)
        if contract is None:
            return None
        line = command_line("contract edit", client.name, contract_name(contract), on=BLANK, by=BLANK)
        return Choice("Record the answer", line, Emphasis.PRIMARY, opens_form=True)
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
