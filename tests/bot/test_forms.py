"""Forms: opened by a command without arguments or a button, filled in, corrected on the field, saved once."""

import re
from datetime import date
from typing import Any

import pytest

from bot.slack import forms
from bot.slack.forms import origin, read_form
from bot.slack.inputs import EXTERNAL, input_element
from bot.slack.limits import check_view
from commands import catalog
from commands.arguments import Raw
from commands.command import Command
from commands.dispatching.request import Prefilled
from commands.parameters import Kind, Parameter
from commands.reply import Reply
from storage.records import Role
from tests.bot.conftest import CALDER, DANA, HELPDESK, SAM, VIC, Bot, buttons, is_refusal
from tests.bot.form_filler import untouched
from tests.bot.odd_commands import MAY_FINISH, REGISTRY

TODAY = date(2026, 8, 3)
TYPED = {
    "text": "a text", "long": "two\nlines", "names": ("a b", "c"), "day": "2026-03-31", "period": "60d",
    "count": "12", "percent": "-3.5", "sure": "no", "url": "https://x.internal/a?b=1&c=2", "zone": "Europe/London",
    "colour": "dark_blue", "colours": ("red", "dark_blue"), "person": "U0DANA", "people": ("U0DANA", "U0SAM"),
    "channel": "C0HELP", "channels": ("C0HELP", "C0CALDER"),
}  # fmt: skip
EVERYTHING = REGISTRY.find("odd", "everything")


def form(command: Command, raw: Raw, *, channel: str | None, today: date) -> dict[str, Any]:
    return forms.form(Prefilled(command, raw, None), channel=channel, today=today)


def test_what_was_typed_comes_back_from_the_form_unchanged() -> None:
    assert EVERYTHING is not None
    view = form(EVERYTHING, TYPED, channel=HELPDESK, today=TODAY)
    assert check_view(view) == []
    state = {
        block["block_id"]: {"x": value} for block, value in zip(view["blocks"], untouched(view).values(), strict=True)
    }
    assert read_form(EVERYTHING, {**view, "state": {"values": state}}) == TYPED


def test_what_an_input_cannot_show_is_left_empty() -> None:
    assert EVERYTHING is not None
    wrong = {"day": "someday", "count": "many", "person": "everybody", "colour": "loud", "sure": "maybe"}
    view = form(EVERYTHING, wrong, channel=None, today=TODAY)
    assert check_view(view) == []
    assert not [key for block in view["blocks"] for key in block.get("element", {}) if key.startswith("initial")]


def test_words_with_another_spelling_are_shown_as_what_they_mean() -> None:
    assert EVERYTHING is not None
    view = form(
        EVERYTHING, {"colour": "navy", "day": "31 March 2026", "person": "<@U0DANA|dana>"}, channel=None, today=TODAY
    )
    state = untouched(view)
    assert state["colour"]["selected_option"]["value"] == "dark_blue"
    assert state["day"]["selected_date"] == "2026-03-31"
    assert state["person"]["selected_user"] == "U0DANA"


def test_every_command_gets_from_its_form_what_was_typed(command: Command) -> None:
    typed = {parameter.name: sample(parameter) for parameter in command.parameters if parameter.kind is not Kind.FILE}
    view = form(command, typed, channel=HELPDESK, today=TODAY)
    assert check_view(view) == []
    state = {name: {"x": element} for name, element in untouched(view).items()}
    assert read_form(command, {**view, "state": {"values": state}}) == typed


@pytest.mark.parametrize(
    ("label", "help_text", "hint"),
    [
        ("First term", "how long the first term is", None),
        ("Signed by us on", "the day we signed", None),
        ("Why", "why", None),
        ("What happened", "what happened, in a few words", "What happened, in a few words"),
        ("Review on", "when to review it; in a year if left out", "When to review it; in a year if left out"),
        ("What was declined", "for a declination: what was declined", "For a declination: what was declined"),
    ],
)
def test_a_hint_says_more_than_its_label(label: str, help_text: str, hint: str | None) -> None:
    parameter = Parameter(label, help_text)
    command = Command("odd", "one", lambda ctx, args: Reply("x"), Role.VIEWER, "x", "x", parameters=(parameter,))
    [block] = form(command, {}, channel=None, today=TODAY)["blocks"]
    assert block.get("hint", {}).get("text") == hint


