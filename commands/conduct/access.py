"""Access grants: what we may touch at a client, what regulated data it holds, and how far the permission goes."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.conduct.access import LEVEL_WORDS, access_caution, is_active, limit_words, touched_grants
from commands.rules.history.spans import has_ended
from commands.rules.text.phrases import capitalize_first, counted
from commands.rules.text.placeholders import BLANK
from storage.records import AccessGrant, AccessLevel, Client, Role

_REVIEW_AFTER = relativedelta(months=12)
_LEVEL_WORDS = {"read": "view", "read_only": "view", "full": "admin", "administrator": "admin", "no": "none"}
_SYSTEM = Parameter("system", "which system, as it is called", positional=True, required=True)
_NAMED = 3
_NO_LIMIT = "no limit is recorded: ask first"
_KEPT = ("data", "limit", "basis", "explained_to")


def show(ctx: Context, args: Arguments) -> Reply:
    """What to know before work starts: all of a client, or the systems that match."""
    client: Client = args.client
    today = ctx.today_for(client)
    grants = _grants_named(ctx, client, args.system)
    if not grants:
        about = f" about {args.system.strip()}" if args.system else ""
        return Reply(
            f"{client.name}: nothing is recorded{about}. Do not assume that you may touch it: ask first.",
            next_steps=(command_line("/engagement access grant", client.name, system=BLANK, level=BLANK, limit=BLANK),),
            data={"grants": []},
        )
    due = [each for each in grants if is_active(each, today) and each.review_on and each.review_on < today]
    if len(due) <= _NAMED:
        cautions = [f"The access to {each.system} was to be reviewed on {each.review_on}." for each in due]
    else:
        since = min(each.review_on for each in due if each.review_on)
        cautions = [f"The access to {len(due)} systems was to be reviewed, the first on {since}: see each below."]
    if len(grants) == 1:
        limit = access_caution(grants[0], today)
        bounds = limit_words(grants[0], today)
        headline = f"{client.name}: access to {grants[0].system}{f': {bounds}' if bounds else ''}."
        return _one(client, grants[0], today, headline, (*((limit,) if limit else ()), *cautions))
    rows = tuple(
        (
            each.system, _level(each, today), each.data or "", _limit(each), each.basis or "",
            str(each.review_on or "") if is_active(each, today) else "",
        )
        for each in grants
    )  # fmt: skip
    return Reply(
        f"{client.name}: access to {counted(len(grants), 'system')} is recorded.",
        cautions=tuple(cautions),
        table=Table(("System", "Level", "Regulated data", "Limit", "Basis", "Review on"), rows),
        groups=(Group("", tuple(Item(row[0], _facts(row)) for row in rows)),),
        data={"grants": [each.model_dump(mode="json") for each in grants]},
    )


def _limit(each: AccessGrant) -> str:
    return each.limit or ("" if each.level is AccessLevel.NONE else _NO_LIMIT)


def _facts(row: tuple[str, ...]) -> str:
    """How far we may go, in one sentence."""
    _, level, data, limit, basis, review = row
    parts = (
        capitalize_first(level),
        f"holds {data}" if data else "",
        limit if limit == _NO_LIMIT else f"limit: {limit}" if limit else "",
        f"basis: {basis}" if basis else "no clause on record",
        f"review on {review}" if review else "",
    )
    return "; ".join(filter(None, parts)) + "."


def grant(ctx: Context, args: Arguments) -> Reply:
    """Record it, or change what is recorded: what is not given stays as it was."""
    client: Client = args.client
    today = ctx.today_for(client)
    old = versions.find_named(ctx.uow.access.current(client.id), args.system, lambda each: each.system)
    changes: dict[str, Any] = args.given(*_KEPT) | dict.fromkeys(args.emptied(*_KEPT))
    emptied = {"regulation": "regulation", "explained": "explained_on", "review": "review_on"}
    changes |= {emptied[name]: None for name in args.emptied(*emptied)}
    changes |= {"aliases": ()} if args.emptied("alias") else {}
    if args.regulation:
        changes["regulation"] = args.regulation.key
    if args.alias:
        changes["aliases"] = tuple(dict.fromkeys((*(old.aliases if old else ()), *args.alias)))
    if args.explained:  # another day, another conversation: whoever heard it the last time is not meant
        changes["explained_on"] = args.explained
        changes["explained_to"] = args.explained_to
    if args.level:
        changes["level"] = args.level
    if old is not None and not has_ended(old, today):
        changes |= {"review_on": args.review} if args.review else {}
        if not changes:
            return _one(client, old, today, f"{client.name}: {old.system} is as it was: nothing to change was given.")
        after = versions.replace_version(ctx, ctx.uow.access, old, changes)
        return _one(client, after, today, f"{client.name}: the access to {after.system} is changed.")
    if args.level is None:
        raise UsageError("level is missing: none, view, user or admin.", fields={"level": "is missing."})
    if old is not None:
        versions.end_version(ctx, ctx.uow.access, old)
    granted_on = args.on or today
    first = AccessGrant(
        client_id=client.id,
        system=args.system,
        granted_on=granted_on,
        **{"review_on": args.review or max(granted_on, today) + _REVIEW_AFTER, **changes},
        **versions.stamp(ctx),
    )
    return _one(client, ctx.uow.access.record(first), today, f"{client.name}: access to {first.system} is recorded.")


def review(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    today = ctx.today_for(client)
    old = _find_grant(ctx, client, args.system)
    if has_ended(old, today):
        raise Conflict(f"The access to {old.system} was revoked on {old.revoked_on}; there is nothing to review.")
    on = args.on or today
    changes: dict[str, Any] = {"reviewed_on": on, "review_on": args.next or on + _REVIEW_AFTER}
    if args.limit:
        changes["limit"] = args.limit
    after = versions.replace_version(ctx, ctx.uow.access, old, changes)
    return _one(client, after, today, f"{client.name}: the access to {after.system} was reviewed on {on}.")


def revoke(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    today = ctx.today_for(client)
    old = _find_grant(ctx, client, args.system)
    after, before = endings.end(
        ctx,
        ctx.uow.access,
        old,
        args.on or today,
        is_stated=bool(args.on),
        take_back=command_line("/engagement access reinstate", client.name, old.system),
        changes={"reason": args.reason} if args.reason or old.revoked_on is None else {},
    )
    done = f"{client.name}: the access to {after.system} is revoked as of {after.revoked_on}.{before}"
    return _one(client, after, today, done)


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take the revocation back: the access stands as if it had not been revoked."""
    client: Client = args.client
    today = ctx.today_for(client)
    old = _find_grant(ctx, client, args.system)
    changes = {"reason": None, "review_on": old.review_on or today + _REVIEW_AFTER}
    after, said = endings.take_back(ctx, ctx.uow.access, old, f"The access to {old.system}", changes)
    return _one(client, after, today, f"{client.name}: the access to {after.system} stands again. {said}")


