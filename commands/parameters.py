"""The parameters of a command: what kind of value each takes, and how it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto


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


TABLE_TYPES = ("xlsx", "csv", "tsv", "txt", "md", "html", "docx")
"""What a spreadsheet is read from."""


@dataclass(frozen=True, slots=True)
class FormLayout:
    """How a command's form asks. `first`: the fields that a long form shows first, beside those that it needs; those
    alone, and no others up to the usual number, where it `is_brief`. `needs`: what a line may leave out to open the
    form, and the form asks for. `submit`: what the button says where it neither saves nor shows.
    """

    first: tuple[str, ...] = ()
    is_brief: bool = False
    needs: tuple[str, ...] = ()
    submit: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command, typed as a positional word or as `name:value`.

    `choices` are the accepted values of a CHOICE (an enum class), `words` further spellings of them. `many` collects
    every occurrence into a tuple. REST takes all remaining words as they were typed. `default` is what a form starts
    with, as typed; it is what leaving it out means anyway. An ITEM is a row of a matrix; `is_new` ones may be added.
    `most` is the largest INTEGER that is read. Every DATE says whether it `has_happened`: such a day is not later than
    the client's today; another one lies at most `years_ahead` years ahead. A FILE has the `file_types` that a form
    offers: endings of names that Slack knows, without the dot; none of them: any file. `hint`: what a form says under
    the field in place of `help`, which speaks to whoever types; nothing where it is empty.
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
    file_types: tuple[str, ...] = ()
    hint: str | None = None

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
