"""Declined recommendations: what we offered and the client did not want, and the risk that it then carries."""

from dataclasses import replace
from typing import Any

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from commands.signed_copies import FILE, keep_with
from storage.records import Client, CopyOf, DeclinedRecommendation, Role

_REOFFER_AFTER = relativedelta(months=12)
_WHAT = Parameter("what", "what we recommended, or how its text begins", positional=True, required=True)
_KEPT = {
    "by": "declined_by",
    "reason": "reason",
    "row": "item",
    "risk_clause": "risk_clause",
    "evidence": "evidence_url",
}


def decline(ctx: Context, args: Arguments) -> Reply:
    """Record it, or complete what is recorded: what is not given stays as it was."""
    client: Client = args.client
    today = ctx.today_for(client)
    declined_on = args.on or today
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: None for name in args.emptied(*_KEPT)}
    if args.agreement or args.emptied("agreement"):
        changes["agreement_id"] = args.agreement.id if args.agreement else None
    if args.row and not _has_row(ctx, client, args.row):
        raise UsageError(
            f'row: the matrix of {client.name} has no "{args.row}".', fields={"row": "is not in the matrix."}
        )
    old = versions.find_named(_open(ctx, client), args.what, lambda each: each.what)
    if old is not None:
        changes |= {"declined_on": args.on} if args.on else {}
        changes |= {"reoffer_on": args.reoffer} if args.reoffer or args.emptied("reoffer") else {}
        after = versions.replace_version(ctx, ctx.uow.recommendations, old, changes)
        return _with_copy(ctx, client, after, "The record is completed.")
    if args.offered:
        versions.refuse_before(declined_on, args.offered, "it was offered")
    first = DeclinedRecommendation(
        client_id=client.id,
        what=args.what,
        offered_on=args.offered or declined_on,
        declined_on=declined_on,
        reoffer_on=args.reoffer or declined_on + _REOFFER_AFTER,
        **changes,
        **versions.stamp(ctx),
    )
    return _with_copy(ctx, client, ctx.uow.recommendations.record(first), f"{client.name} declined a recommendation.")


def _with_copy(ctx: Context, client: Client, declined: DeclinedRecommendation, headline: str) -> Reply:
    """The reply, and the signed paper that came with the command is kept."""
    subject = f"recommendation:{declined.what}"
    kept = keep_with(ctx, client, CopyOf.DECLINATION, agreement_id=declined.agreement_id, subject=subject)
    reply = _recommendation_reply(client, declined, headline)
    return replace(reply, lines=(*reply.lines, *kept))


def reoffer(ctx: Context, args: Arguments) -> Reply:
    """It was offered again, and declined again."""
    client: Client = args.client
    today = ctx.today_for(client)
    old = _find_recommendation(ctx, client, args.what)
    on = args.on or today
    if not old.declined_on <= on <= today:
        raise UsageError(f"on is not between {old.declined_on} and today.", fields={"on": "is not a possible day."})
    changes: dict[str, Any] = {"offered_on": on, "declined_on": on, "reoffer_on": args.next or on + _REOFFER_AFTER}
    changes |= {"declined_by": args.by, "reason": None, "evidence_url": None}  # of the answer given before
    after = versions.replace_version(ctx, ctx.uow.recommendations, old, changes)
    return _recommendation_reply(client, after, f"Offered again on {on}, and declined again.")


