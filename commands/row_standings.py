"""What each row of a client's matrix counts for on a day, by everything on record."""

from collections.abc import Iterable
from datetime import date, datetime

from commands.reckoning import reckoning_as_known, reckoning_of
from commands.rules.scope.doubt import is_row_doubtful
from commands.rules.scope.precedence import Source, carriers, source_of
from commands.rules.scope.replaced import Standing, standings
from commands.rules.scope.row_status import RowStatus, row_status
from storage.records import Client, Responsibility, RowBasis
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


def status_on(uow: UnitOfWork, client: Client, source: Source, day: date) -> RowStatus:
    """What the row counts for on the day by itself, though it may be an earlier version of one."""
    reckoning = reckoning_of(uow, client)
    return row_status(source, day, {paper.id: reckoning.force(paper, day) for paper in source.papers})


def source_on(
    uow: UnitOfWork, client: Client, row: Responsibility | None, day: date, at: datetime | None = None
) -> Source | None:
    """The row with its paper, and the paper that carries it on the day: as recorded now, or `at` an instant."""
    if row is None:
        return None
    known = uow.agreements.of_client(client.id) if at is None else uow.agreements.of_client_as_known(client.id, at)
    papers = {paper.id: paper for paper in known}
    if row.agreement_id not in papers:
        paper = uow.agreements.find(row.agreement_id)
        return Source(row, paper) if paper is not None else None
    if row.basis is not RowBasis.PROPOSED or row.carried_by_id is None:
        return Source(row, papers[row.agreement_id])
    reckoning = reckoning_of(uow, client) if at is None else reckoning_as_known(uow, client, at)
    forces = {id: reckoning.force(paper, day) for id, paper in papers.items()}
    return source_of(row, papers, carriers(papers, forces))


def is_doubtful_on(uow: UnitOfWork, client: Client, row: Responsibility, day: date, at: datetime | None = None) -> bool:
    """Whether it was not clear that the row applied on the day: as recorded now, or `at` an instant."""
    if at is None:
        reckoning, papers = reckoning_of(uow, client), list(uow.agreements.of_client(client.id))
    else:
        reckoning, papers = reckoning_as_known(uow, client, at), list(uow.agreements.of_client_as_known(client.id, at))

    def rows() -> list[Responsibility]:
        known = uow.responsibilities
        return known.current(client.id) if at is None else known.as_known(client.id, at)

    return is_row_doubtful(row, rows, {paper.id: paper for paper in papers}, reckoning, day)
