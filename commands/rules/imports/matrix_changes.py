"""What an import would change: which rows are new, which say something else, which the paper no longer has.

Also the other way: the rows of a matrix as the table that an import reads back without any change.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from commands.rules.matrix.row_basis import is_attested
from commands.rules.matrix.row_versions import parts_left_over
from commands.rules.matrix_layout.cleaning import clean, clean_clause, clean_item, clean_line, comparable
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.matrix_layout.fields import OWN_COLUMNS, RECORD_COLUMNS, REPLACED
from commands.rules.matrix_layout.results import MatrixRow
from commands.rules.text.cell_lists import join_list
from commands.rules.text.phrases import plain
from storage.records import Agreement, Responsibility, RowBasis

# The fields that an import can set, in the order in which they are shown. `item` is part of the identity as well.
FIELDS = (
    "item", "category", "party", "msp_part", "client_part", "third_party", "clause", "notes", "control_refs", "aliases",
    "effective_from", "effective_to",
)  # fmt: skip
_LINES = frozenset({"third_party", "effective_from", "effective_to"})


@dataclass(frozen=True, slots=True)
class Change:
    """`new` is complete: what the file does not speak of is carried over from `old`, but for parts of the old party."""

    old: Responsibility
    new: MatrixRow
    fields: tuple[str, ...]

    @property
    def dropped(self) -> tuple[str, ...]:
        """The parts of the old party that the new one does not have."""
        return tuple(name for name in parts_left_over(self.old, self.new.party) if not getattr(self.new, name))


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

    Of a row that the file has, other versions are kept.
    `given`: the fields that the file has (`MatrixReading.given`); others keep their stored value. None: all.
    """
    pairs, added, retired = _match(current, incoming)
    changed = []
    unchanged = []
    for old, new in pairs:
        whole = _complete(old, new, given)
        fields = tuple(name for name in FIELDS if _differs(old, whole, name))
        if fields:
            changed.append(Change(old, whole, fields))
        else:
            unchanged.append(old)
    places = {_place(row) for row in incoming}
    kept = tuple(old for old in retired if _place(old) in places)
    return MatrixChanges(
        tuple(added), tuple(changed), tuple(old for old in retired if old not in kept), tuple(unchanged), kept
    )


def _place(row: Responsibility | MatrixRow) -> tuple[str, str]:
    return item_key(row.item), comparable(row.category or "")


_Pairs = list[tuple[Responsibility, MatrixRow]]


