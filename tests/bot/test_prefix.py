"""Slash commands under another name: declared, answered, and named so in what the bot tells people to type."""

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN
from bot.runtime.wiring import Runtime
from bot.slack.app import build_app
from bot.slack.manifest import build_manifest
from bot.slack.prefix import Prefix
from commands import catalog
from commands.command import Registry
from tests.bot.conftest import DANA, SAM, Bot, settings_for


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def test_the_manifest_declares_them_so() -> None:
    declared = [one["command"] for one in build_manifest(catalog.REGISTRY, prefix="msp")["features"]["slash_commands"]]
    assert "/msp-scope" in declared
    assert all(one.startswith("/msp-") and len(one) <= 32 for one in declared)


def test_the_bot_answers_to_them_and_names_them(bot: Bot, runtime: Runtime) -> None:
    named = Runtime(
        settings_for(bot.slack, ENGAGEMENT_COMMAND_PREFIX="msp"), runtime.database, runtime.dispatcher, runtime.clock
    )
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    bot.app = build_app(named, client, bot.team, bot.workers)
    assert "Not documented" in bot.slash(SAM, "calder who waters the plants?", command="/msp-scope")["text"]
    assert "/msp-engagement help" in bot.slash(DANA, "cleint lst", command="/msp-engagement")["text"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Type /scope acme who?", "Type /msp-scope acme who?"),
        ("/engagement help", "/msp-engagement help"),
        ("https://x.example/scope and a/scope/b", "https://x.example/scope and a/scope/b"),
        ("/scopes", "/scopes"),
    ],
)
def test_only_commands_are_renamed(text: str, named: str) -> None:
    assert Prefix("msp", ("/scope", "/engagement")).in_text(text) == named
