"""The draft for the client says what the row says, and offers nothing that its note may speak against."""

from dataclasses import dataclass

import pytest

from commands.errors import CommandError
from tests.commands.conftest import Desk

OFFERS = ("whom to contact", "change request", "an offer")
NOTE = "We open and chase the ticket under the letter of agency"


@dataclass(frozen=True)
class Row:
    item: str
    typed: str
    said: str
    offer: str | None


ROWS = (
    Row("Zebra feeding", "msp", "is ours to do under SOW-A, 9.1", None),
    Row("Giraffe feeding", "client", "is Calder Ridge's to do under SOW-A, 9.1", "change request"),
    Row("Lion feeding", 'shared msp-part:"We buy" client-part:"You serve"', "Our part: We buy.", None),
    Row("Tiger feeding", "third_party third-party:Lumen", "is with Lumen under SOW-A, 9.1", "whom to contact"),
    Row("Camel feeding", "out_of_scope", "is not included under SOW-A, 9.1", "an offer"),
)  # fmt: skip


def drafted(desk: Desk, row: Row, *, note: str | None) -> str:
    noted = f' notes:"{note}"' if note else ""
    desk.type(f'/engagement matrix set calder SOW-A "{row.item}" {row.typed} clause:9.1{noted}')
    number = desk.type(f"/scope calder who does {row.item.lower()}?").data["question_id"]
    return desk.type(f"/engagement scope wording {number}").copy or ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.typed.split()[0])
def test_the_draft_says_what_the_row_says_and_nothing_beside_its_note(calder: Desk, row: Row) -> None:
    said = drafted(calder, row, note=NOTE)
    assert row.said in said
    assert not any(offer in said for offer in OFFERS)
    assert NOTE not in said, "notes are internal"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.typed.split()[0])
def test_without_a_note_it_may_say_what_can_be_had(calder: Desk, row: Row) -> None:
    said = drafted(calder, row, note=None)
    assert row.said in said
    assert [offer for offer in OFFERS if offer in said] == ([row.offer] if row.offer else [])


def test_where_nobody_is_named_nothing_is_drafted(calder: Desk) -> None:
    number = calder.type("/scope calder who feeds the walrus?").data["question_id"]
    error: CommandError = calder.refused(f"/engagement scope wording {number}")
    assert "There is nothing to send" in error.message
