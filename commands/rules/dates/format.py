"""Dates as people read them."""

from datetime import date


def format_date(day: date) -> str:
    """5 March 2027."""
    return f"{day.day} {day:%B %Y}"
