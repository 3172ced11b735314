"""Whether a text says that an agreement renews by itself, by choice, not at all, by the month, or never ends; and who
may give notice.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from commands.rules.term_text.amounts import NUMBER, number
from commands.rules.text.late_pattern import late_pattern
from storage.records.agreement import RenewalMode

_RENEW = r"(?:renew|extend|extension|prolong)\w*"
_GO_ON = rf"(?:{_RENEW}|roll(?:ed|ing)?[\s-]?overs?\b)"
_NEVER_RENEWS = late_pattern(
    rf"\b(?:do|does|will|shall|may|is|are|can)(?:\s+not|n'?t)\s+(?:be\s+)?(?:auto\w*[\s-]*)?{_GO_ON}"
    rf"|\b(?:do|does|will|shall)(?:\s+not|n'?t)\s+auto\w*[\s-]+continu\w*"
    r"|\b(?:can|wo)(?:not|n'?t)\s+(?:be\s+)?(?:auto\w*[\s-]*)?(?:renew\w*|roll(?:ed)?[\s-]?over)"
    r"|\brenewals?\s+(?:is|are|shall\s+be|will\s+be)\s+not\s+automatic\b"
    r"|\bnon-?renew(?:ing|able)\b|"
    r"\b(?:no|without(?: any)?)\s+(?:(?:further|additional|other|more)\s+)?(?:auto\w*[\s-]*)?"
    r"(?:renewals?|renew|extensions?|roll(?:ing)?[\s-]?overs?)\b"
    r"|(?<!if )\b(?:not|never)\s+(?:auto\w*[\s-]*)?renew(?:s|ed|able|ing)?\b"
    r"|\b(?:(?:auto\w*[\s-]*)?renew\w*|roll[\s-]?over)\s*[:=?]{1,2}\s*(?:no|none|never|false|off|n/a|n)\b"
    r"|\bauto\w*[\s-]*renew\w*\s+(?:is\s+|does\s+)?(?:disabled|off|excluded|waived|not\b(?:\s+apply)?)",
    re.IGNORECASE,
)
# Whoever does nothing lets it renew: "unless", "save where notice is served", "absent thirty days' notice".
_UNLESS = r"(?:unless|(?:save|except)\s+(?:where|if|when)|absent|failing|in the absence of|if\s+(?:no|neither|not)\b)"
_CONDITION = late_pattern(rf"\b(?:{_UNLESS}|if)\b", re.IGNORECASE)
_SMALL = (
    r"(?:(?!not\b|non\b|unless\b|terminat|expir|lapse|cease|end|declin|refus|reject|stop|prevent|avoid|oppos"
    r"|opt(?!\s+to)\b|withdraw|waiv|forgo)\w+,?\W+)"
)
_BY_ITSELF = late_pattern(
    rf"\bauto(?:matic(?:ally)?)?[\s-]*(?:be\s+)?(?:{_RENEW}|roll\w*|continu\w*)"
    rf"|\b(?:{_RENEW}|continu\w*)\W+{_SMALL}{{0,2}}?automatic(?:ally)?\b"
    rf"|\bautomatic(?:ally)?\W+{_SMALL}{{0,3}}?{_RENEW}"
    r"|\brenewals?\s*[:=]\s*(?:(?!\b(?:no|not|non|never|without|manual|unless)\b|renew)[^.;:]){1,30}?\bauto(?:matic(?:ally)?)?\b"
    r"|\btacit(?:ly)?\b|\broll(?:s|ing)?[\s-]?overs?\b|\bauto-?renew\w*"
    rf"|\b{_RENEW}\b[^.;]{{0,160}}?\b{_UNLESS}\b[^.;]{{0,100}}?\b(?:noti(?:ce|f)|tell|inform|objects?\b)\w*"
    rf"|\b(?:{_RENEW}|continu\w*)\b[^.;]{{0,120}}?\bif\s+(?:it|the\s+\w+)\s+(?:is|has)\s+not\s+(?:been\s+)?"
    r"(?:terminat|cancel)\w*"
    r"|\bcontinu\w*\s+for\s+(?:an?\s+)?(?:rolling|successive|consecutive)\b"
    rf"|\b{_UNLESS}\b[^.;]{{0,120}}?\bnoti(?:ce|f)\w*[^.;]{{0,120}}?\b(?:(?:shall|will)\s+be\s+{_RENEW}|renews\b)",
    re.IGNORECASE,
)
_IF_AGREED = (
    r"(?:\bmutual(?:ly)?\W+(?:\w+\W+){0,2}agree\w*"
    r"|\b(?:if|when|unless)\s+(?:both\s+|the\s+)?(?:parties|sides)\s+agree\w*"
    r"|\bupon request\b|\bmanual(?:ly)?\b|\bsubject to\s+(?:\w+\s+){0,2}(?:approval|agreement|consent)\b"
    r"|\bat\s+(?:\S+\s+){1,4}option\b)"
)
_BY_CHOICE = late_pattern(
    rf"\boptions?\s+(?:to|of)\s+{_RENEW}|\bright\s+(?:to|of)\s+(?:\w+ly\s+)?{_RENEW}|\b{_RENEW}\s+options?\b"
    rf"|\b(?:may|can)\s+{_SMALL}{{0,4}}?{_RENEW}|\b{_RENEW}\b[^.;]{{0,80}}?(?P<how>{_IF_AGREED})"
    rf"|(?:\bmutual\w*\W+(?:\w+\W+){{0,2}}agree\w*|\bagree\w*\s+in writing|\bagree\w*)\s+(?:\w+\s+)?to\s+{_RENEW}"
    rf"|\b(?:manual|express)(?:ly)?\s+{_RENEW}|\bunless\s+(?:it is\s+|expressly\s+)?{_RENEW}",
    re.IGNORECASE,
)
# What is bought ahead rolls over, or does not, without the agreement: "unused hours do not roll over".
_AGREED = r"(?:agreements?|contracts?|subscriptions?|terms?|msa|sow|it|this|unless|notice|extend\w*|auto\w*)"
_UNUSED = r"(?:unused|unexpended|remaining|left[\s-]?over|banked|accrued|pre-?paid|excess)"
_BOUGHT = (
    rf"(?:(?:hours?|hrs?|minutes?|credits?|balances?|funds?|blocks?|points?|tickets?|allowances?|allotments?)\b"
    rf"|{_UNUSED}\s+(?!{_AGREED}\b)\w+)"
)
_ROLL_OVER = r"\broll(?:s|ed|ing)?[\s-]?overs?\b"
_BETWEEN = rf"(?:(?!\b{_AGREED}\b|\brenew\w*(?!\s+n?or\s+roll))[^.;:,])"
_AFTER = rf"(?:(?!\b(?:{_AGREED}|and|but|or|while|whereas|renew\w*)\b)[^.;,])"
_BOUGHT_ROLLS_OVER = (
    rf"\b{_BOUGHT}(?:,\s*if\s+any,)?{_BETWEEN}{{0,60}}?{_ROLL_OVER}{_AFTER}*"
    rf"|(?:\b(?:no|not|never|without(?:\s+any)?)\s+)?{_ROLL_OVER}(?:\s+(?:of|for|any|all|the|such|your|our|their|monthly"
    rf"|support|service|{_UNUSED}))*\s+{_BOUGHT}(?!['’]?\s+(?:prior\s+|written\s+)*notice){_AFTER}*"
)
# Mentioned, not agreed: "subject to any automatic renewal as required by law".
MENTIONED = late_pattern(
    rf"\bsubject to any\b[^.;]*?\b{_RENEW}\b(?:[^.;,]*?\brequired by\b[^.;,]*)?|{_BOUGHT_ROLLS_OVER}", re.IGNORECASE
)
_ITSELF = late_pattern(r"auto\w*", re.IGNORECASE)
# What a notice says, not what the agreement does: "notice that it will not be renewed".
_SAID_BY_NOTICE = late_pattern(
    r"\bnoti(?:ce|fication|f\w+)\b[^.;]{0,40}\b(?:that|of)\b[^.;]{0,40}$"
    r"|\b(?:elect|desire|intend|intent|intention|wish|want|decide)\w*\b[^.;]{0,30}$",
    re.IGNORECASE,
)
# "Does not renew unless...": it does renew, if somebody acts.
_EXCEPT = late_pattern(r"\W*(?:unless|except|without)\b", re.IGNORECASE)
_NO_END = late_pattern(
    r"(?<!not )(?<!non-)(?<!no )(?<!not an )(?:"
    r"\bperpetual(?:ly)?\b(?!\s+(?:licen[cs]e|right|royalt|use|irrevocable))|\bevergreen\b|\bindefinite(?:ly)?\b"
    r"|\bunlimited (?:period|term|duration)(?: of time)?\b|\bno (?:fixed )?(?:end|expiry|expiration)(?: date)?\b"
    r"|\bno fixed term\b|\bopen[\s-]ended\b|\buntil further notice\b|\bin perpetuity\b|\bforever\b)",
    re.IGNORECASE,
)
_UNTIL_ENDED = late_pattern(
    r"(?P<runs>\b(?:remain|continu|stay|force|effect)\w*\s+(?:\w+\s+){0,6}?)?"
    r"\buntil\s+(?:it is\s+)?(?:terminated|cancel+ed)\b",
    re.IGNORECASE,
)
_MONTHLY = late_pattern(
    r"(?<!not )\bmonth[\s-]+(?:to|by)[\s-]+month(?:\s+basis)?\b"
    r"|\brolling\s+month(?:ly)?\b|\bmonthly\s+(?:rolling|basis)\b",
    re.IGNORECASE,
)
_TIMES = late_pattern(
    rf"\b(?:up to|max(?:imum)?(?: of)?:?|not? more than|only|limited to|at most)\s+(?:an?\s+)?(?P<most>{NUMBER})\s+"
    r"(?:\w+\s+){0,1}?(?:times|renewals?|extensions?|(?:renewal\s+)?terms)\b"
    rf"|\b{_RENEW}\s+(?:\w+\s+){{0,3}}?(?:(?P<word>once|twice)\b|(?P<times>{NUMBER})\s+times\b)",
    re.IGNORECASE,
)
_WORDS = {"once": 1, "twice": 2}
_OUR_SIDE = r"(?:msp|provider|supplier|vendor|contractor|consultant|we|us|our)"
_THEIR_SIDE = r"(?:client|customer|subscriber|buyer|you|your|they|them)"
_BOTH = late_pattern(
    r"\b(?:either|both|each|any|neither|one|a|no)\s+(?:of the\s+)?(?:party|parties|sides?|of us)\b"
    r"|\b(?:either|neither|both)\s+(?:the\s+)?\w+\s+(?:n?or|and)\s+(?:the\s+)?\w+"
    rf"|\b{_OUR_SIDE}\s+or\s+(?:the\s+)?{_THEIR_SIDE}\b|\b{_THEIR_SIDE}\s+or\s+(?:the\s+)?{_OUR_SIDE}\b",
    re.IGNORECASE,
)
_ACTS = (
    r"(?:'s)?(?:,|\s+(?:may|must|shall|can|will|gives?|provides?|notif\w+|serves?|cancels?|terminates?|upon|to give"
    r"|tells?|informs?|advises?|lets?|objects?|fails? to|does not|do not|doesn't|don't|elects?|wishes|desires?)\b)"
)


class Side(StrEnum):
    """Who may give notice. UNCLEAR: both are named, and not which of them."""

    BOTH = "both"
    MSP = "msp"
    CLIENT = "client"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ModeReading:
    """`modes`: all that the text speaks of; more than one is a contradiction. `spans`: where it does, `monthly`:
    where it says month to month.
    """

    modes: frozenset[RenewalMode]
    is_endless: bool
    names_an_ending: bool
    runs_until_ended: bool
    monthly: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int], ...]


def read_modes(text: str) -> ModeReading:
    """What the words of `text` (as `plain` leaves it) say about how the agreement goes on."""
    text = MENTIONED.sub(lambda match: " " * len(match[0]), text)
    denied = list(_NEVER_RENEWS.finditer(text))
    never = [
        match.span() for match in denied if not _SAID_BY_NOTICE.search(text[max(0, match.start() - 90) : match.start()])
    ]
    rest = _NEVER_RENEWS.sub(lambda match: " " * len(match[0]), text)
    itself = [span for match in _BY_ITSELF.finditer(rest) for span in _read_words(match)]
    choice = [span for match in _BY_CHOICE.finditer(rest) for span in _read_words(match)]
    if choice:  # what does not renew by itself may still be renewed
        choice += [span for span in never if _ITSELF.search(text, *span)]
        never = [span for span in never if span not in choice]
    choice += [span for span in never if _EXCEPT.match(text, span[1])]
    endless = [match.span() for match in _NO_END.finditer(text)]
    monthly = [match.span() for match in _MONTHLY.finditer(text)]
    until = list(_UNTIL_ENDED.finditer(text))
    found = ((RenewalMode.NONE, never), (RenewalMode.AUTO, itself), (RenewalMode.MANUAL, choice))
    return ModeReading(
        frozenset(mode for mode, spans in found if spans),
        bool(endless),
        bool(until),
        any(match["runs"] for match in until),
        tuple(monthly),
        (*never, *itself, *choice, *endless, *monthly, *(match.span() for match in until)),
    )


def _read_words(match: re.Match[str]) -> list[tuple[int, int]]:
    """The words that were read. What lies between "renews" and "unless ... notice" was only skipped."""
    how = match.groupdict().get("how")
    if how is None and not _CONDITION.search(match[0]):
        return [match.span()]
    first, last = re.match(r"\S+", match[0]), re.search(r"\S+$", match[0])
    head = match.start() + (first.end() if first else 0)
    tail = match.start("how") if how else match.end() - (len(last[0]) if last else 0)
    return [(match.start(), head), (max(head, tail), match.end())]


def read_count(text: str) -> tuple[frozenset[int | None], tuple[tuple[int, int], ...]]:
    """How often it may renew, as far as said apart from the renewal's length; None where it is said unreadably."""
    counts: set[int | None] = set()
    spans = []
    for match in _TIMES.finditer(text):
        word = match["word"]
        counts.add(_WORDS[word.lower()] if word else number(match["most"] or match["times"]))
        spans.append(match.span())
    return frozenset(counts), tuple(spans)


