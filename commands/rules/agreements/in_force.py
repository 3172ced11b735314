"""Whether an agreement applies on a day, cheaply enough to ask for every question; and the renewals that happened.

Signatures are not looked at: whether both sides signed is `Agreement.is_signed`, and is reported next to the answer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commands.rules.agreements.terms import TermLine, last_term_number, renews_itself, term_line
from storage.records.agreement import Agreement, AgreementStatus, TermKind

_NOT_EXECUTED = (AgreementStatus.DRAFT, AgreementStatus.OUT_FOR_SIGNATURE)
_OVER = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)


class Force(StrEnum):
    """`unknown`: the record does not say enough, for example whether it renewed after its initial term."""

    NOT_EXECUTED = "not_executed"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RollOver:
    """One renewal that happened without anybody acting. Both ends inclusive; it happened on `term_start`."""

    renewal: int
    term_start: date
    term_end: date


def is_in_force(agreement: Agreement, on: date) -> bool:
    """Executed, effective, not ended and not terminated on that day. False too where it cannot be told."""
    return force(agreement, on) is Force.IN_FORCE


def force(agreement: Agreement, on: date) -> Force:
    """Whether the agreement applies on `on`. The last day of a term and the day of termination still count."""
    if agreement.status in _NOT_EXECUTED:
        return Force.NOT_EXECUTED
    ended, start = agreement.terminated_on, agreement.effective_on
    if ended is None and agreement.status in _OVER:
        return Force.ENDED
    if ended is not None and (on > ended or (start is not None and start > ended)):
        return Force.ENDED
    if start is not None and on < start:
        return Force.NOT_YET
    return _by_terms(agreement, on)


def _by_terms(agreement: Agreement, on: date) -> Force:
    """For a day on or after the effective date, if that is known, and not after the termination."""
    is_effective = Force.IN_FORCE if agreement.effective_on is not None else Force.UNKNOWN
    if agreement.term_kind is TermKind.EVERGREEN:
        return is_effective
    if renews_itself(agreement) and agreement.max_renewals is None and is_effective is Force.IN_FORCE:
        return Force.IN_FORCE if _is_readable(agreement) else Force.UNKNOWN
    line = term_line(agreement)
    if line is None:
        return Force.UNKNOWN
    if on < line.boundary:
        return is_effective
    return _after_initial_term(agreement, line, on)


def _is_readable(agreement: Agreement) -> bool:
    """False where the dates contradict each other, so that nothing should rest on them."""
    end, start = agreement.initial_end_on, agreement.effective_on
    return end is None or start is None or end >= start


def _after_initial_term(agreement: Agreement, line: TermLine, on: date) -> Force:
    if not renews_itself(agreement):
        return Force.UNKNOWN if agreement.renewal is None else Force.ENDED
    last = last_term_number(agreement)
    if last is None:
        return Force.IN_FORCE
    if last == 0:
        return Force.ENDED
    if line.renewal is None:
        return Force.UNKNOWN
    return Force.IN_FORCE if on < line.boundary_after(last) else Force.ENDED


def roll_overs(agreement: Agreement, after: date, until: date) -> tuple[RollOver, ...]:
    """The automatic renewals on the days after `after` up to and including `until`, oldest first.

    None for a paper that is not executed, ended on an unknown day, or does not say how long its renewals run.
    """
    ended = agreement.terminated_on
    if agreement.status in _NOT_EXECUTED or (ended is None and agreement.status in _OVER):
        return ()
    line = term_line(agreement) if renews_itself(agreement) else None
    if line is None or line.renewal is None:
        return ()
    until = until if ended is None else min(until, ended)
    last = last_term_number(agreement)
    highest = line.number_on(until) if last is None else min(line.number_on(until), last)
    found = []
    for number in range(max(line.number_on(after), 0) + 1, highest + 1):
        term = line.term(number)
        if term.start is not None and after < term.start <= until:
            found.append(RollOver(number, term.start, term.end))
    return tuple(found)
