"""What Slack sends, one method each: slash commands, mentions, direct messages, buttons, forms and their selects.

Every method answers, and none lets an exception through: Slack would show a bare "dispatch_failed" for it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt import Ack

from bot.slack import forms
from bot.slack.memory import Memory
from bot.slack.options import options
from bot.slack.render import as_view, render
from bot.slack.request_handler import RequestHandler
from bot.slack.surfaces import (
    SLACK_FAILURES,
    Answer,
    InChannel,
    InFormsPlace,
    InModal,
    InResponse,
    Surface,
    ToResponseUrl,
    reason,
)
from bot.slack.text import typed, without_mention
from bot.slack.workers import Workers
from commands.dispatching.delivery import Delivery, Duplicate
from commands.dispatching.request import Request
from commands.errors import Changed, CommandError, NeedsYes, UsageError
from commands.grammar.parsing import readable
from commands.reply import Reply

Body = Mapping[str, Any]
_MINUTES_10 = 600.0
_DOUBLE_CLICK = 3.0
_EVERY, _MOST_SHOWN = 6.0, 5
FORGETTING = ("channel_shared", "channel_unshared", "subteam_members_changed", "subteam_updated", "user_change")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listeners:
    """`_seen` remembers what Slack delivered, because it delivers again what it believes to be lost."""

    handler: RequestHandler
    workers: Workers
    _seen: Memory[str, bool] = field(default_factory=lambda: Memory(most=20_000, seconds=_MINUTES_10))

    def on_command(self, body: dict[str, Any], ack: Ack) -> None:
        trigger = body.get("trigger_id")
        if not self.is_new(trigger):
            ack()
            return
        deliveries = _deliveries("command", trigger)
        typed_text, channel = body.get("text", ""), body["channel_id"]
        slash = self.handler.prefix.removed(body["command"])
        request = self._typed(body["user_id"], typed_text, channel, slash=slash, deliveries=deliveries)
        if not typed_text.strip() and trigger:
            request = self.handler.alone(request)
        later = ToResponseUrl(body.get("response_url", ""), self.handler.client, request.user)
        self.guarded(InResponse(ack), request, lambda meant: self._command(meant, trigger, ack, later))
        if ack.response is None:
            ack()

    def on_mention(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        if self._is_for_us(event, body):
            self._message(event)

    def on_message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("channel_type") == "im" and self._is_for_us(event, body):
            self._message(event)

    def on_change(self, event: dict[str, Any]) -> None:
        """Somebody, a channel or a user group is not what it was: Slack is asked again."""
        people, subteam = self.handler.people, event.get("subteam_id") or (event.get("subteam") or {}).get("id")
        if user := (event.get("user") or {}).get("id") if event["type"] == "user_change" else None:
            people.forget_person(user)
        elif subteam:
            people.forget_group(subteam)
        elif channel := event.get("channel"):
            people.forget_channel(channel)

    def on_button(self, body: dict[str, Any], action: dict[str, Any], ack: Ack) -> None:
        ack()
        trigger = body.get("trigger_id")
        if not self.is_new(trigger):
            return
        user, channel = body["user"]["id"], (body.get("channel") or {}).get("id")
        deliveries = (*_deliveries("action", trigger), *_double_click(body, action))
        what, number, value = _pressed(action)
        request = self.handler.request(user, value, channel=channel, deliveries=deliveries, is_command=True)
        surface = self._beside(body, user)
        if what == "form":
            is_in_modal = (body.get("view") or {}).get("type") == "modal"
            self.guarded(surface, request, lambda meant: self.open(meant, trigger, on_top=is_in_modal))
        else:
            first_row = int(number) if what == "more" and number.isdecimal() else 0
            self.guarded(
                surface,
                request,
                lambda meant: self._confirmed(
                    meant, trigger, lambda: self._run_or_defer(meant, surface, first_row=first_row)
                ),
            )

    def on_form(self, body: dict[str, Any], ack: Ack) -> None:
        ack()
        view, user = body["view"], body["user"]["id"]
        if not self.is_new(body.get("trigger_id")):
            return
        try:
            self._form(view, user, ack, _deliveries("form", body.get("trigger_id")))
        except Duplicate:
            _log.info("a form was delivered again")
        except Changed as error:
            ack(response_action="update", view=self.handler.form_after_change(view, error))
        except NeedsYes as error:
            ack(response_action="update", view=self.handler.form_that_asks(view, error.message))
        except CommandError as error:
            self._explain(view, ack, error.message, error.fields if isinstance(error, UsageError) else {})
        except Exception:
            self._explain(view, ack, self.handler.failure().payload["text"], {})

    def on_options(self, body: dict[str, Any], ack: Ack) -> None:
        ack({"options": []})
        view = body.get("view") or {}
        try:
            came_from = forms.origin(view)
            request = self.handler.request(
                body["user"]["id"], came_from.command, channel=came_from.channel, is_command=True
            )
            self.handler.admit(request)
            command = self.handler.command_named(came_from.command)
            parameter = forms.parameter_of(command, body.get("block_id", ""))
            with self.handler.runtime.dispatcher.reading(request) as ctx:
                if parameter is not None:
                    chosen = readable(command, forms.so_far(command, view), ctx)
                    ack({"options": options(ctx, parameter, body.get("value", ""), chosen)})
        except (CommandError, ValueError) as error:
            _log.info("no options: %s", type(error).__name__)
        except Exception:
            _log.exception("options could not be listed")

    def on_picked(self, body: dict[str, Any], action: dict[str, Any], ack: Ack) -> None:
        """A client, an agreement or a row was picked: the form shows what is on record about it."""
        ack()
        view = body.get("view") or {}
        try:
            anew = self.handler.form_anew(body["user"]["id"], view, action.get("block_id", ""))
            if anew is not None:
                self.handler.client.views_update(view_id=view.get("id"), hash=view.get("hash"), view=anew)
        except (CommandError, ValueError, *SLACK_FAILURES) as error:
            _log.info("a form was not filled in anew: %s", type(error).__name__)
        except Exception:
            _log.exception("a form could not be filled in anew")

    def on_more(self, body: dict[str, Any], ack: Ack) -> None:
        """The fields of a long form that were not shown."""
        ack()
        view = body.get("view") or {}
        try:
            whole = self.handler.form_whole(body["user"]["id"], view)
            self.handler.client.views_update(view_id=view.get("id"), hash=view.get("hash"), view=whole)
        except (CommandError, ValueError, *SLACK_FAILURES) as error:
            _log.info("a form was not shown whole: %s", type(error).__name__)
        except Exception:
            _log.exception("a form could not be shown whole")

    def _command(self, request: Request, trigger: str | None, ack: Ack, later: Surface) -> Answer | None:
        if trigger and self.handler.opens_form(request):
            self.open(request, trigger)
            ack()
            return None
        if not self.handler.is_slow(request):
            return self._confirmed(request, trigger, lambda: self.handler.run(request))
        self._start(request, later)
        return _working()

    def _confirmed(self, request: Request, trigger: str | None, act: Callable[[], Answer | None]) -> Answer | None:
        """What `act` answers; where it has to be confirmed first, the form that asks."""
        try:
            return act()
        except NeedsYes as error:
            if not trigger:
                raise
            return self.open(request, trigger, asked=error)

    def _message(self, event: Body) -> None:
        text = self.handler.prefix.removed_at_start(
            without_mention(event.get("text", ""), self.handler.team.bot_user_id)
        )
        thread = event.get("thread_ts") or event.get("ts")
        deliveries = _deliveries("message", f"{event['channel']}:{event.get('ts')}")
        request = replace(self._typed(event["user"], text, event["channel"], deliveries=deliveries), thread=thread)
        surface = InChannel(self.handler.client, event["channel"], event["user"], event.get("thread_ts"))
        self.guarded(surface, request, lambda meant: self._run_or_defer(meant, surface, files=event.get("files", ())))

    def _run_or_defer(
        self, request: Request, surface: Surface, later: Surface | None = None, **more: Any
    ) -> Answer | None:
        if not self.handler.is_slow(request) and not more.get("files"):
            return self.handler.run(request, **more)
        self.handler.admit(request)
        self._show(surface, _working())
        self._start(request, later or surface, **more)
        return None

    def _form(self, view: Body, user: str, ack: Ack, deliveries: tuple[Delivery, ...]) -> None:
        try:
            came_from = forms.origin(view)
        except ValueError as error:
            raise UsageError("This form is not one of ours. Close it and open it again.") from error
        command = self.handler.command_named(came_from.command)
        if command.confirm and not forms.is_confirmed(view):
            raise UsageError("Confirm it first.", fields={forms.CONFIRMED: "is needed."})
        request = self.handler.request(
            user, command.name, channel=came_from.channel, thread=came_from.thread, seen=came_from.seen,
            form=forms.read_form(command, view), deliveries=deliveries, is_confirmed=forms.is_confirmed(view),
        )  # fmt: skip
        surface: Surface = InFormsPlace(ack)
        if came_from.channel is not None:
            surface = InChannel(self.handler.client, came_from.channel, user, came_from.thread)
        later = InChannel(self.handler.client, came_from.channel or user, user, came_from.thread)
        files = forms.files(view) or self.handler.file_named(came_from.file)
        answer = self._run_or_defer(request, surface, later, files=files)
        if answer is not None and not self._show(surface, answer):
            self._as_view(ack, answer.payload["text"])

    def open(
        self, request: Request, trigger: str | None, *, on_top: bool = False, asked: NeedsYes | None = None,
        file: Mapping[str, Any] | None = None,
    ) -> Answer | None:  # fmt: skip
        """Open the form of the command, with what it is to ask. `on_top` of a modal that is open already; `file` is one
        of Slack's that goes with it.

        Raises CommandError when Slack does not open the form: a trigger is good for three seconds.
        """
        has_question = self.handler.runtime.dispatcher.find(request)[0].confirm is not None
        view = self.handler.form(request, asked.message if asked is not None and not has_question else None)
        view = forms.with_file(view, file) if file is not None else view
        open_view = self.handler.client.views_push if on_top else self.handler.client.views_open
        try:
            open_view(trigger_id=trigger or "", view=view)
        except SLACK_FAILURES as error:
            _log.warning("a form could not be opened: %s", reason(error))
            usage = self.handler.runtime.dispatcher.find(request)[0].usage
            raise CommandError(
                f"Slack did not open the form ({reason(error)}). Try again, or type it in one line.",
                next_steps=(usage,),
            ) from error
        return None

    def _start(self, request: Request, surface: Surface, **more: Any) -> None:
        """Hand the work to a worker, which answers when it is done or has failed. Raises CommandError for no room."""
        self.handler.admit(request)
        request = replace(request, progress=_progress(lambda said: self._show(surface, _so_far(said))))
        if not self.workers.submit(lambda: self._work(request, surface, **more)):
            raise CommandError("Too much is going on right now. Nothing was started; try again in a minute.")

    def _work(self, request: Request, surface: Surface, **more: Any) -> None:
        try:
            self._show(surface, self.handler.answer(request, **more))
        except Duplicate:
            _log.info("work was delivered again")

    def guarded(self, surface: Surface, request: Request, act: Callable[[Request], Answer | None]) -> None:
        """Show what `act` answers to `request` and its meaning; if it raises, what went wrong."""
        try:
            request = self.handler.understood(request)
            answer = act(request)
        except Duplicate:
            _log.info("a request was delivered again")
            return
        except CommandError as error:
            answer = self.handler.refusal(error, request)
        except Exception:
            answer = self.handler.failure()
        if answer is not None:
            self._show(surface, answer)

    def _show(self, surface: Surface, answer: Answer) -> bool:
        try:
            return surface.show(answer)
        except Exception:
            _log.exception("an answer could not be shown")
            return False

    def _explain(self, view: Body, ack: Ack, message: str, problems: Mapping[str, str]) -> None:
        """On the inputs, so that nothing that was typed is lost."""
        if errors := forms.field_errors(view, problems, message):
            ack(response_action="errors", errors=errors)
        else:
            self._as_view(ack, message)

    def _as_view(self, ack: Ack, text: str) -> None:
        ack(response_action="update", view=as_view(render(Reply(headline=text)).payload))

    def _beside(self, body: Body, user: str) -> Surface:
        """Where the answer to a pressed button goes: beside its message, or on top of the home tab or modal."""
        if url := body.get("response_url"):
            return ToResponseUrl(url, self.handler.client, user)
        if view := body.get("view"):
            return InModal(self.handler.client, user, body.get("trigger_id", ""), view.get("type") == "modal")
        return InChannel(self.handler.client, (body.get("channel") or {}).get("id") or user, user)

    def _typed(self, user: str, text: str, channel: str, **more: Any) -> Request:
        return self.handler.request(user, typed(text), channel=channel, **more)

    def _is_for_us(self, event: Body, body: Body) -> bool:
        """Not our own words, another app's, an edit or a join; and not what was delivered before."""
        if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast"):
            return False
        if not event.get("user") or event["user"] == self.handler.team.bot_user_id:
            return False
        return self.is_new(body.get("event_id")) and self.is_new(f"{event.get('channel')}:{event.get('ts')}")

    def is_new(self, key: str | None) -> bool:
        return key is None or self._seen.is_new(key, True)


