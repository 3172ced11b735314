"""What would be typed next is a button where there is one of its kind, and a line to type where there are several."""

import pytest

from commands.catalog import REGISTRY
from commands.choices import pressed_next
from commands.reply import Choice, Reply

_SHOWN = Choice("HIPAA", "catalogue show hipaa")
_SHOW = "/engagement catalogue show"
_RETIRE = "/engagement matrix retire calder SOW-A"

CASES = {
    "one": ((f"{_SHOW} hipaa",), (), ["catalogue show hipaa"], ()),
    "two of a kind": ((f"{_SHOW} hipaa", f"{_SHOW} pci_dss"), (), [], (f"{_SHOW} hipaa", f"{_SHOW} pci_dss")),
    "three of a kind": (
        tuple(f"{_RETIRE} {row} on:____" for row in "xyz"), (), [], tuple(f"{_RETIRE} {row} on:____" for row in "xyz"),
    ),
    "two of a kind and another": (
        (f"{_SHOW} hipaa", "/engagement week", f"{_SHOW} pci_dss"),
        (),
        ["week"],
        (f"{_SHOW} hipaa", f"{_SHOW} pci_dss"),
    ),
    "the same twice": ((f"{_SHOW} hipaa", f"{_SHOW} hipaa"), (), ["catalogue show hipaa"], ()),
    "help on something, and help": (
        ("/engagement help agreement", "/engagement help"), (), [], ("/engagement help agreement", "/engagement help"),
    ),
    "there is a button for it": ((f"{_SHOW} hipaa",), (_SHOWN,), ["catalogue show hipaa"], ()),
    "there is a button for another": (
        (f"{_SHOW} pci_dss",), (_SHOWN,), ["catalogue show hipaa", "catalogue show pci_dss"], (),
    ),
    "there is a button called the same": (
        (f"{_SHOW} pci_dss",),
        (Choice("Show a regulation", "catalogue show hipaa"),),
        ["catalogue show hipaa"],
        (f"{_SHOW} pci_dss",),
    ),
    "words": (("Ask whoever signed it.",), (), [], ("Ask whoever signed it.",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_could_be_done_next_is_lost(case: str) -> None:
    steps, choices, pressed, typed = CASES[case]
    reply = pressed_next(REGISTRY, Reply("Nothing was saved.", choices=choices, next_steps=steps))
    assert [each.command for each in reply.choices] == pressed
    assert reply.next_steps == typed
    assert len({each.label for each in reply.choices}) == len(reply.choices)
