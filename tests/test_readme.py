"""README.md says what the code does: its transcript, its commands and its settings are generated from it."""

import pytest

from tests.readme import README, parts


@pytest.mark.parametrize("name", ["demo", "commands", "settings"])
def test_the_generated_parts_are_up_to_date(name: str) -> None:
    assert parts()[name] in README.read_text(encoding="utf-8"), "run: python -m tests.readme"
