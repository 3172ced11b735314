"""Whether a duty of the client is met, and what answers that depend on it have to say."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from commands.rules.dates.format import format_date
from commands.rules.history.spans import has_ended
from storage.records.client import client_key
from storage.records.obligation import Obligation


class ObligationState(StrEnum):
    MET = "met"
    OPEN = "open"
    UNMET = "unmet"
    WAIVED = "waived"
    ENDED = "ended"


def state_of(obligation: Obligation, on: date) -> ObligationState:
    """OPEN: its day has not come, or none is set and nothing is known. Once its day has passed it is UNMET."""
    if has_ended(obligation, on):
        return ObligationState.ENDED
    if obligation.waived_on is not None and obligation.waived_on <= on:
        return ObligationState.WAIVED
    is_known_unmet = obligation.unmet_on is not None and obligation.unmet_on <= on
    if is_known_unmet or (obligation.next_due_on is not None and obligation.next_due_on < on):
        return ObligationState.UNMET
    is_met = obligation.last_met_on is not None and obligation.last_met_on <= on
    return ObligationState.MET if is_met else ObligationState.OPEN


def urgency(obligation: Obligation, on: date) -> tuple[int, date, int]:
    """To sort by: not met and nobody told, not met, to be done, and what is no longer asked; the oldest day first."""
    state = state_of(obligation, on)
    if state is ObligationState.UNMET:
        return (1 if obligation.told_on else 0), unmet_since(obligation), obligation.id
    rank = 3 if state in (ObligationState.WAIVED, ObligationState.ENDED) else 2
    return rank, obligation.next_due_on or date.max, obligation.id


def unmet_since(obligation: Obligation) -> date:
    """Of one that is not met: the day on which it was due or was known not to be, whichever was first."""
    return min(filter(None, (obligation.next_due_on, obligation.unmet_on)))


def why_unmet(obligation: Obligation) -> str:
    """was due on 1 May 2026; is known not to be met since 3 May 2026"""
    if obligation.unmet_on is not None:
        return f"is not met, as recorded on {format_date(obligation.unmet_on)}"
    return f"was due on {format_date(obligation.next_due_on)}" if obligation.next_due_on else "is not met"


def obligation_cautions(known: Iterable[Obligation], items: Iterable[str | None], on: date) -> tuple[str, ...]:
    """What to keep in mind about an answer from a row of one of these names."""
    names = {client_key(each) for each in items if each}
    found = []
    for each in known:
        if each.item is not None and client_key(each.item) in names and state_of(each, on) is ObligationState.UNMET:
            told = f"; the client was told on {format_date(each.told_on)}" if each.told_on else ""
            clause = f" ({each.clause})" if each.clause else ""
            found.append(f'It depends on the client: "{each.what}"{clause} {why_unmet(each)}{told}.')
    return tuple(found)
