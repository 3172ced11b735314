"""Every command as a form, made from its parameters; and what was filled in as the same raw values that typing gives.

The form's inputs have the parameter's name as block_id. `private_metadata` holds the command's name and the channel:
both come back from the outside and are looked up and checked again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack import blocks, limits
from bot.slack.blocks import Block
from commands.arguments import Raw
from commands.registry import Command, Kind, Parameter
from commands.values import read_date

CALLBACK = "command"
ACTION = "value"
_FILE_TYPES = ["csv", "xlsx", "txt"]
_EXTERNAL = {Kind.CLIENT, Kind.AGREEMENT, Kind.REGULATION, Kind.ZONE}


@dataclass(frozen=True, slots=True)
class FormOrigin:
    """Which command a form is of, and in which channel it was opened."""

    command: str
    channel: str | None


def form(command: Command, prefill: Raw, *, channel: str | None, today: date) -> dict[str, Any]:
    """The modal for `command`, filled in with what was typed already; what an input cannot show is left empty."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps({"command": command.name, "channel": channel}),
        "title": blocks.plain(command.name.capitalize(), limits.VIEW_TITLE),
        "submit": blocks.plain("Save" if command.changes else "Show", limits.VIEW_TITLE),
        "close": blocks.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [_input(parameter, prefill.get(parameter.name), today) for parameter in command.parameters],
    }


def origin(view: Mapping[str, Any]) -> FormOrigin:
    """Raises ValueError for metadata that is not ours."""
    try:
        metadata = json.loads(view.get("private_metadata") or "")
        command, channel = metadata["command"], metadata["channel"]
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError("the form does not say which command it is of") from error
    if not isinstance(command, str) or not isinstance(channel, str | None):
        raise ValueError("the form does not say which command it is of")
    return FormOrigin(command, channel)


