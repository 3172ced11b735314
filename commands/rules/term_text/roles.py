"""What each length of time in a text is for: the initial term, the renewal term, notice, or a window for notice.

A length gets a role only from the words right around it. One that fits nowhere has none, and is never guessed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from commands.rules.term_text.amounts import NUMBER, Amount, amounts, number
from commands.rules.term_text.modes import MENTIONED
from commands.rules.text.late_pattern import late_pattern
from storage.records.period import Period

_REACH = 160
_NEAR = 90
_PHRASE = 40
_TERMS = r"(?:terms?|periods?|renewals?|extensions?|options?)"
_MORE = (
    r"(?:successive|consecutive|additional|further|another|subsequent|renewal|extension|successor|extended|rolling"
    r"|extra|more|automatic|optional)"
)
_RENEW = r"(?:auto-?)?(?:renew|extend|prolong|roll(?:s|ed|ing)?[\s-]?over|extension)\w*"
_LINK = r"(?:for|by|of|on|to|every|each|in|at|an?|one or more|up to|periods?|terms?|being|equal|[:,-]|\([^()]{0,80}\))"
_AT_LEAST = (
    r"(?:at least|at a minimum|(?:not?|nor) (?:less|fewer|later) than|(?:a )?minimum(?: of)?|of|with|on|upon|giving"
    r"|providing|by)"
)
_AT_MOST = r"(?:within|(?:not?|nor) (?:more|greater|earlier|sooner) than|up to|not exceeding|(?:a )?maximum(?: of)?)"
_EVENT = (
    r"(?:end|ends|ending|expir\w*|terminat\w*|renew\w*|anniversary|terms?|conclusion|completion|beginning|commencement)"
)
_NOTICE_WORDS = (
    r"(?:prior|advance|advanced|written|formal|auto(?:matic)?|renewal|extension|cancellation|cancelation|termination|non-?renewal|opt-?out|e-?mail"
    r"|in|by|of|either|each|both|sides?|part(?:y|ies))"
)
_PARTY = r"(?:the\s+)?(?:either|each|both)\s+(?:sides?|part(?:y|ies)|ways?)"

_RIGHT_NOTICE = (
    rf"(?:{_NOTICE_WORDS}[\s,/-]+)*(?:notice|notification)\b",
    rf"(?:(?:from|by|for|on)\s+)?{_PARTY}\b",
    r"(?:to|for)\s+(?:cancel|terminate|opt[\s-]?out|non-?renew)\w*",
    r"(?:cancel+ation|opt[\s-]?out|non-?renewal)\b",
)
_RIGHT_BEFORE = rf"(?:or more\s+)?(?:prior\s+to|before|in advance of|ahead of|preceding)\b[^;]{{0,60}}?\b{_EVENT}\b"
_ABOUT_ENDING = late_pattern(
    r"\b(?:notice|notif\w*|cancel\w*|terminat\w*|unless|opt\w*|elect\w*|inten[td]\w*|declin\w*|object\w*"
    r"|(?:stop|prevent|avoid|refus)\w*\s+(?:\w+\s+){0,2}?renew\w*|let\w*\s+\w+\s+know|not\s+(?:\w+\s+){0,4}?renew\w*)\b",
    re.IGNORECASE,
)
_TELLS = late_pattern(r"\b(?:tell|inform|advise|notify|let)s?\b", re.IGNORECASE)
_LEFT_NOTICE = (
    r"(?:notice|notification)(?:\s+period)?\W*(?:is|of|must be given|to be given|shall be|required)?\W*"
    rf"(?:{_AT_LEAST}\s+)?",
    r"(?:cancel|terminate|terminable|cancell?able|opt[\s-]?out)\w*\s+(?:at any time\s+)?"
    rf"(?:with|on|upon|by giving|giving)\s+(?:{_AT_LEAST}\s+)?",
)
_RIGHT_RENEWAL = (
    rf"(?:{_MORE}\s+)+{_TERMS}\b",
    r"(?:auto(?:matic)?[\s-]*)?(?:renewals?|extensions?|roll-?overs?)\b",
)
_LEFT_RENEWAL = (
    rf"{_MORE}\W+(?:(?:{_MORE}|{_TERMS})\W+){{0,4}}?{_TERMS}(?:\s+of\s+renewal)?\W*(?:\([^()]{{0,80}}\)\W*)?"
    r"(?:of|for|being for|equal to|lasting|is|are|to)?\s*(?:up to\s+)?(?:an?|each)?\s*",
    rf"(?<!of the\s)(?:{_MORE}\s+)(?:{_TERMS}\s+)?",
    r"renewals?\s*[:=]\s*(?:auto\w*[,\s]\s*)?",
)
_LEFT_INITIAL = (
    r"(?:initial|original|first|minimum|fixed|base)(?:\s+(?:\w+\s+)?(?:term|period|commitment))?[\s:=-]*"
    r"(?:\([^()]{0,80}\)\s*)?(?:is|of|for|shall be|will be)?\s*(?:an?\s+|a period of\s+)?",
    r"(?<!payment )(?<!credit )(?<!warranty )(?<!renewal )\bterm(?:\s+of\s+(?:this|the)\s+\w+)?[\s:=-]*"
    r"(?:is|of|shall be|will be)?(?:\s+for)?\s*(?:the\s+term\s+of\s+)?(?:an?\s+|a period of\s+)?",
    r"(?:continues?|(?:agreement|contract|order|sow|term|it)\s+(?:will\s+|shall\s+)?(?:runs?|lasts?)|effect|force|valid|effective|initially|duration)\s+(?:is\s+|of\s+)?(?:for\s+)?(?:the\s+)?"
    r"(?:an?\s+)?(?:period\s+of\s+|term\s+of\s+)?",
)
_FIXED_PRICE = late_pattern(r"\b(?:fixed|base)\s+(?:for\s+)?(?:an?\s+)?$", re.IGNORECASE)
_RIGHT_INITIAL = (
    r"(?:initial|fixed|minimum|base)\b",
    r"(?:term|contract|agreement|commitment|deal)\b",
    r",?\s*(?:then|thereafter|after (?:that|which)|followed by|and then|with auto\w*)\b",
)
# Between "renews" and the length of the renewal there is no new thought.
_NEW_THOUGHT = late_pattern(
    r",\s+(?!for\b|by\b|each\b)|\b(?:pay|fees?|charge|invoice|cost|discount|price|credit|bill|notice|if|unless|provided|within)"
    r"(?:s|d|ed)?\b",
    re.IGNORECASE,
)
# "A renewable one-year term" does not say how long the renewal is.
_RENEWABLE = late_pattern(r"renewable\s+(?:an?\s+)?$", re.IGNORECASE)
_NOT_FROM_THE_START = late_pattern(
    r"\W*(?:\w+\W+)?(?:after|following)\b(?!\s+(?:that|which|the effective))", re.IGNORECASE
)
_OTHER_NOTICE = late_pattern(
    r"(?<!than )(?<!than a )\b(?:cure|breach|default|cause|insolv\w*|fees?|prices?|rates?|increase\w*|invoice"
    r"|payment|suspen\w*|audit|convenience|assign\w*|modif\w*|unpaid)\b",
    re.IGNORECASE,
)
_AUTOMATIC = late_pattern(r"\bauto\w*[\s-]*(?:renew|extend|extension)|\bautomatic", re.IGNORECASE)
_BY_DATE = late_pattern(
    r"\bnotice\b[^;.]{0,60}\b(?:on or before|no later than|not later than|by)\s+(?:the\s+)?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b",
    re.IGNORECASE,
)


# From the beginning up to a day that is counted from it.
_COUNTED_FROM_START = late_pattern(
    r"(?:'s)?[\s-]*(?:anniversary\s+of|after|following|from)\s+(?:the\s+)?(?:effective|commencement|start|signing|date"
    r"\s+(?:first|of|below|hereof))",
    re.IGNORECASE,
)
_UP_TO = late_pattern(
    r"\b(?:until|through|(?:ends?|expires?|terminates?)(?:\s+on)?|up to)\s+(?:the\s+)?"
    r"(?:date\s+(?:that|which)\s+is\s+|close\s+of\s+the\s+)?$",
    re.IGNORECASE,
)
_CONTINUES = late_pattern(
    r"\b(?:commence|begin|start)\w*\b[^.;]{0,80}\bcontinue\w*\s+thereafter\s+for\s+(?:an?\s+)?(?:(?:period|term)\s+of\s+)?$",
    re.IGNORECASE,
)
# "Thereafter it continues for one year": what comes after the first term is not the first term.
_LATER = late_pattern(r"\b(?:thereafter|after (?:that|which))\b[^.;,]*$", re.IGNORECASE)
_ENDS = r"\b(?:terminat|cancel|end\s+(?:this|the)|non-?renew|not\s+(?:to\s+)?(?:renew|extend)|unless)"
# What "|" parts is what stands before and after a length.
_TO_EXTEND = late_pattern(
    r"(?<!not )\b(?:wish|desir|want|elect|intend|request)\w*\s+(?:to\s+)?(?:an?\s+)?(?:extend|renew|extension)\w*"
    r"|\bmay\s+(?:extend|renew)\b[^.;]{0,60}?\bby\s+(?:giving|providing|serving|sending)\b"
    r"|\bnotice\s+(?:of\s+(?:its\s+|the\s+)?(?:intent(?:ion)?|desire|election|wish)\s+)?to\s+(?:extend|renew)\b"
    r"|\b(?:may|can)\s+be\s+(?:extended|renewed|prolonged)\b(?:(?!\bunless\b|\bor terminat)[^.;]){0,120}"
    r"\b(?:option|discretion|election|request)\b[^.;]{0,60}?\|"
    r"|\boptions?\b[^.;]{0,40}\bexercis\w*\b[^.;]{0,80}\|"
    r"|\bnotice\s+of\s+(?:extension|renewal)\b|\bexercis\w*\s+(?:\w+\s+){0,3}?options?\b"
    r"|\b(?:options?|right|entitled)\s+(?:to|of)\s+(?:\w+\s+){0,2}?(?:extend|renew|prolong|extension)\w*\b"
    rf"(?:(?!{_ENDS})[^.;]){{0,120}}?\b(?:by|upon|on|with|if|provided|subject to)\b(?:(?!{_ENDS})[^.;]){{0,80}}\|"
    rf"|\bunless\s+(?:\w+\s+){{0,2}}?(?:extended|prolonged)\b(?:(?!{_ENDS})[^.;]){{0,60}}?\b(?:on|upon|by|with)\b[^.;]{{0,60}}\|"
    rf"|\b(?:extension|prolongation)\w*\s+(?:of\s+the\s+\w+\s+)?requires?\b"
    rf"|\b(?:may|can),?\s+(?:by|upon|on|with)\b(?:(?!{_ENDS})[^.;]){{0,60}}\|(?:(?!{_ENDS})[^.;]){{0,60}}?"
    r"[\s,](?:extend|prolong|renew)\b",
    re.IGNORECASE,
)


# "Except for backups, whose term is a year, the term is...": that year is not the agreement's.
_EXCEPTED = late_pattern(
    r"\b(?:except|save)\s+for\b[^.;,]*(?:,\s*(?:which|whose|where)\b[^.;,]*)?,"
    r"|\b(?:with the exception of|other than|apart from)\b[^.;,]*(?:,\s*(?:which|whose|where)\b[^.;,]*)?,",
    re.IGNORECASE,
)


class Role(StrEnum):
    INITIAL = "initial"
    RENEWAL = "renewal"
    NOTICE = "notice"
    WINDOW = "window"
    WITHIN = "within"
    EXTENSION = "extension"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Placed:
    """A length with its role. `count`: how many renewals of it are stated; `is_single`: "an additional term".

    `start` is where its phrase begins ("no fewer than 60 days"), `before` and `after` the words up to the next length.
    """

    amount: Amount
    role: Role
    count: int | None
    is_single: bool
    start: int
    before: str
    after: str

    @property
    def period(self) -> Period | None:
        return self.amount.period


def place_amounts(text: str) -> list[Placed]:
    """Every length in `text` with its role, in order. `text` is as `commands.rules.term_text.words.plain` leaves it."""
    found: list[Placed] = []
    everything = amounts(text)
    for start, end in _sentences(text):
        sentence = text[start:end]
        inside = [amount for amount in everything if start <= amount.start and amount.end <= end]
        mentioned = [match.span() for match in MENTIONED.finditer(text, start, end)]
        roles = [
            Role.OTHER
            if any(first <= a.start and a.end <= last for first, last in mentioned)
            else _role(sentence, *_around(text, a, start, end), a)
            for a in inside
        ]
        roles = _pair_roles(text, inside, _without_excepted(text, inside, roles, (start, end)))
        edges = [start, *(amount.end for amount in inside)], [*(amount.start for amount in inside[1:]), end]
        for amount, role, since, until in zip(inside, roles, *edges, strict=False):
            before = _around(text, amount, start, end)[0]
            count, is_single = _count(before) if role is Role.RENEWAL else (None, False)
            phrase = amount.start - len(_lead(before, count is not None))
            since = max(since, amount.start - _REACH)
            found.append(
                Placed(amount, role, count, is_single, phrase, text[since : amount.start], text[amount.end : until])
            )
    return found


def _without_excepted(text: str, inside: list[Amount], roles: list[Role], sentence: tuple[int, int]) -> list[Role]:
    """A term that an exception names is none of the agreement's."""
    spans = [match.span() for match in _EXCEPTED.finditer(text, *sentence)]
    return [
        Role.OTHER
        if role in (Role.INITIAL, Role.RENEWAL) and any(first <= a.start and a.end <= last for first, last in spans)
        else role
        for a, role in zip(inside, roles, strict=True)
    ]


