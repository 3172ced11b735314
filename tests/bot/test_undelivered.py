"""Who asked is told that it is settled, or that the answer changed: at once, or by whoever looks later; once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from storage.database import Database
from tests.bot.fake_messenger import Crash, Fault
from tests.bot.test_sender import Office

MINUTES = timedelta(minutes=5)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def settle(office: Office) -> None:
    office.type("scope ask calder who waters the plants?", user="U0SAM")
    office.type("scope settle 1 client note:lease")


def change(office: Office) -> None:
    """Commits, and dies before anybody is told: nothing but the dispatcher runs here."""
    office.type('matrix set calder SOW-A "Server backup" msp')
    for user in ("U0SAM", "U0VIC"):
        office.type("scope ask calder server backup", user=user)
    office.type('matrix set calder SOW-A "Server backup" client')


OWING = {"settled": settle, "changed": change}
KEYS = {"settled": [("D0SAM", "question:1")], "changed": [("D0SAM", "changed:2"), ("D0VIC", "changed:1")]}


@pytest.fixture(params=sorted(OWING))
def owing(request: pytest.FixtureRequest, office: Office) -> list[tuple[str, str]]:
    """The messages, as (channel, key), that nobody has posted yet."""
    OWING[request.param](office)
    return KEYS[request.param]


def told(office: Office) -> list[tuple[str, str]]:
    return sorted((post.channel, post.key) for post in office.slack.posts)


def test_a_crash_between_commit_and_message_loses_nothing_and_it_is_said_once(
    office: Office, owing: list[tuple[str, str]]
) -> None:
    assert office.jobs().tell_askers() == 0, "somebody may be telling them right now"
    office.now += MINUTES
    assert office.jobs().tell_askers() == len(owing)
    office.now += MINUTES
    assert office.jobs().tell_askers() == 0
    assert told(office) == owing


@pytest.mark.parametrize("fault", list(Fault))
def test_whatever_slack_does_it_is_said_once(office: Office, owing: list[tuple[str, str]], fault: Fault) -> None:
    office.slack.faults = [fault]
    for _ in range(3):
        office.now += MINUTES
        with suppress(Crash):
            office.jobs().tell_askers()
    assert told(office) == owing


@pytest.mark.parametrize("crash_at", range(2, 12))
def test_whichever_step_it_dies_at_it_is_said_once(office: Office, owing: list[tuple[str, str]], crash_at: int) -> None:
    office.now += MINUTES
    office.crash_at = crash_at
    with suppress(Crash):
        office.jobs().tell_askers()
    office.crash_at = None
    for _ in range(2):
        office.now += MINUTES
        office.jobs().tell_askers()
    assert told(office) == owing


def test_two_processes_at_once_say_it_once(office: Office, owing: list[tuple[str, str]]) -> None:
    office.now += MINUTES
    both = threading.Barrier(2)
    find: Callable[..., Any] = office.slack.find

    def find_together(*args: Any) -> Any:
        found = find(*args)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return found

    office.slack.find = find_together  # type: ignore[method-assign, assignment]
    threads = [threading.Thread(target=office.jobs().tell_askers) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(office) == owing


def test_a_month_later_nobody_is_told_any_more(office: Office, owing: list[tuple[str, str]]) -> None:
    office.now += timedelta(days=31)
    assert office.jobs().tell_askers() == 0
    assert told(office) == [] != owing


def test_changed_and_changed_back_are_both_told_and_in_order(office: Office) -> None:
    change(office)
    office.now += timedelta(seconds=1)
    office.type('matrix set calder SOW-A "Server backup" msp')
    office.now += MINUTES
    assert office.jobs().tell_askers() == 4
    sams = [post.payload["text"] for post in office.slack.posts if post.channel == "D0SAM"]
    assert ["Before: proposed as ours, not agreed" in text for text in sams] == [True, False]
    assert ["Before: proposed as the client's, not agreed" in text for text in sams] == [False, True]


PLANNED = 'matrix set calder SOW-A "Server backup" client clause:2.1 since:2026-03-05'


def test_whoever_got_an_answer_is_told_on_the_day_on_which_a_planned_row_takes_effect(office: Office) -> None:
    office.type('matrix set calder SOW-A "Server backup" msp clause:2.1')
    office.now += MINUTES
    office.type("scope ask calder server backup", user="U0SAM")
    office.type(PLANNED)
    for day, hour, count in ((4, 15, 0), (5, 6, 0), (5, 15, 1), (5, 16, 1), (6, 15, 1)):
        office.now = office.now.replace(day=day, hour=hour)
        for _ in range(2):
            office.jobs().tell_askers()
            office.now += MINUTES
        assert len(told(office)) == count
    assert told(office) == [("D0SAM", "changed:1")]
    [post] = office.slack.posts
    said = str(post.payload)
    assert "ours" in said
    assert "the client" in said
    with office.database.open_unit(office.workspace_id, writes=False) as uow:
        [change] = uow.changed_answers.of_client(1)
        assert (change.before, change.verdict) == ("ours", "client")
    assert "scope day" in str(office.type("audit show").table)


def test_a_paper_that_ends_by_its_date_is_told_once_to_whoever_relied_on_it(office: Office) -> None:
    office.type('matrix set calder SOW-A "Server backup" msp clause:2.1')
    office.now += MINUTES
    office.type("scope ask calder server backup", user="U0SAM")
    office.type("agreement terminate calder SOW-A on:2026-03-10")
    office.now = office.now.replace(day=14, hour=18)  # a bot that stood still for some days
    for _ in range(3):
        office.jobs().tell_askers()
        office.now += MINUTES
    assert told(office) == [("D0SAM", "changed:1")]
    assert "not in force" in str(office.slack.posts[0].payload)


def test_a_round_on_the_command_line_tells_whoever_is_owed(office: Office, owing: list[tuple[str, str]]) -> None:
    office.now += MINUTES
    assert office.jobs().rehearse().told == len(owing)
    assert not office.slack.posts
    assert office.jobs().whole_round().told == len(owing)
    assert [each for each in told(office) if each in owing] == owing
    assert office.jobs().whole_round().told == 0
