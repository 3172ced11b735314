"""A check of all clients in Slack says how far it got, in the place where its answer follows."""

import pytest

from commands.catalog import REGISTRY
from commands.command import Registry
from tests.bot.conftest import DANA, Bot


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


def test_it_says_how_far_it_got_until_the_answer_follows(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.listeners._EVERY", -1.0)
    bot.do("client add Bluebird")
    bot.slash(DANA, "check all")
    assert bot.workers.wait(60)
    *moving, answer = [posted.payload["text"] for posted in bot.slack.posted]
    assert moving
    assert [f"{at} of {len(moving)} clients checked" in text for at, text in enumerate(moving, 1)] == [True] * len(
        moving
    )
    assert f"{len(moving)} clients checked:" in answer
