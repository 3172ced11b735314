"""README.md is short, and its transcript is what the demo prints today. For its command lines see test_docs.py."""

from tests.docs import README
from tests.docs.generated import demo


def test_the_transcript_is_current() -> None:
    assert demo() in README.read_text(encoding="utf-8"), "run: python -m tests.docs"


def test_it_is_short() -> None:
    assert len(README.read_bytes()) < 9_000, "what is more than a start belongs to docs/"
