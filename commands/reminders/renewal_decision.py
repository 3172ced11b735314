"""Deciding what is done at the end of an agreement's term, whether a reminder asked or not; and taking that back."""

from datetime import date, timedelta
from enum import StrEnum

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.parameters import FormLayout, Kind, Parameter
from commands.reckoning import DECIDED_WORDS, decision_words, given_on, reckoning_of
from commands.reminders.notice_words import (
    ask_before_replacing,
    blanks,
    done_words,
    earlier_notice,
    of_notice,
    of_two_notices,
)
from commands.reply import Choice, Field, Reply
from commands.rules.agreements.given_notice import method_words
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from commands.rules.text.placeholders import BLANK
from commands.signed_copies import FILE, keep_with
from storage.records import Agreement, Client, CopyOf, Decision, DecisionChoice, NoticeMethod, RenewalMode, Role, Side

_OVER = (AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)
_ABOUT_NOTICE = ("notice_on", "delivered", "method", "to", "tracking", "proof", "side")


class Course(StrEnum):
    """What can be decided about the end of a term."""

    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    GIVE_NOTICE = "give_notice"
    LET_LAPSE = "let_lapse"


DECISION = (
    Parameter("decision", "what is done", Kind.CHOICE, positional=True, required=True, choices=Course),
    Parameter("reason", "why", Kind.LONG_TEXT, required=True),
    Parameter(
        "notice-on", "the day notice was sent; a day to come is a plan", Kind.DATE, has_happened=False, years_ahead=2
    ),
    Parameter("delivered", "the day it arrived, where that is known", Kind.DATE, has_happened=True),
    Parameter("method", "how notice was given", Kind.CHOICE, choices=NoticeMethod),
    Parameter("to", "the address that notice went to"),
    Parameter("tracking", "the number by which it can be tracked"),
    Parameter("side", "who gave notice; we did if left out", Kind.CHOICE, choices=Side),
    Parameter("proof", "a link to the proof that notice was given", Kind.URL),
    FILE,
)


def decide(ctx: Context, args: Arguments) -> Reply:
    """It is about the current term."""
    return record_decision(ctx, args.client, args.agreement, args, ctx.today_for(args.client))


def record_decision(ctx: Context, client: Client, agreement: Agreement, args: Arguments, on: date) -> Reply:
    """Record what is done at the end of the term that runs on `on`. What was decided and counts takes effect by that:
    the reminders about the term end, and so does the agreement, or its term goes on.
    """
    reckoning = reckoning_of(ctx.uow, client)
    term = reckoning.standing(agreement, on)
    choice = DecisionChoice(args.decision.value)
    today = ctx.today_for(client)
    _refuse_what_cannot_be(client, agreement, reckoning, term, choice)
    if choice is DecisionChoice.GIVE_NOTICE:
        _refuse_impossible_days(agreement, args)
    else:
        _refuse_notice(args, choice, today)
    if choice is DecisionChoice.RENEW:
        _refuse_late_renewal(client, agreement, reckoning, term, args.notice_on or today)
    is_plan = args.notice_on is not None and args.notice_on > today
    decision = Decision(
        agreement_id=agreement.id,
        agreement_version=agreement.version,
        term_start=term.term_start,
        term_end=term.term_end,
        decided=choice,
        reason=args.reason,
        decided_by=ctx.actor.user,
        decided_at=ctx.now,
        notice_on=None if is_plan else args.notice_on,
        notice_planned_on=args.notice_on if is_plan else None,
        notice_delivered_on=args.delivered,
        notice_method=args.method,
        notice_address=args.to,
        notice_side=args.side,
        proof_url=args.proof,
        notice_tracking=args.tracking,
    )
    if not ctx.is_confirmed:
        ask_before_replacing(reckoning, agreement, decision)
    earlier = earlier_notice(reckoning, agreement, decision)
    decision = ctx.uow.decisions.record(decision)
    ctx.uow.clients.matrix_changed(client.id)
    kept = keep_with(ctx, client, CopyOf.NOTICE, agreement_id=agreement.id, subject=f"decision:{decision.id}")
    return _reply(ctx, client, agreement, decision, earlier, kept)


