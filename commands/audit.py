"""The audit log: what happened, and whether the record of it is whole."""

import json

from commands.arguments import Arguments
from commands.context import Context
from commands.errors import CommandError
from commands.registry import Command, Kind, Parameter
from commands.reply import Reply, Table
from storage.records import Role

_SHOWN = 20


def show(ctx: Context, args: Arguments) -> Reply:
    found = ctx.uow.audit.newest(args.limit or _SHOWN, args.action)
    rows = tuple(
        (
            str(entry.seq), entry.at.strftime("%Y-%m-%d %H:%M UTC"), _who(entry.actor), entry.action,
            entry.outcome.value, _typed(details),
        )
        for entry, details in found
    )  # fmt: skip
    return Reply(
        f"The {len(rows)} newest entries of the audit log." if rows else "Nothing is in the audit log yet.",
        table=Table(("No.", "When", "Who", "Command", "Outcome", "Typed"), rows) if rows else None,
        next_steps=("/engagement audit verify",),
        data={
            "entries": [
                entry.model_dump(mode="json") | {"details": json.loads(details) if details else None}
                for entry, details in found
            ]
        },
    )


def verify(ctx: Context, args: Arguments) -> Reply:
    count, broken = ctx.uow.audit.verify()
    if broken is not None:
        raise CommandError(
            f"The audit log is broken: {broken}. The {count} entries before it are whole. "
            "Keep a copy of the database as it is, and compare it with a backup."
        )
    return Reply(
        f"The audit log is whole: {count} entries, each follows from the one before.",
        lines=("A chain shows changes and gaps inside it. It cannot show that its newest entries were cut off.",),
        data={"entries": count, "broken": None},
    )


def _who(actor: str) -> str:
    return f"<@{actor}>" if actor[:1] in "UW" and actor[1:].isalnum() else actor


def _typed(details: str | None) -> str:
    return str(json.loads(details).get("typed", ""))[:80] if details else "not shown"


COMMANDS = (
    Command(
        "audit", "show", show, Role.MANAGER, "The newest entries of the audit log", changes=False,
        parameters=(
            Parameter("action", "only commands that start so, such as matrix", positional=True),
            Parameter("limit", "how many", Kind.INTEGER),
        ),
        example="/engagement audit show matrix limit:50",
    ),
    Command(
        "audit", "verify", verify, Role.MANAGER, "Check that the audit log is whole", changes=False, is_slow=True,
        example="/engagement audit verify",
    ),
)  # fmt: skip
