"""Promises: what we said we would do, wherever we said it, how often, and when it was last done."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from commands.arguments import Arguments
from commands.clients.client import OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.conduct.recurring import refuse_known_text, refuse_no_cadence
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.parameters import FormLayout, Kind, Parameter
from commands.promising import caution_about
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.conduct.promises import is_overdue, is_standing, next_due
from commands.rules.history.lag import date_with_lag
from commands.rules.history.spans import has_ended
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first, counted, plain
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Promise, PromiseSource, Role

_OPTIONAL_CLIENT = Parameter("client", "the client it was made to", Kind.CLIENT, True)
_WHAT = Parameter("what", "what was promised, or how its text begins", positional=True, required=True)
_EDIT = "/engagement promise edit"
_KEPT = {"where": "where", "url": "document_url", "owner": "owner", "every": "cadence"}
_SOURCE_WORDS = {
    "contract": "agreement", "website": "marketing", "advertising": "marketing", "brochure": "marketing",
    "quote": "proposal", "privacy": "privacy_policy", "mail": "email", "verbal": "spoken", "meeting": "spoken",
}  # fmt: skip


def add(ctx: Context, args: Arguments) -> Reply:
    client = _whose(args)
    today = _today(ctx, client)
    refuse_known_text(endings.standing(_known(ctx, client), today), args.what, _EDIT)
    refuse_no_cadence(args)
    made_on = args.made or today
    fields = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    promise = Promise(
        client_id=client.id if client else None,
        what=args.what,
        source=args.source or PromiseSource.OTHER,
        made_on=made_on,
        last_kept_on=args.kept,
        next_due_on=args.due or next_due(args.every, args.kept or made_on),
        control_refs=args.control,
        **fields,
        **versions.stamp(ctx),
    )
    return _promise_reply(ctx, client, ctx.uow.promises.record(promise), today, "The promise is recorded.")


def edit(ctx: Context, args: Arguments) -> Reply:
    client = _whose(args)
    old = _find_promise(ctx, client, args.what)
    refuse_no_cadence(args)
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: None for name in args.emptied(*_KEPT)}
    changes |= {"control_refs": ()} if args.emptied("control") else {}
    changes |= {"next_due_on": None} if args.emptied("due") or "every" in args.cleared else {}
    if args.wording:
        others = [each for each in _known(ctx, client) if each.id != old.id]
        refuse_known_text(endings.standing(others, _today(ctx, client)), args.wording, _EDIT)
        changes["what"] = args.wording
    if args.source:
        changes["source"] = args.source
    if args.control:
        changes["control_refs"] = args.control
    if args.due or args.every:
        changes["next_due_on"] = args.due or next_due(args.every, old.last_kept_on or old.made_on)
    if not changes and not args.cleared:
        raise UsageError("Nothing to change was given.", next_steps=("/engagement help promise edit",))
    if not changes:
        return _promise_reply(ctx, client, old, _today(ctx, client), "The promise is as it was.")
    after = versions.replace_version(ctx, ctx.uow.promises, old, changes)
    return _promise_reply(
        ctx, client, after, _today(ctx, client), "The promise is changed; what it said before is kept."
    )


def kept(ctx: Context, args: Arguments) -> Reply:
    client = _whose(args)
    today = _today(ctx, client)
    old = _find_promise(ctx, client, args.what)
    on: date = args.on or today
    if old.last_kept_on is not None and on < old.last_kept_on:
        raise Conflict(f"It was kept later already, on {old.last_kept_on}.")
    changes = {"last_kept_on": on, "evidence": args.evidence, "next_due_on": next_due(old.cadence, on)}
    after = versions.replace_version(ctx, ctx.uow.promises, old, changes)
    return _promise_reply(ctx, client, after, today, f"Kept on {date_with_lag(on, today)}.", date_with_lag(on, today))


def end(ctx: Context, args: Arguments) -> Reply:
    client = _whose(args)
    old = _to_end(ctx, client, args.what)
    on = args.on or _today(ctx, client)
    back = _line("/engagement promise reinstate", client, old)
    changes = {"end_reason": args.reason} if args.reason else {}
    after, before = endings.end(
        ctx, ctx.uow.promises, old, on, is_stated=bool(args.on), take_back=back, changes=changes
    )
    reason = (Field("Reason", after.end_reason),) if after.end_reason else ()
    return Reply(
        f'"{after.what}" no longer binds as of {after.ended_on}. The record stays.{before}',
        fields=reason,
        data={"promise": after.model_dump(mode="json")},
    )


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take its ending back: it binds as if it had not been ended."""
    client = _whose(args)
    old = _to_end(ctx, client, args.what)
    others = [each for each in _known(ctx, client) if each.id != old.id and not each.ended_on]
    refuse_known_text(others, old.what, _EDIT)
    due = {"next_due_on": old.next_due_on or next_due(old.cadence, old.last_kept_on or old.made_on), "end_reason": None}
    after, said = endings.take_back(ctx, ctx.uow.promises, old, f'"{old.what}"', due)
    return _promise_reply(ctx, client, after, _today(ctx, client), f"The promise binds again. {said}")


