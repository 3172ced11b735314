"""Agreements: the signed paper, its term, and where it stands today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from commands.agreements.agreement_list import LACK_WORDS, Lack, list_agreements
from commands.agreements.agreement_reply import AgreementView, agreement_reply
from commands.agreements.other_client import ask_about_other_client
from commands.arguments import Arguments
from commands.clients.client import CLIENT, OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NeedsYes, NotFound, UsageError
from commands.grammar.words import command_line
from commands.history.known_at import AS_OF, KNOWN_AT, end_of
from commands.parameters import FormLayout, Kind, Parameter
from commands.reckoning import reckoning_as_known, reckoning_of
from commands.reply import Reply
from commands.rules.agreements.plausible_terms import to_ask_about
from commands.rules.text.phrases import join_names
from commands.rules.text.placeholders import BLANK
from commands.signed_copies import FILE, keep_with
from storage.records import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Client,
    CopyOf,
    NoticeMethod,
    NoticeTo,
    RenewalMode,
    Responsibility,
    Role,
    RowBasis,
    Side,
    TermKind,
)
from storage.records.agreement import reference_key

_NAMED = 10
_STEPS = 5
AGREEMENT = Parameter("agreement", "the agreement's reference", Kind.AGREEMENT, positional=True, required=True, hint="")
OPTIONAL_AGREEMENT = replace(AGREEMENT, required=False)
NAMED_AGREEMENT = replace(OPTIONAL_AGREEMENT, positional=False)
_REFERENCE = Parameter("reference", "how the paper is called, such as SOW-A", positional=True, required=True)
_KIND_WORDS = {
    "master_services_agreement": "msa", "master_service_agreement": "msa", "statement_of_work": "sow",
    "order_form": "order", "service_order": "order", "non_disclosure": "nda",
    "business_associate_agreement": "baa", "data_processing_agreement": "dpa", "non_disclosure_agreement": "nda",
}  # fmt: skip
_RENEWAL_WORDS = {
    "yes": "auto", "automatic": "auto", "auto_renew": "auto", "auto_renews": "auto", "tacit": "auto",
    "no": "none", "never": "none", "express": "manual", "by_agreement": "manual",
}  # fmt: skip
_PERIOD_WORDS = {
    "calendar_month": "month", "month_end": "month", "end_of_month": "month", "calendar_quarter": "quarter",
    "quarter_end": "quarter", "end_of_quarter": "quarter", "half": "half_year", "calendar_year": "year",
    "year_end": "year", "end_of_year": "year",
}  # fmt: skip
_TERMS = (
    Parameter("kind", "what kind of paper it is", Kind.CHOICE, choices=AgreementKind, words=_KIND_WORDS),
    Parameter("title", "its full title"),
    Parameter("summary", "what it says, in a few words", Kind.LONG_TEXT),
    Parameter("parent", "the reference of the agreement it belongs to"),
    Parameter("precedence", "its place in the order of precedence; the lower number controls", Kind.INTEGER),
    Parameter("effective", "the first day it applies", Kind.DATE, has_happened=False),
    Parameter("signed", "the day both sides signed", Kind.DATE, has_happened=True),
    Parameter("msp-signed", "the day we signed", Kind.DATE, has_happened=True),
    Parameter("client-signed", "the day the client signed", Kind.DATE, has_happened=True),
    Parameter("signer", "who signed for the client, with title"),
    Parameter("term", "how it runs", Kind.CHOICE, choices=TermKind),
    Parameter("initial-term", "how long the first term is", Kind.PERIOD),
    Parameter(
        "end", "the last day of the first term, if a date is stated", Kind.DATE, has_happened=False, years_ahead=30
    ),
    Parameter("renewal", "what happens at the end of a term", Kind.CHOICE, choices=RenewalMode, words=_RENEWAL_WORDS),
    Parameter("renewal-term", "how long each renewal is", Kind.PERIOD),
    Parameter("max-renewals", "how often it may renew", Kind.INTEGER),
    Parameter("notice", "the notice we must give not to renew", Kind.PERIOD),
    Parameter("client-notice", "the notice the client must give, if it differs", Kind.PERIOD),
    Parameter("extension-notice", "how long before the end whoever wants to extend it must say so", Kind.PERIOD),
    Parameter("notice-window", "how long before the end notice may first be given", Kind.PERIOD),
    Parameter(
        "notice-to",
        "the calendar period whose end notice ends it on, if the paper says so",
        Kind.CHOICE,
        choices=NoticeTo,
        words=_PERIOD_WORDS,
    ),
    Parameter("notice-method", "how notice must reach the other side", Kind.CHOICE, choices=NoticeMethod),
    Parameter("notice-address", "where notice must be sent"),
    Parameter("review-every", "how often it should be reviewed", Kind.PERIOD),
    Parameter("reviewed", "when it was last reviewed", Kind.DATE, has_happened=True),
    Parameter("uplift", "price increase at renewal, in percent", Kind.PERCENT),
    Parameter("url", "where the signed copy is", Kind.URL),
    Parameter("owner", "who answers for it, if not the client's owner", Kind.PERSON),
)
_FIELDS = {
    "kind": "kind", "title": "title", "summary": "summary", "precedence": "precedence_rank",
    "effective": "effective_on", "msp_signed": "msp_signed_on", "client_signed": "client_signed_on",
    "signer": "client_signer",
    "term": "term_kind",
    "initial_term": "initial_term", "end": "initial_end_on", "renewal": "renewal", "renewal_term": "renewal_term",
    "max_renewals": "max_renewals", "notice": "notice", "client_notice": "client_notice",
    "extension_notice": "extension_notice",
    "notice_window": "notice_window", "notice_to": "notice_to",
    "notice_method": "notice_method", "notice_address": "notice_address",
    "review_every": "review_every", "reviewed": "last_reviewed_on", "uplift": "uplift_percent", "url": "document_url",
    "owner": "owner",
}  # fmt: skip
OPTIONS = {field: name for name, field in _FIELDS.items()}
"""The options of `add` and `edit`, by the field that each sets."""


def add(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    wanted = new_agreement(ctx, args)
    ask_about_other_client(ctx, client, None, wanted)
    ask_about_terms(ctx, None, wanted)
    agreement = ctx.uow.agreements.add(wanted, at=ctx.now)
    ctx.uow.clients.matrix_changed(client.id)
    return agreement_reply(ctx, client, agreement, f"{agreement.reference} of {client.name} is recorded.")


def new_agreement(ctx: Context, args: Arguments) -> Agreement:
    """What `add` adds. Raises Conflict for a reference that the client has already; UsageError for terms."""
    client: Client = args.client
    if any(
        reference_key(known.reference) == reference_key(args.reference)
        for known in ctx.uow.agreements.of_client(client.id)
    ):
        raise Conflict(
            f"{client.name} already has an agreement {args.reference}.",
            next_steps=(command_line("/engagement agreement edit", client.name, args.reference),),
        )
    return unknown_agreement(ctx, args)


def unknown_agreement(ctx: Context, args: Arguments) -> Agreement:
    """What `add` adds, of a reference that the client is known not to have. Raises UsageError for terms."""
    return _with_terms(ctx, Agreement(client_id=args.client.id, reference=args.reference), args)


def edit(ctx: Context, args: Arguments) -> Reply:
    after = apply_edit(ctx, args)
    ask_about_other_client(ctx, args.client, args.agreement, after)
    ask_about_terms(ctx, args.agreement, after)
    return _save(ctx, args.client, args.agreement, after, "is changed")


def ask_about_terms(ctx: Context, before: Agreement | None, after: Agreement) -> None:
    """Raises NeedsYes, until confirmed, for days and lengths that contradict each other, unless they are on record
    already.
    """
    odd = odd_terms(before, after)
    if odd and not ctx.is_confirmed:
        raise NeedsYes(f"{' '.join(odd)} Nothing is saved yet. Does the paper say so?")


def odd_terms(before: Agreement | None, after: Agreement) -> list[str]:
    """Sentences about days and lengths that contradict each other, unless they are on record already."""
    known = to_ask_about(before) if before is not None else ()
    return [each for each in to_ask_about(after) if each not in known]


def apply_edit(ctx: Context, args: Arguments) -> Agreement:
    """What `edit` makes of the agreement: it may be the same as before. Raises UsageError for terms."""
    return _with_terms(ctx, args.agreement, args)


def sign(ctx: Context, args: Arguments) -> Reply:
    agreement: Agreement = args.agreement
    if agreement.status in (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED):
        raise Conflict(f"{agreement.reference} is {agreement.status.value}; it cannot be signed any more.")
    on = args.on or ctx.today_for(args.client)
    sides = [f"{side.value}_signed_on" for side in Side if args.side in (None, side)]
    shown = {_FIELDS[name]: value for name, value in args.given("signer", "url").items()}
    after = with_signed_status(agreement.changed(**dict.fromkeys(sides, on), **shown))
    ask_about_terms(ctx, agreement, after)
    reply = _save(ctx, args.client, agreement, after, "is signed")
    kept = keep_with(ctx, args.client, CopyOf.AGREEMENT, agreement_id=agreement.id)
    lines, steps = _carried(ctx, args.client, after)
    return replace(reply, lines=(*reply.lines, *kept, *lines), next_steps=(*reply.next_steps, *steps))


def _carried(ctx: Context, client: Client, paper: Agreement) -> tuple[list[str], list[str]]:
    """The proposed rows that its signing agrees; and those that it could carry, with what to type."""
    papers = {each.id: each for each in ctx.uow.agreements.of_client(client.id)} | {paper.id: paper}
    proposed = [row for row in ctx.uow.responsibilities.current(client.id) if row.basis is RowBasis.PROPOSED]
    carried = [row for row in proposed if row.carried_by_id == paper.id]
    free = [row for row in proposed if row.carried_by_id is None and row.agreement_id in (paper.id, paper.parent_id)]
    lines, steps = [], []
    if carried:
        when = "It carries" if paper.is_signed else "Once both sides have signed, it carries"
        lines.append(f"{when} {_proposed_text(carried, papers)}, agreed with it.")
    if free:
        lines.append(f"It does not carry {_proposed_text(free, papers)}. If it says so, name it as what carries them.")
        steps = [
            command_line(
                "/engagement matrix set", client.name, papers[row.agreement_id].reference, row.item,
                carried_by=paper.reference,
            )
            for row in free[:_STEPS]
        ]  # fmt: skip
    return lines, steps


def _proposed_text(rows: Sequence[Responsibility], papers: Mapping[int, Agreement]) -> str:
    names = [f'"{row.item}" of {papers[row.agreement_id].reference}' for row in rows]
    count = "1 proposed row" if len(rows) == 1 else f"{len(rows)} proposed rows"
    return f"{count}: {join_names(names, _NAMED)}"


def terminate(ctx: Context, args: Arguments) -> Reply:
    """Ends it, or corrects the day or the reason of an ending that is on record; what was on record before is kept."""
    agreement: Agreement = args.agreement
    is_ended = agreement.status is AgreementStatus.TERMINATED
    before = agreement.terminated_on
    last_day = args.on or (before if is_ended else None) or ctx.today_for(args.client)
    began = agreement.effective_on
    if began is not None and last_day < began:
        raise UsageError(
            f"{agreement.reference} would end on {last_day}, before its first day, {began}. Which day is right?",
            fields={"on": f"is before the first day, {began}."},
            next_steps=(
                command_line("/engagement agreement terminate", args.client.name, agreement.reference, on=BLANK),
                command_line("/engagement agreement edit", args.client.name, agreement.reference, effective=BLANK),
            ),
        )
    reason = args.reason or (agreement.termination_reason if is_ended else None)
    if is_ended and (last_day, reason) == (before, agreement.termination_reason):
        raise Conflict(
            f"{agreement.reference} is terminated already, as of {before}.",
            next_steps=(
                command_line("/engagement agreement terminate", args.client.name, agreement.reference, on=BLANK),
                command_line("/engagement agreement reinstate", args.client.name, agreement.reference),
            ),
        )
    after = agreement.changed(status=AgreementStatus.TERMINATED, terminated_on=last_day, termination_reason=reason)
    done = f"is terminated as of {last_day}"
    if is_ended:
        done += f"; before, {before or 'an unknown day'} was on record"
    return _save(ctx, args.client, agreement, after, done)


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take the ending back: it runs on as if it had not been ended. The ending stays in the earlier versions."""
    agreement: Agreement = args.agreement
    if agreement.status not in (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED):
        raise Conflict(
            f"{agreement.reference} is not terminated. A notice is taken back with renewal retract.",
            next_steps=(
                command_line("/engagement renewal retract", args.client.name, agreement.reference, reason=BLANK),
            ),
        )
    ended = agreement.terminated_on or "an unknown day"
    after = with_signed_status(
        agreement.changed(status=AgreementStatus.DRAFT, terminated_on=None, termination_reason=None)
    )
    done = f"is no longer terminated: the ending as of {ended} is taken back"
    return _save(ctx, args.client, agreement, after, done)


