"""The audit log: what happened, and whether the record of it is whole."""

import json

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import CommandError, UsageError
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.text.phrases import counted
from storage.records import Role

_SHOWN = 20


def show(ctx: Context, args: Arguments) -> Reply:
    found = ctx.uow.audit.newest(args.limit or _SHOWN, args.action)
    rows = tuple(
        (
            str(entry.seq), entry.at.strftime("%Y-%m-%d %H:%M UTC"), _who(entry.actor), entry.action,
            entry.outcome.value, _typed_text(details),
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
    for text in args.head:
        _check_head(ctx, text)
    proven = (
        f"{len(args.head)} saved: the heads agree with it. Up to the newest of them nothing was cut off or rewritten."
        if args.head
        else "A chain shows changes and gaps inside it. Only saved heads show that its newest entries were not cut off."
    )
    return Reply(
        f"The audit log is whole: {counted(count, 'entry', 'entries')}, each follows from the one before.",
        lines=(proven,),
        data={"entries": count, "broken": None, "heads": len(args.head)},
    )


def _check_head(ctx: Context, text: str) -> None:
    """`text` is NUMBER:HASH, as saved. Raises CommandError when the log does not have that entry with that hash."""
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(number) > 9 or len(digest) != 64:
        raise UsageError(f'"{text[:80]}" is not a saved head. Write the entry\'s number, a colon and its hash.')
    entry = ctx.uow.audit.find(int(number))
    if entry is None:
        raise CommandError(
            f"The audit log was cut off: entry {number}, of which the hash was saved, is not there any more."
        )
    if entry.hash != digest.lower():
        raise CommandError(f"The audit log was written anew: entry {number} had another hash when that was saved.")


def _who(actor: str) -> str:
    return f"<@{actor}>" if actor[:1] in "UW" and actor[1:].isalnum() else actor


def _typed_text(details: str | None) -> str:
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
        parameters=(Parameter("head", "a saved head, NUMBER:HASH, that it has to agree with", many=True),),
        example="/engagement audit verify",
    ),
)  # fmt: skip
