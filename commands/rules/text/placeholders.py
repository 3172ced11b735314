"""Values that are no values: blanks in a proposed command, words that name what belongs there, example links.

A command that the bot proposes has a blank wherever only a person knows the value. Blanks and placeholders are refused
wherever something is recorded: a date, a name or a clause that nobody stated must never become evidence.
"""

import re
import unicodedata

BLANK = "____"
"""Stands in a proposed command for a value that somebody has to fill in. No parameter takes it."""

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
        "company name", "name of the vendor", "name of vendor", "vendor name", "vendor s name",
    }
)  # fmt: skip
# Said of a value that is not there yet, or not at all.
_NOT_YET = frozenset({"tba", "tbc", "tbd", "todo", "to be announced", "to be confirmed", "to be determined"})
_NOTHING = frozenset(
    {
        "as above", "ditto", "fixme", "idk", "n a", "na", "nil", "no idea", "none", "not applicable", "not available",
        "not known", "not sure", "null", "pending", "same as above", "see above", "undefined", "unknown", "unspecified",
    }
)  # fmt: skip
# Typed to get past a field.
_TYPED_AT_RANDOM = re.compile(
    r"(?:asd|asdf|asdfg|asdfgh|asdfghjkl?|sdf|qwer|qwert|qwerty|qwertz|zxcv|zxcvbn|hjkl|blah(?: blah)*"
    r"|lorem ipsum.*|foo|foo ?bar|placeholder|(?:x ?){2,12})"
)
_TO_BE_PUT_IN = re.compile(
    r"(?:insert|enter|type|put|fill in|write)(?: \w+){0,3} (?:here|name|title|clause|link|reason)"
)
_SOMEBODYS_NAME = re.compile(r"(?:(?:the|your|my|a) )?(?:\w+ )?(?:full )?name(?: of (?:the )?\w+)?(?: here)?")
_NOBODY = frozenset(
    {
        "abc", "anybody", "anyone", "bar", "client", "contact", "contact person", "customer", "first last",
        "firstname lastname", "me", "nobody", "no one", "person", "sample", "signer", "some guy", "somebody",
        "somebody at the client", "someone",
        "someone at the client", "test", "testing", "the client", "the contact", "the customer", "them", "they", "us",
    }
)  # fmt: skip
_NAMES_OF_CLIENTS = frozenset(
    {
        "client name", "company name", "customer name", "name of client", "name of the client",
        "the client", "the client s name", "your client", "your company",
    }
)  # fmt: skip
_RESERVED_LABELS = frozenset({"example", "localhost", "placeholder"})
_RESERVED_ENDINGS = frozenset({"test", "invalid", "localhost", "example"})
_HOSTS_OF_NOTHING = re.compile(
    r"(?:link|url|uri|here|document|doc|path|host|hostname|domain|website|site|address|insert|tba|tbd|tbc|todo|x{2,12})"
    r"(?:\.(?:com|org|net|here|to))?|(?:test|foo|bar|foobar|asdf|abc|sample|dummy|somewhere)(?:\.(?:com|org|net))?"
    r"|127\.\d+\.\d+\.\d+|0\.0\.0\.0|.*(?:^|[.-])(?:your|my)-?(?:company|site|domain|link|server|host|msp|org)\b.*"
    r"|your-.*"
)
_PATH_OF_NOTHING = re.compile(r"(?:^|[/=])(?:x{3,}|\.{3}|…|tbd|asdf)(?:[/?#.]|$)", re.IGNORECASE)


def has_blank(text: str, *, is_prose: bool = False) -> bool:
    """True if `text` is a blank or still holds one. Prose, such as pasted terms, may hold lines to sign on."""
    found = _WHOLE_BLANK.fullmatch(text) if is_prose else _WHOLE_BLANK.fullmatch(text) or _BLANK_INSIDE.search(text)
    return found is not None


def is_placeholder(
    text: str, *, field: str = "", is_name: bool = False, is_evidence: bool = False, is_person: bool = False
) -> bool:
    """True if `text` only says what belongs there: NAME, TITLE; <clause>; why; or the name of its own field.

    `is_name`: a client may be called Reason or Why; then only capitals, TBD and "client name" count. `is_evidence`:
    unknown, N/A, asdf and signs alone are none. `is_person`: somebody at the client is nobody, whatever title follows.
    """
    words = _WORDS.findall(text)
    if not words:
        return is_evidence and any(unicodedata.category(each)[0] in "PS" for each in text)
    if all(word.upper() == word for word in words) and _names_a_field([word.upper() for word in words]):
        return True
    folded = " ".join(word.casefold().replace("'s", " s").replace("’s", " s") for word in words)
    if is_name:
        return folded in _NOT_YET or folded in _NAMES_OF_CLIENTS
    return (
        _BRACKETED.fullmatch(text.strip()) is not None
        or _names_a_field([word.casefold() for word in words])
        or folded in _PHRASES
        or folded == field.replace("-", " ")
        or (is_evidence and _is_nothing(folded))
        or (is_person and _is_nobody(text, folded))
    )


def reserved_link(text: str) -> str | None:
    """The first link in `text` that leads nowhere; None if there is none.

    That is a host reserved for examples, tests or this machine (RFC 2606, RFC 6761), or a word where it belongs.
    """
    for link in _LINK.findall(text):
        host = _HOST.sub(r"\1", link).rstrip(".").casefold()
        labels = host.split(".")
        if (
            not any(each.isalnum() for each in host)
            or labels[-1] in _RESERVED_ENDINGS
            or _registered(labels) in _RESERVED_LABELS
            or _HOSTS_OF_NOTHING.fullmatch(host)
            or _PATH_OF_NOTHING.search(link.partition("://")[2].partition("/")[2])
        ):
            return str(link)
    return None


def _registered(labels: list[str]) -> str:
    """The label that somebody registered: example of www.example.com and of example.co.uk."""
    has_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in {"ac", "co", "com", "net", "org"}
    return labels[-3] if has_second else labels[-2] if len(labels) > 1 else labels[-1]


def _is_nothing(folded: str) -> bool:
    return (
        folded in _NOT_YET
        or folded in _NOTHING
        or _TYPED_AT_RANDOM.fullmatch(folded) is not None
        or _TO_BE_PUT_IN.fullmatch(folded) is not None
    )


def _is_nobody(text: str, folded: str) -> bool:
    """Whether no person is named: neither by the whole nor before the title ("XXXX, COO")."""
    name = " ".join(word.casefold() for word in _WORDS.findall(text.partition(",")[0]))
    return any(
        each in _NOBODY or _is_nothing(each) or _SOMEBODYS_NAME.fullmatch(each) or not re.search(r"[^\W\d]", each)
        for each in (folded, name)
    )


def _names_a_field(words: list[str]) -> bool:
    rest = [word for word in words if word.casefold() not in _BETWEEN]
    return bool(rest) and all(word in _IN_CAPITALS or word.casefold() in _NAMES_OF_FIELDS for word in rest)