PICKED = frozenset({*EXTERNAL, Kind.PERSON, Kind.CHANNEL, Kind.CHOICE, Kind.YES_NO, Kind.DATE})


def test_a_form_says_nothing_of_how_its_fields_are_typed(command: Command) -> None:
    typed = re.compile(r"\b[a-z-]+:[A-Z]{2,}|several times|name or alias|@[a-z]|/engagement")
    view = form(command, {}, channel=HELPDESK, today=TODAY)
    hints = {block["block_id"]: block["hint"]["text"] for block in view["blocks"] if "hint" in block}
    assert not [hint for hint in hints.values() if typed.search(hint)]
    picked = [each.name for each in command.parameters if each.kind in PICKED]
    assert not [hints[name] for name in picked if hints.get(name, "").startswith("Such as")]


def sample(parameter: Parameter) -> str | tuple[str, ...]:
    """Something that people type for it."""
    if parameter.choices is not None:
        typed = list(parameter.choices)[-1].value
    else:
        typed = {
            Kind.DATE: "2026-03-31",
            Kind.PERIOD: "60d",
            Kind.INTEGER: "12",
            Kind.QUESTION: "12",
            Kind.REMINDER: "12",
            Kind.PERCENT: "3.5",
            Kind.YES_NO: "yes",
            Kind.URL: "https://x.internal/a",
            Kind.ZONE: "Europe/London",
            Kind.COUNTRY: "GB",
            Kind.PERSON: "U0DANA",
            Kind.CHANNEL: "C0HELP",
        }.get(parameter.kind, "R&D <x> 'y'")
    return (typed,) if parameter.many else typed


def test_every_command_has_a_form_within_slacks_limits(command: Command) -> None:
    empty = form(command, {}, channel=HELPDESK, today=TODAY)
    assert check_view(empty) == []
    assert origin(empty).command == command.name
    long = {parameter.name: "x" * 4000 for parameter in command.parameters if not parameter.many}
    assert check_view(form(command, long, channel=HELPDESK, today=TODAY)) == []


@pytest.mark.parametrize("name", ["client import", "matrix import", "copy attach"])
def test_a_field_for_a_file_says_how_large_it_may_be_there(name: str) -> None:
    view = form(catalog.REGISTRY.find(*name.split()), {}, channel=HELPDESK, today=TODAY)
    [block] = [each for each in view["blocks"] if each.get("element", {}).get("type") == "file_input"]
    assert "up to 10 MB" in block["hint"]["text"]


def test_a_command_without_its_arguments_opens_its_form(bot: Bot) -> None:
    assert bot.slash(DANA, "client add") == ""
    view = bot.view()
    assert view["title"]["text"] == "Add a client"
    state = {**untouched(view), "name": {"type": "plain_text_input", "value": "Form Ltd"}}
    assert bot.send(bot.payloads.submit(DANA, view, state)) == ""
    [posted] = [one for one in bot.slack.posted if one.kind == "ephemeral"]
    assert (posted.channel, posted.user) == (HELPDESK, DANA)
    assert "Form Ltd is recorded as a client." in posted.payload["text"]


def test_a_command_that_needs_nothing_more_runs_at_once(bot: Bot) -> None:
    assert "1 client." in bot.slash(SAM, "client list")["text"]
    assert bot.slack.posted == []


def test_the_client_of_the_channel_is_filled_in(bot: Bot) -> None:
    bot.slash(DANA, "agreement add", CALDER)
    client = next(block for block in bot.view()["blocks"] if block["block_id"] == "client")
    assert client["element"]["initial_option"]["value"] == "Calder Ridge"


