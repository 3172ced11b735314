"""Values that are no values: blanks in a proposed command, words that name what belongs there, example links.

A command that the bot proposes has a blank wherever only a person knows the value. Blanks and placeholders are refused
wherever something is recorded: a date, a name or a clause that nobody stated must never become evidence.
"""

import re

BLANK = "____"
"""Stands in a proposed command for a value that somebody has to fill in. No parameter takes it."""

EXAMPLE_PERSON = "Pat Example, CFO"
"""Who signs and attests in our own examples: never a person."""

SIGNED = {"on": BLANK, "signer": BLANK, "url": BLANK}
"""The options of a proposed `agreement sign`."""

EXPLAINED = {"to": BLANK, "on": BLANK}
"""The options of a proposed `walkthrough record`."""

_WHOLE_BLANK = re.compile(r"[\W_]*_{2,}[\W_]*")
_BLANK_INSIDE = re.compile(r"(?<!\w)_{2,}(?!\w)")
_WORDS = re.compile(r"[^\W_]+(?:['’]s)?")
_BRACKETED = re.compile(r"<[A-Za-z][\w ,'/&-]*>|\[[A-Za-z][\w ,'/&-]*\]|\{[A-Za-z][\w ,'/&-]*\}")
_LINK = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]*).*", re.IGNORECASE | re.DOTALL)
# Whatever their case: nobody and nothing is called so.
_NAMES_OF_FIELDS = frozenset(
    {"name", "title", "clause", "reason", "why", "who", "whom", "how", "what", "where", "when", "reference", "surname"}
)
# Written in capitals, as in an instruction; in lower case they may be meant.
_IN_CAPITALS = frozenset(
    {
        "AGREEMENT", "ANSWER", "CLIENT", "CONTROL", "DATE", "EVIDENCE", "FILE", "INSURER", "ITEM", "LIMIT", "LINK",
        "NUMBER", "PARTY", "PERSON", "PROMISE", "QUESTION", "ROLE", "ROW", "SCOPE", "SIGNER", "SYSTEM", "TEXT", "TOPIC",
        "URL", "USER", "VALUE",
    }
)  # fmt: skip
_BETWEEN = frozenset({"a", "an", "and", "first", "full", "here", "job", "last", "of", "or", "the", "their", "your"})
_PHRASES = frozenset(
    {
        "how it is limited", "pat example", "pat example cfo", "pat example coo", "regulated data", "system",
        "the client s name", "what shows it", "what the client does", "what we do", "who signed",
    }
)  # fmt: skip
_NOT_YET = frozenset({"tba", "tbc", "tbd", "todo", "xxx"})
_RESERVED_NAMES = frozenset({"example.com", "example.net", "example.org", "localhost"})
_RESERVED_ENDINGS = (".example", ".test", ".invalid", ".localhost", *(f".{name}" for name in _RESERVED_NAMES))


def has_blank(text: str, *, is_prose: bool = False) -> bool:
    """True if `text` is a blank or still holds one. Prose, such as pasted terms, may hold lines to sign on."""
    found = _WHOLE_BLANK.fullmatch(text) if is_prose else _WHOLE_BLANK.fullmatch(text) or _BLANK_INSIDE.search(text)
    return found is not None


def is_placeholder(text: str, *, field: str = "", is_name: bool = False, is_evidence: bool = False) -> bool:
    """True if `text` only says what belongs there: NAME, TITLE; <clause>; why; or the name of its own field.

    `is_name`: a client may be called Reason or Why; then only capitals count. `is_evidence`: TBD is none.
    """
    words = _WORDS.findall(text)
    if not words:
        return False
    if all(word.upper() == word for word in words) and _names_a_field([word.upper() for word in words]):
        return True
    if is_name:
        return False
    folded = " ".join(word.casefold().replace("'s", " s").replace("’s", " s") for word in words)
    return (
        _BRACKETED.fullmatch(text.strip()) is not None
        or _names_a_field([word.casefold() for word in words])
        or folded in _PHRASES
        or folded == field.replace("-", " ")
        or (is_evidence and folded in _NOT_YET)
    )


def reserved_link(text: str) -> str | None:
    """The first link in `text` to a host that is reserved for examples and tests (RFC 2606, RFC 6761); else None."""
    for link in _LINK.findall(text):
        host = _HOST.sub(r"\1", link).rstrip(".").casefold()
        if host in _RESERVED_NAMES or host.endswith(_RESERVED_ENDINGS):
            return str(link)
    return None


def _names_a_field(words: list[str]) -> bool:
    rest = [word for word in words if word.casefold() not in _BETWEEN]
    return bool(rest) and all(word in _IN_CAPITALS or word.casefold() in _NAMES_OF_FIELDS for word in rest)
