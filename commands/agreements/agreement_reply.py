"""How an agreement is shown: its record, its terms as they stand, and what can be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from commands.agreements.standing import standing_words
from commands.command import Context
from commands.grammar.words import command_line
from commands.promising import caution_about
from commands.reckoning import decision_words, reckoning_of
from commands.reply import Choice, Emphasis, Field, Reply
from commands.rules.agreements.notice import PERIOD_WORDS
from commands.rules.agreements.plausible_terms import LENGTHS, term_cautions
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.agreements.signature import UNPROVEN, is_unproven, signature_words
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.dates.format import format_date
from commands.rules.history.lag import date_with_lag
from commands.rules.text.people import as_person
from commands.rules.text.phrases import plain
from commands.rules.text.placeholders import EXPLAINED, SIGNED
from commands.signed_copies import copies_of
from storage.records import (
    Agreement,
    Client,
    Period,
    Signature,
    TermKind,
    Walkthrough,
)


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The day for which an agreement is shown, and the instant whose record counts."""

    reckoning: Reckoning
    day: date
    known_at: datetime


def signatures_of(ctx: Context, agreement: Agreement, at: datetime) -> list[Signature]:
    """As they were known at that instant."""
    known = ctx.uow.signatures.as_known(agreement.client_id, at)
    return [each for each in known if each.agreement_id == agreement.id]


def agreement_reply(
    ctx: Context, client: Client, agreement: Agreement, headline: str, view: AgreementView | None = None
) -> Reply:
    """An agreement with its terms, dates and rows; by `view` as of another day, or as it was known then."""
    view = view or AgreementView(reckoning_of(ctx.uow, client), ctx.today_for(client), ctx.now)
    found = view.reckoning.standing(agreement, view.day)
    explained = [
        each
        for each in ctx.uow.walkthroughs.of_client(client.id)
        if each.agreement_id == agreement.id and each.recorded_at <= view.known_at and each.held_on <= view.day
    ]
    cautions = [*found.assumptions, *term_cautions(agreement)]
    cautions += _early(agreement, view.reckoning.root(agreement))
    if found.missing:
        cautions.append(f"Not recorded: {', '.join(plain(name) for name in found.missing)}.")
    cautions += filter(None, (caution_about(ctx.matrices, text) for text in (agreement.title, agreement.summary)))
    if not agreement.is_signed:
        cautions.append("Not signed by both sides: nothing in it may be relied on yet.")
    if is_unproven(agreement):
        cautions.append(f"It is {UNPROVEN}: nobody can show that it was.")
    if not explained:
        cautions.append("No walkthrough is recorded: it was never explained to the client, as far as we know.")
    return Reply(
        headline,
        fields=_fields(ctx, client, agreement, found, explained[-1] if explained else None, view),
        cautions=tuple(cautions),
        choices=_choices(client, agreement, bool(explained)),
        data={"agreement": agreement_data(agreement), "standing": found.status.value},
    )


def _early(amendment: Agreement, root: Agreement | None) -> tuple[str, ...]:
    """A caution on what takes effect before the agreement that it amends."""
    began, starts = (root.effective_on if root else None), amendment.effective_on
    if root is None or began is None or starts is None or starts >= began:
        return ()
    return (
        f"It takes effect on {format_date(starts)}, before {root.reference}, which it amends, does on "
        f"{format_date(began)}: check both days.",
    )


def _with_lags(ctx: Context, client: Client, agreement: Agreement, view: AgreementView) -> Callable[[str], str | None]:
    """The day in a field, and how long after it that was recorded."""
    versions = [each for each in ctx.uow.agreements.versions(agreement.id) if each[0] <= view.known_at]

    def told(name: str) -> str | None:
        day = getattr(agreement, name)
        if day is None:
            return None
        same = takewhile(lambda version: getattr(version[1], name) == day, reversed(versions))
        recorded = min((at for at, _ in same), default=view.known_at)
        return date_with_lag(day, ctx.day_of(recorded, client))

    return told


