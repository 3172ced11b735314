"""An expression that is compiled when it is first used: a process knows hundreds, and most calls use few of them."""

import re
from collections.abc import Iterator
from functools import cached_property


class LatePattern:
    """What `re.compile` gives, whatever the case of letters. Thread-safe: to compile it twice does no harm."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)

    def sub(self, instead: str, text: str) -> str:
        return self._compiled.sub(instead, text)
