"""Who gives notice to whom, how long the first term is, and what only looks like either."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands.rules.term_text.reading import read_terms

WORDINGS = json.loads((Path(__file__).parents[1] / "data" / "term_wordings.json").read_text("utf-8"))


@pytest.mark.parametrize("case", WORDINGS, ids=[case["text"][:50] for case in WORDINGS])
def test_a_wording_is_read_rightly_or_not_at_all(case: dict[str, Any]) -> None:
    """A field that is null must not be read; of several values any is right."""
    reading = read_terms(case["text"])
    for name, wanted in case["right"].items():
        value = getattr(reading, name)
        found = None if value is None else str(value)
        assert found in (wanted if isinstance(wanted, list) else [wanted]), name


def test_notice_to_extend_is_no_notice_against_a_renewal() -> None:
    reading = read_terms("A party that wishes to extend gives ninety (90) days notice before the end of the term.")
    assert (str(reading.extension_notice), reading.notice, reading.client_notice) == ("90d", None, None)
    assert "extend" in " ".join(reading.questions)
