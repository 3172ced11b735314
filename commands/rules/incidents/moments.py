"""When to remind of a clock: at once, at half time, and before its end; hours matter, so no office hours do."""

from datetime import datetime, timedelta

from commands.rules.incidents.clocks import Clock

_SHORT = timedelta(hours=96)
_LAST_HOURS = timedelta(hours=4)
_LAST_DAYS = (timedelta(days=7), timedelta(days=3), timedelta(days=1))
_WITHOUT_A_NUMBER = (timedelta(days=1), timedelta(days=3), timedelta(days=7))


def reminder_moments(clock: Clock, recorded_at: datetime) -> tuple[datetime, ...]:
    """The instants at which to remind, aware UTC, the earliest first.

    The first is when the incident was recorded. A clock without a number is reminded of again after one, three and
    seven days; one with a number once more when it has passed. Each has a whole hour of its own, which tells it from
    the others: of what falls into the same one, the first counts, then the end.
    """
    first = recorded_at
    if clock.by is None:
        return (first, *(first + each for each in _WITHOUT_A_NUMBER))
    left = clock.by - first
    if left <= timedelta():
        return (first,)
    before = (_LAST_HOURS,) if left <= _SHORT else _LAST_DAYS
    rest = (clock.by, first + left / 2, *(clock.by - each for each in before))
    found: dict[int, datetime] = {}
    for each in (first, *(each.replace(microsecond=0) for each in rest if each >= first)):
        found.setdefault(hours_before(clock, each, recorded_at), each)
    return tuple(sorted(found.values()))


def hours_before(clock: Clock, at: datetime, recorded_at: datetime) -> int:
    """Whole hours from then to the end of the clock. For one without a number it is negative: one hour more than have
    passed since it was recorded.
    """
    if clock.by is None:
        return -1 - round((at - recorded_at) / timedelta(hours=1))
    return max(round((clock.by - at) / timedelta(hours=1)), 0)
