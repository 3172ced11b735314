"""Deciding what is done at the end of an agreement's term, without waiting for a reminder of it."""

from commands.agreement import AGREEMENT, standing_of
from commands.arguments import Arguments
from commands.client import CLIENT
from commands.context import Context
from commands.errors import Conflict
from commands.registry import Command, Kind, Parameter
from commands.reminder import Course, decided_reply
from commands.reply import Reply
from storage.records import Agreement, Client, Decision, DecisionChoice, NoticeMethod, Role


def decide(ctx: Context, args: Arguments) -> Reply:
    """It is about the current term. A decision that settles it ends the reminders about that term."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    term = standing_of(ctx, client, agreement)
    if term.term_end is None:
        raise Conflict(
            f"{agreement.reference} has no end that is recorded, so there is nothing to decide yet.",
            next_steps=("/engagement help agreement edit",),
        )
    decision = ctx.uow.decisions.record(
        Decision(
            agreement_id=agreement.id,
            agreement_version=agreement.version,
            term_start=term.term_start,
            term_end=term.term_end,
            decided=DecisionChoice(args.decision.value),
            reason=args.reason,
            decided_by=ctx.actor.user,
            decided_at=ctx.now,
            notice_on=args.notice_on,
            notice_method=args.method,
            proof_url=args.proof,
        )
    )
    return decided_reply(client, agreement, decision)


COMMANDS = (
    Command(
        "renewal", "decide", decide, Role.MANAGER, "Record what is done at the end of an agreement's current term",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter("decision", "what is done", Kind.CHOICE, positional=True, required=True, choices=Course),
            Parameter("reason", "why", Kind.LONG_TEXT, required=True),
            Parameter("notice-on", "the day notice was given", Kind.DATE, has_happened=True),
            Parameter("method", "how notice was given", Kind.CHOICE, choices=NoticeMethod),
            Parameter("proof", "a link to the proof that notice was given", Kind.URL),
        ),
        example='/engagement renewal decide calder SOW-A renew reason:"service is good, price is fair"',
    ),
)  # fmt: skip
