"""A plain table with one header row (clients, agreements): rows of named fields, as text.

Values are not judged here; the command that saves them validates each as if it had been typed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.refusals import list_names
from commands.rules.matrix_layout.sheets import Sheet, SheetRow, Workbook, column_letter
from commands.rules.text.phrases import join_names

_SEARCHED_ROWS = 50
_ALIKE = 75  # of 100: near enough to ask whether that is meant

# Field -> the headers it is known by. The first is the one that our export uses.
CLIENT_FIELDS: Mapping[str, str] = {
    "name": """
        name, client, client name, customer, customer name, company, company name, account, account name,
        organization""",
    "alias": "aliases, alias, also known as, aka, short name, abbreviation, code, nickname",
    "channel": "channels, channel, slack channel, slack channels, slack",
    "owner": "owner, account manager, client owner, vcio, am, responsible, primary contact at msp, account owner",
    "backup": "backup owner, backup, deputy, second owner, backup account manager, secondary owner",
    "zone": "time zone, timezone, zone, tz",
    "country": "country, country code, holiday calendar, holidays",
    "subdivision": "subdivision, state code, region code, province code",
    "industry": "industry, vertical, sector, line of business",
    "status": "status, client status, account status, customer status",
    "offboarded": "offboarded, offboarded on, client until, customer until",
    "former": "former names, former name, formerly, previous name, previous names",
}
AGREEMENT_FIELDS: Mapping[str, str] = {
    "client": "client, customer, client name, customer name, company, account, account name",
    "reference": """
        reference, ref, agreement, agreement reference, agreement id, contract, contract id, contract
        number, number, id, document""",
    "kind": "kind, type, agreement type, contract type, document type, agreement kind",
    "title": "title, name, agreement name, contract name, description, document title",
    "summary": "summary, agreement summary, contract summary, abstract",
    "parent": "parent, parent agreement, under, master, governed by, master agreement, parent reference",
    "precedence": "rank, precedence, precedence rank, order of precedence",
    "effective": "effective, effective date, start, start date, commencement, commencement date, term start, begins",
    "signed": "signed, signed on, signed date, date signed, signature date, executed, execution date, executed on",
    "msp-signed": "msp signed, signed by msp, msp signature, msp signed on, provider signed, msp signature date",
    "client-signed": """
        client signed, signed by client, client signature, client signed on, customer signed, client
        signature date""",
    "signer": "signer, client signer, signed for the client by, signatory, client signatory",
    "term": "term kind, term type, kind of term, type of term",
    "initial-term": "initial term, term, term length, contract term, initial term months, length",
    "end": "end, end date, expiry, expires, expiration, expiration date, term end, ends, expiry date",
    "renewal": "renewal, renewal mode, renewal type, auto renew, auto renewal, renews, automatic renewal",
    "renewal-term": "renewal term, renewal period, renewal length, renewal term length",
    "max-renewals": "max renewals, maximum renewals, most renewals, renewal limit, number of renewals",
    "notice": """
        notice, notice period, non renewal notice, notice days, notice required, termination notice,
        cancellation notice""",
    "client-notice": "client notice, client notice period, notice by client, customer notice, customer notice period",
    "notice-window": "notice window, earliest notice, notice window opens",
    "notice-method": "notice method, notice by, method of notice, how to give notice",
    "notice-address": "notice address, address for notice, address for notices, notices to",
    "review-every": "review every, review interval, review cycle, review frequency",
    "reviewed": "last reviewed, reviewed, review date, last review, last reviewed on",
    "uplift": "uplift, uplift percent, price increase, annual increase, annual uplift, increase percent",
    "url": "link, document link, url, document url, file, location, document location",
    "owner": "owner, agreement owner, contract owner, contract manager",
    "status": "status, agreement status, contract status, state",
    "terminated": """
        terminated, terminated on, date terminated, cancelled on, canceled on, cancelled, canceled, cancellation
        date""",
    "reason": "termination reason, reason, reason for termination, cancellation reason",
}


def fields_of(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """The headers of the fields called `names`; one that is not in `known` goes by its own name."""
    return {name: known.get(name, name.replace("-", " ")) for name in names}


def own_header(names: str) -> str:
    """The header that our export uses, of the names that a field is known by."""
    return clean_line(names.split(",", maxsplit=1)[0])


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

    `unread` says of everything that was not read what it would be.
    """

    sheet: str
    header_row: int
    columns: Mapping[str, str]
    rows: tuple[TableRow, ...]
    problems: tuple[TableProblem, ...]
    ignored: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_table(workbook: Workbook, fields: Mapping[str, str], required: Collection[str]) -> TableReading:
    """Read the visible sheet that names most of `fields` (field -> its headers, with commas between them).

    A sheet that lacks a `required` column, and a row that lacks its value, is a problem. Never raises.
    """
    headers: dict[str, str] = {}
    for field, names in fields.items():
        for name in names.split(","):
            headers.setdefault(comparable(name), field)
    for field in fields:
        headers.setdefault(comparable(field), field)
    found = [match for sheet in workbook.visible() if (match := _header(sheet, headers))]
    if not found:
        first = next(iter(workbook.visible()), None)
        named = [clean_line(text) for text in first.rows[0].cells if text.strip()] if first and first.rows else []
        message = f"No header row with {list_names(sorted(required))} was found; the first row is {list_names(named)}."
        return TableReading("", 0, {}, (), (TableProblem(0, "", message),))
    sheet, position, columns = max(found, key=lambda match: len(match[2]))
    others = [other.name for other in workbook.sheets if other is not sheet and other.rows]
    unread = [f"Sheets that were not read: {list_names(others)}."] if others else []
    return _rows(sheet, position, columns, required, headers, unread)


