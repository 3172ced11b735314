"""The parts of the start page for those who manage and those who run the bot."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from commands.agreements.unclear import unclear_section
from commands.checks.counsel import seen_ids
from commands.checks.progress import FEWEST_CLIENTS, progress_sections
from commands.choices import available
from commands.command import Context
from commands.grammar.words import command_line
from commands.reply import Item, Section
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_channel, as_person
from commands.workspace import week
from storage.records import Client, Heartbeat, ReminderState, Role

AHEAD = timedelta(days=90)
_MOST = 200


def managing(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """What is due, what was decided, what waits to be settled, gaps, and what could not be delivered."""
    return [
        *week.due_sections(ctx, clients, AHEAD, _MOST),
        *week.decision_sections(ctx, clients, _MOST),
        _to_settle(ctx, clients),
        *(progress_sections(ctx, clients) if len(clients) >= FEWEST_CLIENTS else _gaps(ctx, clients)),
        *_undelivered_sections(ctx, clients),
        *unclear_section(ctx, clients.values()),
    ]


def running(ctx: Context) -> list[Section]:
    """Roles, settings and health, for admins."""
    return [_roles(ctx), _settings(ctx), _health(ctx)]


def _to_settle(ctx: Context, clients: Mapping[int, Client]) -> Section:
    questions = [question for question in ctx.uow.questions.open() if question.client_id in clients]
    items = tuple(
        Item(
            f"{clients[question.client_id].name}: {question.question}",
            f"no. {question.id}, asked by {as_person(question.asked_by)} "
            f"on {format_date(ctx.day_of(question.asked_at))}",
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
        elif count := len(seen_ids(ctx, newest.findings)):
            words = f"{count} {'gap' if count == 1 else 'gaps'} found on {format_date(ctx.day_of(newest.checked_at))}"
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
        *(
            ["First admins, from the settings: " + ", ".join(as_person(each) for each in sorted(firsts))]
            if firsts
            else []
        ),
    )
    choices = available(ctx, [("Who has which", "role list", "", False), ("Give a role", "role grant", "", True)])
    return Section("Roles", lines=lines, choices=choices)


def _settings(ctx: Context) -> Section:
    channel = as_channel(ctx.managers_channel) if ctx.managers_channel else "not set (ENGAGEMENT_MANAGERS_CHANNEL)"
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


def _list_days(days: tuple[int, ...]) -> str:
    return ", ".join(str(day) for day in days) + " days"


def _name(client: Client) -> str:
    return command_line("", client.name).strip()
