"""How long work took, as people write it, and the month that a list is of."""

import re
from calendar import month_name, monthrange
from datetime import date, timedelta

MOST_MINUTES = 10_000
_MONTHS = {name[:length].lower(): number for number, name in enumerate(month_name) if name for length in (3, len(name))}
_HOURS = r"(?P<hours>\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hours?)"
_MINUTES = r"(?P<minutes>\d+)\s*(?:m|min|mins|minutes?)?"
_TIME = re.compile(rf"(?:{_HOURS})?\s*(?:{_MINUTES})?", re.IGNORECASE)
_CLOCK = re.compile(r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)")
_HOW = "Write for example 45m, 1h 30m or 1.5h."


def minutes_spent(text: str) -> int:
    """45, 45m, 1h 30m, 1.5h or 1:30 as minutes, rounded up. Raises ValueError with what is accepted."""
    said = " ".join(text.split())
    found = _CLOCK.fullmatch(said) or _TIME.fullmatch(said)
    if not said or found is None:
        raise ValueError(f'"{said[:40]}" is no length of time. {_HOW}')
    hours = float((found["hours"] or "0").replace(",", "."))
    minutes = -int(-(hours * 60 + int(found["minutes"] or 0)) // 1)
    if not 0 < minutes <= MOST_MINUTES:
        raise ValueError(f"has to be more than nothing and at most {MOST_MINUTES:,} minutes. {_HOW}")
    return minutes


def time_words(minutes: int) -> str:
    """1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * (bool(rest) or not hours)
    return " ".join(parts)


def month_of(text: str, today: date) -> tuple[date, date]:
    """The first and last day of 2026-03, "march", "march 2025", "this month" or "last month". Raises ValueError.

    A month without a year is the one that is running, or the last of that name.
    """
    said = " ".join(text.lower().split())
    if said in ("", "this month", "this"):
        return _days(today.year, today.month)
    if said in ("last month", "last"):
        before = today.replace(day=1) - timedelta(days=1)
        return _days(before.year, before.month)
    if match := re.fullmatch(r"(20\d\d)-(0?[1-9]|1[0-2])", said):
        return _days(int(match[1]), int(match[2]))
    name, _, year = said.partition(" ")
    if name in _MONTHS and (not year or re.fullmatch(r"20\d\d", year)):
        number = _MONTHS[name]
        return _days(int(year) if year else today.year - (number > today.month), number)
    raise ValueError(f'"{said[:40]}" is no month. Write for example 2026-03, march or last month.')


def _days(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
