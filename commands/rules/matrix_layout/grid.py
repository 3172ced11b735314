"""The layout with several parties in a row: one column per duty, platform or plan."""

from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.fields import INCLUDED
from commands.rules.matrix_layout.words import header_party
from storage.records import Party

_HALF = 0.5
_SECONDARY = frozenset({
    "accountable", "accountable party", "consulted", "informed", "support", "supporting", "supported by", "secondary",
    "secondary owner", "secondary responsible", "backup", "backup owner", "approver", "approved by", "approval",
    "escalation", "escalated to", "evidence owner", "cost owner", "paid by", "funded by", "billed to",
})  # fmt: skip


def is_secondary(column: Column) -> bool:
    """Whether a column names a second role, such as a backup or an approver."""
    return column.name in _SECONDARY or column.name.startswith(("secondary ", "backup ", "alternate "))


def find_grid(free: Sequence[Column], known: Mapping[str, Party]) -> list[Column]:
    """Several columns of party words, or of inclusions, whose headers are not parties: duties, platforms or plans.

    One whose words are all used in the others belongs to them, however few of its own are known.
    """
    others = [
        column
        for column in free
        if column.filled > 1
        and column.marks < 0.6
        and not header_party(column.header, known)
        and not (column.means("third_party") or column.means("notes"))
    ]
    full = [column for column in others if (column.parties >= 0.4 and column.deciding >= 0.2) or _is_plan(column)]
    if len(full) < 2:
        return full
    words = frozenset().union(*(column.words for column in full))
    return [column for column in others if column in full or (column.words and column.words <= words)]


def _is_plan(column: Column) -> bool:
    """A column of a plan or a tier: it says of each service whether it is included."""
    return column.inclusions >= _HALF and not INCLUDED.match(column.name) and not column.means("party")
