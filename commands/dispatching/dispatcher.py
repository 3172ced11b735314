"""From a request to a reply: find the command, check the role, read the arguments, run in one unit of work, audit."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from commands.arguments import Arguments, Raw
from commands.choices import usable, usable_choices, usable_steps
from commands.client_cache import ClientCache
from commands.clients.remarks import with_remarks
from commands.command import Actor, Command, Context, Registry
from commands.dispatching.delivery import claim
from commands.dispatching.recording import plan_and_record, record_failure
from commands.dispatching.request import CONSOLE, Prefilled, Request
from commands.errors import Changed, CommandError, Conflict, NeedsYes, NotAllowed, UsageError
from commands.fetching import CannotFetch, Fetch, Fetched
from commands.grammar.assignment import assign, parse
from commands.grammar.limits import is_beyond_a_limit, refusal
from commands.grammar.lookup import linked_client
from commands.grammar.meaning import (
    Meaning,
    begins_as_command,
    exact_meaning,
    find_command,
    is_beyond_doubt,
    meaning,
    not_a_command,
)
from commands.grammar.parsing import (
    as_stored,
    convert,
    fingerprint,
    readable,
    with_current_names,
    with_iso_dates,
    without_blanks,
)
from commands.grammar.people import learn, mentioned_users, refuse_absent
from commands.matrix_cache import Matrices
from commands.parameters import Kind
from commands.policy import Policy
from commands.profile import LookUp, Profile
from commands.reply import Reply
from commands.rules.text.people import as_person
from commands.scope.changed_answers import changed_answers
from commands.signing import Verify
from commands.visibility import Audience, MembersOf, conceal, may_receive, no_members, redact_for
from commands.wishes.replies import answered, unfulfilled
from commands.wishes.understanding import could_be_wish, wish_meant
from commands.wishes.wish import OTHER, Wish
from storage.errors import DatabaseUnavailable, StaleRecord
from storage.records import Client, Role
from storage.unit_of_work import UnitOfWork

_ELSEWHERE = (
    "This channel is shared with another company: only the client it is linked to is known here. Ask in another one."
)
_TRIES = 5
_log = logging.getLogger(__name__)


class Unavailable(CommandError):
    """The database cannot be reached or is locked; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """`open_unit(workspace_id, writes=..., shares=...)` opens a unit of work; `clock` gives aware UTC."""

    registry: Registry
    open_unit: Callable[..., UnitOfWork]
    clock: Callable[[], datetime]
    policy: Policy = field(default_factory=lambda: Policy(ZoneInfo("UTC")))
    matrices: Matrices = field(default_factory=Matrices)
    worked_out: ClientCache = field(default_factory=ClientCache)
    members_of: MembersOf = no_members
    look_up: LookUp | None = None
    fetch: Fetch | None = None
    verify: Verify | None = None

    def find(self, request: Request) -> Meaning:
        """The command meant and the text that is left for it. Raises UsageError with suggestions, or Unavailable."""
        known = self.understood(request).meaning
        assert known is not None, "what is understood has a meaning"
        return known

    def understood(self, request: Request) -> Request:
        """`request` with its meaning, which is found once. Raises UsageError with suggestions, or Unavailable."""
        if request.meaning is not None:
            return request
        try:
            found = self._meaning(request)
        except UsageError:  # no command, but perhaps a wish: "/engagement record that calder takes cards"
            is_half = request.slash is None or begins_as_command(self.registry, request.text)
            ask = None if is_half else self.registry.find("scope", "ask")
            wish = self._wish(request, (ask, request.text)) if ask is not None else None
            if wish is None or wish.label == OTHER:
                raise
            return replace(request, meaning=(wish.command, wish.text), wish=wish)
        if (wish := self._wish(request, found)) is not None:
            return replace(request, meaning=(wish.command, wish.text), wish=wish)
        return replace(request, meaning=found)

    def _meaning(self, request: Request) -> Meaning:
        is_command = request.is_command or request.form is not None
        if not is_command and not is_beyond_doubt(self.registry, request.text, request.slash):
            with self.reading(request) as ctx:
                return meaning(self.registry, request.text, request.slash, ctx)
        if (found := exact_meaning(self.registry, request.text, request.slash)) is not None:
            return found
        if request.slash is None and request.text.split()[0].lower() not in self.registry.nouns:
            return find_command(self.registry, "scope", "ask"), request.text
        raise not_a_command(self.registry, request.text, self._role(request))

    def _role(self, request: Request) -> Role:
        """Whose suggestions to make. Raises Unavailable."""
        with self.reading(request) as ctx:
            return ctx.actor.role

    def _wish(self, request: Request, found: Meaning) -> Wish | None:
        """What is wanted from the record by words that are no command; None for a question about scope."""
        command, text = found
        is_typed = request.is_command or request.form is not None or request.uploads
        if is_typed or command.name != "scope ask" or request.text.lower().startswith("scope ask"):
            return None
        if not could_be_wish(text, self.matrices):
            return None
        with self.reading(request) as ctx:
            return wish_meant(ctx, text)

    def run(self, request: Request) -> Reply:
        """The reply to `request`; what it changed is committed. What was only understood changes nothing.

        Raises CommandError with nothing saved; Duplicate for a delivery that was answered before.
        """
        request = self.understood(request)
        wish = request.wish
        if wish is None:
            return self._run(request)
        if wish.needs_words:
            with self.reading(request) as ctx:
                self._check_role(wish.command, ctx)
                return unfulfilled(ctx, wish)
        return answered(self._run(request), wish)

    def _run(self, request: Request) -> Reply:
        command, text = self.find(request)
        for tries_left in reversed(range(_TRIES)):
            try:
                with _told_when_unavailable():
                    return self._run_once(command, text, request)
            except StaleRecord:
                if not tries_left:
                    raise Conflict(
                        "Somebody else changed this at the same moment, several times. Nothing was saved; try again."
                    ) from None
        raise AssertionError("unreachable")

    def prefill(self, request: Request) -> Prefilled:
        """The form of the command that `request` names, unread. Checks the role. Raises CommandError."""
        command, text = self.find(request)
        with self.reading(request) as ctx:
            self._check_role(command, ctx)
            given = assign(command, text, ctx) if request.form is None else request.form
            raw, named = without_blanks(given) if request.form is None else given, tuple(given)
            typed = with_current_names(command, raw, ctx)
            for parameter in command.parameters:
                if parameter.kind is Kind.CLIENT and (linked := linked_client(ctx)) is not None:
                    typed.setdefault(parameter.name, linked.name)
            typed = with_iso_dates(command, typed, ctx)
            if command.current is None:
                usual = with_iso_dates(command, _usual(command, ctx), ctx, typed)
                return Prefilled(command, {**usual, **typed}, None, named)
            current = command.current(ctx, readable(command, typed, ctx))
            if current is not None:  # an empty field would take away what is on record
                return Prefilled(command, {**current, **_not_empty(typed)}, fingerprint(current), named)
            usual = with_iso_dates(command, _usual(command, ctx), ctx, typed)
            return Prefilled(command, {**usual, **typed}, fingerprint(None), named)

    def typed(self, request: Request) -> Raw:
        """What was typed for which parameter, unread. Raises CommandError."""
        command, text = self.find(request)
        with self.reading(request) as ctx:
            return assign(command, text, ctx)

    def refused(self, request: Request, error: NotAllowed) -> None:
        """Note in the audit log that somebody was turned away before the command was run. Raises CommandError."""
        command = self.find(request)[0]
        with _told_when_unavailable():
            self._record_failure(command, request, error)

    @contextmanager
    def reading(self, request: Request) -> Iterator[Context]:
        """What `request` may read, while it is open. Raises Unavailable where the database cannot be read."""
        with _told_when_unavailable(), self.open_unit(request.workspace_id, writes=False) as uow:
            yield self.context(uow, request)

    def context(self, uow: UnitOfWork, request: Request) -> Context:
        """What a handler gets for `request`. Clients that do not exist for whoever asks are concealed in `uow`."""
        actor = self._actor(uow, request.user)
        conceal(uow, actor, self.members_of, request.channel or "" if request.audience is Audience.EXTERNAL else None)
        return Context(
            actor=actor,
            uow=uow,
            now=self.clock(),
            zone=self.policy.zone,
            registry=self.registry,
            channel=request.channel,
            thread=request.thread,
            managers_channel=self.policy.managers_channel,
            uploads=request.uploads,
            matrices=self.matrices,
            worked_out=self.worked_out,
            policy=self.policy,
            is_confirmed=request.is_confirmed,
            look_up=self.look_up,
            verify=self.verify,
            progress=request.progress,
        )

    def may_receive(self, uow: UnitOfWork, to: str, about: Collection[int]) -> bool:
        """Whether a message about these clients may go to the person or channel `to`, as things are now."""
        return may_receive(uow, to, about, self.policy.admins, self.members_of)

    def usable_by(self, uow: UnitOfWork, to: str, reply: Reply) -> Reply:
        """`reply` without what the person `to` would be refused; as it is where `to` is a channel."""
        if not to.startswith(("U", "W")):
            return reply
        return usable(self.registry, reply, self.policy.role_of(to, uow.roles.granted(to)))

    def _run_once(self, command: Command, text: str, request: Request) -> Reply:
        args: Arguments | None = None
        if request.deliveries and not command.changes:
            with self.open_unit(request.workspace_id, writes=True, shares=True) as uow:
                claim(uow, request.deliveries, self.clock())
        seen = self._seen(command, text, request) if command.changes else {}
        fetched = self._fetched(command, text, request)
        role: Role | None = None
        try:
            with self.open_unit(request.workspace_id, writes=command.changes, shares=not command.is_slow) as uow:
                if command.changes:
                    claim(uow, request.deliveries, self.clock())
                    if not _asks(command):  # what is read from here on is still so when it is saved
                        uow.hold()
                ctx = self.context(uow, request)
                role = ctx.actor.role
                if command.changes:  # nobody else may write now: Slack is not waited for
                    ctx = replace(ctx, look_up=seen.get, fetched=fetched)
                self._check_role(command, ctx)
                args = self._arguments(command, text, request, ctx)
                remarks = (*args.readings, *self._remarks(command, args, ctx, seen))
                reply = _handle(command, ctx, args)
                if command.changes and request.form is None and args.dropped:
                    raise _not_to_be_emptied(command, args)
                reply = replace(reply, cautions=(*remarks, *reply.cautions)) if remarks else reply
                if command.changes:
                    reply = replace(reply, notices=(*reply.notices, *changed_answers(ctx)))
                reply = self._with_usable_buttons(ctx, reply)
                about = uow.about
                reply = redact_for(ctx, reply, about, request.audience, self.policy.admins, self.members_of)
                if command.changes:
                    plan_and_record(ctx, self.policy, command, request, about, told=len(reply.notices))
                return reply
        except CommandError as error:
            is_refused = isinstance(error, NotAllowed)
            if is_refused or (command.changes and args is not None):
                self._record_failure(command, request, error, uow.about)
            if role is not None and not is_refused:  # who is refused is told what to ask an admin for
                error.next_steps = usable_steps(self.registry, error.next_steps, role)
                error.choices = usable_choices(self.registry, error.choices, role)
            if request.audience is Audience.EXTERNAL and not is_refused:
                error.next_steps = (*error.next_steps, _ELSEWHERE)
            raise

    def _with_usable_buttons(self, ctx: Context, reply: Reply) -> Reply:
        """Nobody is shown what would refuse them, to press or to type: neither whoever asked, nor whoever is told."""
        if not (reply.choices or reply.sections or reply.groups or reply.notices or reply.next_steps):
            return reply
        notices = tuple(replace(each, reply=self.usable_by(ctx.uow, each.to, each.reply)) for each in reply.notices)
        return replace(usable(self.registry, reply, ctx.actor.role), notices=notices)

    def _arguments(self, command: Command, text: str, request: Request, ctx: Context) -> Arguments:
        """Raises UsageError or NotFound; Changed when the record is not what the form showed any more; NeedsYes."""
        if request.form is None:
            args = parse(command, text, ctx)
            if command.confirm and not request.is_confirmed:
                raise NeedsYes(f"Nothing is done yet. {command.confirm}")
            return args
        is_whole = request.seen is not None and command.current is not None
        args = convert(command, request.form, ctx, is_whole=is_whole)
        if is_whole and command.current is not None:
            current = command.current(ctx, args.values)
            if fingerprint(current) != request.seen:
                raise Changed(current or {})
            args = as_stored(command, args, request.form, current or {})
        return args

    def _seen(self, command: Command, text: str, request: Request) -> dict[str, Profile | None]:
        """What Slack says about everybody whom the request names or is about. Asked before anything is locked."""
        if self.look_up is None:
            return {}
        fields = (request.form or {}).values()
        texts = (text for given in fields for text in _texts(given))
        users = mentioned_users((request.text, *texts)) | self._asked_about(command, text, request)
        return {user: self.look_up(user) for user in sorted(users)}

    def _asked_about(self, command: Command, text: str, request: Request) -> set[str]:
        """Nobody where the request cannot be carried out: what is wrong with it is said later."""
        if command.asks_about is None:
            return set()
        try:
            with self.reading(request) as ctx:
                self._check_role(command, ctx)
                return set(command.asks_about(ctx, self._arguments(command, text, request, ctx)))
        except Unavailable:
            raise
        except CommandError:
            return set()

    def _fetched(self, command: Command, text: str, request: Request) -> Fetched | None:
        """The page that the command asks for, where this bot fetches any. Raises Conflict with why it could not be."""
        if command.fetches is None or self.fetch is None:
            return None
        with self.reading(request) as ctx:
            self._check_role(command, ctx)
            url = command.fetches(ctx, self._arguments(command, text, request, ctx))
        try:
            return self.fetch(url) if url is not None else None
        except CannotFetch as error:
            raise Conflict(f"The terms were not fetched: {error} Nothing was saved.") from error

    def _remarks(
        self, command: Command, args: Arguments, ctx: Context, seen: Mapping[str, Profile | None]
    ) -> tuple[str, ...]:
        """On people who could not be looked up. Raises UsageError for somebody who cannot answer for anything here."""
        if not command.changes:
            return ()
        is_whole = args.is_whole and command.current is not None
        known = command.current(ctx, args.values) if is_whole and command.current is not None else None
        unchanged = mentioned_users(text for given in (known or {}).values() for text in _texts(given))
        remarks = refuse_absent(ctx, command, args.values, seen, unchanged)
        learn(ctx, seen)
        return remarks

    def _record_failure(
        self, command: Command, request: Request, error: CommandError, about: Collection[int] = ()
    ) -> None:
        """In a unit of its own, because the command's was rolled back."""
        with self.open_unit(request.workspace_id, writes=True, shares=True) as uow:
            if command.changes:
                claim(uow, request.deliveries, self.clock())
            record_failure(uow, self.clock(), command, request, error, about)

    def _actor(self, uow: UnitOfWork, user: str) -> Actor:
        return Actor(user, Role.ADMIN if user == CONSOLE else self.policy.role_of(user, uow.roles.granted(user)))

    def _check_role(self, command: Command, ctx: Context) -> None:
        if not ctx.actor.role.may_act_as(command.role):
            person = as_person(ctx.actor.user)
            raise NotAllowed(
                f"{command.name} is for the role {command.role.value} or higher; yours is {ctx.actor.role.value}. "
                f"An admin can change that with: /engagement role grant {person} {command.role.value}"
            )