def test_problems_are_shown_on_their_fields_and_nothing_is_saved(bot: Bot) -> None:
    bot.slash(DANA, "agreement add", CALDER)
    view = bot.view()
    state = {
        **untouched(view),
        "reference": {"type": "plain_text_input", "value": "SOW-A"},
        "notice": {"type": "plain_text_input", "value": "a while"},
    }
    answer = bot.send(bot.payloads.submit(DANA, view, state))
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["notice"]
    assert '"a while" is not a length of time' in answer["errors"]["notice"]
    assert "SOW-A" not in bot.slash(SAM, "agreement list", CALDER)["text"]
    state["notice"] = {"type": "plain_text_input", "value": "60d"}
    assert bot.send(bot.payloads.submit(DANA, view, state)) == ""
    assert "SOW-A" in str(bot.slash(SAM, "agreement list", CALDER)["blocks"])


def test_what_is_too_long_is_shown_on_its_field(bot: Bot) -> None:
    bot.slash(DANA, "client add")
    view = bot.view()
    long = {
        "name": {"type": "plain_text_input", "value": "x" * 81},
        "country": {"type": "plain_text_input", "value": "Atlantis"},
    }
    errors = bot.send(bot.payloads.submit(DANA, view, {**untouched(view), **long}))["errors"]
    assert list(errors) == ["country"]
    long["country"]["value"] = "USA"
    errors = bot.send(bot.payloads.submit(DANA, view, {**untouched(view), **long}))["errors"]
    assert errors == {"name": "Name has 81 characters; at most 80 are kept."}


def test_a_problem_of_no_field_is_shown_on_the_first(bot: Bot) -> None:
    bot.slash(SAM, "odd everything")
    view = bot.view()
    state = {**untouched(view), "text": {"type": "plain_text_input", "value": "taken"}}
    answer = bot.send(bot.payloads.submit(SAM, view, state))
    assert answer == {"response_action": "errors", "errors": {"text": "That is taken."}}


def test_a_mistyped_command_can_be_corrected_in_its_form(bot: Bot) -> None:
    answer = bot.slash(DANA, "agreement add calder SOW-B notice:sometimes renewal:auto")
    assert is_refusal(answer)
    button = buttons(answer)[0]
    bot.send(bot.payloads.press(DANA, HELPDESK, button))
    state = untouched(bot.view())
    assert state["reference"]["value"] == "SOW-B"
    assert state["notice"]["value"] == "sometimes"
    assert state["renewal"]["selected_option"]["value"] == "auto"
    assert state["client"]["selected_option"]["value"] == "Calder Ridge"


def test_a_form_gives_nobody_a_role_they_do_not_have(bot: Bot) -> None:
    answer = bot.slash(VIC, "client add")
    assert is_refusal(answer)
    bot.slash(DANA, "client add")
    view = bot.view()
    state = {**untouched(view), "name": {"type": "plain_text_input", "value": "Sneaky Ltd"}}
    answer = bot.send(bot.payloads.submit(VIC, view, state))
    assert "yours is viewer" in answer["errors"]["name"]


@pytest.mark.parametrize("metadata", ["", "[]", "{}", '{"command": 3, "channel": null}', '{"command": "drop tables"}'])
def test_a_form_that_is_not_ours_changes_nothing(bot: Bot, metadata: str) -> None:
    bot.slash(DANA, "client add")
    view = {**bot.view(), "private_metadata": metadata}
    state = {**untouched(view), "name": {"type": "plain_text_input", "value": "Odd Ltd"}}
    answer = bot.send(bot.payloads.submit(DANA, view, state))
    assert answer["response_action"] == "errors"
    assert "1 client." in bot.slash(SAM, "client list")["text"]


def test_a_trigger_that_is_too_old_is_explained(bot: Bot) -> None:
    bot.slack.failures["views.open"] = ["expired_trigger_id"]
    answer = bot.slash(DANA, "client add")
    assert is_refusal(answer)
    assert "expired_trigger_id" in answer["text"]
    assert "/engagement client add NAME" in answer["text"]


