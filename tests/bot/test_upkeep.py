"""The audit log's head goes outside once a day, and what was only needed for a while is forgotten."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, LocalSlack
from bot.jobs.notifier import SlackMessenger
from bot.jobs.retention import remove_what_is_due
from bot.jobs.upkeep import Upkeep
from bot.runtime.config import ConfigError
from bot.runtime.wiring import Runtime
from commands.catalog import REGISTRY
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError
from storage.database import Database
from storage.repositories.retention import KeptKind
from tests.bot.conftest import HELPDESK, NOW, settings_for


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'kept.db')}")
    yield found
    found.close()


def upkeep(slack: LocalSlack, database: Database, now: datetime = NOW, **settings: str) -> Upkeep:
    chosen = settings_for(slack, **settings)
    dispatcher = Dispatcher(REGISTRY, database.open_unit, lambda: now, chosen.policy)
    runtime = Runtime(chosen, database, dispatcher, lambda: now)
    client = WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=5, retry_handlers=[])
    return Upkeep(runtime, runtime.workspace_id("T0LOCAL001"), SlackMessenger(client))


def do(keeper: Upkeep, text: str) -> Any:
    return keeper.runtime.dispatcher.run(Request(keeper.workspace_id, CONSOLE, text))


def later(keeper: Upkeep, days: int) -> Upkeep:
    now = NOW + timedelta(days=days)
    dispatcher = replace(keeper.runtime.dispatcher, clock=lambda: now)
    return replace(keeper, runtime=replace(keeper.runtime, clock=lambda: now, dispatcher=dispatcher))


def test_the_head_goes_to_a_channel_once_a_day(slack: LocalSlack, database: Database) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_AUDIT_HEADS=HELPDESK)
    assert not keeper.save_head(), "there is nothing to save yet"
    do(keeper, "client add Calder")
    assert keeper.save_head()
    assert not keeper.save_head()
    assert not replace(keeper).save_head(), "another process"
    do(keeper, "client alias Calder CR")
    assert later(keeper, 1).save_head()
    assert [posted.payload["text"].split("hash")[0] for posted in slack.posted] == [
        "Audit log: entry 1 has the ",
        "Audit log: entry 2 has the ",
    ]


def test_a_head_that_was_not_taken_is_tried_again(slack: LocalSlack, database: Database, tmp_path: Path) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_AUDIT_HEADS=HELPDESK)
    do(keeper, "client add Calder")
    slack.failures["chat.postMessage"] = ["not_in_channel"]
    assert not keeper.save_head()
    assert keeper.save_head()
    assert not upkeep(slack, database, ENGAGEMENT_AUDIT_HEADS=str(tmp_path / "no" / "such")).save_head()


def test_saved_heads_show_what_a_chain_alone_cannot(slack: LocalSlack, database: Database, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    keeper = upkeep(slack, database, ENGAGEMENT_AUDIT_HEADS=str(heads))
    for name in ("Calder", "Bluebird", "Corvid"):
        do(keeper, f"client add {name}")
    assert keeper.save_head()
    saved = json.loads(heads.read_text())
    head = f"{saved['seq']}:{saved['hash']}"
    assert "heads agree with it" in do(keeper, f"audit verify head:{head}").lines[0]
    with pytest.raises(CommandError, match="written anew"):
        do(keeper, f"audit verify head:2:{saved['hash']}")
    with pytest.raises(CommandError, match="not a saved head"):
        do(keeper, "audit verify head:nonsense")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE seq = 3")
    assert "is whole: 2 entries" in do(keeper, "audit verify").headline, "a cut tail leaves a whole chain"
    with pytest.raises(CommandError, match="cut off: entry 3"):
        do(keeper, f"audit verify head:{head}")


def test_words_are_kept_as_long_as_was_set_and_the_chain_stays(slack: LocalSlack, database: Database) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_KEEP_TYPED_DAYS="30")
    do(keeper, 'client add "Calder"')
    later(keeper, 29).forget()
    assert "client add" in str(do(keeper, "audit show").table)
    later(keeper, 31).forget()
    shown = do(keeper, "audit show").table
    assert "Calder" not in str(shown)
    assert [row[4] for row in shown.rows] == ["audit retention", "client add"]
    assert "is whole: 2 entries" in do(keeper, "audit verify").headline
    kept = upkeep(slack, database)
    later(kept, 10_000).forget()
    assert len(do(keeper, "audit show").table.rows) == 2


def test_deliveries_are_forgotten_after_a_week(slack: LocalSlack, database: Database) -> None:
    keeper = upkeep(slack, database)
    with database.open_unit(keeper.workspace_id) as uow:
        assert uow.inbox.claim("x", NOW)
    later(keeper, 6).forget()
    with database.open_unit(keeper.workspace_id) as uow:
        assert not uow.inbox.claim("x", NOW)
    later(keeper, 8).forget()
    with database.open_unit(keeper.workspace_id) as uow:
        assert uow.inbox.claim("x", NOW)


def test_what_is_not_kept_for_ever_goes_once_a_day_and_never_of_a_held_client(
    slack: LocalSlack, database: Database
) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_KEEP_QUESTIONS_DAYS="400")
    for name in ("Calder", "Mesa"):
        do(keeper, f"client add {name}")
        number = do(keeper, f"scope ask {name} who feeds the hamster?").data["question_id"]
        do(keeper, f"scope settle {number} out_of_scope")
    do(keeper, 'hold place Mesa by:"Ines Vogel" reason:"letter before action"')
    later(keeper, 399).retain()
    assert "hamster" in str(do(keeper, "scope history Calder").table)
    with database.open_unit(keeper.workspace_id, writes=False) as uow:
        told = remove_what_is_due(later(keeper, 401).runtime, uow, only_tell=True)
    assert [(each.kind, each.count) for each in told] == [(KeptKind.QUESTIONS, 1)]
    assert "hamster" in str(do(keeper, "scope history Calder").table), "it was only told"
    later(keeper, 401).retain()
    assert "hamster" not in str(do(keeper, "scope history Calder").table)
    assert "hamster" in str(do(keeper, "scope history Mesa").table)
    later(keeper, 401).retain()
    noted = [row for row in do(keeper, "audit show").table.rows if row[4] == "retention"]
    assert len(noted) == 1
    assert "is whole" in do(keeper, "audit verify").headline


@pytest.mark.parametrize("days", ["1", "364", "-1", "40000"])
def test_no_day_below_the_floor_can_be_set(slack: LocalSlack, days: str) -> None:
    with pytest.raises((ConfigError, ValidationError)):
        settings_for(slack, ENGAGEMENT_KEEP_COPIES_DAYS=days)
