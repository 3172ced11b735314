"""A command, the context it runs in, and the one table of commands that drives help, forms, manifest and docs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from commands.arguments import Arguments
from commands.client_cache import ClientCache
from commands.fetching import Fetched
from commands.matrix_cache import Matrices
from commands.parameters import FormLayout, Kind, Parameter
from commands.policy import Policy
from commands.profile import LookUp
from commands.reply import Reply
from commands.signing import Verify
from commands.synonyms import meant_by
from storage.records import Client, Role
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `user` is a Slack user id, or CONSOLE for somebody with a shell on the machine."""

    user: str
    role: Role


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the command."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is aware UTC; `zone` is the workspace's, for "today". `channel` and `thread` are where it was typed.

    `managers_channel` gets what has no owner; `policy` are the settings that are not in the database. Everything stored
    goes through `uow`, which belongs to one workspace. `is_confirmed`: the person said yes to what cannot simply be
    undone. `fetched` is the page that the command asked for. `verify` tells by the trusted key
    whether a file is signed; None where none is set. `look_up` asks Slack about a person; None where there is
    no Slack. `progress` is told how far long work got.
    """

    actor: Actor
    uow: UnitOfWork
    now: datetime
    zone: ZoneInfo
    registry: "Registry"
    channel: str | None = None
    thread: str | None = None
    managers_channel: str | None = None
    uploads: tuple[Upload, ...] = ()
    matrices: Matrices = field(default_factory=Matrices)
    worked_out: ClientCache = field(default_factory=ClientCache)
    policy: Policy | None = None
    look_up: LookUp | None = None
    fetched: Fetched | None = None
    verify: Verify | None = None
    is_confirmed: bool = False
    progress: "Progress | None" = None

    def tell_progress(self, said: str) -> None:
        """Say how far long work got, to whoever waits for it."""
        if self.progress is not None:
            self.progress(said)

    @property
    def today(self) -> date:
        """The workspace's calendar day."""
        return self.day_of(self.now)

    def today_for(self, client: Client) -> date:
        """The client's calendar day; the workspace's where the client has no zone."""
        return self.day_of(self.now, client)

    def day_of(self, moment: datetime, client: Client | None = None) -> date:
        """The calendar day of `moment` at the client; the workspace's without one, or where it has no zone."""
        return moment.astimezone(self.zone_of(client)).date()

    def zone_of(self, client: Client | None) -> ZoneInfo:
        """The client's time zone; the workspace's without one, or where it has none."""
        return (client.zone if client else None) or self.zone


Progress = Callable[[str], None]
"""Is told in a few words how far long work got; when to show it is its own affair."""
_LIKE = 75
Handler = Callable[[Context, Arguments], Reply]
Current = Callable[[Context, Mapping[str, Any]], Mapping[str, str | tuple[str, ...]] | None]
"""What is on record, as it would be typed, for the arguments that could be read; None where they name nothing yet."""


@dataclass(frozen=True, slots=True)
class Command:
    """`noun verb`, what it needs and who may run it.

    `slash` is a short way to type it (its own slash command). `changes` is False for commands that only read: they take
    no write lock and leave no audit entry. `is_slow` commands may take longer than Slack waits; a front end
    acknowledges first. `current` fills the form of a command that edits: such a form holds the whole record, is refused
    when that changed meanwhile, and what is emptied in it is taken away. `confirm` says what the command does that has
    to be confirmed, in its form or after it was typed. `understands` tells for a command that takes any words whether
    these name something it knows; None: it knows by reading them. `asks_about` are the people whom the handler of a
    changing command looks up beside those that were named: Slack is asked about them before anything is locked. So is
    the page that it `fetches`.
    """

    noun: str
    verb: str
    handler: Handler
    role: Role
    summary: str
    example: str
    parameters: tuple[Parameter, ...] = ()
    slash: str | None = None
    changes: bool = True
    is_slow: bool = False
    current: Current | None = None
    confirm: str | None = None
    understands: Callable[[Context, Arguments], bool] | None = None
    asks_about: Callable[[Context, Arguments], Iterable[str]] | None = None
    fetches: Callable[[Context, Arguments], str | None] | None = None
    form: FormLayout = field(default_factory=FormLayout)

    @property
    def name(self) -> str:
        return f"{self.noun} {self.verb}".strip()

    @property
    def usage(self) -> str:
        """As it is typed; a file is not typed, it goes with it."""
        typed = (parameter.usage for parameter in self.parameters if parameter.kind is not Kind.FILE)
        return " ".join(["/engagement", self.name, *typed])

    @property
    def wants_words(self) -> bool:
        """Whether it cannot do anything without being told more."""
        return any(parameter.required or parameter.kind is Kind.REST for parameter in self.parameters)

    @property
    def positionals(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.positional)


class Registry:
    """All commands by noun and verb. Raises ValueError on a duplicate: the last writer must not win silently."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._by_name: dict[tuple[str, str], Command] = {}
        self._by_slash: dict[str, Command] = {}
        for command in commands:
            key = (command.noun, command.verb)
            if key in self._by_name or (command.slash and command.slash in self._by_slash):
                raise ValueError(f"two commands are called {command.name} or {command.slash}")
            self._by_name[key] = command
            if command.slash:
                self._by_slash[command.slash] = command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._by_name.values())

    def find(self, noun: str, verb: str) -> Command | None:
        return self._by_name.get((noun.lower(), verb.lower()))

    def for_slash(self, slash: str) -> Command | None:
        return self._by_slash.get(slash)

    @property
    def slashes(self) -> tuple[str, ...]:
        """The short slash commands, without /engagement."""
        return tuple(self._by_slash)

    @property
    def nouns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(noun for noun, _ in self._by_name))

    def of_noun(self, noun: str) -> tuple[Command, ...]:
        return tuple(command for command in self if command.noun == noun.lower())

    def near(self, typed: str, limit: int = 3, role: Role = Role.ADMIN) -> tuple[Command, ...]:
        """Commands that `role` may use and that were meant: by what people call them, else by how they are written.

        The likeliest first; empty when none is close.
        """
        names = {command.name: command for command in self if role.may_act_as(command.role)}
        if meant := [names[name] for name in meant_by(typed) if name in names]:
            return tuple(meant[:limit])
        near = {name: _likeness(typed.lower().split(), name.split()) for name in names}
        found = sorted((name for name, score in near.items() if score), key=lambda name: (-near[name], name))
        return tuple(names[name] for name in found[:limit])


def _likeness(typed: Sequence[str], name: Sequence[str]) -> float:
    """How like the words of a command's name are to some of those that were typed; 0 where none is like any."""
    best = [max((fuzz.ratio(word, part) for part in name), default=0.0) for word in typed]
    close = [score for score in best if score >= _LIKE]
    return sum(close) - len(name) if close else 0.0
