"""How early to remind: of everything, of one client, or of one agreement."""

import re

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import UsageError
from commands.parameters import Kind, Parameter
from commands.reply import Reply
from commands.rules.reminders.kinds import KINDS
from storage.records import LeadTimes, ReminderKind, Role


def leads(ctx: Context, args: Arguments) -> Reply:
    """Set how early to remind, for everything, one client or one agreement; "usual" takes a choice back."""
    _refuse_urgent(args.kind)
    if args.agreement is not None:
        scope, whose = f"agreement:{args.agreement.id}", args.agreement.reference
    elif args.client is not None:
        scope, whose = f"client:{args.client.id}", args.client.name
    else:
        scope, whose = "workspace", "every client"
    title = KINDS[args.kind].title
    if args.days.strip().lower() == "usual":
        ctx.uow.lead_times.clear(scope, args.kind)
        usual = ", ".join(str(each) for each in KINDS[args.kind].leads)
        return Reply(f"{title}, {whose}: back to the usual days before ({usual}).")
    days = _days(args.days)
    ctx.uow.lead_times.set(LeadTimes(scope=scope, kind=args.kind, days=days, set_by=ctx.actor.user, set_at=ctx.now))
    shown = ", ".join(str(each) for each in days)
    return Reply(f"{title}, {whose}: reminders go out {shown} days before.", data={"scope": scope, "days": days})


def _days(text: str) -> tuple[int, ...]:
    words = re.split(r"[\s,;/]+", text.strip())
    if not all(re.fullmatch(r"-?\d{1,3}", word) for word in words) or len(words) > 12:
        raise UsageError(
            f'days "{text}" is not a list of days. Write for example 90,60,30 or usual.',
            fields={"days": "is not a list such as 90,60,30."},
        )
    return tuple(sorted({int(word) for word in words}, reverse=True))


def _refuse_urgent(kind: ReminderKind) -> None:
    """Raises UsageError for reminders that go by the hour."""
    if KINDS[kind].is_urgent:
        said = "is reminded of by the hour: at once, at half time and before its end. It has no lead times in days."
        raise UsageError(f"kind: {kind.value} {said}", fields={"kind": said})


COMMANDS = (
    Command(
        "reminder", "leads", leads, Role.MANAGER, "Choose how early to remind: of all, of a client, of an agreement",
        parameters=(
            Parameter("kind", "what is reminded of", Kind.CHOICE, positional=True, required=True, choices=ReminderKind),
            Parameter("days", "days before, such as 90,60,30; or usual", positional=True, required=True),
            Parameter("client", "only for this client", Kind.CLIENT),
            Parameter("agreement", "only for this agreement of the client", Kind.AGREEMENT),
        ),
        example="/engagement reminder leads notice_deadline 120,90,60,30,14 client:calder",
    ),
)  # fmt: skip
