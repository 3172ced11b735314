"""Socket Mode at its edges: what comes while the process ends, and how long Slack may be away."""

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.console.local_slack import APP_TOKEN
from bot.process import socket_mode
from bot.process.socket_mode import Handler
from bot.runtime.errors import SlackUnreachable
from tests.bot.conftest import Bot


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(SocketModeHandler, "handle", lambda self, client, request: found.append(request))
    return found


def test_what_comes_while_the_process_ends_is_left_for_the_next_one(bot: Bot, handled: list[Any]) -> None:
    """It is not acknowledged, so Slack delivers it again."""
    handler = Handler(bot.app, APP_TOKEN, WebClient())
    handler.handle(handler.client, cast(Any, "before"))
    handler.finish(1.0)
    handler.handle(handler.client, cast(Any, "after"))
    assert handled == ["before"]


class Clock:
    """Moves ten seconds at each look; `away` says from when until when Slack is."""

    def __init__(self, ends: float, *away: tuple[float, float]) -> None:
        self.now, self.ends, self.away = 0.0, ends, away

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return self.now > self.ends

    def is_connected(self) -> bool:
        return not any(since <= self.now < until for since, until in self.away)


def watch(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.process.socket_mode.time.monotonic", lambda: clock.now)
    socket_mode._watch(
        cast(Handler, SimpleNamespace(client=clock)), cast(threading.Event, clock), lambda: "Slack does not answer"
    )


def test_outages_that_end_in_time_are_sat_out(monkeypatch: pytest.MonkeyPatch) -> None:
    watch(Clock(2_000, (100, 390), (500, 790), (1_000, 1_290)), monkeypatch)


def test_an_outage_of_more_than_five_minutes_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(2_000, (500, 1_500))
    with pytest.raises(SlackUnreachable, match="did not come back within five minutes: Slack does not answer"):
        watch(clock, monkeypatch)
    assert 790 < clock.now <= 810
