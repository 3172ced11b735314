"""Nobody is shown what is not theirs: everybody, through every way in, with every command, in every kind of channel.

LEAKS=all crosses all of it; without, each person and command meet through changing surfaces and channels, which is the
same every time. A leak shows as a canary, a word that is in every stored text of one client and that nobody types.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.console.local_slack import BOT_TOKEN, TEAM
from bot.runtime.log import Discreet
from bot.slack.home_and_shortcuts import SHORTCUTS
from bot.slack.identity import People
from bot.slack.listeners import FORGETTING
from bot.slack.manifest import build_manifest
from bot.slack.workflow import STEPS
from commands.catalog import REGISTRY
from commands.command import Command
from commands.dispatching import dispatcher
from commands.dispatching.dispatcher import Dispatcher
from commands.parameters import Kind
from commands.visibility import Audience
from storage.database import Database
from storage.engine.concealment import Concealment
from storage.records import Outcome
from storage.unit_of_work import UnitOfWork
from tests.leaks.surfaces import SURFACES, arguments
from tests.leaks.world import (
    COLLEAGUES,
    GUEST,
    HELPDESK,
    JOINT,
    MANAGER,
    MANAGERS,
    MEMBERS,
    NAMED,
    OPEN,
    OUTSIDERS,
    RESTRICTED,
    SECRET_ROOM,
    SHARED,
    STRANGER,
    TYPED,
    UNKNOWN,
    VIEWER,
    Shown,
    World,
    opened,
    prepare,
)

ADMIN = COLLEAGUES[0]
CHANNELS = tuple(MEMBERS)
_WHO_SEES_WHAT = ("role grant", "role revoke", "client restrict", "client unrestrict", "client share")
_FOR_OUTSIDERS = (
    "slash",
    "mention",
    "direct",
    "run",
    "form",
    "submit",
    "look up",
    "pick",
    "shortcuts",
    "home",
    "steps",
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("leaks") / "prepared.db"
    Database.ready(f"sqlite:///{path}").close()
    with opened(path) as world:
        prepare(world)
    return path


@pytest.fixture
def world(prepared: Path, tmp_path: Path) -> Iterator[World]:
    with opened(Path(shutil.copy(prepared, tmp_path / "world.db"))) as world:
        yield world


Step = tuple[str, str, Command, str]


def crossing(world: World, user: str, *, thin: int = 4) -> Iterator[tuple[str, list[Shown]]]:
    """What appears when `user` does all of it; `thin` leaves all but every so manieth step out."""
    for name, channel, command, text in steps(user, thin):
        yield f"{user}, {name} in {channel}: {command.name} {text}", SURFACES[name](world, user, channel, command, text)


def steps(user: str, thin: int = 4) -> Iterator[Step]:
    """What `user` does: the surface, the channel, the command and what is typed after it."""
    is_whole = os.environ.get("LEAKS") == "all"
    names = tuple(SURFACES) if user in COLLEAGUES else _FOR_OUTSIDERS
    turn = (COLLEAGUES + OUTSIDERS).index(user)
    newest_first = sorted(REGISTRY, key=lambda command: command.noun != "audit")  # while the log shows what was before
    for place, command in enumerate(newest_first):
        if user == ADMIN and command.name in _WHO_SEES_WHAT:
            continue
        for number, text in enumerate(arguments(command, place)):
            if (place + number + turn) % thin and not is_whole:
                continue
            turn += thin + 1
            ways = [(names[turn % len(names)], CHANNELS[(turn + turn // len(names)) % len(CHANNELS)])]
            if command.verb == "share":  # what is shown to a whole channel, in each of them
                ways = [("engagement", channel) for channel in CHANNELS]
            for name, channel in product(names, CHANNELS) if is_whole else ways:
                yield name, channel, command, text


def test_every_command_is_crossed_by_colleagues_and_by_outsiders() -> None:
    for users in (COLLEAGUES, OUTSIDERS):
        crossed = {command.name for user in users for _, _, command, _ in steps(user)}
        assert crossed == {command.name for command in REGISTRY}


@pytest.mark.parametrize("user", [*COLLEAGUES, *OUTSIDERS])
def test_nobody_reads_what_is_not_theirs(world: World, user: str) -> None:
    seen: set[str] = set()
    if user == UNKNOWN:
        world.slack.failures["users.info"] = ["user_not_found"] * 10_000
    for done, shown in crossing(world, user):
        for one in shown:
            assert one.leaks() == [], f"{done}\n{one.text}"
            assert "went wrong on our side" not in one.text, f"{done}\n{one.text}\n{world.log.getvalue()[-3000:]}"
            seen |= {token for token in TYPED if token in one.text.lower()}
    log = world.log.getvalue()
    assert [token for token in (*TYPED, BOT_TOKEN) if token in log.lower()] == []
    assert bool(seen) == (user in COLLEAGUES), "the test must show people what is theirs"


NEEDS_MORE = {"paper verify", "paper notice", "paper addendum", "copy attach", "incident edit", "incident reopen"}


def test_what_is_typed_of_incidents_papers_and_copies_reaches_what_is_stored(world: World) -> None:
    """Else the crossing would see refusals only."""
    of_them = [each for each in REGISTRY if each.noun in ("incident", "paper", "copy") and each.name not in NEEDS_MORE]
    for command in sorted(of_them, key=lambda each: each.verb == "close"):
        for token, typed in TYPED.items():
            [text] = [each for each in arguments(command, 0) if typed in each.split()]
            shown = [one for one in SURFACES["engagement"](world, ADMIN, SECRET_ROOM, command, text) if one.text]
            assert any(token in one.text.lower() for one in shown), (command.name, shown)
            assert not any('"block_id": "refused"' in one.text for one in shown), (command.name, shown)


CHECKS: dict[str, tuple[Any, str, Any, str]] = {
    "clients are concealed": (UnitOfWork, "conceal", lambda *_, **__: None, VIEWER),
    "only the channel's client in a shared channel": (People, "audience", lambda *_: Audience.INTERNAL, ADMIN),
    "only colleagues are admitted": (People, "admit", lambda *_: None, STRANGER),
    "guests are not admitted": (People, "admit", lambda *_: None, GUEST),
    "answers of restricted clients stay with the asker": (
        dispatcher,
        "redact_for",
        lambda ctx, reply, *_: reply,
        NAMED,
    ),
    "the audit log keeps what was typed": (Concealment, "shows", lambda *_: True, MANAGER),
    "tracebacks say no words": (Discreet, "formatException", logging.Formatter.formatException, MANAGER),
}


@pytest.mark.parametrize("check", CHECKS)
def test_without_any_one_check_it_leaks(world: World, monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    """The test above sees something only if this one passes: a check is taken away, and a leak is found."""
    owner, name, replacement, user = CHECKS[check]
    monkeypatch.setattr(owner, name, replacement)
    if owner is Discreet:
        monkeypatch.setattr(Dispatcher, "context", _failing_with_words)
    assert any(_leaks(world, shown) for _, shown in crossing(world, user, thin=1))


def _leaks(world: World, shown: list[Shown]) -> bool:
    return any(one.leaks() for one in shown) or any(token in world.log.getvalue().lower() for token in TYPED)


def _failing_with_words(*_: object) -> Any:
    raise RuntimeError(f"{RESTRICTED} is what somebody typed")


def test_a_restricted_client_and_one_that_is_not_there_read_the_same(world: World) -> None:
    """The same words, after the same statements to the database: there is nothing to tell them apart by."""
    statements: list[str] = []
    event.listen(world.runtime.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for command in REGISTRY:
        if any(parameter.kind is Kind.CLIENT for parameter in command.parameters):
            found = []
            for typed in ("neverheardof", "vantablack", "nowherenear"):  # the first one warms up what is kept
                statements.clear()
                shown = SURFACES["engagement"](world, MANAGER, HELPDESK, command, f"{typed} PAPER-1 hipaa")
                found.append(([one.text.replace(typed, "X") for one in shown], list(statements)))
            assert found[1] == found[2], command.name


def test_the_shared_channels_own_client_may_be_shown_there_once_an_admin_allows_it(world: World) -> None:
    ask, share = REGISTRY.find("scope", "ask"), REGISTRY.find("scope", "share")
    assert ask is not None
    assert share is not None
    shown = SURFACES["slash"](world, VIEWER, SHARED, ask, "server patching")
    assert JOINT in shown[0].text
    assert "scope share" not in shown[0].text
    world.run(f"client share jointventure <#{SHARED}>")
    shown = SURFACES["slash"](world, VIEWER, SHARED, ask, "server patching")
    number = re.search(r"scope share (\d+)", shown[0].text)
    assert number is not None
    [answer, *_] = SURFACES["engagement"](world, VIEWER, SHARED, share, number[1])
    assert answer.readers == frozenset(MEMBERS[SHARED])
    assert JOINT in answer.text
    assert OPEN not in answer.text
    for remark in (f"{JOINT} notes", "Caution", "recorded by"):  # is for us alone
        assert remark not in answer.text


@pytest.mark.parametrize("way", ["engagement", "mention", "run"])
@pytest.mark.parametrize(
    ("user", "client", "asked_in", "shown_in", "reason"),
    [
        (VIEWER, "jointventure", SHARED, SHARED, "shared with another company"),
        (NAMED, "vantablack", SECRET_ROOM, HELPDESK, "restricted to named people"),
    ],
)
def test_showing_an_answer_where_others_read_it_is_refused_and_kept_in_the_log(
    world: World, way: str, user: str, client: str, asked_in: str, shown_in: str, reason: str
) -> None:
    ask, share = REGISTRY.find("scope", "ask"), REGISTRY.find("scope", "share")
    assert ask is not None
    assert share is not None
    [answer, *_] = SURFACES["slash"](world, user, asked_in, ask, f"{client} server patching")
    number = re.search(r"scope escalate (\d+)", answer.text)
    assert number is not None
    shown = [one for one in SURFACES[way](world, user, shown_in, share, number[1]) if one.text not in ("", '""')]
    assert [one.readers for one in shown] == [frozenset({user})]
    assert reason in shown[0].text
    assert client not in shown[0].text
    with world.runtime.database.open_unit(world.runtime.workspace_id(TEAM), writes=False) as uow:
        [(newest, _)] = uow.audit.newest(1)
    assert (newest.actor, newest.action, newest.outcome) == (user, "scope share", Outcome.REFUSED)


def test_who_may_see_a_restricted_client_does_not_show_it_to_others_by_linking_a_channel(world: World) -> None:
    ask, share = REGISTRY.find("scope", "ask"), REGISTRY.find("scope", "share")
    assert ask is not None
    assert share is not None
    for command in ("client link vantablack", "client edit vantablack channel:here"):
        [answer] = world.send(NAMED, HELPDESK, world.payloads.slash(NAMED, HELPDESK, "/engagement", command))
        assert "only an admin links another one" in answer.text
    [asked, *_] = SURFACES["slash"](world, NAMED, HELPDESK, ask, "vantablack server patching")
    number = re.search(r"scope escalate (\d+)", asked.text)
    assert number is not None
    [shown, *_] = SURFACES["engagement"](world, NAMED, HELPDESK, share, number[1])
    assert shown.leaks() == []
    world.run(f"client link vantablack <#{MANAGERS}>")


def test_a_restricted_clients_questions_are_not_told_to_the_managers_channel(world: World) -> None:
    ask = REGISTRY.find("scope", "ask")
    assert ask is not None
    shown = SURFACES["slash"](world, NAMED, SECRET_ROOM, ask, "vantablack who washes the dishes?")
    assert [one.leaks() for one in shown if one.leaks()] == []


def test_every_way_in_of_the_manifest_is_crossed() -> None:
    """A new kind of entrance has to be added to the surfaces, or here with the reason why it shows nothing."""
    manifest = build_manifest(REGISTRY)
    known = {"app_home_opened", "app_mention", "function_executed", "message.im", *FORGETTING}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) <= known
    assert {one["callback_id"] for one in manifest["features"]["shortcuts"]} == {one[0] for one in SHORTCUTS}
    assert set(manifest["features"]) <= {"agent_view", "app_home", "bot_user", "shortcuts", "slash_commands"}
    assert set(manifest.get("functions", ())) == set(STEPS)


def test_the_apps_listeners_are_those_that_are_crossed(world: World) -> None:
    found = {listener.ack_function.__name__ for listener in world.app._listeners}
    assert found == {
        "on_command", "on_mention", "on_message", "on_change", "on_button", "on_picked", "on_form", "on_options",
        "on_home_opened", "on_page", "on_shortcut", "on_ask", "on_disclose", "_on_link",
        "on_more",  # not crossed yet: it shows a form that was opened before with all its fields
    }  # fmt: skip
