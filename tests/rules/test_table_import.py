"""Clients and agreements out of a plain table."""

from commands.rules.imports.tables import read_table
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
