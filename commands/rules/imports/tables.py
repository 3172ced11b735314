"""A plain table with one header row (clients, agreements): rows of named fields, as text.

Values are not judged here; the command that saves them validates each as if it had been typed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from commands.rules.imports.likely_fields import likely_fields
from commands.rules.imports.titles import field_of, ranked, unit_of_title
from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.footers import is_footer, totaled
from commands.rules.matrix_layout.refusals import list_names
from commands.rules.matrix_layout.sheets import (
    Sheet,
    SheetRow,
    Workbook,
    column_letter,
    column_number,
    is_struck,
)
from commands.rules.text.phrases import join_names
from commands.rules.text.whole_numbers import whole_number

_SEARCHED_ROWS = 50
_STAND_INS = {"reference": "title"}  # what names a record where the column that should is missing
_ALIKE = 75  # of 100: near enough to ask whether that is meant
_NUMBER = re.compile(r"[\d.,\s]+")
_SHOWN = 10
_KNOWN_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TableCorrections:
    """What a person said about a table: the sheet, the row of the titles, field -> title, and rows to leave out."""

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    skip_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` is 1-based as shown by a spreadsheet program; `values` holds the fields that are not empty."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableProblem:
    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """`columns`: field -> header. With any problem nothing should be saved. `ignored`: headers that mean no field.

    `unread` says of everything that was not read what it would be; `left_out` of every row below the titles that was
    not read why. `units`: field -> the unit of time that its title names. `likely`: title -> the date or the length
    that the column may well be, though nobody can say so for sure.
    """

    sheet: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[TableRow, ...]
    problems: tuple[TableProblem, ...]
    ignored: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    likely: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Titles:
    """The titles of a sheet: the row that they stand in, field -> column, and how many rows they take.

    `header` is that row; of two rows, "Term" over "Start" and "End", the lower one with "Term: Start" in its cells.
    """

    sheet: Sheet
    position: int
    columns: Mapping[str, int]
    header: SheetRow
    depth: int = 1


def read_table(
    workbook: Workbook,
    fields: Mapping[str, str],
    required: Collection[str],
    corrections: TableCorrections | None = None,
) -> TableReading:
    """Read the visible sheet that names most of `fields` (field -> its titles, with commas between them).

    A sheet that lacks a `required` column, and a row that lacks its value, is a problem. Never raises.
    """
    corrections = corrections or TableCorrections()
    ranks = ranked(fields)
    sheets, wrong = _sheets(workbook, corrections)
    if wrong:
        return _refused(wrong)
    columns, wrong = _said(corrections.columns, fields, ranks)
    if wrong:
        return _refused(wrong)
    found = [match for sheet in sheets if (match := _header(sheet, ranks, columns, required, corrections.header_row))]
    if not found:
        return _refused(_nothing_found(sheets, fields, required, corrections))
    best = max(found, key=lambda match: len(match.columns))
    missing = [f'There is no column "{title}" for {name}.' for name, title in columns.items()
               if title and name not in best.columns]  # fmt: skip
    if missing:
        return _refused(f"{' '.join(missing)} The titles are {list_names(_texts(best.header))}.")
    others = [other.name for other in workbook.sheets if other is not best.sheet and other.rows]
    unread = [f"Sheets that were not read: {list_names(others)}."] if others else []
    return _rows(best, fields, required, ranks, unread, corrections)


def _refused(message: str) -> TableReading:
    return TableReading("", 0, {}, (), (TableProblem(0, "", message),))


def _sheets(workbook: Workbook, corrections: TableCorrections) -> tuple[list[Sheet], str]:
    visible = list(workbook.visible())
    if corrections.sheet is None:
        return visible, ""
    wanted = corrections.sheet
    named = [sheet for sheet in workbook.sheets if comparable(sheet.name) == comparable(wanted)]
    if not named and 1 <= (place := whole_number(wanted) or 0) <= len(workbook.sheets):
        named = [workbook.sheets[place - 1]]
    return named, "" if named else (
        f'There is no sheet "{wanted}"; the sheets are {list_names([sheet.name for sheet in workbook.sheets])}.'
    )


def _said(
    wanted: Mapping[str, str], fields: Mapping[str, str], ranks: Mapping[str, tuple[str, int]]
) -> tuple[dict[str, str], str]:
    """Field -> title as a person said it; a field goes by its name or by a title that is known."""
    said = {}
    for name, title in wanted.items():
        key = name if name in fields else (ranks.get(comparable(name)) or ("", 0))[0]
        if not key:
            return {}, f'There is no field "{name}"; the fields are {", ".join(fields)}.'
        said[key] = title
    return said, ""


def _texts(row: SheetRow) -> list[str]:
    return [clean_line(row.cells[index]) for index in row.filled()]


def _nothing_found(
    sheets: Sequence[Sheet], fields: Mapping[str, str], required: Collection[str], corrections: TableCorrections
) -> str:
    """Which titles are missing, which there are, and how to say which is which."""
    if corrections.header_row is not None:
        return f"There is no row {corrections.header_row} with titles."
    first = next(iter(sheets), None)
    row = next((row for row in first.rows if len(row.filled()) > 1), first.rows[0] if first.rows else None) \
        if first else None  # fmt: skip
    titles = _texts(row) if row else []
    return (
        f"No header row with {list_names(sorted(required))} was found; the first row is {list_names(titles)}. "
        + _how_to_say(fields, required, titles)
    )


def _how_to_say(fields: Mapping[str, str], missing: Collection[str], titles: Sequence[str]) -> str:
    """The titles by which missing columns are known, and what to type for one that is called otherwise."""
    known = [
        f"{name} as {join_names([clean_line(each) for each in fields[name].split(',')], _KNOWN_SHOWN)}"
        for name in missing
    ]
    example = titles[0] if titles else "Title"
    return f'Known are {"; ".join(known)}. Or say which it is: column:"{next(iter(missing), "name")}={example}".'


def _header(
    sheet: Sheet,
    ranks: Mapping[str, tuple[str, int]],
    said: Mapping[str, str],
    required: Collection[str],
    number: int | None,
) -> _Titles | None:
    """The row that names most fields: two, or one that is required in the first row that has more than a cell.

    A row below the first that has several cells can only be the titles if most of its cells are.
    """
    best: _Titles | None = None
    first = next((position for position, row in enumerate(sheet.rows) if len(row.filled()) > 1), 0)
    for position, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        if number is not None and row.number != number:
            continue
        columns = _columns(sheet, row, ranks, said)
        is_said = any(title and name in columns for name, title in said.items())
        alone = len(row.filled()) == 1 or (position <= first and any(name in columns for name in required))
        few = position > first and 2 * len(columns) < len(row.filled())
        enough = is_said or number is not None or (len(columns) >= (1 if alone else 2) and not few)
        if columns and enough and (best is None or len(columns) > len(best.columns)):
            best = _Titles(sheet, position, columns, row)
        below = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else None
        grouped = _grouped(sheet, row, below) if below is not None else None
        columns = _columns(sheet, grouped, ranks, said) if grouped is not None else {}
        if grouped is not None and (best is None or len(columns) > len(best.columns)):
            best = _Titles(sheet, position + 1, columns, grouped, depth=2)
    return best


def _grouped(sheet: Sheet, upper: SheetRow, lower: SheetRow) -> SheetRow | None:
    """Titles in two rows as one: each title below a merged one with that before it. None where nothing is merged so.

    What is merged over all of them is the heading of the table, and says nothing of a column.
    """
    merges = [merge for merge in sheet.merges if merge.first_row == merge.last_row == upper.number]
    groups = {
        index: clean_line(upper.cell(merge.first_column))
        for merge in merges
        for index in range(merge.first_column, merge.last_column + 1)
    }
    titled = {*upper.filled(), *lower.filled()}
    is_heading = any(titled <= set(range(merge.first_column, merge.last_column + 1)) for merge in merges)
    if is_heading or lower.number != upper.number + 1 or len(set(groups) & set(lower.filled())) < 2:
        return None
    width = max(len(upper.cells), len(lower.cells))
    texts = [clean_line(lower.cell(index)) or clean_line(upper.cell(index)) for index in range(width)]
    titles = [f"{groups[index]}: {text}" if groups.get(index) and text else text for index, text in enumerate(texts)]
    return SheetRow(lower.number, tuple(titles))


def _columns(
    sheet: Sheet, row: SheetRow, ranks: Mapping[str, tuple[str, int]], said: Mapping[str, str]
) -> dict[str, int]:
    """Field -> column: what was said, then the best title of each field."""
    titles = {index: clean_line(row.cells[index]) for index in row.filled() if index not in sheet.hidden_columns}
    columns: dict[str, int] = {}
    for name, title in said.items():
        named = [index for index, text in titles.items() if title and comparable(text) == comparable(title)]
        letter = column_number(title.strip()) if title else None
        if named:
            columns[name] = named[0]
        elif letter is not None and letter in titles:
            columns[name] = letter
    taken = set(columns.values())
    best: dict[str, tuple[int, int]] = {}
    for index, title in titles.items():
        meant = field_of(title, ranks) if index not in taken else None
        if meant and meant[0] not in said and (meant[0] not in best or meant[1] < best[meant[0]][0]):
            best[meant[0]] = meant[1], index
    return columns | {name: index for name, (_, index) in best.items()}


def _rows(
    titles: _Titles,
    fields: Mapping[str, str],
    required: Collection[str],
    ranks: Mapping[str, tuple[str, int]],
    unread: Sequence[str],
    corrections: TableCorrections,
) -> TableReading:
    sheet, columns = titles.sheet, dict(titles.columns)
    columns |= {name: columns[other] for name, other in _STAND_INS.items()
                if name in required and name not in columns and other in columns}  # fmt: skip
    header, below = titles.header, sheet.rows[titles.position + 1 :]
    lacking = [name for name in required if name not in columns]
    named = _texts(header)
    problems = [
        TableProblem(
            header.number, name,
            f'There is no column "{name}"; the titles are {list_names(named)}. {_how_to_say(fields, [name], named)}',
        )
        for name in lacking
    ]  # fmt: skip
    for row in sheet.rows[titles.position + 1 - titles.depth : titles.position + 1]:
        problems += [
            TableProblem(
                row.number, name, "has a title that is struck out. Nobody can say whether that column applies."
            )
            for name, index in columns.items()
            if is_struck(row.cell(index))
        ]
    rows: list[TableRow] = []
    left_out: list[tuple[int, str]] = []
    groups = _groups(below, columns, required)
    for row in below:
        if row.number in corrections.skip_rows:
            left_out.append((row.number, "left out as you asked"))
        elif row.hidden:
            left_out.append((row.number, "hidden in the file; show it there to import it"))
        elif is_footer(row) or row.number in groups.totals or _adds_up(row, columns, required):
            left_out.append((row.number, f'a line of the report, not of the table: "{_texts(row)[0][:40]}"'))
        elif _repeats(row, header):
            left_out.append((row.number, "the titles again"))
        elif row.number in groups.heads:
            left_out.append((row.number, f'heads the rows of "{groups.heads[row.number]}"'))
        elif values := {name: text for name, index in columns.items() if (text := row.cell(index).strip())}:
            if row.number in groups.members:
                values = {groups.name: groups.members[row.number], **values}
            problems += _unclear(sheet, row, columns)
            problems += [
                TableProblem(row.number, name, f'There is no value for "{name}".')
                for name in required
                if name in columns and name not in values and (row.number, columns[name]) not in sheet.uncomputed
            ]
            rows.append(TableRow(row.number, values))
        elif row.filled():
            left_out.append((row.number, "without a value in any column that is read"))
    used = set(columns.values())
    ignored = tuple(clean_line(header.cells[index]) for index in header.filled() if index not in used)
    labels = {name: clean_line(header.cells[index]) for name, index in columns.items()}
    told = [*unread, *_above(sheet.rows[: titles.position + 1 - titles.depth])]
    told += _not_read(sheet, header, below, labels, used, ranks)
    units = {name: unit for name, label in labels.items() if (unit := unit_of_title(label))}
    return TableReading(
        sheet.name, header.number, labels, tuple(rows), tuple(problems), ignored, tuple(told), tuple(left_out), units,
        likely_fields(sheet, header, below, columns, fields),
    )  # fmt: skip


def _adds_up(row: SheetRow, columns: Mapping[str, int], required: Collection[str]) -> bool:
    """Whether it only counts what is above it: "Total MRR | 2,000", without anything that names a record."""
    names = [row.cell(columns[name]).strip() for name in required if name in columns]
    return (
        bool(row.filled()) and all(not text or _NUMBER.fullmatch(text) for text in names) and totaled(row) is not None
    )


def _unclear(sheet: Sheet, row: SheetRow, columns: Mapping[str, int]) -> Iterator[TableProblem]:
    """Cells of which nobody can say what they hold: a line goes through them, or a formula has no result."""
    crossed = {name: clean_line(row.cell(index))[:40] for name, index in columns.items() if is_struck(row.cell(index))}
    if crossed:
        shown = list_names([*crossed.values()])
        message = f"is struck out, all of it or a part: {shown}. Nobody can say whether that applies."
        yield TableProblem(row.number, next(iter(crossed)), message)
    for name, index in columns.items():
        if (row.number, index) in sheet.uncomputed:
            message = (
                "holds a formula that was saved without its result; open the file in a spreadsheet program, save it."
            )
            yield TableProblem(row.number, name, message)


@dataclass(frozen=True, slots=True)
class _Groups:
    """A report grouped by a field: the rows that only name a group, the group of each other row, the rows of totals."""

    name: str = ""
    heads: Mapping[int, str] = field(default_factory=dict)
    members: Mapping[int, str] = field(default_factory=dict)
    totals: Collection[int] = ()


def _groups(below: Sequence[SheetRow], columns: Mapping[str, int], required: Collection[str]) -> _Groups:
    """The groups of a table in which no row has a group's name beside other values: "Calder", below it its contracts.

    Where a row has both, a missing name is a gap, and nobody guesses what belongs there; so it is below a total.
    """
    if len(required) < 2 or (name := next(iter(required))) not in columns:
        return _Groups()
    heads: dict[int, str] = {}
    named, totals = set[str](), set[int]()
    members, group = {}, ""
    for row in below:
        filled, text = row.filled(), row.cell(columns[name]).strip()
        if not filled:
            continue
        if is_footer(row):
            group = ""
        elif totaled(row) in named:
            totals.add(row.number)
            group = ""
        elif not text:
            if not heads:
                return _Groups()
            if group:
                members[row.number] = group
        elif len(filled) == 1:
            group = heads[row.number] = clean_line(text)
            named.add(comparable(group))
        else:
            return _Groups()
    return _Groups(name, heads, members, totals) if members else _Groups()


def _repeats(row: SheetRow, header: SheetRow) -> bool:
    texts = [(row.cells[index], header.cell(index)) for index in row.filled()]
    return len(texts) > 1 and all(comparable(one) == comparable(other) for one, other in texts)


def _above(rows: Sequence[SheetRow]) -> Iterator[str]:
    """One sentence on the rows above the titles that hold anything."""
    filled = [row for row in rows if row.filled()]
    if filled:
        shown = join_names([f'{row.number} ("{" | ".join(_texts(row))[:60]}")' for row in filled], 3)
        is_one = len(filled) == 1
        yield f"Above the titles, {'row' if is_one else 'rows'} {shown} {'was' if is_one else 'were'} not read."


def said_of_rows(left_out: Iterable[tuple[int, str]]) -> list[str]:
    """Which rows were left out, one line for each reason."""
    reasons: dict[str, list[str]] = {}
    for number, reason in left_out:
        reasons.setdefault(reason, []).append(str(number))
    return [
        f"Row{'' if len(numbers) == 1 else 's'} {join_names(numbers, _SHOWN)} {'is' if len(numbers) == 1 else 'are'} "
        f"left out: {reason}."
        for reason, numbers in reasons.items()
    ]


def _not_read(
    sheet: Sheet,
    header: SheetRow,
    below: Sequence[SheetRow],
    named: Mapping[str, str],
    used: Collection[int],
    ranks: Mapping[str, tuple[str, int]],
) -> Iterable[str]:
    """One sentence for each column whose title is known or nearly, or that has none; one for all others together."""
    width = max((len(row.cells) for row in (header, *below)), default=0)
    others: list[str] = []
    for index in range(width):
        title = clean_line(header.cell(index))
        if index in used or not (title or any(row.cell(index).strip() for row in below)):
            continue
        meant = field_of(title, ranks)
        name = meant[0] if meant else None
        if not title:
            yield f"Column {column_letter(index)} was not read: it has no title."
        elif name and index in sheet.hidden_columns:
            yield f'The column "{title}" was not read: it is hidden. It would be {name}.'
        elif name:
            yield f'The column "{title}" was not read: {name} is read from "{named.get(name, "none")}".'
        elif (near := process.extractOne(comparable(title), list(ranks), scorer=fuzz.ratio, score_cutoff=_ALIKE)) and (
            ranks[near[0]][0] not in named
        ):
            meaning = ranks[near[0]][0]
            yield (
                f'The column "{title}" was not read: it is none that is known. If it is {meaning}, type '
                f'column:"{meaning}={title}".'
            )
        else:
            others.append(title)
    if others:
        one = len(others) == 1
        yield (
            f"{'The column' if one else 'Columns'} {list_names(others)} {'was' if one else 'were'} not read: "
            f"{'it is' if one else 'they are'} none that is known."
        )


def repeated_rows(rows: Sequence[TableRow]) -> dict[int, str]:
    """The rows that say what an earlier one says, in every column that is read: a client once for each location."""
    first: dict[frozenset[tuple[str, str]], int] = {}
    repeated = {}
    for row in rows:
        said = frozenset(row.values.items())
        if (number := first.setdefault(said, row.number)) != row.number:
            repeated[row.number] = f"the same as row {number} in all that is read"
    return repeated


def without_rows(reading: TableReading, numbers: Mapping[int, str]) -> TableReading:
    """Without the rows that are left out for a reason of their own."""
    if not numbers:
        return reading
    gone = tuple((number, reason) for number, reason in numbers.items())
    return replace(
        reading,
        rows=tuple(row for row in reading.rows if row.number not in numbers),
        left_out=tuple(sorted((*reading.left_out, *gone))),
    )
