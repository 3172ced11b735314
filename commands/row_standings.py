"""What each row of a client's matrix counts for on a day, by everything on record."""

from collections.abc import Iterable
from datetime import date

from commands.reckoning import reckoning_of
from commands.rules.scope.replaced import Standing, standings
from storage.records import Client, Responsibility
from storage.unit_of_work import UnitOfWork


def not_replaced(uow: UnitOfWork, client: Client, day: date) -> list[Responsibility]:
    """All that is recorded of its matrix, whenever it applies, but for what other paper replaced by that day."""
    rows = uow.responsibilities.current(client.id)
    if len({row.agreement_id for row in rows}) < 2 and not any(row.carried_by_id for row in rows):
        return rows
    return [each.row for each in standings_of(uow, client, day, rows).values() if each.replaced is None]


def standings_of(
    uow: UnitOfWork, client: Client, day: date, rows: Iterable[Responsibility] | None = None
) -> dict[int, Standing]:
    """By the ids of the rows, in their order. `rows`: all that it has, where they were read before."""
    papers = {paper.id: paper for paper in uow.agreements.of_client(client.id)}
    known = uow.responsibilities.current(client.id) if rows is None else rows
    return standings(known, papers, day, reckoning_of(uow, client).force)
