"""What a client had disclosed as of a day, out of all that was ever recorded."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from storage.records import Disclosure


def as_of(history: Iterable[Disclosure], day: date, known_at: datetime) -> list[Disclosure]:
    """The answer per regulation that applied on `day` by what was on record at that instant, by regulation.

    Of several answers that apply the one recorded last counts; none, where that one was taken back.
    """
    known = [each for each in history if each.recorded_at <= known_at]
    found: dict[str, Disclosure] = {}
    for each in sorted(known, key=lambda each: (each.recorded_at, each.id)):
        if each.effective_from <= day and (each.effective_to is None or day <= each.effective_to):
            found[each.regulation] = each
    return [found[regulation] for regulation in sorted(found) if not _is_taken_back(found[regulation], known, known_at)]


def _is_taken_back(answer: Disclosure, known: Sequence[Disclosure], known_at: datetime) -> bool:
    """Whether it was no longer held to be true at that instant, and nothing took its place."""
    ended = answer.superseded_at
    return (ended is not None and ended <= known_at) and not any(
        each.regulation == answer.regulation and each.recorded_at == ended and each.id > answer.id for each in known
    )
