"""Slash commands, mentions, direct messages and buttons, through Bolt's front door with the payloads Slack sends."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN
from bot.slack.app import build_app, web_client
from bot.slack.forms import MORE
from bot.slack.request_handler import RequestHandler
from commands.errors import NotFound
from storage.errors import DatabaseUnavailable
from storage.records import QuestionStatus, ScopeQuestion, Verdict
from tests.bot.conftest import CALDER, DANA, GUS, HELPDESK, NOW, SAM, SECRET, VENDOR, VIC, Bot, buttons, is_refusal
from tests.bot.odd_commands import MAY_FINISH


def test_a_slash_command_is_answered_in_its_response_to_the_asker_alone(bot: Bot) -> None:
    answer = bot.slash(SAM, "calder who patches?", command="/scope")
    assert answer["response_type"] == "ephemeral"
    assert answer["blocks"][0]["text"]["text"] == "Asked: calder who patches?"
    assert "Evidence: SOW-A, clause 3.2, effective since 1 January 2026, no review recorded." in answer["text"]
    assert bot.slack.posted == []


def test_what_slack_escaped_is_read_as_it_was_typed(bot: Bot) -> None:
    answer = bot.slash(SAM, "is R&D <here> ours?", command="/scope")
    assert answer["blocks"][0]["text"]["text"] == "Asked: is R&D <here> ours?"
    assert answer["text"].startswith("Asked: is R&amp;D &lt;here&gt; ours?")


def test_a_mention_is_answered_in_the_thread_to_the_asker_alone(bot: Bot) -> None:
    bot.send(bot.payloads.mention(SAM, HELPDESK, "who patches?", thread_ts="1.2"))
    [posted] = bot.slack.posted
    assert (posted.kind, posted.channel, posted.user) == ("ephemeral", HELPDESK, SAM)
    assert posted.payload["thread_ts"] == "1.2"
    assert posted.payload["text"].startswith("Asked: who patches?")


def test_a_direct_message_is_answered_there(bot: Bot) -> None:
    bot.send(bot.payloads.direct(SAM, "who patches?"))
    [posted] = bot.slack.posted
    assert (posted.kind, posted.channel) == ("message", "D0SAM")


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "bot_message"}, {"channel_type": "channel"}],
    ids=str,
)
def test_messages_of_apps_edits_and_other_channels_are_ignored(bot: Bot, more: dict[str, str]) -> None:
    bot.send(bot.payloads.direct(SAM, "who patches?", **more))
    assert bot.slack.posted == []


def test_what_is_delivered_twice_is_done_once(bot: Bot) -> None:
    payload = bot.payloads.direct(SAM, "who patches?")
    bot.send(payload)
    bot.send(payload)
    bot.send({**payload, "event_id": "Ev_another_delivery"})
    assert len(bot.slack.posted) == 1
    command = bot.payloads.slash(DANA, HELPDESK, "/engagement", 'client add "Twice Ltd"')
    assert "Twice Ltd is recorded" in bot.send(command)["text"]
    assert bot.send(command) == ""


def test_a_button_runs_its_command_for_whoever_presses_it(bot: Bot) -> None:
    [share] = buttons(bot.slash(SAM, "who patches?", command="/scope"))
    assert bot.send(bot.payloads.press(VIC, HELPDESK, share)) == ""
    [posted] = bot.slack.posted
    assert (posted.kind, posted.channel, posted.user) == ("response", HELPDESK, None)
    assert posted.payload["response_type"] == "in_channel"
    assert posted.payload["replace_original"] is False


def test_a_button_gives_nobody_a_role_they_do_not_have(bot: Bot) -> None:
    forged = {"action_id": "run:0", "value": 'client add "Forged Ltd"', "text": {"type": "plain_text", "text": "x"}}
    bot.send(bot.payloads.press(VIC, HELPDESK, forged))
    [posted] = bot.slack.posted
    assert is_refusal(posted.payload)
    assert "yours is viewer" in posted.payload["text"]


@pytest.mark.parametrize(
    ("channel", "reason"), [(VENDOR, "shared with another company"), (SECRET, "channel_not_found")]
)
def test_nothing_is_shared_where_others_could_read_it(bot: Bot, channel: str, reason: str) -> None:
    answer = bot.slash(SAM, "odd share it", channel)
    assert answer["response_type"] == "ephemeral"
    assert reason in answer["text"]


def test_what_went_wrong_is_said_with_what_to_type(bot: Bot) -> None:
    answer = bot.slash(SAM, "cleint list")
    assert is_refusal(answer)
    assert "is not a command" in answer["text"]
    assert "/engagement client list" in answer["text"]


def test_what_is_too_long_is_said_with_its_limit(bot: Bot) -> None:
    name = "Holding " * 11
    words = "name has 87 characters; at most 80 are kept."
    assert words in bot.slash(DANA, f'client add "{name}"')["text"]
    bot.send(bot.payloads.direct(DANA, f'client add "{name}"'))
    bot.send(bot.payloads.mention(DANA, HELPDESK, f'client add "{name}"'))
    assert all(words in posted.payload["text"] for posted in bot.slack.posted)
    assert len(bot.slack.posted) == 2


def test_a_failure_of_ours_gets_an_id_and_no_details(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    answer = bot.slash(SAM, "odd fail")
    found = re.search(r"Something went wrong on our side \(id ([0-9a-f]{8})\)\. Nothing was saved\.", answer["text"])
    assert found is not None
    assert "secret" not in str(answer)
    assert found[1] in caplog.text
    assert "secret detail" in [str(each.exc_info[1]) for each in caplog.records if each.exc_info]


def test_others_are_told_after_the_command(bot: Bot) -> None:
    answer = bot.slash(SAM, f"odd tell {DANA}")
    assert "could not" not in answer["text"]
    [posted] = bot.slack.posted
    assert (posted.channel, posted.payload["text"]) == ("D0DANA", f"You are told by <@{SAM}>.")


def test_a_notice_that_cannot_be_delivered_is_reported(bot: Bot) -> None:
    answer = bot.slash(SAM, "odd tell UNOBODY")
    assert answer["text"].startswith("Noted.")
    assert "<@UNOBODY> could not be told (user_not_found)." in answer["text"]


def test_an_answer_does_not_wait_for_a_slack_that_is_slow_to_tell_others(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, is_awake = WebClient.chat_postMessage, threading.Event()

    def slow(client: WebClient, **message: Any) -> Any:
        is_awake.wait(10)
        return post(client, **message)

    monkeypatch.setattr(WebClient, "chat_postMessage", slow)
    assert bot.slash(SAM, f"odd tell {DANA}")["text"].startswith("Noted.")
    assert bot.slack.posted == []
    is_awake.set()
    assert bot.workers.wait(5)
    [posted] = bot.slack.posted
    assert posted.payload["text"] == f"You are told by <@{SAM}>."


def test_rows_that_do_not_fit_are_one_press_away(bot: Bot) -> None:
    answer = bot.slash(SAM, "odd rows 120")
    [more] = buttons(answer)
    assert more["text"]["text"] == "Show 50 more"
    bot.send(bot.payloads.press(SAM, HELPDESK, more))
    table = next(block for block in bot.slack.posted[-1].payload["blocks"] if block["type"] == "table")
    assert table["rows"][1][0]["text"] == "50"
    [more] = buttons(bot.slack.posted[-1].payload)
    bot.send(bot.payloads.press(SAM, HELPDESK, more))
    table = next(block for block in bot.slack.posted[-1].payload["blocks"] if block["type"] == "table")
    assert [row[0]["text"] for row in table["rows"][-2:]] == ["118", "119"]
    assert buttons(bot.slack.posted[-1].payload) == []


def test_rows_stay_one_press_away_when_the_whole_could_not_be_sent(bot: Bot) -> None:
    bot.slack.failures["files.completeUploadExternal"] = ["not_authed", "not_authed"]
    answer = bot.slash(SAM, "odd much 120")
    assert "could not be sent to you" in str(answer["blocks"])
    [more] = buttons(answer)
    bot.send(bot.payloads.press(SAM, HELPDESK, more))
    answer = bot.slack.posted[-1].payload
    assert "could not be sent to you" in str(answer["blocks"])
    table = next(block for block in answer["blocks"] if block["type"] == "table")
    assert table["rows"][1][0]["text"] == "50"


def test_a_locked_database_is_said_and_a_guest_is_refused_as_ever(bot: Bot) -> None:
    @contextmanager
    def locked(workspace_id: int, **details: bool) -> Iterator[Any]:
        raise DatabaseUnavailable("locked")
        yield

    runtime = replace(bot.runtime, dispatcher=replace(bot.runtime.dispatcher, open_unit=locked))
    client = WebClient(token=BOT_TOKEN, base_url=bot.slack.base_url, timeout=5, retry_handlers=[])
    bot.app = build_app(runtime, client, bot.team, bot.workers)
    for text in ("client edit", "client list"):
        assert "try again in a minute" in bot.slash(SAM, text)["text"]
    for text in ("client list", "no command at all"):
        said = bot.slash(GUS, text)["text"]
        assert "Something went wrong" not in said
        assert "guest" in said


@pytest.mark.parametrize("what", ["form_anew", "form_whole"])
def test_no_log_names_what_was_picked(
    bot: Bot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def unknown(*given: object) -> None:
        raise NotFound('There is no client called "Quiet Harbor".')

    monkeypatch.setattr(RequestHandler, what, unknown)
    bot.slash(DANA, "client edit")
    view = bot.view()
    with caplog.at_level(logging.INFO):
        bot.send(bot.payloads.pick(DANA, view, "client", {"type": "external_select"}))
        for button in (each for each in buttons(view) if each["action_id"] == MORE):
            bot.send(bot.payloads.press_home(DANA, view, button))
    assert "NotFound" in caplog.text
    assert "Quiet Harbor" not in caplog.text


def test_slow_work_is_acknowledged_and_answered_when_done(bot: Bot) -> None:
    MAY_FINISH.clear()
    assert "Working on it" in bot.slash(SAM, "odd slow work")["text"]
    assert bot.slack.posted == []
    MAY_FINISH.set()
    assert bot.workers.wait(5)
    [posted] = bot.slack.posted
    assert (posted.kind, posted.user, posted.payload["text"]) == ("response", SAM, "Finished slowly.")


def test_slow_work_is_not_accepted_while_ending(bot: Bot) -> None:
    bot.workers.drain(5)
    answer = bot.slash(SAM, "odd slow work")
    assert is_refusal(answer)
    assert "Nothing was started" in answer["text"]


def test_a_file_goes_to_the_asker_directly(bot: Bot) -> None:
    assert "could not" not in bot.slash(SAM, "odd export")["text"]
    [posted] = bot.slack.posted
    assert (posted.kind, posted.channel) == ("file", "D0SAM")
    assert (posted.payload["name"], posted.payload["content"]) == ("matrix.csv", b"a,b\n1,2\n")


def test_a_file_that_cannot_be_sent_is_reported(bot: Bot) -> None:
    bot.slack.failures["files.completeUploadExternal"] = ["not_authed"]
    assert "matrix.csv could not be sent to you (not_authed)." in bot.slash(SAM, "odd export")["text"]


def test_a_file_in_a_direct_message_comes_with_the_command(bot: Bot) -> None:
    MAY_FINISH.set()
    file = bot.slack.add_file("rows.csv", b"12345")
    bot.send(bot.payloads.direct(SAM, "odd slow", subtype="file_share", files=[file]))
    assert bot.workers.wait(5)
    assert bot.slack.posted[-1].payload["text"] == "Finished slowly. rows.csv 5"


def test_the_token_is_not_sent_to_other_hosts(bot: Bot) -> None:
    MAY_FINISH.set()
    file = {"id": "F1", "name": "rows.csv", "url_private_download": "https://evil.example/rows.csv"}
    bot.send(bot.payloads.direct(SAM, "odd slow", subtype="file_share", files=[file]))
    assert bot.workers.wait(5)
    assert "is not kept in Slack" in bot.slack.posted[-1].payload["text"]


def test_an_answer_that_cannot_be_posted_goes_by_direct_message(bot: Bot) -> None:
    bot.slack.failures["chat.postEphemeral"] = ["channel_not_found"]
    bot.send(bot.payloads.mention(SAM, HELPDESK, "who patches?"))
    assert bot.slack.posted[-1].channel == "D0SAM"


def test_the_linked_channel_names_the_client(bot: Bot) -> None:
    assert "Calder Ridge" in bot.slash(SAM, "client show", CALDER)["text"]
    assert NOW.tzinfo is not None


def test_payloads_nobody_listens_to_are_acknowledged(bot: Bot) -> None:
    payload = bot.payloads.direct(SAM, "x")
    assert bot.send({**payload, "event": {"type": "channel_rename", "channel": {"id": "C1"}}}) == ""
    shortcut = {"type": "shortcut", "team": {"id": bot.team.id}, "user": {"id": SAM}, "callback_id": "x"}
    assert bot.send(shortcut) == ""
    assert bot.send({"command": "/scope", "team_id": bot.team.id, "text": "parts are missing"}) == ""


def test_whoever_was_told_is_marked_as_told(bot: Bot) -> None:
    workspace_id = bot.workspace_id
    with bot.runtime.dispatcher.open_unit(workspace_id) as uow:
        client = uow.clients.find_by_key("calder")
        assert client is not None
        question = uow.questions.record(
            ScopeQuestion(
                client_id=client.id,
                question="who?",
                asked_by=SAM,
                asked_at=NOW,
                as_of=NOW.date(),
                verdict=Verdict.UNDOCUMENTED,
                status=QuestionStatus.SETTLED,
            )
        )

    def told_at() -> object:
        with bot.runtime.dispatcher.open_unit(workspace_id, writes=False) as uow:
            found = uow.questions.find(question.id)
            return found and found.asker_told_at

    bot.slash(SAM, f"odd tell UNOBODY receipt:question:{question.id}")
    assert told_at() is None
    bot.slash(SAM, f"odd tell {DANA} receipt:question:{question.id}")
    assert told_at() == NOW


def test_a_token_in_the_environment_is_no_reason_to_warn(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    build_app(bot.runtime, web_client(bot.runtime.settings), bot.team, bot.workers)
    assert not caplog.records
