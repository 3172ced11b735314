"""What the page asks for goes through the app's front door, and each person sees what they would see in Slack."""

import json
from pathlib import Path
from typing import Any

import pytest

import bot.console.demo_data
from bot.web.run import page_served
from tests.web.conftest import NOW, Visitor

CALDER, HELP, VENDOR = "C0CALDER", "C0HELP", "C0VENDOR"
MATRIX = Path(bot.console.demo_data.__file__).with_name("calder_ridge_sow_a.csv")


def elements(entry: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The buttons and menus of a message, each with its block's name."""
    found = []
    for place, block in enumerate(entry["blocks"]):
        for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("type") in ("button", "overflow"):
                found.append((block.get("block_id", f"b{place}"), element))
    return found


def press(visitor: Visitor, viewer: str, entry: dict[str, Any], label: str) -> Any:
    for block_id, element in elements(entry):
        base = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
        if element["type"] == "button" and element["text"]["text"] == label:
            return visitor.ask("act", viewer, ts=entry["ts"], action={**base, "value": element.get("value")})
        for option in element.get("options", ()):
            if option["text"]["text"] == label:
                return visitor.ask("act", viewer, ts=entry["ts"], action={**base, "selected_option": option})
    raise AssertionError(f"{label} is not among {[element for _, element in elements(entry)]}")


def newest(visitor: Visitor, viewer: str, channel: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.entries(viewer, channel)[-1]
    return found


def test_an_answer_is_seen_by_who_asked_and_shared_by_all(visitor: Visitor) -> None:
    visitor.ask("say", channel=CALDER, text="/scope who patches the firewall?")
    answer = newest(visitor, "U0SAM", CALDER)
    assert answer["only"] == "U0SAM"
    assert visitor.entries("U0PRIYA", CALDER) == []
    press(visitor, "U0SAM", answer, "Share with channel")
    shared = newest(visitor, "U0PRIYA", CALDER)
    assert shared["only"] is None
    assert "Firewall" in str(shared["blocks"])


def test_a_guest_and_a_stranger_are_refused(visitor: Visitor) -> None:
    for viewer, channel in (("U0GUS", HELP), ("U0RITA", VENDOR)):
        visitor.ask("say", viewer, channel=channel, text="/engagement client list")
        answer = newest(visitor, viewer, channel)
        assert "Calder" not in str(answer["blocks"])
        assert "does not answer guest" in str(answer["blocks"]) or "own company only" in str(answer["blocks"])


def test_a_stranger_sees_only_the_shared_channel(visitor: Visitor) -> None:
    rita = next(each for each in visitor.ask("start")["people"] if each["id"] == "U0RITA")
    assert rita["channels"] == [VENDOR, "D0RITA"]
    refused = visitor.refused("say", viewer="U0RITA", channel=CALDER, text="/scope who patches the firewall?")
    assert "not in that conversation" in refused


def test_a_form_refuses_and_saves_as_slack_shows_it(visitor: Visitor) -> None:
    (opened,) = visitor.ask("say", "U0DANA", channel=HELP, text="/engagement client add")["views"]
    assert opened["method"] == "views.open"
    view = opened["view"]
    blocks = {block["block_id"]: block["element"] for block in view["blocks"] if "element" in block}

    def values(name: str) -> dict[str, Any]:
        held = {block_id: {"type": element["type"]} for block_id, element in blocks.items()}
        held["name"] = {"type": "plain_text_input", "value": name}
        return {block_id: {blocks[block_id]["action_id"]: state} for block_id, state in held.items()}

    refused = visitor.ask("submit", "U0DANA", view=view["id"], values=values("Calder"))
    assert set(refused["errors"]) == {"name"}
    assert visitor.ask("submit", "U0DANA", view=view["id"], values=values("Acme Rockets"))["views"] == []
    assert "Acme Rockets is recorded" in str(newest(visitor, "U0DANA", HELP)["blocks"])


def test_a_select_asks_the_app_and_a_pick_fills_the_form_in_anew(visitor: Visitor) -> None:
    (opened,) = visitor.ask("say", "U0DANA", channel=CALDER, text="/engagement agreement edit")["views"]
    view = opened["view"]
    client, agreement = view["blocks"][:2]
    options = visitor.ask("suggest", "U0DANA", view=view["id"], block=agreement["block_id"], typed="MSA")["options"]
    assert [option["value"] for option in options] == ["MSA-2024"]
    element = agreement["element"]
    state = {"type": element["type"], "selected_option": options[0]}
    action = {**state, "action_id": element["action_id"], "block_id": agreement["block_id"]}
    held = {
        client["block_id"]: {
            client["element"]["action_id"]: {
                "type": client["element"]["type"],
                "selected_option": client["element"]["initial_option"],
            }
        },
        agreement["block_id"]: {element["action_id"]: state},
    }
    (filled,) = visitor.ask("act", "U0DANA", view=view["id"], action=action, values=held)["views"]
    assert (filled["method"], filled["view"]["id"]) == ("views.update", view["id"])
    assert "initial_value" not in str(view["blocks"])
    assert "initial_value" in str(filled["view"]["blocks"]), "its terms"


def test_a_matrix_file_is_uploaded_and_read_in_the_background(visitor: Visitor) -> None:
    number = _upload(visitor, MATRIX.name, MATRIX.read_bytes())
    (opened,) = visitor.ask("say", "U0DANA", channel=CALDER, text="/engagement matrix import")["views"]
    view = opened["view"]
    held = {}
    for block in view["blocks"]:
        if "element" not in block:
            continue
        element = block["element"]
        state = {"type": element["type"]}
        if element["type"] == "file_input":
            state["files"] = [{"id": number}]
        elif block["block_id"] == "agreement":
            state["selected_option"] = {"text": {"type": "plain_text", "text": "SOW-A"}, "value": "SOW-A"}
        elif "initial_option" in element:
            state["selected_option"] = element["initial_option"]
        held[block["block_id"]] = {element["action_id"]: state}
    visitor.ask("submit", "U0DANA", view=view["id"], values=held)
    visitor.server.requests.world.workers.wait(30)
    assert "SOW-A" in str(newest(visitor, "U0DANA", CALDER)["blocks"])
    assert "Working on it" in str([entry["blocks"] for entry in visitor.entries("U0DANA", CALDER)])


def test_a_message_with_a_file_reaches_the_bot(visitor: Visitor) -> None:
    number = _upload(visitor, "notes.txt", b"hello")
    visitor.ask("say", "U0DANA", channel="D0DANA", text="client list", files=[number])
    visitor.server.requests.world.workers.wait(30)
    said = [entry for entry in visitor.entries("U0DANA", "D0DANA") if entry["from"] == "U0DANA"]
    assert said[-1]["files"][0]["name"] == "notes.txt"
    assert newest(visitor, "U0DANA", "D0DANA")["from"] != "U0DANA"


def test_words_for_people_do_not_wake_the_bot_and_a_mention_does(visitor: Visitor) -> None:
    before = len(visitor.entries("U0PRIYA", HELP))
    visitor.ask("say", "U0PRIYA", channel=HELP, text="good morning")
    assert len(visitor.entries("U0PRIYA", HELP)) == before + 1
    visitor.ask("say", "U0PRIYA", channel=HELP, text="@engagement client list")
    assert "Bluebird Dental" in str(newest(visitor, "U0PRIYA", HELP)["blocks"])


def test_a_thread_is_answered_in_the_thread(visitor: Visitor) -> None:
    visitor.ask("say", "U0PRIYA", channel=HELP, text="who restores backups?")
    said = newest(visitor, "U0PRIYA", HELP)
    visitor.ask("say", "U0PRIYA", channel=HELP, text="@engagement bluebird who restores backups?", thread=said["ts"])
    assert newest(visitor, "U0PRIYA", HELP)["thread"] == said["ts"]


def test_a_shortcut_on_a_message_asks_about_it(visitor: Visitor) -> None:
    visitor.ask("say", "U0PRIYA", channel=CALDER, text="their firewall is due")
    said = newest(visitor, "U0PRIYA", CALDER)
    assert visitor.ask("shortcut", "U0PRIYA", callback="check_responsibility", ts=said["ts"])["views"] == []
    assert "Firewall" in str(newest(visitor, "U0PRIYA", CALDER)["blocks"])
    (opened,) = visitor.ask("shortcut", "U0PRIYA", callback="record_disclosure")["views"]
    assert opened["view"]["title"]["text"] == "Record a disclosure"


def test_the_home_tab_is_drawn_once_and_its_buttons_open_on_top(visitor: Visitor) -> None:
    visitor.ask("home", "U0DANA", tab="home")
    home = visitor.ask("news", "U0DANA")["home"]
    assert home["view"]["type"] == "home"
    assert visitor.ask("news", "U0DANA", home=home["version"])["home"] is None
    number, element = next(
        (place, element)
        for place, block in enumerate(home["view"]["blocks"])
        for element in [*block.get("elements", ()), block.get("accessory") or {}]
        if element.get("type") == "button"
    )
    action = {key: element.get(key) for key in ("type", "action_id", "value")} | {"block_id": f"b{number}"}
    assert visitor.ask("act", "U0DANA", view="home", action=action)["views"][0]["view"]["type"] == "modal"


def test_the_messages_tab_suggests_what_to_ask(visitor: Visitor) -> None:
    prompts = visitor.ask("home", "U0SAM", tab="messages")["prompts"]
    assert "help" in [prompt["message"] for prompt in prompts]


def test_time_passes_and_a_reminder_is_decided(visitor: Visitor) -> None:
    first = visitor.ask("news", "U0DANA")
    before = first["now"]
    assert "last day to give notice" in str(first["entries"]), "what is due is there when somebody comes"
    arrived = visitor.ask("time", "U0DANA", ahead="1d")["arrived"]
    after = visitor.ask("news", "U0DANA")
    assert 0 < arrived <= after["count"] - first["count"], "what was there before has not arrived now"
    assert after["now"] - before >= 86_000
    reminder = next(entry for entry in reversed(after["entries"]) if "last day to give notice" in str(entry["blocks"]))
    assert reminder["channel"] == "D0DANA"
    assert reminder["at"] <= before
    assert elements(reminder)


def test_what_was_settled_is_shown_where_it_was_asked() -> None:
    with page_served(NOW) as running:
        visitor = Visitor(running)
        visitor.ask("say", "U0SAM", channel=CALDER, text="/scope who waters the plants?")
        visitor.ask("say", "U0SAM", channel=CALDER, text="/engagement scope escalate 1")
        visitor.ask("news", "U0DANA")
        asked = next(each for each in reversed(visitor.entries("U0DANA", "D0DANA")) if "plants" in str(each["blocks"]))
        assert elements(asked)
        visitor.ask("say", "U0DANA", channel=CALDER, text='/engagement scope dismiss 1 note:"No IT matter"')
        visitor.ask("news", "U0DANA")
        shown = next(each for each in reversed(visitor.entries("U0DANA", "D0DANA")) if each["ts"] == asked["ts"])
        assert not elements(shown), "nothing is left to press"


@pytest.mark.parametrize("ahead", ["", "backwards", "99999y", "to 2001-01-01"])
def test_time_only_goes_ahead(visitor: Visitor, ahead: str) -> None:
    assert visitor.refused("time", viewer="U0DANA", ahead=ahead)


def test_what_is_gone_is_said(visitor: Visitor) -> None:
    action = {"type": "button", "action_id": "run:0", "block_id": "b0", "value": "client list"}
    assert "not there any more" in visitor.refused("act", viewer="U0SAM", ts="1.0", action=action)
    assert "not open any more" in visitor.refused("act", viewer="U0SAM", view="V1", action=action)
    assert "not open any more" in visitor.refused("submit", viewer="U0SAM", view="V1", values={})
    assert "not there any more" in visitor.refused("shortcut", viewer="U0SAM", callback="ask_scope", ts="1.0")


def test_an_answer_to_somebody_else_cannot_be_used(visitor: Visitor) -> None:
    visitor.ask("say", "U0DANA", channel=CALDER, text="/scope who patches the firewall?")
    secret = newest(visitor, "U0DANA", CALDER)
    action = {"type": "button", "action_id": "run:0", "block_id": "b0", "value": "client list"}
    assert "not there any more" in visitor.refused("act", viewer="U0SAM", ts=secret["ts"], action=action)


def _upload(visitor: Visitor, name: str, content: bytes) -> str:
    status, _, body = visitor.send("POST", "/api/upload", content, x_file_name=name, **visitor.token)
    assert status == 200
    return str(json.loads(body)["id"])


@pytest.mark.parametrize("text", ["/scop who patches?", "/", "/help"])
def test_a_slash_that_is_no_command_is_said_with_those_that_are(visitor: Visitor, text: str) -> None:
    refused = visitor.refused("say", viewer="U0SAM", channel=CALDER, text=text)
    assert "is not a command here" in refused
    assert "/scope" in refused


def test_a_command_may_go_on_in_a_second_line(visitor: Visitor) -> None:
    visitor.ask("say", channel=CALDER, text="/scope\nwho patches the firewall?")
    assert "Firewall" in str(newest(visitor, "U0SAM", CALDER)["blocks"])
