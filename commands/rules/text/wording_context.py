"""Whether a phrase in a text is a promise of the writer's: not denied, asked, quoted, hoped for or another's duty."""

import re

_CLAUSE_END = re.compile(r"[.;:,!?\u2013\u2014]|\b(?:and|but|so|because|while|with|until)\b", re.I)
_SENTENCE_END = re.compile(r"[.!?](?=[\s\"'\u201d)]|$)|\n")
_DENIAL = re.compile(
    r"(?:\bnot(?! (?:only|just|merely)\b)|n['\u2019]t|\bno|\bnever|\bnor|\bneither|\bnothing|\bnobody|\bnone"
    r"|\bwithout|\bcannot|\bdisclaim(?:s|ed)?|\bexclud(?:es?|ed|ing)|\bavoid(?:s|ed)?|\bbeware|\binstead of"
    r"|\brather than|\bif|\bwhether|\bunless)(?:\s+[\w'\u2019-]+){0,8}\s*$",
    re.I,
)
_HOPED = re.compile(
    r"\b(?:help(?:s|ed|ing)?|tr(?:y|ies|ied)|aim(?:s|ed|ing)?|designed|intended|seeks?|strives?|want(?:s|ed)?|wish(?:es)?"
    r"|claim(?:s|ed)? to|attempts?|efforts?)(?:\s+[\w'\u2019-]+){0,2}\s+$",
    re.I,
)
_CONDITION = re.compile(r"\b(?:must|should|shall|may|before|when|once|only)(?:\s+[\w'\u2019-]+){0,2}\s+$", re.I)
_OTHERS_DUTY = re.compile(
    r"(?:\b(?:the\s+)?(?:clients?|customers?|users?|vendors?|suppliers?|subcontractors?|manufacturers?|landlords?"
    r"|staff|employees|tenants?|owners?|licensees?|assessors?|insurers?)"
    r"(?:\s+(?!and\b|so\b|we\b|our\b|which\b)[\w'\u2019-]+){0,5}"
    r"|\bplease|\byou\s+(?:must|shall|should|need\s+to|agree\s+to|have\s+to|are\s+to|will\s+need\s+to)"
    r"|\b(?:you|they)\s+are\s+responsible\s+for)\s*$",
    re.I,
)
_QUOTED = re.compile(r"\"[^\"]+\"|\u201c[^\u201d]+\u201d")
_ASIDE = re.compile(
    r"\b(?:ask(?:s|ed)?|asks|questions?|avoid|never|not|beware|reads?|such as|if|whether|words?|terms?|instead|no)\b",
    re.I,
)


def clause_before(text: str, start: int) -> str:
    """What stands before a place, back to where its clause begins."""
    before = sentence_before(text, start)
    ends = [match.end() for match in _CLAUSE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def sentence_before(text: str, start: int) -> str:
    """What stands before a place, back to where its sentence begins."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
    return text[ends[-1] if ends else 0 : start]


def is_denied(text: str, start: int) -> bool:
    """Denied, only hoped for, or a condition: "does not guarantee", "helps to prevent", "whether we ensure"."""
    before = clause_before(text, start)
    return _DENIAL.search(before) is not None or _HOPED.search(before) is not None


def is_required(text: str, start: int) -> bool:
    """Something that must first become so: "devices must be fully compliant"."""
    return _CONDITION.search(clause_before(text, start)) is not None


def is_others_duty(text: str, start: int) -> bool:
    """Said of somebody else, or told to the reader: "the client shall ensure", "please ensure"."""
    return _OTHERS_DUTY.search(clause_before(text, start).lstrip()) is not None


def is_asked(text: str, end: int) -> bool:
    """In a sentence that ends with a question mark."""
    match = _SENTENCE_END.search(text, end)
    return match is not None and match[0] == "?"


def is_quoted(text: str, start: int) -> bool:
    """Somebody else's words, or words to be avoided: in quotation marks near "asked", "avoid" and the like."""
    for match in _QUOTED.finditer(text):
        if match.start() < start < match.end():
            around = sentence_before(text, match.start()) + " " + text[match.end() :].partition(".")[0]
            return _ASIDE.search(around) is not None
    return False
