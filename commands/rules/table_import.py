"""A plain table with one header row (clients, agreements): rows of named fields, as text.

Values are not judged here; the command that saves them validates each as if it had been typed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from commands.rules.matrix_layout.cleaning import clean, clean_line, compared
from commands.rules.matrix_layout.refusals import shortened
from commands.rules.matrix_layout.sheets import Sheet, SheetRow, Workbook

_SEARCHED_ROWS = 50

CLIENT_FIELDS: Mapping[str, str] = {
    "name": """
        name, client, client name, customer, customer name, company, company name, account, account name,
        organization""",
    "alias": "alias, aliases, also known as, aka, short name, abbreviation, code, nickname",
    "owner": "owner, account manager, client owner, vcio, am, responsible, primary contact at msp, account owner",
    "backup": "backup owner, backup, deputy, second owner, backup account manager, secondary owner",
    "zone": "time zone, timezone, zone, tz",
    "country": "country, country code, holiday calendar, holidays",
    "industry": "industry, vertical, sector, line of business",
    "channel": "channel, channels, slack channel, slack channels, slack",
    "status": "status, client status",
}
AGREEMENT_FIELDS: Mapping[str, str] = {
    "client": "client, customer, client name, customer name, company, account, account name",
    "reference": """
        reference, ref, agreement, agreement reference, agreement id, contract, contract id, contract
        number, number, id, document""",
    "kind": "kind, type, agreement type, contract type, document type, agreement kind",
    "title": "title, name, agreement name, contract name, description, document title",
    "parent": "parent, parent agreement, under, master, governed by, master agreement, parent reference",
    "effective": "effective, effective date, start, start date, commencement, commencement date, term start, begins",
    "signed": "signed, signed on, signed date, date signed, signature date, executed, execution date, executed on",
    "msp-signed": "msp signed, signed by msp, msp signature, msp signed on, provider signed, msp signature date",
    "client-signed": """
        client signed, signed by client, client signature, client signed on, customer signed, client
        signature date""",
    "initial-term": "initial term, term, term length, contract term, initial term months, length",
    "end": "end, end date, expiry, expires, expiration, expiration date, term end, ends, expiry date",
    "renewal": "renewal, renewal mode, renewal type, auto renew, auto renewal, renews, automatic renewal",
    "renewal-term": "renewal term, renewal period, renewal length, renewal term length",
    "notice": """
        notice, notice period, non renewal notice, notice days, notice required, termination notice,
        cancellation notice""",
    "notice-method": "notice method, notice by, method of notice, how to give notice",
    "link": "link, document link, url, document url, file, location, document location",
    "reviewed": "last reviewed, reviewed, review date, last review, last reviewed on",
    "rank": "rank, precedence, precedence rank, order of precedence",
    "status": "status, agreement status, contract status",
}


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
    """`columns`: field -> header. With any problem nothing should be saved. `ignored`: headers that mean no field."""

    sheet: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[TableRow, ...]
    problems: tuple[TableProblem, ...]
    ignored: tuple[str, ...] = ()


def read_table(workbook: Workbook, fields: Mapping[str, str], required: Collection[str]) -> TableReading:
    """Read the visible sheet that names most of `fields` (field -> its headers, with commas between them).

    A sheet that lacks a `required` column, and a row that lacks its value, is a problem. Never raises.
    """
    headers = {compared(name): field for field, names in fields.items() for name in (field, *names.split(","))}
    found = [match for sheet in workbook.visible() if (match := _header(sheet, headers))]
    if not found:
        first = next(iter(workbook.visible()), None)
        named = [clean_line(text) for text in first.rows[0].cells if text.strip()] if first and first.rows else []
        message = f"No header row with {shortened(sorted(required))} was found; the first row is {shortened(named)}."
        return TableReading("", 0, {}, (), (TableProblem(0, "", message),))
    sheet, position, columns = max(found, key=lambda match: len(match[2]))
    return _rows(sheet, position, columns, required)


def _header(sheet: Sheet, headers: Mapping[str, str]) -> tuple[Sheet, int, dict[str, int]] | None:
    """The row that names most fields, at least two, or one if it has but one column."""
    best: tuple[Sheet, int, dict[str, int]] | None = None
    for position, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        columns: dict[str, int] = {}
        for index in row.filled():
            field = headers.get(compared(row.cells[index]))
            if field and index not in sheet.hidden_columns:
                columns.setdefault(field, index)
        enough = len(columns) >= 2 or (columns and len(row.filled()) == 1)
        if enough and (best is None or len(columns) > len(best[2])):
            best = sheet, position, columns
    return best


def _rows(sheet: Sheet, position: int, columns: Mapping[str, int], required: Collection[str]) -> TableReading:
    header = sheet.rows[position]
    problems = [
        TableProblem(header.number, name, f'There is no column "{name}".') for name in required if name not in columns
    ]
    rows = []
    for row in sheet.rows[position + 1 :]:
        values = {name: text for name, index in columns.items() if (text := _text(row, index))}
        if not values:
            continue
        for name in required:
            if name in columns and name not in values:
                problems.append(TableProblem(row.number, name, f'There is no value for "{name}".'))
        rows.append(TableRow(row.number, values))
    used = set(columns.values())
    ignored = tuple(clean_line(header.cells[index]) for index in header.filled() if index not in used)
    named = {name: clean_line(header.cells[index]) for name, index in columns.items()}
    return TableReading(sheet.name, header.number, named, tuple(rows), tuple(problems), ignored)


def _text(row: SheetRow, index: int) -> str:
    return clean(row.cell(index))
