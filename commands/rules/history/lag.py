"""How long after its day something was recorded: a record is worth what its lag is."""

from datetime import date

from commands.rules.text.phrases import count_days


def days_after(happened_on: date | None, recorded_on: date) -> int:
    """Whole days from the day it happened, or applied from, to the day it was recorded; 0 where it was in time."""
    return max((recorded_on - happened_on).days, 0) if happened_on else 0


def lag(happened_on: date | None, recorded_on: date) -> str:
    """ "recorded 270 days after"; empty where it was recorded in time."""
    days = days_after(happened_on, recorded_on)
    return f"recorded {count_days(days)} after" if days else ""


def date_with_lag(happened_on: date, recorded_on: date) -> str:
    """The day, and how long after it that was recorded: "2026-01-01 (recorded 60 days after)"."""
    late = lag(happened_on, recorded_on)
    return f"{happened_on} ({late})" if late else str(happened_on)