def _match(
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
        for is_alike in _ALIKE:
            for row in rows:
                same = next((old for old in left if id(row) not in partner and is_alike(old, row)), None)
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


def _is_same_place(old: Responsibility, row: MatrixRow) -> bool:
    return comparable(old.category or "") == comparable(row.category or "")


def _is_same_track(old: Responsibility, row: MatrixRow) -> bool:
    """Both agreed, or both proposed."""
    return _is_same_place(old, row) and (old.basis is RowBasis.PROPOSED) is row.is_proposed


def _is_same_version(old: Responsibility, row: MatrixRow) -> bool:
    return _is_same_track(old, row) and all(
        _stored_value(old, name) == getattr(row, name) for name in ("effective_from", "effective_to")
    )


# Which stored row an incoming one is about, the nearest first.
_ALIKE = (_is_same_version, _is_same_track, _is_same_place)


def _complete(old: Responsibility, new: MatrixRow, given: Collection[str] | None) -> MatrixRow:
    if given is None:
        return new
    own = {"item", "party", *parts_left_over(old, new.party)}
    kept = {name: _stored_value(old, name) for name in FIELDS if name not in given and name not in own}
    return replace(new, **kept) if kept else new  # type: ignore[arg-type]


def _stored_value(old: Responsibility, name: str) -> str | tuple[str, ...] | None:
    value = getattr(old, name)
    return value.isoformat() if isinstance(value, date) else value


def _differs(old: Responsibility, new: MatrixRow, name: str) -> bool:
    """Whether the file says otherwise, in letters that are kept: an export has them all, other files are cleaned."""
    return (_stored_value(old, name) or None) != (getattr(new, name) or None) and _value(old, name) != _value(new, name)


def _value(row: Responsibility | MatrixRow, name: str) -> object:
    """The value in the form in which it is compared. A stored one is cleaned first, as an incoming one has been."""
    value = getattr(row, name)
    if isinstance(row, MatrixRow):
        return (comparable(value) if name == "category" and value else value) or None
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
        return comparable(str(value))  # "HELP DESK" over a section is the category "Help desk"
    return (clean_line(str(value)) if name in _LINES else clean(str(value))) or None


# The fields of a row that its export leaves out, and why; a test sees to it that all others come back.
NOT_EXPORTED: Mapping[str, str] = {
    "id": "numbers a row of this database",
    "client_id": "the matrix of one client is exported, and imported into that of one client",
    "position": "the order of the rows in the file is kept instead",
    "recorded_at": "when a database learned of a row is recorded by that database: anybody can change a file",
    "recorded_by": "who imports the file answers for what it says: anybody can change a file",
    "superseded_at": "what is no longer held to be true is not exported: `matrix history` and `export all` have it",
    "superseded_by": "what is no longer held to be true is not exported: `matrix history` and `export all` have it",
    "corrects_id": "what is no longer held to be true is not exported: `matrix history` and `export all` have it",
    "entered_at": "is written for the reader, but recorded anew: anybody can change a file; `export all` carries it",
    "entered_by": "is written for the reader, but recorded anew: anybody can change a file; `export all` carries it",
    "attester": "is written for the reader, but who imports a row as signed attests it; `export all` carries it",
    "attested_at": "is written for the reader, but who imports a row as signed attests it; `export all` carries it",
}
_ALWAYS = 5


def export_rows(
    rows: Iterable[Responsibility],
    papers: Mapping[int, Agreement],
    *,
    names_agreement: bool = False,
    day_of: Callable[[datetime], date] = datetime.date,
    replaced: Mapping[int, str] | None = None,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The header and the rows of an export, in the order of the paper; further columns only if they hold anything.

    `papers` by id: what the rows are of, and what carries them. `day_of`: the client's day of an instant.
    `replaced`: by what rows were replaced, in words, by their ids.
    """
    ordered = sorted(rows, key=lambda row: (row.agreement_id, row.position, row.basis is RowBasis.PROPOSED,
                                            row.effective_from or date.min))  # fmt: skip
    texts = [_export_row(row, papers, day_of) | {REPLACED: (replaced or {}).get(row.id, "")} for row in ordered]
    headers = [
        header
        for place, header in enumerate((*OWN_COLUMNS, *RECORD_COLUMNS))
        if place < _ALWAYS or (names_agreement if header == "agreement" else any(each[header] for each in texts))
    ]
    return tuple(headers), tuple(tuple(each[header] for header in headers) for each in texts)


def _export_row(
    row: Responsibility, papers: Mapping[int, Agreement], day_of: Callable[[datetime], date]
) -> dict[str, str]:
    carrier = papers.get(row.carried_by_id or 0)
    special = {
        "agreement": papers[row.agreement_id].reference,
        "basis": _basis(row, papers[row.agreement_id], day_of(row.stated_at)),
        "carried_by": carrier.reference if carrier else None,
        "control_id": row.control_refs,
    }
    cells = {
        header: special[name] if name in special else getattr(row, name) for header, name in OWN_COLUMNS.items()
    } | {
        header: next(filter(None, (getattr(row, name) for name in names)), None)
        for header, names in RECORD_COLUMNS.items()
    }
    return {header: _as_text(value) for header, value in cells.items()}


def _basis(row: Responsibility, paper: Agreement, entered_on: date) -> str | None:
    """Why it counts; None under paper that is not signed, and where nobody is on record for it."""
    if not paper.is_signed or (row.basis is None and not is_attested(row, paper, entered_on)):
        return None
    return plain(row.basis) if row.basis else "signed with the agreement"


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return join_list(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
