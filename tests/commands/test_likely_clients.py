"""Whom somebody most likely means who names no client whole."""

import pytest

from commands.errors import UnclearClient
from tests.commands.conftest import TECHNICIAN, Desk

NAMES = ("Aspen Bakery", "Beacon Motors", "Cedar Dental", "Copper Dental", "Maple Bakery", "Maple Dental")


@pytest.mark.parametrize(
    "asked",
    ["who patches maple's servers", "who patches the maple servers?", "is the backup ours at Maple?"],
)
def test_clients_that_share_a_word_with_the_question_are_offered_first(desk: Desk, asked: str) -> None:
    desk.prepare(*(f'client add "{name}"' for name in NAMES))
    with pytest.raises(UnclearClient) as refused:
        desk.type(f"/scope {asked}", user=TECHNICIAN)
    offered = [choice.label for choice in refused.value.choices]
    assert offered[:2] == ["Maple Bakery", "Maple Dental"]
    answer = desk.type(f"/engagement {refused.value.choices[1].command}", user=TECHNICIAN)
    assert answer.headline.startswith("Maple Dental: ")
