"""Times and sums that a text commits somebody to: how soon they tell, answer or restore, and up to what they pay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty-four": 24, "thirty": 30, "forty-eight": 48, "seventy-two": 72,
}  # fmt: skip
_UNITS = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
_TIME = re.compile(
    rf"(?<![\w.,:/])(?P<number>\d+(?:\.\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})[ -]"
    r"?(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?)(?![\w-])",
    re.I,
)
_WORKING = re.compile(
    r"\b(?:business|working|office|service) (?:days?|hours?)\b|\bnext (?:business|working) day\b", re.I
)
_SUM = re.compile(
    r"(?:[$\u20ac\u00a3]|USD |EUR |GBP )\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?(k|thousand|m|million))?\b", re.I
)
_CAP = re.compile(r"\b(?:liab\w+|indemn\w+|cap(?:s|ped)?|damages)\b", re.I)
_NO_COMMITMENT = re.compile(
    r"\b(?:not|never|no|cannot|if we|may|might|could|aim|target|typical(?:ly)?|usual(?:ly)?)\b|n't|\?$", re.I
)
_INCIDENT = r"(?:incidents?|breach(?:es)?|compromis\w+|attacks?|security events?)"


class Aspect(StrEnum):
    """What is committed to; in words."""

    NOTICE = "telling of an incident"
    RESPONSE = "a response"
    RESTORE = "a fix or a restore"
    CAP = "liability"


@dataclass(frozen=True, slots=True)
class Commitment:
    """`amount` in hours, or in money for a cap; `said` is the sentence."""

    aspect: Aspect
    amount: float
    said: str


_TOLD = r"(?:notif\w+|tells?|told|informs?|informed|reports?|reported|notice)"
_ASPECTS = (
    (Aspect.NOTICE, rf"{_TOLD}\b.*\b{_INCIDENT}\b|{_INCIDENT}\b.*\b{_TOLD}\b"),
    (Aspect.RESTORE, r"(?:restor\w+|recover\w+|resolv\w+|resolution|repair\w*|fix(?:es|ed)?|replac\w+)\b"),
    (Aspect.RESPONSE, r"(?:respon[ds]\w*|answer\w*|call(?:s|ed)? back|on[- ]site|acknowledg\w+|pick(?:s|ed)? up)\b"),
)


def commitments(text: str | None) -> tuple[Commitment, ...]:
    """Each sentence that commits to one time or one cap; a range, working hours and aims are left out."""
    return tuple(_read(text)) if text else ()


def without_times(text: str) -> str:
    """What is asked of the matrix: the text without its times, which no row has in its name."""
    return re.sub(r"\s+", " ", re.sub(rf"(?:\b(?:within|in|under)\s+)?{_TIME.pattern}", " ", text, flags=re.I)).strip(
        " ."
    )


def _read(text: str) -> Iterator[Commitment]:
    for sentence in re.split(r"(?<=[.!?;])\s+|\n+", text):
        if _NO_COMMITMENT.search(sentence):
            continue
        times = list(_TIME.finditer(sentence))
        aspect = next((aspect for aspect, pattern in _ASPECTS if re.search(rf"\b(?:{pattern})", sentence, re.I)), None)
        if aspect and len(times) == 1 and not _WORKING.search(sentence):
            yield Commitment(aspect, _hours(times[0]), sentence.strip())
        sums = _SUM.findall(sentence)
        if len(sums) == 1 and _CAP.search(sentence):
            yield Commitment(Aspect.CAP, _money(*sums[0]), sentence.strip())


def _hours(match: re.Match[str]) -> float:
    number = match["number"].lower()
    value = float(_WORDS[number]) if number in _WORDS else float(number)
    unit = match["unit"].lower()
    return value * _UNITS["min" if unit.startswith("min") else unit[0]]


def _money(digits: str, scale: str) -> float:
    factor = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}.get(scale.lower(), 1)
    return float(digits.replace(",", "")) * factor
