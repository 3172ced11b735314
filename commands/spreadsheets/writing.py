"""Exports that open anywhere and run nothing."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from commands.rules.matrix_layout.footers import RESERVATION
from commands.spreadsheets.protection import protect

# XML 1.0 cannot hold these, and no spreadsheet shows them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]], *, reservation: str | None = None) -> bytes:
    """UTF-8 with a byte order mark (without it Excel reads cp1252), comma, CRLF, formulas made harmless.

    `reservation` stands below the rows; the importers know it by its first word.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(text) for text in header])
    writer.writerows([_safe(text) for text in row] for row in [*rows, *_below(reservation)])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    sheet_name: str = "Responsibilities",
    reservation: str | None = None,
) -> bytes:
    """One sheet with a frozen header; every cell is text. The name is cut to what a sheet may be called."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet_name).strip("' ")[:31] or "Sheet1")
    sheet.freeze_panes = "A2"
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")

    def cells(texts: Sequence[str]) -> list[Any]:
        made = []
        for text in texts:
            cell = WriteOnlyCell(sheet, value=_safe(text) or None)
            if text:
                cell.data_type = "s"  # openpyxl takes texts like "#N/A" for something else
            cell.alignment = wrapped
            made.append(cell)
        return made

    head = cells(header)
    for cell in head:
        cell.font = bold
    sheet.append(head)
    for row in [*rows, *_below(reservation)]:
        sheet.append(cells(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _below(reservation: str | None) -> tuple[tuple[str], ...]:
    return ((f"{RESERVATION} {reservation}",),) if reservation else ()


def _safe(text: str) -> str:
    return protect(_CONTROL.sub("", text))
