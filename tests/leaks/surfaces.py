"""Every way in for a person: what somebody types, presses, fills in, looks up or opens, as payloads for any command.

Found in the registry and the manifest, so a command or a surface that is new is either here or fails the test of this.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bot.slack.forms import CONFIRMED, form
from bot.slack.home_and_shortcuts import SHORTCUTS
from bot.slack.workflow import STEPS
from commands.command import Command
from commands.dispatching.request import Prefilled
from commands.parameters import Kind, Parameter
from storage.records import Role
from tests.leaks.world import TYPED, Shown, World

TODAY = date(2026, 8, 3)
Act = Callable[[World, str, str, Command, str], list[Shown]]
"""(world, user, channel, command, arguments as typed)"""


def slash(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    if command.slash:
        return world.send(user, channel, world.payloads.slash(user, channel, command.slash, text))
    return engagement(world, user, channel, command, text)


def engagement(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    typed = f"{command.name} {text}".strip()
    return world.send(user, channel, world.payloads.slash(user, channel, "/engagement", typed))


def mention(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    return world.send(user, channel, world.payloads.mention(user, channel, f"{command.name} {text}"))


def direct(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    return world.send(user, None, world.payloads.direct(user, f"{command.name} {text}"))


def _button(what: str) -> Act:
    def press(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
        value = f"{command.name} {text}".strip()
        button = {"action_id": f"{what}:0", "value": value, "text": {"type": "plain_text", "text": "x"}}
        return world.send(user, channel, world.payloads.press(user, channel, button))

    return press


def home_button(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    button = {"action_id": "run:0", "value": f"{command.name} {text}", "text": {"type": "plain_text", "text": "x"}}
    return world.send(user, None, world.payloads.press_home(user, {"type": "home", "blocks": []}, button))


def home(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    return world.send(user, None, world.payloads.home_opened(user))


def home_page(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    button = {"action_id": "home:1", "value": "1", "text": {"type": "plain_text", "text": "x"}}
    return world.send(user, None, world.payloads.press_home(user, {"type": "home", "blocks": []}, button))


def agent(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    return world.send(user, None, world.payloads.home_opened(user, tab="messages"))


def shortcuts(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    shown: list[Shown] = []
    for callback, kind, *_ in SHORTCUTS:
        said = f"{text} server patching"
        payload = (
            world.payloads.message_shortcut(user, callback, channel, said)
            if kind == "message"
            else world.payloads.shortcut(user, callback)
        )
        shown += world.send(user, channel, payload)
    return shown


def submit(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    """The command's form, sent as if somebody else had opened it: what it holds is not to be trusted."""
    view = _view(command, channel)
    found = {parameter.name: _state(parameter, text, command) for parameter in command.parameters}
    state = {name: element for name, element in found.items() if element}
    known = {block["block_id"] for block in view["blocks"] if "element" in block}
    state = {name: element for name, element in state.items() if name in known}
    if command.confirm:
        state[CONFIRMED] = {"type": "checkboxes", "selected_options": [{"value": "yes"}]}
    return world.send(user, channel, world.payloads.submit(user, view, state))


