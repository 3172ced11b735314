"""Dates as people read them: the month in letters, so that nobody has to guess."""

from datetime import date


def format_date(day: date, *, is_short: bool = False) -> str:
    """5 March 2027; short: 5 Mar 2027."""
    return f"{day.day} {day:%b %Y}" if is_short else f"{day.day} {day:%B %Y}"
