"""Names as they are kept and compared: in one line, without what cannot be seen, and no letter lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records.agreement import reference_key
from storage.records.client import client_key
from storage.records.plain_text import plain_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("*Bold Co*", "Bold Co"),
        ("*SOW-C*", "SOW-C"),
        ("_x_", "x"),
        ("~x~", "x"),
        ("`x`", "x"),
        ("*_Bold Co_*", "Bold Co"),
        ("**Bold**", "Bold"),
        ("*Bold* Co", "Bold Co"),
        ("line1\nline2", "line1 line2"),
        ("line1\u2028line2", "line1 line2"),
        ("Rev\u202eesrever", "Revesrever"),
        ("Cal\u200bder\ufeff", "Calder"),
        ("SOW\u2011A", "SOW-A"),
        ("SOW\u2013A", "SOW-A"),
        ("O\u2019Brien\u00a0& Sons", "O'Brien & Sons"),
        ("a\u200db", "ab"),
        ("Mu\u0308ller", "M\u00fcller"),
        ("\u200f\u05e9\u05dc\u05d5\u05dd\u200f", "\u05e9\u05dc\u05d5\u05dd"),
    ],
)
def test_what_is_no_part_of_a_name_goes(typed: str, kept: str) -> None:
    assert plain_name(typed) == kept
    assert client_key(typed) == client_key(kept)
    assert reference_key(typed) == reference_key(kept)


@pytest.mark.parametrize(
    "name",
    [
        "5 * 3 * 2", "C*Net", "M*A*S*H", "snake_case_names", "_private", "__init__", "*nix and *bsd", "~50 to ~60",
        "Acme \u2013 Europe", "R&D <x> 'y'", "\u0634\u0631\u0643\u0629 \u0627\u0644\u0646\u0648\u0631",
        "\u05e9\u05dc\u05d5\u05dd \u05d1\u05e2\u05f4\u05de",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\u200d\U0001f4bb Studio", "\u2764\ufe0f Care", "\u682a\u5f0f\u4f1a\u793e",
    ],
)  # fmt: skip
def test_a_legitimate_name_is_not_damaged(name: str) -> None:
    assert plain_name(name) == name


@given(st.text(max_size=40))
def test_a_kept_name_is_one_line_and_kept_again_as_it_is(text: str) -> None:
    kept = plain_name(text)
    assert plain_name(kept) == kept
    assert kept == " ".join(kept.split())
    assert client_key(kept) == client_key(text)


@given(st.text("abc *_~`-", max_size=20))
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    assert [each for each in plain_name(text) if each.isalpha()] == [each for each in text if each.isalpha()]
