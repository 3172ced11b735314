"""Whether a row counts on a day by itself, with the paper it is of and the paper that carries it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from commands.rules.agreements.in_force import Force
from commands.rules.scope.precedence import Source


class RowStatus(StrEnum):
    """Whether a row counts on a day, or why it does not."""

    IN_FORCE = "in force"
    NOT_SIGNED = "agreement not signed"
    PROPOSED = "proposed, not agreed"
    TO_COME = "not yet in force"
    ENDED = "ended"
    AGREEMENT_ENDED = "agreement ended"
    UNCLEAR = "unclear whether the agreement is in force"


AGREED = (RowStatus.IN_FORCE, RowStatus.UNCLEAR)
"""Signed paper says so, and applies or may."""
OVER = (RowStatus.ENDED, RowStatus.AGREEMENT_ENDED)


def row_status(source: Source, day: date, forces: Mapping[int, Force]) -> RowStatus:
    """What the row counts for on the day by itself; `forces`: whether each paper of its client applies on it, by id."""
    row, found, by = source.row, forces[source.agreement.id], forces[source.paper.id]
    if found is Force.ENDED:
        return RowStatus.AGREEMENT_ENDED
    if row.effective_to is not None and row.effective_to < day:
        return RowStatus.ENDED
    if Force.NOT_YET in (found, by) or (row.effective_from is not None and row.effective_from > day):
        return RowStatus.TO_COME
    if not source.agreement.is_signed:
        return RowStatus.NOT_SIGNED
    if source.is_proposed:
        return RowStatus.PROPOSED
    return RowStatus.IN_FORCE if found is by is Force.IN_FORCE else RowStatus.UNCLEAR
