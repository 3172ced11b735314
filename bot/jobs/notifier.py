"""One message to Slack, at most once: what came of it is told apart, because only some failures mean "not sent".

Definite: Slack answered `ok: false` with a business error, or refused for being asked too often. Ambiguous: a timeout,
a dropped connection, a server error, or an error that Slack documents as "may have succeeded". After an ambiguous
outcome nothing is sent again before the channel's history was read.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.runtime import metrics
from bot.slack.fenced_post import FencedPost, MaySend, TooLate
from bot.slack.identity import People, Unconfirmed
from bot.slack.reminder_message import is_marked
from bot.slack.surfaces import SLACK_FAILURES, reason
from commands.profile import Profile

_AMBIGUOUS = frozenset({
    "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org", "unknown error",
})  # fmt: skip
_PERMANENT = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "users_not_found", "user_disabled",
    "user_not_visible", "cannot_dm_bot", "messages_tab_disabled", "cannot_message_deactivated_user",
    "restricted_action", "restricted_action_read_only_channel", "restricted_action_non_threadable_channel",
    "channel_type_not_supported", "method_not_supported_for_channel_type", "invalid_user_combination",
    "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text",
})  # fmt: skip
_TOO_OFTEN = ("ratelimited", "rate_limited", "message_limit_exceeded")
_GONE = ("message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived")
_WORDS = {
    "channel_not_found": "the channel does not exist, or the bot is not in it",
    "not_in_channel": "the bot is not in the channel; invite it with /invite",
    "is_archived": "the channel is archived",
    "user_not_found": "Slack does not know this person",
    "user_disabled": "this person's account is closed",
    "cannot_message_deactivated_user": "this person's account is closed",
}
_UNTIL_MENDED = 300.0
_ASKED_AGAIN = 60.0
_MOST_PAGES = 10
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Certainly not sent, and trying again will not help."""

    problem: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Certainly not sent; worth trying again after `seconds`. `holds_all`: the same goes for every other message."""

    seconds: float
    problem: str | None = None
    holds_all: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """Slack may have it, or not."""

    problem: str


Outcome = Delivered | Undeliverable | TryLater | Unclear


class SearchFailed(Exception):
    """The channel's history could not be read, so nobody knows whether the message is there."""


class Messenger(Protocol):
    """What the sender needs from Slack."""

    def channel_of(self, recipient: str) -> str | Undeliverable | TryLater:
        """The channel in which `recipient` (a user or a channel id) is told. Asking changes nothing for anybody."""

    def post(self, channel: str, payload: dict[str, Any], may_send: MaySend) -> Outcome:
        """`may_send` is asked immediately before the message leaves."""

    def find(self, channel: str, key: str, since: datetime) -> str | None:
        """The ts of our message with this key, posted after `since`; None if it is not there. Raises SearchFailed."""

    def update(self, channel: str, ts: str, payload: dict[str, Any]) -> bool:
        """Show `payload` in place of the message. False: try again later. True as well when the message is gone."""

    def zone_of(self, user: str) -> str | None:
        """The time zone of the person's profile; None when Slack does not say."""

    def look_up(self, user: str) -> Profile | None:
        """Who that is, and why they cannot answer for anything here; None when Slack does not say."""


