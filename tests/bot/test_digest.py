"""Monday's digest: once, to whoever answers for something, with what they may see."""

from datetime import timedelta
from typing import Any

import pytest

from bot.jobs.jobs import Jobs
from commands.catalog import REGISTRY
from commands.command import Registry
from tests.bot.conftest import DANA, GUS, SAM, VIC, Bot, buttons, jobs_of

SAMS = f"D{SAM[1:]}"


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def jobs(bot: Bot) -> Jobs:
    """On Monday, 3 August 2026, 10:00 in Chicago; notice is due on Thursday."""
    bot.do(f"client edit calder owner:{SAM} backup:{DANA}")
    bot.do(
        "agreement add calder SOW-A kind:sow effective:2025-09-06 signed:2025-09-06 initial-term:12m renewal:auto "
        "renewal-term:12m notice:30d reviewed:2026-07-01"
    )
    bot.do('walkthrough record calder SOW-A to:"Lee Marsh, COO" on:2026-02-01')
    bot.do(f"role grant {SAM} manager")
    return jobs_of(bot)


def told(bot: Bot, channel: str = SAMS) -> list[Any]:
    return [one.payload for one in bot.slack.posted if one.kind == "message" and one.channel == channel]


def at(bot: Bot, jobs: Jobs, **later: float) -> int:
    """The digests of an instant so much after the fixture's."""
    jobs.sender.clock = lambda: bot.runtime.clock() + timedelta(**later)
    return jobs.send_digests()


def test_the_week_comes_on_monday_with_its_buttons(bot: Bot, jobs: Jobs) -> None:
    assert jobs.send_digests() == 1
    [payload] = told(bot)
    assert payload["text"].startswith("Your week. 1 thing needs you")
    assert "last day to give notice is 6 August 2026" in payload["text"]
    assert {"Decide", "Show", "Open in the home tab"} <= {each["text"]["text"] for each in buttons(payload)}
    [decide] = [each for each in buttons(payload) if each["text"]["text"] == "Decide"]
    bot.send(bot.payloads.press(SAM, SAMS, decide))
    assert "SOW-A" in str(bot.view())


def test_it_comes_once_a_week(bot: Bot, jobs: Jobs) -> None:
    assert [jobs.send_digests(), jobs.send_digests(), at(bot, jobs, hours=2)] == [1, 0, 0]
    assert at(bot, jobs, days=1) == 0, "Tuesday"
    assert len(told(bot)) == 1


def test_a_process_that_died_after_posting_does_not_post_again(bot: Bot, jobs: Jobs) -> None:
    assert jobs.send_digests() == 1
    with bot.runtime.dispatcher.open_unit(jobs.sender.workspace_id) as uow:
        uow.inbox.release(f"digest:{SAM}:2026-08-03:sent")
        uow.inbox.release(f"digest:{SAM}:2026-08-03")
    assert jobs.send_digests() == 0
    assert len(told(bot)) == 1


@pytest.mark.parametrize("hours", [-3, 8, 24, 24 * 5])
def test_not_at_night_and_not_on_other_days(bot: Bot, jobs: Jobs, hours: int) -> None:
    assert at(bot, jobs, hours=hours) == 0


def test_whoever_has_nothing_to_do_hears_nothing(bot: Bot, jobs: Jobs) -> None:
    jobs.send_digests()
    assert told(bot, f"D{DANA[1:]}") == [], "the backup owner of what the owner does"
    bot.do("agreement terminate calder SOW-A on:2026-08-02 reason:over")
    bot.slack.posted.clear()
    assert at(bot, jobs, days=7) == 0


def test_whoever_owns_a_duty_of_the_client_hears_of_it(bot: Bot, jobs: Jobs) -> None:
    bot.do(f'obligation add calder "Name an approver" due:2026-08-05 owner:{VIC}')
    assert jobs.send_digests() == 2
    [payload] = told(bot, f"D{VIC[1:]}")
    assert "Name an approver" in str(payload["blocks"])
    jobs.learn_zones()
    assert VIC in jobs._zones_tried


def test_a_guest_who_owns_something_is_not_told(bot: Bot, jobs: Jobs) -> None:
    with bot.runtime.dispatcher.open_unit(jobs.sender.workspace_id) as uow:
        client = uow.clients.list()[0]
        uow.clients.save(client.changed(owner=GUS))
    assert jobs.send_digests() == 0
