"""Dates as people read them: the month in letters, so that nobody has to guess."""

from datetime import date

# As in the C locale, whatever the process's is.
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def format_date(day: date, *, is_short: bool = False) -> str:
    """5 March 2027; short: 5 Mar 2027."""
    month = _MONTHS[day.month]
    return f"{day.day} {month[:3] if is_short else month} {day.year:04}"
