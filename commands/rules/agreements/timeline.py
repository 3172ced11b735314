"""Agreements as bars on a common line of time: terms that were, the one that runs, the one that would follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.dates.format import format_date
from storage.records import Agreement

_BACK = relativedelta(months=6)
_AHEAD = relativedelta(months=18)


class Part(StrEnum):
    """`open_ended`: in force without an end. `next_term`: what follows if nobody acts."""

    TERM = "term"
    OPEN_ENDED = "open_ended"
    NEXT_TERM = "next_term"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Bar:
    """From `start` to `end`, both inclusive and inside the timeline."""

    start: date
    end: date
    part: Part


@dataclass(frozen=True, slots=True)
class Lane:
    """One agreement. `deadline` is the last day to give notice, None when there is none on the line."""

    label: str
    bars: tuple[Bar, ...]
    deadline: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """`first` to `last`, inclusive: six months back to eighteen ahead of `today`."""

    first: date
    last: date
    today: date
    lanes: tuple[Lane, ...]


def timeline(agreements: Iterable[tuple[Agreement, Standing]], today: date) -> Timeline:
    """The agreements that have anything to show between six months ago and eighteen months ahead."""
    first, last = today - _BACK, today + _AHEAD
    lanes = [_lane(agreement, stands, first, last) for agreement, stands in agreements]
    return Timeline(first, last, today, tuple(lane for lane in lanes if lane.bars))


def describe_lanes(lanes: Sequence[Lane]) -> str:
    """The same as sentences: for screen readers, and as the picture's alternative text."""
    return " ".join(f"{lane.label}: {lane_in_words(lane)}." for lane in lanes)


def lane_in_words(lane: Lane) -> str:
    """term until 31 Dec 2026, notice by 1 Nov 2026"""
    current = next((bar for bar in lane.bars if bar.part in (Part.TERM, Part.OPEN_ENDED, Part.OVER)), lane.bars[0])
    words = {
        Part.TERM: f"term until {format_date(current.end, is_short=True)}",
        Part.OPEN_ENDED: "no end date",
        Part.OVER: f"over since {format_date(current.end, is_short=True)}",
    }
    notice = f", notice by {format_date(lane.deadline, is_short=True)}" if lane.deadline else ""
    return words.get(current.part, f"begins {format_date(current.start, is_short=True)}") + notice


def _lane(agreement: Agreement, stands: Standing, first: date, last: date) -> Lane:
    bars: list[Bar] = []
    start = stands.term_start or agreement.effective_on
    if stands.status in (AgreementStanding.LAPSED, AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED):
        end = stands.ends_on or stands.term_end
        bars += _clip(start or first, end, Part.OVER, first, last) if end else []
    elif start is not None and stands.term_end is None:
        bars += _clip(start, last, Part.OPEN_ENDED, first, last)
    elif start is not None and stands.term_end is not None:
        bars += _clip(start, stands.term_end, Part.TERM, first, last)
        if stands.next_term_start is not None:
            length = stands.term_end - start
            follows = stands.next_term_start
            length = min(max(length, timedelta(days=1)), date.max - follows)
            bars += _clip(follows, follows + length, Part.NEXT_TERM, first, last)
    deadline = stands.send_by or stands.notice_deadline
    return Lane(agreement.reference, tuple(bars), deadline if deadline and first <= deadline <= last else None)


def _clip(start: date, end: date, part: Part, first: date, last: date) -> list[Bar]:
    start, end = max(start, first), min(end, last)
    return [Bar(start, end, part)] if start <= end else []
