"""The layout with one column that says whether the item is part of the service."""

from collections.abc import Mapping, Sequence

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.fields import INCLUDED
from commands.rules.matrix_layout.judgement import NOTHING_SAID, Judgement
from commands.rules.matrix_layout.owner_column import judge_word
from commands.rules.matrix_layout.sheets import SheetRow
from commands.rules.matrix_layout.understanding import Understanding
from commands.rules.matrix_layout.words import Mark, inclusion_of, mark_of, remark_of
from storage.records import Party


def find_inclusion(free: Sequence[Column]) -> Column | None:
    """The first column headed so whose cells are marks or words of inclusion."""
    return next(
        (column for column in free if INCLUDED.match(column.name) and column.marks + column.inclusions >= 0.5), None
    )


def judge_inclusion(row: SheetRow, understanding: Understanding, known: Mapping[str, Party]) -> Judgement:
    """One column that says whether the item is part of the service."""
    assert understanding.party
    text, column = row.line(understanding.party.index), understanding.party.label
    party = inclusion_of(text)
    if party and comparable(text) not in known:
        remark = remark_of(text)
        return Judgement(party, remarks=(remark,) if remark else ())
    mark = mark_of(text)
    if mark is Mark.YES:
        return Judgement(Party.MSP)
    if mark is Mark.NO:
        return Judgement(Party.OUT_OF_SCOPE)
    if mark is Mark.EMPTY and NOTHING_SAID not in known:
        return Judgement(Party.OUT_OF_SCOPE, "Nothing says whether this is included.", True, column)
    return judge_word(text, column, known)
