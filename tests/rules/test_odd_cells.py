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
    "denial",
    [
        "No action required",
        "None - fully managed",
        "Not responsible",
        "Nothing",
        "Nicht beteiligt",
        "N/A – handled by the provider",
        "n/a (see contract)",
        "NA - see exhibit B",
        "Does not apply",
        "Client has no responsibility here",
        "The customer is not responsible for this.",
        "Sin responsabilidad",
    ],
)
def test_a_text_that_may_say_no_part_is_asked_about(denial: str) -> None:
    for other in ("Installs the patches", "x"):
        _, asked = reading(
            f"Topic,MSP responsibilities,Client responsibilities\nPatch,{other},{denial}\nPay,,Pays all licenses\n"
        )
        assert asked == [(2, None)]
    _, asked = reading(f"Task,MSP,Client\nPatch,x,{denial}\nPay,,x\nTest,x,x\nFax,,x\n")
    assert asked == [(2, None)]


def test_what_begins_like_a_denial_and_is_none_is_a_part() -> None:
    part = "NA region servers are patched monthly by the team. The client is not responsible for these."
    parties, asked = reading(f"Topic,MSP responsibilities,Client responsibilities\nPatch,{part},\nPay,,Pays licenses\n")
    assert (parties, asked) == ({"Patch": "msp", "Pay": "client"}, [])


@pytest.mark.parametrize(
    "remark", ["excluding servers", "without laptops", "formerly", "us for now", "then the supplier", "sauf serveurs"]
)
@pytest.mark.parametrize("written", ["{word} - {remark}", "{word} ({remark})"])
def test_a_remark_that_may_take_a_word_back_is_asked_about(written: str, remark: str) -> None:
    plain = "Pay,Client\nTest,MSP\nFax,MSP\nMail,Client\n"
    parties, asked = reading(f"Task,Responsibility\nPatch,{written.format(word='MSP', remark=remark)}\n{plain}")
    assert ("Patch" in parties, asked) == (False, [(2, None)])
    services = "Pay,Not included\nTest,Included\nFax,Included (up to 2)\n"
    parties, asked = reading(f"Service,Included?\nPatch,{written.format(word='Included', remark=remark)}\n{services}")
    assert (parties, asked) == ({"Pay": "out_of_scope", "Test": "msp", "Fax": "msp"}, [(2, None)])


def test_a_remark_that_says_the_same_takes_nothing_back() -> None:
    parties, asked = reading(
        "Task,Responsibility\nPatch,Provider (MSP)\nPay,Customer - you\nTest,Shared (both)\nFax,Customer (US)\n"
    )
    assert (parties, asked) == ({"Patch": "msp", "Pay": "client", "Test": "shared", "Fax": "client"}, [])


def test_letters_behind_a_letter_are_not_passed_over() -> None:
    _, asked = reading("Activity,MSP,Client\nPatch,A - R,R\nPay,C,R\nTest,R,A\n")
    assert asked == [(2, "client")]


def test_a_remark_that_may_take_a_letter_back_is_asked_about() -> None:
    parties, asked = reading(
        "Activity,MSP,Client\nPatch,R - except servers,A\nPay,C (not before July),R\nTest,R (until July),R\n"
        "Fax,A (only),I\n"
    )
    assert parties == {"Patch": "msp", "Pay": "client", "Test": "shared", "Fax": "msp"}
    assert asked == [(2, "msp"), (4, "shared"), (5, "msp")]


def test_marks_that_are_taken_back_are_no_texts() -> None:
    """Where half of the marks have remarks, the columns are read as texts: each of these still says too little."""
    parties, asked = reading(
        "Task,MSP,Client\nA,x (excluding servers),\nB,X - us only,x\nC,x,\nD,,x (we monitor)\nE,,x\n"
    )
    assert (parties, asked) == ({"C": "msp", "E": "client"}, [(2, None), (3, None), (5, None)])
