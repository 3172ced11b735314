"""The paper that a regulation of the catalogue calls for, as the rules look at it."""

from commands.rules.agreements.paper_need import PaperNeed
from storage.catalog.regulations import Regulation


def paper_needs(regulation: Regulation) -> tuple[PaperNeed, ...]:
    """Each paper that the regulation usually calls for, evidence among it."""
    return tuple(PaperNeed(paper.agreement_kind, paper.in_words) for paper in regulation.required_paper)
