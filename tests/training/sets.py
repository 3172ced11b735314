"""The labelled questions: matrices of many MSPs, what is asked about them, and which row is right."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from commands.rules.matching import Row

FOLDER = Path(__file__).parents[1] / "data"
# The vocabulary was mended by what these showed: the ranking must not learn from them how far to trust it.
MENDED_BY = ("dev", "dental", "law", "hotel", "school", "cpa", "gen", "care", "mfg", "dist")
# Never trained on, for good: what the product is judged by.
HELD_OUT = (
    "council", "insurer", "dentalgroup", "gpsurgery", "haulage", "saas", "genericus", "lawsolo", "university",
    "urgentcare", "insurancebroker", "carrental", "cityhall", "travelagent",
)  # fmt: skip
UNCOVERED = ("absent", "near_absent", "nonsense")


class BadSet(ValueError):
    """A set that must not be learned from; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Question:
    """`right`: the numbers of the rows that answer it; empty where no row does."""

    text: str
    right: tuple[int, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    rows: tuple[Row, ...]
    questions: tuple[Question, ...]


def names() -> tuple[str, ...]:
    """Of all sets, in the order of the alphabet."""
    return tuple(sorted(path.parent.name.removeprefix("scope_") for path in FOLDER.glob("scope_*/questions.csv")))


@cache
def load(name: str, folder: Path = FOLDER) -> Set:
    """Raises BadSet for a row listed twice, a question whose row does not exist, a set without uncovered ones."""
    place = folder / f"scope_{name}"
    rows = tuple(_rows(place / "matrix.csv"))
    numbers = {row.item: row.key for row in rows}
    questions = tuple(_questions(place / "questions.csv", numbers))
    if not any(not each.right for each in questions):
        raise BadSet(f"{place / 'questions.csv'}: no question is uncovered; a set needs some that no row answers")
    return Set(name, rows, questions)


def part(one: Set, rows: Sequence[int]) -> Set:
    """The set as if its matrix had these rows only; a question whose rows are all gone is uncovered."""
    numbers = {row: at for at, row in enumerate(rows)}
    kept = tuple(replace(one.rows[row], key=at) for row, at in numbers.items())
    asked = (replace(each, right=tuple(numbers[row] for row in each.right if row in numbers)) for each in one.questions)
    return Set(one.name, kept, tuple(asked))


def _rows(path: Path) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for line, record in _records(path):
        item = (record.get("item") or "").strip()
        if not item:
            raise BadSet(f"{path}, line {line}: no item")
        if item in seen:
            raise BadSet(f'{path}, line {line}: "{item}" stands in line {seen[item]} already')
        seen[item] = line
        aliases = tuple(each.strip() for each in (record.get("aliases") or "").split("|") if each.strip())
        texts = {name: (record.get(name) or "").strip() or None for name in ("category", "notes", "third_party")}
        parts = {name: (record.get(name) or "").strip() or None for name in ("msp_part", "client_part")}
        yield Row(len(seen) - 1, item, aliases=aliases, **texts, **parts)


def _questions(path: Path, rows: dict[str, int]) -> Iterator[Question]:
    seen: dict[str, int] = {}
    for line, record in _records(path):
        text = (record.get("question") or "").strip()
        if not text or text in seen:
            raise BadSet(f"{path}, line {line}: " + (f"asked in line {seen[text]} already" if text else "no question"))
        seen[text] = line
        expected = [each.strip() for each in (record.get("expected_item") or "").split("|") if each.strip()]
        for each in expected:
            if each not in rows:
                raise BadSet(f'{path}, line {line}: the matrix has no row "{each}"')
        kind = (record.get("kind") or "").strip()
        if (kind in UNCOVERED) != (not expected):
            raise BadSet(f"{path}, line {line}: {kind or 'no kind'} {'with' if expected else 'without'} a row")
        yield Question(text, tuple(rows[each] for each in expected), kind)


def _records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for record in reader:
            yield reader.line_num, record
