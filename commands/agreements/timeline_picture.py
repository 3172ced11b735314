"""The timeline as a PNG: bars by outline and by word, so that nothing depends on colour."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from commands.pictures.drawing import Theme, draw
from commands.rules.agreements.timeline import Bar, Part, Timeline, lane_in_words
from commands.rules.dates.format import format_date

_WORDS = {Part.TERM: "term", Part.OPEN_ENDED: "no end date", Part.NEXT_TERM: "next term", Part.OVER: "over"}
_ROOM_FOR_WORDS = 0.2
_MONTHS_NAMED = 6


def draw_timeline(line: Timeline, whose: str, theme: Theme | None = None) -> bytes:
    """A PNG as high as there are agreements."""
    lanes = [
        {
            "label": lane.label,
            "words": lane_in_words(lane),
            "bars": [_bar(line, bar) for bar in lane.bars],
            "deadline": _at(line, lane.deadline) if lane.deadline else None,
        }
        for lane in line.lanes
    ]
    months = [{"at": _at(line, month), "words": f"{format_date(month, is_short=True)[2:]}"} for month in _months(line)]
    words = f"The line is today, {format_date(line.today)}; a triangle is the last day for notice."
    return draw(
        "timeline",
        {
            "title": f"{whose}: agreements",
            "words": words,
            "lanes": lanes,
            "today": _at(line, line.today),
            "months": months,
        },
        theme,
    )


def _at(line: Timeline, day: date) -> float:
    """Where a day is, from 0 to 1."""
    return (day - line.first).days / ((line.last - line.first).days or 1)


def _bar(line: Timeline, bar: Bar) -> dict[str, Any]:
    start, end = _at(line, bar.start), _at(line, bar.end)
    words = _WORDS[bar.part] if end - start >= _ROOM_FOR_WORDS else ""
    return {"start": start, "length": max(end - start, 0.005), "part": bar.part.value, "words": words}


def _months(line: Timeline) -> list[date]:
    """The first days of every sixth month, but none whose name would not fit at the end."""
    month = line.first.replace(day=1) + relativedelta(months=1)
    found = []
    while month <= line.last - relativedelta(months=3):
        found += [month] if month.month % _MONTHS_NAMED == 1 else []
        month += relativedelta(months=1)
    return found
