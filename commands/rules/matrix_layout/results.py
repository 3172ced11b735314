"""What reading a matrix gives: rows, what was left out and why, and what must be asked before anything is saved."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.records import Party, RowBasis


class Layout(StrEnum):
    """How the sheet says who is responsible."""

    OWNER_COLUMN = "owner_column"
    PARTY_MARKS = "party_marks"
    PARTY_TEXTS = "party_texts"
    RACI = "raci"
    INCLUDED_EXCLUDED = "included_excluded"
    INHERITANCE = "inheritance"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person said about a file. All optional; names are compared without regard to case or punctuation.

    sheet            name or 1-based position of the sheet, or "*" for all sheets that are laid out alike
    header_row       1-based row of the (last) header row
    columns          field -> header text or column letter; see `columns.FIELDS`; "" means no such column
    party_words      word in a cell, or header of a party column -> party. "MSP+Vendor" (headers joined by +) stands
                     for several marks in one row, "none" for a row without any
    include_hidden   read hidden sheets, columns and rows too
    expand           turn a resource-by-duty grid into one row per resource and duty
    accept_proposed  take the reading that was proposed for rows that are otherwise asked about
    skip_rows        1-based rows to leave out
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    party_words: Mapping[str, Party] = field(default_factory=dict)
    include_hidden: bool = False
    expand: bool = False
    accept_proposed: bool = False
    skip_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row as it would be saved. `effective_from/to` are text as written; the command validates them.

    `agreement`, `basis` and `carried_by` are those that our own export names; `is_proposed` is what the row would be
    once it is saved, which the command knows.
    """

    source_row: int
    item: str
    party: Party
    category: str | None = None
    msp_part: str | None = None
    client_part: str | None = None
    third_party: str | None = None
    clause: str | None = None
    notes: str | None = None
    control_refs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    effective_from: str | None = None
    effective_to: str | None = None
    source_sheet: str = ""
    agreement: str | None = None
    basis: RowBasis | None = None
    carried_by: str | None = None
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row (or a sheet, then `row` is 0) that was not taken, and why."""

    row: int
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` 0 means the file or sheet as a whole. `blocks`: nothing may be saved until it is corrected or accepted.

    `proposed` is the reading offered; it is what `MatrixRow` holds for that row if the row is in `rows`.
    `acceptable`: there is a reading to accept, so `Corrections.accept_proposed` lifts the block.
    """

    row: int
    column: str
    message: str
    blocks: bool
    proposed: Party | None = None
    sheet: str = ""
    acceptable: bool = False


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word where a party was expected. `proposed` is a guess to offer, never used without being accepted."""

    word: str
    rows: tuple[int, ...]
    proposed: Party | None = None


@dataclass(frozen=True, slots=True)
class MatrixReading:
    """`refused` says in words why the file is not a matrix that can be read; there are no rows then."""

    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    layout: Layout | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    party_words: Mapping[str, Party] = field(default_factory=dict)
    rows: tuple[MatrixRow, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    unknown_words: tuple[UnknownWord, ...] = ()
    refused: str | None = None

    @property
    def given(self) -> frozenset[str]:
        """The fields of `MatrixRow` that this file speaks of; an import leaves the others as they are."""
        columns = {"party" if name == "responsible" else name for name in self.columns}
        columns |= {"control_refs"} if "control_id" in columns else set()
        used = {name for name in MatrixRow.__dataclass_fields__ if any(getattr(row, name) for row in self.rows)}
        return frozenset((columns | used) & set(MatrixRow.__dataclass_fields__)) - {"source_row", "source_sheet"}

    @property
    def may_be_saved(self) -> bool:
        return self.refused is None and bool(self.rows) and not any(problem.blocks for problem in self.problems)


def by_party(rows: Iterable[MatrixRow]) -> dict[Party, int]:
    """Counts, every party present, in the order of `Party`."""
    counts = Counter(row.party for row in rows)
    return {party: counts[party] for party in Party}
