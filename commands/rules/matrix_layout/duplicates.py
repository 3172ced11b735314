"""The same item twice: harmless if both say the same, asked about if they do not."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.controls import control_ids, is_control_id
from commands.rules.matrix_layout.results import MatrixRow, Problem, Skipped
from commands.rules.text.phrases import plain


def item_key(item: str) -> str:
    """What makes two items the same: letters and digits, or the normalised id of a control."""
    return control_ids(item)[0] if is_control_id(item) else comparable(item) or item


def is_apart(one: MatrixRow, other: MatrixRow) -> bool:
    """Whether they apply on different days: two versions of one row. Days that are not ISO are not compared."""
    return any(
        ends is not None and begins is not None and ends < begins
        for ends, begins in ((_day(one.effective_to), _day(other.effective_from)),
                             (_day(other.effective_to), _day(one.effective_from)))
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def same_place(one: MatrixRow, other: MatrixRow) -> bool:
    """Whether two rows of the same item repeat each other: not in different categories, nor on different days."""
    mine, theirs = comparable(one.category or ""), comparable(other.category or "")
    return (mine == theirs or not mine or not theirs) and not is_apart(one, other)


def without_duplicates(
    rows: Sequence[MatrixRow], is_same: Callable[[MatrixRow, MatrixRow], bool] = same_place
) -> tuple[tuple[MatrixRow, ...], tuple[Skipped, ...], tuple[Problem, ...]]:
    """The first of each; a repetition is skipped, and reported with both row numbers.

    Same item and category (or one without category): a repetition. With different categories both are kept, but
    different parties are pointed out.
    """
    by_item: dict[str, list[MatrixRow]] = defaultdict(list)
    kept: list[MatrixRow] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for row in rows:
        earlier = by_item[item_key(row.item)]
        same = next((other for other in earlier if is_same(other, row)), None)
        if same is None:
            kept.append(row)
            problems += [
                _elsewhere(other, row)
                for other in earlier
                if other.party is not row.party and comparable(other.category or "") != comparable(row.category or "")
            ][:1]
            earlier.append(row)
        else:
            skipped.append(Skipped(row.source_row, f"repeats row {_where(same, row)}", row.source_sheet))
            problems.append(_repetition(same, row))
    return tuple(kept), tuple(skipped), tuple(problems)


def _where(row: MatrixRow, other: MatrixRow) -> str:
    return str(row.source_row) if row.source_sheet == other.source_sheet else f"{row.source_row} of {row.source_sheet}"


def _repetition(first: MatrixRow, again: MatrixRow) -> Problem:
    where, there, here = _where(first, again), plain(first.party), plain(again.party)
    if first.party is not again.party:
        message = (
            f'"{again.item}" is in row {where} already, there with {there}, here with {here}. '
            f"Proposed: {there}, as in row {where}."
        )
        return Problem(again.source_row, "item", message, True, first.party, again.source_sheet, acceptable=True)
    names = ("clause", "notes", "msp_part", "client_part", "third_party")
    other = [name for name in names if getattr(again, name) and getattr(first, name) != getattr(again, name)]
    differs = f" Its {' and '.join(other)} differ and are not taken." if other else ""
    message = f'"{again.item}" is in row {where} already with the same party; this row is left out.{differs}'
    return Problem(again.source_row, "item", message, False, first.party, again.source_sheet)


def _elsewhere(first: MatrixRow, again: MatrixRow) -> Problem:
    where, there, here = _where(first, again), plain(first.party), plain(again.party)
    message = (
        f'"{again.item}" is also in row {where} under {first.category}, there with {there}, '
        f"here under {again.category} with {here}; both are kept."
    )
    return Problem(again.source_row, "item", message, False, None, again.source_sheet)
