"""How a matrix row changes without losing its history: which versions give way, and which take their place.

A track is what is known now about one item of one paper: versions whose days do not overlap. A row that is proposed
under signed paper has a track of its own beside the agreed one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from storage.records import Party, Responsibility

# A change of one of these says something else; the other fields only help to find the row.
STATEMENT = ("party", "msp_part", "client_part", "third_party", "clause", "notes")
# Which parts a row of each party has; a row of another party that names one says whose work it is not.
_PARTS_OF: Mapping[Party, frozenset[str]] = {
    Party.MSP: frozenset({"msp_part"}),
    Party.CLIENT: frozenset({"client_part"}),
    Party.SHARED: frozenset({"msp_part", "client_part"}),
    Party.THIRD_PARTY: frozenset({"third_party"}),
    Party.OUT_OF_SCOPE: frozenset(),
}
_PARTS = ("msp_part", "client_part", "third_party")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When (aware UTC) and by whom something is recorded."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`superseded` are no longer held to be true; `recorded`, not stored yet, are from now on."""

    superseded: tuple[Responsibility, ...] = ()
    recorded: tuple[Responsibility, ...] = ()

    @property
    def version(self) -> Responsibility:
        """The version that the change is about, not the rest of an earlier one."""
        return self.recorded[-1]


class BeforeItBegan(ValueError):
    """The row would end before its first day, `began_on`."""

    def __init__(self, began_on: date) -> None:
        super().__init__(f"it applies only from {began_on} on")
        self.began_on = began_on


class NothingToChange(ValueError):
    """The row ends on that day already, or does not end at all."""


def version_for(track: Sequence[Responsibility], day: date) -> Responsibility | None:
    """The version that applies on `day`, else the next to come; None where all have ended."""
    ahead = [row for row in track if row.effective_to is None or row.effective_to >= day]
    return min(ahead, key=_start, default=None)


def last_version(track: Sequence[Responsibility]) -> Responsibility | None:
    """The version that ends last."""
    return max(track, key=lambda row: (row.effective_to or date.max, row.id), default=None)


def says_otherwise(old: Responsibility, changes: Mapping[str, Any]) -> bool:
    """Whether `changes` replace something that was stated, not only add to it or name it otherwise."""
    return any(getattr(old, name) and changes[name] != getattr(old, name) for name in STATEMENT if name in changes)


def parts_left_over(old: Responsibility, party: Party) -> tuple[str, ...]:
    """What `old` says and says no more once it is of another `party`: parts that this one does not have, and notes."""
    if old.party is party:
        return ()
    kept = _PARTS_OF[party]
    return tuple(name for name in (*_PARTS, "notes") if getattr(old, name) and name not in kept)


def added(track: Sequence[Responsibility], new: Responsibility, today: date) -> Rewrite:
    """`new` from its own first day on. Where earlier versions ended, it begins today or the day after the last one."""
    last = last_version(track)
    if last is not None and new.effective_from is None:
        ended = last.effective_to or today
        new = new.changed(effective_from=max(today, ended + _DAY), position=last.position)
    return _write(track, new, Stamp(new.recorded_at, new.recorded_by))


def changed(
    track: Sequence[Responsibility],
    old: Responsibility,
    changes: Mapping[str, Any],
    stamp: Stamp,
    *,
    today: date,
    since: date | None = None,
    paper_began_on: date | None = None,
    is_correction: bool = False,
) -> Rewrite:
    """`old`, which applies on `since` or today or begins later, with `changes`: from `since`, else from today, on.

    It is changed for all its days by a correction (which may move its first day to `since`), and where nothing that
    was stated becomes different. A change of days that have passed names the version that said otherwise.
    """
    new = _restate(old, changes, stamp)
    if is_correction or (since is None and not says_otherwise(old, changes)):
        corrected = old.id if is_correction else new.corrects_id
        new = new.changed(effective_from=since or new.effective_from, corrects_id=corrected)
        rest = _write([row for row in track if row.id != old.id], new, stamp)
        return Rewrite((old, *rest.superseded), rest.recorded)
    begins = old.effective_from or paper_began_on
    first = old.effective_from if since is None and begins is not None and begins >= today else since or today
    was_said = first is not None and first < today and old.in_force_on(first)
    until = new.effective_to
    if first is not None and not old.in_force_on(first) and old.effective_from is not None:
        until = old.effective_from - _DAY  # what begins then stays as recorded
    new = new.changed(effective_from=first, effective_to=until, corrects_id=old.id if was_said else None)
    return _write(track, new, stamp, paper_began_on)


