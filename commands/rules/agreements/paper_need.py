"""The paper that a regulation calls for, and when it counts as there: for the check and for the reminders alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from commands.rules.agreements.standing import IN_FORCE, AgreementStanding, Standing
from storage.records.agreement import Agreement, AgreementKind


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """`kind` is None where it is evidence and not an agreement."""

    kind: AgreementKind | None
    in_words: str


def is_there(
    need: PaperNeed, papers: Iterable[tuple[Agreement, Standing]], today: date, needed_from: date | None = None
) -> bool:
    """Whether both sides signed an agreement of that kind that covers today, or from `needed_from` on where that is
    later, as far as it can be told: one that says too little to tell is asked about elsewhere.

    `papers`: the agreements with how they stand today. True for evidence, which is no agreement.
    """
    day = max(today, needed_from or today)
    return need.kind is None or any(
        agreement.kind is need.kind and agreement.is_signed and _covers(agreement, standing, day)
        for agreement, standing in papers
    )


def _covers(agreement: Agreement, standing: Standing, day: date) -> bool:
    if agreement.effective_on is not None and agreement.effective_on > day:
        return False
    if standing.status is AgreementStanding.UPCOMING:
        return agreement.effective_on is not None
    return standing.status in (*IN_FORCE, AgreementStanding.UNKNOWN)
