"""How long is left, by one rule wherever it is said: up to the last day on which acting is still in time.

That is the day to send a notice by while it is ahead, and the deadline after that. Today is the client's.
"""

from datetime import date

from commands.rules.text.phrases import count_days


def last_day_to_act(deadline: date, act_by: date | None, today: date) -> date:
    return act_by if act_by is not None and today <= act_by < deadline else deadline


def days_left(day: date, today: date) -> str:
    """12 days left, today is the last day, 3 days late."""
    left = (day - today).days
    if left == 0:
        return "today is the last day"
    return f"{count_days(abs(left))} {'left' if left > 0 else 'late'}"


def due_in(day: date, today: date) -> str:
    """in 12 days, tomorrow, today, overdue by 3 days."""
    left = (day - today).days
    if left < 0:
        return f"overdue by {count_days(-left)}"
    return {0: "today", 1: "tomorrow"}.get(left, f"in {count_days(left)}")
