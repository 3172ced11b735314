"""CSV and its relatives: which encoding, which delimiter, which rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from commands.errors import UsageError
from commands.rules.matrix_layout.cleaning import comparable
from commands.rules.matrix_layout.fields import HEADER_NAMES
from commands.rules.matrix_layout.sheets import Sheet, SheetRow
from commands.spreadsheets.limits import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from commands.spreadsheets.protection import unprotect

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 300
_MOJIBAKE = ("â€", "Ã©", "Ã¼", "Ã¶", "Ã¤", "Â§", "Â ")


def read_delimited(data: bytes, name: str) -> tuple[Sheet, tuple[str, ...]]:
    """The one sheet of a delimited text, and remarks. UsageError if it is no such text or too large."""
    text = decode(data, name)
    text, delimiter = _split_hint(text)
    try:
        delimiter = delimiter or _delimiter(text)
        rows = tuple(_rows(text, delimiter, strict=True))
    except csv.Error as wrong:
        if delimiter is None or "field larger" in str(wrong):
            raise UsageError(
                f"{name} has a cell of more than {MAX_CELL_CHARACTERS:,} characters: probably a quotation mark is "
                "opened and not closed.",
                next_steps=("Open it in a spreadsheet program, save it as CSV again, and import that.",),
            ) from None
        if "unexpected end" in str(wrong):
            raise UsageError(
                f"{name}: a quotation mark is opened and never closed; the rest would be read as one cell.",
                next_steps=("Open it in a spreadsheet program, save it as CSV again, and import that.",),
            ) from None
        rows = tuple(_rows(text, delimiter, strict=False))
    if delimiter == "|":
        rows = _without_table_frame(rows)
    remarks: tuple[str, ...] = ()
    if any(trace in text for trace in _MOJIBAKE):
        remarks = ("Some texts look as if they were saved in the wrong encoding (for example â€“ for a dash).",)
    return Sheet(name=name, rows=rows), remarks


def decode(data: bytes, name: str) -> str:
    """UTF-8 and UTF-16 by byte order mark or by form, otherwise Windows-1252. UsageError for what is not text."""
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        raise UsageError(
            f"{name}: the text is neither UTF-8, UTF-16 nor Windows-1252.",
            next_steps=("Save it as 'CSV UTF-8' or as XLSX and import that.",),
        ) from None
    if "\x00" in text[:100_000]:
        raise UsageError(f"{name}: this is not a text or XLSX file.", next_steps=("Save it as CSV or XLSX.",))
    return text


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:4000]
    # Western text in UTF-16 without a mark: every other byte is zero.
    if len(sample) >= 4 and sample[1::2].count(0) > len(sample) * 0.4 and sample[::2].count(0) < len(sample) * 0.02:
        return "utf-16-le"
    if len(sample) >= 4 and sample[::2].count(0) > len(sample) * 0.4 and sample[1::2].count(0) < len(sample) * 0.02:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _split_hint(text: str) -> tuple[str, str | None]:
    """Excel's own first line "sep=;" names the delimiter. It is blanked, not removed: row numbers stay true."""
    first, newline, rest = text.partition("\n")
    hint = first.strip().strip('"').lower()
    if len(hint) == 5 and hint.startswith("sep=") and hint[4] in _DELIMITERS:
        return newline + rest, hint[4]
    if first.strip("\r") == "sep=\t":
        return newline + rest, "\t"
    return text, None


def _delimiter(text: str) -> str:
    """The one that makes a header of some row; then, by which most lines have the same number of cells, two or more."""
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])

    def score(delimiter: str) -> tuple[bool, int, int]:
        widths: Counter[int] = Counter()
        headed = False
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            # A cell with half of a pair of quotation marks was cut in two by what is not the delimiter.
            if len(row) > 1 and not any(cell.count('"') % 2 for cell in row):
                widths[len(row)] += 1
                headed = headed or sum(comparable(cell) in HEADER_NAMES for cell in row) >= 2
        (width, lines), *_ = widths.most_common(1) or [(0, 0)]
        return headed, lines, width

    csv.field_size_limit(10_000_000)
    return max(_DELIMITERS, key=score)


def _rows(text: str, delimiter: str, *, strict: bool) -> Iterator[SheetRow]:
    count = cells = 0
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict), 1):
        while row and not row[-1].strip():
            row.pop()
        if not row:
            continue
        count += 1
        cells += len(row)
        if count > MAX_ROWS or cells > MAX_CELLS:
            raise UsageError(f"The file has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells; split it.")
        if len(row) > MAX_COLUMNS:
            raise UsageError(f"Row {number} has {len(row):,} columns; at most {MAX_COLUMNS} are read.")
        if any(len(cell) > MAX_CELL_CHARACTERS for cell in row):
            raise UsageError(
                f"Row {number} has a cell of more than {MAX_CELL_CHARACTERS:,} characters: probably a quotation mark "
                "is opened there and not closed."
            )
        yield SheetRow(number, tuple(unprotect(cell) for cell in row))


def _without_table_frame(rows: tuple[SheetRow, ...]) -> tuple[SheetRow, ...]:
    """A Markdown table: bars at both ends give an empty first column, and a row of dashes follows the header."""
    ruled = [row for row in rows if not all(set(cell.strip()) <= set("-:") for cell in row.cells)]
    if ruled and all(not row.cell(0).strip() for row in ruled if len(row.cells) > 1):
        ruled = [SheetRow(row.number, row.cells[1:] if len(row.cells) > 1 else row.cells) for row in ruled]
    return tuple(SheetRow(row.number, tuple(cell.strip() for cell in row.cells)) for row in ruled)
