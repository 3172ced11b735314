"""Replies as messages: everything said, in order, within Slack's limits whatever the values."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import blocks
from bot.slack.days import days_in
from bot.slack.limits import check_message, check_view
from bot.slack.patterns import headline
from bot.slack.plain import sentences
from bot.slack.render import as_view, render
from commands.reply import Choice, Emphasis, Evidence, Field, Group, Item, Reply, Table
from storage.records import Verdict
from tests.bot.conftest import buttons

FULL = Reply(
    "This is shared: both parts are needed.",
    verdict=Verdict.SHARED,
    lines=("Our part: patch the firewall.", "Their part: approve the window."),
    fields=(Field("Item", "Firewall patching"),),
    evidence=Evidence("SOW-A", "3.2", date(2026, 1, 1), None, date(2026, 5, 5), "https://x.example/sow", "U0DANA"),
    cautions=("Nobody walked the client through SOW-A.",),
    table=Table(("Item", "Party"), (("Firewall", "msp"), ("Switches", "<@U0DANA>"))),
    choices=(
        Choice("Share with channel", "scope share 1", Emphasis.PRIMARY),
        Choice("Drop", "drop 1", Emphasis.DANGER, "Sure?"),
    ),
    next_steps=("Ask again with: /scope calder who patches the switches?", "/engagement help"),
)


def kinds(payload: dict[str, Any]) -> list[str]:
    return [block["type"] for block in payload["blocks"]]


def test_the_headline_comes_first_and_the_buttons_last() -> None:
    payload = render(FULL).payload
    assert check_message(payload) == []
    assert kinds(payload)[0] == "header"
    assert kinds(payload)[-1] == "actions"
    assert kinds(payload).index("table") > 1


def test_the_text_says_everything_in_plain_sentences() -> None:
    lines = render(FULL).payload["text"].splitlines()
    assert lines == [
        "This is shared: both parts are needed.",
        "Our part: patch the firewall.",
        "Their part: approve the window.",
        "Item: Firewall patching",
        "Evidence: SOW-A, clause 3.2, effective since 1 January 2026, last reviewed 5 May 2026, recorded by <@U0DANA>.",
        "Caution: Nobody walked the client through SOW-A.",
        "Item, Party (2 rows).",
        "Firewall; Party: msp.",
        "Switches; Party: <@U0DANA>.",
        "Next: Ask again with: /scope calder who patches the switches?",
        "Next: /engagement help",
    ]


def test_mentions_are_mentions_and_the_rest_is_not() -> None:
    payload = render(Reply("<@U0DANA> told <!channel> about <http://evil|x> & *more*")).payload
    elements = payload["blocks"][0]["elements"][0]["elements"]
    assert elements[0] == {"type": "user", "user_id": "U0DANA"}
    assert elements[1]["text"] == " told <!channel> about <http://evil|x> & *more*"
    assert payload["text"] == "<@U0DANA> told &lt;!channel&gt; about &lt;http://evil|x&gt; &amp; *more*"


def test_a_person_in_a_table_is_a_mention() -> None:
    table = next(block for block in render(FULL).payload["blocks"] if block["type"] == "table")
    assert table["rows"][2][1]["type"] == "rich_text"
    assert table["rows"][1][1] == {"type": "raw_text", "text": "msp"}


def test_a_dangerous_button_asks_first() -> None:
    _, drop = buttons(render(FULL).payload)
    assert drop["style"] == "danger"
    assert drop["confirm"]["text"]["text"] == "Sure?"


def test_a_command_too_long_for_a_button_can_still_be_typed() -> None:
    reply = Reply("x", choices=(Choice("Long", "scope ask " + "x" * 2000),))
    payload = render(reply).payload
    assert buttons(payload) == []
    assert "/engagement scope ask xxx" in str(payload["blocks"])


def test_rows_that_cannot_be_fetched_again_are_announced_as_a_file() -> None:
    reply = Reply("x", table=Table(("A",), tuple((str(number),) for number in range(80))))
    rendered = render(reply)
    assert rendered.is_cut
    assert "30 more: the whole list comes as a file" in str(rendered.payload)
    assert not render(reply, again="odd rows").is_cut


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51])
def test_short_tables_are_shown_whole(count: int) -> None:
    reply = Reply("x", table=Table(("A",), tuple(("y",) for _ in range(count))))
    rendered = render(reply, again="again")
    assert check_message(rendered.payload) == []
    assert bool(buttons(rendered.payload)) is (count > 50)


def test_a_modal_shows_a_reply_without_its_table() -> None:
    view = as_view(render(FULL).payload)
    assert check_view(view) == []


NASTY = st.one_of(
    st.sampled_from(
        ["", " ", "&" * 5000, "<@U0DANA>" * 400, "x" * 9000, "<!channel>", "a\nb\n" * 900, "\u202e", "😀" * 3000]
    ),
    st.text(max_size=30),
)
REPLIES = st.builds(
    Reply,
    headline=st.one_of(st.just("A headline"), NASTY.filter(str.strip)),
    lines=st.lists(NASTY, max_size=12).map(tuple),
    fields=st.lists(st.builds(Field, NASTY, NASTY), max_size=20).map(tuple),
    evidence=st.one_of(
        st.none(),
        st.builds(Evidence, NASTY, NASTY, st.none(), st.none(), st.none(), st.just("https://x.example/" + "y" * 990)),
    ),
    cautions=st.lists(NASTY, max_size=8).map(tuple),
    table=st.one_of(
        st.none(), st.lists(st.tuples(NASTY, NASTY), max_size=9).map(lambda rows: Table(("A", "B"), tuple(rows * 20)))
    ),
    choices=st.lists(
        st.builds(Choice, NASTY, NASTY, st.just(Emphasis.PLAIN), st.one_of(st.none(), NASTY)), max_size=40
    ).map(tuple),
    next_steps=st.lists(NASTY, max_size=40).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(REPLIES, st.one_of(st.none(), st.just("again")), st.integers(0, 100))
def test_any_reply_is_within_slacks_limits(reply: Reply, again: str | None, first_row: int) -> None:
    assert check_message(render(reply, again=again, first_row=first_row).payload) == []
    assert check_view(as_view(render(reply).payload, "A title that is much too long")) == []


def test_more_than_three_choices_are_behind_a_menu_and_what_to_choose_from_is_not() -> None:
    many = tuple(Choice(f"No. {number}", f"odd {number}", opens_form=number == 4) for number in range(5))
    [row] = [block for block in render(Reply("x", choices=many)).payload["blocks"] if block["type"] == "actions"]
    assert [each["type"] for each in row["elements"]] == ["button", "button", "button", "overflow"]
    assert [each["value"] for each in row["elements"][3]["options"]] == ["run:odd 3", "form:odd 4"]
    picks = tuple(Choice(f"Row {number}", f"odd {number}", is_option=True) for number in range(5))
    [row, rest] = render(Reply("x", choices=(*picks, *many[:2]))).payload["blocks"][1:]
    assert [each["text"]["text"] for each in row["elements"]] == [f"Row {number}" for number in range(5)]
    assert [each["type"] for each in rest["elements"]] == ["overflow"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-01", "1\xa0Dec\xa02026"),
        ("Kept on 2026-12-01.", "Kept on 1\xa0Dec\xa02026."),
        ("Due on 1 December 2026.", "Due on 1\xa0December\xa02026."),
        ("2026-12-01 (recorded 3 days after)", "1\xa0Dec\xa02026 (recorded 3 days after)"),
        ("2026-02-05 to 2026-12-01", "5\xa0Feb\xa02026 to 1\xa0Dec\xa02026"),
        ("/engagement agreement sign calder SOW-A signed:2026-12-01", None),
        ("The paper is called SOW 2026-12-01", None),
        ("2026-02-30", None),
        ("from 2026-12-01-draft", None),
        ("notice by 4 Dec 2026", "notice by 4\u00a0Dec\u00a02026"),
    ],
)
def test_days_are_said_in_words_but_never_in_names_and_commands(text: str, said: str | None) -> None:
    assert days_in(text) == (said or text)


def test_a_record_says_how_far_days_are_and_names_what_is_not_recorded_once() -> None:
    fields = (
        Field("Signed", "2026-08-01"),
        Field("Ends", "2026-08-08"),
        Field("Notice", "30 days"),
        Field("Owner", "<@U0DANA>"),
        Field("Uplift", "-"),
        Field("Link", "-"),
        Field("*Odd*", "_x_"),
    )
    payload = render(Reply("SOW-A", fields=fields), today=date(2026, 8, 3)).payload
    assert check_message(payload) == []
    [columns] = [block["fields"] for block in payload["blocks"] if "fields" in block]
    assert [each["text"] for each in columns] == [
        "*Signed*\n1\xa0Aug\xa02026 (2\xa0days\xa0ago)",
        "*Ends*\n8\xa0Aug\xa02026 (in\xa05\xa0days)",
        "*Notice*\n30 days",
        "*Owner*\n<@U0DANA>",
        "*Odd*\n_x_",
    ]
    assert [each["type"] for each in columns][-1] == "plain_text"
    assert payload["blocks"][-1]["elements"][0]["text"] == "Not recorded: Uplift, Link."


def test_long_groups_show_their_first_and_a_button_for_the_rest() -> None:
    entries = tuple(Item(f"Gap {number}", "why", (Choice("Fix", f"odd {number}"),)) for number in range(40))
    reply = Reply("x", groups=(Group("High", entries[:3]), Group("Low", entries)))
    payload = render(reply, again="odd list").payload
    assert check_message(payload) == []
    more = buttons(payload)[-1]
    assert (more["text"]["text"], more["action_id"], more["value"]) == ("Show 20 more", "more:2005", "odd list")
    following = render(reply, again="odd list", first_row=2005).payload
    assert "Gap 5" in str(following)
    assert "Gap 24" in str(following)
    assert "Gap 25" not in str(following)
    assert buttons(following)[-1]["action_id"] == "more:2025"
    assert render(reply).is_cut


def test_sentences_write_months_in_full_and_tables_do_not() -> None:
    """One form in texts and one in tables, whatever way the day came into them."""
    reply = Reply(
        "Reviewed on 2026-08-03.",
        lines=("As of 2026-08-03.", "Until 3 August 2026."),
        fields=tuple(Field(name, "2026-08-03") for name in ("Signed", "Begins", "Ends", "Reviewed")),
        cautions=("Kept on 2026-08-03.",),
        table=Table(("What", "When"), (("x", "2026-08-03"), ("y", "2026-08-03 01:08 CST"))),
    )
    shown = str(render(reply).payload["blocks"]).replace("\\xa0", " ")
    assert shown.count("3 August 2026") == 4
    assert shown.count("3 Aug 2026") == 6
    assert "3 Aug 2026, 01:08 CST" in shown
    assert "2026-08-03" not in shown
    said = sentences(reply).split("\n")
    assert said[:3] == ["Reviewed on 3 August 2026.", "As of 3 August 2026.", "Until 3 August 2026."]
    assert "Caution: Kept on 3 August 2026." in said


def _bullet_texts(payload: dict[str, Any]) -> list[str]:
    lists = [
        part
        for block in payload["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_list"
    ]
    return ["".join(piece["text"] for piece in line["elements"]) for each in lists for line in each["elements"]]


def test_an_entry_and_what_is_said_of_it_are_told_apart_for_eye_and_ear() -> None:
    entries = (Item("matrix", "the rows"), Item("It ended.", "Signed by us"), Item("x" * 30, "y" * 40))
    payload = render(Reply("x", groups=(Group("", entries),))).payload
    assert _bullet_texts(payload) == ["matrix: the rows", "It ended.\nSigned by us", f"{'x' * 30}\n{'y' * 40}"]
    assert payload["text"].splitlines()[1:] == [
        "matrix: the rows",
        "It ended. Signed by us",
        f"{'x' * 30}: {'y' * 40}",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Calder Ridge", {"type": "mrkdwn", "text": "*Calder Ridge*\nIt &lt;b&gt;"}),
        ("Calder *Ridge*", {"type": "plain_text", "text": "Calder *Ridge*\nIt <b>", "emoji": False}),
        ("It ended.", {"type": "plain_text", "text": "It ended.\nIt <b>", "emoji": False}),
        ("A sentence " * 12, {"type": "plain_text", "text": f"{'A sentence ' * 12}\nIt <b>", "emoji": False}),
    ],
)
def test_names_beside_buttons_are_bold_and_sentences_are_not(text: str, shown: dict[str, Any]) -> None:
    entry = Item(text, "It <b>", (Choice("Fix", "odd fix"),))
    payload = render(Reply("x", groups=(Group("", (entry,)),))).payload
    assert check_message(payload) == []
    assert payload["blocks"][1]["text"] == shown


def test_a_wide_table_says_once_what_is_the_same_in_every_row() -> None:
    rows = tuple((str(number), f"Question {number}?", "active", "x" * 40) for number in range(3))
    table = Table(("No.", "Question", "Status", "Why"), rows, about="Question")
    payload = render(Reply("x", table=table)).payload
    assert payload["blocks"][1]["elements"][0]["text"] == f"The same for all: Status: active · Why: {'x' * 40}."
    assert _bullet_texts(payload) == [f"Question {number}?\nNo. {number}" for number in range(3)]
    assert "0; Question: Question 0?; Status: active" in payload["text"]
    two = render(Reply("x", table=Table(table.columns, rows[:2], about="Question"))).payload
    assert _bullet_texts(two)[0] == f"Question 0?\nNo. 0 · Status: active · Why: {'x' * 40}"


def test_a_row_is_about_what_tells_it_from_the_others() -> None:
    rows = tuple(("One act", f"Condition {number}", "y" * 50) for number in range(3))
    payload = render(Reply("x", table=Table(("Statute", "Condition", "Note"), rows))).payload
    assert _bullet_texts(payload) == ["Condition 0", "Condition 1", "Condition 2"]
    assert "Statute: One act" in str(payload["blocks"][1])


def test_an_address_alone_can_be_pressed_and_shows_where_it_leads() -> None:
    said = (
        Field("Link", "https://x.example/a b"),
        Field("Copy", "https://x.example/a|b"),
        Field("Paper", "https://x/y"),
    )
    [block] = render(Reply("x", fields=said)).payload["blocks"][1:]
    links = [piece for piece in block["elements"][0]["elements"] if piece["type"] == "link"]
    assert links == [{"type": "link", "url": "https://x/y", "text": "https://x/y"}]


def test_small_print_names_people_and_reads_no_markup() -> None:
    evidence = Evidence("SOW-A", "3.2", None, None, None, None, "U0DANA")
    [plainly] = [
        block for block in render(Reply("x", evidence=evidence)).payload["blocks"] if block["type"] == "context"
    ]
    assert plainly["elements"] == [
        {"type": "mrkdwn", "text": "SOW-A, clause 3.2, no review recorded, recorded by <@U0DANA>."}
    ]
    many = blocks.remark("Told: " + ", ".join(f"<@U0AAAA{number}>" for number in range(6)))
    assert [each["type"] for each in many["elements"]] == ["mrkdwn"], "no id is shown where many are named"
    marked = Evidence("*SOW*", "3.2", None, None, None, None, "U0DANA")
    [pieces] = [block for block in render(Reply("x", evidence=marked)).payload["blocks"] if block["type"] == "context"]
    assert [each["type"] for each in pieces["elements"]] == ["plain_text", "mrkdwn", "plain_text"]
    assert pieces["elements"][1]["text"] == "<@U0DANA>"


def test_a_long_headline_is_its_first_sentence_and_the_rest_is_text() -> None:
    first, rest = "role grant is for the role admin or higher; yours is technician.", "An admin can change that."
    head, body = render(Reply(f"{first} {rest}")).payload["blocks"]
    assert (head["type"], head["text"]["text"]) == ("header", first)
    assert body["elements"][0]["elements"][0]["text"] == rest
    for whole in (
        "Both are done. Good.",
        "The access of Dr. Smith and Partners of the county to no. 5 is on record here.",
    ):
        assert len(render(Reply(whole)).payload["blocks"]) == 1


def test_what_words_stood_for_is_said_after_the_next_steps_and_is_none_of_them() -> None:
    steps = ("/engagement help", "Call the client.")
    payload = render(Reply("x", next_steps=steps, same_as="/engagement agreement show a")).payload
    said = [str(block) for block in payload["blocks"]]
    assert ["Next:" in each for each in said] == [False, True, False]
    assert "The same as: " in said[-1]
    assert payload["text"].splitlines()[-1] == "Read from the record. The same as: /engagement agreement show a"


def test_a_shortened_name_ends_no_headline() -> None:
    said = "Cascade Corp. Holdings has an agreement MSA-2024 that nobody has signed for the client. Ask who may."
    first, *rest = headline(said)
    assert "Cascade Corp. Holdings has" in str(first)
    assert "Ask who may." in str(rest)