def retract(ctx: Context, args: Arguments) -> Reply:
    """Take the newest decision back, as if it had not been made. It stays on record, with who took it back and why."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    decision = reckoning_of(ctx.uow, client).decision(agreement)
    if decision is None:
        raise Conflict(f"Nothing is decided about {agreement.reference}, so there is nothing to take back.")
    ctx.uow.decisions.retract(decision, at=ctx.now, by=ctx.actor.user, reason=args.reason)
    ctx.uow.clients.matrix_changed(client.id)
    after = reckoning_of(ctx.uow, client)
    before = after.decision(agreement)
    holds = decision_words(after, agreement, ctx.today_for(client), ctx.zone_of(client)) if before else ""
    made = f"decided by {as_person(decision.decided_by)} on {ctx.day_of(decision.decided_at, client)}"
    return Reply(
        f"{agreement.reference} of {client.name}: the decision to {DECIDED_WORDS[decision.decided]} is taken back.",
        lines=(f"It was {made}, and stays on record.",),
        fields=(Field("Holds now", holds or "nothing is decided"), Field("Reason", args.reason)),
        cautions=("A notice that was sent is not undone by this: agree with the other side in writing.",)
        if decision.notice_on
        else (),
        data={"decision": decision.id},
    )


def _refuse_what_cannot_be(
    client: Client, agreement: Agreement, reckoning: Reckoning, term: Standing, choice: DecisionChoice
) -> None:
    names = (client.name, agreement.reference)
    root = reckoning.root(agreement)
    if root is not None:
        raise Conflict(
            f"{agreement.reference} amends {root.reference} and has no term of its own: decide about {root.reference}.",
            next_steps=(
                command_line("/engagement renewal decide", client.name, root.reference, decision=BLANK, reason=BLANK),
            ),
        )
    if term.status in _OVER and term.ends_on is not None and agreement.terminated_on is not None:
        raise Conflict(
            f"{agreement.reference} ended on {format_date(agreement.terminated_on)}: there is nothing to decide.",
            next_steps=(command_line("/engagement agreement reinstate", *names),),
        )
    ended = agreement.terminated_on
    if choice is DecisionChoice.RENEW and ended is not None and ended <= (term.term_end or ended):
        raise Conflict(
            f"{agreement.reference} is terminated as of {format_date(ended)}: no term follows. Take that back first.",
            next_steps=(command_line("/engagement agreement reinstate", *names),),
        )
    if term.status is AgreementStanding.EVERGREEN and choice is not DecisionChoice.GIVE_NOTICE:
        raise Conflict(
            f"{agreement.reference} runs without an end: only notice or a termination ends it, and nothing renews.",
            next_steps=(
                command_line("/engagement renewal decide", *names, "give_notice", reason=BLANK, notice_on=BLANK),
            ),
        )
    is_endless = term.term_end is None and choice is not DecisionChoice.GIVE_NOTICE
    is_untold = term.term_end is None and term.status is not AgreementStanding.EVERGREEN and term.ends_on is None
    if is_endless or (is_untold and term.status is not AgreementStanding.UPCOMING):
        raise Conflict(
            f"{agreement.reference} has no end that is recorded, so there is nothing to decide yet.",
            next_steps=(
                command_line("/engagement agreement edit", *names, **blanks(term.missing))
                if blanks(term.missing)
                else "/engagement help agreement edit",
            ),
        )


def _refuse_impossible_days(agreement: Agreement, args: Arguments) -> None:
    sent, arrived = args.notice_on, args.delivered
    if arrived is not None and (sent is None or arrived < sent):
        problem = "is before the notice was sent." if sent else "needs notice-on, the day it was sent."
        raise UsageError(f"delivered {problem}", fields={"delivered": problem})
    known = [agreement.effective_on, agreement.msp_signed_on, agreement.client_signed_on]
    began = min((day for day in known if day is not None), default=None)
    if sent is not None and began is not None and sent < began:
        raise UsageError(
            f"notice-on, {sent}, is before {agreement.reference} began ({began}).",
            fields={"notice-on": f"is before the agreement began, {began}."},
        )


def _refuse_notice(args: Arguments, choice: DecisionChoice, today: date) -> None:
    """What is about notice belongs to a notice; `notice-on` also says when the other side was told of a renewal."""
    given = [name for name in _ABOUT_NOTICE if getattr(args, name) is not None]
    if choice is DecisionChoice.RENEW and given == ["notice_on"]:
        if args.notice_on > today:
            problem = f"is after today, {today}: a renewal counts from the day the other side was told."
            raise UsageError(f"notice-on {problem}", fields={"notice-on": problem})
        return
    if given:
        names = [name.replace("_", "-") for name in given]
        raise UsageError(
            f"{', '.join(names)} belong to give_notice, not to {choice.value}.",
            fields=dict.fromkeys(names, "belongs to give_notice."),
        )


def _refuse_late_renewal(
    client: Client, agreement: Agreement, reckoning: Reckoning, term: Standing, told_on: date
) -> None:
    """By hand it can be renewed up to the last day of the term, if how long it then runs is known."""
    end = term.term_end
    terms = reckoning.terms(agreement, told_on).agreement
    is_over = term.status in _OVER and term.ends_on is not None
    if end is None or not (is_over or terms.renewal is RenewalMode.MANUAL):
        return
    names = (client.name, agreement.reference)
    if told_on > end:
        raise Conflict(
            f"{agreement.reference} ended on {format_date(end)}: renewing it now takes an amendment that both sides "
            "sign. If it was renewed in time, say when, with notice-on:.",
            next_steps=(
                command_line(
                    "/engagement agreement add", client.name, reference=BLANK, kind="amendment",
                    parent=agreement.reference, effective=BLANK,
                ),
                command_line("/engagement renewal decide", *names, "renew", reason=BLANK, notice_on=BLANK),
            ),
        )  # fmt: skip
    problem = reckoning.renewable(agreement, end, told_on)
    if problem and "renewal-term" in problem:
        raise Conflict(
            f"{agreement.reference} cannot be renewed yet: {problem}.",
            next_steps=(command_line("/engagement agreement edit", *names, renewal_term=BLANK),),
        )


def _reply(
    ctx: Context, client: Client, agreement: Agreement, decision: Decision, earlier: Decision | None,
    kept: tuple[str, ...],
) -> Reply:  # fmt: skip
    """What was decided, what comes of it, and only what is valid next. `kept` says which proof is kept."""
    reckoning, today = reckoning_of(ctx.uow, client), ctx.today_for(client)
    found = reckoning.standing(agreement, today)
    verdict = reckoning.verdict(agreement, decision)
    cautions: list[str] = []
    steps: list[str] = []
    outcome = ""
    is_notice = decision.decided is DecisionChoice.GIVE_NOTICE
    if is_notice:
        outcome = of_notice(
            agreement, client, decision, verdict, found, cautions, steps, today=today, has_file=bool(kept)
        )
    elif decision.decided is DecisionChoice.RENEGOTIATE:
        cautions.append("The deadline stands while you negotiate: reminders go on.")
        if found.ends_on is not None:
            cautions.append(f"The notice that was given stands: it ends on {format_date(found.ends_on)}.")
    elif decision.decided is DecisionChoice.LET_LAPSE:
        outcome = _of_lapse(found, cautions)
    else:
        outcome = _of_renewal(reckoning, client, agreement, decision, found, cautions, steps)
    if earlier is not None and decision.decided is DecisionChoice.RENEW:
        cautions.append(
            f"This takes back the notice of {given_on(earlier)}: make sure that the other side agreed in writing."
        )
    elif earlier is not None and decision.notice_on is not None:
        cautions.append(of_two_notices(reckoning, agreement, decision, earlier))
    facts = (
        ("Reason", decision.reason),
        ("Term ends", decision.term_end),
        ("Notice given on" if is_notice else "The other side was told on", decision.notice_on),
        ("Notice planned for", decision.notice_planned_on),
        ("Given by", "the client" if decision.notice_side is Side.CLIENT else None),
        ("Arrived on", decision.notice_delivered_on),
        ("Method", method_words(decision.notice_method) if decision.notice_method else None),
        ("Sent to", decision.notice_address),
        ("Tracking number", decision.notice_tracking),
        ("Ends on", found.ends_on),
        ("Earliest end", verdict.earliest_end if verdict and not verdict.is_valid else None),
        ("Proof", decision.proof_url),
    )
    return Reply(
        f"{agreement.reference} of {client.name}: {done_words(decision)}{outcome}.",
        lines=kept,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=_papers(client, agreement, decision),
        next_steps=tuple(steps),
        data={
            "decision": decision.model_dump(mode="json"),
            "outcome": verdict.outcome.value if verdict else None,
            "ends_on": found.ends_on.isoformat() if found.ends_on else None,
            "earliest_end": verdict.earliest_end.isoformat() if verdict and verdict.earliest_end else None,
            "days": verdict.days if verdict else 0,
        },
    )


def _papers(client: Client, agreement: Agreement, decision: Decision) -> tuple[Choice, ...]:
    """The notice to be written, where we are to give one and it is not recorded as given."""
    is_ours = decision.decided is DecisionChoice.GIVE_NOTICE and decision.notice_side is not Side.CLIENT
    if not is_ours or decision.notice_on is not None:
        return ()
    names = (client.name, agreement.reference)
    return (Choice("Write the notice", command_line("paper notice", *names, clause=BLANK), opens_form=True),)


def _of_lapse(found: Standing, cautions: list[str]) -> str:
    if found.renews and found.ends_on is None:
        until = found.next_notice_deadline
        by = f" by {format_date(until)}" if until else ""
        cautions.append(
            f"It renews by itself, so it does not lapse unless notice is given{by}: reminders go on until it is."
        )
        return ""
    last_day = found.ends_on or found.term_end
    return f": it ends on {format_date(last_day)}" if last_day else ""


def _of_renewal(
    reckoning: Reckoning,
    client: Client,
    agreement: Agreement,
    decision: Decision,
    found: Standing,
    cautions: list[str],
    steps: list[str],
) -> str:
    if decision.term_end is None or decision.term_end == date.max:
        return ""
    problem = reckoning.renewable(agreement, decision.term_end, decision.term_end)
    if problem:
        cautions.append(f"It ends on {format_date(decision.term_end)} all the same: {problem}. Reminders go on.")
        steps.append(
            command_line(
                "/engagement agreement add", client.name, reference=BLANK, kind="amendment",
                parent=agreement.reference, effective=BLANK, signed=BLANK, end=BLANK,
            )
        )  # fmt: skip
        return ""
    begins = decision.term_end + timedelta(days=1)
    has_begun = found.term_start is not None and found.term_start >= begins
    if found.renews:
        return f": it {'renewed' if has_begun else 'renews'} by itself on {format_date(begins)}"
    return f": the next term {'began' if has_begun else 'begins'} on {format_date(begins)}"


COMMANDS = (
    Command(
        "renewal", "decide", decide, Role.MANAGER, "Record what is done at the end of an agreement's current term",
        form=FormLayout(first=("decision", "reason", "notice-on", "method", "to", "proof")),
        parameters=(CLIENT, AGREEMENT, *DECISION),
        example='/engagement renewal decide calder SOW-A renew reason:"service is good, price is fair"',
    ),
    Command(
        "renewal", "retract", retract, Role.MANAGER, "Take back what was decided last about an agreement",
        confirm="Take the last decision back: what it brought about no longer holds.",
        parameters=(CLIENT, AGREEMENT, Parameter("reason", "why", Kind.LONG_TEXT, required=True)),
        example='/engagement renewal retract calder SOW-A reason:"entered for the wrong client"',
    ),
)  # fmt: skip
