"""Product names inside items: "Firewall administration (Palo Alto)" can be asked for as "Palo Alto"."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.results import MatrixRow

_MARKED = re.compile(r"\[!DNL\s+([^\]]+)\]")
_BRACKETS = re.compile(r"\(([^()]{3,60})\)")
# One to four words, each with a capital or a digit: a name, not a remark.
_NAME = re.compile(r"(?:[A-Z0-9][\w.+\-]*)(?:\s[A-Z0-9][\w.+\-]*){0,3}")
_REMARKS = """etc incl including only optional remote general onboarding monthly weekly daily annual quarterly other all
included excluded scheduled software hardware physical internal external if pro field logs mobile tool tools cloud
workstations servers network email phone phones users devices"""
_NO_NAMES = frozenset(_REMARKS.split())


def product_names(item: str) -> tuple[str, ...]:
    """Names in brackets or marked as products. Acronyms are left to the search, which reads the item itself."""
    names = [clean_line(name) for name in _MARKED.findall(item)]
    for bracket in _BRACKETS.findall(clean_line(item)):
        parts = [part.strip(" .") for part in re.split(r"[,/;]|\band\b|\bor\b|\+", bracket)]
        names += [part for part in parts if _is_name(part)]
    return tuple(dict.fromkeys(name for name in names if name))


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        bool(_NAME.fullmatch(text))
        and not text.isupper()
        and not text.replace(" ", "").isdigit()
        and not any(word.lower().rstrip(".") in _NO_NAMES for word in words)
        and any(letter.islower() for letter in text)
    )


def unambiguous(rows: Sequence[MatrixRow], given: bool) -> tuple[MatrixRow, ...]:
    """Without the aliases that would name several rows; those that stand in a column of their own (`given`) stay."""
    if given:
        return tuple(rows)
    uses = Counter(comparable(alias) for row in rows for alias in row.aliases)
    return tuple(
        replace(row, aliases=tuple(alias for alias in row.aliases if uses[comparable(alias)] == 1))
        if row.aliases
        else row
        for row in rows
    )
