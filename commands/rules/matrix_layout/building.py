"""From one sheet to its reading: the rows with every field, and the problems of each."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from commands.rules.matrix_layout.aliases import product_names
from commands.rules.matrix_layout.cleaning import Footnotes, clean, clean_clause, clean_item, clean_line
from commands.rules.matrix_layout.columns import Column
from commands.rules.matrix_layout.controls import control_ids, is_control_id
from commands.rules.matrix_layout.headers import Header
from commands.rules.matrix_layout.judgement import Judgement
from commands.rules.matrix_layout.lines import Line, Lines, sort_lines
from commands.rules.matrix_layout.owner_column import judge_word
from commands.rules.matrix_layout.party_marks import settle
from commands.rules.matrix_layout.recognition import judge
from commands.rules.matrix_layout.results import Corrections, MatrixRow, Problem, Skipped
from commands.rules.matrix_layout.row_state import RowState, row_state, state_columns
from commands.rules.matrix_layout.sheets import Merge, Sheet, SheetRow, is_struck
from commands.rules.matrix_layout.texts import LONGEST, text_problems
from commands.rules.matrix_layout.understanding import Understanding
from commands.rules.matrix_layout.words import INCLUSION_WORDS, Mark, mark_of, party_of, raci_of
from commands.rules.text.phrases import join_names, named_rows, plain
from storage.records import Party, RowBasis

_WORDS_KEPT = 200
_ABOVE = 5
_METADATA = 2  # cells of a row above a table: "Version", "1.2"


@dataclass(slots=True)
class SheetReading:
    """What one sheet gave. `waiting`: unexplained word or header -> the rows that cannot be read without it."""

    sheet: Sheet
    header: Header
    rows: list[MatrixRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    words: dict[str, Party] = field(default_factory=dict)
    unknown: dict[str, list[int]] = field(default_factory=dict)
    waiting: dict[str, list[int]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def understanding(self) -> Understanding:
        return self.header.understanding


def read_sheet(sheet: Sheet, header: Header, known: Mapping[str, Party], corrections: Corrections) -> SheetReading:
    """Every row below the header ends in `rows`, in `skipped` or in a blocking problem."""
    lines = sort_lines(sheet, header, corrections)
    header = replace(header, understanding=settle(header.understanding, [line.row for line in lines.data]))
    reading = SheetReading(sheet, header, skipped=lines.skipped, problems=lines.problems)
    if not header.is_own_export:
        _note_rows_above(reading, corrections, {line.section for line in lines.data})
    own = header.is_own_export
    builder = _Builder(
        reading, known, corrections, Footnotes(signs=False) if own else _footnotes(lines, header.understanding)
    )
    for line in _with_categories(reading, lines, header.understanding, fill=not own):
        builder.add(line)
    builder.note_struck_titles()
    builder.note_states()
    reading.problems.sort(key=lambda problem: problem.row)
    reading.skipped.sort(key=lambda skipped: skipped.row)
    return reading


def _note_rows_above(reading: SheetReading, corrections: Corrections, sections: Collection[str | None]) -> None:
    """Say which filled rows stand above the header; one that says who does something is asked about."""
    header = reading.header
    rows = [row for row in reading.sheet.rows[: header.start] if row.number not in header.rows and row.filled()]
    rows = [row for row in rows if len(row.filled()) > 1 or row.line(row.filled()[0]) not in sections]
    if not rows:
        return
    shown = join_names([f'{row.number} ("{row.line(row.filled()[0])[:40]}")' for row in rows], _ABOVE)
    reading.notices.append(f"Above the header, {len(rows)} row{'' if len(rows) == 1 else 's'} not read: {shown}.")
    judged = header.understanding.judged()
    for row in rows if corrections.header_row is None else ():
        said = [index for index in row.filled() if index in judged]
        if len(row.filled()) > _METADATA and any(
            party_of(row.line(index), {}) or raci_of(row.cells[index]) for index in said
        ):
            message = "This row stands above the header but looks like data. Say which row is the header: header-row:N."
            reading.problems.append(Problem(row.number, "", message, True))


def _footnotes(lines: Lines, understanding: Understanding) -> Footnotes:
    item = understanding.item
    items = [line.row.line(item.index) for line in lines.data] if item else []
    return Footnotes.found_in(items, lines.asides)


def _with_categories(
    reading: SheetReading, lines: Lines, understanding: Understanding, *, fill: bool
) -> Iterable[Line]:
    """The category of each row: its own, else, where a column names it only once per group, that of the row above."""
    column = understanding.fields.get("category")
    if column is None:
        return lines.data
    named = sum(bool(line.row.cell(column.index).strip()) for line in lines.data)
    first = lines.data[0].row.cell(column.index).strip() if lines.data else ""
    fills = fill and bool(first) and len(lines.data) > 1 and named < 0.6 * len(lines.data)
    if fills:
        reading.notices.append(f'Where "{column.label}" is blank, the category of the row above was taken.')
    done = []
    last: str | None = None
    for line in lines.data:
        own = line.row.line(column.index)
        last = own or last
        done.append(replace(line, section=own or (last if fills else line.section)))
    return done


class _Builder:
    def __init__(
        self, reading: SheetReading, known: Mapping[str, Party], corrections: Corrections, footnotes: Footnotes
    ) -> None:
        self._reading, self._known, self._corrections = reading, known, corrections
        self._footnotes = footnotes
        self._understanding = reading.understanding
        self._merges: dict[int, list[Merge]] = {}
        for merge in reading.sheet.merges if self._understanding.party_columns else ():
            for number in range(merge.first_row, min(merge.last_row, merge.first_row + 1000) + 1):
                self._merges.setdefault(number, []).append(merge)
        self._states = state_columns(self._understanding.unused)
        self._ended: dict[tuple[str, str], list[int]] = {}
        self._proposed: dict[tuple[str, str], list[int]] = {}
        self._strange: dict[tuple[str, str], list[int]] = {}
        self._uncomputed: dict[int, list[int]] = {}
        for number, column in sorted(reading.sheet.uncomputed):
            self._uncomputed.setdefault(number, []).append(column)

    def add(self, line: Line) -> None:
        item = self._item(line.row)
        is_gone = all(is_struck(line.row.cell(index)) for index in line.row.filled())
        if not is_gone and self._note_struck(line.row, self._states):
            return
        if item and self._has_ended(line.row):
            return
        self._note_struck(line.row, self._used())
        self._note_uncomputed(line.row.number)
        if self._understanding.grid:
            self._expand(line, item)
            return
        row = self._spread_sideways(line.row)
        judgement = self._named_third_party(row, judge(row, self._understanding, self._known))
        if not item:
            said = judgement.party or judgement.unknown or judgement.waits_for
            what = "A party is given but no item." if said else "There is no item and no party, only other text."
            self._problem(line.row.number, "item", what, blocks=True)
            return
        judgement = self._crossed(row, judgement)
        if line.alone and not judgement.waits_for:
            doubt = f'Nobody is named for "{item[:60]}"; or is it a title?'
            judgement = replace(judgement, doubt=doubt, blocks=True)
        party = self._decide(line.row.number, judgement)
        if party is None:
            return
        if self._understanding.party and len(self._reading.words) < _WORDS_KEPT:
            word = row.line(self._understanding.party.index)
            if word and not judgement.doubt:
                self._reading.words[word] = party
        self._keep(line, item, judgement, party)

    def _item(self, row: SheetRow) -> str:
        column = self._understanding.item
        text = clean_item(row.cell(column.index)) if column else ""
        return text if is_control_id(text) else self._footnotes.strip(text)

    def _has_ended(self, row: SheetRow) -> bool:
        """Whether the file says that it no longer applies: it is left out, then."""
        for column in self._states:
            if row_state(column, text := row.cell(column.index)) is RowState.ENDED:
                words = f'it no longer applies: "{clean_line(text)}" in "{column.label}"'
                self._reading.skipped.append(Skipped(row.number, words))
                self._ended.setdefault((column.label, clean_line(text)), []).append(row.number)
                return True
        return False

    def _basis(self, row: SheetRow) -> RowBasis | None:
        """Proposed, where the file says that the row is not agreed yet."""
        for column in self._states:
            if row_state(column, text := row.cell(column.index)) is RowState.PROPOSED:
                self._proposed.setdefault((column.label, clean_line(text)), []).append(row.number)
                return RowBasis.PROPOSED
            if clean_line(text) and row_state(column, text) is None:
                self._strange.setdefault((column.label, clean_line(text)), []).append(row.number)
        return None

    def note_states(self) -> None:
        """Say of the columns of states what was made of their words."""
        for states, done in (
            (self._ended, "left out, because they no longer apply"), (self._proposed, "proposed"),
            (self._strange, "read as if that were not there"),
        ):  # fmt: skip
            for (label, text), numbers in states.items():
                rows = f"{named_rows(numbers)} {'is' if len(numbers) == 1 else 'are'}"
                words = done.replace("they no longer apply", "it no longer applies") if len(numbers) == 1 else done
                self._reading.notices.append(f'"{label}" says "{text}": {rows} {words}.')

    def _expand(self, line: Line, item: str) -> None:
        """One row per duty of a resource."""
        for column in self._understanding.grid:
            cell = line.row.cell(column.index)
            if not cell.strip():
                self._reading.skipped.append(Skipped(line.row.number, f"{column.label}: nobody is named"))
                continue
            words = {**INCLUSION_WORDS, **self._known} if self._understanding.plans else self._known
            judgement = judge_word(cell, column.label, words)
            party = self._decide(line.row.number, judgement)
            if party and item:
                self._keep(line, f"{item}: {column.label}", judgement, party)

    def _spread_sideways(self, row: SheetRow) -> SheetRow:
        """A mark merged over two parties' columns counts for both."""
        judged = self._understanding.judged()
        for merge in self._merges.get(row.number, ()):
            covered = [index for index in range(merge.first_column, merge.last_column + 1) if index in judged]
            if len(covered) > 1 and merge.first_column in judged:
                cells = list(row.cells) + [""] * (merge.last_column + 1 - len(row.cells))
                for index in covered:
                    cells[index] = cells[index] or cells[merge.first_column]
                row = replace(row, cells=tuple(cells))
        return row

    def _named_third_party(self, row: SheetRow, judgement: Judgement) -> Judgement:
        """A vendor's name in a row without a mark proposes the vendor."""
        column = self._understanding.fields.get("third_party")
        name = row.line(column.index) if column else ""
        if not name:
            return judgement
        if judgement.party is None and judgement.doubt == "No party is marked.":
            doubt = f'No party is marked, but "{name}" is named.'
            return Judgement(Party.THIRD_PARTY, doubt, True, third_party=name)
        return replace(judgement, third_party=name)

    def _crossed(self, row: SheetRow, judgement: Judgement) -> Judgement:
        """Marks beside the column that says who must not say otherwise."""
        marked = {
            entry.party for entry in self._understanding.cross if mark_of(row.cell(entry.column.index)) is Mark.YES
        }
        agrees = judgement.party in marked or (judgement.party is Party.SHARED and {Party.MSP, Party.CLIENT} <= marked)
        if not marked or judgement.party is None or agrees:
            return judgement
        said = ", ".join(sorted(plain(party) for party in marked if party))
        doubt = f"The column says {plain(judgement.party)}, but the marks beside it say {said}."
        return replace(judgement, doubt=doubt, blocks=True)

    def _decide(self, number: int, judgement: Judgement) -> Party | None:
        """The party to keep; what is unclear becomes a problem."""
        if judgement.waits_for:
            for label in judgement.waits_for:
                self._reading.waiting.setdefault(label, []).append(number)
            return None
        if judgement.unknown:
            self._reading.unknown.setdefault(judgement.unknown, []).append(number)
        if judgement.doubt:
            message = judgement.doubt
            if judgement.party:
                message += f" Proposed: {plain(judgement.party)}."
            self._problem(number, judgement.column, message, blocks=judgement.blocks, proposed=judgement.party)
        return judgement.party

    def _keep(self, line: Line, item: str, judgement: Judgement, party: Party) -> None:
        number = line.row.number
        notes = self._text(line.row, "notes")
        notes = "\n".join([notes, *judgement.remarks] if notes else judgement.remarks)
        if len(item) > LONGEST["item"]:
            self._problem(
                number, "item", "The item is very long: it is shortened, and kept whole in the notes.", blocks=False
            )
            notes = f"{item}\n{notes}".strip()
            item = item[: LONGEST["item"] - 1].rstrip() + "…"
        row = MatrixRow(
            source_row=number,
            item=item,
            party=party,
            category=line.section or None,
            msp_part=self._text(line.row, "msp_part") or judgement.msp_part,
            client_part=self._text(line.row, "client_part") or judgement.client_part,
            third_party=judgement.third_party or None,
            clause=clean_clause(self._cell(line.row, "clause")) or None,
            notes=notes or None,
            control_refs=self._controls(line.row),
            aliases=self._aliases(line.row),
            effective_from=clean_line(self._cell(line.row, "effective_from")) or None,
            effective_to=clean_line(self._cell(line.row, "effective_to")) or None,
            source_sheet=self._reading.sheet.name,
            basis=self._basis(line.row),
        )
        self._reading.problems += text_problems(row)
        self._reading.rows.append(row)

    def _cell(self, row: SheetRow, name: str) -> str:
        column = self._understanding.fields.get(name)
        return row.cell(column.index) if column else ""

    def _text(self, row: SheetRow, name: str) -> str:
        return clean(self._cell(row, name))

    def _controls(self, row: SheetRow) -> tuple[str, ...]:
        """From the column of control ids and from an item that is one."""
        columns = [self._understanding.fields.get("control_id")]
        more = {column.index for column in self._understanding.more_controls}
        item = self._understanding.item
        if item and item.controls >= 0.5 and not self._reading.header.is_own_export:
            columns.append(item)
        found: dict[str, None] = {}
        for column in columns:
            text = clean(row.cell(column.index)) if column else ""
            for part in filter(None, re.split(r"\s*[,;\n]\s*", text)):
                found.update(dict.fromkeys(control_ids(part) or ((part,) if len(part) <= 40 else ())))
        for index in sorted(more):
            found.update(dict.fromkeys(control_ids(clean(row.cell(index)))))
        return tuple(found)

    def _aliases(self, row: SheetRow) -> tuple[str, ...]:
        text = self._text(row, "aliases")
        if not text:
            item = self._understanding.item
            return product_names(row.cell(item.index)) if item and not self._reading.header.is_own_export else ()
        parts = (part.strip() for part in re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else ",", text))
        return tuple(dict.fromkeys(part for part in parts if part))

    def _problem(self, row: int, column: str, message: str, *, blocks: bool, proposed: Party | None = None) -> None:
        self._reading.problems.append(
            Problem(row, column, message, blocks, proposed, self._reading.sheet.name, acceptable=proposed is not None)
        )

    def _used(self) -> tuple[Column, ...]:
        """The columns that a row is read from."""
        found = self._understanding
        entries = (entry.column for entry in (*found.party_columns, *found.cross))
        return tuple(dict.fromkeys((*entries, *found.grid, *found.fields.values())))

    def _note_struck(self, row: SheetRow, columns: Sequence[Column]) -> bool:
        """Text with a line through it was taken back, or not yet agreed: nobody guesses which. Whether there is any."""
        typed = not self._reading.header.is_own_export
        cells = [row.cell(index) for index in sorted(column.index for column in columns)]
        crossed = [text for text in cells if is_struck(text, also_typed=typed)]
        if crossed:
            shown = join_names([f'"{clean_line(text)[:60]}"' for text in crossed], _ABOVE)
            message = f"A line goes through {shown}, all of it or a part: it does not say whether that applies. Delete "
            message += f"the text or the line in the file, or leave the row out: skip:{row.number}."
            self._problem(row.number, "", message, blocks=True)
        return bool(crossed)

    def note_struck_titles(self) -> None:
        """Ask whether a column applies whose title has a line through it."""
        typed = not self._reading.header.is_own_export
        for row in self._reading.sheet.rows:
            if row.number in self._reading.header.rows:
                for column in self._used():
                    if is_struck(row.cell(column.index), also_typed=typed):
                        message = (
                            f'A line goes through the title "{column.label}": it does not say whether that column '
                        )
                        message += "applies. Delete the column or the line in the file."
                        self._problem(row.number, column.label, message, blocks=True)

    def _note_uncomputed(self, number: int) -> None:
        """A formula whose result was not saved is an empty cell to us: that must not pass for an empty one."""
        item = self._understanding.item
        important = self._understanding.judged() | {column.index for column in self._understanding.grid}
        important |= {item.index} if item else set()
        texts = self._reading.header.texts
        for column in self._uncomputed.get(number, ()):
            label = texts[column] if column < len(texts) else ""
            message = "The cell holds a formula that was saved without its result; open and save the file again."
            self._problem(number, label, message, blocks=column in important)