def read_side(before: str, after: str) -> Side:
    """Who gives the notice whose length stands between `before` and `after`. A text that names nobody means both."""
    if _BOTH.search(before) or _BOTH.search(after[:60]):
        return Side.BOTH
    told = {side for side, words in _SIDES.items() if _is_told(words, before, after)}
    if len(told) == 1:  # whoever is told does not give it
        (receiver,) = told
        before, after = (_without_receiver(_SIDES[receiver], text) for text in (before, after))
    ours, theirs = _names(_OUR_SIDE, before, after), _names(_THEIR_SIDE, before, after)
    if ours and theirs:
        return Side.UNCLEAR
    if ours or theirs:
        return Side.MSP if ours else Side.CLIENT
    if len(told) == 1:
        return Side.CLIENT if told == {Side.MSP} else Side.MSP
    names_anybody = re.search(rf"\b(?:{_OUR_SIDE}|{_THEIR_SIDE})\b", before + " " + after[:60], re.IGNORECASE)
    return Side.UNCLEAR if names_anybody else Side.BOTH


_SIDES = {Side.MSP: _OUR_SIDE, Side.CLIENT: _THEIR_SIDE}
_TELLS = (
    r"(?:tell|tells|told|telling|notif(?:y|ies|ied|ying)|inform|informs|informed|informing|advis(?:e|es|ed|ing)"
    r"|giv(?:e|es|en|ing)|reach(?:es)?|let(?:s|ting)?|e-?mail(?:s|ed|ing)?|contact(?:s|ed|ing)?|writ(?:e|es|ing)\s+to|received\s+by"
    r"|(?:sent|given|delivered|addressed|provided|notice|notification|served)\s+(?:up)?(?:to|on))"
)


