"""What Slack delivers twice, and what people click twice, is done once: in this process, another one, or the next."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN
from bot.slack.app import build_app
from bot.slack.workers import Workers
from commands.dispatching.delivery import Delivery, Duplicate, claim
from storage.database import Database
from tests.bot.conftest import CALDER, DANA, HELPDESK, NOW, SAM, Bot
from tests.bot.form_filler import untouched

Send = Callable[[dict[str, Any]], str]


@pytest.fixture
def another(bot: Bot) -> Send:
    """A second process on the same database, with a memory of its own."""
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    app = build_app(bot.runtime, client, bot.team, Workers())

    def send(payload: dict[str, Any]) -> str:
        response = app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        assert response.status == 200
        return str(response.body)

    return send


def entries(bot: Bot) -> int:
    with bot.runtime.database.open_unit(bot.workspace_id, writes=False) as uow:
        return len(uow.audit.newest(1000))


def test_a_command_delivered_again_to_another_process_changes_nothing(bot: Bot, another: Send) -> None:
    payload = bot.payloads.slash(DANA, HELPDESK, "/engagement", 'client add "Once Ltd"')
    assert "Once Ltd is recorded" in bot.send(payload)["text"]
    before = entries(bot)
    assert another(payload) == ""
    assert entries(bot) == before


def test_a_refused_command_delivered_again_is_recorded_once(bot: Bot, another: Send) -> None:
    payload = bot.payloads.slash(SAM, HELPDESK, "/engagement", "client offboard calder")
    bot.send(payload)
    before = entries(bot)
    assert another(payload) == ""
    assert entries(bot) == before


def test_a_message_delivered_again_is_answered_once(bot: Bot, another: Send) -> None:
    payload = bot.payloads.mention(SAM, CALDER, "client list")
    bot.send(payload)
    before = len(bot.slack.posted)
    assert another(payload) == ""
    assert len(bot.slack.posted) == before


def test_a_form_delivered_again_is_saved_once(bot: Bot, another: Send) -> None:
    bot.slash(DANA, "client add")
    view = bot.view()
    state = {**untouched(view), "name": {"type": "plain_text_input", "value": "Form Ltd"}}
    payload = bot.payloads.submit(DANA, view, state)
    bot.send(payload)
    before = entries(bot)
    assert another(payload) == ""
    assert entries(bot) == before


def test_a_double_click_counts_once_and_a_later_one_again(bot: Bot, another: Send) -> None:
    button = {"action_id": "run:0", "value": "odd nap", "text": {"type": "plain_text", "text": "x"}}

    def click() -> dict[str, Any]:
        payload = bot.payloads.press(SAM, HELPDESK, button)
        payload["container"]["message_ts"] = "1700000000.000100"
        return payload

    bot.send(click())
    before = len(bot.slack.posted)
    bot.send(click())
    another(click())
    assert len(bot.slack.posted) == before
    other = click()
    other["container"]["message_ts"] = "1700000000.000200"
    bot.send(other)
    assert len(bot.slack.posted) == before + 1


def test_a_delivery_is_claimed_once_on_both_engines(database: Database) -> None:
    with database.workspaces() as workspaces:
        workspace = workspaces.for_slack("T0", "Test").id
    with database.open_unit(workspace) as uow:
        claim(uow, (Delivery("a"),), NOW)
    with pytest.raises(Duplicate), database.open_unit(workspace) as uow:
        claim(uow, (Delivery("a"),), NOW)
    with database.open_unit(workspace) as uow:
        assert uow.inbox.claim("click", NOW)
        assert not uow.inbox.claim("click", NOW + timedelta(seconds=2), again_before=NOW)
        assert uow.inbox.claim("click", NOW + timedelta(seconds=4), again_before=NOW + timedelta(seconds=1))
    with pytest.raises(Duplicate), database.open_unit(workspace) as uow:  # the effect fails: it may be delivered again
        claim(uow, (Delivery("b"), Delivery("a")), NOW)
    with database.open_unit(workspace) as uow:
        claim(uow, (Delivery("b"),), NOW)
        assert uow.inbox.forget(NOW + timedelta(days=3)) == 3


def test_another_workspaces_deliveries_do_not_count(database: Database) -> None:
    with database.workspaces() as workspaces:
        both = [workspaces.add("One", "T1").id, workspaces.add("Two", "T2").id]
    for workspace in both:
        with database.open_unit(workspace) as uow:
            claim(uow, (Delivery("a"),), NOW)


def test_people_and_channels_are_asked_about_again_once_slack_says_that_they_changed(bot: Bot) -> None:
    bot.slash(SAM, "client list")
    bot.slack.people[SAM] = type(bot.slack.people[SAM])(SAM, "sam", "Sam Lee", flags={"deleted": True})
    assert "1 client" in bot.slash(SAM, "client list")["text"]
    event = {"type": "user_change", "user": {"id": SAM, "deleted": True}, "event_ts": "1"}
    bot.send({**bot.payloads.direct(SAM, ""), "event": event})
    assert "closed accounts" in bot.slash(SAM, "client list")["text"]
