"""Statutes that name frameworks as a defense: their data, and what of their conditions is on record for a client."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from storage.catalog import frameworks, regulations, safe_harbors
from tests.commands.conftest import VIEWER, Desk

EVERY = safe_harbors.all_of_them()


def test_the_states_are_there_and_every_entry_is_complete() -> None:
    assert {each.jurisdiction for each in EVERY} == {
        "US-OH", "US-UT", "US-CT", "US-IA", "US-TN", "US-TX", "US-OK", "US-OR", "US-NE",
    }  # fmt: skip
    for each in EVERY:
        assert all(frameworks.shipped().get(key) for key in each.frameworks), each.key
        assert all(regulations.get(key) for key in each.regulations), each.key
        assert urlsplit(each.source_url).scheme == "https"
        assert each.also, each.key
        assert (each.checked_on is None) == (each.checked_with is None), each.key
        assert "protected" not in f"{each.gives} {each.title}"


def test_a_wrong_stanza_is_named() -> None:
    with pytest.raises(ValueError, match="x: "):
        safe_harbors.read("[[statute]]\nkey = 'x'\n")


def missing(desk: Desk, line: str) -> dict[str, str]:
    table = desk.type(f"/engagement framework defenses {line}", user=VIEWER).table
    return {row[1]: row[3] for row in table.rows if row[3]} if table else {}


def test_what_is_on_record_and_what_is_not(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    desk.type("/engagement client add Lone country:US subdivision:TX")
    bare = missing(desk, "lone")
    assert bare["fewer than 250 employees"] == "record how many with client edit, or say so here: employees:N"
    assert any(words == "none of these is adopted for this client" for words in bare.values())
    assert missing(desk, "lone employees:250")["fewer than 250 employees"] == "250 are not fewer than 250"
    assert "fewer than 250 employees" not in missing(desk, "lone employees:249")
    desk.type('/engagement framework adopt lone nist-csf 1.1 on:2025-01-15 clause:"SOW-A 8"')
    old = missing(desk, "lone employees:80")
    assert old["NIST Cybersecurity Framework: looked at within twelve months"] == "last on 2025-01-15"
    late = "NIST Cybersecurity Framework: a newer version is followed within 12 months of its publication"
    assert old[late] == "2.0 is published; to be followed by 26 February 2025"
    desk.type("/engagement framework adopt lone nist-csf 2.0")
    new = missing(desk, "lone employees:80")
    assert late not in new
    assert not any("twelve months" in what for what in new)


def test_never_says_that_anybody_is_protected(desk: Desk) -> None:
    desk.type("/engagement client add Lone country:US subdivision:OH")
    desk.type("/engagement framework adopt lone cis 8.1")
    reply = desk.type("/engagement framework defenses lone state:OH state:US-NE state:US-TX employees:10")
    words = " ".join((reply.headline, *reply.lines, *reply.cautions)).casefold()
    assert "protected" not in words
    assert "you have" not in words
    assert "for counsel and the court" in words
    assert [each["key"] for each in reply.data["statutes"]] == ["ohio_1354", "nebraska_87_1201", "texas_542"]


@pytest.mark.parametrize(("published", "day"), [("2024-02-26", 26), ("2024-02", 1)])
def test_a_revision_counts_from_the_first_day_it_can_mean(published: str, day: int) -> None:
    from commands.frameworks.safe_harbor import _first_day

    assert _first_day(published) == date(2024, 2, day)


def test_other_states_and_unknown_ones(desk: Desk) -> None:
    desk.type("/engagement client add Lone country:US subdivision:FL")
    desk.type("/engagement client add Nowhere")
    assert "knows no such statute of US-FL" in desk.type("/engagement framework defenses lone").headline
    assert "its state is not recorded" in desk.type("/engagement framework defenses nowhere").headline
    assert "is not a state" in desk.refused("/engagement framework defenses lone state:Ohio").message
