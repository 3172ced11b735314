"""Plain words for the reader of term texts: quotes, dashes and spellings made one, and what is left over afterwards."""

import re
from difflib import get_close_matches

from commands.rules.term_text.amounts import NUMBER, number
from commands.rules.text.late_pattern import late_pattern

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "})
# Words that decide a reading and are often misspelt. Numbers are not among them: a number is never corrected.
_VOCABULARY = (
    "successive", "consecutive", "additional", "automatic", "automatically", "renewal", "renewals", "renewed", "renews",
    "perpetual", "perpetually", "evergreen", "indefinite", "indefinitely", "notice", "written", "extension",
    "cancellation", "termination", "terminate", "months", "business", "unless", "either",
)  # fmt: skip
# Words that look like a misspelling of one of those and are not.
_OTHER_WORDS = late_pattern(
    r"renew(?:able|ing)|noticed?s?|extensions|terminat\w+|additional?ly|addition|cancellations|success\w+|automated"
    r"|consecutively|month|business(?:es)?",
    re.IGNORECASE,
)
_LETTERS = late_pattern(r"(?<![\w'])[a-z]{6,}(?![\w'])", re.IGNORECASE)
_UNIT = r"(?:business\s+|calendar\s+|working\s+)?(?:day|week|month|year)s?"
_BETWEEN = late_pattern(rf"\bbetween\s+({NUMBER})\s+and\s+({NUMBER})[\s-]*({_UNIT})\b", re.IGNORECASE)
_BOUND = (
    r"(?:within|up to|at least|at most|(?:not?|nor)\s+(?:more|less|fewer|earlier|later|greater|sooner)\s+than"
    r"|(?:a )?(?:minimum|maximum)(?: of)?)"
)
_SHARED_UNIT = late_pattern(
    rf"({_BOUND}\s+)({NUMBER})(,?\s+(?:(?:but|and|or)\s+)?{_BOUND}\s+{NUMBER}[\s-]*)({_UNIT})\b", re.IGNORECASE
)
# Words that say nothing by themselves once the lengths and the renewal have been read.
_FILLER = late_pattern(
    r"an?|and|the|this|that|these|of|for|to|by|in|on|at|as|with|upon|from|or|be|is|are|it|its|it's|will|shall|may|such"
    r"|each|any|all|other|either|both|part(?:y|ies)(?:'s)?|sides?|terms?|periods?|agreement|contract|then|thereafter"
    r"|renew(?:s|ed|al|als|ing)?|exten(?:d|ds|ded|sion)|auto(?:matic(?:ally)?)?|unless|prior|before|written"
    r"|advance|noti(?:ce|ces|fication)|giv(?:e|es|en|ing)|provid(?:e|es|ed|ing)|current|then-current|end|ends|ending"
    r"|expir(?:y|ation|es)|starts?|successive|consecutive|additional|further|another|initial|duration|intent(?:ion)?"
    r"|cancel(?:s|led|ed)?|terminat(?:e|es|ed|ion)|least|required|respective|applicable|thereof|hereof|every|per|basis"
    r"|i\.e|e\.g|w|s|opt-out|non-renewal|deal|rolling|client(?:'s)?|customer(?:'s)?|provider(?:'s)?|msp(?:'s)?|we|us|our|they|them",
    re.IGNORECASE,
)
# Slips and short forms that are beyond doubt.
_ODD = (
    (
        late_pattern(r"\bprior\s+(?=the\s+(?:end|expir|terminat|renew|then|commence|beginning))", re.IGNORECASE),
        "prior to ",
    ),
    (late_pattern(r"(?<=\bone )\([Il]\)(?=\s)", re.IGNORECASE), "(1)"),
    (
        late_pattern(
            r"\ba(?=\s+(?:clear\s+)?(?:calendar\s+)?(?:fortnight|month|week|quarter|year)(?:'s)\s+(?:\w+\s+){0,2}?notice\b)",
            re.IGNORECASE,
        ),
        "1",
    ),
    (late_pattern(r"(?<!and )(?<!and a )\bhalf a year\b(?!\s*-?\s*end)", re.IGNORECASE), "6 months"),
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "tenth": 10}
_ANNIVERSARY = late_pattern(
    r"\b(first|second|third|fourth|fifth|sixth|seventh|tenth)(?:\s*\(\d{1,2}(?:st|nd|rd|th)?\))?\s+anniversary\s+of\s+the\s+"
    r"(effective|commencement|start|signing)",
    re.IGNORECASE,
)
_TOKEN = late_pattern(r"[^\s,;:()\"]+")


def plain(text: str) -> str:
    """`text` with one kind of quote and dash, single spaces, and misspelt key words put right.

    "Between 90 and 60 days" and "within 90 but no fewer than 60 days" get their unit at both numbers.
    """
    text = re.sub(r"<omitted>", " ", text.translate(_SAME))
    text = re.sub(r"\s+", " ", text).strip()
    text = _LETTERS.sub(lambda match: _correct_spelling(match[0]), text)
    for pattern, straight in _ODD:
        text = pattern.sub(straight, text)
    text = _ANNIVERSARY.sub(lambda match: f"{_ORDINALS[match[1].lower()]} year anniversary of the {match[2]}", text)
    text = _BETWEEN.sub(_bounds, text)
    return _SHARED_UNIT.sub(r"\1\2 \4\3\4", text)


def left_over(text: str, read: list[tuple[int, int]]) -> tuple[str, ...]:
    """The pieces of `text` outside the spans in `read` that carry meaning, trimmed of words that do not."""
    pieces, at = [], 0
    for start, end in [*sorted(read), (len(text), len(text))]:
        if start > at:
            pieces.extend(re.split(r"[;,]\s+|\.\s+|\.$", text[at:start]))
        at = max(at, end)
    trimmed = (_trim(piece) for piece in pieces)
    return tuple(piece for piece in trimmed if piece)


def _trim(piece: str) -> str:
    tokens = list(_TOKEN.finditer(piece))
    kept = [token for token in tokens if (word := token[0].strip("'.-/&*!?")) and not _FILLER.fullmatch(word)]
    return piece[kept[0].start() : kept[-1].end()] if kept else ""


def _correct_spelling(word: str) -> str:
    lower = word.lower()
    if lower in _VOCABULARY or _OTHER_WORDS.fullmatch(lower):
        return word
    near = get_close_matches(lower, [known for known in _VOCABULARY if known[0] == lower[0]], n=1, cutoff=0.88)
    return near[0] if near else word


def _bounds(match: re.Match[str]) -> str:
    first, second = number(match[1]), number(match[2])
    if first is None or second is None:
        return match[0]
    high, low = (match[1], match[2]) if first > second else (match[2], match[1])
    return f"no more than {high} {match[3]} and no less than {low} {match[3]}"
