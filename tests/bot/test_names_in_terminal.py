"""The terminal shows people by name where Slack has told it, else by their plain id; commands stay as typed."""

import pytest

from bot.cli import session
from commands.catalog import REGISTRY
from commands.command import Registry
from tests.bot.conftest import DANA, SAM, Bot


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


def test_where_no_name_is_known_ids_are_shown_plainly() -> None:
    text = "Owner: <@U0DANA>\nChannels: <#C0CALDER|calder>\nNext: /engagement role grant <@U0DANA> manager"
    shown = "Owner: U0DANA\nChannels: C0CALDER\nNext: /engagement role grant <@U0DANA> manager"
    assert session.readable(text) == shown


def test_names_that_slack_told_are_kept(bot: Bot) -> None:
    bot.slash(DANA, f"client edit calder owner:<@{SAM}>")
    opened = session.Session(bot.runtime, bot.workspace_id)
    token = session._OPENED.set(opened)
    try:
        assert session.readable(f"Owner: <@{SAM}>, backup: <@U0NEVER>") == "Owner: @Sam Lee, backup: U0NEVER"
    finally:
        session._OPENED.reset(token)
