"""The last day on which a row answers, as far as is known: the row, its paper, or what replaces it ends that."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from commands.rules.agreements.reckoning import Reckoning
from commands.rules.scope.precedence import Source
from commands.rules.scope.replaced import replacements
from commands.rules.scope.row_status import AGREED, row_status
from commands.rules.scope.topics import group_topics
from storage.records import Agreement

_DAY = timedelta(days=1)


def last_day_of(
    source: Source, others: Sequence[Source], papers: Mapping[int, Agreement], reckoning: Reckoning, day: date
) -> date | None:
    """The last day, as things stand on `day`, on which the row and all its paper apply and nothing replaces it; None
    where none is known. `others`: the rows of the client that may be about the same item; `papers` by id.
    """
    papers = {**papers, **{paper.id: paper for paper in source.papers}}
    ends = [source.row.effective_to, *(reckoning.last_day(paper, day) for paper in source.papers)]
    last = min(filter(None, ends), default=None)
    for begins in sorted(_beginnings(source, others, day)):
        if last is not None and begins > last:
            break
        if _is_replaced_on(source, others, papers, reckoning, begins):
            return begins - _DAY
    return last


def _beginnings(source: Source, others: Sequence[Source], day: date) -> set[date]:
    """The days after `day` on which other rows begin to apply."""
    firsts = (each.first_day for each in others if each.row.id != source.row.id)
    return {first for first in firsts if first is not None and first > day}


def _is_replaced_on(
    source: Source, others: Sequence[Source], papers: Mapping[int, Agreement], reckoning: Reckoning, day: date
) -> bool:
    forces = {id: reckoning.force(paper, day) for id, paper in papers.items()}
    standing = [source, *(each for each in others if each.row.id != source.row.id)]
    agreed = [each for each in standing if row_status(each, day, forces) in AGREED]
    return any(source.row.id in replacements(topic.sources, papers, forces) for topic in group_topics(agreed))