def list_promises(ctx: Context, args: Arguments) -> Reply:
    client: Client | None = args.client
    known = ctx.uow.promises.current(client.id if client else None, with_general=True)
    names = {each.id: each.name for each in ctx.uow.clients.list(offboarded=True)}
    standing = [each for each in known if args.ended or is_standing(each, _today(ctx, client))]
    standing.sort(key=lambda each: (each.next_due_on or date.max, each.id))
    if not standing:
        whose = f" to {client.name}" if client else ""
        return Reply(
            f"No promise{whose} is recorded.",
            cautions=("What proposals, privacy policies and marketing say binds, too: record it.",),
            next_steps=("/engagement help promise add",),
            data={"promises": []},
        )
    today, kept_days = _today(ctx, client), _kept_days(ctx, standing)
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            names.get(each.client_id or 0, "everybody"), each.what, plain(each.source),
            each.cadence.in_words if each.cadence else "", kept_days.get(each.id, ""), str(each.next_due_on or ""),
            endings.in_words(each, today, each.end_reason),
        )
        for each in standing
    )  # fmt: skip
    columns: tuple[str, ...] = ("To", "What", "Said in", "Every", "Last kept", "Next due", "Ends")
    if not any(each.ended_on for each in standing):
        columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
    overdue = sum(1 for each in standing if is_overdue(each, today))
    return Reply(
        f"{counted(len(standing), 'promise')}{f' to {client.name}' if client else ''}, the next due first.",
        cautions=(f"{overdue} overdue.",) if overdue else (),
        table=Table(columns, rows),
        groups=_by_day(standing, rows, today, client),
        data={"promises": [each.model_dump(mode="json") for each in standing]},
    )


def _by_day(
    standing: list[Promise], rows: tuple[tuple[str, ...], ...], today: date, client: Client | None
) -> tuple[Group, ...]:
    """What is overdue, what comes, and what has no day; each with the button that records it as kept.

    To whom it was promised is said where that is not the `client` whose list it is.
    """
    late: list[Item] = []
    coming: list[Item] = []
    always: list[Item] = []
    for each, row in zip(standing, rows, strict=True):
        to, what, said_in, every, kept, due = row[:6]
        facts = (
            "" if client is not None and each.client_id == client.id else f"to {to}",
            f"said in {said_in}" if each.source is not PromiseSource.OTHER else "",
            f"every {every}" if every else "",
            f"last kept {kept}" if kept else "no record that it was kept",
            *row[6:],
        )
        when = f", due on {due}" if due else ""
        whose = () if to == "everybody" else (to,)
        line = command_line("promise kept", *whose, each.what, **({} if whose else {"everybody": "yes"}))
        button = (Choice("Kept", line, opens_form=True),) if due else ()
        said = "; ".join(filter(None, facts))
        entry = Item(what + when, f"{capitalize_first(said)}.", button)
        (late if is_overdue(each, today) else coming if due else always).append(entry)
    named = (("Overdue", late), ("Next", coming), ("Always", always))
    return tuple(Group(f"{title} ({len(found)})", tuple(found)) for title, found in named if found)


def _whose(args: Arguments) -> Client | None:
    """None for everybody, which has to be said. Raises UsageError."""
    if args.everybody:
        return None
    if args.client is None:
        raise UsageError(
            "Which client was it made to? Name it first; or, if to nobody in particular: everybody:yes",
            fields={"client": "is missing, or everybody is yes."},
        )
    client: Client = args.client
    return client


def _today(ctx: Context, client: Client | None) -> date:
    return ctx.today_for(client) if client else ctx.today


def _known(ctx: Context, client: Client | None) -> list[Promise]:
    if client is not None:
        return ctx.uow.promises.current(client.id)
    return [each for each in ctx.uow.promises.current() if each.client_id is None]


def _find_promise(ctx: Context, client: Client | None, text: str) -> Promise:
    whom = client.name if client else "everybody"
    known = endings.standing(_known(ctx, client), _today(ctx, client))
    return versions.find_by_name(known, text, lambda each: each.what, f"No promise to {whom} begins with")


def _to_end(ctx: Context, client: Client | None, text: str) -> Promise:
    whom = client.name if client else "everybody"
    return endings.find_by_name(_known(ctx, client), text, lambda each: each.what, f"No promise to {whom} begins with")


def _line(command: str, client: Client | None, promise: Promise, **options: str) -> str:
    if client is None:
        return command_line(command, what=promise.what, everybody="yes", **options)
    return command_line(command, client.name, promise.what, **options)


def _kept_days(ctx: Context, promises: Iterable[Promise]) -> dict[int, str]:
    """The day on which each was kept last, and how long after it that was recorded, by the promise's id."""
    clients = {each.id: each for each in ctx.uow.clients.list(offboarded=True)}
    histories: dict[int | None, list[Promise]] = {}
    told = {}
    for each in promises:
        if each.last_kept_on is None:
            continue
        if each.client_id not in histories:
            histories[each.client_id] = ctx.uow.promises.history(each.client_id)
        same = [version for version in histories[each.client_id] if version.made_on == each.made_on]
        recorded = versions.recorded_since(each, same, "last_kept_on")
        told[each.id] = date_with_lag(each.last_kept_on, ctx.day_of(recorded, clients.get(each.client_id or 0)))
    return told


