"""The audit log: what happened, and whether the record of it is whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from commands.arguments import Arguments
from commands.checks.counsel import has_findings, sees_all
from commands.command import Command, Context
from commands.errors import CommandError, UnclearClient, UsageError
from commands.grammar.lookup import client_named
from commands.parameters import Kind, Parameter
from commands.reply import File, Group, Item, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first, counted, shorten
from commands.stamps import stamp_cautions
from commands.workspace.audit_files import COLUMNS, Line, Names, as_csv, as_html, change_words, typed_text
from storage.records import AuditStamp, Role

_SHOWN = 20
_MOST = 10_000
_TYPED, _CHANGES = 80, 200


class AuditFormat(StrEnum):
    """What a search of the audit log is written as."""

    CSV = "csv"
    HTML = "html"


def show(ctx: Context, args: Arguments) -> Reply:
    """The newest entries that match; with a format, as many as there are, as a file."""
    since, until = _instants(ctx, args)
    args = _with_client(ctx, args)
    found = ctx.uow.audit.search(
        args.limit or (_MOST if args.format else _SHOWN),
        action=args.action.lower() if args.action else None,
        actor=args.person,
        since=since,
        until=until,
        client_id=args.client.id if args.client else None,
    )
    if not sees_all(ctx):
        found = [(entry, None if has_findings(entry.action) else said, about) for entry, said, about in found]
    names = {client.id: client.name for client in ctx.uow.clients.list(offboarded=True)}
    papers = {each.id: each.reference for each in ctx.uow.agreements.list()} if found else {}
    called = Names(ctx.zone, names, papers)
    lines = [
        Line(
            entry,
            f"{entry.at.astimezone(ctx.zone):%Y-%m-%d %H:%M %Z}",
            _who(entry.actor),
            ", ".join(names[id] for id in about if id in names),
            typed_text(details),
            change_words(details, entry.actor, entry.at, about, called),
        )
        for entry, details, about in found
    ]
    which = _in_words(args)
    if not lines:
        return Reply(f"Nothing {which} is in the audit log." if which else "Nothing is in the audit log yet.")
    count = "1 entry" if len(lines) == 1 else f"{len(lines)} entries"
    shown = lines if args.limit else lines[:_SHOWN]
    rows = tuple(
        (*line.cells[:6], shorten(line.typed, _TYPED), shorten(line.changes.replace("\n", "; "), _CHANGES))
        for line in shown
    )
    return Reply(
        f"{count} of the audit log{' ' if which else ''}{which}, the newest first.",
        table=Table(COLUMNS[:8], rows, about="Typed"),
        groups=tuple(_by_day(ctx, shown)),
        files=tuple(_files(ctx, args, which, lines)),
        next_steps=("/engagement audit verify",),
        data={
            "entries": [
                entry.model_dump(mode="json")
                | {"details": json.loads(details) if details else None, "clients": [names.get(id) for id in about]}
                for entry, details, about in found
            ]
        },
    )


def _by_day(ctx: Context, lines: Sequence[Line]) -> Iterator[Group]:
    """One line an entry: what was typed, then when, by whom, about which client, and what came of it."""
    for day, group in groupby(lines, lambda line: ctx.day_of(line.entry.at)):
        yield Group(format_date(day), tuple(_item(ctx, each) for each in group))


def _item(ctx: Context, line: Line) -> Item:
    entry, changes = line.entry, line.changes.replace("\n", "; ")
    about = f", about {line.clients}" if line.clients else ""
    done = f"{entry.outcome.value}: {shorten(changes, _CHANGES)}" if changes else entry.outcome.value
    typed = line.typed if line.typed.startswith(entry.action) else f"{entry.action}: {line.typed}".rstrip(": ")
    detail = (
        f"No. {entry.seq}, {entry.at.astimezone(ctx.zone):%H:%M %Z}, by {line.who}{about}. {capitalize_first(done)}"
    )
    return Item(shorten(typed, _TYPED), detail)


def _with_client(ctx: Context, args: Arguments) -> Arguments:
    """With the client that was named where a command's name may stand: "audit show calder".

    Raises UnclearClient; UsageError for what is like neither.
    """
    said = args.action
    if said is None or args.client is not None or ctx.uow.audit.search(1, action=said.lower()):
        return args
    if any(command.name.startswith(said.lower()) for command in ctx.registry):
        return args
    try:
        client = client_named(ctx, said)
    except UnclearClient as error:
        if error.candidates:
            raise
        raise UsageError(
            f'No command in the audit log begins with "{said}", and no client is called so.',
            fields={"action": "is neither the beginning of a command nor a client."},
            next_steps=("/engagement audit show", "/engagement client list"),
        ) from error
    return replace(args, values={**args.values, "action": None, "client": client})


def _instants(ctx: Context, args: Arguments) -> tuple[datetime | None, datetime | None]:
    """From the first day's beginning to the last day's end, in the workspace's zone. Raises UsageError."""
    if args.since and args.until and args.until < args.since:
        raise UsageError(f"until, {args.until}, is before since, {args.since}.", fields={"until": "is before since."})
    since = datetime.combine(args.since, time(), tzinfo=ctx.zone) if args.since else None
    until = datetime.combine(args.until + timedelta(days=1), time(), tzinfo=ctx.zone) if args.until else None
    return (since.astimezone(UTC) if since else None), (until.astimezone(UTC) if until else None)