def _fields(
    ctx: Context,
    client: Client,
    agreement: Agreement,
    found: Standing,
    explained: Walkthrough | None,
    view: AgreementView,
) -> tuple[Field, ...]:
    """Every field that is set, as it applies on the day; what an amendment changed with its source."""
    reckoning, today = view.reckoning, view.day
    late = _with_lags(ctx, client, agreement, view)
    terms = reckoning.terms(agreement, today)
    parent = ctx.uow.agreements.find(agreement.parent_id) if agreement.parent_id else None
    term = " to ".join(str(day) for day in (found.term_start, found.term_end) if day)
    term = f"since {term}" if term and found.term_end is None else term
    signatures = (("us", late("msp_signed_on")), ("the client", late("client_signed_on")))

    def now(name: str, words: Callable[[Any], str] = str) -> str | None:
        change = terms.changes.get(name)
        value = change.value if change else getattr(agreement, name)
        return None if value is None else words(value) + (f", {change.source}" if change else "")

    facts = (
        ("Kind", plain(agreement.kind)),
        ("Title", agreement.title),
        ("Summary", agreement.summary),
        ("Under", parent.reference if parent else None),
        ("Precedence", agreement.precedence_rank),
        ("Stands", standing_words(found)),
        ("Decided", decision_words(reckoning, agreement, today, ctx.zone_of(client))),
        ("Signed", ", ".join(f"by {who} {day}" for who, day in signatures if day)),
        ("Signed for the client by", agreement.client_signer),
        ("Signatures", "; ".join(signature_words(each) for each in signatures_of(ctx, agreement, view.known_at))),
        (
            "Explained",
            date_with_lag(explained.held_on, ctx.day_of(explained.recorded_at, client)) if explained else None,
        ),
        ("Effective", agreement.effective_on),
        ("Runs", now("term_kind", plain) if terms.agreement.term_kind is not TermKind.FIXED else None),
        ("Initial term", now("initial_term", _length)),
        ("Stated end", now("initial_end_on")),
        ("Current term", term),
        ("Ends on", found.ends_on if found.ends_on != agreement.terminated_on else None),
        ("Renewal", now("renewal", plain)),
        ("Renewal term", now("renewal_term", _length)),
        ("Renewals at most", now("max_renewals")),
        ("Renewed so far", found.renewals_so_far or None),
        ("Price increase", now("uplift_percent", lambda percent: f"{percent} % at renewal")),
        ("Notice", now("notice", _length)),
        ("Notice by the client", now("client_notice", _length)),
        ("Notice to extend", now("extension_notice", _length)),
        ("To extend it, say so by", found.extension_deadline),
        ("Notice to", now("notice_to", lambda period: f"the end of a {PERIOD_WORDS[period]}")),
        ("Notice at the earliest", now("notice_window", lambda period: f"{period.in_words} before the end")),
        ("Notice is sent by", now("notice_method", plain)),
        ("Notice goes to", now("notice_address")),
        ("Notice deadline", _deadline_words(found, today)),
        ("Next notice deadline", _next_deadline(found)),
        ("Send notice by", _sending_words(found, today)),
        ("Notice today ends it on", _way_out(found)),
        ("Terminated", late("terminated_on")),
        ("Why it ended", agreement.termination_reason),
        ("Reviewed every", agreement.review_every.in_words if agreement.review_every else None),
        ("Last reviewed", agreement.last_reviewed_on),
        ("Next review", found.next_review),
        ("Owner", as_person(agreement.owner) or None),
        ("Signed copy", agreement.document_url),
        ("Copies kept", copies_of(ctx, client, agreement)),
    )
    return tuple(Field(label, str(value)) for label, value in facts if value is not None and value != "")


def _length(period: Period) -> str:
    return period.in_words


def _deadline_words(found: Standing, today: date) -> str | None:
    """The last day for notice against the current term, and whether anything can still arrive by it."""
    day, last = found.notice_deadline or found.next_notice_deadline, found.arrive_by
    if day is None:
        return None
    if day < today:
        return f"{day}, which has passed"
    if found.notice_deadline is not None and last is not None and last < today:
        return f"{day}, but {last}, the last business day up to it, has passed"
    return str(day)


def _next_deadline(found: Standing) -> date | None:
    """The first deadline that can be met, where that of the current term cannot."""
    return found.next_notice_deadline if found.notice_deadline not in (None, found.next_notice_deadline) else None


def _sending_words(found: Standing, today: date) -> str | None:
    """By when notice has to be sent, where that is before the deadline; once that is too late, by when to arrive."""
    last = found.act_by(today)
    if last is None or last == found.notice_deadline or found.send_by is None:
        return None
    return str(last) if last == found.send_by else f"{found.send_by} has passed; it has to arrive by {last}"


def _way_out(found: Standing) -> date | None:
    """The earliest end, where it is another than the end of the current term."""
    is_told = (found.ends_on is None and found.renews) or found.status is AgreementStanding.EVERGREEN
    return found.earliest_end if is_told and found.earliest_end != found.term_end else None


def _choices(client: Client, agreement: Agreement, is_explained: bool) -> tuple[Choice, ...]:
    names = (client.name, agreement.reference)
    choices = [Choice("Edit", command_line("agreement edit", *names), opens_form=True)]
    if not agreement.is_signed:
        choices.append(
            Choice(
                "Record signature", command_line("agreement sign", *names, **SIGNED), Emphasis.PRIMARY, opens_form=True
            )
        )
    if not is_explained:
        choices.append(
            Choice("Record walkthrough", command_line("walkthrough record", *names, **EXPLAINED), opens_form=True)
        )
        choices.append(Choice("Walkthrough sheet", command_line("paper walkthrough", *names)))
    choices.append(Choice("Responsibility statement", command_line("paper statement", *names)))
    return tuple(choices)


def agreement_row(ctx: Context, client: Client, agreement: Agreement, reckoning: Reckoning) -> tuple[str, ...]:
    """The agreement as a row of the list of agreements."""
    found = reckoning.standing(agreement, ctx.today_for(client))
    return (
        client.name,
        agreement.reference,
        plain(agreement.kind),
        standing_words(found),
        str(found.ends_on or found.term_end or ""),
        str(found.arrive_by or found.notice_deadline or ""),
    )


def agreement_data(agreement: Agreement) -> dict[str, Any]:
    return agreement.model_dump(mode="json", exclude={"version"}) | {
        name: str(getattr(agreement, name)) if getattr(agreement, name) else None for name in LENGTHS
    }
