"""What is wrong with a file: the first ten problems in the message, all of them in a file beside it."""

import csv
import io
import json
from hashlib import sha256
from typing import Any

import pytest

from commands.catalog import REGISTRY
from commands.command import Registry
from tests.bot.conftest import CALDER, DANA, Bot, buttons
from tests.bot.form_filler import untouched


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


def sent_in(bot: Bot, rows: list[str]) -> Any:
    """What the form of `client import` answers to these rows of name and time zone."""
    assert bot.slash(DANA, "client import", CALDER) == "", "typed alone it opens its form, in which the file is put"
    view = bot.view()
    file = bot.slack.add_file("firms.csv", "\n".join(["Name,Time zone", *rows]).encode())
    bot.slack.posted.clear()
    bot.send(bot.payloads.submit(DANA, view, {**untouched(view), "file": {"type": "file_input", "files": [file]}}))
    assert bot.workers.wait(20)
    return [one.payload for one in bot.slack.posted if one.kind == "file"]


def test_all_problems_come_as_a_file(bot: Bot) -> None:
    [sent] = sent_in(bot, [f"Firm {number},Zone{number % 3}" for number in range(25)])
    assert sent["name"] == "firms-problems.csv"
    rows = list(csv.reader(io.StringIO(sent["content"].decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Column", "What is wrong"]
    assert [row[:2] for row in rows[1:]] == [[str(number), "zone"] for number in range(2, 27)]
    assert "Zone1" in rows[2][2]


def test_an_import_that_its_button_saves_has_the_hash_of_its_file_in_the_audit_log(bot: Bot) -> None:
    sent_in(bot, ["Calder Ridge,America/Chicago"])
    preview = next(one for one in reversed(bot.slack.posted) if "can be imported" in str(one.payload)).payload
    [save] = [each for each in buttons(preview) if each["text"]["text"] == "Save"]
    bot.send(bot.payloads.press(DANA, CALDER, save))
    assert bot.workers.wait(20)
    content = b"Name,Time zone\nCalder Ridge,America/Chicago"
    with bot.runtime.database.open_unit(bot.workspace_id, writes=False) as uow:
        imports = [details for entry, details in uow.audit.newest(5) if entry.action == "client import"]
    hashes = [json.loads(details or "{}").get("files") for details in imports]
    assert hashes == [[sha256(content).hexdigest()]] * 2


def test_a_few_problems_need_no_file(bot: Bot) -> None:
    assert sent_in(bot, [f"Firm {number},Zone{number}" for number in range(5)]) == []
    told = str([one.payload for one in bot.slack.posted])
    assert "is not a time zone" in told


def test_a_column_is_named_once(bot: Bot) -> None:
    sent_in(bot, [",America/Chicago", "Firm,America/Chicago,x"])
    told = str([one.payload for one in bot.slack.posted])
    assert "row 2: There is no value for" in told
