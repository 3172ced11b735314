"""An erased client is named nowhere any more: not by what it is called, was called, or is called for short."""

import pytest

from tests.commands.conftest import VIEWER, Desk


@pytest.mark.parametrize("name", ["Harborview", "Harbor Dental", "toothworks"])
def test_what_was_refused_before_it_was_understood_does_not_name_it_either(desk: Desk, name: str) -> None:
    """Such an entry is about nobody: it is found by the name that was typed."""
    desk.type('client add "Harbor Dental" alias:toothworks')
    desk.type("client edit toothworks name:Harborview")
    desk.refused(f'client offboard "{name}"', user=VIEWER)
    desk.type("client offboard toothworks")
    desk.type("client erase number:1 confirm:yes")
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        said = " ".join(words for _, words in uow.audit.newest(100) if words).casefold()
    assert name.casefold() not in said
