"""Every command has a name in people's words: forms and buttons show it."""

import pytest

from commands import labels
from commands.catalog import REGISTRY
from commands.command import Command


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda each: each.name)
def test_every_command_has_a_title_that_slack_takes(command: Command) -> None:
    assert command.name in labels._TITLES, "it would be called after what is typed, such as Obligation add"
    assert len(labels.title_of(command)) <= 24


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda each: each.name)
def test_a_form_shows_first_only_fields_that_the_command_has(command: Command) -> None:
    names = {parameter.name for parameter in command.parameters}
    assert names.issuperset((*command.form.first, *command.form.needs))
