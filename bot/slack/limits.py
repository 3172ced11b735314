"""What Slack accepts in a message or a view. Slack's own answer to anything else is only `invalid_blocks`.

The demo and the tests check with it all that is sent to them. The limits are those of docs.slack.dev as of August 2026;
the SDK checks its model objects, never dicts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 4000
HEADER = 150
SECTION = 3000
FIELD = 2000
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
OVERFLOW_OPTIONS = 5
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
INPUT_LABEL = 2000
INPUT_VALUE = 3000
PLACEHOLDER = 150
IDENTIFIER = 255
TABLE_ROWS = 100
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000
RICH_TEXT = 4000  # Slack documents none; longer ones have been refused as msg_blocks_too_long
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """Everything in a message that Slack would refuse or cut; empty when it is fine."""
    problems = list(_too_long("text", payload.get("text", ""), MESSAGE_TEXT))
    if not payload.get("text"):
        problems.append("text is missing: notifications and screen readers read it")
    blocks = payload.get("blocks") or []
    problems += _check_blocks(blocks, MESSAGE_BLOCKS, _IN_MESSAGES)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        problems.append("more than one table")
    return problems


def check_home(view: Mapping[str, Any]) -> list[str]:
    """Everything in a home tab that Slack would refuse; empty when it is fine."""
    problems = [] if view.get("type") == "home" else [f"type is {view.get('type')!r}"]
    blocks = view.get("blocks") or []
    problems += [] if blocks else ["no blocks"]
    return problems + _check_blocks(blocks, VIEW_BLOCKS, _IN_MESSAGES)


def check_view(view: Mapping[str, Any]) -> list[str]:
    """Everything in a modal that Slack would refuse; empty when it is fine."""
    problems: list[str] = []
    if view.get("type") != "modal":
        problems.append(f"type is {view.get('type')!r}")
    for part in ("title", "submit", "close"):
        if part in view:
            problems += _check_plain(part, view[part], VIEW_TITLE)
    if "title" not in view:
        problems.append("title is missing")
    blocks = view.get("blocks") or []
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        problems.append("submit is missing in a view with inputs")
    problems += _too_long("private_metadata", view.get("private_metadata", ""), PRIVATE_METADATA)
    problems += _too_long("callback_id", view.get("callback_id", ""), IDENTIFIER)
    problems += _check_blocks(blocks, VIEW_BLOCKS, _IN_VIEWS)
    return problems


def check_options(options: Sequence[Block], where: str = "options") -> list[str]:
    """Everything in a list of select options that Slack would refuse."""
    problems = [f"{where}: {len(options)} options, {OPTIONS} at most"] if len(options) > OPTIONS else []
    for option in options:
        problems += _check_plain(f"{where} text", option.get("text", {}), OPTION_TEXT)
        problems += _too_long(f"{where} value", option.get("value", ""), OPTION_VALUE, least=1)
        if "description" in option:
            problems += _check_plain(f"{where} description", option["description"], OPTION_TEXT)
    return problems


def _check_blocks(blocks: Sequence[Block], most: int, known: Mapping[str, Callable[[Block], list[str]]]) -> list[str]:
    problems = [f"{len(blocks)} blocks, {most} at most"] if len(blocks) > most else []
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    problems += [f"block_id {name!r} is used twice" for name in _repeats(ids)]
    for place, block in enumerate(blocks):
        check = known.get(block.get("type", ""))
        found = ["is not a block that goes here"] if check is None else check(block)
        found += _too_long("block_id", block.get("block_id", ""), IDENTIFIER)
        problems += [f"block {place} ({block.get('type')}): {problem}" for problem in found]
    actions = [element["action_id"] for element in _elements(blocks) if "action_id" in element]
    problems += [f"action_id {name!r} is used twice" for name in _repeats(actions)]
    if sum(element.get("style") == "primary" for element in _elements(blocks)) > 1:
        problems.append("more than one primary button")
    return problems


def _elements(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.get("type") == "actions":
            yield from block.get("elements", ())
        elif "accessory" in block:
            yield block["accessory"]


def _header(block: Block) -> list[str]:
    return _check_plain("text", block.get("text", {}), HEADER)


def _section(block: Block) -> list[str]:
    problems: list[str] = []
    if "text" in block:
        problems += _check_text("text", block["text"], SECTION)
    fields = block.get("fields", ())
    if len(fields) > 10:
        problems.append(f"{len(fields)} fields, 10 at most")
    for field in fields:
        problems += _check_text("field", field, FIELD)
    if "accessory" in block:
        problems += _pressed(block["accessory"])
    return problems if problems or "text" in block or fields else ["has neither text nor fields"]


def _context(block: Block) -> list[str]:
    elements = block.get("elements", ())
    problems = [] if 1 <= len(elements) <= 10 else [f"{len(elements)} elements, 1 to 10 allowed"]
    for element in elements:
        problems += _check_text("element", element, SECTION)
    return problems


def _actions(block: Block) -> list[str]:
    elements = block.get("elements", ())
    problems = [] if 1 <= len(elements) <= 25 else [f"{len(elements)} elements, 1 to 25 allowed"]
    for element in elements:
        problems += _pressed(element)
    return problems


def _pressed(element: Block) -> list[str]:
    """A button, or a menu of what could be buttons."""
    if element.get("type") != "overflow":
        return _button(element) if element.get("type") == "button" else [f"{element.get('type')} is not a button"]
    options = element.get("options", ())
    problems = [] if 1 <= len(options) <= OVERFLOW_OPTIONS else [f"{len(options)} options, 1 to 5 allowed"]
    problems += _too_long("overflow action_id", element.get("action_id", ""), IDENTIFIER, least=1)
    return problems + check_options(options)


def _context_actions(block: Block) -> list[str]:
    elements = block.get("elements", ())
    problems = [] if 1 <= len(elements) <= 5 else [f"{len(elements)} elements, 1 to 5 allowed"]
    for element in elements:
        for name in ("positive_button", "negative_button"):
            problems += _button({"action_id": element.get("action_id", ""), **element.get(name, {})})
    return problems


def _button(button: Block) -> list[str]:
    problems = _check_plain("button", button.get("text", {}), BUTTON_TEXT)
    problems += _too_long("button value", button.get("value", ""), BUTTON_VALUE)
    problems += _too_long("button action_id", button.get("action_id", ""), IDENTIFIER, least=1)
    if button.get("style", "primary") not in ("primary", "danger"):
        problems.append(f"button style {button['style']!r}")
    if (confirm := button.get("confirm")) is not None:
        problems += _check_plain("confirm title", confirm.get("title", {}), CONFIRM_TITLE)
        problems += _check_text("confirm text", confirm.get("text", {}), CONFIRM_TEXT)
        problems += _check_plain("confirm", confirm.get("confirm", {}), CONFIRM_BUTTON)
        problems += _check_plain("deny", confirm.get("deny", {}), CONFIRM_BUTTON)
    return problems


def _rich_text(block: Block) -> list[str]:
    if not block.get("elements"):
        return ["is empty"]
    length = text_length(block)
    empty = [piece for piece in _pieces(block["elements"]) if piece.get("type") == "text" and not piece.get("text")]
    return [*_over("text", length, RICH_TEXT), *(["an empty text element"] if empty else [])]


def text_length(block: Block) -> int:
    """Characters of text in a rich_text block."""
    return sum(len(piece.get("text", "")) for piece in _pieces(block.get("elements", ())))


def cell_length(cell: Block) -> int:
    """Characters of text in a table's cell."""
    return text_length(cell) if cell.get("type") == "rich_text" else len(cell.get("text", ""))


