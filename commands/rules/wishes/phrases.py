"""Sentences whose words leave no doubt which command they stand for, where few labelled ones would teach it."""

import re

from commands.rules.questions.utterance import asks
from commands.rules.text.late_pattern import late_pattern
from commands.rules.wishes.said import lacking_said

_ASKS_FOR_PAPERS = late_pattern(
    r"^\W*(?:so |and |please )*(?:which|what|list|show|any|are there|do we have|how many)\b.*"
    r"\b(?:agreements|contracts|papers|paper|msas|sows|addenda|addendums|ndas|baas|dpas)\b",
    re.IGNORECASE,
)
_Phrases = tuple[tuple[str, re.Pattern[str]], ...]


def _labelled(*phrases: tuple[str, str]) -> _Phrases:
    return tuple((label, late_pattern(words, re.IGNORECASE)) for label, words in phrases)


# Asks whose job something is, whatever else it says.
_WHOSE = late_pattern(
    r"\b(?:us or|or us|or them|ours|or theirs|whose|responsib\w+|our (?:job|problem|work|duty|side)"
    r"|their (?:job|problem)"
    r"|(?:do|should|must|are|will|would) (?:we|they|i)\b(?! (?:get|have|see|print)\b)"
    r"|(?:can|may) (?:we|they|i)\b(?! (?:get|have|see|print|record|log|enter|add|open|start)\b)"
    r"|who (?:does|do|is|are|has to|should|must|will|would|can|runs?|keeps?|writes?|handles?|owns?|fix(?:es)?"
    r"|manages?|pays?|repairs?|backs?|patch(?:es)?|looks?|takes?|covers?|supports?)\b"
    r"(?! (?:to )?be (?:told|notified|informed)))",
    re.IGNORECASE,
)
_POLITE = r"(?:please |pls |can (?:you|i|we) (?:please )?|could (?:you|i|we) (?:please )?|i need (?:to )?|let['’]?s )?"
_MAKE = (
    r"(?:print|make|draw up|generate|prepare|produce|create|export|download|send|give|get|pull|have|see)(?: (?:me|us))?"
)
_REGULATED = (
    r"(?:hipaa|pci(?:[- ]dss)?|gdpr|ferpa|glba|sox|cmmc|ccpa|hitech|nydfs|itar|dora|nis ?2|phi|patient data|health data"
    r"|card(?:holder)? data|regulat\w+|compliance)"
)
# What is renewed is the agreement itself, not something under it.
_NOT_UNDER = r"(?!(?:under|per|as|by|in|on|for|from|of|according)\b)"
_REMINDED_OF = (
    r"(?:(?:it|this|that)(?: one)?"
    r"|(?:[\w'’&.-]+ ){0,5}?(?:reminders?|notices?|reviews?|renewals?|deadlines?|walk-?throughs?|promises?))"
)
_TOLD = (
    rf"(?:(?:told|tell|tells|said|say|says) (?:to )?us\b.*\b{_REGULATED}"
    rf"|answers? (?:\w+ )?(?:on|about|to|for|regarding) (?:the )?{_REGULATED}"
    rf"|{_REGULATED} answers?\b|(?:they|clients?|customers?)(?: ever)? disclosed?\b"
    rf"|{_REGULATED}.*\b(?:told|said) (?:to )?us)"
)
_EARLIER = (
    r"(?:histor(?:y|ies)|earlier|previous(?:ly)?|past|former(?:ly)?|before|used to|originally|over time|over the years"
    r"|first(?= (?:tell|told|say|said|answer\w*|disclos\w*))|last year|withdrawn|since when|taken back|took back)"
)
_WALKED = (
    r"(?:walk[- ]?throughs?|walked\b.*\bthrough|explained to (?:the client|the customer|them)"
    r"|(?:told|our|the|all|every) explanations?(?! of\b))"
)
_WALKED_EARLIER = (
    r"(?:histor(?:y|ies)|earlier|previous(?:ly)?|over time|over the years|withdrawn|taken back|took back|undone"
    r"|who recorded|when was .* recorded|all versions)"
)
_SHEET = (
    r"(?:(?:incident|breach)(?: \w+)? (?:sheet|report|summary|write-?up)"
    r"|sheet (?:of|for) (?:the|that|an?) (?:incident|breach))"
)
_FOR_COUNSEL = r"(?:pdf|docx|word|print(?:ed)?|for (?:the |our )?(?:lawyers?|counsel|attorney))"
_LACKED = r"(?:matrix|matrices|raci|agreements?|contracts?|paper(?= on\b|\W*$)|regulations?|disclosures?)"
_NOT_SET = r"(?:owners?|backup owners?|second owners?|account managers?|deputy|deputies|channels?)"
_HAPPENED = r"(?:security |data |cyber )*(?:breach|incident)\b"
# Nothing goes on to say that it is a part of something else ("incident response"), or somebody else's ("with the
# carrier").
_ITSELF = (
    r"(?=\W*$|[,.:;!(–—-]| (?:that|which|where|here|we|they|at the (?:client|customer)|for the (?:client|customer)|from"
    r"|yesterday|today|tonight|last|this|now|because|discovered|found|on \w+day|please)\b)"
)
_OF_ANOTHER = r"(?! (?:reports?|sheets?|response|tickets?|plans?|logs?|registers?|handling|management|tool\w*|policy))"
# What is broken is no data, but a promise or a wall.
_OF_A_THING = (
    r"(?! (?:in|of|to|through) (?:(?:an?|the|our|their|this) )?(?:\w+ )?"
    r"(?:contract|agreement|lease|warranty|terms|trust|fence|wall|gate|roof|hull)s?\b)"
)
_AT_A_SUPPLIER = (
    r"(?! (?:at|by|with) (?:(?:an?|the|our|their) )?(?:\w+ )?(?:vendor|supplier|carrier|insurer|isp|provider)s?\b)"
)
# A statement, where nothing before says that it is only a case.
_PLAINLY = r"(?!(?:after|once|when|whenever|if|before|until|unless|because|since|where|whether|who|that|case)\b)"
_HAD = rf"(?:(?:had|suffered)(?: an?| the)?|(?:reported|discovered) (?:an?|the)) {_HAPPENED}{_OF_ANOTHER}{_OF_A_THING}"
_OURS = r"(?:of |the |our |all |other |active |me |us )*"
_PORTFOLIO = (
    rf"^(?:so |and )?(?:which|what|how many|any|show|list) {_OURS}(?:clients?|customers?|who)\b"
    r"(?: (?:has|have|is|are|with|that|still))* "
)
_LACKS = r"(?:without|no|lacks?|lacking|miss(?:es|ing)?|(?:do|does)(?:n['’]?t| not) have|have(?:n['’]?t| not) got)\b"
_SUCH = r"(?: (?!(?:under|in|for|of|by|with|from)\b)[\w'’-]+){0,3}?"
_SO_FAR = r"(?: (?:on record|recorded|signed|yet|here|with us|at all|now|so far|today|of their own|set))*\W*$"
_PLAIN = _labelled(
    (
        "incident record",
        r"\b(?:start|begin) the (?:(?:breach|incident|notice|notification|legal) )?clocks?"
        r"(?=\W*$|[,.:;!]| (?:now|please|today|(?:for|on|of) (?:the|this|that) (?:breach|incident|client|customer))\b)",
    ),
    (
        "incident record",
        rf"^{_POLITE}(?:log|record|register|note|enter|add) (?:an?|the|this|that|new) (?:new )?{_HAPPENED}"
        rf"{_ITSELF}",
    ),
    (
        "incident record",
        r"^(?:(?:looks like|i think|so|hey|hi|today|yesterday) )?(?:we|they|the (?:client|customer)|some(?:body|one)) "
        rf"(?:just |have |has )?{_HAD}",
    ),
    (
        "incident list",
        r"\bwho (?:must|has to|have to|needs? to|should|is to) be (?:told|notified|informed)"
        rf"(?: \w+){{0,4}} (?:breach|incident){_OF_A_THING}{_AT_A_SUPPLIER}"
        r"(?=\W*$|[,.:;]| (?:at|of|here|in|on|by|under|and|with|where|that)\b)",
    ),
    (
        "paper incident",
        rf"^(?:{_POLITE}{_MAKE} (?:(?!access\b)[\w'’]+ )*?|\W*(?:the )?)(?:incident|breach) sheet"
        r"(?!s| (?:to|from|templates?|queue|form|tool)\b)",
    ),
    (
        "renewal decide",
        rf"^{_POLITE}(?:do(?:n['’]?t| not) )?(?:renew|renegotiate)(?: {_NOT_UNDER}\w[\w'’&.-]*){{0,6}}?"
        r" (?:msa|sow|nda|baa|dpa)s?(?:-[\w-]+)?\b",
    ),
    (
        "reminder snooze",
        rf"^{_POLITE}(?:put {_REMINDED_OF} off|(?:put off|postpone|snooze) {_REMINDED_OF}"
        r"|snooze(?= (?:until|till|to|for|by)\b))"
        r"(?: (?:\w[\w'’&.-]*)){0,6}? (?:until|till|to|for|by)\b",
    ),
    (
        "reminder list",
        r"^(?:and |so |but )?who (?:all )?(?:was|were|has been|have been|did (?:we|you|the bot))"
        r" (?:ever |already )?(?:told|tell|reminded?|warned?|notif(?:y|ied)|informed?)\b(?!.*\b(?:breach|incident)\b)",
    ),
    (
        "disclosure history",
        rf"^what (?:had|have|has|did) (?:they|the (?:client|customer)) (?:ever )?disclosed?\b.*\b{_EARLIER}\b",
    ),
)
_PHRASES = _labelled(
    ("incident record", rf"\b(?:start|open|begin) an? (?:new )?{_HAPPENED}{_ITSELF}"),
    ("incident record", rf"^{_POLITE}(?:report|document|open) (?:an?|the|this|that|new) (?:new )?{_HAPPENED}"
                        rf"{_ITSELF}"),
    ("incident record", rf"^(?:{_PLAINLY}[\w'’]+ ){{1,6}}?{_HAD}{_ITSELF}"),
    ("paper incident", rf"^{_POLITE}{_MAKE} (?:(?!access\b)[\w'’]+ )*?{_SHEET}"
                       r"(?!s| (?:to|from|templates?|queue|form|tool)\b)"),
    ("paper incident", rf"\b{_SHEET}\b.*\b{_FOR_COUNSEL}\b"),
    ("disclosure history", rf"\b{_EARLIER}\b.*\b{_TOLD}|\b{_TOLD}.*\b{_EARLIER}\b"),
    ("walkthrough history", rf"\b{_WALKED_EARLIER}\b.*\b{_WALKED}\b|\b{_WALKED}\b.*\b{_WALKED_EARLIER}\b"),
    ("walkthrough history", r"\b(?:every|all) walk[- ]?throughs?\b.*\bever\b|\bwalk[- ]?throughs? ever\b"),
    ("who lacks", rf"{_PORTFOLIO}{_LACKS}{_SUCH} {_LACKED}{_SO_FAR}"),
    ("setup progress", rf"{_PORTFOLIO}{_LACKS}{_SUCH} {_NOT_SET}{_SO_FAR}"),
    ("setup progress", r"\bhow far (?:are|did|have) we\b.*\b(?:set ?up|setting .*up|onboarding|groundwork)\b"),
    ("matrix show", r"^(?:what|which|show|list)(?: me)?(?: all)?(?: the)? (?:jobs?|tasks?|things?|items?|work"
                    r"|duties|services|areas|rows) (?:are|is|stays?|lies?|belongs?)"
                    r"(?: (?:not|all|only|still))?(?: (?:on|with|to|up to|left to|done by|handled by))?"
                    r" (?:(?:the )?(?:client|customer)(?:['’]?s)?|us|ours|theirs|them)"
                    r"(?: (?:here|now|today|then|side|jobs?|responsibilit(?:y|ies)|dut(?:y|ies)|problem|work|to do))*"
                    r"\W*$"),
    ("agreement list", r"^what(?: exactly| all| papers?| else)? (?:did|has|have) [\w'’-]+(?: [\w'’-]+){0,3}?"
                       r" sign(?:ed)?(?: up)?(?: (?:for|to))?(?: with us)?\W*$"),
    ("role list", r"^who (?:can|may|is allowed to|could) (?:settle|approve|decide|change) (?:the )?(?:settlements?"
                  r"|(?:open )?questions?|answers|renewals?|roles?|records?)\W*$"),
)  # fmt: skip
# "Which jobs are ours" asks for the rows, and "who can approve settlements" for the roles.
_OURS_OR_THEIRS = re.compile(r"\b(?:ours|theirs|responsib\w+)\b", re.IGNORECASE)
_WHO_CAN = re.compile(r"^who can\b", re.IGNORECASE)
_MATRIX = re.compile(r"\bresponsibility matri\w+", re.IGNORECASE)
_READ_THOUGH_ASKED = {"matrix show": _OURS_OR_THEIRS, "role list": _WHO_CAN, "who lacks": _MATRIX}
_ONLY_ORDERED = frozenset({"paper incident", "incident record", "renewal decide", "reminder snooze"})
# Orders that begin as a question does.
_WOULD_GET = re.compile(r"^(?:can|could|may) (?:you|i|we)\b|^do(?:n['’]?t| not) (?:renew|renegotiate)\b", re.IGNORECASE)


