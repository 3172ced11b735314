"""What each row of a client's matrix counts for on a day, by everything on record."""

from datetime import date, datetime
from functools import cached_property

from commands.reckoning import reckoning_as_known, reckoning_of
from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.scope.doubt import is_row_doubtful
from commands.rules.scope.last_day import last_day_of
from commands.rules.scope.precedence import Source, carriers, source_of
from commands.rules.scope.replaced import Standing, standings
from commands.rules.scope.row_status import RowStatus, row_status
from storage.records import Agreement, Client, Responsibility, RowBasis
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork


class RecordedMatrix:
    """A client's matrix and papers for a day: as recorded now, or `at` an instant. Each is read once, when needed."""

    def __init__(self, uow: UnitOfWork, client: Client, day: date, at: datetime | None = None) -> None:
        self.day = day
        self._uow, self._client, self._at = uow, client, at

    @cached_property
    def rows(self) -> list[Responsibility]:
        known, at = self._uow.responsibilities, self._at
        return known.current(self._client.id) if at is None else known.as_known(self._client.id, at)

    @cached_property
    def papers(self) -> dict[int, Agreement]:
        """By id."""
        known, at = self._uow.agreements, self._at
        found = known.of_client(self._client.id) if at is None else known.of_client_as_known(self._client.id, at)
        return {paper.id: paper for paper in found}

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """By the ids of the rows, in their order."""
        return standings(self.rows, self.papers, self.day, self._reckoning.force)

    @cached_property
    def forces(self) -> dict[int, Force]:
        """Whether each of the papers applies on the day, by id."""
        return {id: self._reckoning.force(paper, self.day) for id, paper in self.papers.items()}

    @cached_property
    def carrying(self) -> frozenset[int]:
        """The ids of the papers that agree what other paper only proposed."""
        return carriers(self.papers, self.forces)

    def source(self, row: Responsibility) -> Source | None:
        """The row with its paper, and the paper that carries it on the day."""
        if row.agreement_id not in self.papers:
            paper = self._uow.agreements.find(row.agreement_id)
            return Source(row, paper) if paper is not None else None
        if row.basis is not RowBasis.PROPOSED or row.carried_by_id is None:
            return Source(row, self.papers[row.agreement_id])
        return source_of(row, self.papers, self.carrying)

    def status(self, source: Source, day: date | None = None) -> RowStatus:
        """What the row counts for by itself on its day, or on another, though it may be an earlier version of one."""
        on = day or self.day
        return row_status(source, on, {paper.id: self._reckoning.force(paper, on) for paper in source.papers})

    def is_doubtful(self, row: Responsibility) -> bool:
        """Whether it is not clear that the row applies on the day."""
        return is_row_doubtful(row, lambda: self.rows, self.papers, self._reckoning, self.day)

    def last_day(self, source: Source) -> date | None:
        """The last day on which the row answers, as far as is known on its day."""
        item = client_key(source.row.item)
        same = [each for each in self.rows if client_key(each.item) == item]
        others = [source_of(each, self.papers, self.carrying) for each in same]
        return last_day_of(source, others, self.papers, self._reckoning, self.day)

    @cached_property
    def _reckoning(self) -> Reckoning:
        if self._at is None:
            return reckoning_of(self._uow, self._client)
        return reckoning_as_known(self._uow, self._client, self._at)


def not_replaced(uow: UnitOfWork, client: Client, day: date) -> list[Responsibility]:
    """All that is recorded of its matrix, whenever it applies, but for what other paper replaced by that day."""
    found = RecordedMatrix(uow, client, day)
    if len({row.agreement_id for row in found.rows}) < 2 and not any(row.carried_by_id for row in found.rows):
        return found.rows
    return [each.row for each in found.standings.values() if each.replaced is None]


def standings_of(uow: UnitOfWork, client: Client, day: date) -> dict[int, Standing]:
    """By the ids of the rows, in their order, by what is recorded now."""
    return RecordedMatrix(uow, client, day).standings
