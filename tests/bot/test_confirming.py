"""What cannot simply be undone is asked back, however it arrives: nothing happens before somebody says yes."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.slack.limits import check_view
from commands import catalog
from commands.command import Command, Registry
from tests.bot.conftest import CALDER, DANA, SAM, Bot, buttons, is_refusal
from tests.bot.form_filler import untouched
from tests.leaks.surfaces import arguments

CONFIRMED = [command for command in catalog.REGISTRY if command.confirm]
YES = {"confirmed": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}}
SET_UP = (
    "agreement add calder PAPER-1 kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m",
    'matrix set calder PAPER-1 "Server patching" msp',
    "disclosure record calder hipaa applies by:Dana",
    "access grant calder something view data:x basis:y limit:z",
    "insurance require calder something",
    "promise add calder something every:3m",
    "framework adopt calder nist-csf 2.0",
    "client add Northpole",
)
# What has to be so before the command can be run.
FIRST = {
    "agreement reinstate": "agreement terminate calder PAPER-1 on:2026-06-30 reason:moved",
    "renewal retract": "renewal decide calder PAPER-1 let_lapse reason:moved",
    "agreement remove": "agreement add calder DRAFT-1 kind:sow",
    "client unmerge": "client merge Northpole calder",
}


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


def typed(command: Command) -> str:
    """All of it, about what SET_UP recorded."""
    if command.name == "client unmerge":
        return "client unmerge Northpole"
    [text] = [text for text in arguments(command, 0) if text.startswith("openwater")]
    text = text.replace("openwater", "calder")
    if command.name == "agreement remove":
        text = text.replace("PAPER-1", "DRAFT-1")
    return f"{command.name} {text.replace('hipaa', 'nist-csf') if command.noun == 'framework' else text}"


@pytest.fixture
def recorded(bot: Bot) -> Bot:
    bot.prepare(*SET_UP)
    return bot


def changes(bot: Bot) -> list[tuple[str, str]]:
    with bot.runtime.database.open_unit(bot.workspace_id, writes=False) as uow:
        return [(entry.action, entry.outcome.value) for entry, _ in uow.audit.newest(100)]


def test_what_has_to_be_confirmed_is_known() -> None:
    assert {command.name for command in CONFIRMED} == {
        "client offboard", "agreement terminate", "matrix retire", "disclosure withdraw", "insurance end",
        "access revoke", "promise end", "framework drop", "agreement reinstate", "agreement remove",
        "renewal retract", "client unmerge",
    }  # fmt: skip


@pytest.mark.parametrize("command", CONFIRMED, ids=lambda command: command.name)
def test_a_slash_command_opens_the_form_that_asks(recorded: Bot, command: Command) -> None:
    if command.name in FIRST:
        recorded.do(FIRST[command.name])
    before = changes(recorded)
    assert recorded.slash(DANA, typed(command)) == ""
    view = recorded.view()
    assert check_view(view) == []
    assert changes(recorded) == before
    assert list(recorded.send(recorded.payloads.submit(DANA, view, untouched(view)))["errors"]) == ["confirmed"]
    assert changes(recorded) == before
    assert recorded.send(recorded.payloads.submit(DANA, view, {**untouched(view), **YES})) == ""
    assert changes(recorded)[0] == (command.name, "done")


@pytest.mark.parametrize("command", CONFIRMED, ids=lambda command: command.name)
def test_a_message_or_a_forged_button_is_asked_back(recorded: Bot, command: Command) -> None:
    if command.name in FIRST:
        recorded.do(FIRST[command.name])
    before = changes(recorded)
    recorded.send(recorded.payloads.mention(DANA, CALDER, typed(command)))
    answer: Any = recorded.slack.posted[-1].payload
    assert is_refusal(answer)
    assert answer["text"].startswith(f"Nothing is done yet. {command.confirm}")
    [button] = buttons(answer)
    assert button["action_id"].startswith("form:")
    recorded.send(recorded.payloads.press(DANA, CALDER, {**button, "action_id": "run:0"}))
    assert recorded.slack.posted[-1].kind == "view"
    assert changes(recorded) == before


def test_who_may_not_do_it_is_not_asked(recorded: Bot) -> None:
    answer = recorded.slash(SAM, "client offboard calder")
    assert "client offboard is for the role manager" in answer["text"]


def test_what_is_wrong_is_said_before_anything_is_asked(recorded: Bot) -> None:
    assert "There is no client" in recorded.slash(DANA, "client offboard neverheardof")["text"]
    assert [one for one in recorded.slack.posted if one.kind == "view"] == []


def test_the_command_line_wants_a_yes(recorded: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", str(recorded.runtime.database.engine.url))
    recorded.runtime.database.close()
    refused = CliRunner().invoke(app, ["do", "/engagement client offboard calder"])
    assert refused.exit_code == 1
    assert re.search(r"Nothing is done yet\. Stop working .*Add --yes", refused.output, re.DOTALL)
    done = CliRunner().invoke(app, ["do", "/engagement client offboard calder", "--yes"])
    assert (done.exit_code, "is offboarded" in done.output) == (0, True)


def test_a_file_of_the_catalogue_is_shown_and_wants_a_yes(
    recorded: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", str(recorded.runtime.database.engine.url))
    recorded.runtime.database.close()
    file = tmp_path / "update.toml"
    file.write_text('[[regulation]]\nkey = "pier"\ntitle = "Pier order"\nkind = "contract"\n', encoding="utf-8")
    line = ["import", "catalogue", str(file)]
    for more in ([], ["--dry-run"]):
        shown = CliRunner().invoke(app, [*line, *more])
        assert "1 would be new or changed. Nothing is saved yet." in shown.output
        assert (shown.exit_code, "Save it: --yes" in shown.output) == ((0, False) if more else (1, True))
    saved = CliRunner().invoke(app, [*line, "--yes"])
    assert (saved.exit_code, "1 is new or changed." in saved.output) == (0, True)
    monkeypatch.setattr("bot.cli.files.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    again = CliRunner().invoke(app, line)
    assert (again.exit_code, "There is nothing to save." in again.output) == (0, True)
    assert "Save" not in again.output


def test_what_is_saved_is_the_file_that_was_shown(
    recorded: Bot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody may write to it while the question stands."""
    monkeypatch.setenv("ENGAGEMENT_DATABASE_URL", str(recorded.runtime.database.engine.url))
    recorded.runtime.database.close()
    file = tmp_path / "update.toml"
    shown = '[[regulation]]\nkey = "pier"\ntitle = "Pier order"\nkind = "contract"\n'
    file.write_text(shown, encoding="utf-8")

    def confirm(*_: object, **__: object) -> bool:
        file.write_text(shown.replace("pier", "quay"), encoding="utf-8")
        return True

    monkeypatch.setattr("bot.cli.files.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr("bot.cli.files.typer.confirm", confirm)
    saved = CliRunner().invoke(app, ["import", "catalogue", str(file)])
    assert saved.exit_code == 0, saved.output
    listed = CliRunner().invoke(app, ["do", "catalogue show pier"])
    assert "Pier order" in listed.output
    assert CliRunner().invoke(app, ["do", "catalogue show quay"]).exit_code == 1


ASKED = [  # what a handler asks back, though its command has no question of its own
    ("client merge Northpole calder", "Northpole"),
    ('client add "Calder-Ridge Ltd"', "is nearly the name of"),
    ("renewal decide calder PAPER-1 renew reason:stays", "Did the other side agree in writing?"),
]


@pytest.fixture
def with_notice(recorded: Bot) -> Bot:
    recorded.do("agreement edit calder PAPER-1 renewal:auto renewal-term:12m notice:60d")
    recorded.do("renewal decide calder PAPER-1 give_notice reason:x notice-on:2026-03-02 method:email")
    return recorded


def entries(bot: Bot) -> list[tuple[str, str]]:
    return [each for each in changes(bot) if each[1] == "done"]


@pytest.mark.parametrize(("line", "question"), ASKED)
def test_what_a_handler_asks_back_is_asked_in_a_form(with_notice: Bot, line: str, question: str) -> None:
    bot, before = with_notice, entries(with_notice)
    assert bot.slash(DANA, line) == ""
    view = bot.view()
    assert check_view(view) == []
    assert question in str(view["blocks"])
    assert view["blocks"][-1]["block_id"] == "confirmed"
    assert entries(bot) == before
    assert bot.send(bot.payloads.submit(DANA, view, {**untouched(view), **YES})) == ""
    assert [name for name, _ in entries(bot)[: len(entries(bot)) - len(before)]] == [" ".join(line.split()[:2])]


@pytest.mark.parametrize(("line", "question"), ASKED)
def test_what_is_asked_of_a_form_that_was_filled_in(with_notice: Bot, line: str, question: str) -> None:
    """Opened from the button below a message, sent, asked, and answered with yes."""
    bot, before = with_notice, entries(with_notice)
    bot.send(bot.payloads.mention(DANA, CALDER, line))
    [button] = [each for each in buttons(bot.slack.posted[-1].payload) if each["action_id"].startswith("form:")]
    bot.send(bot.payloads.press(DANA, CALDER, button))
    view = bot.view()
    answer = bot.send(bot.payloads.submit(DANA, view, untouched(view)))
    assert answer["response_action"] == "update"
    asking = answer["view"]
    assert check_view(asking) == []
    assert asking["blocks"][-1]["block_id"] == "confirmed"
    assert entries(bot) == before
    assert bot.send(bot.payloads.submit(DANA, asking, {**untouched(asking), **YES})) == ""
    assert len(entries(bot)) == len(before) + 1


def test_a_yes_holds_for_what_was_asked_and_nothing_else(recorded: Bot) -> None:
    before = entries(recorded)
    recorded.slash(DANA, 'client add "Calder-Ridge Ltd"')
    view = recorded.view()
    state = {**untouched(view), **YES}
    state["name"] = {**state["name"], "value": "North Pole"}
    answer = recorded.send(recorded.payloads.submit(DANA, view, state))
    assert answer["response_action"] == "update"
    assert "nearly the name of Northpole" in str(answer["view"]["blocks"])
    assert entries(recorded) == before
