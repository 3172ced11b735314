"""How a row's paper and clause are named."""

import pytest

from commands.rules.matrix.row_basis import with_clause


@pytest.mark.parametrize(
    ("reference", "clause", "said"),
    [
        ("SOW-A", "3.1", "SOW-A 3.1"),
        ("SOW-A", "SOW-A 6.7", "SOW-A 6.7"),
        ("SOW-A", "Schedule 2", "SOW-A Schedule 2"),
        ("SOW-A", None, "SOW-A"),
        ("SOW-A", "", "SOW-A"),
    ],
)
def test_a_clause_names_its_paper_once(reference: str, clause: str | None, said: str) -> None:
    assert with_clause(reference, clause) == said
