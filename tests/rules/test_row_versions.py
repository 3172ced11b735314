"""Versions of a row: for any sequence of changes, what was known on a day is the same on every later day."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.matrix.row_versions import (
    BeforeItBegan,
    NothingToChange,
    Rewrite,
    Stamp,
    added,
    changed,
    last_version,
    restored,
    retired,
    version_for,
)
from storage.records import Party, Responsibility

FIRST = date(2026, 1, 1)
PAPER = date(2025, 12, 1)
DAYS = [PAPER + timedelta(days=days) for days in range(0, 160, 5)]


@dataclass
class Ledger:
    """What a repository does: versions are superseded and added."""

    versions: list[Responsibility] = field(default_factory=list)

    def apply(self, rewrite: Rewrite, stamp: Stamp) -> None:
        gone = {row.id for row in rewrite.superseded}
        assert all(row.superseded_at is None for row in self.versions if row.id in gone)
        self.versions = [
            row.changed(superseded_at=stamp.at, superseded_by=stamp.by) if row.id in gone else row
            for row in self.versions
        ]
        for row in rewrite.recorded:
            self.versions.append(row.changed(id=len(self.versions) + 1))

    def known(self, at: datetime) -> list[Responsibility]:
        return [
            row for row in self.versions
            if row.recorded_at <= at and (row.superseded_at is None or row.superseded_at > at)
        ]  # fmt: skip

    def answer(self, day: date, at: datetime) -> Party | None:
        found = [row.party for row in self.known(at) if row.in_force_on(day)]
        assert len(found) <= 1, "two versions of one row on a day"
        return found[0] if found else None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set_since", "correct", "name", "retire", "restore"]),
        st.sampled_from([*Party]),
        st.integers(-60, 60),
    ),
    min_size=1,
    max_size=12,
)


def act(ledger: Ledger, kind: str, party: Party, away: int, today: date, stamp: Stamp) -> date | None:
    """Carry it out; the first day about which it may say something else, None for one that corrects any."""
    track = ledger.known(stamp.at)
    day = today + timedelta(days=away)
    if kind in ("retire", "restore"):
        if not track:
            return date.max
        try:
            if kind == "retire":
                ledger.apply(retired(track, day, stamp, paper_began_on=PAPER, today=today), stamp)
            else:
                ledger.apply(restored(track, stamp), stamp)
        except (BeforeItBegan, NothingToChange):
            return date.max
        return None
    since = day if kind == "set_since" else None
    old = version_for(track, since or today)
    if kind == "correct" and old is None:
        old = last_version(track)
    changes: dict[str, Any] = {"category": f"No. {away}"} if kind == "name" else {"party": party}
    if old is None:
        new = Responsibility(client_id=1, agreement_id=1, item="Backup", party=party, effective_from=since,
                             recorded_at=stamp.at, recorded_by=stamp.by)  # fmt: skip
        ledger.apply(added(track, new, today), stamp)
        return since or (today if track else None)
    rewrite = changed(
        track, old, changes, stamp,
        today=today, since=since, paper_began_on=PAPER, is_correction=kind == "correct",
    )  # fmt: skip
    ledger.apply(rewrite, stamp)
    return date.max if kind == "name" else None if kind == "correct" else since or today


@given(ACTS)
def test_what_was_known_on_a_day_is_the_same_on_any_later_day(acts: list[tuple[str, Party, int]]) -> None:
    ledger = Ledger()
    answers: dict[tuple[date, datetime], Party | None] = {}
    for number, (kind, party, away) in enumerate(acts):
        today = FIRST + timedelta(days=number)
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        before = {day: ledger.answer(day, at - timedelta(hours=1)) for day in DAYS}
        first = act(ledger, kind, party, away, today, Stamp(at, "U0DANA"))
        for key, known in answers.items():
            assert ledger.answer(*key) == known
        for day in DAYS:
            answers[day, at] = ledger.answer(day, at)
            if first is not None and day < first:
                assert answers[day, at] == before[day], f"{kind} changed {day}, before {first}"


@given(ACTS)
def test_a_version_says_when_its_statement_was_entered(acts: list[tuple[str, Party, int]]) -> None:
    ledger = Ledger()
    said: dict[datetime, Party] = {}
    for number, (kind, party, away) in enumerate(acts):
        today = FIRST + timedelta(days=number)
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        act(ledger, kind, party, away, today, Stamp(at, "U0DANA"))
        said[at] = party
    for row in ledger.versions:
        assert row.stated_at <= row.recorded_at
        assert said[row.stated_at] is row.party


_STAMP = Stamp(datetime(2026, 6, 1, tzinfo=UTC), "U1")
_LAST = date(2026, 3, 31)
_ONE = timedelta(days=1)


def version(party: Party, first: date | None, last: date | None, id: int = 1) -> Responsibility:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Responsibility(
        id=id, client_id=1, agreement_id=1, item="Backup", party=party, effective_from=first, effective_to=last,
        recorded_at=at, recorded_by="U0", position=4,
    )  # fmt: skip


def after(rewrite: Rewrite, *track: Responsibility) -> list[tuple[str, date | None, date | None]]:
    gone = {row.id for row in rewrite.superseded}
    kept = [*(row for row in track if row.id not in gone), *rewrite.recorded]
    return sorted(
        ((row.party.value, row.effective_from, row.effective_to) for row in kept), key=lambda each: each[1] or date.min
    )


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (FIRST, [("client", FIRST, _LAST)]),  # from its very first day: nothing of it is left
        (FIRST + _ONE, [("msp", FIRST, FIRST), ("client", FIRST + _ONE, _LAST)]),
        (_LAST, [("msp", FIRST, _LAST - _ONE), ("client", _LAST, _LAST)]),  # its last day alone
    ],
)
def test_versions_follow_each_other_without_a_gap_and_without_a_double_day(since: date, days: list[Any]) -> None:
    old = version(Party.MSP, FIRST, _LAST)
    assert after(changed([old], old, {"party": Party.CLIENT}, _STAMP, today=_LAST, since=since), old) == days


def test_what_was_in_force_goes_on_the_day_after_what_is_put_into_it() -> None:
    old = version(Party.MSP, FIRST, None)
    new = version(Party.CLIENT, date(2026, 2, 1), date(2026, 2, 28), id=0)
    expected = [
        ("msp", FIRST, date(2026, 1, 31)), ("client", date(2026, 2, 1), date(2026, 2, 28)),
        ("msp", date(2026, 3, 1), None),
    ]  # fmt: skip
    assert after(added([old], new, _LAST), old) == expected


def test_what_is_put_beside_it_leaves_it_alone() -> None:
    old = version(Party.MSP, FIRST, _LAST)
    new = version(Party.CLIENT, _LAST + _ONE, None, id=0)
    assert added([old], new, _LAST).superseded == ()
    assert added([old], version(Party.CLIENT, _LAST, None, id=0), _LAST).superseded == (old,)


@pytest.mark.parametrize(
    ("ended", "begins"),
    [(_LAST - _ONE, _LAST), (_LAST, _LAST + _ONE), (date(2026, 1, 31), _LAST), (_LAST + _ONE, date(2026, 4, 2))],
)
def test_what_is_added_again_begins_once_the_last_one_is_over_and_not_before_today(ended: date, begins: date) -> None:
    old = version(Party.MSP, FIRST, ended)
    assert added([old], version(Party.CLIENT, None, None, id=0), _LAST).version.effective_from == begins
    assert added([old], version(Party.CLIENT, None, None, id=0), _LAST).version.position == 4


def test_it_can_end_on_its_first_day_and_not_before() -> None:
    old = version(Party.MSP, FIRST, None)
    end = retired([old], FIRST, _STAMP, paper_began_on=None, today=FIRST)
    assert (end.version.effective_from, end.version.effective_to) == (FIRST, FIRST)
    with pytest.raises(BeforeItBegan):
        retired([old], FIRST - _ONE, _STAMP, paper_began_on=None, today=FIRST)


@pytest.mark.parametrize(("today", "is_late"), [(_LAST, False), (_LAST + _ONE, True)])
def test_an_end_that_is_told_after_its_day_corrects_what_was_said(today: date, is_late: bool) -> None:
    old = version(Party.MSP, FIRST, None)
    end = retired([old], _LAST, _STAMP, paper_began_on=None, today=today)
    assert end.version.corrects_id == (old.id if is_late else None)
    assert (end.version.stated_by, end.version.recorded_by) == ("U0", "U1"), "who entered it stays"


@pytest.mark.parametrize(
    ("day", "found"), [(FIRST, 1), (_LAST, 1), (_LAST + _ONE, 2), (date(2026, 4, 30), 2), (date(2026, 5, 1), None)]
)
def test_the_version_of_a_day_is_the_one_that_applies_or_the_next(day: date, found: int | None) -> None:
    track = [version(Party.CLIENT, date(2026, 4, 15), date(2026, 4, 30), id=2), version(Party.MSP, FIRST, _LAST)]
    chosen = version_for(track, day)
    assert (chosen.id if chosen else None) == found
