"""Who gets an answer, and who gets nothing but a polite refusal."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, TEAM, LocalSlack, Person
from bot.slack.identity import People, Team
from commands.errors import NotAllowed
from commands.visibility import Audience
from tests.bot.conftest import DANA, GUS, HELPDESK, RITA, SAM, VENDOR, Bot, is_refusal

STRANGERS = {
    "UGUEST1": ({"is_restricted": True}, "guest"),
    "UGUEST2": ({"is_ultra_restricted": True, "is_restricted": True}, "guest"),
    "UGUEST3": ({"is_ultra_restricted": True}, "guest"),
    "USTRANGER": ({"is_stranger": True}, "own company"),
    "UBOT1": ({"is_bot": True}, "Only people"),
    "UGONE1": ({"deleted": True}, "Only people"),
}


@pytest.mark.parametrize(("user", "flags", "words"), [(user, *rest) for user, rest in STRANGERS.items()], ids=str)
def test_the_flags_of_slack_are_heeded(bot: Bot, user: str, flags: dict[str, bool], words: str) -> None:
    bot.slack.people[user] = Person(user, "x", "X", flags=flags)
    answer = bot.slash(user, "client list")
    assert is_refusal(answer)
    assert words in answer["text"]
    assert "Calder" not in str(answer)


def test_every_way_in_is_guarded(bot: Bot) -> None:
    for user in (GUS, RITA):
        bot.slack.posted.clear()
        bot.send(bot.payloads.mention(user, VENDOR, "client list"))
        bot.send(bot.payloads.direct(user, "client list"))
        button = {"action_id": "run:0", "value": "client list", "text": {"type": "plain_text", "text": "x"}}
        bot.send(bot.payloads.press(user, VENDOR, button))
        bot.send(bot.payloads.press(user, VENDOR, {**button, "action_id": "form:0", "value": "client add"}))
        assert [is_refusal(posted.payload) for posted in bot.slack.posted] == [True] * 4
        assert "Calder" not in str(bot.slack.posted)
    bot.slash(DANA, "client edit")
    view = bot.view()
    assert bot.send(bot.payloads.suggest(RITA, view, "client"))["options"] == []
    answer = bot.send(bot.payloads.submit(RITA, view, {"name": {"value": "x"}}))
    assert "own company" in next(iter(answer["errors"].values()))


def test_another_workspace_is_refused_before_anything_else(bot: Bot) -> None:
    payload = bot.payloads.slash(SAM, HELPDESK, "/engagement", "client list")
    calls = len(bot.slack.calls)
    answer = bot.send({**payload, "team_id": "T0OTHER"})
    assert "Calder" not in str(answer)
    assert len(bot.slack.calls) == calls
    assert bot.slack.posted[-1].payload["text"].startswith("This assistant is not installed in your workspace")


def test_slack_is_asked_once_about_a_person(bot: Bot) -> None:
    for _ in range(3):
        bot.slash(SAM, "client list")
    assert [arguments["user"] for method, arguments in bot.slack.calls if method == "users.info"] == [SAM]
    assert [method for method, _ in bot.slack.calls if method == "auth.test"] == ["auth.test"]


def test_when_slack_does_not_confirm_who_asks_nothing_is_done(bot: Bot) -> None:
    bot.slack.failures["users.info"] = ["missing_scope"]
    answer = bot.slash(DANA, 'client add "Unsure Ltd"')
    assert is_refusal(answer)
    assert "missing_scope" in answer["text"]
    assert "users:read" in answer["text"]
    assert "1 client." in bot.slash(DANA, "client list")["text"]


def test_answers_about_people_are_forgotten_after_ten_minutes(slack: LocalSlack) -> None:
    now = [0.0]
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[])
    people = People(client, Team.of(client), clock=lambda: now[0])
    people.admit(SAM)
    slack.people[SAM] = Person(SAM, "sam", "Sam", flags={"deleted": True})
    now[0] = 599
    people.admit(SAM)
    now[0] = 601
    with pytest.raises(NotAllowed):
        people.admit(SAM)


@pytest.mark.parametrize(
    ("enterprise", "is_ours"),
    [
        ({"enterprise_id": "E1", "teams": [TEAM]}, True),
        ({"enterprise_id": "E1", "teams": []}, True),
        ({"enterprise_id": "E2", "teams": ["T9"]}, False),
        (None, False),
    ],
)
def test_colleagues_of_the_same_organisation_are_ours(
    slack: LocalSlack, enterprise: dict[str, object] | None, is_ours: bool
) -> None:
    slack.people["W0GRID"] = Person("W0GRID", "grid", "Grid", team="E1", enterprise=enterprise)
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[])
    people = People(client, Team(TEAM, "UBOT", enterprise_id="E1"))
    if is_ours:
        people.admit("W0GRID")
    else:
        with pytest.raises(NotAllowed):
            people.admit("W0GRID")


class Channels(WebClient):
    """Knows what Slack says of one channel."""

    def __init__(self, said: dict[str, bool]) -> None:
        super().__init__(token=BOT_TOKEN)
        self.said, self.asked = said, 0

    def conversations_info(self, **_: Any) -> Any:
        self.asked += 1
        return {"channel": self.said}


@pytest.mark.parametrize(
    ("said", "audience"),
    [
        ({}, Audience.INTERNAL),
        ({"is_shared": True, "is_org_shared": True}, Audience.INTERNAL),  # with other workspaces of ours
        ({"is_ext_shared": True}, Audience.EXTERNAL),
        ({"is_pending_ext_shared": True}, Audience.EXTERNAL),  # invited: they read it all once they accept
    ],
)
def test_who_reads_along_in_a_channel(said: dict[str, bool], audience: Audience) -> None:
    client = Channels(said)
    people = People(client, Team(TEAM, "UBOT"))
    assert people.audience("C1") is audience
    assert people.audience("C1") is audience
    assert client.asked == 1
    assert people.audience("D1") is Audience.INTERNAL
    with pytest.raises(NotAllowed, match="direct message"):
        people.may_share_in("D1")
    people.forget_channel("C1")
    client.said = {}
    assert people.audience("C1") is Audience.INTERNAL


def test_twenty_refused_attempts_are_recorded_and_no_more() -> None:
    people = People(WebClient(token=BOT_TOKEN), Team(TEAM, "UBOT"))
    assert [people.counts_refusal("U0EVIL") for _ in range(22)] == [True] * 20 + [False] * 2
    assert people.counts_refusal("U0OTHER")


class Groups(WebClient):
    members = ("U1",)

    def usergroups_users_list(self, **_: Any) -> Any:
        return {"users": list(self.members)}


def test_a_group_is_asked_about_again_once_it_changed() -> None:
    client = Groups(token=BOT_TOKEN)
    people = People(client, Team(TEAM, "UBOT"))
    assert people.members_of("S1") == {"U1"}
    client.members = ("U2",)
    assert people.members_of("S1") == {"U1"}
    people.forget_group("S1")
    assert people.members_of("S1") == {"U2"}


@pytest.mark.parametrize("is_gone", [False, True])
def test_somebody_who_changed_is_asked_about_again(slack: LocalSlack, is_gone: bool) -> None:
    people = People(WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[]), Team(TEAM, "UBOT"))
    slack.people[SAM] = Person(SAM, "sam", "Sam", flags={} if is_gone else {"deleted": True})
    assert (people.why_untold(SAM) is None) is is_gone
    slack.people[SAM] = Person(SAM, "sam", "Sam", flags={"deleted": True} if is_gone else {})
    people.forget_person(SAM)
    assert (people.why_untold(SAM) is None) is not is_gone


def test_nobody_unknown_hears_about_slow_work(bot: Bot) -> None:
    bot.send(bot.payloads.mention(GUS, VENDOR, "odd slow"))
    assert "guest" in bot.slash(GUS, "odd slow")["text"]
    [posted] = bot.slack.posted
    assert is_refusal(posted.payload)


@pytest.mark.parametrize("enterprise", [None, {}, {"teams": ["T9"]}, {"enterprise_id": None, "teams": []}])
def test_without_an_organisation_nobody_of_another_workspace_is_ours(
    slack: LocalSlack, enterprise: dict[str, object] | None
) -> None:
    """Neither of them has an organisation: that is none in common."""
    slack.people["U0OTHER"] = Person("U0OTHER", "other", "Other", team="T9", enterprise=enterprise)
    people = People(WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[]), Team(TEAM, "UBOT"))
    with pytest.raises(NotAllowed, match="own company"):
        people.admit("U0OTHER")


def test_nothing_is_said_in_a_channel_with_another_company() -> None:
    people = People(Channels({"is_ext_shared": True}), Team(TEAM, "UBOT"))
    assert people.why_untold("C1") == "that channel is shared with another company"
    assert People(Channels({}), Team(TEAM, "UBOT")).why_untold("C1") is None


def test_while_slack_does_not_tell_who_reads_along_whoever_asks_is_answered_alone(slack: LocalSlack) -> None:
    """The answer is the full one, and `may_share_in` keeps it out of the channel."""
    slack.failures["conversations.info"] = ["channel_not_found"] * 9
    people = People(WebClient(token=BOT_TOKEN, base_url=slack.base_url, retry_handlers=[]), Team(TEAM, "UBOT"))
    for _ in range(2):
        assert people.audience("C0PRIVATE") is Audience.INTERNAL
        with pytest.raises(NotAllowed, match="did not tell who reads this channel"):
            people.may_share_in("C0PRIVATE")
