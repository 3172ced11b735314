"""A short trial of three replicas; `python -m tests.e2e.replicas` is the long one."""

import pytest

from tests.e2e.replicas import Trial, run
from tests.e2e.storm import postgres_database
from tests.postgres_server import NotInstalled


@pytest.mark.parametrize("over_http", [True, False], ids=["HTTP", "Socket Mode"])
def test_three_replicas_that_are_killed_and_restarted_are_as_one(over_http: bool) -> None:
    trial = Trial(seconds=6.0, kill_every=1.5, lease=3.0, over_http=over_http)
    try:
        with postgres_database() as url:
            verdict = run(url, trial)
    except NotInstalled as error:
        pytest.skip(str(error))
    assert verdict.findings == (), str(verdict)
    assert verdict.kills + verdict.rolled > 0, str(verdict)
    assert min(verdict.writes, verdict.reads, verdict.again, verdict.reminders) > 0, str(verdict)


def test_a_cache_that_does_not_compare_versions_is_found_out() -> None:
    """The other cache, too: `python -m tests.e2e.replicas --blind directory`."""
    try:
        with postgres_database() as url:
            verdict = run(url, Trial(seconds=8.0, kill_every=60.0, lease=3.0, blind="matrices"))
    except NotInstalled as error:
        pytest.skip(str(error))
    assert verdict.findings
