"""What people type and press when they do not know the words: they are led on, by what they mean and may do."""

import json
import re
from typing import Any

import pytest

from bot.slack.forms import MORE
from bot.slack.home_and_shortcuts import CHECK_MESSAGE
from bot.slack.limits import check_view
from commands import catalog
from commands.command import Registry
from commands.form_fields import MOST_FIELDS
from commands.labels import label_of, title_of
from storage.records import Role
from tests.bot.conftest import CALDER, DANA, HELPDESK, SAM, VIC, Bot, buttons, is_refusal
from tests.bot.form_filler import untouched

LONG = [command.name for command in catalog.REGISTRY if len(command.parameters) > MOST_FIELDS]


@pytest.fixture
def registry() -> Registry:
    return catalog.REGISTRY


@pytest.fixture
def known(bot: Bot) -> Bot:
    bot.prepare(
        "agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01 end:2027-09-30 notice:30d",
        'matrix set calder SOW-A "Firewall patching" msp clause:3.2',
    )
    return bot


def labels(view: Any) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize(
    ("typed", "user", "meant"),
    [
        ("todo", DANA, "/engagement week"),
        ("my tasks", SAM, "/engagement week"),
        ("report", DANA, "/engagement check all"),
        ("search", SAM, "/engagement matrix show"),
        ("contracts", SAM, "/engagement agreement list"),
        ("digest", SAM, "/engagement week"),
        ("delete", DANA, "agreement remove"),
        ("customers", VIC, "/engagement client list"),
        ("deadlines", VIC, "/engagement renewal list"),
    ],
)
def test_a_near_miss_is_what_was_meant(known: Bot, typed: str, user: str, meant: str) -> None:
    answer = known.slash(user, typed)
    assert meant in answer["text"], "suggested, or answered from the record as that command"


def _does(button: Any) -> str:
    """Whether it runs its command or opens the form; what is in a menu has both for its value."""
    if "selected_option" in button:
        return str(button["selected_option"]["value"])
    return f"{button['action_id'].partition(':')[0]}:{button['value']}"


@pytest.mark.parametrize(
    ("typed", "user", "expected"),
    [
        ("agrement lst", DANA, {"List agreements": "run:agreement list", "Add an agreement": "form:agreement add"}),
        ("agreement lst calder", VIC, {"List agreements": "run:agreement list calder"}),
        ("agreement shwo", VIC, {"Show an agreement": "form:agreement show"}),
        ("agrement ad", VIC, {"Help": "run:help"}),
    ],
)
def test_a_near_miss_is_a_button_too(known: Bot, typed: str, user: str, expected: dict[str, str]) -> None:
    """What changes something opens its form; nobody gets a button that would refuse them, nor a line beside it."""
    answer = known.slash(user, typed)
    assert is_refusal(answer)
    shown = {each.get("selected_option", each)["text"]["text"]: _does(each) for each in buttons(answer)}
    assert shown.items() >= expected.items()
    assert ("Add an agreement" in shown) == ("Add an agreement" in expected)
    assert "/engagement" not in str(answer["blocks"])


@pytest.mark.parametrize(
    ("typed", "user", "may"),
    [("undo", SAM, False), ("undo", DANA, True), ("agreement show calder SOW-Z", VIC, True)],
)
def test_only_lines_that_one_may_type_come_next(known: Bot, typed: str, user: str, may: bool) -> None:
    """Also in what refuses: "undo" with nothing to take back led a technician to the audit log."""
    steps = re.findall(r"/engagement [a-z ]+", known.slash(user, typed)["text"])
    assert ("/engagement audit show" in steps) == (may and typed == "undo")
    for step in steps:
        assert "is for the role" not in known.slash(user, step.removeprefix("/engagement ").strip())["text"], step


