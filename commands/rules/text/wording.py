"""Wording that promises what nobody can keep: absolute guarantees, and a way to say it that can be kept.

Denials ("does not guarantee", "no warranty that") are not promises and are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_THINGS = (
    (
        "attacks? breach(?:es)? threats? incidents? malware virus(?:es)? ransomware outages? intrusions? downtime "
        "risks? vulnerabilit(?:y|ies) data[ ]loss failures? loss(?:es)?"
    )
    .replace(" ", "|")
    .replace("[|]", " ")
)
_DENIAL = re.compile(
    r"(?:\bnot|n't|\bno|\bnever|\bnor|\bneither|\bwithout|\bcannot|\bdisclaims?|\bexcludes?)\s+(?:\w+\s+){0,3}$", re.I
)


@dataclass(frozen=True, slots=True)
class Absolute:
    """A phrase as written, where it starts, and what to say instead."""

    phrase: str
    start: int
    instead: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`instead` may refer to groups of the expression. `may_be_denied`: "no" before it makes it a disclaimer."""

    expression: re.Pattern[str]
    instead: str
    may_be_denied: bool = True


def _pattern(expression: str, instead: str, *, may_be_denied: bool = True) -> _Pattern:
    return _Pattern(re.compile(rf"\b(?:{expression})(?!\w)", re.I), instead, may_be_denied)


_EVERY = r"(?:all|any|every|each)(?: (?:the|cyber|security))*"
_PATTERNS = (
    _pattern(r"(?:is|are) guaranteed", "is the target"),
    _pattern(r"guarantee that", "work so that"),
    _pattern(r"guarantees that", "works so that"),
    _pattern(r"guarantees", "aims for"),
    _pattern(r"guaranteeing", "aiming for"),
    _pattern(r"guaranteed", "targeted"),
    _pattern(r"guarantee", "aim for"),
    _pattern(r"ensure that", "take reasonable steps so that"),
    _pattern(r"ensures that", "takes reasonable steps so that"),
    _pattern(r"ensuring that", "taking reasonable steps so that"),
    _pattern(r"ensure", "take reasonable steps towards"),
    _pattern(r"ensures", "takes reasonable steps towards"),
    _pattern(r"ensuring", "taking reasonable steps towards"),
    _pattern(r"100\s?(?:%|per ?cent)(?: compliant)?", "the agreed level of"),
    _pattern(
        r"(?:fully|completely|totally|absolutely|perfectly|entirely) (?:secured?|safe|protected)",
        "reasonably protected",
    ),
    _pattern(rf"(?:prevent|stop|block|eliminate|remove)s? {_EVERY} ({_THINGS})", r"help to reduce \1"),
    _pattern(rf"(?:detect|find|catch)(?:es|s)? {_EVERY} ({_THINGS})", r"help to detect \1"),
    _pattern(
        rf"(?:protect|secure|defend)s? ((?:\w+ ){{0,4}}?)(?:against|from) {_EVERY} ({_THINGS})",
        r"help to protect \1against \2",
    ),
    _pattern(
        r"(?:zero|no) (downtime|data loss)|zero (risk|breaches|outages)",
        r"as little \1\2 as is practical",
        may_be_denied=False,
    ),
    _pattern(r"never (be|go(?:es)?|fails?|loses?|suffers?|experiences?)", r"seldom \1", may_be_denied=False),
    _pattern(r"always (available|protected|secure|safe|up|on|online|compliant)", r"normally \1"),
    _pattern(r"at all times", "in the agreed hours"),
    _pattern(
        r"risk[- ]free|bullet[- ]?proof|unhackable|unbreakable|impenetrable|hacker[- ]?proof|fail[- ]?proof|foolproof",
        "hardened",
    ),
    _pattern(r"(?:fully|completely|totally) compliant", "supported in its compliance work"),
    _pattern(
        r"(?:make|keep)s? (you|the client|your business|the practice|the company) (?:\w+ )?compliant",
        r"help \1 with compliance work",
    ),
)

# What most texts are rid of in one go: none of the patterns is in a text that has nothing of all of them together.
_ANY = re.compile("|".join(f"(?:{pattern.expression.pattern})" for pattern in _PATTERNS), re.I)


def absolutes(text: str | None) -> tuple[Absolute, ...]:
    """The absolute guarantees in `text`, in order; none overlaps another."""
    if not text or _ANY.search(text) is None:
        return ()
    found: list[Absolute] = []
    for match, pattern in sorted(_matches(text), key=lambda each: (each[0].start(), -each[0].end())):
        if not found or match.start() >= found[-1].start + len(found[-1].phrase):
            found.append(Absolute(match[0], match.start(), match.expand(pattern.instead)))
    return tuple(found)


def soften(text: str) -> str:
    """`text` with every absolute guarantee replaced: a suggestion to be read, not a legal text."""
    parts, position = [], 0
    for each in absolutes(text):
        parts += [text[position : each.start], _match_case(each.instead, each.phrase)]
        position = each.start + len(each.phrase)
    return "".join([*parts, text[position:]])


def wording_caution(text: str | None) -> str | None:
    """What to say to whoever just wrote `text`: the phrases, and a suggestion. None where there is nothing to say."""
    found = absolutes(text)
    if text is None or not found:
        return None
    phrases = ", ".join(f'"{each.phrase}"' for each in found)
    return f'{phrases} promises more than anybody can keep. Rather: "{soften(text)}"'


def _matches(text: str) -> Iterator[tuple[re.Match[str], _Pattern]]:
    for pattern in _PATTERNS:
        for match in pattern.expression.finditer(text):
            if not (pattern.may_be_denied and _DENIAL.search(text[: match.start()])):
                yield match, pattern


def _match_case(instead: str, phrase: str) -> str:
    return instead[:1].upper() + instead[1:] if phrase[:1].isupper() else instead
