"""Whole numbers as people and files write them."""

_MOST_DIGITS = 9


def whole_number(text: str) -> int | None:
    """The number that `text` writes in digits; None for anything else, and for more digits than anything here has."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