@contextmanager
def _told_when_unavailable() -> Iterator[None]:
    """Raises Unavailable, which says when to try again, for a database that cannot be used."""
    try:
        yield
    except DatabaseUnavailable as error:
        _log.warning("database unavailable: %s", error)
        raise Unavailable(
            "The records cannot be reached right now (the database is locked or down). Nothing was saved; "
            "try again in a minute."
        ) from error


def _handle(command: Command, ctx: Context, args: Arguments) -> Reply:
    """The handler's reply. Raises CommandError, also for a value that its record cannot hold."""
    try:
        return _about_client(ctx, args, command.handler(ctx, args))
    except ValidationError as error:
        if not is_beyond_a_limit(error):
            raise
        raise refusal(error, command, args.values) from error


def _not_to_be_emptied(command: Command, args: Arguments) -> UsageError:
    """For what was typed as nothing where nothing can be taken away: it is not dropped in silence."""
    names = [parameter.name for parameter in command.parameters if parameter.attribute in args.dropped]
    fields = dict.fromkeys(names, "cannot be emptied here: give another value, or leave it out.")
    return UsageError(
        " ".join(f'{name}:"" cannot be emptied here: give another value, or leave it out.' for name in names),
        fields=fields,
        next_steps=(f"/engagement help {command.name}",),
    )


