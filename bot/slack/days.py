"""Days as people read them: "1 Dec 2026" on one line, with how far away it is where that helps."""

import re
from datetime import date
from functools import lru_cache

from commands.rules.dates.format import format_date
from commands.rules.text.phrases import count_days

HARD_SPACE = "\u00a0"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_WHOLE = re.compile(_DAY)
# Not every such number is a day of ours: a client's paper may be called "SOW 2026-01-15".
_WORDS = (
    "on|since|until|by|of|from|to|after|before|and|due|us|client|"
    "effective|explained|kept|reviewed|signed|recorded|accepted"
)
_SAID = re.compile(rf"(\b(?i:{_WORDS})|,) ({_DAY})(?![\w-])")
_FIRST = re.compile(rf"^({_DAY})(?= \(recorded |, recorded | to {_DAY}$|, [\d,]+ days? )")
_AT_A_TIME = re.compile(rf"^({_DAY}) (\d\d:\d\d(?: [A-Z]{{2,5}})?)$")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_IN_FULL = re.compile(rf"\b(\d{{1,2}}) ({_MONTHS}) (\d{{4}})\b")


def days_in(text: str, *, is_short: bool = True) -> str:
    """`text` with the days that it speaks of as people write them, each on one line: short for tables and columns."""
    text = _IN_FULL.sub(HARD_SPACE.join((r"\1", r"\2", r"\3")), text)
    if "-0" not in text and "-1" not in text:  # no month
        return text
    if _WHOLE.fullmatch(text):
        return _written(text, is_short)
    if (found := _AT_A_TIME.match(text)) is not None:
        return f"{_written(found[1], is_short)}, {found[2]}"
    text = _FIRST.sub(lambda found: _written(found[1], is_short), text)
    return _SAID.sub(lambda found: f"{found[1]} {_written(found[2], is_short)}", text)


def days_said(text: str) -> str:
    """The same for sentences, where months are written in full as in every other sentence."""
    return days_in(text, is_short=False)


def how_far(text: str, today: date | None) -> str:
    """`days_in`; a whole day with how far away it is."""
    said = days_in(text)
    if today is None or said == text or not _WHOLE.fullmatch(text):
        return said
    left = (date.fromisoformat(text) - today).days
    count = count_days(abs(left)).replace(" ", HARD_SPACE)
    far = "today" if left == 0 else f"in{HARD_SPACE}{count}" if left > 0 else f"{count}{HARD_SPACE}ago"
    return f"{said} ({far})"


@lru_cache(maxsize=1024)
def _written(day: str, is_short: bool) -> str:
    try:
        return format_date(date.fromisoformat(day), is_short=is_short).replace(" ", HARD_SPACE)
    except ValueError:  # 2026-02-30
        return day
