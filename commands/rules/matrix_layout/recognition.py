"""The layout of a table: which of those that are known fits, and which column holds what else; then its judge."""

import re
from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.columns import Column, find_column
from commands.rules.matrix_layout.fields import FIELD_NAMES, FIELDS, INHERITED
from commands.rules.matrix_layout.grid import find_grid, is_secondary
from commands.rules.matrix_layout.inclusion import find_inclusion, judge_inclusion
from commands.rules.matrix_layout.judgement import Judgement
from commands.rules.matrix_layout.owner_column import (
    find_inherited,
    find_letter_titles,
    find_owner,
    is_owner_name,
    judge_owner,
    layout_of_owner,
)
from commands.rules.matrix_layout.party_marks import find_marks, judge_marks, mark_party
from commands.rules.matrix_layout.party_texts import find_texts, judge_texts
from commands.rules.matrix_layout.raci import find_letters, judge_letters
from commands.rules.matrix_layout.results import Corrections, Layout
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import PartyColumn, Understanding
from commands.rules.matrix_layout.words import INCLUSION_WORDS, INHERITANCE_WORDS, header_party
from storage.records import Party

# Layout, the one column that says who, the columns of the parties, the columns of a grid.
Judging = tuple[Layout | None, Column | None, list[PartyColumn], list[Column]]


def understand(columns: Sequence[Column], known: Mapping[str, Party], corrections: Corrections) -> Understanding:
    """The layout with its columns; `layout` None if nothing in the table says who is responsible."""
    chosen, dismissed, errors = _correct(columns, corrections)
    free = [column for column in columns if column not in chosen.values() and column.index not in dismissed]
    said = tuple(chosen.values())
    layout, party, entries, grid = _judging_columns(free, chosen, known)
    if party:
        chosen["party"] = party
    taken = {entry.column.index for entry in entries} | {column.index for column in chosen.values()}
    free = [column for column in free if column.index not in taken and column not in grid]
    doubts: tuple[str, ...] = ()
    if "item" not in chosen:
        item, doubts = _item(free, is_split=layout in _SPLIT)
        if item:
            chosen["item"] = item
            free = [column for column in free if column is not item]
    if party and party not in said and not is_owner_name(party):
        doubts += (f'No column is headed "responsible" or the like; "{party.label}" was taken for it.',)
    _name_fields(free, chosen, layout, known)
    ticked = [PartyColumn(column, mark_party(column, known)) for column in free if party and column.marks >= 0.6]
    cross = tuple(entry for entry in ticked if entry.party)
    used = {column.index for column in chosen.values()} | {entry.column.index for entry in cross}
    more = [column for column in free if column.index not in used and column.cites_controls >= 0.5 and layout]
    used.update(column.index for column in more)
    unused = tuple(column for column in free if column.index not in used and column.filled)
    if not (chosen.get("item") or chosen.get("control_id")):
        layout = None
    return Understanding(layout, chosen, tuple(entries), unused, tuple(grid), errors, doubts, tuple(more), cross=cross)


def _judging_columns(free: Sequence[Column], chosen: dict[str, Column], known: Mapping[str, Party]) -> Judging:
    """The first of the layouts that fits; the order is from the most explicit to the least."""
    if "included" in chosen:
        return Layout.INCLUDED_EXCLUDED, chosen.pop("included"), [], []
    if "party" in chosen:
        party = chosen.pop("party")
        return layout_of_owner(party), party, [], []
    owner = find_owner(free)
    is_named = owner is not None and owner.means("party") and owner.deciding >= 0.5
    if not is_named and (inherited := find_inherited(free)):
        return Layout.INHERITANCE, inherited, [], []
    entries = find_letters(free, known)
    if entries and not (owner and owner.parties >= 0.5):
        return Layout.RACI, None, entries, []
    marks = find_marks(free, known)
    if marks and not (owner and owner.parties >= 0.5):
        inclusion = all(comparable(entry.column.header) in INCLUSION_WORDS for entry in marks)
        return Layout.INCLUDED_EXCLUDED if inclusion else Layout.PARTY_MARKS, None, marks, []
    if (lettered := find_letter_titles(free)) is not None:
        return Layout.OWNER_COLUMN, lettered, [], []
    grid = find_grid(free, known)
    if owner and owner.means("party") and not is_secondary(owner):
        # "Responsible" beside "Accountable" or "Backup": the first one decides, as the R does in RACI.
        grid = [column for column in grid if column is owner or not is_secondary(column)]
    if len(grid) > 1 and not (owner and owner.means("party") and owner not in grid):
        return Layout.GRID, None, [], grid
    if owner:
        return layout_of_owner(owner), owner, [], []
    if included := find_inclusion(free):
        return Layout.INCLUDED_EXCLUDED, included, [], []
    texts = find_texts(free, known)
    if texts:
        return Layout.PARTY_TEXTS, None, texts, []
    return None, None, [], []


