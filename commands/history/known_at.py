"""The two clocks of a question about the past: as of which day it applied, and what we knew at the end of which day."""

from datetime import date, datetime, time, timedelta

from commands.command import Context
from commands.errors import UsageError
from commands.explanations import explanations, unexplained_parts
from commands.parameters import Kind, Parameter
from commands.reckoning import reckoning_as_known
from commands.row_standings import RecordedMatrix
from commands.rules.scope.answer import ClientMatrix
from commands.settled import settled_before
from storage.records import Client

AS_OF = Parameter("as-of", "what applied on a day; today if left out", Kind.DATE, has_happened=False)
KNOWN_AT = Parameter(
    "known-at", "what our records said at the end of a day; now if left out", Kind.DATE, has_happened=True
)


def end_of(ctx: Context, client: Client, day: date) -> datetime:
    """The last instant of the client's day, aware. Raises UsageError for a day that has not begun."""
    if day > ctx.today_for(client):
        raise UsageError(
            f"known-at: {day} is in the future. Nobody knows yet what our records will say.",
            fields={"known-at": "is in the future."},
        )
    return datetime.combine(day + timedelta(days=1), time(), ctx.zone_of(client)) - timedelta(microseconds=1)


def matrix_as_known(ctx: Context, client: Client, as_of: date, known_at: date) -> ClientMatrix:
    """The client's matrix as of a day, by what was on record at the end of another."""
    return matrix_at(ctx, client, as_of, end_of(ctx, client, known_at))


def matrix_at(ctx: Context, client: Client, as_of: date, at: datetime) -> ClientMatrix:
    """The client's matrix as of a day, by what was on record at an instant."""
    agreements = ctx.uow.agreements.of_client_as_known(client.id, at)
    rows = ctx.uow.responsibilities.as_known(client.id, at)
    held = [each for each in ctx.uow.walkthroughs.of_client(client.id) if each.recorded_at <= at]
    told = explanations(agreements, held, ctx.uow.topics.as_known(client.id, at), rows, as_of)
    return ClientMatrix(
        agreements,
        rows,
        (each.agreement_id for each in held),
        as_of,
        ctx.matrices.knowledge,
        ctx.uow.phrases.as_known(client.id, at),
        reckoning_as_known(ctx.uow, client, at),
        settled_before(ctx.uow, client, at),
        unexplained_parts(told, agreements),
    )


def recorded_matrix(ctx: Context, client: Client, as_of: date | None, known_at: date | None) -> RecordedMatrix:
    """As recorded now, or at the end of `known_at`; for the day `as_of`, or else for the day of the records."""
    day = as_of or known_at or ctx.today_for(client)
    return RecordedMatrix(ctx.uow, client, day, end_of(ctx, client, known_at) if known_at is not None else None)


def as_of_words(day: date, known_at: date | None, today: date) -> str | None:
    """As of which day, as known when; None for today by what is known now."""
    if known_at is not None:
        return f"As of {day}, as our records stood at the end of {known_at}."
    return None if day == today else f"As of {day}."
