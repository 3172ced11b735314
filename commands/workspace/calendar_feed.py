"""A calendar that one subscribes to: a private address that shows what its owner may see, as things are now.

The secret in the address is shown once; only its hash is kept. A revoked address is as if it had never been.
"""

import hashlib
import secrets
from datetime import timedelta

from commands.agreements.timeline import Deadline, calendar_file
from commands.arguments import Arguments
from commands.command import Command, Context
from commands.dispatching.request import CONSOLE
from commands.errors import Conflict, NotAllowed, NotFound, UsageError
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Reply, Table
from commands.rules.text.people import as_person
from commands.workspace.week import Matter, matters
from storage.records import CalendarFeed, ReminderKind, Role

PATH = "/calendar/"
ENDING = ".ics"
_AHEAD = timedelta(days=366)
_MOST = 5
# The agreements' own events say these.
_OF_AGREEMENTS = (
    ReminderKind.NOTICE_DEADLINE, ReminderKind.RENEWAL, ReminderKind.EXTENSION_DEADLINE, ReminderKind.AGREEMENT_REVIEW,
)  # fmt: skip


def feed(ctx: Context, args: Arguments) -> Reply:
    if ctx.actor.user == CONSOLE:
        raise UsageError("An address belongs to a person: ask for it in Slack.")
    base = ctx.policy.calendar_url if ctx.policy is not None else None
    if base is None:
        raise Conflict(
            "No address for calendars is set up on this bot. Whoever runs it sets ENGAGEMENT_CALENDAR and "
            "ENGAGEMENT_CALENDAR_URL.",
            next_steps=("/engagement calendar",),
        )
    mine = [each for each in ctx.uow.calendar_feeds.live() if each.user == ctx.actor.user]
    if len(mine) >= _MOST:
        raise Conflict(
            f"You have {_MOST} calendar addresses already. Revoke one first.",
            next_steps=("/engagement calendar feeds",),
        )
    token = secrets.token_urlsafe(32)
    made = ctx.uow.calendar_feeds.add(CalendarFeed(user=ctx.actor.user, token_hash=hash_of(token), made_at=ctx.now))
    return Reply(
        "Your calendar address. It is shown only once.",
        lines=(
            "Add it in your calendar as a subscription (Google: From URL; Outlook: Subscribe from web).",
            "Whoever has it sees the deadlines that you may see. Do not pass it on; revoke it if it got out.",
        ),
        copy=f"{base.rstrip('/')}{PATH}{token}{ENDING}",
        choices=(Choice("Revoke it", f"calendar revoke {made.id}"),),
        data={"feed": made.id},
    )


def list_feeds(ctx: Context, args: Arguments) -> Reply:
    """One's own; an admin sees everybody's."""
    found = [each for each in ctx.uow.calendar_feeds.live() if _is_theirs(ctx, each)]
    if not found:
        return Reply("No calendar address is in use.", next_steps=("/engagement calendar feed",))
    rows = tuple((str(each.id), as_person(each.user), str(ctx.day_of(each.made_at))) for each in found)
    return Reply(
        "1 calendar address is in use." if len(rows) == 1 else f"{len(rows)} calendar addresses are in use.",
        table=Table(("No.", "Whose", "Since"), rows),
        choices=tuple(Choice(f"Revoke no. {each.id}", f"calendar revoke {each.id}") for each in found[:5]),
        data={"feeds": [each.id for each in found]},
    )


def revoke(ctx: Context, args: Arguments) -> Reply:
    found = next((each for each in ctx.uow.calendar_feeds.live() if each.id == args.id), None)
    if found is None:
        raise NotFound(f"No calendar address no. {args.id} is in use.", next_steps=("/engagement calendar feeds",))
    if not _is_theirs(ctx, found):
        raise NotAllowed("Only its owner or an admin can revoke a calendar address.")
    ctx.uow.calendar_feeds.revoke(found, at=ctx.now, by=ctx.actor.user)
    return Reply(
        f"Calendar address no. {found.id} is revoked: it answers nothing any more.",
        lines=("A calendar that read it keeps what it has until somebody removes it there.",),
        data={"feed": found.id},
    )


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def content(ctx: Context) -> bytes:
    """The calendar as its owner, `ctx.actor`, may see it now."""
    clients = ctx.uow.clients.list()
    more: list[Deadline] = []
    if ctx.actor.role.may_act_as(Role.TECHNICIAN):  # as in /engagement week
        found = matters(ctx, {client.id: client for client in clients}, _AHEAD)
        more = [_deadline(each) for each in found if each.due.kind not in _OF_AGREEMENTS]
    return calendar_file(ctx, clients, more)


def _deadline(matter: Matter) -> Deadline:
    subject = hash_of(matter.due.subject)[:24]
    return Deadline(f"{matter.due.kind.value}-{subject}-{matter.act_on}", matter.act_on, matter.due.headline)


def _is_theirs(ctx: Context, found: CalendarFeed) -> bool:
    return found.user == ctx.actor.user or ctx.actor.role is Role.ADMIN


COMMANDS = (
    Command(
        "calendar", "feed", feed, Role.VIEWER, "Your private address for a calendar to subscribe to",
        example="/engagement calendar feed",
    ),
    Command(
        "calendar", "feeds", list_feeds, Role.VIEWER, "The calendar addresses that are in use", changes=False,
        example="/engagement calendar feeds",
    ),
    Command(
        "calendar", "revoke", revoke, Role.VIEWER, "Make a calendar address answer nothing any more",
        parameters=(Parameter("id", "the address's number", Kind.INTEGER, positional=True, required=True),),
        example="/engagement calendar revoke 3",
    ),
)  # fmt: skip
