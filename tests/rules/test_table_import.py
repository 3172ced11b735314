"""Clients and agreements out of a plain table."""

import io
from dataclasses import replace
from time import process_time

import openpyxl
import pytest

from commands.rules.imports.tables import TableReading, read_table
from commands.rules.imports.titles import AGREEMENT_FIELDS, CLIENT_FIELDS
from commands.spreadsheets import read_workbook


def test_headers_are_known_by_their_names_wherever_they_stand() -> None:
    text = (
        "Our clients,,,\n\nClient Name,Time-Zone,Slack channels,Colour\nCalder Ridge,America/Chicago,#calder,blue\n"
        ",,,\nAcme,,,\n"
    )
    reading = read_table(read_workbook(text.encode(), "clients.csv"), CLIENT_FIELDS, ("name",))
    assert reading.header_row == 3
    assert reading.columns == {"name": "Client Name", "zone": "Time-Zone", "channel": "Slack channels"}
    assert reading.ignored == ("Colour",)
    assert [(row.number, dict(row.values)) for row in reading.rows] == [
        (4, {"name": "Calder Ridge", "zone": "America/Chicago", "channel": "#calder"}),
        (6, {"name": "Acme"}),
    ]
    assert reading.problems == ()


def test_missing_columns_and_values_are_problems() -> None:
    text = "Client,Agreement,Type,End date\nAcme,MSA-1,msa,2027-01-01\n,SOW-1,sow,\n"
    reading = read_table(read_workbook(text.encode(), "a.csv"), AGREEMENT_FIELDS, ("client", "reference", "effective"))
    assert [(problem.row, problem.column) for problem in reading.problems] == [(1, "effective"), (3, "client")]
    assert dict(reading.rows[0].values) == {"client": "Acme", "reference": "MSA-1", "kind": "msa", "end": "2027-01-01"}


def test_a_table_of_something_else() -> None:
    reading = read_table(read_workbook(b"a,b\n1,2\n", "a.csv"), CLIENT_FIELDS, ("name",))
    assert reading.rows == ()
    assert [problem.row for problem in reading.problems] == [0]


GROUPED = (
    "Client,Agreement,Type\nCalder,,\n,GC-1,MSA\n,GC-2,SOW\nTotal for Calder,,2\nMarlow,,\n,GM-1,SOW\n"
    "Marlow Total,,1\nTOTAL,,3\n"
)


def read_agreements(text: str) -> TableReading:
    return read_table(read_workbook(text.encode(), "a.csv"), AGREEMENT_FIELDS, ("client", "reference"))


def titled(above: tuple[str, ...], merged: str, titles: tuple[str, ...]) -> TableReading:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (above, titles, ("Calder", "C-1", "2025-01-01", "2026-12-31", "60 days")):
        sheet.append(row)
    sheet.merge_cells(merged)
    file = io.BytesIO()
    made.save(file)
    return read_table(read_workbook(file.getvalue(), "a.xlsx"), AGREEMENT_FIELDS, ("client", "reference"))


@pytest.mark.parametrize("heading", ["Client", "Customer", "Renewal", "Client agreements 2026"])
def test_a_heading_merged_over_the_whole_table_is_no_part_of_its_titles(heading: str) -> None:
    reading = titled((heading,), "A1:E1", ("Client", "Agreement", "Start", "End", "Notice"))
    assert set(reading.columns) == {"client", "reference", "effective", "end", "notice"}
    assert reading.columns["notice"] == "Notice"


def test_a_title_merged_over_a_few_is_a_part_of_theirs() -> None:
    reading = titled(("Client", "Agreement", "Term", "", "Notice"), "C1:D1", ("", "", "Start", "End", ""))
    assert (reading.columns["end"], reading.columns["notice"]) == ("Term: End", "Notice")


@pytest.mark.parametrize(
    "column",
    ["Autotask ID,29683512", "Auto pay,Yes", "Renewal price,a lot", "Renewal owner,Dana", "Last renewal,2025-01-01"],
)
def test_a_column_of_something_else_is_not_asked_about(column: str) -> None:
    title, text = column.split(",")
    assert read_agreements(f"Client,Agreement,Start,{title}\nCalder,C-1,2025-01-01,{text}\n").likely == {}
    asked = read_agreements("Client,Agreement,Start,Renewal handling\nCalder,C-1,2025-01-01,rolls over\n")
    assert asked.likely == {"Renewal handling": "renewal"}


def test_a_report_that_is_grouped_by_client_gives_each_row_its_client() -> None:
    reading = read_agreements(GROUPED)
    assert [(row.values["client"], row.values["reference"]) for row in reading.rows] == [
        ("Calder", "GC-1"), ("Calder", "GC-2"), ("Marlow", "GM-1"),
    ]  # fmt: skip
    assert reading.problems == ()
    assert dict(reading.left_out)[2] == 'heads the rows of "Calder"'
    assert {number for number, _ in reading.left_out} == {2, 5, 6, 8, 9}


@pytest.mark.parametrize(
    "total", ["Total for Calder,,1", "Subtotal,,1", "Calder total,,", "Total records: 1,,", ",Total,1"]
)
def test_a_row_below_the_total_of_a_group_belongs_to_nobody(total: str) -> None:
    reading = read_agreements(f"Client,Agreement,Type\nCalder,,\n,C-1,MSA\n{total}\n,X-9,SOW\nMarlow,,\n,M-1,MSA\n")
    assert [(row.values.get("client"), row.values["reference"]) for row in reading.rows] == [
        ("Calder", "C-1"), (None, "X-9"), ("Marlow", "M-1"),
    ]  # fmt: skip
    assert [(problem.row, problem.message) for problem in reading.problems] == [(5, 'There is no value for "client".')]


def test_a_total_of_another_group_heads_no_rows() -> None:
    reading = read_agreements("Client,Agreement,Type\nCalder,,\n,C-1,MSA\nMarlow,,\nTotal for Calder,,\n,X-9,SOW\n")
    assert [problem.row for problem in reading.problems] == [6]


def test_a_report_of_many_groups_takes_no_longer_for_each() -> None:
    groups = [f"Client {number},,\n,C-{number},MSA\nTotal for Client {number},,1\n" for number in range(1_000)]
    began = process_time()
    reading = read_agreements(f"Client,Agreement,Type\n{''.join(groups)}")
    assert process_time() - began < 3
    assert (len(reading.rows), len(reading.left_out), reading.problems) == (1_000, 2_000, ())


def test_a_missing_client_beside_others_is_a_gap_that_nobody_fills() -> None:
    reading = read_agreements("Client,Agreement,Type\nCalder,GC-1,MSA\n,GC-2,SOW\n")
    assert [(problem.row, problem.message) for problem in reading.problems] == [(3, 'There is no value for "client".')]


def test_hidden_rows_are_left_out_and_said() -> None:
    book = read_workbook(b"Client,Agreement\nCalder,A\nCalder,B\n", "a.csv")
    [sheet] = book.sheets
    hidden = replace(sheet, rows=(*sheet.rows[:2], replace(sheet.rows[2], hidden=True)))
    reading = read_table(replace(book, sheets=(hidden,)), AGREEMENT_FIELDS, ("client", "reference"))
    assert [row.values["reference"] for row in reading.rows] == ["A"]
    assert reading.left_out == ((3, "hidden in the file; show it there to import it"),)