def _is_told(side: str, before: str, after: str) -> bool:
    """Whether the words name this side as the one to whom notice is given: "tell us", "notice to the Provider"."""
    receives = late_pattern(rf"\b{_TELLS}\s+(?:the\s+)?{side}\b(?!\s+(?:may|must|shall|will)\b)", re.IGNORECASE)
    if re.search(rf"\b{side}\s+(?:must\s+|shall\s+|will\s+)?receiv\w+", before, re.IGNORECASE):
        return True
    return receives.search(before) is not None or receives.search(after[:60]) is not None


def _without_receiver(side: str, text: str) -> str:
    text = re.sub(rf"\b{side}\s+(?=(?:must\s+|shall\s+|will\s+)?receiv)", " ", text, flags=re.IGNORECASE)
    return re.sub(rf"\b({_TELLS})\s+(?:the\s+)?{side}\b", r"\1 ", text, flags=re.IGNORECASE)


def _names(side: str, before: str, after: str) -> bool:
    """Whether the words name this side as the one who gives notice, and do not only mention it."""
    acts = re.search(
        rf"\b(?:by|from|for)\s+(?:the\s+)?{side}\b|\b{side}{_ACTS}|\b{side}(?:'s)?\s*(?:notice(?:\s+period)?)?\s*(?:is|of|:)?\s*$",
        before,
        re.IGNORECASE,
    )
    follows = re.match(rf"\W*(?:\w+\W+){{0,4}}?(?:by|from|for)\s+(?:the\s+)?{side}\b", after, re.IGNORECASE)
    return acts is not None or follows is not None