def _pieces(elements: Sequence[Block]) -> Iterator[Block]:
    for element in elements:
        if "elements" in element:
            yield from _pieces(element["elements"])
        else:
            yield element


def _table(block: Block) -> list[str]:
    rows = block.get("rows", ())
    problems = _over("rows", len(rows), TABLE_ROWS) + _over("cells", max(map(len, rows), default=0), TABLE_COLUMNS)
    if not rows or len(set(map(len, rows))) != 1:
        problems.append("rows are missing or of different lengths")
    cells = [cell for row in rows for cell in row]
    problems += _over("characters", sum(map(cell_length, cells)), TABLE_CHARACTERS)
    return [
        *problems,
        *(["an empty cell"] if not all(cell.get("text") or cell.get("elements") for cell in cells) else []),
    ]


def _input(block: Block) -> list[str]:
    problems = _check_plain("label", block.get("label", {}), INPUT_LABEL)
    if "hint" in block:
        problems += _check_plain("hint", block["hint"], INPUT_LABEL)
    element = block.get("element", {})
    kind = element.get("type", "")
    if kind not in _INPUT_ELEMENTS:
        return [*problems, f"{kind!r} is not an input element"]
    if "placeholder" in element:
        problems += _check_plain("placeholder", element["placeholder"], PLACEHOLDER)
    problems += _too_long("initial_value", element.get("initial_value", "x"), INPUT_VALUE, least=1)
    if "options" in element:
        problems += check_options(element["options"])
        problems += ["no options"] if not element["options"] else []
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", ())
    problems += check_options(chosen, "initial option")
    if "options" in element:
        problems += ["an initial option is not among the options" for one in chosen if one not in element["options"]]
    return problems


def _check_plain(where: str, text: Block, most: int) -> list[str]:
    if text.get("type") != "plain_text":
        return [f"{where} must be plain_text"]
    return _too_long(where, text.get("text", ""), most, least=1)


def _check_text(where: str, text: Block, most: int) -> list[str]:
    if text.get("type") not in ("plain_text", "mrkdwn"):
        return [f"{where} must be plain_text or mrkdwn"]
    return _too_long(where, text.get("text", ""), most, least=1)


def _too_long(where: str, text: str, most: int, least: int = 0) -> list[str]:
    return [f"{where} is empty"] if len(text) < least else _over(where, len(text), most)


def _over(where: str, length: int, most: int) -> list[str]:
    return [f"{where}: {length}, {most} at most"] if length > most else []


def _repeats(names: Sequence[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def _divider(block: Block) -> list[str]:
    return []


_EVERYWHERE: dict[str, Callable[[Block], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "divider": _divider,
}
_IN_MESSAGES = {**_EVERYWHERE, "table": _table, "context_actions": _context_actions}
_IN_VIEWS = {**_EVERYWHERE, "input": _input}
_INPUT_ELEMENTS = frozenset(
    {
        "plain_text_input",
        "url_text_input",
        "number_input",
        "datepicker",
        "static_select",
        "multi_static_select",
        "external_select",
        "multi_external_select",
        "users_select",
        "multi_users_select",
        "conversations_select",
        "multi_conversations_select",
        "radio_buttons",
        "checkboxes",
        "file_input",
    }
)
