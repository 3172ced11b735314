"""Which rows do not count although they are agreed: other paper says what they are about, or contradicts it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from commands.rules.agreements.in_force import Force, force
from commands.rules.matrix.row_basis import signed_on
from commands.rules.scope.precedence import LATER_CONTROLS, Source, carriers, controlling, is_outvoted, source_of
from commands.rules.scope.row_status import AGREED, OVER, RowStatus, row_status
from commands.rules.scope.topics import group_topics
from commands.rules.scope.whose import OURS
from storage.records import Agreement, Responsibility


@dataclass(frozen=True, slots=True)
class Replacement:
    """The row that answers instead. `is_amendment`: its paper changes what the other row is of; else it only takes
    precedence over that.
    """

    by: Source
    is_amendment: bool

    @property
    def since(self) -> date | None:
        """The first day on which it answers; None where no day is on record."""
        paper = self.by.paper
        days = (self.by.first_day, paper.effective_on or signed_on(paper))
        return max(filter(None, days), default=None)

    @property
    def in_words(self) -> str:
        """ "replaced by ADD-1 since 2026-03-01"."""
        how = "replaced by" if self.is_amendment else "overruled by"
        return f"{how} {self.by.paper.reference}{f' since {self.since}' if self.since else ''}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row counts for on a day, what replaced it, and which papers disagree about it, in words."""

    source: Source
    status: RowStatus
    replaced: Replacement | None = None
    disagreement: str = ""

    @property
    def row(self) -> Responsibility:
        return self.source.row

    @property
    def is_agreed(self) -> bool:
        """Whether signed paper that may apply says so."""
        return self.status in AGREED

    @property
    def counts(self) -> bool:
        return self.status is RowStatus.IN_FORCE and self.replaced is None and not self.disagreement

    @property
    def answers(self) -> bool:
        """Whether an answer of the day rests on it, though perhaps with a caution."""
        applies = self.status not in (RowStatus.TO_COME, *OVER)
        return applies and self.replaced is None and not self.disagreement

    @property
    def in_words(self) -> str:
        return self.replaced.in_words if self.replaced is not None else self.disagreement or self.status.value


def standings(
    rows: Iterable[Responsibility],
    papers: Mapping[int, Agreement],
    day: date,
    force_on: Callable[[Agreement, date], Force] = force,
) -> dict[int, Standing]:
    """Of all rows of one client, by their ids. `papers` are all of its papers, by id."""
    forces = {paper.id: force_on(paper, day) for paper in papers.values()}
    carrying = carriers(papers, forces)
    sources = [source_of(row, papers, carrying) for row in rows]
    found = {each.row.id: Standing(each, row_status(each, day, forces)) for each in sources}
    for topic in group_topics(each.source for each in found.values() if each.status in AGREED):
        if said := disagreement(topic.sources, forces):
            for each in topic.sources:
                found[each.row.id] = replace(found[each.row.id], disagreement=said)
        for id, replaced in replacements(topic.sources, papers, forces).items():
            found[id] = replace(found[id], replaced=replaced)
    return found


def disagreement(sources: Sequence[Source], forces: Mapping[int, Force]) -> str:
    """That the papers say different things about one item, and none takes precedence or it is not clear whether the one
    that does is in force; empty where they do not. `forces` of the papers on the day, by id.
    """
    if not sources:
        return ""
    ruling = controlling(sources)
    if ruling.controlling is None:
        why = "none takes precedence"
    elif is_outvoted(ruling.controlling, ruling.overruled, forces):
        why = "it is not clear which applies"
    else:
        return ""
    who = "; ".join(dict.fromkeys(f"{each.paper.reference} says {OURS[each.row.party]}" for each in sources))
    return f"the papers disagree and {why}: {who}"


def replacements(
    sources: Sequence[Source], papers: Mapping[int, Agreement], forces: Mapping[int, Force]
) -> dict[int, Replacement]:
    """What replaces which of the rows about one item, by their ids; empty where there is a `disagreement`, or where it
    is not clear whether the first of them is in force: that replaces nothing.
    """
    first = controlling(sources).controlling if len(sources) > 1 else None
    if first is None or disagreement(sources, forces):
        return {}
    if any(forces[each.id] is Force.UNKNOWN for each in first.papers):
        return {}
    found = {each.row.id: Replacement(first, _amends(first, each, papers)) for each in sources if each is not first}
    parties = {each.row.id: each.row.party for each in sources}
    return {id: each for id, each in found.items() if each.is_amendment or parties[id] is not first.row.party}


def _amends(first: Source, other: Source, papers: Mapping[int, Agreement]) -> bool:
    """Whether the paper of `first` changes that of `other`: it carries a change of it, or belongs to it."""
    if first.paper.kind not in LATER_CONTROLS or first.paper.id == other.paper.id:
        return False
    if first.agreement.id == other.agreement.id:
        return True
    above, seen = first.paper.parent_id, set[int]()
    while above is not None and above not in seen:
        if above == other.paper.id:
            return True
        seen.add(above)
        above = papers[above].parent_id if above in papers else None
    return False
