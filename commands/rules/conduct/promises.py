"""When a promise is due again, and whether it still binds."""

from datetime import date

from commands.rules.dates.periods import shift
from commands.rules.history.spans import has_ended
from storage.records.period import Period, PeriodUnit
from storage.records.promise import Promise


def next_due(cadence: Period | None, last: date) -> date | None:
    """The day it has to be done again after it was done (or promised) on `last`; None without a cadence."""
    if cadence is None or cadence.value == 0 or cadence.unit is PeriodUnit.BUSINESS_DAYS:
        return None
    return shift(last, cadence)


def is_standing(promise: Promise, on: date) -> bool:
    """Whether it still binds on that day."""
    return not has_ended(promise, on)


def is_overdue(promise: Promise, on: date) -> bool:
    """Whether it stands and should have been done before that day."""
    return is_standing(promise, on) and promise.next_due_on is not None and promise.next_due_on < on
