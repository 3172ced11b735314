"""Whether linked terms changed: what a reader sees is compared, since the last review."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.agreements.linked_terms import digest_of, drift_of
from storage.records import HashOf, TermsCopy

OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64


def copy(id: int, day: int, content_hash: str, **more: Any) -> TermsCopy:
    known: dict[str, Any] = {
        "client_id": 1, "agreement_id": 1, "hash_of": HashOf.TEXT, "size": 1, "taken_by": "U0",
        "taken_at": datetime(2026, 3, day, 15, tzinfo=UTC),
    }  # fmt: skip
    return TermsCopy(**known | more | {"id": id, "content_hash": content_hash})


@pytest.mark.parametrize(
    ("copies", "reviewed", "days"),
    [
        ([], None, None),
        ([copy(1, 1, OLD)], None, None),
        ([copy(1, 1, OLD), copy(2, 9, OLD)], None, None),
        ([copy(1, 1, OLD), copy(2, 9, NEW)], None, (1, 9)),
        ([copy(2, 9, NEW), copy(1, 1, OLD)], None, (1, 9)),
        ([copy(1, 1, OLD), copy(2, 9, NEW)], date(2026, 3, 9), None),
        ([copy(1, 1, OLD), copy(2, 9, NEW)], date(2026, 3, 8), (1, 9)),
        ([copy(1, 1, OLD), copy(2, 5, NEW), copy(3, 9, NEW)], date(2026, 3, 6), None),
        ([copy(1, 1, OLD), copy(2, 5, NEW), copy(3, 9, OTHER)], date(2026, 3, 6), (5, 9)),
        ([copy(1, 1, OLD), copy(2, 5, NEW), copy(3, 9, OLD)], None, None),
        ([copy(1, 1, OLD, hash_of=HashOf.BYTES), copy(2, 9, NEW)], None, None),
    ],
)
def test_drift(copies: list[TermsCopy], reviewed: date | None, days: tuple[int, int] | None) -> None:
    found = drift_of(copies, reviewed, lambda at: at.date())
    assert (None if found is None else (found.before_on.day, found.after_on.day)) == days


def test_both_days_and_hashes_are_said() -> None:
    found = drift_of([copy(1, 1, OLD), copy(2, 9, NEW)], None, lambda at: at.date())
    assert found is not None
    assert found.in_words == (
        "its linked terms changed between 1 March 2026 (SHA-256 begins aaaaaaaaaaaa) and 9 March 2026 (begins "
        "bbbbbbbbbbbb)"
    )


PAGE = b"<html><head><title>x</title><script>var a=1</script></head><body><p>Pay  within\n30 days.</p></body></html>"


@pytest.mark.parametrize(
    ("content", "media", "is_same"),
    [
        (PAGE.replace(b"a=1", b"nonce=9"), "text/html; charset=utf-8", True),
        (PAGE.replace(b"Pay  within\n30", b"Pay within 30"), "text/html", True),
        (PAGE.replace(b"<p>", b'<p class="new">'), "text/html", True),
        (PAGE.replace(b"30", b"60"), "text/html", False),
        (b"Pay within 30 days.", "text/plain", True),
        (PAGE, "application/octet-stream", False),
        (PAGE, "text/html; charset=nonsense", True),
    ],
)
def test_what_a_reader_sees_is_what_counts(content: bytes, media: str, is_same: bool) -> None:
    assert (digest_of(content, media)[1] == digest_of(PAGE, "text/html")[1]) is is_same
