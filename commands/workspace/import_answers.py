"""What a person says about a table of clients or agreements, and what the table leaves to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from commands.arguments import Arguments
from commands.errors import UsageError
from commands.rules.imports.file_dates import Order
from commands.rules.imports.tables import TableCorrections
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.text.phrases import join_names
from commands.spreadsheets.uploads import skipped_row

OPTIONS = ("sheet", "header_row", "column", "value", "unit", "dates")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Answers:
    """`values`: (field or "", word as `comparable`) -> what it means, "" for nothing. `units`: field -> unit."""

    table: TableCorrections
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    dates: Order | None = None

    def value(self, name: str, text: str) -> str | None:
        """What somebody said that `text` means in that field; None if nobody did."""
        word = comparable(text)
        return self.values.get((name, word), self.values.get(("", word)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of a file that somebody has to explain. `proposed`: what it is taken for until then; None for nothing.

    `answer` is what to type for another meaning.
    """

    message: str
    rows: tuple[int, ...]
    proposed: str | None
    answer: str


@dataclass(slots=True)
class Questions:
    """Each word is asked about once, however many rows have it."""

    found: dict[tuple[str, str], Asked] = field(default_factory=dict)

    def ask(self, name: str, word: str, row: int, message: str, proposed: str | None, answer: str) -> None:
        key = name, comparable(word)
        known = self.found.get(key)
        rows = (row,) if known is None else known.rows if row in known.rows[-1:] else (*known.rows, row)
        self.found[key] = replace(known, rows=rows) if known else Asked(message, rows, proposed, answer)

    @property
    def open(self) -> list[Asked]:
        """Those for which nothing can be proposed."""
        return [each for each in self.found.values() if each.proposed is None]

    @property
    def proposed(self) -> list[Asked]:
        return [each for each in self.found.values() if each.proposed is not None]


def asked_text(asked: Asked) -> str:
    """What is asked about the file in one line: the rows, what is proposed, and how to answer."""
    rows = join_names([str(row) for row in asked.rows], _SHOWN)
    where = f"row{'' if len(asked.rows) == 1 else 's'} {rows}: " if any(asked.rows) else ""
    return f"{where}{asked.message} If not: {asked.answer}" if asked.proposed is not None else (
        f"{where}{asked.message} {asked.answer}"
    )  # fmt: skip


def given_options(args: Arguments) -> dict[str, Any]:
    """What was said about the file, as it is kept for the next one."""
    return {name: value for name in OPTIONS if (value := getattr(args, name))}


def answers(options: Mapping[str, Any], skip: Sequence[str]) -> Answers:
    """Raises UsageError for what cannot be read."""
    return Answers(
        TableCorrections(
            options.get("sheet"),
            options.get("header_row"),
            dict(_pair("column", text) for text in options.get("column", ())),
            frozenset(map(skipped_row, skip)),
        ),
        dict(_value(text) for text in options.get("value", ())),
        dict(_pair("unit", text) for text in options.get("unit", ())),
        Order(options["dates"]) if options.get("dates") else None,
    )


def _pair(option: str, text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise UsageError(f'{option}: write it as "left=right"; "{text}" has no =.', fields={option: "needs an =."})
    return left.strip(), right.strip()


def _value(text: str) -> tuple[tuple[str, str], str]:
    """ "Managed Services=sow", or with the field before it: "owner/Ana Poe=@ana"."""
    word, meaning = _pair("value", text)
    name, slash, rest = word.partition("/")
    return (name, comparable(rest)) if slash and name.islower() else ("", comparable(word)), meaning