def accept(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    on = args.on or ctx.today_for(client)
    old = _to_end(ctx, client, args.what)
    back = command_line("/engagement recommendation reinstate", client.name, old.what)
    after, before = endings.end(ctx, ctx.uow.recommendations, old, on, is_stated=bool(args.on), take_back=back)
    return _recommendation_reply(client, after, f"{client.name} accepted it on {after.accepted_on}.{before}")


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take the acceptance back: it stands declined as before."""
    client: Client = args.client
    old = _to_end(ctx, client, args.what)
    reoffer = {"reoffer_on": old.reoffer_on or old.declined_on + _REOFFER_AFTER}
    after, said = endings.take_back(ctx, ctx.uow.recommendations, old, f'"{old.what}"', reoffer)
    return _recommendation_reply(client, after, f"It stands declined again. {said}")


def list_declined(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.recommendations.current(client.id)
    if not known:
        return Reply(f"{client.name} has declined nothing, as far as is recorded.", data={"recommendations": []})
    rows = tuple(
        (
            each.what, str(each.declined_on), each.declined_by or "nobody named", each.item or "",
            each.risk_clause or "", f"accepted {each.accepted_on}" if each.accepted_on else str(each.reoffer_on or ""),
        )
        for each in known
    )  # fmt: skip
    return Reply(
        f"{client.name}: {counted(len(known), 'declined recommendation is', 'declined recommendations are')} recorded.",
        table=Table(("What", "Declined on", "By", "Matrix row", "Risk clause", "Offer again"), rows),
        data={"recommendations": [each.model_dump(mode="json") for each in known]},
    )


def _open(ctx: Context, client: Client) -> list[DeclinedRecommendation]:
    return [each for each in ctx.uow.recommendations.current(client.id) if each.accepted_on is None]


def _find_recommendation(ctx: Context, client: Client, what: str) -> DeclinedRecommendation:
    found = versions.find_named(_open(ctx, client), what, lambda each: each.what)
    if found is None and versions.find_named(ctx.uow.recommendations.current(client.id), what, lambda each: each.what):
        raise Conflict(f'"{what}" was accepted already.')
    return found or versions.find_by_name(
        _open(ctx, client), what, lambda each: each.what, f"{client.name} has no declined recommendation"
    )


def _to_end(ctx: Context, client: Client, what: str) -> DeclinedRecommendation:
    known = ctx.uow.recommendations.current(client.id)
    return endings.find_by_name(known, what, lambda each: each.what, f"{client.name} has no declined recommendation")


def _has_row(ctx: Context, client: Client, item: str) -> bool:
    return any(item_key(row.item) == item_key(item) for row in ctx.uow.responsibilities.current(client.id))


def _recommendation_reply(client: Client, each: DeclinedRecommendation, headline: str) -> Reply:
    facts = (
        ("Recommendation", each.what),
        ("Offered on", each.offered_on),
        ("Declined on", None if each.accepted_on else each.declined_on),
        ("Declined by", each.declined_by),
        ("Reason", each.reason),
        ("Matrix row", each.item),
        ("Assumption of risk", each.risk_clause),
        ("Evidence", each.evidence_url),
        ("Offer again on", each.reoffer_on if each.accepted_on is None else None),
        ("Accepted on", each.accepted_on),
    )
    cautions = []
    if each.accepted_on is None and each.declined_by is None:
        cautions.append("Who declined it is not recorded: add by: with name and title.")
    if each.accepted_on is None and each.risk_clause is None:
        cautions.append("No assumption-of-risk clause is named: add risk-clause:.")
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(
            Choice(
                "Accepted", command_line("recommendation accept", client.name, each.what, on=BLANK), opens_form=True
            ),
            Choice(
                "Paper to sign", command_line("paper declination", client.name, each.what, risk=BLANK), opens_form=True
            ),
        )
        if each.accepted_on is None
        else (),
        data={"recommendation": each.model_dump(mode="json")},
    )


COMMANDS = (
    Command(
        "recommendation", "decline", decline, Role.TECHNICIAN, "Record that the client declined what we recommended",
        form=FormLayout(first=("what", "by", "on", "reason", "evidence")),
        parameters=(
            CLIENT, _WHAT,
            Parameter("by", "who declined it, with title"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("offered", "when it was offered, if earlier", Kind.DATE, has_happened=True),
            Parameter("reason", "what they said", Kind.LONG_TEXT),
            Parameter("row", "the matrix row it concerns"),
            Parameter("agreement", "the agreement with the assumption of risk", Kind.AGREEMENT),
            Parameter("risk-clause", "the assumption-of-risk clause that applies, such as MSA-2024 9.4"),
            Parameter("evidence", "a link to their answer", Kind.URL), FILE,
            Parameter("reoffer", "when to offer it again; in a year if left out", Kind.DATE, has_happened=False),
        ),
        example='/engagement recommendation decline calder "Offline backup copy" by:"Pat Example, COO" '
        'risk-clause:"MSA-2024 9.4"',
    ),
    Command(
        "recommendation", "reoffer", reoffer, Role.TECHNICIAN, "Record that it was offered again and declined again",
        parameters=(
            CLIENT, _WHAT,
            Parameter("by", "who declined it, with title"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True),
            Parameter("next", "when to offer it again; in a year if left out", Kind.DATE, has_happened=False),
        ),
        example='/engagement recommendation reoffer calder "Offline backup copy"',
    ),
    Command(
        "recommendation", "accept", accept, Role.TECHNICIAN, "Record that the client accepted it, or correct when",
        parameters=(CLIENT, _WHAT, Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True)),
        example='/engagement recommendation accept calder "Offline backup copy"',
    ),
    Command(
        "recommendation", "reinstate", reinstate, Role.TECHNICIAN, "Take back that the client accepted it",
        parameters=(CLIENT, _WHAT), example='/engagement recommendation reinstate calder "Offline backup copy"',
    ),
    Command(
        "recommendation", "list", list_declined, Role.VIEWER, "What a client declined", changes=False,
        parameters=(CLIENT,), example="/engagement recommendation list calder",
    ),
)  # fmt: skip
