"""Times of day as people write them."""

import re
from datetime import time

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?m?\.?", re.IGNORECASE)


def read_time(text: str) -> time:
    """Reads 14:30, 1430, 2:30 pm, 2pm. Raises ValueError with what is accepted."""
    matched = _TIME.fullmatch(text.strip())
    wrong = ValueError(f'"{text}" is not a time of day. Write for example 14:30 or 2:30 pm.')
    if matched is None:
        raise wrong
    hour, minute, half = int(matched["hour"]), int(matched["minute"] or 0), (matched["half"] or "").lower()
    is_bare = matched["minute"] is None and not half
    if is_bare or minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise wrong
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)
