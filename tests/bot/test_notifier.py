"""What Slack's answers mean for a message, over real HTTP; and the last look at the clock before it leaves."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.console.local_slack import BOT_TOKEN, LocalSlack
from bot.jobs.notifier import Delivered, SearchFailed, SlackMessenger, TryLater, Unclear, Undeliverable
from bot.jobs.notifier import _judge as judge
from bot.slack import fenced_post
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


@pytest.mark.parametrize(
    ("status", "headers", "code", "outcome"),
    [
        (500, {}, "something_new", Unclear("Slack answered 500, something_new")),
        (503, {}, "channel_not_found", Unclear("Slack answered 503, channel_not_found")),
        (499, {}, "channel_not_found", Undeliverable("the channel does not exist, or the bot is not in it")),
        (429, {}, "something_new", TryLater(30.0, holds_all=True)),
        (429, {"retry-after": "7"}, "ratelimited", TryLater(7.0, holds_all=True)),
        (200, {"retry-after": "0"}, "ratelimited", TryLater(1.0, holds_all=True)),
        (200, {"retry-after": "99999"}, "ratelimited", TryLater(3600.0, holds_all=True)),
        (200, {"retry-after": "soon"}, "ratelimited", TryLater(30.0, holds_all=True)),
    ],
)
def test_what_is_not_a_success_means_for_the_message(
    status: int, headers: dict[str, str], code: str, outcome: object
) -> None:
    assert judge(status, headers, code) == outcome


class Paged(WebClient):
    """A channel of so many pages; the key is in the last message of one of them."""

    def __init__(self, pages: int, found_on: int | None) -> None:
        super().__init__(token=BOT_TOKEN)
        self.pages, self.found_on = pages, found_on
        self.asked: list[str | None] = []

    def conversations_history(self, *, cursor: str | None = None, **more: Any) -> Any:
        self.asked.append(cursor)
        assert more["include_all_metadata"], "the key is in the metadata"
        assert more["oldest"] == "1577836800.000000"
        page = len(self.asked)
        marked = {"ts": f"{page}.0", "metadata": PAYLOAD["metadata"]} if page == self.found_on else {"ts": "0.0"}
        following = f"page {page + 1}" if page < self.pages else ""
        return {"messages": [{"ts": "0.1", "text": "hello"}, marked], "response_metadata": {"next_cursor": following}}


@pytest.mark.parametrize(
    ("pages", "found_on", "ts", "asked"),
    [
        (1, None, None, [None]),
        (1, 1, "1.0", [None]),
        (3, 3, "3.0", [None, "page 2", "page 3"]),
        (3, 1, "1.0", [None]),
        (3, None, None, [None, "page 2", "page 3"]),
    ],
)
def test_a_conversation_is_read_page_by_page(
    pages: int, found_on: int | None, ts: str | None, asked: list[str | None]
) -> None:
    client = Paged(pages, found_on)
    assert SlackMessenger(client).find(HELPDESK, "k" * 64, LONG_AGO) == ts
    assert client.asked == asked


def test_a_conversation_that_is_too_long_to_read_is_no_answer() -> None:
    client = Paged(11, None)
    with pytest.raises(SearchFailed, match="too long"):
        SlackMessenger(client).find(HELPDESK, "k" * 64, LONG_AGO)
    assert len(client.asked) == 10


def test_whom_slack_does_not_know_cannot_be_told(messenger: SlackMessenger) -> None:
    assert messenger.channel_of("U0NOBODY") == Undeliverable("Slack does not know this person")


def test_a_history_that_cannot_be_read_is_no_answer(slack: LocalSlack, messenger: SlackMessenger) -> None:
    for failure in ("missing_scope", "429", "500"):
        slack.failures["conversations.history"] = [failure]
        with pytest.raises(SearchFailed):
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


@pytest.mark.parametrize(
    ("replies", "headline"),
    [
        ([1, 1], "2 things to look at."),
        ([1, 0], "1 thing to look at."),
        ([0, 0], "Nothing is left to look at."),
    ],
)
def test_a_digest_counts_what_waits(replies: list[int], headline: str) -> None:
    told = [Reply("Look.", choices=(Choice("Acknowledge", "reminder ack 7"),) * waits) for waits in replies]
    assert message(told, "k" * 64)["text"].splitlines()[0] == headline


@pytest.mark.parametrize(
    ("left", "headline"),
    [
        ([-3, 0, 5], "3 things to look at: 1 overdue, 1 due today."),
        ([-3, -1], "2 things to look at: 2 overdue."),
        ([0, None], "2 things to look at: 1 due today."),
        ([9, 30], "2 things to look at."),
    ],
)
def test_a_digest_says_how_much_is_late(left: list[int | None], headline: str) -> None:
    seen = (Choice("Acknowledge", "reminder ack 7"),)
    told = [Reply("Look.", choices=seen, data={"days_left": days}) for days in left]
    payload = message(told, "k" * 64)
    assert payload["text"].splitlines()[0] == payload["blocks"][0]["text"]["text"] == headline


def test_what_several_reminders_have_in_common_is_said_once() -> None:
    def clock(item: str) -> Reply:
        return Reply(f"Acme: {item} Incident: Mailbox", data={"matter": "Acme: incident “Mailbox”", "item": item})

    told = [clock("HIPAA: the people."), clock("HIPAA: the owner."), Reply("Other.")]
    payload = message(told, "k" * 64)
    assert payload["text"].splitlines()[1:] == [
        "Acme: incident “Mailbox”.", "HIPAA: the people.", "HIPAA: the owner.", "Other.",
    ]  # fmt: skip
    assert str(payload["blocks"]).count("Mailbox") == 1
    alone = message([told[0], told[2]], "k" * 64)
    assert "Acme: HIPAA: the people. Incident: Mailbox" in alone["text"]


@pytest.mark.parametrize(("count", "is_remarked"), [(9, False), (10, True)])
def test_the_tenth_of_a_digest_has_no_buttons_and_that_is_said(count: int, is_remarked: bool) -> None:
    payload = message([Reply("Look.", choices=(Choice("Acknowledge", "reminder ack 7"),))] * count, "k" * 64)
    assert sum(block["type"] == "actions" for block in payload["blocks"]) == 9
    assert ("Those without buttons" in str(payload["blocks"])) is is_remarked


def test_nothing_of_a_digest_calls_anybody_in_its_notification() -> None:
    payload = message([Reply("<!channel> R&D", choices=(Choice("Seen", "reminder ack 7"),)), Reply("two")], "k" * 64)
    assert "&lt;!channel&gt; R&amp;D" in payload["text"]
    assert "<!channel>" not in payload["text"]
    assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)


@dataclass
class Door:
    """A server that counts who comes, answers `ok`, and hangs up after `calls` requests on one connection."""

    calls: int = 100
    came: int = 0
    heard: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.came += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        content = b'{"ok": true, "ts": "1.0"}'
        with connection, connection.makefile("rb") as reading:
            for _ in range(self.calls):
                head = b"".join(takewhile(lambda line: bytes(line).strip(), iter(reading.readline, b"")))
                if not head:
                    return
                self.heard.append(head)
                if head.startswith(b"CONNECT"):
                    return
                reading.read(int(re.findall(rb"content-length: (\d+)", head, re.IGNORECASE)[0]))
                length = b"content-length: %d\r\n\r\n" % len(content)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + length + content)


@pytest.fixture
def door() -> Iterator[Door]:
    found = Door()
    yield found
    found.close()


def through(door: Door, **more: Any) -> SlackMessenger:
    address = {"base_url": f"http://127.0.0.1:{door.port}/api/", **more}
    return SlackMessenger(WebClient(token=BOT_TOKEN, timeout=2, retry_handlers=[], **address))


def test_messages_that_follow_each_other_go_over_one_connection(door: Door) -> None:
    messenger = through(door)
    assert all(isinstance(post(messenger), Delivered) for _ in range(3))
    assert (door.came, len(door.heard)) == (1, 3)


def test_a_connection_that_slack_closed_meanwhile_is_not_used(door: Door) -> None:
    door.calls = 1
    messenger = through(door)
    for _ in range(3):
        assert isinstance(post(messenger), Delivered)
        time.sleep(0.05)
    assert (door.came, len(door.heard)) == (3, 3)


def test_a_connection_that_was_silent_for_long_is_not_used(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    messenger = through(door)
    assert isinstance(post(messenger), Delivered)
    monkeypatch.setattr(fenced_post, "_KEPT_SECONDS", 0.0)
    assert isinstance(post(messenger), Delivered)
    assert door.came == 2


def test_too_late_on_a_kept_connection_ends_it(door: Door) -> None:
    messenger = through(door)
    assert isinstance(post(messenger), Delivered)
    looks = iter([True, False])
    assert messenger.post(HELPDESK, PAYLOAD, lambda: next(looks)) == TryLater(0.0), "between head and body"
    assert isinstance(post(messenger), Delivered)
    assert door.came == 2


def test_a_proxy_is_used_with_its_password(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    proxy = f"http://me:my%20word@127.0.0.1:{door.port}"
    assert isinstance(post(through(door, base_url="http://slack.test/api/", proxy=proxy)), Delivered)
    assert isinstance(post(through(door, base_url="https://slack.test/api/", proxy=proxy)), Unclear), "it hangs up"
    plain, tunnel = door.heard
    assert plain.startswith(b"POST http://slack.test/api/chat.postMessage HTTP/1.1")
    assert tunnel.startswith(b"CONNECT slack.test:443 ")
    assert all(b"Proxy-Authorization: Basic bWU6bXkgd29yZA==" in head for head in door.heard)
