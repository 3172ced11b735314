"""Which sheets of a workbook are the matrix."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commands.rules.matrix_layout.building import SheetReading
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.matrix_layout.refusals import list_names
from commands.rules.matrix_layout.results import Corrections, Problem
from commands.rules.matrix_layout.sheets import Sheet, Workbook
from commands.rules.text.whole_numbers import whole_number

# Sheets that show how a matrix is filled in, or hold something else that looks like one.
_ASIDE = re.compile(
    r"\b(?:examples?|samples?|instructions?|template|guidance|read ?me|legend|key|lookups?|drop ?downs?|lists?|"
    r"contents|record of changes?|revisions?|change ?log|versions?|history|cover|pricing|archived?|old|draft)\b"
)
_ALL = "*"


@dataclass(frozen=True, slots=True)
class Choice:
    """The sheets to take together, in the order of the workbook; or `refused`."""

    readings: tuple[SheetReading, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    refused: str | None = None


def sheets_to_try(workbook: Workbook, corrections: Corrections) -> tuple[list[Sheet], str | None]:
    """The sheet that was named, or all that are not hidden; or why there is none."""
    if corrections.sheet and corrections.sheet != _ALL:
        wanted = corrections.sheet
        for sheet in workbook.sheets:
            if sheet.name == wanted or comparable(sheet.name) == comparable(wanted):
                return [sheet], None
        if 1 <= (place := whole_number(wanted) or 0) <= len(workbook.sheets):
            return [workbook.sheets[place - 1]], None
        return (
            [],
            f'There is no sheet "{wanted}"; the sheets are {list_names([sheet.name for sheet in workbook.sheets])}.',
        )
    sheets = [sheet for sheet in workbook.sheets if corrections.include_hidden or not sheet.hidden]
    if not any(sheet.rows for sheet in sheets):
        return [], "All sheets that hold anything are hidden. Choose one by name, or include what is hidden."
    return sheets, None


def choose(readings: Sequence[SheetReading], corrections: Corrections, *, is_alone: bool = False) -> Choice:
    """One sheet, or those that continue each other; what else could be meant is asked or said.

    `is_alone`: there is nothing else in the file, so that it is the matrix whatever it is called.
    """
    if (corrections.sheet and corrections.sheet != _ALL) or (is_alone and len(readings) == 1):
        return Choice(tuple(readings))
    serious = [reading for reading in readings if not _is_aside(reading.sheet)]
    if not serious:
        names = list_names([reading.sheet.name for reading in readings])
        return Choice(refused=f"Only {names} can be read, and that is not the matrix by its name. Choose it if it is.")
    groups: dict[tuple[object, ...], list[SheetReading]] = {}
    for reading in serious:
        groups.setdefault((0,) if corrections.sheet == _ALL else _likeness(reading), []).append(reading)
    best = max(groups.values(), key=_merit)
    if len(best) > 1 and corrections.sheet != _ALL and _repeats(best):
        names = list_names([reading.sheet.name for reading in best])
        return Choice(refused=f"The sheets {names} list the same items. Choose the sheet that applies.")
    taken = {id(reading) for reading in best}
    problems, notices = [], []
    mine = _keys(best)
    for reading in readings:
        if id(reading) in taken:
            continue
        name, count = reading.sheet.name, _size(reading)
        theirs = _keys([reading])
        if _is_aside(reading.sheet) or len(theirs & mine) >= 0.5 * len(theirs):
            notices.append(f'The sheet "{name}" could be read too ({count} rows); it was not taken.')
        else:
            message = (
                f'The sheet "{name}" holds other responsibilities ({count} rows) in another layout; it was not taken.'
            )
            problems.append(Problem(0, "", message, True, None, name, acceptable=True))
    return Choice(tuple(best), tuple(problems), tuple(notices))


def _is_aside(sheet: Sheet) -> bool:
    return bool(_ASIDE.search(comparable(sheet.name)))


def _size(reading: SheetReading) -> int:
    return len(reading.rows) + sum(len(rows) for rows in reading.waiting.values())


def _likeness(reading: SheetReading) -> tuple[object, ...]:
    """Equal for sheets that are parts of one matrix."""
    understanding = reading.understanding
    parties = tuple(sorted(entry.column.name for entry in understanding.party_columns if entry.party))
    item, party = understanding.item, understanding.party
    return understanding.layout, item.name if item else "", party.name if party else "", parties


def _merit(group: Sequence[SheetReading]) -> tuple[float, int]:
    """Many rows that can be read without asking; then, many rows."""
    size = sum(map(_size, group))
    asked = sum(len({problem.row for problem in reading.problems if problem.blocks}) for reading in group)
    waiting = sum(len(rows) for reading in group for rows in reading.waiting.values())
    return size - asked - 0.5 * waiting, size


def _keys(readings: Sequence[SheetReading]) -> set[str]:
    return {item_key(row.item) for reading in readings for row in reading.rows}


def _repeats(group: Sequence[SheetReading]) -> bool:
    """Whether the sheets are versions of one list rather than parts of it."""
    seen: set[str] = set()
    repeated = total = 0
    for reading in group:
        keys = _keys([reading])
        repeated += len(keys & seen)
        total += len(keys)
        seen |= keys
    return repeated > 0.2 * total
