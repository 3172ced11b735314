"""A calendar that is subscribed to: made in Slack, read over HTTP on an address of its own, revoked."""

import http.client
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, LocalSlack
from bot.process.calendar_server import calendar_server, feeds_of
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime
from bot.slack.identity import People, Team
from commands import catalog
from commands.command import Registry
from commands.dispatching.dispatcher import Dispatcher
from storage.database import Database
from tests.bot.conftest import DANA, NOW, SAM, VIC, Bot, settings_for

BASE = "https://deadlines.our-msp.example"


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def runtime(empty_database: Path, tmp_path: Path, registry: Registry, slack: LocalSlack) -> Iterator[Runtime]:
    database = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'test.db')}")
    settings = settings_for(slack, ENGAGEMENT_CALENDAR="127.0.0.1:0", ENGAGEMENT_CALENDAR_URL=BASE)
    dispatcher = Dispatcher(registry, database.open_unit, lambda: NOW, settings.policy)
    yield Runtime(settings, database, dispatcher, lambda: NOW)
    database.close()


@pytest.fixture
def port(bot: Bot) -> Iterator[int]:
    """Of a bot that serves calendars, with an agreement and a promise."""
    bot.do("agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 end:2026-09-30 notice:30d")
    bot.do('promise add calder "Test a restore" every:1y due:2026-08-20')
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    team = Team.of(client)
    found = feeds_of(bot.runtime.dispatcher, bot.runtime.workspace_id(team.id), People(client, team))
    with calendar_server(("127.0.0.1", 0), found) as number:
        assert number is not None
        yield number


def read(port: int, path: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    response = connection.getresponse()
    body = response.read()
    if response.status == 200:
        assert response.getheader("content-type") == "text/calendar; charset=utf-8"
    assert response.getheader("cache-control") == "private, no-store"
    return response.status, body


def made(bot: Bot, user: str) -> str:
    """The path of a new address of `user`."""
    answer = str(bot.slash(user, "calendar feed"))
    start = answer.index(f"{BASE}/calendar/") + len(BASE)
    return answer[start : answer.index(".ics", start) + 4]


def summaries(body: bytes) -> list[str]:
    return sorted(str(event["summary"]) for event in Calendar.from_ical(body).walk("VEVENT"))


def test_an_address_shows_what_its_owner_may_see(bot: Bot, port: int) -> None:
    status, body = read(port, made(bot, SAM))
    assert status == 200
    assert "Last day for notice: SOW-A of Calder Ridge" in summaries(body)
    assert any("Test a restore" in each for each in summaries(body))
    _, viewers = read(port, made(bot, VIC))
    assert not any("Test a restore" in each for each in summaries(viewers)), "as /engagement week"
    bot.do("client restrict calder to:U0DANA")
    assert summaries(read(port, made(bot, SAM))[1]) == []


def test_it_follows_the_records(bot: Bot, port: int) -> None:
    path = made(bot, VIC)
    bot.do("agreement edit calder SOW-A end:2026-10-31")
    assert b"20261031" in read(port, path)[1]


def test_a_revoked_address_is_as_if_it_had_never_been(bot: Bot, port: int) -> None:
    path = made(bot, VIC)
    assert read(port, path)[0] == 200
    assert "only its owner or an admin" in str(bot.slash(SAM, "calendar revoke 1")).lower()
    assert "is revoked" in str(bot.slash(VIC, "calendar revoke 1"))
    assert read(port, path) == read(port, "/calendar/never.ics") == (404, b"Nothing is here.")
    assert "No calendar address no. 1 is in use" in str(bot.slash(VIC, "calendar revoke 1"))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/metrics",
        "/calendar/",
        "/calendar/.ics",
        "/calendar/x",
        "/calendar/../x.ics",
        f"/calendar/{'a' * 300}.ics",
    ],
)
def test_nothing_else_is_there(bot: Bot, port: int, path: str) -> None:
    assert read(port, path)[0] == 404


