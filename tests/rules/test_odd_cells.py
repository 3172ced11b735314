"""Cells of a matrix that say more or less than a word, a mark or a letter: no wrong verdict without a question."""

import pytest

from commands.rules.matrix_layout import read_matrix
from commands.spreadsheets import read_workbook


def reading(text: str) -> tuple[dict[str, str], list[tuple[int, str | None]]]:
    """The parties by item, and for each row that has to be asked about what is proposed."""
    found = read_matrix(read_workbook(text.encode(), "m.csv"))
    assert not found.refused
    asked = [(each.row, each.proposed and each.proposed.value) for each in found.problems if each.blocks]
    return {row.item: row.party.value for row in found.rows}, asked


def test_letters_of_a_raci_may_be_explained_in_their_cells() -> None:
    parties, asked = reading(
        "Activity,MSP,Client\nPatch,R – performs monthly,I – gets a report\nApprove,C: advises,A/R - signs\n"
        "Restore,R - runs it,R (checks the data)\n"
    )
    assert (parties, asked) == ({"Patch": "msp", "Approve": "client", "Restore": "shared"}, [])
    found = read_matrix(read_workbook(b"Activity,MSP,Client\nRestore,R - runs it,R (checks)\nPatch,R,I\n", "m.csv"))
    assert (found.rows[0].msp_part, found.rows[0].client_part) == ("runs it", "checks")


@pytest.mark.parametrize("word", ["Provider responsible", "The provider is responsible", "MSP owns it"])
def test_a_party_that_is_said_to_be_responsible(word: str) -> None:
    parties, asked = reading(
        f"Task,Responsibility\nPatch,{word}\nPay,Client is responsible\nTest,Both are responsible\n"
    )
    assert (parties, asked) == ({"Patch": "msp", "Pay": "client", "Test": "shared"}, [])


def test_shares_of_the_work_are_asked_with_what_they_say() -> None:
    parties, asked = reading("Task,MSP,Client\nPatch,100%,0%\nPay,0 %,100 %\nTest,60%,40%\n")
    assert parties == {"Patch": "msp", "Pay": "client", "Test": "shared"}
    assert asked == [(2, "msp"), (3, "client"), (4, "shared")]


@pytest.mark.parametrize(
    "denial", ["No action required", "None - fully managed", "Not responsible", "Nothing", "Nicht beteiligt"]
)
def test_a_text_that_may_say_no_part_is_asked_about(denial: str) -> None:
    for other in ("Installs the patches", "x"):
        _, asked = reading(
            f"Topic,MSP responsibilities,Client responsibilities\nPatch,{other},{denial}\nPay,,Pays all licenses\n"
        )
        assert asked == [(2, None)]
    _, asked = reading(f"Task,MSP,Client\nPatch,x,{denial}\nPay,,x\nTest,x,x\nFax,,x\n")
    assert asked == [(2, None)]
