"""A question to begin with: about a client of whoever asks, and answered by its matrix."""

from datetime import timedelta

from commands.command import Context
from commands.grammar.client_in_question import client_inside
from storage.records import Client, Verdict

_LOOKED_BACK = timedelta(days=90)
_MOST_CLIENTS = 5
_MOST_ROWS = 5
_LONGEST = 300
_UNANSWERED = (Verdict.UNDOCUMENTED, Verdict.AMBIGUOUS, Verdict.LAPSED)


def first_question(ctx: Context) -> str | None:
    """Such as "Who is responsible for Server backup at Calder Ridge?"; None where no client's matrix answers one."""
    asked = ctx.uow.questions.clients_asked_about(ctx.actor.user, ctx.now - _LOOKED_BACK)
    clients = sorted(ctx.uow.clients.list(), key=lambda each: (each.id not in asked, each.name))
    questions = (_question(ctx, client) for client in clients[:_MOST_CLIENTS])
    return next(filter(None, questions), None)


def _question(ctx: Context, client: Client) -> str | None:
    for row in ctx.uow.responsibilities.current(client.id)[:_MOST_ROWS]:
        question = f"Who is responsible for {row.item}"
        whole = f"{question} at {client.name}?"
        if len(whole) <= _LONGEST and _is_answered(ctx, client, question) and _names(ctx, client, whole):
            return whole
    return None


def _is_answered(ctx: Context, client: Client, question: str) -> bool:
    return ctx.matrices.of(ctx.uow, client, ctx.today_for(client)).answer(question).verdict not in _UNANSWERED


def _names(ctx: Context, client: Client, question: str) -> bool:
    """Whether the client is found in the question, and no other."""
    named = client_inside(ctx, question)
    return named is not None and named.client.id == client.id
