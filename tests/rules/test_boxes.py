"""Cells that offer a choice, with a box before or behind each name: only what is ticked counts."""

import pytest

from commands.rules.matrix_layout import MatrixReading, Sheet, SheetRow, Workbook, read_matrix
from commands.rules.matrix_layout.words import ticked


def read(*rows: tuple[str, ...]) -> MatrixReading:
    return read_matrix(Workbook("m", (Sheet("m", tuple(SheetRow(number, row) for number, row in enumerate(rows, 1))),)))


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        ("☒ MSP ☐ Client", "MSP"),
        ("☐ MSP  ☒ Client", "Client"),
        ("☐ MSP\n☒ Client", "Client"),
        ("☐MSP/☑Client", "Client"),
        ("☑️ MSP ☐ Client", "MSP"),
        ("MSP ☒ Client ☐", "MSP"),
        ("MSP: ☒, Client: ☐", "MSP"),
        ("✓ MSP ✗ Client", "MSP"),
        ("● MSP ○ Client", "MSP"),
        ("◻ MSP ☒ Client", "Client"),
        ("▣ MSP ▢ Client", "MSP"),
        ("[x] MSP [ ] Client", "MSP"),
        ("( ) MSP (X) Client", "Client"),
        ("- [ ] MSP\n- [x] Client", "Client"),
        ("☒ MSP ☒ Client ☐ Vendor", "MSP / Client"),
        ("☐ MSP ☐ Client", ""),
        ("☒ MSP ☒ Client", "☒ MSP ☒ Client"),
        ("☐ Service Provider Corporate ☒ Inherited from the cloud", "Inherited from the cloud"),
        ("☐", "☐"),
        ("☐ ☒", "☐ ☒"),
        ("☒ MSP", "☒ MSP"),
        ("MSP (nights)", "MSP (nights)"),
        ("Phone (555) 0100", "Phone (555) 0100"),
    ],
)
def test_what_is_ticked_is_read(cell: str, chosen: str) -> None:
    assert ticked(cell) == chosen


@pytest.mark.parametrize(
    "cell",
    [
        "☐ MSP",
        "MSP ☐ Client",
        "☑ MSP ☒ Client",
        "✗ MSP ☐ Client",
        "☒ MSP ✗ Client",
        "☒ MSP ☐ Client except on holidays",
        "☒ MSP ☐ Client\nHolidays: the other way round",
        "☒ ☐ MSP",
        "Nights: ☒ MSP ☐ Client",
    ],
)
def test_what_is_not_clearly_ticked_is_asked_about(cell: str) -> None:
    assert ticked(cell) is None
    reading = read(("Task", "Responsible"), ("Patch", cell), ("Approve", "Client"), ("Report", "MSP"))
    [problem] = [problem for problem in reading.problems if problem.row == 2]
    assert problem.blocks
    assert problem.proposed is None
    assert "does not say clearly which box is ticked" in problem.message


def test_boxes_in_a_column_of_parties_name_one_side() -> None:
    reading = read(("Task", "Responsible"), ("Patch", "☒ MSP ☐ Client"), ("Approve", "☐ MSP ☒ Client"),
                   ("Report", "☒ MSP ☒ Client"), ("Order", "☐ MSP ☐ Client"))  # fmt: skip
    assert [(row.item, row.party.value) for row in reading.rows][:3] == [
        ("Patch", "msp"), ("Approve", "client"), ("Report", "shared"),
    ]  # fmt: skip
    assert [(problem.row, problem.blocks) for problem in reading.problems if problem.blocks] == [(5, True)]


def test_yes_and_no_boxes_below_each_party_are_marks() -> None:
    yes, no, open_ = "☒ Yes ☐ No", "☐ Yes ☒ No", "☐ Yes ☐ No"
    reading = read(("Task", "MSP", "Client"), ("Patch", yes, no), ("Approve", no, yes), ("Report", open_, yes))
    assert [(row.item, row.party.value) for row in reading.rows][:2] == [("Patch", "msp"), ("Approve", "client")]
    assert [problem.row for problem in reading.problems if problem.blocks] == [4]


def test_lists_of_tasks_below_each_party_stay_texts() -> None:
    reading = read(("Task", "MSP responsibility", "Client responsibility"),
                   ("Laptops", "□ Order the laptops\n□ Set them up", "□ Approve the order\n□ Pay the invoice"),
                   ("Phones", "○ Order the phones", "○ Approve the order"))  # fmt: skip
    assert [(row.item, row.party.value) for row in reading.rows] == [("Laptops", "shared"), ("Phones", "shared")]
