"""A row is called like a thing, never like a question."""

import pytest

from commands.rules.questions.asked_item import asked_item


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("who runs the user access reviews?", "User access reviews"),
        ("Who is responsible for DNS?", "DNS"),
        ("who takes care of the door locks", "Door locks"),
        ("whose job is badge printing?", "Badge printing"),
        ("is the fax line ours?", "Fax line"),
        ("are printers in scope or not?", "Printers"),
        ("do we handle SSL certificates", "SSL certificates"),
        ("encryption at rest", "Encryption at rest"),
        ("who waters the plants?", None),
        ("what now?", None),
        ("?", None),
        ("plants, who?", None),
    ],
)
def test_the_item_of_a_question(question: str, item: str | None) -> None:
    assert asked_item(question) == item