def look_up(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    """Everything that the selects of the command's form list: for nothing typed, and for the start of a name."""
    shown: list[Shown] = []
    view = _view(command, channel)
    for block in view["blocks"]:
        if block.get("element", {}).get("type", "").endswith("external_select"):
            for typed in ("", "z", *(word[:4] for word in text.split()[:1])):
                payload = world.payloads.suggest(user, view, block["block_id"], typed)
                shown += world.send(user, channel, _with_client(payload, view, text))
    return shown


def pick(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    """A client picked in the command's form, which then shows the client's record."""
    shown: list[Shown] = []
    view = _view(command, channel)
    for block in view["blocks"]:
        if block.get("dispatch_action") and text:
            option = {"text": {"type": "plain_text", "text": text}, "value": text.split(maxsplit=1)[0]}
            element = {"type": block["element"]["type"], "selected_option": option}
            shown += world.send(user, channel, world.payloads.pick(user, view, block["block_id"], element))
    return shown


def steps(world: World, user: str, channel: str, command: Command, text: str) -> list[Shown]:
    """The steps of Workflow Builder, for whomever the workflow says."""
    shown: list[Shown] = []
    for callback, step in STEPS.items():
        client = text.split(maxsplit=1)[0] if text else "vantablack"
        given = {"client": client, "regulation": "hipaa", "answer": "applies"}
        people = {name: user for name, *_ in step.inputs if name.endswith("_by")}
        inputs = {**given, **people, "question": "server patching", "attested_by_name": "somebody"}
        shown += world.send(user, None, world.payloads.step(callback, inputs))
    return shown


SURFACES: dict[str, Act] = {
    "slash": slash, "engagement": engagement, "mention": mention, "direct": direct, "run": _button("run"),
    "form": _button("form"), "more": _button("more"), "home button": home_button, "submit": submit, "look up": look_up,
    "pick": pick, "shortcuts": shortcuts, "home": home, "home page": home_page, "agent": agent,
    "steps": steps,
}  # fmt: skip


def arguments(command: Command, place: int) -> Iterator[str]:
    """What people type after the command: nothing, about each client, near misses of the restricted one."""
    yield ""
    for number, typed in enumerate(TYPED.values(), start=1):
        words = [
            _sample(parameter, typed, number if command.name == "copy get" else 3 * number - place % 3, command)
            for parameter in command.parameters
        ]
        yield " ".join(filter(None, words))
    if any(parameter.name == "id" for parameter in command.parameters):
        yield from map(str, range(1, 3 * len(TYPED) + 1))
    if any(parameter.name == "limit" for parameter in command.parameters):
        yield "limit:500"
    if any(parameter.kind is Kind.CLIENT for parameter in command.parameters):
        yield from ("vantablakc", "vanta")


def _sample(parameter: Parameter, client: str, number: int, command: Command) -> str:
    """The word for a parameter; the optional ones that are no positional words are left out."""
    if not parameter.positional and not parameter.required:
        return ""
    text = {
        Kind.CLIENT: client, Kind.AGREEMENT: "PAPER-1", Kind.ITEM: '"Server patching"', Kind.REGULATION: "hipaa",
        Kind.INTEGER: str(number), Kind.REMINDER: str(number),
        Kind.DATE: "2026-08-01", Kind.PERIOD: "7d", Kind.PERSON: "me",
        Kind.REST: "server patching",
        Kind.CHANNEL: "here", Kind.LONG_TEXT: '"because of it"', Kind.YES_NO: "yes", Kind.PERCENT: "3",
    }.get(parameter.kind, "hipaa" if parameter.name == "framework" else "something")  # fmt: skip
    if parameter.name == "what" and command.verb != "record":  # what the world has on record
        text = (
            "Lost" if "incident" in command.name else "Offline" if command.noun in ("recommendation", "paper") else text
        )
    if parameter.name == "clock":
        text = '"Texas breach notification law: the people"'
    if parameter.choices is not None:
        text = next(iter(parameter.choices)).value
        text = Role.VIEWER.value if text == Role.ADMIN.value else text
    return text if parameter.positional else f"{parameter.name}:{text}"


def _state(parameter: Parameter, text: str, command: Command) -> dict[str, Any] | None:
    client = text.split(maxsplit=1)[0] if text else "vantablack"
    typed = _sample(parameter, client, 2, command)
    typed = typed if parameter.positional else typed.partition(":")[2]
    option = {"value": typed.strip('"'), "text": {"type": "plain_text", "text": typed}}
    if not typed:
        return None
    match parameter.kind:
        case Kind.CLIENT | Kind.AGREEMENT | Kind.REGULATION | Kind.ITEM | Kind.CHOICE | Kind.YES_NO if parameter.many:
            return {"type": "multi_external_select", "selected_options": [option]}
        case Kind.CLIENT | Kind.AGREEMENT | Kind.REGULATION | Kind.ITEM | Kind.CHOICE | Kind.YES_NO:
            return {"type": "external_select", "selected_option": option}
        case Kind.DATE:
            return {"type": "datepicker", "selected_date": typed}
        case Kind.PERSON:
            return {"type": "users_select", "selected_user": "U0TECH"}
        case Kind.CHANNEL:
            return {"type": "conversations_select", "selected_conversation": "C0HELP"}
    return {"type": "plain_text_input", "value": typed.strip('"')}


def _view(command: Command, channel: str) -> dict[str, Any]:
    return {**form(Prefilled(command, {}, None), channel=channel, today=TODAY), "id": "V0000LEAK"}


def _with_client(payload: dict[str, Any], view: dict[str, Any], text: str) -> dict[str, Any]:
    """As if the client that `text` names had been picked in the form before."""
    actions = {block["block_id"]: block["element"]["action_id"] for block in view["blocks"] if "element" in block}
    if not text or "client" not in actions:
        return payload
    option = {"value": text.split(maxsplit=1)[0], "text": {"type": "plain_text", "text": text.split(maxsplit=1)[0]}}
    state = {"client": {actions["client"]: {"type": "external_select", "selected_option": option}}}
    return {**payload, "view": {**payload["view"], "state": {"values": state}}}
