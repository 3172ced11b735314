"""Formula injection: a cell of an export must never be run by the program that opens it.

A text that starts with one of `STARTERS` is written with a ' before it, and so is one that already looks protected,
so that taking off exactly one ' on import always gives back the exact text.
"""

import re

STARTERS = "=+-@\t\r\n"
_RISKY = re.compile(rf"'*[{re.escape(STARTERS)}]")


def protect(text: str) -> str:
    return "'" + text if _RISKY.match(text) else text


def unprotect(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text, 1) else text