def test_what_would_be_typed_next_is_a_button(known: Bot) -> None:
    """What changes something opens its form; those who listen hear how it is typed."""
    answer = known.slash(DANA, "contract list calder")
    [add] = [each for each in buttons(answer) if each["text"]["text"] == "Add a contract"]
    assert add["action_id"].startswith("form:")
    assert add["value"].startswith('contract add "Calder Ridge"')
    assert "/engagement" not in str(answer["blocks"])
    assert '/engagement contract add "Calder Ridge"' in answer["text"]


@pytest.mark.parametrize("typed", ["todo", "report", "delete", "permissions", "bill", "my customers", "clent ad"])
def test_only_commands_that_the_asker_may_use_are_named(typed: str) -> None:
    for role in Role:
        for command in catalog.REGISTRY.near(typed, role=role):
            assert role.may_act_as(command.role), (role, command.name)


def test_what_was_typed_is_never_the_suggestion(known: Bot) -> None:
    for typed in ("renewal", "agreement", "client lst", "todo", "scop ask"):
        suggested = known.slash(DANA, typed)["text"].splitlines()[1:]
        assert f"Next: /engagement {typed}" not in suggested


@pytest.mark.parametrize("typed", ["help", "help me", "help me please", "Help us!"])
def test_help_me_helps(known: Bot, typed: str) -> None:
    assert "Ask whose responsibility something is" in known.slash(VIC, typed)["text"]
    known.send(known.payloads.direct(VIC, typed))
    assert "Ask whose responsibility something is" in known.slack.posted[-1].payload["text"]


@pytest.mark.parametrize(
    ("slash", "user", "title"), [("/scope", VIC, "Ask about scope"), ("/disclose", SAM, "Record a disclosure")]
)
def test_a_short_command_alone_opens_its_form(known: Bot, slash: str, user: str, title: str) -> None:
    known.slash(user, "", CALDER, command=slash)
    view = known.view()
    assert view["title"]["text"] == title
    assert untouched(view)["client"]["selected_option"]["value"] == "Calder Ridge"


def test_whoever_may_not_gets_words_and_no_form(known: Bot) -> None:
    posted = len(known.slack.posted)
    assert "for the role technician" in known.slash(VIC, "", CALDER, command="/disclose")["text"]
    assert not [one for one in known.slack.posted[posted:] if one.kind == "view"]


@pytest.mark.parametrize("name", LONG)
def test_a_long_form_shows_at_most_eight_fields_and_the_rest_behind_more(known: Bot, name: str) -> None:
    command = catalog.REGISTRY.find(*name.split())
    assert command is not None
    known.send(known.payloads.press(DANA, HELPDESK, {"action_id": "form:1", "value": name, "block_id": "b"}))
    view = known.view()
    assert check_view(view) == []
    assert len(labels(view)) <= MOST_FIELDS
    needed = {label_of(command, each) for each in command.parameters if each.required}
    assert needed <= set(labels(view))
    whole = known.whole(DANA)
    assert check_view(whole) == []
    assert len(labels(whole)) == len(command.parameters)
    assert MORE not in str(whole)


def test_more_keeps_what_was_typed(known: Bot) -> None:
    known.send(known.payloads.press(DANA, HELPDESK, {"action_id": "form:1", "value": "agreement add calder"}))
    view = known.view()
    state = {"reference": {"value:text": {"type": "plain_text_input", "value": "MSA-9"}}}
    [button] = [each for each in buttons(view) if each["action_id"] == MORE]
    known.send(known.payloads.act_in_view(DANA, view, {**button, "block_id": MORE}, state))
    whole = known.view()
    # Slack keeps what was typed into an input that has the same block_id as before.
    assert "reference" in untouched(whole)
    filled = {**untouched(whole), "reference": {"type": "plain_text_input", "value": "MSA-9"}}
    known.send(known.payloads.submit(DANA, whole, filled))
    assert "MSA-9 of Calder Ridge is recorded" in str([each.payload for each in known.slack.posted[-3:]])


