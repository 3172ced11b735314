"""A short storm on each database; `python -m tests.e2e.chaos` is the whole one."""

import pytest

from tests.e2e.storm import Storm, postgres_database, run, sqlite_database
from tests.postgres_server import NotInstalled


def test_three_senders_on_postgresql_lose_nothing_and_double_nothing() -> None:
    try:
        with postgres_database() as url:
            toll = run(url, Storm(reminders=60, senders=3, most_seconds=12.0))
    except NotInstalled as error:
        pytest.skip(str(error))
    assert (toll.lost, toll.doubled) == ((), ()), toll
    assert toll.kills > 5


def test_a_sender_on_sqlite_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() -> None:
    with sqlite_database() as url:
        toll = run(url, Storm(reminders=25, senders=1, kill_every=0.5, most_seconds=10.0))
    assert (toll.lost, toll.doubled) == ((), ()), toll
    assert toll.kills > 5
