"""Patterns compiled when they are first used: a process knows hundreds, which would take a tenth of a second of every
start, and most processes use few of them.
"""

import re
from typing import Any, cast


class _Late:
    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet: from the second use on it is the compiled pattern's own method."""
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def late_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Like re.compile, but a mistake in `text` shows at the first use: for constants only, each used by a test."""
    return cast("re.Pattern[str]", _Late(text, flags))
