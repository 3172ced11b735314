"""Which columns say who is responsible: one of words, or one per party with marks, letters or texts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.fields import FIELDS, INCLUDED, INHERITED
from commands.rules.matrix_layout.results import Layout
from commands.rules.matrix_layout.words import INCLUSION_WORDS, header_party, party_of, remark_of, role_name
from storage.records import Party


@dataclass(frozen=True, slots=True)
class PartyColumn:
    """A column of marks, letters or texts for one party; `party` is None while nobody said who that is."""

    column: Column
    party: Party | None


# Layout, the one column that says who, the columns of the parties, the columns of a grid.
Judging = tuple[Layout | None, Column | None, list[PartyColumn], list[Column]]
_SOME = 0.5
_SHORTEST_TEXT = 10  # mean length; below it "Primary" and "50%" are codes that somebody must explain, not parts


def judging_columns(free: Sequence[Column], chosen: dict[str, Column], known: Mapping[str, Party]) -> Judging:
    """The first of the layouts that fits; the order is from the most explicit to the least."""
    if "included" in chosen:
        return Layout.INCLUDED_EXCLUDED, chosen.pop("included"), [], []
    if "party" in chosen:
        party = chosen.pop("party")
        return _layout_of_owner(party), party, [], []
    owner = _owner(free)
    is_named = owner is not None and owner.means("party") and owner.deciding >= _SOME
    for column in () if is_named else free:
        if INHERITED.search(column.name) and column.answers >= 0.5:
            return Layout.INHERITANCE, column, [], []
    entries = _raci(free, known)
    if entries and not (owner and owner.parties >= 0.5):
        return Layout.RACI, None, entries, []
    marks = _marks(free, known)
    if marks and not (owner and owner.parties >= 0.5):
        inclusion = all(comparable(entry.column.header) in INCLUSION_WORDS for entry in marks)
        return Layout.INCLUDED_EXCLUDED if inclusion else Layout.PARTY_MARKS, None, marks, []
    if (lettered := _letter_titles(free)) is not None:
        return Layout.OWNER_COLUMN, lettered, [], []
    grid = _grid(free, known)
    if owner and owner.means("party") and not _is_secondary(owner):
        # "Responsible" beside "Accountable" or "Backup": the first one decides, as the R does in RACI.
        grid = [column for column in grid if column is owner or not _is_secondary(column)]
    if len(grid) > 1 and not (owner and owner.means("party") and owner not in grid):
        return Layout.GRID, None, [], grid
    if owner:
        return _layout_of_owner(owner), owner, [], []
    included = next(
        (column for column in free if INCLUDED.match(column.name) and column.marks + column.inclusions >= 0.5), None
    )
    if included:
        return Layout.INCLUDED_EXCLUDED, included, [], []
    texts = _party_texts(free, known)
    if texts:
        return Layout.PARTY_TEXTS, None, texts, []
    return None, None, [], []


_SECONDARY = frozenset({
    "accountable", "accountable party", "consulted", "informed", "support", "supporting", "supported by", "secondary",
    "secondary owner", "secondary responsible", "backup", "backup owner", "approver", "approved by", "approval",
    "escalation", "escalated to", "evidence owner", "cost owner", "paid by", "funded by", "billed to",
})  # fmt: skip


def _is_secondary(column: Column) -> bool:
    return column.name in _SECONDARY or column.name.startswith(("secondary ", "backup ", "alternate "))


def _layout_of_owner(column: Column) -> Layout:
    if INHERITED.search(column.name) and column.answers >= 0.5:
        return Layout.INHERITANCE
    if column.inclusions >= 0.5 and column.inclusions >= column.parties:
        return Layout.INCLUDED_EXCLUDED
    return Layout.OWNER_COLUMN


_WHO = re.compile(r"\b(?:responsib(?:le|ility)|owner|owned by|assigned to|zuständigkeit|verantwort\w*|responsable)\b")


def is_owner_name(column: Column) -> bool:
    """Whether a column is called as one that says whose the work is: "Owner", "R", "Included"."""
    return (
        column.name == "r"
        or column.means("party")
        or bool(INHERITED.search(column.name) or INCLUDED.match(column.name) or _WHO.search(column.name))
    )


def _owner(free: Sequence[Column]) -> Column | None:
    """A column headed so whose cells are few different words, or one whose cells are nearly all party words."""
    named = [
        column
        for column in free
        if column.means("party")
        and column.filled
        and column.length <= 40
        and (
            column.parties + column.inclusions >= 0.3
            or (column.marks < 0.5 and column.numbers < 0.5 and column.distinct <= max(12, column.filled // 5)
                and (column.varies <= 0.6 or column.filled < 3)
                and column.rank("party") < FIELDS["party"].index("responsibility type"))
        )
    ]  # fmt: skip
    if named:
        return max(named, key=lambda column: (column.parties + column.inclusions >= 0.5, -column.rank("party")))
    by_content = [
        column for column in free
        if column.parties >= 0.8 and column.deciding > 0 and not column.means("notes") and column.marks < 0.5
    ]  # fmt: skip
    by_content += [column for column in free if column.inclusions >= 0.8 and column not in by_content]
    return by_content[0] if len(by_content) == 1 else None


def _raci(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    # Numbers are counts of the letters above them.
    lettered = [column for column in free if column.letters > 0 and column.letters >= 0.6 * (1 - column.numbers)
                and column.marks < 0.6]  # fmt: skip
    if not any("R" in column.letters_used for column in lettered):
        return []
    # A party that got nothing keeps its column. Letters side by side are parties even if nobody is known among them.
    lettered += [column for column in free if not column.filled and header_party(column.header, known)]
    lettered.sort(key=lambda column: column.index)
    return (
        [PartyColumn(column, _party_of_role(column.header, known)) for column in lettered] if len(lettered) >= 2 else []
    )


def _party_of_role(header: str, known: Mapping[str, Party]) -> Party | None:
    """The party that a header of a RACI names, also as the side of a person or a team: "Service Desk (MSP)"."""
    return header_party(header, known) or party_of(remark_of(header), known)


def _letter_titles(free: Sequence[Column]) -> Column | None:
    """The column R, beside A, C or I, where the letters are titles and the cells say who: the R decides."""
    letters = {column.name: column for column in free if column.name in ("r", "a", "c", "i") and column.filled}
    found = letters.get("r")
    return found if found and len(letters) > 1 and found.deciding >= _SOME and found.letters < _SOME else None


def _marks(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    entries = []
    for column in free:
        party = mark_party(column, known)
        if (
            column.marks >= 0.6
            or (party and column.says_its_name)
            or (party and column.length < _SHORTEST_TEXT and column.parties < 0.5)
        ):
            entries.append(PartyColumn(column, party))
    ticked = any(entry.party and entry.column.filled for entry in entries)
    # One side and a name: "Client" beside "Norvane"; but not "Client notified" beside "Done".
    named = sum(
        header_party(entry.column.header, known, people=False) in (Party.MSP, Party.CLIENT) for entry in entries
    )
    is_pair = len(entries) == 2 and named == 1 and all(column.column.marks >= 0.6 for column in entries)
    return entries if ticked and (is_pair or sum(entry.party is not None for entry in entries) >= 2) else []


def mark_party(column: Column, known: Mapping[str, Party]) -> Party | None:
    return header_party(column.header, known) or INCLUSION_WORDS.get(column.name)


def _grid(free: Sequence[Column], known: Mapping[str, Party]) -> list[Column]:
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
    return column.inclusions >= _SOME and not INCLUDED.match(column.name) and not column.means("party")


def _party_texts(free: Sequence[Column], known: Mapping[str, Party]) -> list[PartyColumn]:
    """ "What we do" and "what you do": whoever has a text has a part."""
    entries = []
    for column in free:
        party = header_party(column.header, known, people=False)
        if column.means("msp_part"):
            party = Party.MSP
        elif column.means("client_part"):
            party = Party.CLIENT
        if party in (Party.MSP, Party.CLIENT, Party.THIRD_PARTY) and column.filled and column.deciding < 0.5:
            entries.append(PartyColumn(column, party))
    found = {entry.party for entry in entries}
    is_told = all(entry.party in (Party.MSP, Party.CLIENT) or role_name(entry.column.header) for entry in entries)
    if {Party.MSP, Party.CLIENT} <= found or (len(found) > 1 and is_told):
        return entries
    # "Norvane responsibilities" beside "Your responsibilities": somebody has to say who Norvane is.
    taken = {entry.column.index for entry in entries}
    named = [
        PartyColumn(column, None)
        for column in free
        if column.index not in taken and column.filled and column.is_text and column.deciding < 0.5
        and role_name(column.header) and header_party(column.header, known) is None
    ]  # fmt: skip
    known_sides = found & {Party.MSP, Party.CLIENT}
    if not named or len(known_sides) + len(named) < 2 or (not known_sides and len(named) != 2):
        return []
    return sorted([*entries, *named], key=lambda entry: entry.column.index)