def _grants_named(ctx: Context, client: Client, system: str | None) -> list[AccessGrant]:
    """All grants of the client, or those of the systems that `system` names."""
    grants = ctx.uow.access.current(client.id)
    if not system:
        return grants
    named = versions.find_named(grants, system.strip(), lambda each: each.system)
    return [named] if named else list(touched_grants(grants, (system,)))


def _names_system(ctx: Context, args: Arguments) -> bool:
    return not args.system or bool(_grants_named(ctx, args.client, args.system))


def _find_grant(ctx: Context, client: Client, system: str) -> AccessGrant:
    known = ctx.uow.access.current(client.id)
    return versions.find_by_name(known, system, lambda each: each.system, f"{client.name} has no recorded access to")


def _level(each: AccessGrant, today: date) -> str:
    return LEVEL_WORDS[each.level] if is_active(each, today) else "revoked" if each.revoked_on else "not yet"


def _one(client: Client, each: AccessGrant, today: date, headline: str, cautions: tuple[str, ...] = ()) -> Reply:
    facts = (
        ("Level", _level(each, today)),
        ("Also called", ", ".join(each.aliases)),
        ("Regulated data", each.data),
        ("Regulation", each.regulation),
        ("Limited", each.limit),
        ("Basis", each.basis),
        ("Explained to the client on", each.explained_on),
        ("Explained to", each.explained_to),
        ("Granted on", each.granted_on),
        ("Reviewed on", each.reviewed_on),
        ("Next review", None if has_ended(each, today) else each.review_on),
        ("Revoked on", each.revoked_on),
        ("Reason", each.reason),
    )
    missing = []
    if is_active(each, today) and each.level is not AccessLevel.NONE:
        missing += [] if each.limit else ['How it is limited is not recorded: add limit:"..."']
        missing += [] if each.basis else ["No clause is recorded that allows it: add basis:"]
        missing += (
            []
            if each.explained_on
            else ["Not explained to the client, as far as we know: add explained: and explained-to:"]
        )
    choices = [Choice("Edit", command_line("access grant", client.name, each.system), opens_form=True)]
    if not has_ended(each, today):
        choices.append(
            Choice("Reviewed", command_line("access review", client.name, each.system, on=BLANK), opens_form=True)
        )
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=(*cautions, *missing),
        choices=tuple(choices),
        data={"grants": [each.model_dump(mode="json")]},
    )