def asks_for_papers(text: str) -> bool:
    """Whether it asks for agreements, not for one of them."""
    return _ASKS_FOR_PAPERS.search(text) is not None


def plainly_said(text: str) -> str | None:
    """The label of a phrase that no question about scope has, whatever the rows of a matrix are called."""
    if lacking_said(text) is not None and asks_for_papers(text):
        return "agreement list"
    return _said(text, _PLAIN)


def phrase_said(text: str) -> str | None:
    """The label that the words of `text` leave no doubt of; None where they ask whose job it is, or say none."""
    return _said(text, (*_PLAIN, *_PHRASES))


def _said(text: str, phrases: _Phrases) -> str | None:
    found = next((label for label, words in phrases if words.search(text)), None)
    if found is None:
        return None
    if found in _ONLY_ORDERED and asks(text) and not _WOULD_GET.search(text):
        return None
    aside = _READ_THOUGH_ASKED.get(found)
    return None if _WHOSE.search(aside.sub("", text) if aside else text) else found


# "have" begins an order, too: "have the CFO sign it".
_ASKS_OF_RECORD = re.compile(
    r"^\W*(?:and |so |ok |but )*(?:when|who|whom|what|which|why|how (?:often|many|long)|did|was|were|has|had"
    r"|have (?:we|they|you|i|any\w*)|is|are|does)\b",
    re.IGNORECASE,
)


def asks_of_record(text: str) -> bool:
    """Whether it asks for what is known: then it changes nothing, whatever it is about."""
    return _ASKS_OF_RECORD.search(text) is not None
