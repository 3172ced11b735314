"""Somebody who is gone, a guest, an app or of another company answers for nothing: refused when named, found later."""

from dataclasses import replace

import pytest

from bot.console.local_slack import Person
from commands.catalog import REGISTRY
from commands.command import Registry
from commands.dispatching.request import CONSOLE, Request
from tests.bot.conftest import DANA, HELPDESK, SAM, Bot

GONE, ROBOT, GUEST, VENDOR = "U0GONE", "U0ROBOT", "U0GUS", "U0RITA"
WAYS = (
    "client add Quiet owner:<@{}>",
    "client edit calder owner:<@{}>",
    "client edit calder backup:<@{}>",
    "client restrict calder to:<@{}>",
    "agreement add calder SOW-B kind:sow owner:<@{}>",
    'promise add calder "Test a restore" owner:<@{}>',
    "role grant <@{}> technician",
)


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def office(bot: Bot) -> Bot:
    bot.slack.people[GONE] = Person(GONE, "gone", "Gina Gone", flags={"deleted": True})
    bot.slack.people[ROBOT] = Person(ROBOT, "robot", "Robot", flags={"is_bot": True})
    return bot


@pytest.mark.parametrize("line", WAYS)
@pytest.mark.parametrize(
    ("user", "words"),
    [
        (GONE, "no active account"),
        (ROBOT, "an app"),
        (GUEST, "a guest"),
        (VENDOR, "another company"),
        ("U0NEVER", "nobody that Slack knows"),
    ],
)
def test_whoever_cannot_answer_for_anything_is_refused(office: Bot, line: str, user: str, words: str) -> None:
    answer = office.slash(DANA, line.format(user))
    assert words in answer["text"], answer["text"]


@pytest.mark.parametrize("line", WAYS)
def test_a_full_member_is_accepted(office: Bot, line: str) -> None:
    if not line.startswith("role"):
        assert "was not checked" not in str(office.slash(DANA, line.format(SAM)))


def test_a_role_and_a_view_can_be_taken_from_whoever_is_gone(office: Bot) -> None:
    office.slash(DANA, f"client restrict calder to:<@{SAM}>")
    office.slack.people[SAM] = replace(office.slack.people[SAM], flags={"deleted": True})
    assert "no longer" in office.slash(DANA, f"role revoke <@{SAM}>")["text"]
    assert "restricted" in office.slash(DANA, f"client restrict calder remove:<@{SAM}>")["text"]


def test_the_check_finds_an_owner_who_left(office: Bot) -> None:
    office.slash(DANA, f"client edit calder owner:<@{SAM}>")
    assert "no active account" not in str(office.slash(DANA, "check calder everything:yes"))
    office.slack.people[SAM] = replace(office.slack.people[SAM], flags={"deleted": True})
    event = {"type": "user_change", "user": {"id": SAM, "deleted": True}, "event_ts": "1"}
    office.send(office.payloads.mention(SAM, HELPDESK, "") | {"event": event})
    assert "no active account" in str(office.slash(DANA, "check calder everything:yes"))


def test_where_slack_is_not_asked_it_is_said(office: Bot) -> None:
    workspace_id = office.runtime.workspace_id(office.team.id)
    request = Request(workspace_id, CONSOLE, f"client edit calder owner:{SAM}")
    assert any("was not checked" in caution for caution in office.runtime.dispatcher.run(request).cautions)
