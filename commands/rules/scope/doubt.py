"""Whether it is not clear that a row applies on a day, though no paper is known to have ended it: ask first."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.scope.precedence import Source, applies, carriers, is_outvoted, source_of
from commands.rules.scope.topics import group_topics
from storage.records import Agreement, Responsibility


def is_doubtful(
    source: Source,
    overruled: Iterable[Source],
    papers: Mapping[int, Agreement],
    forces: Mapping[int, Force],
    reckoning: Reckoning,
    day: date,
) -> bool:
    """Whether paper that the row rests on is perhaps over, or other paper that is in force says something else.

    `papers` of the client and `forces` on the day, both by id; `overruled` are the rows that say something else.
    """
    is_perhaps_over = any(
        belongs_to_ended(paper, papers, forces)
        or (forces[paper.id] is Force.UNKNOWN and reckoning.is_perhaps_over(paper, day))
        for paper in source.papers
    )
    return is_perhaps_over or is_outvoted(source, overruled, forces)


def belongs_to_ended(paper: Agreement, papers: Mapping[int, Agreement], forces: Mapping[int, Force]) -> bool:
    """Whether what the paper belongs to is over."""
    parent = papers.get(paper.parent_id or 0)
    return parent is not None and forces[parent.id] is Force.ENDED


def is_row_doubtful(
    row: Responsibility,
    rows: Callable[[], Iterable[Responsibility]],
    papers: Mapping[int, Agreement],
    reckoning: Reckoning,
    day: date,
) -> bool:
    """The same of a row that answers on the day. `rows` reads all of the client's, which is rarely needed: of paper
    that is in force there is no doubt.
    """
    its = [papers[id] for id in (row.agreement_id, row.carried_by_id or 0) if id in papers]
    near = {paper.id for paper in its} | {paper.parent_id for paper in its if paper.parent_id in papers}
    forces = {id: reckoning.force(papers[id], day) for id in near if id is not None}
    if all(forces[paper.id] is Force.IN_FORCE and not belongs_to_ended(paper, papers, forces) for paper in its):
        return False
    forces = {id: reckoning.force(paper, day) for id, paper in papers.items()}
    carrying = carriers(papers, forces)
    sources = (source_of(each, papers, carrying) for each in rows())
    for topic in group_topics(each for each in sources if applies(each, day, forces)):
        source = next((each for each in topic.sources if each.row.id == row.id), None)
        if source is not None:
            others = [each for each in topic.sources if each.row.party is not row.party]
            return is_doubtful(source, others, papers, forces, reckoning, day)
    return False
