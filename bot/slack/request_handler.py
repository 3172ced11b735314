"""Where a request from Slack becomes an answer: who asks, the command, who else is told, and how it is shown."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from slack_sdk import WebClient

from bot.runtime import log, metrics
from bot.runtime.wiring import Runtime
from bot.slack import attachments, blocks, forms, plain
from bot.slack.identity import People, Team, Unconfirmed
from bot.slack.prefix import Prefix
from bot.slack.reminder_message import message as keyed_message
from bot.slack.render import render
from bot.slack.surfaces import SLACK_FAILURES, Answer, reason
from commands.choices import pressed_next
from commands.command import Command
from commands.dispatching.delivery import Duplicate
from commands.dispatching.dispatcher import Unavailable, error_reply
from commands.dispatching.request import Prefilled, Request
from commands.errors import Changed, CommandError, NeedsYes, NotAllowed, NotFound, UsageError
from commands.grammar import lookup
from commands.grammar.parsing import fingerprint
from commands.grammar.words import quote
from commands.parameters import Kind
from commands.reply import Choice, File, Notice, Reply
from commands.rules.text.people import as_recipient
from commands.scope.undelivered import mark_told
from commands.visibility import Audience
from storage.errors import StorageError

REFUSED = "refused"
_PATIENCE = 1.0  # of the three seconds after which Slack gives up waiting for an answer
SlackFile = Mapping[str, Any]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RequestHandler:
    runtime: Runtime
    workspace_id: int
    client: WebClient
    team: Team
    people: People
    after_change: Callable[[], None] = lambda: None
    prefix: Prefix = field(default_factory=Prefix)
    later: Callable[[Callable[[], None]], bool] = lambda job: False

    def request(self, user: str, text: str, **more: Any) -> Request:
        audience = self.people.audience(more.get("channel"))
        return Request(workspace_id=self.workspace_id, user=user, text=text, audience=audience, **more)

    def admit(self, request: Request) -> None:
        """Raises NotAllowed, and leaves it in the audit log, unless Slack confirms that whoever asks works here."""
        try:
            self.people.admit(request.user)
        except NotAllowed as error:
            if self.people.counts_refusal(request.user):
                self._record_refusal(request, error)
            raise

    def understood(self, request: Request) -> Request:
        """`request` with its meaning, found once for whoever works here. Raises CommandError, which is counted."""
        try:
            self.admit(request)
            return self.runtime.dispatcher.understood(request)
        except CommandError:
            with metrics.command(self._name_of(request)):
                raise

    def answer(self, request: Request, *, files: Sequence[SlackFile] = (), first_row: int = 0) -> Answer:
        """The answer to `request`: what a person can act on is said, anything else gets an id. Raises Duplicate."""
        try:
            return self.run(request, files=files, first_row=first_row)
        except Duplicate:
            raise
        except CommandError as error:
            return self.refusal(error, request)
        except Exception:
            return self.failure()

    def run(self, request: Request, *, files: Sequence[SlackFile] = (), first_row: int = 0) -> Answer:
        """The answer to `request`, once it is done and everybody is told. Raises CommandError with nothing saved.

        Raises Duplicate when it was delivered and answered before.
        """
        with metrics.command(self._name_of(request)):
            return self._execute(request, files, first_row)

    def _execute(self, request: Request, files: Sequence[SlackFile], first_row: int) -> Answer:
        self.admit(request)
        if files:
            request = _with_uploads(self.runtime.dispatcher.find(request)[0], request, self._fetch(files))
        reply = self.runtime.dispatcher.run(request)
        if self.runtime.dispatcher.find(request)[0].changes:
            self.after_change()
        try:
            return self._after(reply, request, first_row)
        except Exception:
            return self.failure("It is done, but the answer could not be shown in full")

    def refusal(self, error: CommandError, request: Request) -> Answer:
        """What was wrong and what to type instead; with a form to correct it in, where there is one."""
        reply = error_reply(error)
        if isinstance(error, UsageError | NotFound | NeedsYes) and (typed := self._command_text(request)):
            label = "Confirm it in a form" if isinstance(error, NeedsYes) else "Fill in a form"
            reply = replace(reply, choices=(*reply.choices, Choice(label, typed, opens_form=True)))
        troubles = self._send(request.user, reply.files)
        reply = replace(reply, cautions=(*reply.cautions, *troubles))
        if isinstance(error, UsageError) and error.choices:  # its buttons do what else would have to be typed
            said = tuple(step for step in reply.next_steps if not step.startswith("/"))
            return _refusal_answer(self.prefix.in_reply(replace(reply, next_steps=said)), self.prefix.in_reply(reply))
        pressed = pressed_next(self.runtime.dispatcher.registry, reply)
        return _refusal_answer(self.prefix.in_reply(pressed), self.prefix.in_reply(reply))

    def failure(self, outcome: str = "Nothing was saved") -> Answer:
        """For what should not happen. Call it where the exception is being handled: its traceback goes to the log."""
        with log.request() as number:
            _log.exception("request failed, id %s", number)
        headline = f"Something went wrong on our side (id {number}). {outcome}."
        return _refusal_answer(Reply(headline=headline))

    def alone(self, request: Request) -> Request:
        """A short slash command typed without a word, as the command whose form it opens."""
        command = self.runtime.dispatcher.registry.for_slash(request.slash or "")
        if command is None or not command.wants_words:
            return request
        return replace(request, text=command.name, slash=None, is_command=True)

    def answers_at_once(self, request: Request) -> bool:
        """Whether nothing is missing: the channel is a client's. Raises CommandError for whoever is not admitted."""
        self.admit(request)
        return self._linked_client(request) is not None

    def opens_form(self, request: Request) -> bool:
        """Whether only the command was typed, and it cannot do without more. Raises UsageError for no command."""
        if request.wish is not None:
            return request.wish.command.changes and not request.wish.needs_client
        command, rest = self.runtime.dispatcher.find(request)
        needed = [parameter for parameter in command.parameters if parameter.required]
        if command.current is not None and rest.strip():
            return set(self.runtime.dispatcher.typed(request)) <= {parameter.name for parameter in needed}
        asks = command.slash is not None and any(each.kind is Kind.REST for each in command.parameters)
        wants_file = any(parameter.kind is Kind.FILE for parameter in command.parameters)
        if rest.strip() or not (needed or asks or wants_file):
            return False
        if command.confirm:
            return True
        is_more = any(parameter.kind is not Kind.CLIENT for parameter in needed)
        return asks or is_more or wants_file or self._linked_client(request) is None

    def form(self, request: Request, question: str | None = None) -> dict[str, Any]:
        """The form of the command that `request` names, filled in as far as it was typed, asking `question`. Raises
        CommandError.
        """
        self.people.admit(request.user)
        dispatcher = self.runtime.dispatcher
        try:
            prefilled = dispatcher.prefill(request)
        except (UsageError, NotFound):
            command = dispatcher.find(request)[0]
            blank = replace(request, text=command.name, slash=None, is_command=True, meaning=None)
            prefilled = dispatcher.prefill(blank)
        place: Any = {"channel": request.channel, "thread": request.thread, "today": self._today()}
        return forms.asking(prefilled, question, **place) if question else forms.form(prefilled, **place)

    def form_anew(self, user: str, view: Mapping[str, Any], block_id: str) -> dict[str, Any] | None:
        """The form once more, showing the record that was picked in an input; None where that shows nothing else.

        Raises CommandError; ValueError for a form that is not ours.
        """
        came_from = forms.origin(view)
        command = self.command_named(came_from.command)
        picked = forms.parameter_of(command, block_id)
        if picked is None or not forms.leads(command, picked):
            return None
        request = self.request(user, command.name, channel=came_from.channel)
        self.admit(request)
        prefilled = self.runtime.dispatcher.prefill(replace(request, form=forms.kept(command, view, picked.name)))
        return forms.refill(prefilled, view, today=self._today())

    def form_that_asks(self, view: Mapping[str, Any], question: str) -> dict[str, Any]:
        """The form as it was sent, with what has to be confirmed first."""
        command = self.command_named(forms.origin(view).command)
        prefilled = Prefilled(command, forms.read_form(command, view), forms.origin(view).seen)
        return forms.asking(prefilled, question, today=self._today(), view=view)

    def form_whole(self, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
        """The form once more with all of its fields, what was typed kept. Raises CommandError, ValueError as above."""
        came_from = forms.origin(view)
        command = self.command_named(came_from.command)
        request = self.request(user, command.name, channel=came_from.channel)
        self.admit(request)
        prefilled = self.runtime.dispatcher.prefill(replace(request, form=forms.so_far(command, view)))
        kept = replace(prefilled, seen=came_from.seen)
        return forms.refill(kept, view, today=self._today(), is_whole=True)

    def form_after_change(self, view: Mapping[str, Any], error: Changed) -> dict[str, Any]:
        """The form with what somebody else saved meanwhile; own entries are kept."""
        command = self.command_named(forms.origin(view).command)
        raw, words = forms.changed_meanwhile(command, view, error.current)
        said = (f"{error.message} Save again to go on.", *words)
        prefilled = Prefilled(command, raw, fingerprint(error.current or None))
        return forms.refill(prefilled, view, today=self._today(), said=said)

    def is_slow(self, request: Request) -> bool:
        try:
            return self.runtime.dispatcher.find(request)[0].is_slow
        except CommandError:
            return False

    def command_named(self, name: str) -> Command:
        """Raises UsageError when there is none."""
        return self.runtime.dispatcher.find(self.request("", name, is_command=True))[0]

    def _today(self) -> date:
        return self.runtime.clock().astimezone(self.runtime.dispatcher.policy.zone).date()

    def _name_of(self, request: Request) -> str:
        """The command's name, and never what was typed in its place."""
        try:
            return self.runtime.dispatcher.find(request)[0].name
        except CommandError:
            return "unknown"

    def _linked_client(self, request: Request) -> str | None:
        with self.runtime.dispatcher.reading(request) as ctx:
            linked = lookup.linked_client(ctx)
            return linked.name if linked is not None else None

    def file_named(self, id: str | None) -> list[SlackFile]:
        """What Slack says of a file, as a list; empty without one. Raises UsageError where Slack does not tell."""
        if not id:
            return []
        try:
            return [self.client.files_info(file=id)["file"]]
        except SLACK_FAILURES as error:
            raise UsageError(f"Slack did not hand over the file ({reason(error)}). Nothing was saved.") from error

    def _fetch(self, files: Sequence[SlackFile]) -> tuple[Any, ...]:
        return attachments.fetch(self.client, files)

    def _keep_private_where_needed(self, reply: Reply, channel: str) -> Reply:
        try:
            self.people.may_share_in(channel)
        except NotAllowed as error:
            return replace(reply, is_public=False, cautions=(*reply.cautions, error.message))
        return reply

    def _after(self, reply: Reply, request: Request, first_row: int) -> Answer:
        """What follows once the command is saved: nothing here can undo it, so nothing here says otherwise."""
        untold, unsent = self.tell(reply.notices), self._send(request.user, reply.files)
        sent = _where_files_are(reply.files, request.channel) if not unsent else ()
        reply = replace(reply, lines=(*sent, *reply.lines), cautions=(*reply.cautions, *untold, *unsent))
        if reply.is_public and request.channel is not None:
            is_decided = request.audience is Audience.EXTERNAL  # by who may see the client: commands/visibility.py
            reply = reply if is_decided else self._keep_private_where_needed(reply, request.channel)
        elif reply.is_public:
            alone = "Shown to you alone: press the button in the channel that should see it."
            reply = replace(reply, is_public=False, cautions=(*reply.cautions, alone))
        return self._render_reply(reply, request, first_row)

    def _render_reply(self, reply: Reply, request: Request, first_row: int) -> Answer:
        heard = self.prefix.in_reply(reply)
        reply = self.prefix.in_reply(pressed_next(self.runtime.dispatcher.registry, reply))
        today = reply.today or self._today()
        shown = partial(render, again=self._repeatable(request), first_row=first_row, today=today)
        rendered = shown(reply, heard=heard)
        if rendered.is_cut:
            whole = File("answer.txt", plain.complete_text(reply).encode(), reply.headline[:100])
            if troubles := self._send(request.user, (whole,)):
                is_ruling = reply.ruling is not None  # a ruling shows no lines; elsewhere what stands last is cut
                said = replace(reply, cautions=(*troubles, *reply.cautions))
                rendered = shown(said if is_ruling else replace(reply, lines=(*troubles, *reply.lines)))
        if reply.rated_by and (request.channel or "").startswith("D"):
            rendered.payload["blocks"].append(blocks.feedback(reply.rated_by))
        return Answer(rendered.payload, reply.is_public)

    def tell(self, notices: Sequence[Notice]) -> Sequence[str]:
        """Tell everybody; what could not be delivered, as far as it is known before whoever asked has waited enough.

        The telling goes on behind the answer: Slack's own slowness must not cost the asker theirs.
        """
        troubles: list[str] = []
        is_done = threading.Event()

        def tell() -> None:
            try:
                for notice in notices:
                    troubles.extend(self._tell(notice))
            finally:
                is_done.set()

        if notices and not self.later(tell):
            tell()
        elif notices:
            is_done.wait(_PATIENCE)
        return tuple(troubles)

    def _render_notice(self, notice: Notice) -> dict[str, Any]:
        """The message of a notice. Its receipt becomes the message key, so that a retry can find the earlier post."""
        reply = self.prefix.in_reply(notice.reply)
        if notice.receipt:
            return keyed_message([reply], notice.receipt)
        return {**render(reply).payload, "unfurl_links": False, "unfurl_media": False}

    def _tell(self, notice: Notice) -> list[str]:
        """Post what somebody else should know; if it cannot be delivered, that in words for whoever caused it."""
        try:
            why_not = self.people.why_untold(notice.to)
        except Unconfirmed as error:
            return [f"{as_recipient(notice.to)} could not be told ({error.code})."]
        if why_not is not None:
            return [f"{as_recipient(notice.to)} was not told: {why_not}."]
        message = self._render_notice(notice)
        troubles = self._try_send(
            lambda: self.client.chat_postMessage(channel=notice.to, **message),
            f"{as_recipient(notice.to)} could not be told",
        )
        if notice.receipt and not troubles:
            self._mark_told(notice.receipt)
        return troubles

    def _record_refusal(self, request: Request, error: NotAllowed) -> None:
        no_command = replace(request, text="help", slash=None, is_command=True)  # where that is what was typed
        for said in (request, no_command):
            try:
                self.runtime.dispatcher.refused(said, error)
            except (Unavailable, StorageError):
                _log.warning("a refusal could not be recorded", exc_info=True)
            except CommandError:
                continue
            return

    def _mark_told(self, receipt: str) -> None:
        try:
            with self.runtime.dispatcher.open_unit(self.workspace_id, writes=True) as uow:
                mark_told(uow, receipt, self.runtime.clock())
        except StorageError:
            _log.warning("%s is told but not marked: it may be told again", receipt, exc_info=True)

    def _send(self, user: str, files: Sequence[File]) -> list[str]:
        if not files:
            return []
        names = ", ".join(file.name for file in files)
        return self._try_send(lambda: attachments.send(self.client, user, files), f"{names} could not be sent to you")

    def _try_send(self, act: Callable[[], object], trouble: str) -> list[str]:
        try:
            act()
        except SLACK_FAILURES as error:
            _log.warning("somebody could not be told, or a file not be sent: %s", reason(error))
            return [f"{trouble} ({reason(error)})."]
        return []

    def _command_text(self, request: Request) -> str | None:
        """`request` as a command that a button can carry; None when its command takes nothing or it does not fit."""
        try:
            command, rest = self.runtime.dispatcher.find(request)
        except CommandError:
            return None
        text = f"{command.name} {rest}".strip()
        return text if command.parameters and len(text) <= 2000 else None

    def _repeatable(self, request: Request) -> str | None:
        """The command to run again for the rows that did not fit; None when running it again would change something."""
        try:
            command, rest = self.runtime.dispatcher.find(request)
        except CommandError:
            return None
        if command.changes or request.uploads:
            return None
        if request.form is None:
            return f"{command.name} {rest}".strip()
        given = [(name, one) for name, value in request.form.items() for one in _each(value)]
        return " ".join([command.name, *(f"{name}:{quote(value)}" for name, value in given)])


def _refusal_answer(reply: Reply, heard: Reply | None = None) -> Answer:
    """The block_id marks refusals for machine readers (tests, logs). `heard` has all that may be typed, too."""
    payload = render(reply, heard=heard).payload
    payload["blocks"][0]["block_id"] = REFUSED
    return Answer(payload)


def _where_files_are(files: Sequence[File], channel: str | None) -> tuple[str, ...]:
    """Where to look for what a command made, for whoever is not looking there already."""
    if not files or (channel or "").startswith("D"):
        return ()
    it = "The file is" if len(files) == 1 else f"The {len(files)} files are"
    return (f"{it} in your direct messages with me.",)


def _with_uploads(command: Command, request: Request, uploads: tuple[Any, ...]) -> Request:
    """The files beside the request, and their names where the command's file parameter expects one."""
    form = request.form
    wanted = [parameter.name for parameter in command.parameters if parameter.kind is Kind.FILE]
    if form is not None and wanted:
        form = {**form, wanted[0]: uploads[0].name}
    return replace(request, uploads=uploads, form=form)


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
