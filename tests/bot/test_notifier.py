"""What Slack's answers mean for a message, over real HTTP; and the last look at the clock before it leaves."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, LocalSlack
from bot.notifier import CannotTell, Delivered, SlackMessenger, TryLater, Unclear, Undeliverable
from bot.slack.reminder_message import is_marked, message
from commands.reply import Choice, Reply
from tests.bot.conftest import HELPDESK, SAM

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PAYLOAD = message([Reply("Calder Ridge: look at SOW-A.", choices=(Choice("Acknowledge", "reminder ack 7"),))], "k" * 64)


@pytest.fixture
def messenger(slack: LocalSlack) -> SlackMessenger:
    return SlackMessenger(WebClient(token=BOT_TOKEN, base_url=slack.base_url, timeout=2, retry_handlers=[]))


def post(messenger: SlackMessenger, channel: str = HELPDESK) -> object:
    return messenger.post(channel, PAYLOAD, lambda: True)


def test_what_was_posted_is_found_by_its_key(slack: LocalSlack, messenger: SlackMessenger) -> None:
    channel = messenger.channel_of(SAM)
    assert channel == "D0SAM"
    outcome = post(messenger, "D0SAM")
    assert isinstance(outcome, Delivered)
    assert messenger.find("D0SAM", "k" * 64, LONG_AGO) == outcome.ts
    assert messenger.find("D0SAM", "j" * 64, LONG_AGO) is None
    assert messenger.zone_of(SAM) == "America/Chicago"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ("channel_not_found", Undeliverable), ("is_archived", Undeliverable), ("not_in_channel", Undeliverable),
        ("invalid_blocks", Undeliverable), ("msg_too_long", Undeliverable),
        ("ratelimited", TryLater), ("429", TryLater), ("invalid_auth", TryLater), ("account_inactive", TryLater),
        ("missing_scope", TryLater), ("something_new", TryLater),
        ("internal_error", Unclear), ("fatal_error", Unclear), ("500", Unclear), ("503", Unclear),
    ],
)  # fmt: skip
def test_what_an_answer_means(slack: LocalSlack, messenger: SlackMessenger, failure: str, kind: type) -> None:
    slack.failures["chat.postMessage"] = [failure]
    assert isinstance(post(messenger), kind)
    slack.failures["conversations.open"] = [failure]
    opened = messenger.channel_of(SAM)
    assert isinstance(opened, TryLater if kind is Unclear else kind), "to ask for a channel posts nothing"


def test_whom_slack_does_not_know_cannot_be_told(messenger: SlackMessenger) -> None:
    assert messenger.channel_of("U0NOBODY") == Undeliverable("Slack does not know this person")


def test_a_history_that_cannot_be_read_is_no_answer(slack: LocalSlack, messenger: SlackMessenger) -> None:
    for failure in ("missing_scope", "429", "500"):
        slack.failures["conversations.history"] = [failure]
        with pytest.raises(CannotTell):
            messenger.find(HELPDESK, "k" * 64, LONG_AGO)


def test_a_message_that_is_gone_needs_no_update(slack: LocalSlack, messenger: SlackMessenger) -> None:
    outcome = post(messenger)
    assert isinstance(outcome, Delivered)
    assert messenger.update(HELPDESK, outcome.ts, PAYLOAD)
    assert messenger.update(HELPDESK, "1.0", PAYLOAD)
    slack.failures["chat.update"] = ["ratelimited"]
    assert not messenger.update(HELPDESK, outcome.ts, PAYLOAD)


def test_too_late_nothing_leaves(slack: LocalSlack, messenger: SlackMessenger) -> None:
    assert messenger.post(HELPDESK, PAYLOAD, lambda: False) == TryLater(0.0)
    assert slack.posted == []


def test_too_late_between_head_and_body_nothing_is_carried_out(slack: LocalSlack, messenger: SlackMessenger) -> None:
    looks = iter([True, False, False])
    assert messenger.post(HELPDESK, PAYLOAD, lambda: next(looks)) == TryLater(0.0)
    assert slack.posted == []


@pytest.fixture
def deaf_server() -> Iterator[int]:
    """Accepts, reads, and hangs up without a word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.recv(65536)
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    listening.close()


def test_no_answer_is_not_a_refusal(deaf_server: int) -> None:
    for port in (deaf_server, 9):  # the second refuses the connection
        client = WebClient(token="xoxb-x", base_url=f"http://127.0.0.1:{port}/api/", timeout=1, retry_handlers=[])
        assert isinstance(post(SlackMessenger(client)), Unclear)


def test_the_key_is_found_on_a_block_where_slack_keeps_no_metadata() -> None:
    found: dict[str, Any] = {"blocks": PAYLOAD["blocks"]}
    assert is_marked(found, "k" * 64)
    assert not is_marked(found, "k")
    assert not is_marked({}, "k" * 64)


def test_a_long_day_fits_into_one_message(slack: LocalSlack, messenger: SlackMessenger) -> None:
    choices = tuple(Choice(label, f"reminder {label} 7") for label in ("Acknowledge", "Snooze", "Reassign"))
    replies = [Reply("A headline as long as they come. " * 10, lines=("12 days left.",), choices=choices)] * 60
    payload = message(replies, "k" * 64)
    assert isinstance(messenger.post(HELPDESK, payload, lambda: True), Delivered)
    assert "60 things to look at." in payload["text"]
