"""A guess at an unknown word, to be offered to a person as the first choice. Never used by itself."""

import re
from collections.abc import Collection

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.words import PARTY_WORDS
from storage.records import Party

_NOBODY = re.compile(r"\b(?:tbd|tbc|tba|see|unknown|open|pending|ask|depends|varies)\b|\?")
_CLIENT = re.compile(
    r"\b(?:cio|cto|ceo|cfo|coo|ciso|hr|finance|director|manager|officer|executive|exec|controller|head|department|"
    r"business|end users?|staff|employees?|merchant|tenant|subscriber|customer|client|internal|in house|it team)\b"
)
_THIRD = re.compile(
    r"\b(?:vendors?|suppliers?|partner|carrier|isp|mssp|cdn|hosting|telco|reseller|manufacturer|3p|3rd|third|external|"
    r"landlord|insurer|broker|auditor)\b"
)
_KNOWN_NAMES = re.compile(r"\b(?:microsoft|aws|amazon|google|azure|oracle|cisco|datto|cloud|soc)\b")
_EXCLUDED = re.compile(r"\b(?:optional|add on|addon|extra|billable|quote|quoted|project|t m|time and materials)\b")
_MSP = re.compile(r"\b(?:msp|noc|help ?desk|service desk|vcio|csp|provider|managed)\b")


def proposed_party(word: str, found: Collection[Party], *, sole_heading: bool) -> Party | None:
    """By what the word contains; the only unknown heading is whoever of MSP and client is not there yet."""
    if _NOBODY.search(word.lower()):
        return PARTY_WORDS.get(comparable(word.replace("?", " ")))
    text = comparable(word)
    for pattern, party in ((_EXCLUDED, Party.OUT_OF_SCOPE), (_THIRD, Party.THIRD_PARTY), (_CLIENT, Party.CLIENT)):
        if pattern.search(text):
            return party
    missing = [party for party in (Party.MSP, Party.CLIENT) if party not in found]
    if sole_heading and len(missing) == 1:
        return missing[0]
    if _KNOWN_NAMES.search(text):
        return Party.THIRD_PARTY
    return Party.MSP if _MSP.search(text) else None