def judge(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """The reading of one row. `known` are the words explained for this file, by `comparable`."""
    match understanding.layout:
        case Layout.RACI:
            return judge_letters(row, understanding.party_columns, known)
        case Layout.PARTY_TEXTS:
            return judge_texts(row, understanding.party_columns, known)
        case Layout.INHERITANCE:
            return judge_owner(row, understanding, {**INHERITANCE_WORDS, **known})
        case Layout.INCLUDED_EXCLUDED if understanding.party:
            return judge_inclusion(row, understanding, known)
        case Layout.PARTY_MARKS | Layout.INCLUDED_EXCLUDED:
            return judge_marks(row, understanding, known)
    return judge_owner(row, understanding, known)


_SPLIT = (Layout.RACI, Layout.PARTY_TEXTS, Layout.PARTY_MARKS)


def _correct(
    columns: Sequence[Column], corrections: Corrections
) -> tuple[dict[str, Column], frozenset[int], tuple[str, ...]]:
    chosen: dict[str, Column] = {}
    errors = []
    dismissed: set[int] = set()
    for written, wanted in corrections.columns.items():
        name = FIELD_NAMES.get(comparable(written.replace("_", " ")))
        column = find_column(columns, wanted) if wanted else None
        if name is None:
            errors.append(f'There is no field "{written}"; the fields are {", ".join(FIELDS)} and included.')
        elif wanted and column is None:
            headers = ", ".join(entry.header for entry in columns if entry.header)
            errors.append(f'There is no column "{wanted}" for {name}; the columns are {headers}.')
        elif column is not None:
            chosen[name] = column
        else:
            dismissed.update(entry.index for entry in columns if entry.means(name))
    return chosen, frozenset(dismissed), tuple(errors)


def _item(free: Sequence[Column], *, is_split: bool = False) -> tuple[Column | None, tuple[str, ...]]:
    """The best-named column that tells the rows apart; failing that the only text that could be it.

    `is_split`: letters or texts of several parties say who, so that a single other column can be nothing else.
    """
    named = [column for column in free if column.means("item") and column.filled and column.numbers < 0.5]
    telling = [column for column in named if column.varies >= 0.5 and column.controls < 0.5]
    if not telling:
        telling = [column for column in named if column.controls < 0.5 and column.distinct > 1]
    if telling:
        return min(telling, key=lambda column: column.rank("item")), ()
    if any(column.controls >= 0.5 for column in free):
        others = [column for column in free if column.is_text and column.varies >= 0.9 and not _is_named(column)]
        others = [column for column in others if column.controls < 0.5 and column.length < 80]
        others = [column for column in others if not (_EXPLAINS.search(column.name) or INHERITED.search(column.name))]
        if not others:
            return None, ()
    if named:
        return named[0], ()
    texts = [column for column in free if column.is_text and column.varies >= 0.7 and not _is_named(column)]
    if not texts:
        groups = [column for column in free if column.is_text and column.varies >= 0.9 and column.means("category")]
        return (groups[0], ()) if len(groups) == 1 and is_split else (None, ())
    unnamed = [column for column in free if column.filled and not _is_named(column)]
    if len(texts) == 1 and unnamed == texts and is_split:
        return texts[0], ()
    doubt = f'No column is called item, task, service or the like; "{texts[0].label}" was taken as the item.'
    return texts[0], (doubt,)


def _is_named(column: Column) -> bool:
    return any(column.means(name) for name in FIELDS if name != "item")


def _name_fields(
    free: Sequence[Column], chosen: dict[str, Column], layout: Layout | None, known: Mapping[str, Party]
) -> None:
    """Fill the other fields, each with the best-named free column whose cells do not speak against it."""
    for name in FIELDS:
        if name in chosen or name in ("item", "party"):
            continue
        taken = set(chosen.values())
        fitting = [column for column in free if column not in taken and column.filled and _fits(name, column, known)]
        if fitting:
            chosen[name] = min(fitting, key=lambda column: column.rank(name) if column.means(name) else 99)
    item = chosen.get("item")
    if "category" not in chosen and item:
        # "Azure Control", "Service": a column before the item that groups the rows.
        groups = [
            column
            for column in free
            if column not in chosen.values() and column.index < item.index and column.is_text and column.controls < 0.5
            and 1 < column.distinct <= column.filled / 2 and column.length <= 60
        ]  # fmt: skip
        if groups:
            chosen["category"] = groups[-1]
    if item is None and "control_id" in chosen and layout:
        item = chosen["item"] = chosen["control_id"]
    if "notes" not in chosen and item:
        told = [column for column in free if column not in chosen.values() and column.is_text and column.length >= 25]
        told = [column for column in told if column.index > item.index and not column.cites_controls >= 0.5]
        speaking = [column for column in told if _EXPLAINS.search(column.name)]
        if len(told) == 1 or speaking:
            chosen["notes"] = (speaking or told)[0]


def _fits(name: str, column: Column, known: Mapping[str, Party]) -> bool:
    if name == "control_id":
        named = column.means(name) and (column.controls > 0.2 or (column.length <= 20 and column.numbers < 0.5))
        return column.controls >= 0.5 or named
    if name in ("msp_part", "client_part"):
        wanted, pattern = (Party.MSP, _MSP_PART) if name == "msp_part" else (Party.CLIENT, _CLIENT_PART)
        fits = column.means(name) or header_party(column.header, known) is wanted or pattern.match(column.name)
        return column.is_text and bool(fits)
    if name == "third_party":
        return column.is_text and column.means(name)
    if name == "notes":
        return column.means(name)
    if name == "category":
        return column.means(name) and column.numbers < 0.5 and not (column.name == "section" and _is_reference(column))
    if name == "clause":
        return column.means(name) or (column.name == "section" and _is_reference(column))
    return column.means(name)


_EXPLAINS = re.compile(r"\b(?:responsibilit(?:y|ies)|notes?|comments?|guidance|explanation|description|details?)\b")

_PART = r"\b.*\b(?:implementation|responsibilit(?:y|ies)|description|does|parts?|duties|actions?|provides|tasks?)\b"

_MSP_PART = re.compile(rf"(?:what )?(?:the )?(?:csp|msp|esp|tpsp|(?:service )?provider|our|we){_PART}")

_CLIENT_PART = re.compile(rf"(?:what )?(?:the )?(?:csc|osc|clients?|customers?|entity|your?){_PART}")


def _is_reference(column: Column) -> bool:
    return column.numbers + column.controls >= 0.5


def is_numbering(column: Column) -> bool:
    """A column of running numbers."""
    return column.numbers >= 0.9 and column.varies >= 0.9
