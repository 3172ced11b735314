"""Sentences whose words leave no doubt which command they stand for, where few labelled ones would teach it."""

import re

from commands.rules.questions.utterance import asks

# Asks whose job something is, whatever else it says.
_WHOSE = re.compile(
    r"\b(?:us or|or us|or them|ours|or theirs|whose|responsib\w+|our (?:job|problem|work|duty|side)"
    r"|their (?:job|problem)"
    r"|(?:do|should|must|can|may|are|will|would) (?:we|they|i)\b(?! (?:get|have|see|print)\b)"
    r"|who (?:does|do|is|are|has to|should|must|will|would|can|runs?|keeps?|writes?|handles?|owns?)\b"
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
_TOLD = (
    rf"(?:(?:told|tell|tells|said|say|says) (?:to )?us\b.*\b{_REGULATED}"
    rf"|answers? (?:\w+ )?(?:on|about|to|for|regarding) (?:the )?{_REGULATED}"
    rf"|{_REGULATED} answers?\b|disclos\w+|{_REGULATED}.*\b(?:told|said) (?:to )?us)"
)
_EARLIER = (
    r"(?:histor(?:y|ies)|earlier|previous(?:ly)?|past|former(?:ly)?|before|used to|originally|over time|over the years"
    r"|first(?= (?:tell|told|say|said|answer\w*|disclos\w*))|last year|withdrawn|since when|taken back|took back)"
)
_WALKED = r"(?:walk[- ]?throughs?|walked\b.*\bthrough|explained|explanations?)"
_WALKED_EARLIER = (
    r"(?:histor(?:y|ies)|earlier|previous(?:ly)?|over time|over the years|withdrawn|taken back|took back|undone"
    r"|who recorded|when was .* recorded|all versions)"
)
_SHEET = (
    r"(?:(?:incident|breach)(?: \w+)? (?:sheet|report|summary|write-?up)"
    r"|sheet (?:of|for) (?:the|that|an?) (?:incident|breach))"
)
_FOR_COUNSEL = r"(?:pdf|docx|word|print(?:ed)?|for (?:the |our )?(?:lawyers?|counsel|attorney))"
_LACKED = r"(?:matrix|matrices|raci|agreements?|contracts?|paper|regulations?|disclosures?)"
_NOT_SET = r"(?:owners?|backup owners?|second owners?|account managers?|deputy|deputies|channels?)"
_HAPPENED = r"(?:security |data |cyber )*(?:breach|incident)\b"
_PORTFOLIO = r"^(?:so |and )?(?:which|what|show|list|who|how many|any)\b.*\b(?:clients?|customers?|accounts?|who)\b.*\b"
_LACKS = r"(?:without|no|lacks?|lacking|miss(?:es|ing)?|(?:do|does)(?:n['’]?t| not) have|have(?:n['’]?t| not) got)\b"
_PHRASES = tuple(
    (label, re.compile(words, re.IGNORECASE))
    for label, words in (
        ("incident record", r"\b(?:start|open|begin|run) (?:the|a|an) (?:\w+ )?(?:clocks?|incident)\b"),
        ("incident record", rf"^{_POLITE}(?:report|log|record|note|document|register|enter|add|open) "
                            rf"(?:an?|the|this|that|new) (?:new )?{_HAPPENED}(?! (?:report|sheet))"),
        ("incident record", rf"^[\w'’ ]{{1,50}}?\b(?:had|suffered|reported|discovered) (?:an? |the )?{_HAPPENED}"),
        ("paper incident", rf"^{_POLITE}{_MAKE} .*\b{_SHEET}"),
        ("paper incident", rf"\b{_SHEET}\b.*\b{_FOR_COUNSEL}\b"),
        ("paper incident", r"^\W*(?:the )?(?:incident|breach) sheet\b"),
        ("incident list", r"\bwho (?:must|has to|have to|needs? to|should|is to) be (?:told|notified|informed)\b"
                          r".*\b(?:breach|incident)"),
        ("disclosure history", rf"\b{_EARLIER}\b.*\b{_TOLD}|\b{_TOLD}.*\b{_EARLIER}\b"),
        ("walkthrough history", rf"\b{_WALKED_EARLIER}\b.*\b{_WALKED}\b|\b{_WALKED}\b.*\b{_WALKED_EARLIER}\b"),
        ("walkthrough history", r"\b(?:every|all) walk[- ]?throughs?\b.*\bever\b|\bwalk[- ]?throughs? ever\b"),
        ("who lacks", rf"{_PORTFOLIO}{_LACKS}.*\b{_LACKED}\b"),
        ("setup progress", rf"{_PORTFOLIO}{_LACKS}.*\b{_NOT_SET}\b"),
        ("setup progress", r"\bhow far (?:are|did|have) we\b.*\b(?:set ?up|setting .*up|onboarding|groundwork)\b"),
        ("matrix show", r"^(?:what|which|show|list)(?: me)?(?: all)?(?: the)? (?:jobs?|tasks?|things?|items?|work"
                        r"|duties|services|areas|rows) (?:are|is|stays?|lies?|belongs?)\b.{0,20}"
                        r"\b(?:(?:the )?(?:client|customer)(?:['’]?s)?|us|ours|theirs|them|they)(?: \w+){0,2}\W*$"),
        ("agreement list", r"^what(?: exactly| all| papers?| else)? (?:did|has|have) [\w'’-]+(?: [\w'’-]+){0,3}?"
                           r" sign(?:ed)?(?: up)?(?: (?:for|to))?(?: with us)?\W*$"),
        ("role list", r"^who (?:can|may|is allowed to|could) (?:settle|approve|decide|change) (?:the )?(?:settlements?"
                      r"|(?:open )?questions?|answers|renewals?|roles?|records?)\W*$"),
    )
)  # fmt: skip
_READ_THOUGH_ASKED = frozenset({"matrix show", "role list", "who lacks", "setup progress"})
_ONLY_ORDERED = frozenset({"paper incident", "incident record"})
_WOULD_GET = re.compile(r"^(?:can|could|may) (?:you|i|we)\b", re.IGNORECASE)


def phrase_said(text: str) -> str | None:
    """The label that the words of `text` leave no doubt of; None where they ask whose job it is, or say none."""
    found = next((label for label, words in _PHRASES if words.search(text)), None)
    if found is None or found in _READ_THOUGH_ASKED:
        return found
    if found in _ONLY_ORDERED:
        return found if not asks(text) or _WOULD_GET.search(text) else None
    return None if _WHOSE.search(text) else found


# "have" begins an order, too: "have the CFO sign it".
_ASKS_OF_RECORD = re.compile(
    r"^\W*(?:and |so |ok |but )*(?:when|who|whom|what|which|why|how (?:often|many|long)|did|was|were|has|had"
    r"|have (?:we|they|you|i|any\w*)|is|are|does)\b",
    re.IGNORECASE,
)


def asks_of_record(text: str) -> bool:
    """Whether it asks for what is known: then it changes nothing, whatever it is about."""
    return _ASKS_OF_RECORD.search(text) is not None
