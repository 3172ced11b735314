"""The parts of the start page for those who manage and those who run the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from commands.agreements.unclear import unclear_section
from commands.checks.figures import figures_section
from commands.choices import available
from commands.command import Context
from commands.reply import Item, Section
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_channel, as_person
from commands.rules.text.phrases import plain
from commands.workspace import week
from storage.records import Client, Heartbeat, ReminderState, Role

_MOST = 5


def managing(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """What to decide today, what the week brings, how the clients stand, then what else needs a look."""
    today, this_week = week.today_and_week(ctx, clients, _MOST)
    return [
        today,
        *_to_settle(ctx, clients),
        *_undelivered(ctx, clients),
        this_week,
        *_standing(ctx, clients),
        *week.decision_sections(ctx, clients, _MOST),
        *unclear_section(ctx, clients.values()),
    ]


def _standing(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    if not clients:
        return []
    more = available(ctx, [("Check all", "check all", "", False), ("What to do first", "setup progress", "", False)])
    return [replace(figures_section(ctx, clients.values()), choices=more)]


def running(ctx: Context) -> Section:
    """Roles, settings and health, for admins."""
    lines = (*_roles(ctx), *_settings(ctx), *_health(ctx))
    choices = available(
        ctx,
        [
            ("Roles", "role list", "", False),
            ("Grant role", "role grant", "", True),
            ("Audit log", "audit show", "", False),
            ("Verify the audit log", "audit verify", "", False),
            ("Lead times", "reminder leads", "", True),
        ],
    )
    return Section("The bot", lines=lines, choices=choices)


def _to_settle(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    questions = [question for question in ctx.uow.questions.open() if question.client_id in clients]
    items = tuple(
        Item(
            f"{clients[question.client_id].name}: {question.question}",
            f"No. {question.id}, asked by {as_person(question.asked_by)} "
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
    title = f"Questions to settle ({len(questions)})"
    return [_cut(ctx, title, items, questions, ("All questions", "scope open"))] if items else []


def _undelivered(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    failed = [
        each
        for each in ctx.uow.reminders.coming(ctx.now)
        if each.state is ReminderState.FAILED and (each.client_id is None or each.client_id in clients)
    ]
    items = tuple(
        Item(
            each.headline,
            each.problem or "could not be delivered",
            available(ctx, [("Have somebody else told", "reminder reassign", str(each.id), True)]),
        )
        for each in failed[:_MOST]
    )
    title = f"Reminders that nobody got ({len(failed)})"
    return [_cut(ctx, title, items, failed, ("All reminders", "reminder list"))] if items else []


def _cut(ctx: Context, title: str, items: tuple[Item, ...], found: Sequence[object], whole: tuple[str, str]) -> Section:
    """Where there is more than is shown: how much, and a button for the rest."""
    rest = len(found) - len(items)
    if not rest:
        return Section(title, items)
    return Section(title, items, (f"The first {len(items)} of {len(found)}:",), available(ctx, [(*whole, "", False)]))


def _roles(ctx: Context) -> list[str]:
    granted = ctx.uow.roles.list()
    by_role = {role: sum(1 for each in granted if each.role is role) for role in reversed(Role)}
    counts = ", ".join(f"{count} {role.value}" for role, count in by_role.items() if count)
    default = ctx.policy.default_role.value if ctx.policy else Role.VIEWER.value
    firsts = ctx.policy.admins if ctx.policy else frozenset()
    lines = [f"Roles granted: {counts or 'none'}. Everybody else is {default}."]
    if firsts:
        lines.append("First admins, from the settings: " + ", ".join(map(as_person, sorted(firsts))) + ".")
    return lines


def _settings(ctx: Context) -> list[str]:
    channel = as_channel(ctx.managers_channel) if ctx.managers_channel else "not set (ENGAGEMENT_MANAGERS_CHANNEL)"
    lines = [f"Managers' channel: {channel}. Time zone: {ctx.zone.key}."]
    if ctx.policy is not None:
        hours = ctx.policy.delivery
        lines.append(f"Reminders arrive from {hours.opens:%H:%M} to {hours.closes:%H:%M} on business days.")
    days = [f"{plain(each.kind)} ({each.scope}): {_list_days(each.days)}" for each in ctx.uow.lead_times.list()]
    return [*lines, f"Lead times: {'; '.join(days) if days else 'the usual ones'}."]


def _health(ctx: Context) -> list[str]:
    beats = ctx.uow.heartbeats.list()
    waiting = ctx.uow.reminders.oldest_due(ctx.now)
    lines = [_beat(ctx, beat) for beat in beats] or ["No job has run yet."]
    return [*lines, f"A reminder has been waiting since {_stamp(ctx, waiting)}." if waiting else "No reminder is late."]


def _beat(ctx: Context, beat: Heartbeat) -> str:
    return f"{beat.job} last ran {_stamp(ctx, beat.beat_at)}."


def _stamp(ctx: Context, instant: datetime) -> str:
    local = instant.astimezone(ctx.zone)
    return f"{format_date(local.date())}, {local:%H:%M %Z}"


def _list_days(days: tuple[int, ...]) -> str:
    return ", ".join(str(day) for day in days) + " days"
