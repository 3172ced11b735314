"""The limits of our access that an answer about scope runs into, now and as they were when it was given."""

from collections.abc import Sequence
from datetime import date

from commands.command import Context
from commands.history.known_at import end_of
from commands.rules.conduct.access import access_limits
from commands.rules.scope.precedence import Source
from storage.records import AccessGrant, Client, Obligation, ScopeQuestion


def touching_texts(question: str, source: Source | None) -> tuple[str, ...]:
    """The texts that a system may be named in: the question, and the row that answers it."""
    return (question, source.row.item, *source.row.aliases) if source else (question,)


def grants_known(ctx: Context, client: Client, known_at: date | None) -> Sequence[AccessGrant]:
    """The access by what was known at the end of that day of the client; now where it is None."""
    if known_at is None:
        return ctx.uow.access.current(client.id)
    return ctx.uow.access.as_known(client.id, end_of(ctx, client, known_at))


def obligations_known(ctx: Context, client: Client, known_at: date | None) -> Sequence[Obligation]:
    """What the client must do by what was known at the end of that day of the client; now where it is None."""
    if known_at is None:
        return ctx.uow.obligations.current(client.id)
    return ctx.uow.obligations.as_known(client.id, end_of(ctx, client, known_at))


def limits_when_asked(
    ctx: Context, client: Client, question: ScopeQuestion, source: Source | None, *, for_client: bool = False
) -> tuple[str, ...]:
    """The limits that the answer was given with. `for_client`: only those that the client was told, or signed."""
    at = end_of(ctx, client, question.known_at) if question.known_at else question.asked_at
    grants = ctx.uow.access.as_known(client.id, at)
    if for_client:
        grants = [each for each in grants if each.basis or each.explained_on]
    return access_limits(grants, touching_texts(question.question, source), question.as_of)
