"""The ways an answer reaches the person who asked. Each falls back to a direct message: nobody is left in silence."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.runtime import metrics
from bot.slack.render import as_view

SLACK_FAILURES = (SlackApiError, SlackClientError, OSError)
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A message for the asker alone, or for the whole channel."""

    payload: dict[str, Any]
    is_public: bool = False


class Surface(Protocol):
    def show(self, answer: Answer) -> bool:
        """Whether the person got it."""


@dataclass(frozen=True, slots=True)
class InResponse:
    """The answer to a slash command is the response to its request: no further call."""

    ack: Ack

    def show(self, answer: Answer) -> bool:
        self.ack({"response_type": "in_channel" if answer.is_public else "ephemeral", **_QUIET, **answer.payload})
        return True


@dataclass(frozen=True, slots=True)
class ToResponseUrl:
    """A slash command answered later, or a pressed button: works where the bot is no member, 5 times in 30 minutes."""

    url: str
    client: WebClient
    user: str

    def show(self, answer: Answer) -> bool:
        kind = "in_channel" if answer.is_public else "ephemeral"
        body = {"response_type": kind, "replace_original": False, **_QUIET, **answer.payload}
        try:
            status = WebhookClient(self.url, timeout=self.client.timeout, retry_handlers=[]).send_dict(body)
            if status.status_code == 200:
                return True
            metrics.slack_failed("response_url", str(status.status_code))
            _log.warning("response_url answered %s", status.status_code)
        except SLACK_FAILURES as error:
            metrics.slack_failed("response_url", "no answer")
            _log.warning("response_url failed: %s", type(error).__name__)
        return directly(self.client, self.user, answer)


@dataclass(frozen=True, slots=True)
class InChannel:
    """To somebody in a channel: for that person's eyes, or as a message, in the thread that was written in."""

    client: WebClient
    channel: str
    user: str
    thread: str | None = None

    def show(self, answer: Answer) -> bool:
        thread: dict[str, Any] = {"thread_ts": self.thread} if self.thread else {}
        try:
            if answer.is_public or self.channel.startswith(("D", "U", "W")):
                self.client.chat_postMessage(channel=self.channel, **_QUIET, **thread, **answer.payload)
            else:
                self.client.chat_postEphemeral(channel=self.channel, user=self.user, **thread, **answer.payload)
        except SLACK_FAILURES as error:
            _log.info("not posted to the channel, sent directly instead: %s", reason(error))
            return directly(self.client, self.user, answer)
        return True


@dataclass(frozen=True, slots=True)
class InModal:
    """To somebody who pressed a button on the home tab, or in a modal (`pushes`): on top of what is open."""

    client: WebClient
    user: str
    trigger: str
    pushes: bool = False

    def show(self, answer: Answer) -> bool:
        open_view = self.client.views_push if self.pushes else self.client.views_open
        try:
            open_view(trigger_id=self.trigger, view=as_view(answer.payload))
        except SLACK_FAILURES as error:
            _log.info("not opened as a modal, sent directly instead: %s", reason(error))
            return directly(self.client, self.user, answer)
        return True


@dataclass(frozen=True, slots=True)
class InFormsPlace:
    """In the modal whose form was sent, where there is no channel to answer in."""

    ack: Ack

    def show(self, answer: Answer) -> bool:
        self.ack(response_action="update", view=as_view(answer.payload))
        return True


def directly(client: WebClient, user: str, answer: Answer) -> bool:
    """As a direct message; whether Slack took it."""
    return _took(lambda: client.chat_postMessage(channel=user, **_QUIET, **answer.payload))


def reason(error: Exception) -> str:
    """Slack's error code, or what kind of failure it was."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", "unknown error"))
    return "no connection to Slack" if isinstance(error, OSError) else type(error).__name__


def _took(post: Callable[[], object]) -> bool:
    try:
        post()
    except SLACK_FAILURES as error:
        _log.error("an answer could not be delivered: %s", reason(error))
        return False
    return True
