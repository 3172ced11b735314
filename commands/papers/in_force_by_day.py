"""What was in force on each day: the agreements, and the versions of rows, as we know it now and as we knew it then."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from commands.command import Context
from commands.history.known_at import end_of
from commands.papers.record_table import RecordTable
from commands.reckoning import reckoning_of
from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.scope.replaced import standings
from storage.records import Agreement, Client, Responsibility

_COLUMNS = ("day", "agreement", "state", "rows", "unchanged_since", "row_ids", "row_ids_as_known_then")
_STATES = {
    Force.IN_FORCE: "in force", Force.NOT_YET: "not yet in force", Force.ENDED: "ended",
    Force.UNKNOWN: "not recorded whether in force",
}  # fmt: skip


def in_force_table(ctx: Context, client: Client, first: date, last: date, made_at: datetime) -> RecordTable:
    """One row a day and agreement that has begun and not ended, both days inclusive."""
    papers = {each.id: each for each in ctx.uow.agreements.of_client(client.id)}
    known = [row for row in ctx.uow.responsibilities.history(client.id) if row.recorded_at < made_at]
    reading = _Reading(ctx, client, papers, known, made_at, reckoning_of(ctx.uow, client))
    changing = reading.days_of_change()
    found = [line for paper in papers.values() for line in reading.days_of(paper, changing, first, last)]
    return RecordTable(
        "in_force", "What was in force, day by day",
        "row_ids are the rows of the matrix table that counted on the day, as we know it now, without those that other "
        "paper replaced, and those about which papers disagree and none takes precedence; as_known_then: those that "
        "were on record by the end of that day. Both are listed on the first day and where they "
        "change; on the other days they are as on unchanged_since. Signed or not is as the agreement stands now.",
        _COLUMNS, tuple(sorted(found, key=lambda line: (line[0], line[1]))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    ctx: Context
    client: Client
    papers: dict[int, Agreement]
    rows: Sequence[Responsibility]
    made_at: datetime
    reckoning: Reckoning
    forces: dict[tuple[int, date], Force] = field(default_factory=dict)
    counted: dict[tuple[date, datetime], list[Responsibility]] = field(default_factory=dict)

    def days_of(
        self, paper: Agreement, changing: Collection[date], first: date, last: date
    ) -> Iterator[tuple[Any, ...]]:
        """Worked out anew only on days on which something may have changed, of whichever paper: it may replace rows."""
        before: tuple[Any, ...] | None = None
        said: tuple[Any, ...] = ()
        since, listed = first, False
        for day in (first + timedelta(days=count) for count in range((last - first).days + 1)):
            states = tuple(self.force(each, day) for each in self.papers.values())
            if before is None or states != before or day in changing:
                now = self._counting(paper, day, self.made_at)
                then = self._counting(paper, day, min(self.made_at, end_of(self.ctx, self.client, day)))
                if said != (now, then):
                    said, since, listed = (now, then), day, False
            before = states
            found = self.force(paper, day)
            if found in (Force.IN_FORCE, Force.UNKNOWN):
                state = _STATES[found] if paper.is_signed else f"{_STATES[found]}, not signed by both sides"
                ids = (None, None) if listed else said
                listed = True
                yield (str(day), paper.reference, state, len(said[0]), str(since), *ids)

    def _counting(self, paper: Agreement, day: date, at: datetime) -> list[int]:
        if (found := self.counted.get((day, at))) is None:
            known = [
                row
                for row in self.rows
                if row.recorded_at < at and (row.superseded_at is None or row.superseded_at >= at)
            ]
            found = [each.row for each in standings(known, self.papers, day, self.force).values() if each.counts]
            self.counted[day, at] = found
        return [row.id for row in found if row.agreement_id == paper.id]

    def force(self, paper: Agreement, day: date) -> Force:
        """Whether it applies on the day, worked out once: it is asked for again with each of the papers."""
        key = (paper.id, day)
        if key not in self.forces:
            self.forces[key] = self.reckoning.force(paper, day)
        return self.forces[key]

    def days_of_change(self) -> set[date]:
        """The days on which what is recorded about a row changes, or what it says begins or ends."""
        days: set[date] = set()
        for row in self.rows:
            days |= {day for day in (row.effective_from, row.effective_to) if day is not None}
            days |= {self.ctx.day_of(at, self.client) for at in (row.recorded_at, row.superseded_at) if at is not None}
        return days | {day + timedelta(days=1) for day in days if day < date.max}
