"""The parts of the start page for those who manage and those who run the bot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commands.command import Context
from commands.grammar.words import command_line
from commands.reckoning import decision_words, reckon
from commands.reminders.planner import Planner
from commands.reply import Choice
from commands.rules.reminders.facts import Due
from commands.rules.reminders.kinds import KINDS, dues
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records import Agreement, Client, Heartbeat, ReminderKind, ReminderState, Role

AHEAD = timedelta(days=90)
_KEPT = {
    ReminderKind.ACCESS_REVIEW: ("Review access", "access review"),
    ReminderKind.PROMISE_DUE: ("Promise kept", "promise kept"),
}
_MOST = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One line, what it means in small print, and what to do about it."""

    text: str
    detail: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`lines` are said under the title: what an empty section means, or what its items have in common."""

    title: str
    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


def managing(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """What is due, what was decided, what waits to be settled, gaps, and what could not be delivered."""
    return [
        _due(ctx, clients),
        *_decision_sections(ctx, clients),
        _to_settle(ctx, clients),
        *_gaps(ctx, clients),
        *_undelivered_sections(ctx, clients),
    ]


def running(ctx: Context) -> list[Section]:
    """Roles, settings and health, for admins."""
    return [_roles(ctx), _settings(ctx), _health(ctx)]


def available(ctx: Context, choices: Iterable[tuple[str, str, str, bool]]) -> tuple[Choice, ...]:
    """The choices (label, command name, its arguments, whether as a form) that exist and that the actor may run."""
    found = []
    for label, name, rest, opens_form in choices:
        noun, _, verb = name.partition(" ")
        command = ctx.registry.find(noun, verb)
        if command is not None and ctx.actor.role.may_act_as(command.role):
            found.append(Choice(label, f"{name} {rest}".strip(), opens_form=opens_form))
    return tuple(found)


def _due(ctx: Context, clients: Mapping[int, Client]) -> Section:
    """Of the next 90 days, overdue first; questions have a section of their own."""
    planner = Planner(ctx.zone, managers_channel=ctx.managers_channel)
    found: list[tuple[Due, Client]] = []
    for client in ctx.uow.prefetching(list(clients.values())):
        last = ctx.today_for(client) + AHEAD
        found += [
            (due, client)
            for due in dues(planner.facts(ctx.uow, client, ctx.now))
            if due.kind is not ReminderKind.SCOPE_QUESTION and not due.is_over and (due.act_by or due.deadline) <= last
        ]
    found.sort(key=lambda each: (each[0].deadline, each[0].headline))
    papers = {agreement.id: agreement for agreement in ctx.uow.agreements.list()} if found else {}
    items = tuple(_due_item(ctx, client, due, papers) for due, client in found[:_MOST])
    overdue = sum(1 for due, client in found if due.deadline < ctx.today_for(client))
    lines = ("Nothing in the next 90 days.",) if not items else (f"{overdue} overdue.",) if overdue else ()
    rest = _first_of(found, "/renewals, /engagement reminder list")
    return Section(f"Due in the next 90 days ({len(found)})" if found else "Due", items, (*lines, *rest))


def _decision_sections(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """What was decided about the end of a term and has not happened yet, the next end first; none without one."""
    found = []
    for client, agreement, reckoning in reckon(ctx.uow, clients.values()):
        today = ctx.today_for(client)
        if words := decision_words(reckoning, agreement, today):
            stands = reckoning.standing(agreement, today)
            item = Item(f"{client.name}: {agreement.reference}", words, _about_decided(ctx, client, agreement))
            found.append((stands.ends_on or stands.term_end or date.max, item.text, item))
    if not found:
        return []
    items = tuple(item for _, _, item in sorted(found, key=lambda each: each[:2])[:_MOST])
    return [Section(f"Decided ({len(found)})", items, _first_of(found, "/renewals"))]


def _about_decided(ctx: Context, client: Client, agreement: Agreement) -> tuple[Choice, ...]:
    names = command_line("", client.name, agreement.reference).strip()
    back = command_line(names, reason=BLANK)
    return available(ctx, [("Show", "agreement show", names, False), ("Take it back", "renewal retract", back, True)])


def _due_item(ctx: Context, client: Client, due: Due, papers: Mapping[int, Agreement]) -> Item:
    when = _days(due.act_by or due.deadline, ctx.today_for(client))
    agreement = papers.get(due.agreement_id or 0)
    choices: list[tuple[str, str, str, bool]] = []
    if agreement is not None:
        names = command_line("", client.name, agreement.reference).strip()
        sign, explain = (command_line(names, **blanks) for blanks in (SIGNED, EXPLAINED))
        steps = {
            ReminderKind.NOTICE_DEADLINE: ("Decide", "renewal decide", names, True),
            ReminderKind.RENEWAL: ("Decide", "renewal decide", names, True),
            ReminderKind.UNSIGNED_AGREEMENT: ("Record signature", "agreement sign", sign, True),
            ReminderKind.MISSING_WALKTHROUGH: ("Record walkthrough", "walkthrough record", explain, True),
            ReminderKind.AGREEMENT_REVIEW: ("Reviewed", "agreement edit", f"{names} reviewed:{BLANK}", True),
        }
        choices += [steps[due.kind]] if due.kind in steps else []
        choices.append(("Show", "agreement show", names, False))
    elif due.kind is ReminderKind.DISCLOSURE_REASK:
        regulation = due.subject.rpartition(":")[2]
        choices.append(("Record answer", "disclosure record", _reask_choice(client, regulation), True))
    elif due.kind in _KEPT and due.label is not None:
        label, name = _KEPT[due.kind]
        choices.append((label, name, command_line("", client.name, due.label, on=BLANK).strip(), True))
    return Item(due.headline, f"{KINDS[due.kind].title}, {when}", available(ctx, choices))


def _reask_choice(client: Client, regulation: str) -> str:
    return command_line("", client.name, regulation, answer=BLANK, by=BLANK, on=BLANK).strip()


def _to_settle(ctx: Context, clients: Mapping[int, Client]) -> Section:
    questions = [question for question in ctx.uow.questions.open() if question.client_id in clients]
    items = tuple(
        Item(
            f"{clients[question.client_id].name}: {question.question}",
            f"no. {question.id}, asked by <@{question.asked_by}> on {ctx.day_of(question.asked_at)}",
            available(
                ctx,
                (
                    ("Settle", "scope settle", str(question.id), True),
                    ("Draft addendum line", "scope draft", str(question.id), False),
                    ("Dismiss", "scope dismiss", str(question.id), True),
                ),
            ),
        )
        for question in questions[:_MOST]
    )
    lines = _first_of(questions, "/engagement scope open") if items else ("No question waits for an answer.",)
    return Section(f"Questions to settle ({len(questions)})" if items else "Questions to settle", items, lines)


def _gaps(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """By client, from the newest engagement check; nothing where there is no such command."""
    check = next((command for command in ctx.registry.of_noun("check") if command.parameters), None)
    if check is None or not clients:
        return []
    items = []
    results = ctx.uow.checks.newest_of_each()
    for client in clients.values():
        newest = results.get(client.id)
        if newest is None:
            words = "never checked"
        elif newest.findings:
            count = len(newest.findings)
            words = f"{count} {'gap' if count == 1 else 'gaps'} found on {ctx.day_of(newest.checked_at)}"
        else:
            continue
        items.append(Item(client.name, words, available(ctx, [("Check now", check.name, _name(client), False)])))
    lines = _first_of(items, "/engagement check all") if items else ("The last check of every client found none.",)
    return [Section("Gaps by client", tuple(items[:_MOST]), lines)]


def _undelivered_sections(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    failed = [
        each
        for each in ctx.uow.reminders.coming(ctx.now)
        if each.state is ReminderState.FAILED and (each.client_id is None or each.client_id in clients)
    ]
    if not failed:
        return []
    items = tuple(
        Item(
            each.headline,
            each.problem or "could not be delivered",
            available(ctx, [("Have somebody else told", "reminder reassign", str(each.id), True)]),
        )
        for each in failed[:_MOST]
    )
    said = "Whoever should have been told was not: tell them, or change who answers for it."
    lines = (said, *_first_of(failed, "/engagement reminder list"))
    return [Section(f"Reminders that could not be delivered ({len(failed)})", items, lines)]


def _first_of(found: Sequence[object], whole: str) -> tuple[str, ...]:
    """Where there is more than a home tab shows: how much, and what to type for the rest."""
    return (f"The first {_MOST} of {len(found)} are here. All of them: {whole}",) if len(found) > _MOST else ()


def _roles(ctx: Context) -> Section:
    granted = ctx.uow.roles.list()
    by_role = {role: sum(1 for each in granted if each.role is role) for role in reversed(Role)}
    counts = ", ".join(f"{count} {role.value}" for role, count in by_role.items() if count)
    default = ctx.policy.default_role.value if ctx.policy else Role.VIEWER.value
    firsts = ctx.policy.admins if ctx.policy else frozenset()
    lines = (
        f"Granted: {counts or 'none'}. Everybody else is {default}.",
        *(["First admins, from the settings: " + ", ".join(f"<@{each}>" for each in sorted(firsts))] if firsts else []),
    )
    choices = available(ctx, [("Who has which", "role list", "", False), ("Give a role", "role grant", "", True)])
    return Section("Roles", lines=lines, choices=choices)


def _settings(ctx: Context) -> Section:
    channel = f"<#{ctx.managers_channel}>" if ctx.managers_channel else "not set (ENGAGEMENT_MANAGERS_CHANNEL)"
    chosen = ctx.uow.lead_times.list()
    lines = [f"Managers' channel: {channel}.", f"Time zone: {ctx.zone.key}."]
    if ctx.policy is not None:
        hours = ctx.policy.delivery
        lines.append(f"Reminders arrive from {hours.opens:%H:%M} to {hours.closes:%H:%M} on business days.")
    days = [f"{each.kind.value.replace('_', ' ')} ({each.scope}): {_list_days(each.days)}" for each in chosen]
    lines.append(f"Lead times: {'; '.join(days) if days else 'the usual ones'}.")
    choices = available(ctx, [("Lead times", "reminder leads", "", True), ("Reminders", "reminder list", "", False)])
    return Section("Settings", lines=tuple(lines), choices=choices)


def _health(ctx: Context) -> Section:
    beats = ctx.uow.heartbeats.list()
    waiting = ctx.uow.reminders.oldest_due(ctx.now)
    lines = [_beat(ctx, beat) for beat in beats] or ["No job has run yet."]
    lines.append(f"A reminder waits since {_stamp(ctx, waiting)}." if waiting else "No reminder waits.")
    choices = available(
        ctx, [("Verify the audit log", "audit verify", "", False), ("Audit log", "audit show", "", False)]
    )
    return Section("Health", lines=tuple(lines), choices=choices)


def _beat(ctx: Context, beat: Heartbeat) -> str:
    return f"{beat.job} last ran {_stamp(ctx, beat.beat_at)}."


def _stamp(ctx: Context, instant: object) -> str:
    return instant.astimezone(ctx.zone).strftime("%Y-%m-%d %H:%M %Z")  # type: ignore[attr-defined, no-any-return]


def _days(day: date, today: date) -> str:
    left = (day - today).days
    if left < 0:
        return f"overdue by {-left} {'day' if left == -1 else 'days'}"
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")


def _list_days(days: tuple[int, ...]) -> str:
    return ", ".join(str(day) for day in days) + " days"


def _name(client: Client) -> str:
    return command_line("", client.name).strip()
