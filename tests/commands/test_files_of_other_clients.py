"""A file that names another client than the one it is read for is asked about, as a question is."""

import io

import openpyxl
import pytest

from commands.errors import CommandError, NeedsYes
from tests.commands.conftest import OTHER, Desk

IMPORT = "/engagement matrix import calder SOW-A"
PLAIN = b"item,responsible,clause\nFax line support,msp,SOW-A 8\n"
NAMING = {
    "a row": ("m.csv", b"item,responsible,clause\nGranite Peak Orthodontics scanner,msp,8\nFax line,msp,9\n"),
    "a category": ("m.csv", b"item,category,responsible\nScanner,Granite Peak Orthodontics,msp\nFax line,Fax,msp\n"),
    "notes": (
        "m.csv",
        b"item,responsible,notes\nScanner,msp,As agreed with Granite Peak Orthodontics\nFax line,msp,\n",
    ),
}
OF_ANOTHER = {
    "its name": ("granite-peak-orthodontics_matrix.csv", PLAIN),
    "its alias": ("gpo matrix.csv", PLAIN),
    "a title": ("m.csv", b"Services for Granite Peak Orthodontics,,\n,,\n" + PLAIN),
}


@pytest.mark.parametrize("kind", NAMING)
def test_a_row_that_names_another_client_needs_a_word(granite: Desk, kind: str) -> None:
    error = granite.refused(f"{IMPORT} confirm:yes retire:no", upload=NAMING[kind])
    assert "1 row needs your word" in error.message
    assert f"names {OTHER}: is it a row of Calder Ridge?" in error.message
    preview = granite.type(IMPORT, upload=NAMING[kind])
    assert "1 row needs your word" in preview.headline
    assert f"names {OTHER}" in str(preview.groups)
    granite.type(preview.choices[0].command, is_confirmed=False)
    again = granite.type(f"{IMPORT} confirm:yes retire:no", upload=NAMING[kind])
    assert "already says" in again.headline, "what is on record is not asked about again"


def test_a_row_of_another_client_can_be_left_out(granite: Desk) -> None:
    granite.type(f"{IMPORT} confirm:yes retire:no skip:2", upload=NAMING["a row"])
    shown = [row["item"] for row in granite.type("/engagement matrix show calder").data["rows"]]
    assert "Fax line" in shown
    assert "Granite Peak Orthodontics scanner" not in shown


@pytest.mark.parametrize("kind", OF_ANOTHER)
def test_a_file_of_another_client_needs_a_word(granite: Desk, kind: str) -> None:
    error = granite.refused(f"{IMPORT} confirm:yes retire:no", upload=OF_ANOTHER[kind])
    assert f"names {OTHER}: is it the matrix of Calder Ridge?" in error.message
    granite.type(f"{IMPORT} confirm:yes retire:no accept:yes", upload=OF_ANOTHER[kind])


def test_a_sheet_that_is_called_as_another_client_needs_a_word(granite: Desk) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = OTHER
    for row in (("item", "responsible", "clause"), ("Fax line support", "msp", "SOW-A 8")):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    error = granite.refused(f"{IMPORT} confirm:yes retire:no", upload=("m.xlsx", content.getvalue()))
    assert f'The sheet "{OTHER}" names {OTHER}' in error.message


@pytest.mark.parametrize("name", ["calder-ridge.csv", "matrix.csv", "calder ridge (SOW-A).csv"])
def test_a_file_that_names_its_own_client_or_none_is_read(granite: Desk, name: str) -> None:
    titled = b"Services for Calder Ridge,,\n,,\n" + PLAIN
    assert "is imported" in granite.type(f"{IMPORT} confirm:yes retire:no", upload=(name, titled)).headline


AGREEMENTS = (
    "client,reference,kind,title\nCalder Ridge,SOW-X,sow,Services for {}\nCalder Ridge,SOW-Y,sow,Managed services\n"
)


def test_an_agreement_whose_title_names_another_client_is_asked_about(granite: Desk) -> None:
    line, upload = "/engagement agreement import", ("a.csv", AGREEMENTS.format(OTHER).encode())
    error = granite.refused(f"{line} confirm:yes", upload=upload, is_confirmed=False)
    assert isinstance(error, NeedsYes)
    said = f'row 2: "Services for {OTHER}" names {OTHER}, and is to be an agreement of Calder Ridge.'
    assert said in error.message
    preview = granite.type(line, upload=upload)
    assert said in str(preview.cautions)
    granite.type(preview.choices[0].command, is_confirmed=False)
    again = granite.type(f"{line} confirm:yes", upload=upload, is_confirmed=False)
    assert "2 as before" in again.headline


def test_an_agreement_of_its_own_client_is_not(granite: Desk) -> None:
    upload = ("a.csv", AGREEMENTS.format("Calder Ridge").encode())
    granite.type("/engagement agreement import confirm:yes", upload=upload, is_confirmed=False)


@pytest.mark.parametrize("typed", [f'"{OTHER} SOW"', f'SOW-X title:"Services for {OTHER}"'])
def test_so_is_an_agreement_that_is_typed(granite: Desk, typed: str) -> None:
    line = f"/engagement agreement add calder {typed} kind:sow"
    error = granite.refused(line, is_confirmed=False)
    assert isinstance(error, CommandError)
    assert OTHER in error.message
