"""The shortcut on a message keeps its file as a signed copy, through the command's own form."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from commands import catalog
from commands.command import Registry
from tests.bot.conftest import CALDER, SAM, Bot
from tests.bot.form_filler import untouched


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def shortcut(bot: Bot, files: list[dict[str, Any]]) -> Mapping[str, Any]:
    payload = bot.payloads.message_shortcut(SAM, "keep_signed_copy", CALDER, "here it is")
    bot.send({**payload, "message": {**payload["message"], "files": files}})
    found: Mapping[str, Any] = bot.slack.posted[-1].payload
    return found


def test_the_file_of_a_message_is_kept(bot: Bot) -> None:
    file = bot.slack.add_file("scan.pdf", b"%PDF-1.7 signed")
    view = shortcut(bot, [file])
    assert json.loads(str(view["private_metadata"]))["file"] == file["id"]
    assert "scan.pdf" in str(view["blocks"])
    of = {"type": "static_select", "selected_option": {"value": "agreement"}}
    state = untouched(view) | {"of": of}
    bot.send(bot.payloads.submit(SAM, view, state))
    assert bot.workers.wait(20)
    assert "is kept as number 1" in str(bot.slack.posted[-1].payload)


def test_without_a_file_the_form_asks_for_one(bot: Bot) -> None:
    view = shortcut(bot, [])
    assert "file_input" in str(view["blocks"])
