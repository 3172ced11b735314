"""Whether a matrix row is agreed, or was only entered: what the paper's signatures carry, and who attests the rest.

A row that was entered by the day the paper was signed is carried by the signatures. One that was entered later is
either as signed (somebody attests that the signed paper says so) or proposed; of rows from before this was asked, it
is not known.
"""

from datetime import date

from commands.rules.dates.format import format_date
from commands.rules.history.lag import days_after
from commands.rules.text.phrases import count_days, names_paper
from storage.records import Agreement, Responsibility, RowBasis


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
        attested = f"{attester} attests that {clause_words(row.clause) or 'the signed paper'} says so"
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
    return clause if names_paper(clause, reference) else f"{reference} {clause}"


def clause_words(clause: str | None) -> str:
    """ "clause 2.1"; a clause that names its paper already stands for itself; empty where there is none."""
    if not clause:
        return ""
    return clause if clause[0].isalpha() else f"clause {clause}"
