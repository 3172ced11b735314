"""However a table is dressed, the same is read of it: columns in another order, notes, blank rows, titles, footers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.imports.tables import read_table
from commands.rules.imports.titles import AGREEMENT_FIELDS, CLIENT_FIELDS
from commands.rules.matrix_layout import Workbook, read_matrix
from commands.spreadsheets import read_workbook

CLIENTS = (
    ("Organization Name", "Account: Owner: Full Name", "Country/Region", "Time Zone", "Company Status"),
    ("Pinewood Dental", "Dana Fox", "United States", "Central Standard Time", "Active"),
    ("Marlow Legal LLP", "Bo Kerr", "United Kingdom", "GMT Standard Time", "Inactive"),
    ("Old Mill Ltd", "", "GBR", "", "Active"),
)
AGREEMENTS = (
    ("Company Name", "Contract Number", "Contract Start Date", "Date End", "Term (months)", "Notice Days"),
    ("Pinewood Dental", "C-1", "3/1/2025", "2/28/2027", "24", "60"),
    ("Marlow Legal LLP", "C-2", "4/1/2025", "3/31/2026", "12", "30"),
    ("Old Mill Ltd", "C-3", "5/1/2025", "", "12", ""),
)
MATRIX = (
    ("Task", "Responsible", "Clause"),
    ("Patch servers", "MSP", "2.1"),
    ("Order laptops", "Client", "2.2"),
    ("Test restores", "Shared", "2.3"),
    ("Repair printers", "Vendor", "2.4"),
    ("Answer the phone", "MSP", "2.5"),
    ("Pay the licences", "Client", ""),
)
FOOTERS = ("Total: 3", "Grand Totals (3 records)", "Generated on 2026-03-02", "Confidential - Do Not Distribute")


@dataclass(frozen=True)
class Dress:
    """What is put around a table, and in which order its columns stand."""

    order: tuple[int, ...]
    note: int | None
    blanks: tuple[int, ...]
    title: str | None
    footer: str | None
    hidden: bool


@st.composite
def dresses(draw: st.DrawFn, width: int, height: int) -> Dress:
    return Dress(
        tuple(draw(st.permutations(range(width)))),
        draw(st.none() | st.integers(0, width)),
        tuple(draw(st.lists(st.integers(2, height), max_size=3, unique=True))),
        draw(st.none() | st.sampled_from(("Northgate IT", "List of March 2026"))),
        draw(st.none() | st.sampled_from(FOOTERS)),
        draw(st.booleans()),
    )


def dressed(table: Sequence[Sequence[str]], dress: Dress) -> Workbook:
    rows = [[row[index] for index in dress.order] for row in table]
    if dress.note is not None:
        for place, row in enumerate(rows):
            row.insert(dress.note, "Remark of ours" if place == 0 else f"seen by {place}")
    if dress.hidden:
        for place, row in enumerate(rows):
            row.append("Former owner" if place == 0 else "nobody")
    hidden = frozenset({len(rows[0]) - 1}) if dress.hidden else frozenset()
    for place in sorted(dress.blanks, reverse=True):
        rows.insert(place, [])
    rows = ([[dress.title], []] if dress.title else []) + rows + ([[], [dress.footer]] if dress.footer else [])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    workbook = read_workbook(text.getvalue().encode(), "list.csv")
    return replace(workbook, sheets=tuple(replace(sheet, hidden_columns=hidden) for sheet in workbook.sheets))


def values(workbook: Workbook, fields: Mapping[str, str], required: Sequence[str]) -> list[Mapping[str, str]]:
    reading = read_table(workbook, fields, required)
    assert reading.problems == ()
    return [row.values for row in reading.rows]


@given(dresses(5, 4))
@settings(max_examples=60, deadline=None)
def test_clients_are_read_the_same_however_the_table_is_dressed(dress: Dress) -> None:
    plain = Dress(tuple(range(5)), None, (), None, None, hidden=False)
    right = values(dressed(CLIENTS, plain), CLIENT_FIELDS, ["name"])
    assert values(dressed(CLIENTS, dress), CLIENT_FIELDS, ["name"]) == right


@given(dresses(6, 4))
@settings(max_examples=60, deadline=None)
def test_agreements_are_read_the_same_however_the_table_is_dressed(dress: Dress) -> None:
    plain = Dress(tuple(range(6)), None, (), None, None, hidden=False)
    right = values(dressed(AGREEMENTS, plain), AGREEMENT_FIELDS, ["client", "reference"])
    assert values(dressed(AGREEMENTS, dress), AGREEMENT_FIELDS, ["client", "reference"]) == right


@given(dresses(3, 7))
@settings(max_examples=60, deadline=None)
def test_a_matrix_is_read_the_same_however_the_table_is_dressed(dress: Dress) -> None:
    reading = read_matrix(dressed(MATRIX, dress))
    found = [(row.item, row.party.value, row.clause) for row in reading.rows]
    words = {"MSP": "msp", "Client": "client", "Shared": "shared", "Vendor": "third_party"}
    assert found == [(item, words[party], clause or None) for item, party, clause in MATRIX[1:]]
    assert not any(problem.blocks for problem in reading.problems)
