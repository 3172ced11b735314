"""The ways in beside typing: shortcuts, the home tab, the agent pane and the steps of Workflow Builder.

All of them lead to the same commands as typing does.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack

from bot.slack.home import HomeTabs
from bot.slack.listeners import Listeners
from bot.slack.surfaces import SLACK_FAILURES, Answer, InChannel, InModal, reason
from bot.slack.text import typed
from commands.dispatching.request import Request
from commands.errors import CommandError
from commands.rules.text.phrases import shorten
from commands.scope.first_question import first_question
from storage.errors import StorageError

CHECK_MESSAGE, ASK, DISCLOSE = "check_responsibility", "ask_scope", "record_disclosure"
KEEP_COPY = "keep_signed_copy"
SHORTCUTS = (
    (CHECK_MESSAGE, "message", "Check responsibility", "Ask whose responsibility this message is about"),
    (KEEP_COPY, "message", "Keep a signed copy", "Keep the file of this message as a signed copy or proof"),
    (ASK, "global", "Ask about scope", "Whose responsibility is it? Answered from the signed matrix"),
    (DISCLOSE, "global", "Record a disclosure", "Record what a client said about a regulation"),
)
"""callback_id, type, name, description: what the manifest declares."""
_COMMANDS = {CHECK_MESSAGE: "scope ask", ASK: "scope ask", DISCLOSE: "disclosure record", KEEP_COPY: "copy attach"}
PROMPTS = (
    ("What can I ask?", "help"),
    ("What do I have to do?", "home"),
    ("What is due?", "renewal list"),
    ("Which clients do we have?", "client list"),
)
"""Title and message of what the agent pane suggests to everybody; a question needs a client, and goes before them."""
_MOST_PROMPTS = 4
_LONGEST_TITLE = 75
_LONGEST_QUESTION = 1000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HomeAndShortcuts:
    listeners: Listeners
    tabs: HomeTabs

    def on_home_opened(self, event: dict[str, Any]) -> None:
        """The home tab, or the messages tab with the agent."""
        user = event.get("user")
        if not user:
            return
        if event.get("tab") == "messages":
            self._suggest(event)
        else:
            self.tabs.show(user)

    def on_page(self, body: dict[str, Any], action: dict[str, Any], ack: Ack) -> None:
        """Another page of the home tab."""
        ack()
        number = action.get("action_id", "").partition(":")[2]
        if number.isdecimal():
            self.tabs.show(body["user"]["id"], int(number))

    def on_shortcut(self, body: dict[str, Any], ack: Ack) -> None:
        """A form: with the message's text as the question where it was used on a message. Where the channel is a
        client's, the answer to that.
        """
        ack()
        trigger = body.get("trigger_id")
        command = _COMMANDS.get(body.get("callback_id", ""))
        if command is None or not self.listeners.is_new(trigger):
            return
        handler, user = self.listeners.handler, body["user"]["id"]
        channel = (body.get("channel") or {}).get("id")
        message: Mapping[str, Any] = body.get("message") or {}
        surface = InChannel(handler.client, channel, user) if channel else InModal(handler.client, user, trigger or "")
        if command == "copy attach":
            request = handler.request(user, command, channel=channel, form={})
            self.listeners.guarded(surface, request, lambda meant: self._keep(meant, trigger, message))
            return
        about = shorten(typed(message.get("text") or ""), _LONGEST_QUESTION)
        request = handler.request(
            user,
            command,
            channel=channel,
            thread=message.get("thread_ts") or message.get("ts"),
            form={"question": about} if about else {},
        )
        self.listeners.guarded(surface, request, lambda meant: self._asked(meant, trigger, about))

    def _keep(self, request: Request, trigger: str | None, message: Mapping[str, Any]) -> Answer | None:
        """The form that keeps the message's file; with an input for one where the message has none, or several."""
        files = message.get("files") or []
        return self.listeners.open(request, trigger, file=files[0] if len(files) == 1 else None)

    def _asked(self, request: Request, trigger: str | None, about: str) -> Answer | None:
        """The answer about a message in a client's channel; else the form that asks for what is missing."""
        handler = self.listeners.handler
        if about and request.channel and handler.answers_at_once(request):
            return handler.run(request)
        return self.listeners.open(request, trigger)

    def _suggest(self, event: Mapping[str, Any]) -> None:
        """What one could ask, in the agent pane. Without it the pane is only emptier."""
        client = self.listeners.handler.client
        question = self._question(event.get("user") or "")
        own = ((shorten(question, _LONGEST_TITLE), question),) if question else ()
        prompts = [{"title": title, "message": message} for title, message in (*own, *PROMPTS)[:_MOST_PROMPTS]]
        try:
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event.get("channel") or "", prompts=prompts, title="Ask, or start with one of these"
            )
        except (*SLACK_FAILURES, TypeError) as error:
            _log.info("no prompts were suggested: %s", reason(error))

    def _question(self, user: str) -> str | None:
        """A question that has an answer, for whoever works here; None where there is none, or it cannot be told."""
        handler = self.listeners.handler
        try:
            handler.people.admit(user)
            with handler.runtime.dispatcher.reading(handler.request(user, "help")) as ctx:
                return first_question(ctx)
        except (CommandError, StorageError) as error:
            _log.info("no question was suggested: %s", type(error).__name__)
            return None
