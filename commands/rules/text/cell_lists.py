"""Several texts in one cell of a table, so that each comes back as it was."""

import re
from collections.abc import Sequence

_PART = re.compile(r'\s*(?:(?P<quoted>"(?:[^"]|"")*")[ \t]*(?=[;,\n]|$)|(?P<bare>[^;,\n]*))')


def join_list(texts: Sequence[str]) -> str:
    """Several texts in one cell: those with a separator or a quote in them stand in quotes, which are doubled."""
    return "; ".join(_quote(text) if re.search(r'[;,|\n"]', text) else text for text in texts)


def _quote(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def split_list(text: str) -> tuple[str, ...]:
    """The texts in one cell: what `join_list` made, or what people write with commas, semicolons or line breaks."""
    found: list[str] = []
    position = 0
    while position <= len(text):
        match = _PART.match(text, position)
        assert match is not None, "it matches the empty text"
        quoted = match["quoted"]
        found.append(quoted[1:-1].replace('""', '"') if quoted else match["bare"].strip())
        position = match.end() + 1
    return tuple(dict.fromkeys(each for each in found if each))