def _texts(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _asks(command: Command) -> bool:
    """Whether it takes a question in free words, and only adds that it was asked."""
    return any(parameter.kind is Kind.REST for parameter in command.parameters)


def _not_empty(raw: Raw) -> Raw:
    return {name: given for name, given in raw.items() if given not in ("", ())}


def _about_client(ctx: Context, args: Arguments, reply: Reply) -> Reply:
    """`reply` with what has to be known about the client that was named; in a client's channel, for whom it is."""
    client = next((each for each in args.values.values() if isinstance(each, Client)), None)
    present = ctx.uow.clients.find(client.id) if client is not None else None
    if present is None:
        return reply
    is_said = present.name in reply.headline or not ctx.channel or linked_client(ctx) is None
    named = reply if is_said else replace(reply, headline=f"{present.name}: {reply.headline}")
    named = replace(named, today=ctx.today_for(present))
    return with_remarks(named, present, args.called)


def _usual(command: Command, ctx: Context) -> dict[str, str]:
    """What the parameters are when they are left out, as typed; "me" as whoever asks."""
    given = {parameter.name: parameter.default for parameter in command.parameters if parameter.default is not None}
    return {name: ctx.actor.user if default == "me" else default for name, default in given.items()}


def error_reply(error: CommandError) -> Reply:
    """An error as a reply: what was wrong, then what to type instead."""
    headline, *lines = error.message.split("\n")
    data = {"error": error.message, **error.data}
    return Reply(
        headline, lines=tuple(lines), choices=error.choices, next_steps=error.next_steps, files=error.files, data=data
    )
