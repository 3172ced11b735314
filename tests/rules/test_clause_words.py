"""A clause, with its paper where it does not name that itself."""

import pytest

from commands.rules.text.phrases import paper_and_clause


@pytest.mark.parametrize(
    ("reference", "clause", "said"),
    [
        ("SOW-A", "4.2", "SOW-A, 4.2"),
        ("SOW-A", "SOW-A 4.2", "SOW-A 4.2"),
        ("SOW-A", "SOW-A, section 4", "SOW-A, section 4"),
        ("SOW-A", "SOW-A", "SOW-A"),
        ("SOW-A", None, "SOW-A"),
        ("SOW-A", "SOW-AB 4", "SOW-A, SOW-AB 4"),
        ("1", "12.3", "1, 12.3"),
        ("1", "1.3", "1, 1.3"),
        ("S", "Section 2", "S, Section 2"),
    ],
)
def test_the_paper_is_said_once(reference: str, clause: str | None, said: str) -> None:
    assert paper_and_clause(reference, clause) == said