def show(ctx: Context, args: Arguments) -> Reply:
    """As of today, or of a day that was asked about, or by what was on record at the end of one."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    headline = f"{agreement.reference} of {client.name}"
    if args.as_of is None and args.known_at is None:
        return agreement_reply(ctx, client, agreement, headline)
    day = args.as_of or args.known_at
    view = AgreementView(reckoning_of(ctx.uow, client), day, ctx.now)
    if args.as_of is not None:
        headline += f", as of {day}"
    if args.known_at is not None:
        view = AgreementView(reckoning_as_known(ctx.uow, client, at := end_of(ctx, client, args.known_at)), day, at)
        known = ctx.uow.agreements.as_known(agreement.id, at)
        if known is None:
            raise NotFound(f"{headline} was not on record yet on {args.known_at}.")
        agreement, headline = known, f"{headline}, as our record stood at the end of {args.known_at}"
    return replace(agreement_reply(ctx, client, agreement, headline, view), choices=())


def _with_terms(ctx: Context, agreement: Agreement, args: Arguments) -> Agreement:
    changes: dict[str, Any] = {_FIELDS[name]: value for name, value in args.given(*_FIELDS).items()}
    if args.signed or (not args.is_whole and args.emptied("signed")):  # a form shows the two dates behind it
        changes |= {"msp_signed_on": args.signed, "client_signed_on": args.signed}
    changes |= {_FIELDS[name]: Agreement.model_fields[_FIELDS[name]].default for name in args.emptied(*_FIELDS)}
    if args.parent:
        changes["parent_id"] = _parent(ctx, agreement, args.parent).id
    elif args.emptied("parent"):
        changes["parent_id"] = None
    after = agreement.changed(**changes)
    if after.effective_on and after.initial_end_on and after.initial_end_on < after.effective_on:
        raise UsageError("end is before effective.", fields={"end": "is before the effective date."})
    return with_signed_status(after)


def _current(ctx: Context, values: Mapping[str, Any]) -> Mapping[str, str | tuple[str, ...]] | None:
    """The agreement as somebody would type it. "signed" stays empty: the two dates behind it are shown."""
    agreement: Agreement | None = values.get("agreement")
    if agreement is None:
        return None
    parent = ctx.uow.agreements.find(agreement.parent_id) if agreement.parent_id else None
    found = {name.replace("_", "-"): getattr(agreement, field) for name, field in _FIELDS.items()}
    found |= {"client": values["client"].name, "agreement": agreement.reference}
    found |= {"parent": parent.reference if parent else None}
    return {name: _as_typed(value) for name, value in found.items() if value is not None}


def _as_typed(value: Any) -> str:
    return str(value.value if isinstance(value, StrEnum) else value)


def _parent(ctx: Context, agreement: Agreement, reference: str) -> Agreement:
    """Raises UsageError where the client has no such other agreement, or where that belongs to this one already."""
    by_id = {each.id: each for each in ctx.uow.agreements.of_client(agreement.client_id)}
    for known in by_id.values():
        if reference_key(known.reference) == reference_key(reference) and known.id != agreement.id:
            _refuse_circle(agreement, known, by_id)
            return known
    raise UsageError(f'parent: the client has no other agreement "{reference}".', fields={"parent": "is not recorded."})


def _refuse_circle(agreement: Agreement, parent: Agreement, by_id: Mapping[int, Agreement]) -> None:
    above: Agreement | None = parent
    for _ in by_id:
        above = by_id.get(above.parent_id or 0) if above else None
        if above is not None and above.id == agreement.id:
            raise UsageError(
                f"parent: {parent.reference} belongs to {agreement.reference}, so it cannot be the other way round.",
                fields={"parent": f"belongs to {agreement.reference} itself."},
            )


def with_signed_status(agreement: Agreement) -> Agreement:
    """With the status that the signatures give, unless somebody ended it."""
    if agreement.status in (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED):
        return agreement
    out = agreement.msp_signed_on or agreement.client_signed_on
    status = AgreementStatus.OUT_FOR_SIGNATURE if out else AgreementStatus.DRAFT
    status = AgreementStatus.EXECUTED if agreement.is_signed else status
    return agreement if agreement.status is status else agreement.changed(status=status)


def _save(ctx: Context, client: Client, before: Agreement, after: Agreement, done: str) -> Reply:
    if after == before:
        return agreement_reply(ctx, client, before, f"{before.reference} is as it was: nothing to change was given.")
    kept = save(ctx, after)
    return agreement_reply(ctx, client, kept, f"{kept.reference} of {client.name} {done}.")


def save(ctx: Context, after: Agreement) -> Agreement:
    kept = ctx.uow.agreements.save(after, at=ctx.now)
    ctx.uow.clients.matrix_changed(kept.client_id)
    return kept


COMMANDS = (
    Command(
        "agreement", "add", add, Role.MANAGER, "Record an agreement and its terms",
        form=FormLayout(first=("kind", "effective", "signed", "initial-term", "renewal", "notice")),
        parameters=(CLIENT, _REFERENCE, *_TERMS),
        example='/engagement agreement add "Calder Ridge" SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 '
        "initial-term:12m renewal:auto notice:60d",
    ),
    Command(
        "agreement", "edit", edit, Role.MANAGER, "Change an agreement's record; earlier versions are kept",
        form=FormLayout(first=("effective", "initial-term", "renewal", "notice", "reviewed", "owner")),
        parameters=(CLIENT, AGREEMENT, *_TERMS), current=_current,
        example="/engagement agreement edit calder SOW-A reviewed:2026-03-01",
    ),
    Command(
        "agreement", "list", list_agreements, Role.VIEWER, "Agreements, where they stand and their deadlines",
        parameters=(
            OPTIONAL_CLIENT,
            Parameter(
                "without", "only those of which this is not on record", Kind.CHOICE, choices=Lack, words=LACK_WORDS,
            ),
        ),
        changes=False,
        example="/engagement agreement list calder",
    ),
    Command(
        "agreement", "show", show, Role.VIEWER, "One agreement: term, renewal, notice, signatures", changes=False,
        parameters=(CLIENT, AGREEMENT, AS_OF, KNOWN_AT), example="/engagement agreement show calder SOW-A",
    ),
    Command(
        "agreement", "sign", sign, Role.MANAGER, "Record that one or both sides signed",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("on", "the day; today if left out", Kind.DATE, default="today", has_happened=True),
            Parameter("side", "who signed, when it is only one", Kind.CHOICE, choices=Side),
            Parameter("signer", "who signed for the client, with title"),
            Parameter("url", "where the signed copy is", Kind.URL), FILE,
        ),
        example="/engagement agreement sign calder ADD-1 on:2026-03-01",
    ),
    Command(
        "agreement", "terminate", terminate, Role.MANAGER, "Record that an agreement ends, or correct its last day",
        confirm="End this agreement: from the day after, nothing in it answers a question.",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("on", "its last day; today if left out", Kind.DATE, default="today", has_happened=False),
            Parameter("reason", "why", Kind.LONG_TEXT),
        ),
        example='/engagement agreement terminate calder SOW-A on:2026-12-31 reason:"moved in-house"',
    ),
    Command(
        "agreement", "reinstate", reinstate, Role.MANAGER, "Take back that an agreement ended; the record of it stays",
        confirm="Take the ending back: what is in it answers questions again.",
        parameters=(CLIENT, AGREEMENT), example="/engagement agreement reinstate calder SOW-A",
    ),
)  # fmt: skip
