"""Whatever is done to a row and its paper: an answer as of a day, as known on a day, is the same on any later day."""

import contextlib
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.errors import CommandError
from storage.database import Database
from tests.commands.conftest import Desk

_numbers = itertools.count(1)
ITEM = 'calder SOW-A "Server backup"'
_DAYS = st.integers(-50, 90)
Steps = list[tuple[str, int]]


def _typed(step: str, day: date) -> str:
    return {
        "set": f"/engagement matrix set {ITEM} msp clause:2.1",
        "set since": f"/engagement matrix set {ITEM} msp clause:2.1 since:{day}",
        "change": f"/engagement matrix set {ITEM} client clause:2.2",
        "change since": f"/engagement matrix set {ITEM} client clause:2.2 since:{day}",
        "propose": f"/engagement matrix set {ITEM} out_of_scope proposed:yes since:{day}",
        "correct": f"/engagement matrix set {ITEM} client clause:2.3 correction:yes since:{day}",
        "retire": f"/engagement matrix retire {ITEM} on:{day}",
        "restore": f"/engagement matrix restore {ITEM}",
        "end": f"/engagement agreement terminate calder SOW-A on:{day}",
        "reinstate": "/engagement agreement reinstate calder SOW-A",
        "undo": "/engagement undo",
    }[step]


STEPS = (
    "set", "set since", "change", "change since", "propose", "correct", "retire", "restore", "end", "reinstate", "undo",
)  # fmt: skip


def _desk(database: Database) -> Desk:
    with database.workspaces() as known:
        desk = Desk(database, known.for_slack(f"TC{next(_numbers)}", "Test").id)
    desk.type('/engagement client add "Calder Ridge" alias:calder zone:America/Chicago')
    desk.type("/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen")
    return desk


def _answer(desk: Desk, day: date, known_at: date) -> tuple[str, str, str]:
    reply = desk.type(f"/scope calder as-of:{day} known-at:{known_at} who does server backup?")
    evidence = reply.evidence
    return reply.headline, reply.data["verdict"], str(evidence.clause if evidence else "")


_EXAMPLES: tuple[tuple[Steps, list[int]], ...] = (
    ([("set since", -50), ("change since", 30), ("retire", 10), ("restore", 0), ("correct", -20)], [-30, 40]),
    ([("set", 0), ("retire", -20), ("set", 0), ("end", 20), ("reinstate", 0)], [-10, 30]),
)


def _what_was_known_stays(database: Database, steps: Steps, asked: list[int]) -> None:
    desk = _desk(database)
    start = desk.now.date()
    days = [start + timedelta(days=offset) for offset in asked]
    known: dict[tuple[date, date], tuple[str, str, str]] = {}
    for step, offset in steps:
        with contextlib.suppress(CommandError):  # refused: nothing is saved
            desk.type(_typed(step, start + timedelta(days=offset)))
        today = desk.now.date()
        known |= {(day, today): _answer(desk, day, today) for day in days}
        desk.now += timedelta(days=7)
    for (day, at), told in known.items():
        assert _answer(desk, day, at) == told, (day, at)


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from(STEPS), _DAYS), min_size=2, max_size=6), st.lists(_DAYS, min_size=2, max_size=2)
)
def test_what_was_known_on_a_day_stays_what_it_was_whatever_was_done(
    sqlite_database: Database, steps: Steps, asked: list[int]
) -> None:
    """On SQLite; the examples below are tried on both engines."""
    _what_was_known_stays(sqlite_database, steps, asked)


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "asked"), _EXAMPLES)
def test_what_was_known_on_a_day_stays_what_it_was(database: Database, steps: Steps, asked: list[int]) -> None:
    _what_was_known_stays(database, steps, asked)
