"""Which document controls when two of them speak about the same item."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from commands.rules.agreements.in_force import Force
from commands.rules.matrix.row_basis import signed_on
from storage.records import Agreement, AgreementKind, Responsibility, RowBasis

# The usual order-of-precedence clause: the narrower and later paper controls. Lower ranks control. An agreement's own
# `precedence_rank`, taken from its clause, replaces this.
USUAL_RANK = {
    AgreementKind.AMENDMENT: 10,
    AgreementKind.ADDENDUM: 20,
    AgreementKind.BAA: 25,
    AgreementKind.DPA: 25,
    AgreementKind.ORDER: 30,
    AgreementKind.SOW: 30,
    AgreementKind.SERVICE_ATTACHMENT: 40,
    AgreementKind.ENGAGEMENT_LETTER: 50,
    AgreementKind.MSA: 60,
    AgreementKind.NDA: 70,
    AgreementKind.TERMS_OF_SERVICE: 80,
    AgreementKind.OTHER: 90,
}
LATER_CONTROLS = (AgreementKind.AMENDMENT, AgreementKind.ADDENDUM)
"""Of two of these the later one controls; they change what they belong to."""
APPLYING = (Force.IN_FORCE, Force.UNKNOWN, Force.NOT_EXECUTED)
_CARRYING = (Force.IN_FORCE, Force.UNKNOWN, Force.NOT_YET)


@dataclass(frozen=True, slots=True)
class Source:
    """A matrix row with the paper it is from. `carrier`: signed paper that agrees it, though it was only proposed."""

    row: Responsibility
    agreement: Agreement
    carrier: Agreement | None = None

    @property
    def is_proposed(self) -> bool:
        """It was entered under signed paper that does not say so, and no other signed paper does."""
        return self.row.basis is RowBasis.PROPOSED and self.carrier is None

    @property
    def papers(self) -> tuple[Agreement, ...]:
        """All paper that it rests on."""
        return (self.agreement,) if self.carrier is None else (self.agreement, self.carrier)

    @property
    def paper(self) -> Agreement:
        """The paper that says so: a row that an addendum carries is the addendum's word."""
        return self.carrier or self.agreement

    @property
    def first_day(self) -> date | None:
        """The first day on which it and all its paper apply; None where none is on record. What carries it agrees it
        on the day of the last signature, where its own first day is not on record.
        """
        agreed_on = (self.carrier.effective_on or signed_on(self.carrier)) if self.carrier else None
        return max(filter(None, (self.row.effective_from, self.agreement.effective_on, agreed_on)), default=None)


def carriers(
    papers: Mapping[int, Agreement],
    forces: Mapping[int, Force],
    is_signed: Callable[[Agreement], bool] = attrgetter("is_signed"),
) -> frozenset[int]:
    """The ids of the papers that agree what other paper only proposed: signed, and not over. What one agrees that has
    not begun applies from its first day.

    `papers` of one client and `forces` on the day, both by id.
    """
    return frozenset(id for id, paper in papers.items() if is_signed(paper) and forces[id] in _CARRYING)


def source_of(row: Responsibility, papers: Mapping[int, Agreement], carrying: Collection[int]) -> Source:
    """The row with its paper, and with the paper that carries it, where it was proposed and one of `carrying` does.

    `papers` by id: its own, and those that carry.
    """
    is_carried = row.basis is RowBasis.PROPOSED and row.carried_by_id in carrying
    return Source(row, papers[row.agreement_id], papers[row.carried_by_id or 0] if is_carried else None)


def applies(source: Source, day: date, forces: Mapping[int, Force]) -> bool:
    """Whether the row applies on the day with all its paper, or may; `forces` of the papers on the day, by id."""
    return source.row.in_force_on(day) and all(forces[each.id] in APPLYING for each in source.papers)


@dataclass(frozen=True, slots=True)
class Ruling:
    """`controlling` is None when documents disagree and none takes precedence. `overruled` say something else."""

    controlling: Source | None
    overruled: tuple[Source, ...] = ()


def rank(agreement: Agreement) -> int:
    """The place of the paper in the order of precedence; the lower number controls."""
    return USUAL_RANK[agreement.kind] if agreement.precedence_rank is None else agreement.precedence_rank


def controlling(sources: Sequence[Source]) -> Ruling:
    """Among rows about one item: what both sides signed before what they did not, then precedence, then the later of
    two amendments.

    `sources` must not be empty.
    """
    ordered = sorted(sources, key=_standing)
    first = ordered[0]
    equals = [source for source in ordered if _standing(source) == _standing(first)]
    if len({source.row.party for source in equals}) > 1:
        return Ruling(None, tuple(ordered))
    return Ruling(first, tuple(source for source in ordered if source.row.party is not first.row.party))


def is_outvoted(first: Source, overruled: Iterable[Source], forces: Mapping[int, Force]) -> bool:
    """Whether it is not recorded that the paper which takes precedence is in force, while other signed paper that may
    be says something else. `forces` of the papers on the day, by id.
    """
    is_sure = _is_agreed(first) and all(forces[each.id] is Force.IN_FORCE for each in first.papers)
    return not is_sure and any(map(_is_agreed, overruled))


def _is_agreed(source: Source) -> bool:
    return source.agreement.is_signed and not source.is_proposed


def _standing(source: Source) -> tuple[bool, int, int]:
    paper = source.paper
    effective = paper.effective_on
    lateness = -effective.toordinal() if paper.kind in LATER_CONTROLS and effective else 0
    return (not paper.is_signed or source.is_proposed, rank(paper), lateness)
