"""The input element for each kind of parameter, filled in with raw values; what one cannot show is left empty."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.slack import blocks, limits
from bot.slack.blocks import Block
from commands.parameters import Kind, Parameter
from commands.rules.dates.written_dates import read_date
from commands.rules.text.phrases import plain

EXTERNAL = frozenset({Kind.CLIENT, Kind.AGREEMENT, Kind.ITEM, Kind.REGULATION, Kind.ZONE})


def input_element(parameter: Parameter, given: str | tuple[str, ...] | None, today: date) -> Block:
    """The element that `parameter` is asked with, without its action_id."""
    values = [given] if isinstance(given, str) else list(given or ())
    return _ELEMENTS.get(parameter.kind, _text)(parameter, values, today)


def option(text: str, value: str | None = None, description: str | None = None) -> Block:
    """A select's option; `value` is what typing would give, and defaults to `text`."""
    chosen: Block = {"text": blocks.plain(text, limits.OPTION_TEXT), "value": text if value is None else value}
    if description:
        chosen["description"] = blocks.plain(description, limits.OPTION_TEXT)
    return chosen


def filled(element: Mapping[str, Any]) -> list[str]:
    """The values in an input's state, whatever kind of element it is."""
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


def as_opened(element: Mapping[str, Any]) -> list[str]:
    """The values that an element shows before anybody touches it."""
    names = ("value", "date", "user", "conversation", "option", "options", "users", "conversations")
    state = {("value" if name == "value" else f"selected_{name}"): element.get(f"initial_{name}") for name in names}
    return filled({name: value for name, value in state.items() if value is not None})


def _text(parameter: Parameter, values: list[str], today: date) -> Block:
    is_long = parameter.many or parameter.kind in (Kind.LONG_TEXT, Kind.REST) or any("\n" in value for value in values)
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
    listed = [option(plain(member), member.value) for member in parameter.choices]
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
    accepted = {"filetypes": list(parameter.file_types)} if parameter.file_types else {}
    return {"type": "file_input", **accepted, "max_files": 10 if parameter.many else 1}


def _initial(element: Block, key: str, value: str) -> Block:
    return {**element, key: value} if 0 < len(value) <= limits.INPUT_VALUE else element


_ELEMENTS: dict[Kind, Callable[[Parameter, list[str], date], Block]] = {
    Kind.DATE: _date,
    Kind.INTEGER: _number,
    Kind.QUESTION: _number,
    Kind.REMINDER: _number,
    Kind.PERCENT: _number,
    Kind.YES_NO: _yes_no,
    Kind.URL: _url,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.CHANNEL: _channel,
    Kind.FILE: _file,
    **dict.fromkeys(EXTERNAL, _external),
}