def _in_words(args: Arguments) -> str:
    parts = (
        f"about {args.client.name}" if args.client else "",
        f"by {_who(args.person)}" if args.person else "",
        f'of commands that begin with "{args.action}"' if args.action else "",
        f"since {format_date(args.since)}" if args.since else "",
        f"until {format_date(args.until)}" if args.until else "",
    )
    return ", ".join(filter(None, parts))


def _files(ctx: Context, args: Arguments, which: str, lines: Sequence[Line]) -> Iterator[File]:
    if args.format is None:
        return
    title = f"Audit log {which}".strip()
    name = f"audit-{ctx.today}.{args.format.value}"
    if args.format is AuditFormat.CSV:
        yield File(name, as_csv(lines), title)
        return
    _, broken = ctx.uow.audit.verify()
    head = ctx.uow.audit.head()
    whole = f"The log is broken: {broken}." if broken else "The whole log was verified when this was written."
    said = (
        f"Written on {format_date(ctx.today)} for {_who(ctx.actor.user)}. {whole}",
        f"Its newest entry is no. {head.seq}, hash {head.hash}." if head else "",
        f"Only the newest {_MOST} are here." if len(lines) >= _MOST else "",
    )
    yield File(name, as_html(title, [line for line in said if line], lines), title)


def verify(ctx: Context, args: Arguments) -> Reply:
    count, broken = ctx.uow.audit.verify()
    if broken is not None:
        raise CommandError(
            f"The audit log is broken: {broken}. The {count} entries before it are whole. "
            "Keep a copy of the database as it is, and compare it with a backup."
        )
    for text in args.head:
        _check_head(ctx, text)
    stamps = ctx.uow.audit_stamps.list()
    for each in stamps:
        _check_head(ctx, f"{each.seq}:{each.hash}")
    proven = (
        f"{len(args.head)} saved: the heads agree with it. Up to the newest of them nothing was cut off or rewritten."
        if args.head
        else "A chain shows changes and gaps inside it. Only saved heads show that its newest entries were not cut off."
    )
    return Reply(
        f"The audit log is whole: {counted(count, 'entry', 'entries')}, each follows from the one before.",
        lines=(proven, *((_stamped_words(ctx, stamps),) if stamps else ())),
        cautions=stamp_cautions(ctx),
        data={"entries": count, "broken": None, "heads": len(args.head), "stamps": len(stamps)},
    )


def _stamped_words(ctx: Context, stamps: Sequence[AuditStamp]) -> str:
    newest = stamps[-1]
    return (
        f"{counted(len(stamps), 'time stamp')} of its heads, the newest of entry {newest.seq} at "
        f"{newest.stamped_at:%Y-%m-%d %H:%M} UTC, by {newest.service}. Evidence packs have them, to be verified with "
        "openssl ts."
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
    return as_person(actor)


COMMANDS = (
    Command(
        "audit", "show", show, Role.MANAGER, "What was done: by client, person, time and kind; also as a file",
        changes=False, is_slow=True,
        parameters=(
            Parameter("action", "only commands that begin with this, such as matrix; or a client", positional=True),
            Parameter("client", "only what is about this client", Kind.CLIENT),
            Parameter("person", "only what this person did", Kind.PERSON, may_be_absent=True),
            Parameter("since", "the first day", Kind.DATE, has_happened=True),
            Parameter("until", "the last day", Kind.DATE, has_happened=True),
            Parameter("limit", "how many", Kind.INTEGER, most=10_000),
            Parameter("format", "as a file: a spreadsheet, or a page to print", Kind.CHOICE, choices=AuditFormat),
        ),
        example="/engagement audit show client:calder since:2026-01-01 format:html",
    ),
    Command(
        "audit", "verify", verify, Role.MANAGER, "Check that the audit log is whole", changes=False, is_slow=True,
        parameters=(Parameter("head", "a saved head, NUMBER:HASH, that it has to agree with", many=True),),
        example="/engagement audit verify",
    ),
)  # fmt: skip