class SlackMessenger:
    """Over the Web API, with a client that never repeats a post by itself.

    `people` says who works here and which channels are ours alone: nobody else is told anything.
    """

    def __init__(self, client: WebClient, people: People | None = None) -> None:
        self._client = client
        self._fenced = FencedPost(client)
        self._people = people
        self._channels: dict[str, str] = {}

    def channel_of(self, recipient: str) -> str | Undeliverable | TryLater:
        if self._people is not None and (refusal := _refusal(self._people, recipient)) is not None:
            return refusal
        if not recipient.startswith(("U", "W")):
            return recipient
        if (known := self._channels.get(recipient)) is not None:
            return known
        try:
            opened = self._client.conversations_open(users=recipient)
        except SLACK_FAILURES as error:
            outcome = _outcome(error)
            return TryLater(30.0, outcome.problem) if isinstance(outcome, Unclear) else outcome
        channel = str((opened.get("channel") or {}).get("id") or "")
        if not channel:
            return TryLater(30.0, "Slack did not name the direct message")
        self._channels[recipient] = channel
        return channel

    def post(self, channel: str, payload: dict[str, Any], may_send: MaySend) -> Outcome:
        try:
            answer = self._fenced.call("chat.postMessage", {"channel": channel, **payload}, may_send)
        except TooLate:
            return TryLater(0.0)
        except (OSError, HTTPException) as error:
            metrics.slack_failed("chat.postMessage", "no answer")
            return Unclear(f"no answer from Slack: {type(error).__name__}")
        if answer.data.get("ok") and answer.data.get("ts"):
            return Delivered(str(answer.data.get("channel") or channel), str(answer.data["ts"]))
        code = str(answer.data.get("error") or "unknown error")
        metrics.slack_failed("chat.postMessage", code)
        return _judge(answer.status, answer.headers, code)

    def find(self, channel: str, key: str, since: datetime) -> str | None:
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            try:
                page = self._client.conversations_history(
                    channel=channel, oldest=f"{since.timestamp():.6f}", include_all_metadata=True, limit=100,
                    cursor=cursor,
                )  # fmt: skip
                for found in page.get("messages") or ():
                    if is_marked(found, key):
                        return str(found["ts"])
            except SLACK_FAILURES as error:
                raise SearchFailed(reason(error)) from error
            except (ValueError, KeyError, AttributeError) as error:
                raise SearchFailed("Slack's answer could not be read") from error
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        raise SearchFailed("the conversation is too long to read through")

    def update(self, channel: str, ts: str, payload: dict[str, Any]) -> bool:
        shown = {name: value for name, value in payload.items() if not name.startswith("unfurl")}
        try:
            self._client.chat_update(channel=channel, ts=ts, **shown)
        except SLACK_FAILURES as error:
            _log.warning("a reminder could not be updated: %s", reason(error))
            return isinstance(error, SlackApiError) and reason(error) in _GONE
        return True

    def look_up(self, user: str) -> Profile | None:
        return self._people.look_up(user) if self._people is not None else None

    def zone_of(self, user: str) -> str | None:
        try:
            found = self._client.users_info(user=user)
        except SLACK_FAILURES as error:
            _log.info("no time zone for %s: %s", user, reason(error))
            return None
        zone = (found.get("user") or {}).get("tz")
        return str(zone) if zone else None


def _refusal(people: People, recipient: str) -> Undeliverable | TryLater | None:
    """Why nothing may be said there, as things are now."""
    try:
        why_not = people.why_untold(recipient)
    except Unconfirmed as error:
        if error.code in _PERMANENT:
            return Undeliverable(_WORDS.get(error.code, error.code))
        return TryLater(_ASKED_AGAIN, f"Slack does not tell whether this person works here: {error.code}")
    return None if why_not is None else Undeliverable(why_not)


def _outcome(error: Exception) -> Undeliverable | TryLater | Unclear:
    if not isinstance(error, SlackApiError):
        return Unclear(reason(error))
    response = error.response
    # Where the body is no JSON, the SDK's error carries a dict in place of a response.
    is_dict = isinstance(response, dict)
    status = int(response.get("status", 200) if is_dict else response.status_code)
    headers = (response.get("headers") if is_dict else response.headers) or {}
    return _judge(status, {str(name).lower(): str(value) for name, value in headers.items()}, reason(error))


def _judge(status: int, headers: Mapping[str, str], code: str) -> Undeliverable | TryLater | Unclear:
    """What an answer that is not a success means for the message."""
    if status == 429 or code in _TOO_OFTEN:
        return TryLater(_retry_after(headers), holds_all=True)
    if status >= 500 or code in _AMBIGUOUS:
        return Unclear(f"Slack answered {status}, {code}")
    if code in _PERMANENT:
        return Undeliverable(_WORDS.get(code, code))
    # The token, a scope, the workspace: nothing is wrong with this one message, so it waits until somebody mends it.
    return TryLater(_UNTIL_MENDED, f"Slack does not accept messages from the bot: {code}", holds_all=True)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds, between one and an hour."""
    try:
        return min(max(float(headers.get("retry-after", 30)), 1.0), 3600.0)
    except ValueError:
        return 30.0