def test_where_the_bot_cannot_post_the_answer_goes_directly_and_else_into_the_form(bot: Bot) -> None:
    bot.slash(SAM, "odd everything")
    view = bot.view()
    state = {**untouched(view), "text": {"type": "plain_text_input", "value": "x"}}
    bot.slack.failures["chat.postEphemeral"] = ["channel_not_found", "channel_not_found"]
    assert bot.send(bot.payloads.submit(SAM, view, state)) == ""
    assert bot.slack.posted[-1].channel == "D0SAM"
    bot.slack.failures["chat.postMessage"] = ["fatal_error"]
    answer = bot.send(bot.payloads.submit(SAM, view, state))
    assert answer["response_action"] == "update"
    assert check_view(answer["view"]) == []
    assert "Filled in." in str(answer["view"])


def test_a_file_put_into_a_form_reaches_the_command(bot: Bot) -> None:
    MAY_FINISH.set()
    bot.slash(SAM, "odd import")
    view = bot.view()
    file = bot.slack.add_file("rows.csv", b"123")
    assert bot.send(bot.payloads.submit(SAM, view, {"file": {"type": "file_input", "files": [file]}})) == ""
    assert bot.workers.wait(5)
    assert bot.slack.posted[-1].payload["text"] == "Finished slowly. rows.csv 3"


def test_selects_list_what_is_recorded(bot: Bot) -> None:
    bot.do('client add "Bluebird Dental"')
    bot.do("agreement add calder SOW-A kind:sow")
    bot.do("agreement add bluebird SOW-1 kind:sow")
    bot.slash(DANA, "agreement edit")
    view = bot.view()

    def listed(block: str, typed: str = "") -> list[str]:
        options = bot.send(bot.payloads.suggest(DANA, view, block, typed))["options"]
        return [option["value"] for option in options]

    assert listed("client") == ["Bluebird Dental", "Calder Ridge"]
    assert listed("client", "cald") == ["Calder Ridge"]
    assert listed("agreement") == ["SOW-A", "SOW-1"]
    picked = {"type": "external_select", "selected_option": {"value": "Bluebird Dental"}}
    assert bot.send(bot.payloads.pick(DANA, view, "client", picked)) == ""
    view = bot.view()
    assert listed("agreement") == ["SOW-1"]
    assert bot.send(bot.payloads.suggest(VIC, view, "client"))["options"]


def test_zones_are_found_by_what_is_typed(bot: Bot) -> None:
    bot.slash(DANA, "client add")
    options = bot.send(bot.payloads.suggest(DANA, bot.view(), "zone", "chicago"))["options"]
    assert [option["value"] for option in options] == ["America/Chicago"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "command" in metafunc.fixturenames:
        commands = {command.name: command for command in (*REGISTRY, *catalog.REGISTRY)}
        metafunc.parametrize("command", commands.values(), ids=commands.keys())


def test_every_kind_of_parameter_is_in_the_test() -> None:
    assert EVERYTHING is not None
    elsewhere = {
        Kind.CLIENT,
        Kind.AGREEMENT,
        Kind.ITEM,
        Kind.QUESTION,
        Kind.COUNTRY,
        Kind.REMINDER,
        Kind.REGULATION,
        Kind.FILE,
        Kind.REST,
    }
    assert {parameter.kind for parameter in EVERYTHING.parameters} | elsewhere == set(Kind)


def test_a_form_offers_the_files_that_its_command_reads() -> None:
    asked = {
        command.name: input_element(each, None, date(2026, 3, 2)).get("filetypes", [])
        for command in catalog.REGISTRY
        for each in command.parameters
        if each.kind is Kind.FILE
    }
    assert asked["template set"] == ["docx"]
    assert asked["copy attach"] == ["pdf", "png", "jpg", "jpeg", "docx"]
    assert {"xlsx", "csv"} <= set(asked["matrix import"])
    assert "pdf" not in asked["matrix import"]
    assert asked["catalogue import"] == [], "Slack knows no TOML: any file can be chosen"