def _header(sheet: Sheet, headers: Mapping[str, str]) -> tuple[Sheet, int, dict[str, int]] | None:
    """The row that names most fields, at least two, or one if it has but one column."""
    best: tuple[Sheet, int, dict[str, int]] | None = None
    for position, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        columns: dict[str, int] = {}
        for index in row.filled():
            field = headers.get(comparable(row.cells[index]))
            if field and index not in sheet.hidden_columns:
                columns.setdefault(field, index)
        enough = len(columns) >= 2 or (columns and len(row.filled()) == 1)
        if enough and (best is None or len(columns) > len(best[2])):
            best = sheet, position, columns
    return best


def _rows(
    sheet: Sheet,
    position: int,
    columns: Mapping[str, int],
    required: Collection[str],
    headers: Mapping[str, str],
    unread: Sequence[str],
) -> TableReading:
    header, below = sheet.rows[position], sheet.rows[position + 1 :]
    problems = [
        TableProblem(header.number, name, f'There is no column "{name}".') for name in required if name not in columns
    ]
    rows, empty = [], []
    for row in below:
        values = {name: text for name, index in columns.items() if (text := row.cell(index).strip())}
        if not values:
            empty.append(str(row.number))
            continue
        for name in required:
            if name in columns and name not in values:
                problems.append(TableProblem(row.number, name, f'There is no value for "{name}".'))
        rows.append(TableRow(row.number, values))
    used = set(columns.values())
    ignored = tuple(clean_line(header.cells[index]) for index in header.filled() if index not in used)
    named = {name: clean_line(header.cells[index]) for name, index in columns.items()}
    told = [*unread, *_not_read(sheet, header, below, named, used, headers)]
    if empty:
        told.append(f"Rows without a value in any column that is read: {join_names(empty, 10)}.")
    return TableReading(sheet.name, header.number, named, tuple(rows), tuple(problems), ignored, tuple(told))


def _not_read(
    sheet: Sheet,
    header: SheetRow,
    below: Sequence[SheetRow],
    named: Mapping[str, str],
    used: Collection[int],
    headers: Mapping[str, str],
) -> Iterable[str]:
    """One sentence for each column that holds anything and was not read."""
    width = max((len(row.cells) for row in (header, *below)), default=0)
    for index in range(width):
        title = clean_line(header.cell(index))
        if index in used or not (title or any(row.cell(index).strip() for row in below)):
            continue
        field = headers.get(comparable(title))
        if not title:
            yield f"Column {column_letter(index)} was not read: it has no title."
        elif field and index in sheet.hidden_columns:
            yield f'The column "{title}" was not read: it is hidden. It would be {field}.'
        elif field:
            yield f'The column "{title}" was not read: {field} is read from "{named[field]}".'
        else:
            near = process.extractOne(comparable(title), list(headers), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            hint = f' If it is {headers[near[0]]}, call it "{near[0]}".' if near else ""
            yield f'The column "{title}" was not read: it is none that is known.{hint}'
