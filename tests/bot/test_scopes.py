"""The scopes that `emulate` cannot refuse (tests/e2e/emulate): each is used, and without it something does not work."""

from collections.abc import Callable, Mapping

import pytest

from bot.slack.manifest import BOT_EVENTS, build_manifest, scopes
from commands import catalog
from commands.command import Registry
from tests.bot.conftest import DANA, HELPDESK, SAM, VIC, Bot, is_refusal


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def _suggests_prompts(bot: Bot) -> bool:
    bot.send(bot.payloads.home_opened(SAM, "messages"))
    return bool(bot.slack.prompts)


def _reads_a_file(bot: Bot) -> bool:
    bot.do("agreement add calder SOW-A kind:sow")
    file = bot.slack.add_file("matrix.csv", b"item,responsible\nServer backup,MSP\n")
    bot.send(bot.payloads.direct(DANA, "matrix import calder SOW-A", subtype="file_share", files=[file]))
    assert bot.workers.wait(20)
    return "Rows: 1" in str(bot.slack.posted)


def _knows_a_groups_members(bot: Bot) -> bool:
    bot.slack.groups["S0GROUP"] = [VIC]
    bot.do("client restrict calder group:S0GROUP")
    return "1 client." in bot.slash(VIC, "client list")["text"]


def _answers_a_mention(bot: Bot) -> bool:
    """Slack sends the event for the scope: asked for, and heard."""
    bot.send(bot.payloads.mention(SAM, HELPDESK, "client list"))
    return BOT_EVENTS.get("app_mention") == "app_mentions:read" and "1 client." in str(bot.slack.posted)


def _answers_slash_commands_and_shortcuts(bot: Bot) -> bool:
    """Slack lets an app declare them for the scope: every declared one is heard."""
    features = build_manifest(bot.runtime.dispatcher.registry)["features"]
    for declared in features["slash_commands"]:
        assert not is_refusal(bot.slash(SAM, "help", command=declared["command"]))
    for declared in features["shortcuts"]:
        views = len(bot.slack.posted)
        payload = (
            bot.payloads.message_shortcut(SAM, declared["callback_id"], HELPDESK, "server backup")
            if declared["type"] == "message"
            else bot.payloads.shortcut(SAM, declared["callback_id"])
        )
        bot.send(payload)
        assert [one.kind for one in bot.slack.since(views)] == ["view"], declared["name"]
    return True


USES: Mapping[str, Callable[[Bot], bool]] = {
    "app_mentions:read": _answers_a_mention,
    "assistant:write": _suggests_prompts,
    "commands": _answers_slash_commands_and_shortcuts,
    "files:read": _reads_a_file,
    "usergroups:read": _knows_a_groups_members,
}
BY_DELIVERY = ("app_mentions:read", "commands")
"""Scopes for what Slack sends, not for what the bot calls: there is nothing to refuse."""


@pytest.mark.parametrize("scope", USES)
def test_it_is_used_and_asked_for(bot: Bot, scope: str) -> None:
    bot.slack.scopes = frozenset(scopes())
    assert USES[scope](bot)


@pytest.mark.parametrize("scope", [scope for scope in USES if scope not in BY_DELIVERY])
def test_without_it_something_does_not_work(bot: Bot, scope: str) -> None:
    bot.slack.scopes = frozenset(scopes()) - {scope}
    assert not USES[scope](bot)