def _promise_reply(
    ctx: Context, client: Client | None, promise: Promise, today: date, headline: str, kept_on: str | None = None
) -> Reply:
    facts = (
        ("Promise", promise.what),
        ("To", client.name if client else "everybody"),
        ("Said in", plain(promise.source)),
        ("Where", promise.where),
        ("Link", promise.document_url),
        ("Owner", as_person(promise.owner) or None),
        ("How often", promise.cadence.in_words if promise.cadence else None),
        ("Last kept", kept_on or promise.last_kept_on),
        ("Evidence", promise.evidence),
        ("Next due", None if has_ended(promise, today) else promise.next_due_on),
        ("Ends on", promise.ended_on),
        ("Ends because", promise.end_reason),
        ("Controls", ", ".join(promise.control_refs)),
    )
    cautions = [caution for caution in (caution_about(ctx.matrices, promise.what),) if caution]
    if is_overdue(promise, today):
        cautions.append(f"It was due on {promise.next_due_on}.")
    kept_line = _line("promise kept", client, promise, on=BLANK, evidence=BLANK)
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(Choice("Kept", kept_line, opens_form=True),),
        data={"promise": promise.model_dump(mode="json")},
    )


_EVERYBODY = Parameter(
    "everybody", "it was made to everybody, as marketing is; then what:TEXT names it", Kind.YES_NO,
    hint="it was made to everybody, as marketing is; no client is needed then",
)  # fmt: skip
_DETAILS = (
    Parameter("source", "where we said it", Kind.CHOICE, choices=PromiseSource, words=_SOURCE_WORDS),
    Parameter("where", "the place, such as SLA 3.1 or the home page"),
    Parameter("url", "a link to it", Kind.URL),
    Parameter("owner", "who answers for keeping it", Kind.PERSON),
    Parameter("every", "how often it has to be done, such as 1m", Kind.PERIOD),
    Parameter("due", "when it is due next, if that does not follow", Kind.DATE, has_happened=False),
    Parameter("control", "a control of a framework that it serves", many=True),
)
COMMANDS = (
    Command(
        "promise", "add", add, Role.MANAGER, "Record something we promised, and how often it has to be done",
        form=FormLayout(first=("source", "where", "every", "due", "owner", "everybody")),
        parameters=(
            _OPTIONAL_CLIENT, _WHAT, *_DETAILS,
            Parameter("made", "when it was made; today if left out", Kind.DATE, has_happened=True),
            Parameter("kept", "when it was last kept", Kind.DATE, has_happened=True),
            _EVERYBODY,
        ),
        example='/engagement promise add calder "Test a restore and send the report" source:sla where:"SLA 4.2" '
        "every:3m owner:@dana",
    ),
    Command(
        "promise", "edit", edit, Role.MANAGER, "Change a promise's record; earlier versions are kept",
        form=FormLayout(first=("wording", "every", "due", "owner", "source")),
        parameters=(
            _OPTIONAL_CLIENT, _WHAT, Parameter("wording", "what it says now", Kind.LONG_TEXT), *_DETAILS, _EVERYBODY,
        ),
        example='/engagement promise edit calder "Test a restore" every:6m',
    ),
    Command(
        "promise", "kept", kept, Role.TECHNICIAN, "Record that a promise was kept",
        parameters=(
            _OPTIONAL_CLIENT, _WHAT,
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("evidence", "what shows it, or a link", Kind.LONG_TEXT),
            _EVERYBODY,
        ),
        example='/engagement promise kept calder "Test a restore" evidence:"ticket 4711"',
    ),
    Command(
        "promise", "end", end, Role.MANAGER, "Record that a promise no longer binds, or correct since when",
        confirm="End this promise: nobody is reminded of it any more.",
        parameters=(
            _OPTIONAL_CLIENT, _WHAT,
            Parameter("on", "the first day it no longer binds; today if left out", Kind.DATE, has_happened=False),
            Parameter("reason", "why", Kind.LONG_TEXT),
            _EVERYBODY,
        ),
        example='/engagement promise end calder "Test a restore" reason:"replaced by SOW-B 4.1"',
    ),
    Command(
        "promise", "reinstate", reinstate, Role.MANAGER, "Take back that a promise ended; the record of it stays",
        parameters=(_OPTIONAL_CLIENT, _WHAT, _EVERYBODY),
        example='/engagement promise reinstate calder "Test a restore"',
    ),
    Command(
        "promise", "list", list_promises, Role.VIEWER, "What we promised, the next due first",
        parameters=(
            OPTIONAL_CLIENT,
            Parameter("ended", "those that no longer bind, too", Kind.YES_NO),
        ), changes=False,
        example="/engagement promise list calder",
    ),
)  # fmt: skip