def has_notice_by_date(text: str) -> bool:
    """Notice is due on a day of the year, which no length can express."""
    return _BY_DATE.search(text) is not None


def _sentences(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in re.finditer(r"[;]\s*|\.\s+(?=[A-Z(\"])", text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if end > start]


def _around(text: str, amount: Amount, start: int, end: int) -> tuple[str, str]:
    """The words before and after a length in its sentence: enough for any phrase, and no more than can be searched."""
    return text[max(start, amount.start - _REACH) : amount.start], text[amount.end : min(end, amount.end + _REACH)]


def _ends(patterns: tuple[str, ...], left: str) -> bool:
    return any(re.search(rf"(?<!\w)(?:{pattern})$", left, re.IGNORECASE) for pattern in patterns)


def _begins(patterns: tuple[str, ...], right: str) -> bool:
    return any(re.match(rf"(?:'s)?[\s(-]*(?:{pattern})", right, re.IGNORECASE) for pattern in patterns)


def _role(sentence: str, left: str, right: str, amount: Amount) -> Role:
    if _is_notice(sentence, left, right) and (not amount.is_rate or right.startswith("'s")):
        near = left[-60:].rpartition(",")[2] + "|" + right[:60].partition(",")[0]
        around = f"{left} | {right}"
        if _TO_EXTEND.search(around) and not _AUTOMATIC.search(around):
            return Role.EXTENSION
        return Role.OTHER if _OTHER_NOTICE.search(near) else _bound_role(left, Role.NOTICE)
    is_counted = _COUNTED_FROM_START.match(right) and _UP_TO.search(left[-_PHRASE:])
    if not amount.is_rate and (is_counted or ("thereafter" in left and _CONTINUES.search(left))):
        return Role.INITIAL
    is_open = _bound_role(left, Role.NONE) is not Role.NONE
    if _is_renewal(left, right, amount):
        return Role.OTHER if is_open else Role.RENEWAL
    if is_open or _NOT_FROM_THE_START.match(right) or (_RENEWABLE.search(left) and not amount.is_rate):
        return Role.OTHER
    is_initial = (_ends(_LEFT_INITIAL, left) and not _FIXED_PRICE.search(left)) or _begins(_RIGHT_INITIAL, right)
    return Role.INITIAL if is_initial and not amount.is_rate and not _LATER.search(left) else Role.NONE


def _is_notice(sentence: str, left: str, right: str) -> bool:
    if _begins(_RIGHT_NOTICE, right) or _ends(_LEFT_NOTICE, left):
        return not re.match(r"\W*(?:after|following|from)\b", right, re.IGNORECASE)
    is_ahead = _begins((_RIGHT_BEFORE,), right) or (_begins((r"in advance\b(?!\s+of)",), right) and _TELLS.search(left))
    return bool(is_ahead) and _ABOUT_ENDING.search(sentence) is not None


def _bound_role(left: str, role: Role) -> Role:
    """`role`, or what the words before the length make of it: "within 90 days" may bound it on either side."""
    if re.search(r"\bwithin\s+(?:a period of\s+)?(?:the\s+)?(?:last\s+|final\s+)?$", left, re.IGNORECASE):
        return Role.WITHIN
    return Role.WINDOW if _ends((rf"{_AT_MOST}\s+",), left) else role


def _is_renewal(left: str, right: str, amount: Amount) -> bool:
    if _begins(_RIGHT_RENEWAL, right) and not _ends((r"(?:initial|first)\s+",), left):
        return True
    if re.search(r"of the (?:\w+ )?$", left, re.IGNORECASE):
        return False
    if amount.is_rate:
        is_basis = re.match(r"\W*(?:basis|thereafter)\b", right, re.IGNORECASE) is not None
        if is_basis and _ends((r"(?:on|from)\s+(?:an?\s+)?",), left):
            return True
        return _ends((rf"{_RENEW}\W+(?:\w+\W+){{0,2}}", *_LEFT_RENEWAL), left)
    if _RENEWABLE.search(left):
        return False
    renews = [match.end() for match in re.finditer(_RENEW, left, re.IGNORECASE)]
    return _ends(_LEFT_RENEWAL, left) or (bool(renews) and (amount.is_more or _is_linked(left[renews[-1] :])))


def _is_linked(between: str) -> bool:
    """Whether the words between "renews" and a length tie the two: "renews at the end of each term for another"."""
    if len(between) > _NEAR or _NEW_THOUGHT.search(re.sub(r"\([^()]*\)", "", between)):
        return False
    link, rest = "", between.rstrip(" -:")
    while rest and (piece := re.search(rf"(?<!\w)(?:{NUMBER}|{_MORE}|{_LINK})$", rest, re.IGNORECASE)):
        link, rest = piece[0], rest[: piece.start()].rstrip()
        if re.fullmatch(r"for|by|of|on|to|every|each", link, re.IGNORECASE):
            return True
    return not rest


def _pair_roles(text: str, inside: list[Amount], roles: list[Role]) -> list[Role]:
    """ "Within 90 days but no fewer than 60 days": the one with a lower bound makes the other a window, and back."""
    for one in range(len(inside) - 1):
        between = text[inside[one].end : inside[one + 1].start]
        before = text[: inside[one].start]
        joined = r"\W*(?:(?:but|and|or|nor)\W+)?(?:in (?:no|any) event\s+)?"
        for first, second, window_first in ((_AT_MOST, _AT_LEAST, True), (_AT_LEAST, _AT_MOST, False)):
            if not re.fullmatch(rf"{joined}{second}\s+", between, re.IGNORECASE):
                continue
            if not _ends((rf"{first}\s+",), before):
                continue
            has_role = any(role in (Role.NOTICE, Role.WINDOW, Role.WITHIN) for role in roles[one : one + 2])
            in_days = all(a.period is None or a.period.unit.value in ("d", "bd", "w") for a in inside[one : one + 2])
            if has_role or in_days:
                roles[one : one + 2] = [Role.WINDOW, Role.NOTICE] if window_first else [Role.NOTICE, Role.WINDOW]
    return roles


def _lead(before: str, has_count: bool) -> str:
    """The words that belong to the length itself: its bound, and the number of renewals if one is stated."""
    words = rf"{_AT_LEAST}|{_AT_MOST}|but|and|nor" + (rf"|{NUMBER}|{_MORE}|{_TERMS}|calendar|an?" if has_count else "")
    found = re.search(rf"(?<!\w)(?:(?:{words})[\s,]+)*$", before, re.IGNORECASE)
    return found[0] if found else ""


def _count(before: str) -> tuple[int | None, bool]:
    """How many renewals are stated right before the length, and whether it is just "an additional" one."""
    match = re.search(
        rf"(?<![\w(])({NUMBER})\s+(?:(?:{_MORE}|calendar)\s+)*"
        rf"(?:{_TERMS}\W*(?:\([^()]{{0,80}}\)\W*)?(?:of|for|equal to)?\W*)?(?:an?\s+)?$",
        before,
        re.IGNORECASE,
    )
    if match:
        return number(match[1]), False
    if re.search(r"\b(?:a|one) single\s+\w+\s+of\s+$", before, re.IGNORECASE):
        return 1, False
    is_single = re.search(
        r"\b(?:(?:an?|one)\s+(?:additional|further|extra)|another)\s+(?:(?:renewal\s+)?(?:term|period)\s+of\s+)?(?:an?\s+)?$",
        before,
        re.IGNORECASE,
    )
    return None, is_single is not None
