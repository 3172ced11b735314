"""Whose work a sentence of ours says something is: ours, the client's, or expressly not ours.

A question, an offer, a condition, advice and help are no claims: only what is said to be done, by somebody.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from commands.rules.text.late_pattern import late_pattern
from commands.rules.text.wording_context import is_asked, is_quoted

_STEMS = (
    "monitor watch patch updat manag maintain restor install encrypt filter scan detect respond protect secur host "
    "replac configur run operat handl administer train renew onboard offboard reset stor retain archiv block enforc "
    "test check verif deploy cover includ deliver provid rotat revok wip clean audit log dispos perform do"
).replace(" ", "|")
_VERB = (
    rf"(?:back(?:s|ed|ing)? ?up|tak(?:e|es|ing) care|look(?:s|ing)? after|(?:{_STEMS})"
    r"(?:e|es|s|ed|ing|ned|ning|ied|ies|y|ting|ted|ged|ging)?)"
)
_US = (
    r"(?:we|us|provider|the provider|msp|the msp|our (?:own |in-?house |local )*(?:staff|team|engineers?|technicians?"
    r"|people|employees|soc|noc|help ?desk|service desk|specialists?|experts?|analysts?))"
)
_THEM = (
    r"(?:the client|client|the customer|customer|you|your (?:own |internal |in-?house )*"
    r"(?:staff|team|it|people|office|employees))"
)


def _any(*expressions: str) -> re.Pattern[str]:
    return late_pattern("|".join(rf"\b(?:{each})" for each in expressions), re.IGNORECASE)


_OWN = _any(
    r"our own\b", r"own (?:staff|team|engineers|employees|technicians|analysts|soc|noc)\b", r"in-?house\b",
    r"no (?:sub-?contractors?|third part(?:y|ies)|outsourcing)\b",
    r"(?:never|not) (?:sub-?contract(?:ed)?|outsourced?)\b",
)  # fmt: skip
_ALONE = _any(
    r"(?:need|have) to do nothing\b", r"nothing (?:left )?(?:for you )?to do\b", r"do(?:es)? it all\b",
    r"we (?:do|handle) everything\b", r"without any (?:work|effort) (?:on|from) your\b", r"entirely by us\b",
    r"by us alone\b", r"hands[- ]off for you\b",
)  # fmt: skip
_NO_CLAIM = _any(
    r"(?:can|could|may|might|would|should|if|unless|whether|once|until|used to|aim)\b",
    r"(?:up)?on request\b", r"(?:extra|additional) (?:fee|cost|charge)\b",
    r"(?:at extra|available|in future|in case)\b",
    r"(?:optional(?:ly)?|offer(?:s|ed)?|quot(?:e|ed|es)|plan(?:s|ned)? to)\b",
    r"(?:shar(?:e|ed|es)|ask(?:s|ed)?|help(?:s|ed)?)\b",
    r"(?:recommend|suggest|propos|intend|assist|advis|remind|encourag|coordinat|escalat|forward)\w*",
    r"(?:together|jointly|recorded)\b",
)  # fmt: skip
_OF_ANOTHER = _any(
    r"your (?:own )?(?:vendors?|providers?|insurers?|carriers?|isp|suppliers?|landlord)\b",
    r"by (?:our|a|the|an|your) (?:\w+ )?"
    r"(?:partners?|vendors?|suppliers?|subcontractors?|third part(?:y|ies)|manufacturer)\b",
)
_COMPLEMENT = _any(rf"{_VERB}\s+(?:\w+\s+)?(?:that|whether|if|how|who|when)\b")
_NOT_OURS = _any(
    rf"{_US}\s+(?:do(?:es)? not|don['\u2019]t|doesn['\u2019]t|never|will not|won['\u2019]t|no longer)\s+{_VERB}\b",
    r"(?:is|are) (?:not (?:included|covered|part of)|excluded|out of scope|outside (?:the )?scope)\b",
    r"(?:is|are) not (?:our|the provider['\u2019]s) (?:job|duty|responsibility|work)\b",
    r"does not (?:include|cover)\b",
)
_DENIED = re.compile(r"\b(?:not|never|no|nor|neither|without|cannot|except|excluding)\b|n['\u2019]t\b", re.I)
_DUTY = r"(?:job|duty|responsibility|work|task)"
_CLIENTS = _any(
    rf"{_THEM} (?:is|are|remains?|stays?) (?:solely |fully )?(?:responsible|in charge)\b",
    rf"{_THEM}(?: must| shall| will| has to| have to| needs? to)?(?: itself| themselves)? {_VERB}\b",
    rf"{_VERB}(?: \w+){{0,4}} by {_THEM}\b",
    r"(?:is|are|stays?|remains?) (?:the (?:client|customer)['\u2019]s|yours)(?: own)?\b",
    rf"(?:is|are|stays?|remains?) (?:your|the (?:client|customer)['\u2019]s) (?:own )?{_DUTY}\b",
)
_OURS = _any(
    rf"{_US}(?:['\u2019]ll| will| also| always| then| proactively| continuously| automatically| fully| shall| must)*"
    rf" {_VERB}\b",
    rf"{_VERB}(?: [\w/-]+){{0,6}} by {_US}\b",
    rf"by {_US}\b",
    rf"(?:is|are) (?:included|covered|our {_DUTY}|ours)\b",
    r"our (?:service|plan|fee) (?:includes|covers)\b",
)
_OFTEN = _any(
    r"24\s?[x/]\s?7\b", r"24 hours\b", r"round the clock\b",
    r"(?:daily|nightly|hourly|weekly|monthly|quarterly|yearly)\b",
    r"(?:annual|continuous)(?:ly)?\b", r"twice a \w+", r"every (?:day|night|hour|week|month|quarter|year)\b",
)  # fmt: skip
_RESPONSIBLE = _any(
    rf"{_THEM} (?:is|are|remains?|stays?) (?:solely |fully )?(?:responsible|in charge) (?:for|of)\b",
    r"(?:is|are|stays?|remains?) (?:not )?(?:the (?:client|customer)['\u2019]s|yours?|our|ours"
    rf"|included|covered|excluded)\b(?: own)?(?: {_DUTY})?\b",
)


_BY_WHOM = _any(
    rf"(?:by|with) {_US}\b",
    rf"by {_THEM}\b",
    r"in-?house\b",
    r"our own\b",
    r"never outsourced\b",
    r"(?:our|them)selves\b",
)
_LEADING = late_pattern(
    rf"^\s*(?:{_US}|{_THEM})\s+(?:will |also |always |must |shall |do not |don['\u2019]t |does not )*", re.IGNORECASE
)


class Says(StrEnum):
    """Who does it, by a sentence."""

    OURS = "ours"
    CLIENTS = "the client's"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True)
class Claim:
    """`is_own_staff`: it says that nobody but us works on it. `is_alone`: it leaves the client nothing to do."""

    sentence: str
    says: Says
    is_own_staff: bool = False
    is_alone: bool = False

    @property
    def about(self) -> str:
        """The sentence without the words that say by whom: what is asked of the matrix."""
        text = _LEADING.sub("", _RESPONSIBLE.sub(" ", _BY_WHOM.sub(" ", self.sentence)))
        return re.sub(r"\s+", " ", text).strip(" .,;:")


def claims(text: str | None, *, is_promise: bool) -> tuple[Claim, ...]:
    """What `text` says of whose work it is; in a promise, what begins with a verb or says how often is ours."""
    if not text:
        return ()
    found = []
    for match in re.finditer(r"[^.!?;\n]+(?:[.!?;](?!\s|$)[^.!?;\n]*)*[.!?;]?", text):
        sentence = match[0].strip()
        if sentence and not is_asked(text, match.start()) and not is_quoted(text, match.start() + 1):
            claim = _claim(sentence, is_promise=is_promise)
            found += [claim] if claim else []
    return tuple(found)


def _claim(sentence: str, *, is_promise: bool) -> Claim | None:
    is_own = _OWN.search(sentence) is not None
    if _NO_CLAIM.search(sentence) or _OF_ANOTHER.search(sentence) or _COMPLEMENT.search(sentence):
        return None
    if _NOT_OURS.search(sentence) and not is_own:
        return Claim(sentence, Says.NOT_OURS)
    if _DENIED.search(_OWN.sub(" ", sentence)):
        return None
    is_ours, is_theirs = _OURS.search(sentence) is not None or is_own, _CLIENTS.search(sentence) is not None
    if is_ours and is_theirs:
        return None
    if is_theirs:
        return Claim(sentence, Says.CLIENTS)
    begins = re.match(rf"{_VERB}\b", sentence, re.I) is not None
    if is_ours or (is_promise and (begins or _OFTEN.search(sentence))):
        return Claim(sentence, Says.OURS, is_own, _ALONE.search(sentence) is not None)
    return None
