"""The time zones that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> frozenset[str]:
    """Such as Europe/Berlin. Read from the disk once: that takes longer than answering a question."""
    return frozenset(available_timezones())
