"""Whatever is stored, Slack takes what the bot says: nothing recorded, the longest texts storage allows, many rows.

LocalSlack checks what is posted; what goes back as a response to Slack's request is checked here.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from sqlalchemy import text

from bot.console.local_slack import BOT_TOKEN, TEAM
from bot.jobs.jobs import jobs_for
from bot.jobs.notifier import SlackMessenger
from bot.jobs.sender import Timing
from bot.slack.app import slash_commands
from bot.slack.limits import check_message, check_options, check_view
from bot.slack.prefix import Prefix
from commands.catalog import REGISTRY
from commands.command import Command
from storage.database import Database
from storage.tables import AgreementRow, ClientRow
from tests.leaks import canaries
from tests.leaks.canaries import ADMIN, NOW
from tests.leaks.surfaces import SURFACES, arguments
from tests.leaks.test_leaks import prepared
from tests.leaks.world import HELPDESK, SECRET_ROOM, World, opened

__all__ = ["prepared"]
MANY = 10_000 if os.environ.get("LEAKS") == "all" else 3_000
"""More than any of Slack's limits, which are of 100 things or 3,000 characters; LEAKS=all: as many as are imported."""
_WAYS = ("engagement", "form", "look up", "pick", "home", "submit", "shortcuts")


def empty(path: Path) -> None:
    Database.ready(f"sqlite:///{path}").close()


def with_long_texts(path: Path) -> None:
    """The world of the leak test, every text as long as its column takes, full of what has to be escaped."""
    with opened(path) as world, world.runtime.database.engine.begin() as connection:
        for table in (*canaries.tables(), AgreementRow, ClientRow):
            for name, field in table.model_fields.items():
                longest = canaries.longest(field)
                if longest is None or name in canaries.NOT_SAID or longest < 60:
                    continue
                filler = ("<&> " * longest)[:longest]
                connection.execute(text(f'UPDATE {table.__tablename__} SET "{name}" = :filler'), {"filler": filler})


def with_many_rows(path: Path) -> None:
    """Rows of a matrix, questions that were answered and wordings, as often as it takes; of the rest a good deal."""
    often = {"responsibility": MANY, "scope_question": MANY, "learned_phrase": MANY, "walkthrough": 300}
    with opened(path) as world, world.runtime.database.engine.begin() as connection:
        connection.execute(text("UPDATE scope_question SET status = 'answered' WHERE client_id = 1"))
        for name, count in often.items():
            columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({name})")) if row[1] != "id"]
            listed = ", ".join(f'"{column}"' for column in columns)
            many = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            source = f"(SELECT * FROM {name} ORDER BY id LIMIT 1)"
            connection.execute(text(f"INSERT INTO {name} ({listed}) {many} SELECT {listed} FROM {source}, n"))


@pytest.fixture(params=[empty, with_long_texts, with_many_rows], ids=lambda make: make.__name__)
def world(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "world.db"
    make: Callable[[Path], None] = request.param
    if make is not empty:
        shutil.copy(prepared, path)
    make(path)
    with opened(path) as world:
        yield world


def test_slack_takes_everything_that_the_bot_says(
    world: World, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    problems: list[str] = []
    dispatch = world.app.dispatch

    def watched(request: BoltRequest) -> Any:
        response = dispatch(request)
        problems.extend(_problems(response.body))
        return response

    monkeypatch.setattr(world.app, "dispatch", watched)
    for place, command in enumerate(REGISTRY):
        for number, typed in enumerate(_typed(command, place, is_large="many" in request.node.name)):
            name = _WAYS[(place + number) % len(_WAYS)]
            channel = SECRET_ROOM if number % 2 else HELPDESK
            shown = SURFACES[name](world, ADMIN, channel, command, typed)
            assert problems + world.slack.problems == [], f"{name}: {command.name} {typed}"
            for one in shown:
                assert "went wrong on our side" not in one.text, f"{name}: {command.name} {typed}\n{one.text}"


def test_slack_takes_every_reminder(world: World) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=world.slack.base_url, timeout=5, retry_handlers=[])
    workspace_id = world.runtime.workspace_id(TEAM)
    prefix = Prefix("", slash_commands(REGISTRY))
    for days in (0, 30):
        now = NOW + timedelta(days=days)
        runtime = replace(world.runtime, clock=lambda now=now: now)  # type: ignore[misc]
        jobs = jobs_for(runtime, workspace_id, SlackMessenger(client), prefix)
        jobs.sender.timing = Timing(pause=0, budget=20)
        jobs.round()
    assert world.slack.problems == []


def _typed(command: Command, place: int, *, is_large: bool) -> Iterator[str]:
    """Where there are many rows, only reading, about the client that has them. LEAKS=all leaves nothing out."""
    is_whole = os.environ.get("LEAKS") == "all"
    typed = list(arguments(command, place))
    if command.name in ("client offboard", "client restrict", "role grant", "role revoke"):
        return
    if is_large:
        yield from (typed[1:2] or typed) if is_whole or not command.changes or command.noun == "scope" else ()
    else:
        yield from typed if is_whole else typed[place % 4 :: 4]


def _problems(body: str) -> list[str]:
    """What Slack would refuse in a response: a message, a view, errors or options."""
    if not body.startswith("{"):
        return []
    answer = json.loads(body)
    if "options" in answer:
        return check_options(answer["options"])
    if "view" in answer:
        return check_view(answer["view"])
    if "errors" in answer:
        return [f"an error of {len(words)}" for words in answer["errors"].values() if not 0 < len(words) <= 2000]
    return check_message(answer)
