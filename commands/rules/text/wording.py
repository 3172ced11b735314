"""Wording that promises what nobody can keep: absolute guarantees, and a way to say it that can be kept.

Denials ("does not guarantee"), questions, quotations, what others must do, and quantities ("100 % of the invoices")
are not promises and are left alone. Measured on tests/data/promising_wordings.txt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commands.rules.text.phrases import capitalize_first
from commands.rules.text.wording_context import is_asked, is_quoted
from commands.rules.text.wording_patterns import BY_HINT, Pattern

SAY_INSTEAD = "Say what is done instead, how often and how fast."


@dataclass(frozen=True, slots=True)
class Absolute:
    """A phrase as written, where it starts, and what to say instead; None where only its writer can say that."""

    phrase: str
    start: int
    instead: str | None


def absolutes(text: str | None) -> tuple[Absolute, ...]:
    """The absolute guarantees in `text`, in order; none overlaps another."""
    if not text:
        return ()
    found: list[Absolute] = []
    for match, pattern in sorted(_matches(text), key=lambda each: (each[0].start(), -each[0].end())):
        if not found or match.start() >= found[-1].start + len(found[-1].phrase):
            instead = match.expand(pattern.instead) if pattern.instead is not None else None
            found.append(Absolute(match[0], match.start(), instead))
    return tuple(found)


def soften(text: str) -> str | None:
    """`text` with every absolute guarantee replaced: a suggestion to be read, not a legal text.

    None where one of them has to be worded anew by somebody who knows what is done.
    """
    parts, position = [], 0
    for each in absolutes(text):
        if each.instead is None:
            return None
        parts += [text[position : each.start], _match_case(each.instead, each.phrase)]
        position = each.start + len(each.phrase)
    return "".join([*parts, text[position:]])


def wording_caution(text: str | None) -> str | None:
    """What to say to whoever just wrote `text`: the phrases, and a suggestion. None where there is nothing to say."""
    found = absolutes(text)
    if text is None or not found:
        return None
    phrases = ", ".join(f'"{each.phrase}"' for each in found)
    softer = soften(text)
    rather = f'Rather: "{softer}"' if softer is not None else SAY_INSTEAD
    return f"{phrases} promises more than anybody can keep. {rather}"


def reads_like_a_promise(nearest: str) -> str:
    """What is said of a text that no pattern is found in and that is like a known promise; it may be harmless."""
    return f"reads like a promise that nobody can keep, like \u201c{nearest.rstrip('.')}\u201d. {SAY_INSTEAD}"


def _matches(text: str) -> Iterator[tuple[re.Match[str], Pattern]]:
    lowered = text.lower()
    hinted = [hint for hint in BY_HINT if hint in lowered]
    for pattern in dict.fromkeys(pattern for hint in hinted for pattern in BY_HINT[hint]):
        for match in pattern.expression.finditer(text):
            if _is_ours(text, match, pattern):
                yield match, pattern


def _is_ours(text: str, match: re.Match[str], pattern: Pattern) -> bool:
    if any(is_not(text, match.start()) for is_not in pattern.not_ours):
        return False
    return not is_asked(text, match.end()) and not is_quoted(text, match.start())


def _match_case(instead: str, phrase: str) -> str:
    return capitalize_first(instead) if phrase[:1].isupper() else instead
