"""One table of commands: it drives dispatch, help, near-miss suggestions, roles, forms, the manifest and the README."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from commands.reply import Reply
from storage.records import Role

if TYPE_CHECKING:
    from commands.arguments import Arguments
    from commands.context import Context


class Kind(StrEnum):
    """What a parameter's text is read as. Front ends choose a form element by it."""

    TEXT = auto()
    LONG_TEXT = auto()
    DATE = auto()
    PERIOD = auto()
    INTEGER = auto()
    PERCENT = auto()
    YES_NO = auto()
    URL = auto()
    ZONE = auto()
    COUNTRY = auto()
    CHOICE = auto()
    PERSON = auto()
    CHANNEL = auto()
    CLIENT = auto()
    AGREEMENT = auto()
    ITEM = auto()
    QUESTION = auto()
    REMINDER = auto()
    REGULATION = auto()
    FILE = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command, typed as a positional word or as `name:value`.

    `choices` are the accepted values of a CHOICE (an enum class), `words` further spellings of them. `many` collects
    every occurrence into a tuple. REST takes all remaining words as they were typed. `default` is what a form starts
    with, as typed; it is what leaving it out means anyway. An ITEM is a row of a matrix; `is_new` ones may be added.
    `most` is the largest INTEGER that is read. Every DATE says whether it `has_happened`: such a day is not later than
    the client's today; another one lies at most `years_ahead` years ahead.
    """

    name: str
    help: str
    kind: Kind = Kind.TEXT
    positional: bool = False
    required: bool = False
    many: bool = False
    choices: type[StrEnum] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    is_new: bool = False
    most: int = 999_999_999
    has_happened: bool | None = None
    years_ahead: int = 10
    may_be_absent: bool = False

    @property
    def attribute(self) -> str:
        """The name under which a handler reads it: initial-term is `args.initial_term`."""
        return self.name.replace("-", "_")

    @property
    def usage(self) -> str:
        shown = self.name.upper() if self.positional else f"{self.name}:{self._example_value}"
        shown += "..." if self.many else ""
        return shown if self.required else f"[{shown}]"

    @property
    def _example_value(self) -> str:
        if self.choices is not None:
            return "|".join(member.value for member in self.choices)
        return {
            Kind.DATE: "YYYY-MM-DD",
            Kind.PERIOD: "60d",
            Kind.INTEGER: "N",
            Kind.QUESTION: "N",
            Kind.REMINDER: "N",
            Kind.PERCENT: "3.5",
            Kind.YES_NO: "yes|no",
            Kind.URL: "https://...",
            Kind.ZONE: "America/Chicago",
            Kind.COUNTRY: "US",
            Kind.PERSON: "@person",
            Kind.CHANNEL: "#channel",
        }.get(self.kind, "TEXT")


Handler = Callable[["Context", "Arguments"], Reply]
Current = Callable[["Context", Mapping[str, Any]], Mapping[str, str | tuple[str, ...]] | None]
"""What is on record, as it would be typed, for the arguments that could be read; None where they name nothing yet."""


@dataclass(frozen=True, slots=True)
class Command:
    """`noun verb`, what it needs and who may run it.

    `slash` is a short way to type it (its own slash command). `changes` is False for commands that only read: they take
    no write lock and leave no audit entry. `is_slow` commands may take longer than Slack waits; a front end
    acknowledges first. `current` fills the form of a command that edits: such a form holds the whole record, is refused
    when that changed meanwhile, and what is emptied in it is taken away. `confirm` says what the command does that has
    to be confirmed, in its form or after it was typed. `understands` tells for a command that takes any words whether
    these name something it knows; None: it knows by reading them.
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
    understands: Callable[["Context", "Arguments"], bool] | None = None

    @property
    def name(self) -> str:
        return f"{self.noun} {self.verb}".strip()

    @property
    def usage(self) -> str:
        return " ".join(["/engagement", self.name, *(parameter.usage for parameter in self.parameters)])

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

    def near(self, typed: str, limit: int = 3) -> tuple[Command, ...]:
        """Commands whose name is close to what was typed, nearest first; empty when none is close."""
        names = {command.name: command for command in self}
        found = process.extract(typed.lower(), names.keys(), scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
        return tuple(names[name] for name, _, _ in found)