def retired(
    track: Sequence[Responsibility], last_day: date, stamp: Stamp, *, paper_began_on: date | None, today: date
) -> Rewrite:
    """It ends with `last_day`, which corrects the day of an earlier retirement.

    Raises BeforeItBegan; NothingToChange where it ends on that day already.
    """
    run = _last_run(track)
    began_on = run[0].effective_from or paper_began_on
    if began_on is not None and last_day < began_on:
        raise BeforeItBegan(began_on)
    end = run[-1]
    if end.effective_to == last_day:
        raise NothingToChange(f"it ends on {last_day} already")
    kept = max((row for row in run if row.effective_from is None or row.effective_from <= last_day), key=_start)
    gone = tuple(row for row in run if _start(row) > _start(kept))
    if kept.effective_to == last_day:
        return Rewrite(gone)
    is_late = end.effective_to is not None or last_day < today
    version = carry_on(kept, stamp, effective_to=last_day, corrects_id=kept.id if is_late else kept.corrects_id)
    return Rewrite((kept, *gone), (version,))


def restored(track: Sequence[Responsibility], stamp: Stamp) -> Rewrite:
    """Its retirement is taken back: it applies without an end. Raises NothingToChange where it does so already."""
    end = _last_run(track)[-1]
    if end.effective_to is None:
        raise NothingToChange("it has not ended")
    return Rewrite((end,), (carry_on(end, stamp, effective_to=None, corrects_id=end.id),))


def _restate(old: Responsibility, changes: Mapping[str, Any], stamp: Stamp) -> Responsibility:
    """`old` with `changes`; entered now where they say more or otherwise, when `old` was where they do not."""
    says_more = any(name in changes for name in STATEMENT if name != "clause")
    entered = {"entered_at": old.stated_at, "entered_by": old.stated_by}
    kept = dict.fromkeys(entered) if says_more else entered
    return old.changed(**kept | dict(changes) | {"id": 0, "recorded_at": stamp.at, "recorded_by": stamp.by})


def _write(
    track: Sequence[Responsibility], new: Responsibility, stamp: Stamp, paper_began_on: date | None = None
) -> Rewrite:
    """`new` holds on its days; versions in its way keep their other days, but for those before the paper began."""
    in_the_way = [row for row in track if _start(row) <= _end(new) and _start(new) <= _end(row)]
    rest = [part for row in in_the_way for part in _outside(row, new, stamp, paper_began_on)]
    return Rewrite(tuple(in_the_way), (*rest, new))


def _outside(
    row: Responsibility, new: Responsibility, stamp: Stamp, paper_began_on: date | None
) -> list[Responsibility]:
    """What is left of `row`, before and after the days of `new`."""
    parts = []
    started = row.effective_from or paper_began_on or date.min
    if new.effective_from is not None and started < new.effective_from:
        parts.append(carry_on(row, stamp, effective_to=new.effective_from - _DAY))
    if new.effective_to is not None and new.effective_to < _end(row):
        parts.append(carry_on(row, stamp, effective_from=new.effective_to + _DAY))
    return parts


def carry_on(row: Responsibility, stamp: Stamp, **days: Any) -> Responsibility:
    """The same statement on other days: it keeps when and by whom it was entered."""
    return row.changed(
        **{"id": 0, "recorded_at": stamp.at, "recorded_by": stamp.by}
        | {"entered_at": row.stated_at, "entered_by": row.stated_by}
        | days
    )


def _last_run(track: Sequence[Responsibility]) -> list[Responsibility]:
    """The versions that follow each other without a gap up to the last one."""
    ordered = sorted(track, key=_start)
    run = ordered[-1:]
    for row in reversed(ordered[:-1]):
        if row.effective_to is None or row.effective_to + _DAY < _start(run[0]):
            break
        run.insert(0, row)
    return run


def _start(row: Responsibility) -> date:
    return row.effective_from or date.min


def _end(row: Responsibility) -> date:
    return row.effective_to or date.max
