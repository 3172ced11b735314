"""Numbers that are no digits of ours, or too many of them: said in words wherever a number is typed."""

from collections.abc import Callable

import pytest

from bot.runtime.config import host_and_port
from commands.errors import UsageError
from commands.rules.imports.tables import TableCorrections
from commands.rules.imports.tables import _sheets as sheets_of_records
from commands.rules.matrix_layout import Corrections, Workbook
from commands.rules.matrix_layout.choosing import sheets_to_try
from commands.rules.text.whole_numbers import whole_number
from commands.spreadsheets import read_workbook
from commands.spreadsheets.uploads import skipped_row

NO_NUMBERS = ("²", "1²", "①", "9" * 5_000, "", " ", "-1", "1.0", "१²")
TWO_SHEETS = b"<table><caption>One</caption><tr><td>Item</table><table><caption>Two</caption><tr><td>Item</table>"


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_whole_number(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("१२", 12), ("9" * 9, 999_999_999)])
def test_what_is_a_whole_number(text: str, number: int) -> None:
    assert whole_number(text) == number


def _book() -> Workbook:
    return read_workbook(TWO_SHEETS, "page.html")


@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if text.strip()])
@pytest.mark.parametrize(
    ("reads", "said"),
    [
        (skipped_row, "is not a row number"),
        (lambda text: host_and_port(f"127.0.0.1:{text}"), "is not HOST:PORT"),
        (lambda text: sheets_to_try(_book(), Corrections(sheet=text))[1], "There is no sheet"),
        (lambda text: sheets_of_records(_book(), TableCorrections(sheet=text))[1], "There is no sheet"),
    ],
)
def test_it_is_said_what_is_wrong(text: str, reads: Callable[[str], object], said: str) -> None:
    try:
        found = reads(text)
    except (UsageError, ValueError) as error:
        found = error
    assert said in str(found)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_a_cell_that_spans_no_number_spans_itself(text: str) -> None:
    page = f'<table><tr><td colspan="{text}" rowspan="{text}">Item<td>Who<tr><td>Backup<td>MSP</table>'
    book = read_workbook(page.encode(), "page.html")
    assert [row.cells for row in book.sheets[0].rows] == [("Item", "Who"), ("Backup", "MSP")]
