"""Text in and out of Slack: what was typed is read as typed, what is stored cannot become markup."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.text import escape, escape_within, is_plain_markup, split_mentions, typed, without_mention
from commands.rules.text.phrases import shorten
from storage.records.plain_text import plain_text


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("R&amp;D &lt;x&gt;", "R&D <x>"),
        ("&amp;lt;", "&lt;"),
        ("owner:<@U123ABC|dana>", "owner:<@U123ABC|dana>"),
        ("<#C123ABC|calder-ridge>", "<#C123ABC|calder-ridge>"),
        ("who owns <http://acme.com|acme.com>?", "who owns acme.com?"),
        ("write <mailto:it@acme.com|it@acme.com>", "write it@acme.com"),
        ("url:<https://x.example/a?b=1&amp;c=2>", "url:<https://x.example/a?b=1&c=2>"),
        ("<https://evil.example|acme.com>", "<https://evil.example|acme.com>"),
        ("a\u00a0b", "a b"),
    ],
)
def test_typed(sent: str, read: str) -> None:
    assert typed(sent) == read


def test_the_bots_own_mention_is_no_part_of_the_question() -> None:
    assert without_mention("<@UBOT> who patches? <@UBOT|bot>", "UBOT") == "who patches?"
    assert without_mention("<@UBOT2> who?", "UBOT") == "<@UBOT2> who?"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel> & <!here>", "&lt;!channel&gt; &amp; &lt;!here&gt;"),
        ("<http://evil|click>", "&lt;http://evil|click&gt;"),
        ("<!subteam^S1>", "&lt;!subteam^S1&gt;"),
        ("by <@U123ABC>", "by <@U123ABC>"),
        ("<@U123ABC|a<b>", "&lt;@U123ABC|a&lt;b&gt;"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


SLACKISH = st.text(st.sampled_from("ab<>&@#U1C|!;"), max_size=60)


@given(SLACKISH, st.integers(2, 40))
def test_an_escaped_text_is_cut_through_nothing(text: str, limit: int) -> None:
    cut = escape_within(text, limit)
    assert len(cut) <= limit
    if len(escape(text)) > limit:
        kept = cut.removesuffix("…")
        assert escape(text).startswith(kept)
        assert "&" not in kept or ";" in kept[kept.rindex("&") :]
        assert "<" not in kept or ">" in kept[kept.rindex("<") :]


@given(SLACKISH)
def test_pieces_make_up_the_text(text: str) -> None:
    assert "".join(split_mentions(text)) == text


@given(st.text(max_size=50), st.integers(1, 20))
def test_shorten(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


HOSTILE = st.text(st.sampled_from("ab<>&@#U1C|!^\x00\x07\u202e\u2066\n"), max_size=40)


@given(HOSTILE, HOSTILE)
@example("<@U0V\x00ICTIM>", "")
@example("<@U0VICTIM|", "> 5 users")
@example("<<@U0VICTIM", ">")
def test_stored_texts_call_nobody_alone_or_one_after_the_other(first: str, second: str) -> None:
    stored = [plain_text(first), plain_text(second)]
    assert stored == [plain_text(text) for text in stored]
    for said in ("\n".join(stored), f"{stored[0]}: {stored[1]}", f'"{stored[0]}" ({stored[1]})'):
        assert [piece for piece in split_mentions(said) if piece.startswith(("<@", "<#"))] == []
        assert not set(said) & set("\x00\x07\u202e\u2066")


def test_a_mentions_label_swallows_nothing_of_the_next_line() -> None:
    assert split_mentions("by <@U123ABC|\nCaution: not > signed") == ["by <@U123ABC|\nCaution: not > signed"]


@pytest.mark.parametrize(
    "text", ["see https://x.example/login", "example.com", "@here now", "in #general", "first\n> quoted", "a@b.example"]
)
def test_what_slack_would_make_a_link_or_a_mention_of_is_no_plain_markup(text: str) -> None:
    assert not is_plain_markup(text)


@pytest.mark.parametrize("text", ["Calder Ridge", "SOW-A 4.2, e.g. this", "<@U0DANA> said so", "Fees of $1.50"])
def test_what_it_shows_as_it_is_is_plain_markup(text: str) -> None:
    assert is_plain_markup(text)