def test_what_is_hidden_stays_on_record(known: Bot) -> None:
    known.do("agreement edit calder SOW-A precedence:3 uplift:2.5")
    known.slash(DANA, "agreement edit calder SOW-A")
    view = known.view()
    assert "Price increase, %" not in labels(view)
    known.send(known.payloads.submit(DANA, view, untouched(view)))
    shown = str(known.slash(DANA, "agreement show calder SOW-A"))
    assert "2.5" in shown


def test_a_blank_of_a_button_is_a_field_of_its_form(known: Bot) -> None:
    line = 'agreement edit "Calder Ridge" SOW-A uplift:____'
    known.send(known.payloads.press(DANA, HELPDESK, {"action_id": "form:1", "value": line, "block_id": "b"}))
    assert "Price increase, %" in labels(known.view())


def test_labels_and_titles_are_peoples_words() -> None:
    for command in catalog.REGISTRY:
        assert len(title_of(command)) <= 24, command.name
        found = [label_of(command, parameter) for parameter in command.parameters]
        assert len(set(found)) == len(found), (command.name, found)
        for label in found:
            words = label.split()
            assert label[0].isupper(), label
            assert not {"Msp", "Url", "Id", "Of"} & set(words), (command.name, label)
            assert len(label) <= 48, label


def test_the_message_menu_answers_at_once_where_the_channel_has_a_client(known: Bot) -> None:
    posted = len(known.slack.posted)
    known.send(known.payloads.message_shortcut(SAM, CHECK_MESSAGE, CALDER, "who patches the firewall?"))
    [answer] = known.slack.posted[posted:]
    assert answer.kind != "view"
    assert "This is ours" in answer.payload["text"]
    known.send(known.payloads.message_shortcut(SAM, CHECK_MESSAGE, HELPDESK, "who patches the firewall?"))
    assert known.slack.posted[-1].kind == "view"


def test_a_button_that_would_refuse_whoever_sees_it_is_not_shown(known: Bot) -> None:
    for line, label in (("agreement show calder SOW-A", "Edit"), ("setup", "Import clients"), ("week", "Decide")):
        technicians = {each["text"]["text"] for each in buttons(known.slash(SAM, line, CALDER))}
        assert label not in technicians, line


def test_every_button_that_is_shown_works_for_whoever_sees_it(known: Bot) -> None:
    known.slash(SAM, "calder who waters the plants?", command="/scope")
    for user, role in ((VIC, Role.VIEWER), (SAM, Role.TECHNICIAN)):
        for line in (
            "help",
            "home",
            "setup",
            "client show calder",
            "client list",
            "agreement list calder",
            "scope open",
        ):
            for button in buttons(known.slash(user, line, CALDER)):
                value = button.get("selected_option", button)["value"].removeprefix("run:")
                noun, _, rest = value.partition(" ")
                command = catalog.REGISTRY.find(noun, rest.partition(" ")[0]) or catalog.REGISTRY.find(noun, "")
                assert command is None or role.may_act_as(command.role), (user, line, value)


def test_the_buttons_say_what_will_happen(known: Bot) -> None:
    note = next(each for each in catalog.REGISTRY.find("scope", "escalate").parameters if each.name == "note")  # type: ignore[union-attr]
    assert "gets a message now" in note.help


def test_of_several_ways_on_none_is_lost(known: Bot) -> None:
    """Both days of a planned row, and the help on a thing beside that on all."""
    known.do('matrix set calder SOW-A "Badge printers" msp since:2026-12-01 clause:3.3')
    answer = known.slash(DANA, 'matrix set calder SOW-A "Badge printers" client clause:3.3', CALDER)
    shown = json.dumps(answer["blocks"])
    assert "since:2026-12-01" in shown
    assert "since:2026-08-03" in shown
    shown = json.dumps(known.slash(DANA, "help agreemnt", CALDER)["blocks"])
    assert "help agreement" in shown
