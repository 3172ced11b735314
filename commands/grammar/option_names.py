"""Which option is meant by a name that a command does not have."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

# What people call the same thing: who types one of these means another of the same line.
_ALIKE = (
    frozenset({"on", "from", "since", "effective", "start", "starts", "starting", "date", "day", "when", "asked"}),
    frozenset({"until", "till", "end", "ends", "ended", "through", "expires"}),
    frozenset({"why", "reason", "because", "note", "notes", "remarks", "comment"}),
    frozenset({"by", "who", "with", "signer", "person"}),
    frozenset({"link", "url", "document", "copy", "file"}),
)
_NEAR = 60.0
"""Per cent of the letters, in order."""


def options_meant(typed: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that mean the same; of a word that is no name known here, the one that is spelt most like it."""
    alike = [words for words in _ALIKE if typed in words]
    if alike:
        return [name for name in names if any(name in words for words in alike)]
    near = process.extractOne(typed, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return [near[0]] if near else []
