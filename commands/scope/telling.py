"""When whoever settles an open question hears of it, in words. The message itself is a reminder."""

from commands.command import Context
from commands.policy import Policy
from commands.reminders.planner import Telling, planner_for
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_recipient
from storage.records import Client, ScopeQuestion


def telling_of(ctx: Context, client: Client, question: ScopeQuestion) -> Telling | None:
    """To whom the open question goes, and when; None where there is nobody."""
    planner = planner_for(ctx.policy or Policy(ctx.zone, managers_channel=ctx.managers_channel))
    return planner.first_telling(ctx.uow, client, question, ctx.now)


def batch_words(ctx: Context, client: Client, question: ScopeQuestion) -> tuple[str, ...]:
    """For whoever asked what no agreement answers."""
    telling = telling_of(ctx, client, question)
    if telling is None:
        return ("Nobody is told: the client has no owner.", "A manager settles it with: /engagement scope open")
    to = whom(telling, ctx)
    if telling.at <= ctx.now:
        return (f"{to} told now; you will be told what is decided.",)
    return (
        f"{to} told {_when(telling)}, with the day's open questions; you will be told what is decided.",
        "If it cannot wait, press Ask a manager.",
    )


def press_words(ctx: Context, client: Client, question: ScopeQuestion) -> str:
    """For whoever pressed "Ask a manager"."""
    telling = telling_of(ctx, client, question)
    if telling is None:
        return "Nobody can be told: the client has no owner. A manager settles it with: /engagement scope open"
    if telling.at <= ctx.now:
        return f"{whom(telling, ctx)} told now; you will be told what is decided."
    return (
        f"{whom(telling, ctx)} told {_when(telling)}: outside working hours nobody is messaged. "
        "You will be told what is decided."
    )


def whom(telling: Telling, ctx: Context) -> str:
    """As a sentence begins, verb included: "@dana is", "You are"."""
    if telling.to == ctx.actor.user:
        return "You are"
    return f"{as_recipient(telling.to)} is"


def _when(telling: Telling) -> str:
    return f"on {format_date(telling.at.date())} at {telling.at:%H:%M} ({telling.at.tzinfo})"
