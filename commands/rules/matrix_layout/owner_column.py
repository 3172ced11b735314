"""The layout with one column of words that says who: "Owner", "Responsible", or yes and no under "Inherited"."""

import re
from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.fields import FIELDS, INCLUDED, INHERITED
from commands.rules.matrix_layout.judgement import NOTHING_SAID, Judgement, combined_party, proposed_for
from commands.rules.matrix_layout.results import Layout
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import Understanding
from commands.rules.matrix_layout.words import PARTY_WORDS, party_of, remark_of, side_of_people, ticked
from storage.records import Party

_DOUBT = re.compile(r"\?\s*$")
_BETWEEN = re.compile(r"\s*(?:[/,;&+\n]|\band\b)\s*", re.I)
_HALF = 0.5
_WHO = re.compile(r"\b(?:responsib(?:le|ility)|owner|owned by|assigned to|zuständigkeit|verantwort\w*|responsable)\b")


def is_owner_name(column: Column) -> bool:
    """Whether a column is called as one that says whose the work is: "Owner", "R", "Included"."""
    return (
        column.name == "r"
        or column.means("party")
        or bool(INHERITED.search(column.name) or INCLUDED.match(column.name) or _WHO.search(column.name))
    )


def find_owner(free: Sequence[Column]) -> Column | None:
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


def find_inherited(free: Sequence[Column]) -> Column | None:
    """The first column that says by yes and no what is inherited from the provider."""
    return next((column for column in free if _is_inherited(column)), None)


def _is_inherited(column: Column) -> bool:
    return bool(INHERITED.search(column.name)) and column.answers >= 0.5


def layout_of_owner(column: Column) -> Layout:
    """How a column that says who says it: by yes and no, as included or not, or by a word for the party."""
    if _is_inherited(column):
        return Layout.INHERITANCE
    if column.inclusions >= 0.5 and column.inclusions >= column.parties:
        return Layout.INCLUDED_EXCLUDED
    return Layout.OWNER_COLUMN


def find_letter_titles(free: Sequence[Column]) -> Column | None:
    """The column R, beside A, C or I, where the letters are titles and the cells say who: the R decides."""
    letters = {column.name: column for column in free if column.name in ("r", "a", "c", "i") and column.filled}
    found = letters.get("r")
    return found if found and len(letters) > 1 and found.deciding >= _HALF and found.letters < _HALF else None


def judge_owner(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """The party of a row by its cell in the one column that says who."""
    assert understanding.party
    return judge_word(row.cell(understanding.party.index), understanding.party.label, known)


def judge_word(cell: str, column: str, known: Mapping[str, Party]) -> Judgement:
    """A cell that names the party in words."""
    chosen = ticked(cell)
    if chosen is None:
        return Judgement(None, f'"{clean_line(cell)}" does not say clearly which box is ticked.', True, column)
    text = clean_line(chosen)
    if not text:
        party = known.get(NOTHING_SAID)
        return Judgement(party) if party else Judgement(None, "No party is given.", True, column)
    party = party_of(text, known)
    if party is None and len(several := _several(text, known)) > 1:
        party = combined_party(several, known)
        if party is None:
            named = " and ".join(sorted(several))
            return Judgement(proposed_for(several), f'"{text}" names {named}.', True, column, unknown=text)
    if party is None:
        proposed = side_of_people(text)
        return Judgement(proposed, f'"{text}" is not a party that is known.', True, column, unknown=text)
    if _DOUBT.search(text) and comparable(text) not in known:
        return Judgement(party, f'"{text}" is marked as doubtful.', True, column)
    third = _third_name(text, known) if party is Party.THIRD_PARTY else None
    remark = remark_of(text) if comparable(text) not in known and third is None else ""
    remarks = (remark,) if remark and comparable(remark) not in PARTY_WORDS else ()
    if re.search(r"[*†‡]$", text):
        return Judgement(party, f'"{text}" carries a footnote mark.', False, column, third, remarks=remarks)
    return Judgement(party, third_party=third, remarks=remarks)


def _several(text: str, known: Mapping[str, Party]) -> set[Party]:
    parties = [party_of(part, known) for part in _BETWEEN.split(text) if part]
    return {party for party in parties if party} if all(parties) else set()


def _third_name(text: str, known: Mapping[str, Party]) -> str | None:
    """Whom a third-party word names: "Ricoh" of "Vendor (Ricoh)", or the word itself if it is a name."""
    bare = comparable(text)
    if bare in known and bare not in PARTY_WORDS:
        return None if re.fullmatch(r"\w{1,3}|\d.*", bare) else text
    return remark_of(text) or None