def filled_in(command: Command, view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What was filled in, unread, by parameter name; empty inputs are left out. Files: see `files`."""
    raw: dict[str, str | tuple[str, ...]] = {}
    for parameter in command.parameters:
        values = _state_values(_state(view, parameter.name))
        if parameter.many and parameter.kind in (Kind.TEXT, Kind.LONG_TEXT):
            values = [line.strip() for value in values for line in value.splitlines()]
        if values := [value for value in values if value.strip()]:
            raw[parameter.name] = tuple(values) if parameter.many else values[0]
    return raw


def files(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Slack's description of each file that was put into the form."""
    values = view.get("state", {}).get("values", {})
    return [file for block in values.values() for element in block.values() for file in element.get("files") or ()]


def field_errors(view: Mapping[str, Any], problems: Mapping[str, str], message: str) -> dict[str, str]:
    """Errors by block, as Slack wants them: each on its own input; what belongs to none of them, on the first."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    errors = {name: _sentence(name, text) for name, text in problems.items() if name in inputs}
    astray = [_sentence(name, text) for name, text in problems.items() if name not in inputs]
    if inputs and (astray or not errors):
        first = inputs[0]
        errors[first] = " ".join([*([errors[first]] if first in errors else []), *(astray or [message])])
    return errors


def chosen_client(view: Mapping[str, Any]) -> str | None:
    """The client picked in the form, or else the one it was opened with."""
    for block in view.get("blocks", ()):
        element = block.get("element", {})
        if element.get("action_id") == _action_id(Kind.CLIENT):
            picked = _state_values(_state(view, block["block_id"]))
            initial = element.get("initial_option", {}).get("value")
            return picked[0] if picked else initial
    return None


def kind_of(action_id: str) -> Kind | None:
    """What an external select lists, by its action_id."""
    kind = action_id.partition(":")[2]
    return Kind(kind) if kind in set(Kind) else None


def option(text: str, value: str | None = None, description: str | None = None) -> Block:
    """A select's option; `value` is what typing would give, and defaults to `text`."""
    chosen: Block = {"text": blocks.plain(text, limits.OPTION_TEXT), "value": text if value is None else value}
    if description:
        chosen["description"] = blocks.plain(description, limits.OPTION_TEXT)
    return chosen


def _input(parameter: Parameter, given: str | tuple[str, ...] | None, today: date) -> Block:
    values = [given] if isinstance(given, str) else list(given or ())
    element = _ELEMENTS.get(parameter.kind, _text)(parameter, values, today)
    block: Block = {
        "type": "input",
        "block_id": parameter.name,
        "label": blocks.plain(parameter.name.replace("-", " ").capitalize(), limits.INPUT_LABEL),
        "hint": blocks.plain(_hint(parameter), limits.INPUT_LABEL),
        "optional": not parameter.required,
        "element": {**element, "action_id": _action_id(parameter.kind)},
    }
    if parameter.kind is Kind.CLIENT and not parameter.many:
        block["dispatch_action"] = True
    return block


def _action_id(kind: Kind) -> str:
    return f"{ACTION}:{kind.value}"


def _hint(parameter: Parameter) -> str:
    text = parameter.help[:1].upper() + parameter.help[1:]
    is_list = parameter.many and parameter.kind in (Kind.TEXT, Kind.LONG_TEXT)
    return f"{text}. One a line." if is_list else text


def _text(parameter: Parameter, values: list[str], today: date) -> Block:
    is_long = parameter.many or parameter.kind in (Kind.LONG_TEXT, Kind.REST)
    element: Block = {"type": "plain_text_input", "multiline": is_long, "max_length": limits.INPUT_VALUE}
    if parameter.kind is Kind.PERIOD:
        element["placeholder"] = blocks.plain("60d, 10bd (business days), 3m or 1y", limits.PLACEHOLDER)
    return _initial(element, "initial_value", "\n".join(values))


def _url(parameter: Parameter, values: list[str], today: date) -> Block:
    url = values[0].strip("<>").split("|")[0] if values else ""
    return _initial({"type": "url_text_input"}, "initial_value", url)


def _number(parameter: Parameter, values: list[str], today: date) -> Block:
    element: Block = {"type": "number_input", "is_decimal_allowed": parameter.kind is Kind.PERCENT}
    number = values[0].lstrip("#").rstrip("% ") if values else ""
    return _initial(element, "initial_value", number if number.replace(".", "", 1).lstrip("-").isdigit() else "")


def _date(parameter: Parameter, values: list[str], today: date) -> Block:
    element: Block = {"type": "datepicker"}
    try:
        return {**element, "initial_date": read_date(values[0], today).isoformat()} if values else element
    except ValueError:
        return element


def _yes_no(parameter: Parameter, values: list[str], today: date) -> Block:
    both = [option("Yes", "yes"), option("No", "no")]
    given = [one for one in both if values and values[0].lower()[:1] == one["value"][:1]]
    element: Block = {"type": "radio_buttons", "options": both}
    return {**element, "initial_option": given[0]} if given else element


def _choice(parameter: Parameter, values: list[str], today: date) -> Block:
    assert parameter.choices is not None
    listed = [option(member.value.replace("_", " "), member.value) for member in parameter.choices]
    wanted = {parameter.words.get(word, word) for value in values for word in (_as_choice(value),)}
    return _select("static_select", parameter, {"options": listed}, [one for one in listed if one["value"] in wanted])


def _as_choice(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").replace("/", " ").split())


def _external(parameter: Parameter, values: list[str], today: date) -> Block:
    chosen = [option(value) for value in values if 0 < len(value) <= limits.OPTION_VALUE]
    return _select("external_select", parameter, {"min_query_length": 0}, chosen)


def _select(kind: str, parameter: Parameter, content: Block, chosen: list[Block]) -> Block:
    if parameter.many:
        element = {"type": f"multi_{kind}", **content}
        return {**element, "initial_options": chosen} if chosen else element
    element = {"type": kind, **content}
    return {**element, "initial_option": chosen[0]} if chosen else element


def _person(parameter: Parameter, values: list[str], today: date) -> Block:
    return _mentioned("users", "user", parameter, values, ("U", "W"))


def _channel(parameter: Parameter, values: list[str], today: date) -> Block:
    element = _mentioned("conversations", "conversation", parameter, values, ("C", "G"))
    return {**element, "filter": {"include": ["public", "private"]}}


def _mentioned(plural: str, singular: str, parameter: Parameter, values: list[str], starts: tuple[str, ...]) -> Block:
    ids = [value.strip("<@#>").split("|")[0] for value in values]
    ids = [one for one in ids if one.startswith(starts) and one.isalnum() and one.isupper()]
    if parameter.many:
        element: Block = {"type": f"multi_{plural}_select"}
        return {**element, f"initial_{plural}": ids} if ids else element
    element = {"type": f"{plural}_select"}
    return {**element, f"initial_{singular}": ids[0]} if ids else element


def _file(parameter: Parameter, values: list[str], today: date) -> Block:
    return {"type": "file_input", "filetypes": _FILE_TYPES, "max_files": 10 if parameter.many else 1}


def _initial(element: Block, key: str, value: str) -> Block:
    return {**element, key: value} if 0 < len(value) <= limits.INPUT_VALUE else element


def _state(view: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    block = view.get("state", {}).get("values", {}).get(block_id, {})
    return next(iter(block.values()), {})


def _state_values(element: Mapping[str, Any]) -> list[str]:
    """The values of one input, whatever kind of element it is."""
    option_given = element.get("selected_option")
    single = (
        element.get("value"),
        option_given.get("value") if option_given else None,
        element.get("selected_date"),
        element.get("selected_user"),
        element.get("selected_conversation"),
    )
    several = (
        *(one.get("value") for one in element.get("selected_options") or ()),
        *(element.get("selected_users") or ()),
        *(element.get("selected_conversations") or ()),
    )
    return [str(value) for value in (*single, *several) if value is not None]


def _sentence(name: str, problem: str) -> str:
    text = problem if problem.startswith('"') else f"{name.replace('-', ' ').capitalize()} {problem}"
    return text[:1].upper() + text[1:]


_ELEMENTS: dict[Kind, Callable[[Parameter, list[str], date], Block]] = {
    Kind.DATE: _date,
    Kind.INTEGER: _number,
    Kind.PERCENT: _number,
    Kind.YES_NO: _yes_no,
    Kind.URL: _url,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.CHANNEL: _channel,
    Kind.FILE: _file,
    **dict.fromkeys(_EXTERNAL, _external),
}
