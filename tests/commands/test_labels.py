"""Every command has a name in people's words: forms and buttons show it."""

import pytest

from commands import labels
from commands.catalog import REGISTRY
from commands.command import Command
from commands.parameters import Kind

WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.ITEM)


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda each: each.name)
def test_every_command_has_a_title_that_slack_takes(command: Command) -> None:
    assert command.name in labels._TITLES, "it would be called after what is typed, such as Obligation add"
    assert len(labels.title_of(command)) <= 24


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda each: each.name)
def test_a_form_shows_first_only_fields_that_the_command_has(command: Command) -> None:
    names = {parameter.name for parameter in command.parameters}
    assert names.issuperset((*command.form.first, *command.form.needs))


@pytest.mark.parametrize("name", sorted(labels._LABELS))
def test_a_label_that_commands_share_is_of_one_kind_of_value(name: str) -> None:
    """A form once asked "Nobody lives in" where agreements without an end were meant: one name, two kinds of value."""
    kinds = {
        Kind.TEXT if parameter.kind in WORDS else parameter.kind
        for command in REGISTRY
        for parameter in command.parameters
        if parameter.name == name and (command.name, name) not in labels._OF_COMMANDS
    } - {Kind.QUESTION, Kind.REMINDER}  # they are labelled by their kind
    assert kinds, "no command is left that needs it"
    assert len(kinds) == 1, "give one of them a label of its own"