def _deliveries(kind: str, key: str | None) -> tuple[Delivery, ...]:
    return (Delivery(f"{kind}:{key}"),) if key else ()


def _double_click(body: Body, action: Body) -> tuple[Delivery, ...]:
    """Two clicks on one button have ids of their own; pressed again later, it is meant."""
    message = (body.get("container") or {}).get("message_ts")
    if not message:
        return ()
    picked = (action.get("selected_option") or {}).get("value", "")
    return (Delivery(f"click:{body['user']['id']}:{message}:{action.get('action_id')}{picked}"[:250], _DOUBLE_CLICK),)


def _progress(show: Callable[[str], object]) -> Callable[[str], None]:
    """Shows how far work got where it takes long: every few seconds, and only so many times."""
    last, shown = time.monotonic(), 0

    def tell(said: str) -> None:
        nonlocal last, shown
        if time.monotonic() - last >= _EVERY and shown < _MOST_SHOWN:
            last, shown = time.monotonic(), shown + 1
            show(said)

    return tell


def _so_far(said: str) -> Answer:
    return Answer(render(Reply(headline=f"Still working on it. {said}.")).payload)


def _working() -> Answer:
    return Answer(render(Reply(headline="Working on it. The answer follows here.")).payload)


def _pressed(action: Mapping[str, Any]) -> tuple[str, str, str]:
    """What to do (run, form, more), its number, and the command: of a button, or of what was picked in a menu."""
    what, _, number = action.get("action_id", "").partition(":")
    if what != "menu":
        return what, number, action.get("value", "")
    what, _, value = ((action.get("selected_option") or {}).get("value") or "").partition(":")
    return what, "", value
