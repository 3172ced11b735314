"""What the words of a wish name: a kind of paper, a key topic, days, whose rows, what a client answered."""

import re
from datetime import date

from commands.rules.dates.window import LONGEST, window
from commands.rules.matrix.whose import Whose
from storage.records import DisclosureAnswer
from storage.records.agreement import AgreementKind, KeyTopic

_KINDS = {
    AgreementKind.MSA: r"msa|master (?:services? )?agreement",
    AgreementKind.SOW: r"sow|statement of work",
    AgreementKind.BAA: r"baa|business associate(?: agreement)?",
    AgreementKind.DPA: r"dpa|data processing (?:agreement|addendum)",
    AgreementKind.NDA: r"nda|non-?disclosure(?: agreement)?",
    AgreementKind.ADDENDUM: r"addendum|addenda|addendums",
    AgreementKind.AMENDMENT: r"amendments?",
    AgreementKind.ENGAGEMENT_LETTER: r"engagement letter",
}
_TOPICS = {
    KeyTopic.LIMITATION_OF_LIABILITY: r"limit(?:s|ation)? (?:of |our )?liability|liability (?:cap|limit)",
    KeyTopic.DISCLAIMER_OF_WARRANTIES: r"disclaimers?|warrant(?:y|ies)",
    KeyTopic.ASSUMPTION_OF_RISK: r"assumption of risk|assumes? (?:the )?risk",
    KeyTopic.STANDARD_OF_CARE: r"standard of care",
    KeyTopic.REGULATORY_RESPONSIBILITY: r"regulatory responsibilit(?:y|ies)",
    KeyTopic.ACCESS_SCOPE: r"access scope|scope of (?:our )?access",
    KeyTopic.CUSTOMER_OBLIGATIONS: r"(?:customer|client) (?:obligations|duties)",
    KeyTopic.MSP_OBLIGATIONS: r"(?:msp|our) (?:obligations|duties)",
}
_NONE_OF = (
    r"(?:no|without(?: an?| any)?|lack(?:s|ing)?(?: an?)?|miss(?:es|ing)(?: an?| the)?"
    r"|(?:do|does)(?:n['’]?t| not) have an?y?|have(?:n['’]?t| not) got an?y?)"
)
_LACKING = {
    "notice": rf"\b{_NONE_OF} (?:\w+ )?notice (?:periods?|terms?|dates?|windows?|clauses?)\b",
    "end": (
        rf"\b{_NONE_OF} (?:\w+ )?(?:end(?:ing)?(?:[- ]?dates?)?|expir\w+(?: dates?)?|last days?|termination dates?)\b"
        r"|\b(?:never|(?:do|does)(?:n['’]?t| not)) (?:end|expire)\b"
        r"(?! (?:this|next|with(?:in|out)?|before|until|till|in|by|on|during|soon|yet|after|for)\b)"
        r"|\bopen[- ]ended\b|\bevergreen\b"
    ),
}
_WHOSE = {
    Whose.NOT_OURS: r"\bnot? (?:our|us\b)|\bisn['’]?t our|\baren['’]?t our",
    Whose.OUT_OF_SCOPE: r"\bout of scope\b|\bexcluded\b|\bnot covered\b|\bexclusions\b",
    Whose.CLIENT: (
        r"\bthe client['’]?s\b|\btheirs\b|\bthemselves\b|\bhave to do\b"
        r"|\bon the (?:client|customer)\b|\btheir (?:part|side|plate|job)\b"
    ),
    Whose.SHARED: r"\bshared\b",
    Whose.THIRD_PARTY: r"\bthird[- ]part(?:y|ies)\b|\bvendors?\b",
    Whose.OURS: r"\b(?:we|we['’]re|us|our|ours)\b",
}
# Two or more capitals before a paper's name ("the Lakeside Motors contract"), or an owner ("Fenwick's contract").
_PAPERS = r"(?:contract|agreement|msa|sow|baa|dpa|nda|matrix|paper|paperwork|renewal|term|promises|walkthrough)s?"
_WHOSE_PAPER = re.compile(
    rf"(?P<name>(?:[A-Z][\w&-]*\s+){{1,3}}[A-Z][\w&-]*?|[A-Z][\w&-]*(?=['’]))(?:['’]s?)?\s+(?i:{_PAPERS})\b"
)
_PAPER_WORDS = """
managed master professional services service statement work business associate data processing support security non
disclosure is are when what who which does did has have show list the our my their
"""
_WORDS_OF_PAPERS = frozenset(_PAPER_WORDS.split())
_LETTERS = re.compile(r"[a-z]")
_MINE = re.compile(
    r"\b(?:my|mine|i['’]m|i['’]ve)\b|\b(?:for|on|to|of|by|with|from) me\b|\b(?:do|must|should|have|did|am) i\b"
    r"|\bi (?:have to|must|should|own|answer|am|need to)\b(?! (?:see|get|know|have|look))|^\W*me\W*$",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every\w*|everyone['’]?s|any|whole|each)\b(?! (?:my|i|of mine)\b)", re.IGNORECASE)
_WORDS = re.compile(r"[\w'’]+")
_DECLINED = re.compile(r"\b(?:declined|refused|would(?:n['’]?t| not)) (?:to )?(?:say|answer|tell)\b")
_NOT = re.compile(r"\b(?:no|not|never|n['’]t|don['’]?t|doesn['’]?t|isn['’]?t|aren['’]?t)\b|n['’]t\b")
_UNSURE = re.compile(r"\b(?:unsure|not sure|(?:don['’]?t|doesn['’]?t|does not|do not) know)\b")


def kind_said(text: str) -> AgreementKind | None:
    """The kind of paper that is named; None for none, or several."""
    said = [kind for kind, words in _KINDS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return said[0] if len(said) == 1 else None


def lacking_said(text: str) -> str | None:
    """What agreements are asked for that do not have it: "end" or "notice"; None for neither."""
    return next((each for each, words in _LACKING.items() if re.search(words, text, re.IGNORECASE)), None)


def topic_said(text: str) -> KeyTopic | None:
    """The key topic that is named; None for none, or several."""
    said = [topic for topic, words in _TOPICS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return said[0] if len(said) == 1 else None


def whose_said(text: str) -> Whose | None:
    """Whose rows are asked for: "what is not ours", "what do they do themselves"; None for all."""
    if re.search(r"\b(?:full|whole|entire|matrix|raci|overview)\b", text, re.IGNORECASE):
        return None
    return next((whose for whose, words in _WHOSE.items() if re.search(words, text, re.IGNORECASE)), None)


def is_mine(text: str) -> bool:
    """Whether only what concerns the asker is wanted: not with "show me all renewals", nor "can i see them"."""
    return _MINE.search(text) is not None and _ALL.search(text) is None


def days_said(text: str, today: date) -> str | None:
    """The words that mean a stretch of days, such as "next 60 days"; None where there are none."""
    words = _WORDS.findall(text)
    for count in range(min(LONGEST, len(words)), 0, -1):
        for at in range(len(words) - count + 1):
            said = " ".join(words[at : at + count])
            is_vague = count == 1 and (len(said) <= 3 or not _LETTERS.search(said.lower()))
            if not is_vague and window(said, today) is not None:
                return said
    return None


def answer_said(text: str) -> DisclosureAnswer:
    """What a client is said to have answered about a regulation."""
    said = text.lower()
    if _DECLINED.search(said):
        return DisclosureAnswer.DECLINED
    if _UNSURE.search(said):
        return DisclosureAnswer.UNKNOWN
    return DisclosureAnswer.DOES_NOT_APPLY if _NOT.search(said) else DisclosureAnswer.APPLIES


def paper_owner_said(text: str) -> str | None:
    """Whose paper it is by the words, where that is a name in capitals; None where it is what the paper is called."""
    for found in _WHOSE_PAPER.finditer(text):
        name = found["name"].split()
        while name and name[0].lower() in _WORDS_OF_PAPERS:
            del name[0]
        if name and not all(word.isupper() for word in name) and not {word.lower() for word in name} & _WORDS_OF_PAPERS:
            return " ".join(name)
    return None


_NAME = r"(?P<name>(?:[\w&][\w&.'’-]*\s+){0,3}?[\w&][\w&.'’-]*)"
_END = r"(?=\s*(?:[?.!,;]|$)|\s+(?:about|regarding|on|by|for|in|when|at|and|that|this|last|next|to|under|if)\b)"
_SAYS = (
    r"need|have|has|want|under|declin\w+|refus\w+|accept\w*|sign\w*|subject|cover\w*|tell|told|renew\w*|end|expire\w*"
)
_PARTIES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\b(?:we|did|do|have|had)\s+(?:ever\s+|already\s+)?(?:promised?|guaranteed?|owe|tell|told)\s+{_NAME}{_END}",
        rf"\b(?:promises?|promised|commitments?|guarantees?|slas?|contract|agreement|msa|sow)\s+(?:to|with|for)\s+{_NAME}{_END}",
        rf"^(?:is|are|does|did|has|was|when (?:does|did|is|will))\s+{_NAME}\s+(?:{_SAYS})\b",
        rf"\b(?:agreed|signed|settled)\s+(?:on\s+)?with\s+{_NAME}{_END}",
        rf"\b(?:appl(?:y|ies|ied|icable)|relevant|binding)\s+(?:to|for|at)\s+{_NAME}{_END}",
    )
)
_BEFORE_A_PARTY = frozenset(["the", "a", "an", "our", "my", "their", "this", "that"])
_PAPER = re.compile(_PAPERS, re.IGNORECASE)
_MONEY = re.compile(
    r"\b(?:do|can|should|may|must|will|could) (?:we|i|they|you) (?:\w+ )?(?:charge|bill|invoice)\b"
    r"|\b(?:is|are|was) (?:it|that|this|these|those|they)\b.*\b(?:billable|chargeable|charged|billed|extra|free)\b"
    r"|\b(?:does|do|will|must|should) (?:the client|they|he|she|\w+) (?:have to )?pay\b",
    re.IGNORECASE,
)


def parties_said(text: str) -> tuple[str, ...]:
    """What stands where whoever has a contract with us would be named, such as X in "what did we promise X?"."""
    found = (_party(match["name"]) for shape in _PARTIES for match in shape.finditer(text))
    return tuple(dict.fromkeys(filter(None, found)))


def _party(said: str) -> str:
    """Whom it names: of "the okonkwo msa" okonkwo, and nobody of "the contract"."""
    words = said.split()
    while words and words[0].lower() in _BEFORE_A_PARTY:
        del words[0]
    while words and _PAPER.fullmatch(words[-1]):
        del words[-1]
    return re.sub(r"['’]s$", "", " ".join(words))


def asks_about_money(text: str) -> bool:
    """Whether it asks what may be charged: no row of a matrix says so, whatever it is about."""
    return _MONEY.search(text) is not None
