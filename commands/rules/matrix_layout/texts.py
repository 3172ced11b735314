"""What is wrong, or only odd, about the texts of a row, whichever way it was read."""

import re
from collections.abc import Iterator, Mapping, Sequence

from commands.rules.matrix_layout.results import MatrixRow, Problem
from storage.records import Responsibility
from storage.records.base import LONGEST_ENTRY, MOST_ENTRIES

_SLACK = re.compile(r"<(?:[@#!][^>\s]+|https?://[^>|\s]+\|[^>]*)>")
_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|ERROR!)")
LONGEST: Mapping[str, int] = {
    name: limit
    for name, info in Responsibility.model_fields.items()
    for limit in (getattr(part, "max_length", None) for part in info.metadata)
    if limit and name in MatrixRow.__dataclass_fields__
}


def text_problems(row: MatrixRow) -> Iterator[Problem]:
    """`size_problems`, and texts that start like a formula, hold Slack markup or an error value."""
    yield from size_problems(row)
    for name, text in _texts(row):
        if text.startswith(("=", "@")) or re.match(r"[+\-]\s*\w+\(", text):
            yield _problem(row, name, "The cell starts like a formula; it is kept as text and never run.")
        if _SLACK.search(text):
            yield _problem(row, name, "The cell holds Slack markup; it is kept as text and shown as text.")
        if _ERROR.fullmatch(text):
            yield _problem(row, name, f"The cell holds the error value {text}.", blocks=name == "item")


def size_problems(row: MatrixRow) -> Iterator[Problem]:
    """Too many entries and too long texts; all of them block."""
    for name, entries in (("aliases", row.aliases), ("control_refs", row.control_refs)):
        if len(entries) > MOST_ENTRIES or any(len(each) > LONGEST_ENTRY for each in entries):
            message = f"There are {len(entries)} entries; at most {MOST_ENTRIES} of {LONGEST_ENTRY} characters."
            yield _problem(row, name, message, blocks=True)
    for name, text in _texts(row):
        if len(text) > LONGEST[name]:
            yield _problem(row, name, f"The text has {len(text):,} characters; at most {LONGEST[name]:,}.", blocks=True)


def _problem(row: MatrixRow, column: str, message: str, *, blocks: bool = False) -> Problem:
    return Problem(row.source_row, column, message, blocks, None, row.source_sheet)


def _texts(row: MatrixRow) -> Sequence[tuple[str, str]]:
    names = ("item", "category", "msp_part", "client_part", "third_party", "clause", "notes")
    return [(name, value) for name in names if (value := getattr(row, name))]
