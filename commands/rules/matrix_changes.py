"""What an import would change: which rows are new, which say something else, which the paper no longer has.

Also the other way: the rows of a matrix as the table that an import reads back without any change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from commands.rules.matrix_layout.cleaning import clean, clean_clause, clean_item, clean_line, compared
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.matrix_layout.fields import OWN_COLUMNS
from commands.rules.matrix_layout.results import MatrixRow
from storage.records import Responsibility

# The fields that an import can set, in the order in which they are shown. `item` is part of the identity as well.
FIELDS = (
    "item", "category", "party", "msp_part", "client_part", "third_party", "clause", "notes", "control_refs", "aliases",
    "effective_from", "effective_to",
)  # fmt: skip
_LINES = frozenset({"third_party", "effective_from", "effective_to"})


@dataclass(frozen=True, slots=True)
class Change:
    """`new` is complete: what the file does not speak of is carried over from `old`."""

    old: Responsibility
    new: MatrixRow
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixChanges:
    """`retired` and `kept` are the stored rows that the file does not have: those that are to end, and the others."""

    added: tuple[MatrixRow, ...]
    changed: tuple[Change, ...]
    retired: tuple[Responsibility, ...]
    unchanged: tuple[Responsibility, ...]
    kept: tuple[Responsibility, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.retired)

    def without_retiring(self) -> "MatrixChanges":
        """The same, but no row ends."""
        return replace(self, retired=(), kept=(*self.kept, *self.retired))


def compare(
    current: Sequence[Responsibility], incoming: Sequence[MatrixRow], *, given: Collection[str] | None = None
) -> MatrixChanges:
    """Match by item, and by category too where an item occurs more than once.

    `given`: the fields that the file has (`MatrixReading.given`); others keep their stored value. None: all.
    """
    pairs, added, retired = _matched(current, incoming)
    changed = []
    unchanged = []
    for old, new in pairs:
        whole = _completed(old, new, given)
        fields = tuple(name for name in FIELDS if _value(old, name) != _value(whole, name))
        if fields:
            changed.append(Change(old, whole, fields))
        else:
            unchanged.append(old)
    return MatrixChanges(tuple(added), tuple(changed), tuple(retired), tuple(unchanged))


_Pairs = list[tuple[Responsibility, MatrixRow]]


def _matched(
    current: Sequence[Responsibility], incoming: Sequence[MatrixRow]
) -> tuple[_Pairs, list[MatrixRow], list[Responsibility]]:
    stored: dict[str, list[Responsibility]] = defaultdict(list)
    for old in current:
        stored[item_key(old.item)].append(old)
    read: dict[str, list[MatrixRow]] = defaultdict(list)
    for row in incoming:
        read[item_key(row.item)].append(row)
    partner: dict[int, Responsibility] = {}
    for key, rows in read.items():
        left = stored.get(key, [])
        for row in rows:
            same = next((old for old in left if compared(old.category or "") == compared(row.category or "")), None)
            if same is not None:
                partner[id(row)] = same
                left.remove(same)
        open_rows = [row for row in rows if id(row) not in partner]
        # One left on each side: it moved to another category.
        if len(open_rows) == 1 and len(left) == 1:
            partner[id(open_rows[0])] = left.pop()
    taken = {id(old) for old in partner.values()}
    pairs = [(partner[id(row)], row) for row in incoming if id(row) in partner]
    added = [row for row in incoming if id(row) not in partner]
    return pairs, added, [old for old in current if id(old) not in taken]


def _completed(old: Responsibility, new: MatrixRow, given: Collection[str] | None) -> MatrixRow:
    if given is None:
        return new
    kept = {name: _stored(old, name) for name in FIELDS if name not in given and name not in ("item", "party")}
    return replace(new, **kept) if kept else new  # type: ignore[arg-type]


def _stored(old: Responsibility, name: str) -> str | tuple[str, ...] | None:
    value = getattr(old, name)
    return value.isoformat() if isinstance(value, date) else value


def _value(row: Responsibility | MatrixRow, name: str) -> object:
    """The value in the form in which it is compared. A stored one is cleaned first, as an incoming one has been."""
    value = getattr(row, name)
    if isinstance(row, MatrixRow):
        return (compared(value) if name == "category" and value else value) or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return tuple(clean_line(text) for text in value) or None
    if not value:
        return None
    if name == "item":
        return clean_item(str(value))
    if name == "clause":
        return clean_clause(str(value)) or None
    if name == "category":
        return compared(str(value))  # "HELP DESK" over a section is the category "Help desk"
    return (clean_line(str(value)) if name in _LINES else clean(str(value))) or None


_ALWAYS = 5
_ATTRIBUTES = {"control_id": "control_refs"}


def export_rows(rows: Iterable[Responsibility]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The header and the rows of an export, in the order of `position`; further columns only if they hold anything."""
    ordered = sorted(rows, key=lambda row: row.position)
    columns = [(header, _ATTRIBUTES.get(field, field)) for header, field in OWN_COLUMNS.items()]
    columns = [
        column
        for place, column in enumerate(columns)
        if place < _ALWAYS or any(getattr(row, column[1]) for row in ordered)
    ]
    return (
        tuple(header for header, _ in columns),
        tuple(tuple(_exported(getattr(row, name)) for _, name in columns) for row in ordered),
    )


def _exported(value: object) -> str:
    if isinstance(value, tuple):
        # A single name with a comma in it needs the ; that says that commas do not divide.
        return "; ".join(value) + (";" if len(value) == 1 and "," in value[0] else "")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