COMMANDS = (
    Command(
        "access", "", show, Role.VIEWER, "What we may touch at a client, and how far: look before work starts",
        parameters=(CLIENT, Parameter("system", "only this system", Kind.REST, positional=True)), changes=False,
        example='/engagement access calder "Payroll server"', understands=_names_system,
    ),
    Command(
        "access", "grant", grant, Role.MANAGER, "Record or change what we may touch at a client, and its limit",
        form=FormLayout(first=("level", "data", "basis", "limit", "review")),
        parameters=(
            CLIENT, _SYSTEM,
            Parameter(
                "level", "how far; needed the first time", Kind.CHOICE, positional=True, choices=AccessLevel,
                words=_LEVEL_WORDS,
            ),
            Parameter("data", "the regulated data that it holds, such as PHI"),
            Parameter("regulation", "the regulation that protects that data", Kind.REGULATION),
            Parameter("limit", "how the access is limited", Kind.LONG_TEXT),
            Parameter("basis", "the clause that allows it, such as BAA-1 3.2"),
            Parameter("explained", "when its extent was explained to the client", Kind.DATE, has_happened=True),
            Parameter("explained-to", "whom it was explained to, with title"),
            Parameter("review", "when to review it; in a year if left out", Kind.DATE, has_happened=False),
            Parameter("on", "the first day; today if left out", Kind.DATE, has_happened=False),
            Parameter("alias", "another name of the system", many=True),
        ),
        example='/engagement access grant calder "Payroll server" view data:"payroll records" basis:"SOW-A 3.8" '
        'limit:"only while a named clerk watches"',
    ),
    Command(
        "access", "review", review, Role.MANAGER, "Record that an access was looked at and is still right",
        parameters=(
            CLIENT, _SYSTEM,
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("next", "the next review; in a year if left out", Kind.DATE, has_happened=False),
            Parameter("limit", "the limit, if it changed", Kind.LONG_TEXT),
        ),
        example='/engagement access review calder "Payroll server"',
    ),
    Command(
        "access", "revoke", revoke, Role.MANAGER, "Record that an access ends, or correct since when",
        confirm="End this access: from that day on, answers tell everybody not to use it.",
        parameters=(
            CLIENT, _SYSTEM,
            Parameter("on", "the first day without it; today if left out", Kind.DATE, has_happened=False),
            Parameter("reason", "why", Kind.LONG_TEXT),
        ),
        example='/engagement access revoke calder "Payroll server" reason:"moved to the payroll provider"',
    ),
    Command(
        "access", "reinstate", reinstate, Role.MANAGER, "Take back that an access ended; the record of it stays",
        parameters=(CLIENT, _SYSTEM), example='/engagement access reinstate calder "Payroll server"',
    ),
)  # fmt: skip
