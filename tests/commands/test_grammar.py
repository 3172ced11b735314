"""The text grammar: words, quotes, key:value in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.errors import UsageError
from commands.grammar.option_names import options_meant
from commands.grammar.words import command_line, quote, split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a b", [(None, "a"), (None, "b")]),
        ('"Calder Ridge" x', [(None, "Calder Ridge"), (None, "x")]),
        ("“Calder Ridge” x", [(None, "Calder Ridge"), (None, "x")]),
        ('by:"Dana Lee, CFO"', [("by", "Dana Lee, CFO")]),
        ("by:“Dana Lee, CFO” y", [("by", "Dana Lee, CFO"), (None, "y")]),
        ("Initial_Term:12m", [("initial-term", "12m")]),
        ("https://example.com/a:b", [(None, "https://example.com/a:b")]),
        ("url:https://example.com", [("url", "https://example.com")]),
        (r'"say \"yes\""', [(None, 'say "yes"')]),
        ("it's 19\" wide", [(None, "it's"), (None, '19"'), (None, "wide")]),
        ("12:30", [(None, "12:30")]),
        ("  a \t b\n", [(None, "a"), (None, "b")]),
    ],
)
def test_words(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(word.key, word.value) for word in split_words(text)] == expected


def test_a_quote_that_is_never_closed_is_named() -> None:
    with pytest.raises(UsageError, match="opened before Calder"):
        split_words('client "Calder Ridge add')


def test_free_text_may_contain_anything() -> None:
    assert [word.written for word in split_words('is the "old server ours?', is_free_text=True)][2] == '"old'


@given(st.text(max_size=60))
def test_what_is_quoted_reads_back_as_one_word(text: str) -> None:
    straight = text.translate(str.maketrans("“”„«»", '"' * 5))
    if not text or text.isspace():
        return
    [word] = split_words(quote(straight))
    assert (word.key, word.value) == (None, straight)


@given(st.text(max_size=200))
def test_any_free_text_is_read_without_loss(text: str) -> None:
    words = split_words(text, is_free_text=True)
    assert "".join(text.split()) != "" or words == ()


def test_a_command_line_is_what_somebody_would_type() -> None:
    line = command_line("agreement add", "Calder Ridge", "SOW-A", initial_term="12m", alias=("a b", "c"), parent=None)
    assert line == 'agreement add "Calder Ridge" SOW-A initial-term:12m alias:"a b" alias:c'


@pytest.mark.parametrize(
    ("typed", "names", "meant"),
    [
        ("on", ["clause", "control", "since"], ["since"]),
        ("why", ["notes", "clause"], ["notes"]),
        ("until", ["starts", "ends"], ["ends"]),
        ("date", ["on", "asked", "by"], ["on", "asked"]),
        ("knd", ["kind", "title"], ["kind"]),
        ("colour", ["kind", "title"], []),
        ("on", ["control"], []),
        ("link", ["client"], []),
    ],
)
def test_an_unknown_option_is_taken_for_what_people_call_so(typed: str, names: list[str], meant: list[str]) -> None:
    assert options_meant(typed, names) == meant
