"""Whether a matrix row is agreed, or was only entered: what the paper's signatures carry, and who attests the rest.

A row that was entered by the day the paper was signed is carried by the signatures. One that was entered later is
either as signed (somebody attests that the signed paper says so) or proposed; of rows from before this was asked, it
is not known.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from commands.rules.agreements.in_force import Force, force
from commands.rules.dates.format import format_date
from commands.rules.history.lag import days_after
from commands.rules.text.phrases import count_days
from storage.records import Agreement, Responsibility, RowBasis

_CARRYING = (Force.IN_FORCE, Force.UNKNOWN)


class RowStatus(StrEnum):
    """Whether a row counts on a day, or why it does not."""

    IN_FORCE = "in force"
    NOT_SIGNED = "agreement not signed"
    PROPOSED = "proposed, not agreed"
    TO_COME = "not yet in force"
    ENDED = "ended"
    AGREEMENT_ENDED = "agreement ended"
    UNCLEAR = "unclear whether the agreement is in force"


def row_status(
    row: Responsibility,
    paper: Agreement,
    day: date,
    papers: Mapping[int, Agreement],
    forces: Mapping[int, Force] | None = None,
) -> RowStatus:
    """What the row counts for on the day by itself; `papers` are those of its client, by id, as are `forces`: whether
    each applies on the day, by its own record where they are left out.
    """
    found = _force(paper, day, forces)
    if found is Force.ENDED:
        return RowStatus.AGREEMENT_ENDED
    if row.effective_to is not None and row.effective_to < day:
        return RowStatus.ENDED
    if found is Force.NOT_YET or (row.effective_from is not None and row.effective_from > day):
        return RowStatus.TO_COME
    if not paper.is_signed:
        return RowStatus.NOT_SIGNED
    carrier = papers.get(row.carried_by_id or 0)
    is_carried = carrier is not None and carrier.is_signed and _force(carrier, day, forces) in _CARRYING
    if row.basis is RowBasis.PROPOSED and not is_carried:
        return RowStatus.PROPOSED
    return RowStatus.IN_FORCE if found is Force.IN_FORCE else RowStatus.UNCLEAR


def _force(paper: Agreement, day: date, forces: Mapping[int, Force] | None) -> Force:
    found = forces.get(paper.id) if forces is not None else None
    return found if found is not None else force(paper, day)


def signed_on(agreement: Agreement) -> date | None:
    """The day of the last signature; None where one is missing."""
    days = (agreement.msp_signed_on, agreement.client_signed_on)
    return max(day for day in days if day is not None) if agreement.is_signed else None


def is_attested(row: Responsibility, agreement: Agreement, entered_on: date) -> bool:
    """False where it was entered after the signature and nobody is on record as attesting it, nor proposing it."""
    signed = signed_on(agreement)
    return row.basis is not None or signed is None or entered_on <= signed


def attestation(row: Responsibility, agreement: Agreement, entered_on: date, attester: str) -> str | None:
    """Why a row that was entered late counts: "entered 40 days after SOW-A was signed; Dana attests that ...".

    None where the signatures carry it, or nothing signed does. `attester` as people read it.
    """
    signed = signed_on(agreement)
    if signed is None or row.basis is RowBasis.PROPOSED:
        return None
    days = days_after(signed, entered_on)
    entered = f"entered {count_days(days)} after {agreement.reference} was signed" if days else ""
    if row.basis is RowBasis.AS_SIGNED:
        attested = f"{attester} attests that {clause_words(row.clause)} says so"
        return f"{entered}; {attested}" if entered else attested
    return f"{entered}; who attests that the signed paper says so is not recorded" if entered else None


def carried_words(carrier: Agreement) -> str:
    """That a proposed row is agreed, by which paper and since when that is signed."""
    signed = signed_on(carrier)
    return f"proposed, and agreed by {carrier.reference}" + (f", signed on {format_date(signed)}" if signed else "")


def with_clause(reference: str, clause: str | None) -> str:
    """ "SOW-A 3.1"; a clause that names its paper already stands for itself, and without one the paper does."""
    if not clause:
        return reference
    return clause if clause.startswith(reference) else f"{reference} {clause}"


def clause_words(clause: str | None) -> str:
    """ "clause 2.1"; a clause that names its paper already stands for itself."""
    if not clause:
        return "the signed paper"
    return clause if clause[0].isalpha() else f"clause {clause}"