def test_the_secret_is_kept_nowhere(bot: Bot, port: int) -> None:
    token = made(bot, VIC).removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    workspace_id = bot.workspace_id
    with bot.runtime.dispatcher.open_unit(workspace_id, writes=False) as uow:
        kept: list[Any] = [*uow.calendar_feeds.live(), *uow.audit.newest(100)]
    assert token not in str(kept)


def test_an_admin_sees_and_revokes_everybodys(bot: Bot, port: int) -> None:
    path = made(bot, VIC)
    assert "No calendar address is in use" in str(bot.slash(SAM, "calendar feeds"))
    assert "1 calendar address is in use" in str(bot.slash(DANA, "calendar feeds"))
    bot.slash(DANA, "calendar revoke 1")
    assert read(port, path)[0] == 404


def test_whoever_became_a_guest_reads_nothing(bot: Bot, port: int) -> None:
    path, colleagues = made(bot, VIC), made(bot, SAM)
    bot.slack.people[VIC] = replace(bot.slack.people[VIC], flags={"is_restricted": True})
    assert read(port, path) == (404, b"Nothing is here.")
    assert read(port, colleagues)[0] == 200


def test_at_most_five_addresses_each(bot: Bot, port: int) -> None:
    for _ in range(5):
        made(bot, VIC)
    assert "You have 5 calendar addresses already" in str(bot.slash(VIC, "calendar feed"))
    assert made(bot, SAM), "those of others do not count"


@pytest.mark.parametrize(("url", "is_taken"), [(BASE, True), ("http://127.0.0.1:9200", True), ("ftp://x", False)])
def test_the_address_has_to_be_private_on_its_way(bot: Bot, url: str, is_taken: bool) -> None:
    def build() -> Settings:
        return settings_for(bot.slack, ENGAGEMENT_CALENDAR="127.0.0.1:0", ENGAGEMENT_CALENDAR_URL=url)

    if is_taken:
        assert build().policy.calendar_url == url
    else:
        with pytest.raises(ValueError, match="no https address"):
            build()


def events_of(bot: Bot, port: int) -> list[Any]:
    return list(Calendar.from_ical(read(port, made(bot, SAM))[1]).walk("VEVENT"))


def test_each_deadline_is_there_once_for_its_whole_day(bot: Bot, port: int) -> None:
    """What /engagement week says of an agreement, the agreement's own event says already."""
    bot.do("agreement add calder SOW-B kind:sow signed:2026-01-01 effective:2026-01-01 end:2026-10-31 notice:30d")
    days = {each["summary"]: (each["dtstart"].to_ical(), each["dtend"].to_ical()) for each in events_of(bot, port)}
    assert sorted(days.items(), key=lambda each: each[1]) == [
        ("Calder Ridge: promised for 20 August 2026: Test a restore.", (b"20260820", b"20260821")),
        ("Last day for notice: SOW-A of Calder Ridge", (b"20260831", b"20260901")),
        ("Term ends: SOW-A of Calder Ridge", (b"20260930", b"20261001")),
        ("Last day for notice: SOW-B of Calder Ridge", (b"20261001", b"20261002")),
        ("Term ends: SOW-B of Calder Ridge", (b"20261031", b"20261101")),
    ]
    assert len(events_of(bot, port)) == len(days)


def test_a_head_request_gets_no_body(bot: Bot, port: int) -> None:
    path = made(bot, VIC)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"HEAD {path} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 200 " in answer.splitlines()[0]
    assert answer.endswith(b"\r\n\r\n")


def test_what_cannot_be_an_address_is_not_looked_for() -> None:
    asked: list[str] = []

    def found(token: str) -> bytes | None:
        asked.append(token)
        return None

    with calendar_server(("127.0.0.1", 0), found) as number:
        assert number is not None
        for path in (f"/calendar/{'a' * 300}.ics", "/calendar/.ics", "/metrics"):
            assert read(number, path) == (404, b"Nothing is here.")
        assert asked == []
        assert read(number, "/calendar/never.ics")[0] == 404
        assert asked == ["never"]
